"""A session that ends under a form loses nothing of it: what was typed waits, sealed, for its own
account to sign in again, and is sent by nobody but her.
"""

import html
from urllib.parse import quote

import pytest

from federation.database import Transaction
from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import PASSWORD, Site
from tests.web.mastodon.filled_forms import FORMS, Elements, filled_in, places, sent
from tests.web.mastodon.members import browser_of, post_form, token_of
from tests.web.mastodon.oauth_flow import action_of, fields_of, sign_in
from tests.web.mastodon.test_two_factor import now, turn_on
from web.pages import onward

PROFILE, TEXT = "/settings/profile", 'Aide-soignante, "de nuit" <b>&amp; ravie'
HOUR_S = 3_600


async def end_sessions(site: Site) -> None:
    """Every session ends, elsewhere."""

    async def work(tx: Transaction) -> None:
        await tx.execute("DELETE FROM session")

    await site.node.db.write(work)


async def sign_in_on(browser: Client, page: Reply, name: str) -> Reply:
    """Sign in on the page that is open, as whoever sits there."""
    form = fields_of(page) | {"login": name, "password": PASSWORD}
    return await browser.post(html.unescape(action_of(page)), form=form)


async def note_of(site: Site, name: str) -> str:
    return await site.node.db.value("SELECT summary_html FROM actor WHERE username = ?", name)


async def typed_too_late(site: Site, browser: Client, **fields: str) -> Reply:
    """Fill in the own profile, and send it after the session has ended."""
    before = await browser.get(PROFILE)
    await end_sessions(site)
    form = {"form_token": token_of(before), "do": "save", "display_name": "Ada", "note": TEXT}
    return await browser.post(PROFILE, form=form | fields)


def is_told(reply: Reply) -> bool:
    """Whether the page says that nothing was sent, and leads there."""
    led = [given for _, given in Elements(reply.text).found if "autofocus" in given]
    return [given.get("id") for given in led] == ["typed-before"]


def values_of(page: Reply) -> set[str]:
    """What stands in the fields of a page."""
    return {given.get("value", "").strip() for _, given in Elements(page.text).found}


def note_in(reply: Reply) -> str:
    return Elements(reply.text).named("note")[0]["value"].removeprefix("\n")


@pytest.mark.parametrize("name", [name for name, form in FORMS.items() if form.who])
async def test_every_form_of_members_and_staff_is_met_again_as_it_was(
    site: Site, name: str
) -> None:
    form, known = FORMS[name], await places(site)
    browser = await browser_of(site, form.who)
    path, to, typed = filled_in(form, known)
    before = await browser.get(path)
    await end_sessions(site)
    ended = await sent(browser, form, to, typed, before)
    if to == "/write":
        assert ended.status == 401
        assert 'name="kept"' not in ended.text
        assert Elements(ended.text).named("status")[0]["value"].strip() == typed["status"]
        return
    kept = [stays for stays in form.stays if stays not in onward.NEVER_KEPT]
    if not kept:
        # Only what is secret, or nothing, was typed.
        assert ended.status == 303, ended.text
        assert ended.headers["location"].startswith("/sign-in?next=%2F")
        return
    assert ended.status == 401, ended.text[:1_000]
    assert fields_of(ended)["kept"]
    assert not {typed[stays] for stays in kept if len(typed[stays]) > 8} & values_of(ended)
    again = await sign_in_on(browser, ended, form.who)
    assert again.status == 200, (again.status, again.headers)
    assert is_told(again)
    page = Elements(again.text)
    for stays in kept:
        assert typed[stays] in page.values(stays), (stays, page.values(stays))
    assert 'id="typed-before-text"' not in again.text
    assert "<b>&amp;" not in again.text.replace("&lt;b&gt;", "")


async def test_nothing_is_sent_before_she_sends_it_herself(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    was = await note_of(site, "ada")
    ended = await typed_too_late(site, browser, **{"fields[0][name]": "Métier"})
    assert ended.status == 401
    assert "pris fin" in ended.text
    # A wrong password loses nothing either.
    wrong = fields_of(ended) | {"login": "ada", "password": "non"}
    ended = await browser.post(html.unescape(action_of(ended)), form=wrong)
    assert ended.status == 401
    again = await sign_in_on(browser, ended, "ada")
    assert (again.status, note_in(again)) == (200, TEXT)
    assert Elements(again.text).named("fields[0][name]")[0]["value"] == "Métier"
    assert await note_of(site, "ada") == was
    # She is signed in for good, and one press is enough.
    form = {"form_token": token_of(again), "do": "save", "display_name": "Ada", "note": TEXT}
    assert (await browser.post(PROFILE, form=form)).status == 303
    assert "ravie" in await note_of(site, "ada")
    # What was kept is shown once: the page that is opened next says nothing of it.
    assert "typed-before" not in (await browser.get(PROFILE)).text


async def test_a_vote_waits_on_the_page_it_was_given_on(site: Site) -> None:
    await site.person("ada")
    poll = {"options": ["Mardi", "Jeudi"], "expires_in": 3_600}
    asked = await (await site.person("bob")).post(
        "/api/v1/statuses", {"status": "Quand ?", "visibility": "local", "poll": poll}
    )
    browser, status_id = await browser_of(site, "ada"), asked.json["id"]
    place = f"/@bob/{status_id}"
    token = token_of(await browser.get(place))
    await end_sessions(site)
    form = {"form_token": token, "back": place, "do": f"vote {status_id}", "choice": "1"}
    ended = await browser.post("/act", form=form)
    assert fields_of(ended)["next"] == place
    again = await sign_in_on(browser, ended, "ada")
    assert (again.status, Elements(again.text).values("choice")) == (200, ["1"])
    assert await site.node.db.value("SELECT COUNT(*) FROM poll_vote") == 0
    # A button alone has nothing to keep: its page is where one goes on to.
    token = token_of(again)
    await end_sessions(site)
    form = {"form_token": token, "back": place, "do": f"thank {status_id}"}
    ended = await browser.post("/act", form=form)
    assert (ended.status, "kept=" in ended.headers["location"]) == (303, False)
    assert ended.headers["location"] == f"/sign-in?next={quote(place, safe='')}"


async def test_no_other_account_meets_what_was_typed(site: Site) -> None:
    await site.person("ada")
    await site.person("bob")
    browser = await browser_of(site, "ada")
    ended = await typed_too_late(site, browser)
    other = await sign_in_on(browser, ended, "bob")
    assert (other.status, other.headers["location"]) == (303, PROFILE)
    page = await browser.get(PROFILE)
    assert "ravie" not in page.text
    assert "typed-before" not in page.text
    assert await note_of(site, "bob") == ""


async def test_a_form_of_one_account_does_nothing_for_another(site: Site) -> None:
    await site.person("ada")
    await site.person("bob")
    browser = await browser_of(site, "ada")
    form = {"form_token": token_of(await browser.get(PROFILE)), "do": "save", "note": TEXT}
    await end_sessions(site)
    # The same browser, with the same cookie for its forms.
    assert (await sign_in(browser, name="bob")).status == 303
    for headers in ({}, {"origin": site.node.origin}):
        refused = await browser.ask("POST", PROFILE, form=form, headers=headers)
        assert refused.status == 403
        assert "un autre compte" in refused.text
        assert "ravie" not in refused.text
    assert await note_of(site, "bob") == ""
    await end_sessions(site)
    assert (await sign_in(browser, name="ada")).status == 303
    assert (await browser.post(PROFILE, form=form)).status == 303
    assert "ravie" in await note_of(site, "ada")


async def test_a_forged_or_old_value_is_as_none(site: Site, clock: FakeClock) -> None:
    await site.person("ada")
    await site.person("bob")
    browser = await browser_of(site, "ada")
    ended = await typed_too_late(site, browser)
    form = fields_of(ended) | {"login": "ada", "password": PASSWORD}
    kept, action = form["kept"], html.unescape(action_of(ended))
    ids = [row["id"] for row in await site.node.db.rows("SELECT id FROM account ORDER BY id")]
    others = onward.seal(site.node, ids[1], onward.Typed(PROFILE, [("note", TEXT)]))
    middle = "B" if kept[200] == "A" else "A"
    for forged in (kept[:200] + middle + kept[201:], kept[:-8], "é" * 9, "A" * 120_000, others):
        reply = await browser.post(action, form=form | {"kept": forged})
        assert reply.status in (303, 413), forged[:20]
        assert "ravie" not in reply.text
    assert (await browser.post(action, form=form)).status == 200
    clock.advance(HOUR_S + 1)
    late = await browser.post(action, form=form)
    assert (late.status, late.headers["location"]) == (303, PROFILE)


async def test_secrets_and_files_do_not_stay_in_what_is_kept(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    ended = await typed_too_late(site, browser, current="geheim", code="123456", password="geheim")
    ids = await site.node.db.value("SELECT id FROM account")
    typed = onward.unseal(site.node, ids, fields_of(ended)["kept"])
    assert typed is not None
    assert {name for name, _ in typed.fields} == {"do", "display_name", "note"}
    browser = await browser_of(site, "ada")
    before = await browser.get(PROFILE)
    await end_sessions(site)
    fields = {"form_token": token_of(before), "note": TEXT}
    ended = await post_form(browser, fields, ("bild.png", b"x" * 2_000_000), to=PROFILE)
    typed = onward.unseal(site.node, ids, fields_of(ended)["kept"])
    assert typed is not None
    assert typed.fields == [("note", TEXT)]


async def test_what_is_too_long_is_said_and_another_site_puts_nothing_in_a_form(
    site: Site,
) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    ended = await typed_too_late(site, browser, note="é" * 31_000)
    assert ended.status == 401
    assert "kept" not in fields_of(ended)
    assert "trop long" in ended.text
    browser = await browser_of(site, "ada")
    token = token_of(await browser.get(PROFILE))
    await end_sessions(site)
    form = {"form_token": token, "note": TEXT}
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        foreign = await browser.ask("POST", PROFILE, form=form, headers=headers)
        assert foreign.status == 303, foreign.text
    # A token of another browser counts only where this one says that the page was ours.
    forged = form | {"form_token": token.partition(".")[0] + "." + "0" * 64}
    assert (await browser.post(PROFILE, form=forged)).status == 303
    own = await browser.ask("POST", PROFILE, form=forged, headers={"origin": site.node.origin})
    assert own.status == 401


async def test_a_page_from_before_signing_in_again_is_shown_again(site: Site) -> None:
    await site.person("ada")
    first = await browser_of(site, "ada")
    old = token_of(await first.get(PROFILE))
    second = await browser_of(site, "ada")
    await second.get(PROFILE)
    form, was = {"form_token": old, "do": "save", "note": TEXT}, await note_of(site, "ada")
    headers = {"origin": site.node.origin}
    again = await second.ask("POST", PROFILE, form=form, headers=headers)
    assert (again.status, note_in(again)) == (403, TEXT)
    assert is_told(again)
    assert await note_of(site, "ada") == was
    # Unless the browser says that the page was ours, it is refused as before.
    refused = await second.post(PROFILE, form=form)
    assert refused.status == 403
    assert "ravie" not in refused.text
    # What one writes stays in its own form, and is not published.
    written = {"form_token": old, "do": "publish", "status": "Bonsoir à tous", "audience": "local"}
    letter = await second.ask("POST", "/write", form=written, headers=headers)
    assert (letter.status, "Bonsoir à tous" in letter.text) == (403, True)
    assert await site.node.db.value("SELECT COUNT(*) FROM status") == 0


async def test_the_second_step_carries_it_on(site: Site, clock: FakeClock) -> None:
    key, _ = await turn_on(site, clock)
    browser = site.client(language="fr")
    asked = await sign_in(browser)
    step = await browser.get(asked.headers["location"])
    clock.advance(31)
    code = {"code": now(key, clock)}
    await browser.post(action_of(step), form=fields_of(step) | code)
    ended = await typed_too_late(site, browser)
    step = await sign_in_on(browser, ended, "ada")
    assert (step.status, "kept" in fields_of(step)) == (200, True)
    # A wrong code, and a step that took too long, keep it too.
    wrong = await browser.post(action_of(step), form=fields_of(step) | {"code": "000000"})
    assert (wrong.status, "kept" in fields_of(wrong)) == (401, True)
    clock.advance(301)
    over = await browser.post(action_of(wrong), form=fields_of(wrong) | code)
    step = await sign_in_on(browser, over, "ada")
    code = {"code": now(key, clock)}
    again = await browser.post(action_of(step), form=fields_of(step) | code)
    assert (again.status, note_in(again), is_told(again)) == (200, TEXT, True)
