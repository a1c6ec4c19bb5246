"""Erasing oneself: hidden at once, taken back for two weeks, then everything is gone."""

import re
from dataclasses import replace
from typing import Any

import pytest

from actors import mails
from federation.database import Row, Transaction
from federation.options import MailOptions
from inbox.audit import newest, verify_chain
from inbox.erasure_loop import erasures_once
from inbox.erasures import LINK_MS, WAIT_MS
from inbox.exports import exports_once
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import PASSWORD, Site
from tests.web.mastodon.members import browser_of, token_of
from tests.web.mastodon.oauth_flow import sign_in
from web.app import build_app

PAGE, STAFF = "/settings/erasure", "/staff/erasures"


async def send(browser: Client, page: str, target: str = "", **fields: str) -> Reply:
    """Send the form of a page, as browsers do."""
    form = {"form_token": token_of(await browser.get(page)), **fields}
    return await browser.post(target or page, form=form)


async def asked(site: Site, name: str = "ada") -> tuple[Client, str]:
    """Ask to be erased; the browser, and the path of the link."""
    browser = await browser_of(site, name)
    reply = await send(browser, PAGE, sure="1", current=PASSWORD)
    assert reply.status == 303, reply.text
    return browser, link_in(await browser.get(reply.headers["location"]))


def link_in(reply: Reply) -> str:
    found = re.search(r"https?://[^/\s]+(/erasure/[\w-]{40,})", reply.text)
    assert found is not None, reply.text
    return found[1]


def wait(site: Site, ms: int = WAIT_MS + 1_000) -> None:
    site.node.clock.advance(ms / 1000)  # pyright: ignore[reportFunctionMemberAccess]


async def count(site: Site, sql: str, *args: Any) -> int:
    return await site.node.db.value(f"SELECT COUNT(*) FROM {sql}", *args)


async def world(site: Site) -> tuple[Client, Client, Row, Any]:
    """Ada, who said who she is and wrote; Bob, who follows her and reads."""
    ada = await site.person("ada", display_name="Ada Lovelace", email="ada@a.test")
    bob = await site.person("bob")
    await site.follow(bob, "ada")
    posted = (await ada.post("/api/v1/statuses", {"status": "Coucou", "visibility": "public"})).json
    await site.settle()
    return ada, bob, site.people["ada"], posted


async def test_she_is_gone_at_once_and_may_come_back(site: Site) -> None:
    ada, bob, row, posted = await world(site)
    browser, link = await asked(site)
    reader = await browser_of(site, "bob")
    for page in (
        "/home",
        "/@ada",
        "/directory",
        "/following",
        "/search?q=Ada",
        f"/@ada/{posted['id']}",
    ):
        text = (await reader.get(page)).text
        assert "Ada Lovelace" not in text, page
        assert "Coucou" not in text, page
    assert (await bob.get(f"/api/v1/statuses/{posted['id']}")).status == 404
    assert "Lovelace" not in (await bob.get(f"/api/v1/accounts/{row['id']}")).text
    # Everything she was signed in with has ended.
    assert (await ada.get("/api/v1/accounts/verify_credentials")).status in (401, 403)
    assert (await browser.get("/home")).status == 303
    again = site.client()
    await sign_in(again, name="ada")
    assert (await again.get("/home")).headers["location"].startswith("/sign-in")
    assert await erasures_once(site.node) == 0, "not before two weeks"
    assert "sera effacé le" in (await browser.get(link)).text
    assert (await send(browser, link, current="faux")).status == 403
    assert (await send(browser, link, current=PASSWORD)).status == 200
    assert (await sign_in(site.client(), name="ada")).status == 303
    assert (await bob.get(f"/api/v1/statuses/{posted['id']}")).status == 200
    assert "Ada Lovelace" in (await reader.get("/@ada")).text
    assert (await browser.get(link)).status == 404
    wait(site)
    assert await erasures_once(site.node) == 0
    assert await count(site, "status WHERE actor_id = ?", row["id"]) == 1


async def test_after_two_weeks_everything_is_gone(site: Site) -> None:
    ada, bob, row, posted = await world(site)
    node = site.node
    assert (await ada.post("/api/maillage/v1/export")).status == 200
    assert await exports_once(node) == 1
    copy: Any = node.storage
    file = copy.path(await node.db.value("SELECT file_name FROM export"))
    assert file.exists()
    browser, link = await asked(site)
    wait(site)
    assert await erasures_once(site.node) == 1
    assert await exports_once(node) == 0
    assert not file.exists(), "her copy goes with her"
    for sql in (
        "status WHERE actor_id = ?",
        "account WHERE actor_id = ?",
        "follow WHERE target_id = ?",
        "strike WHERE target_id = ?",
    ):
        assert await count(site, sql, row["id"]) == 0, sql
    assert await count(site, "activity WHERE body IS NOT NULL AND type <> 'Delete'"
                       " AND actor_uri = ?", row["uri"]) == 0  # fmt: skip
    assert await count(site, "tombstone WHERE actor_uri = ?", row["uri"]) == 2
    left = await node.db.row("SELECT * FROM actor WHERE id = ?", row["id"])
    assert left is not None
    assert (left["display_name"], left["search_words"].strip()) == ("", "")
    assert (await bob.get(f"/api/v1/statuses/{posted['id']}")).status == 404
    shown = await browser.get(link)
    assert "Aucun autre site" in shown.text
    assert "No other site" in (await browser.get(f"{link}?lang=en")).text
    assert "ada" not in shown.text.lower().partition("<main")[2].partition("</main")[0]
    assert (await send(browser, "/sign-in", link, current=PASSWORD)).status == 403, "too late"
    assert (await browser.get(f"{link}/sites.csv")).status == 200
    wait(site, LINK_MS)
    assert (await browser.get(link)).status == 404


async def test_a_moderator_who_lifts_something_does_not_bring_her_back(site: Site) -> None:
    ada, bob, row, posted = await world(site)
    await asked(site)
    max_ = await site.person("max", "admin:read admin:write", role="moderator")
    lifted = await max_.post(f"/api/v1/admin/accounts/{row['id']}/unsuspend")
    assert lifted.status == 200
    assert await erasures_once(site.node) == 0
    assert (await bob.get(f"/api/v1/statuses/{posted['id']}")).status == 404
    assert (await ada.get("/api/v1/accounts/verify_credentials")).status in (401, 403)


async def test_nobody_is_erased_without_her_password_and_her_yes(site: Site) -> None:
    await site.person("ada")
    await site.person("bob")
    browser = await browser_of(site, "ada")
    assert (await send(browser, PAGE, sure="1", current="faux")).status == 403
    unsure = await send(browser, PAGE, current=PASSWORD)
    assert unsure.status == 422
    assert 'aria-invalid="true"' in unsure.text
    foreign = await browser.post(PAGE, form={"form_token": "x", "sure": "1", "current": PASSWORD})
    assert foreign.status == 403
    token = await site.person("ada")
    assert (await token.post(PAGE, form={"sure": "1", "current": PASSWORD})).status == 303
    assert await count(site, "erasure") == 0
    # Whoever has the link has not the password, and no other link opens anything.
    _, link = await asked(site)
    other = await browser_of(site, "bob")
    assert (await send(other, link, current="une autre phrase de passe")).status == 403
    assert await count(site, "erasure WHERE progress = 'waiting'") == 1
    for wrong in ("/erasure/x", link[:-1] + ("a" if link[-1] != "a" else "b"), f"{link}x"):
        assert (await other.get(wrong)).status == 404
        assert (await send(other, PAGE, wrong, current=PASSWORD)).status == 404
    assert (await other.get(f"{link}/sites.csv")).status == 404, "before it is done there is none"


async def test_the_last_administrator_stays(site: Site) -> None:
    await site.person("lea", role="administrator")
    browser = await browser_of(site, "lea")
    refused = await send(browser, PAGE, sure="1", current=PASSWORD)
    assert refused.status == 403
    assert "seul administrateur" in refused.text
    assert (await browser.get("/home")).status == 200


async def test_staff_erases_and_takes_back_with_a_reason(site: Site) -> None:
    await world(site)
    await site.person("dina", role="protection")
    browser = await browser_of(site, "dina")
    reason = "Lettre reçue le 3 novembre."
    for fields in ({"name": "nobody", "reason": reason}, {"name": "ada", "reason": "x"}):
        wrong = await send(browser, STAFF, **fields)
        assert wrong.status == 422
        assert 'aria-invalid="true"' in wrong.text
    assert (await send(browser, STAFF, name="dina", reason=reason)).status == 403, "not oneself"
    reply = await send(browser, STAFF, name="ada", reason=reason)
    assert reply.status == 200, reply.text
    link = link_in(reply)
    assert "Ada Lovelace" not in (await browser.get("/@ada")).text
    number = await site.node.db.value("SELECT id FROM erasure")
    assert "@ada" in (await browser.get(STAFF)).text
    one = f"{STAFF}/{number}"
    assert (await send(browser, one, reason="x")).status == 422
    assert (await send(browser, one, reason="Elle a changé d’avis.")).status == 303
    assert (await sign_in(site.client(), name="ada")).status == 303
    assert (await send(browser, STAFF, name="ada", reason=reason)).status == 200
    wait(site)
    assert await erasures_once(site.node) == 1
    browser = await browser_of(site, "dina")
    listed = (await browser.get(STAFF)).text
    assert "@ada" not in listed, "no name once it is done"
    assert "Coucou" not in listed
    again = await site.node.db.value("SELECT MAX(id) FROM erasure")
    assert (await browser.get(f"{STAFF}/{again}")).status == 200
    assert (await browser.get(f"{STAFF}/{again}/sites.csv")).status == 200
    assert (await browser.get(f"{STAFF}/{again + 1}")).status == 404
    deeds = [row["action"] for row in await newest(site.node.db, 9)]
    assert deeds.count("erasure.ask") == 2
    assert deeds.count("erasure.take_back") == 1
    assert await verify_chain(site.node.db) is None
    assert link


async def test_she_is_written_to_where_she_gave_an_address(site: Site) -> None:
    options = replace(site.node.options, mail=MailOptions("smtp://127.0.0.1:1", "site@a.test"))
    node = replace(site.node, options=options)
    posted = Site(node, build_app(node))
    await posted.person("ada", email="ada@a.test")
    await posted.person("bob")
    _, link = await asked(posted)
    letters = await mails.due(node, node.db, 9)
    assert [(one.recipient, link in one.text) for one in letters] == [("ada@a.test", True)]
    await asked(posted, "bob")
    assert len(await mails.due(node, node.db, 9)) == 1, "who gave none has the link alone"
    for column in ("link_hash", "hidden"):
        kept = await node.db.rows(f"SELECT {column} AS it FROM erasure")
        assert all(link.rpartition("/")[2] not in str(row["it"]) for row in kept)


@pytest.mark.parametrize("role", ["member", "moderator", "technical", "communication"])
async def test_other_roles_see_no_erasures(site: Site, role: str) -> None:
    await site.person("max", role=role)
    await site.person("ada")
    browser = await browser_of(site, "max")
    for path in (STAFF, f"{STAFF}/1", f"{STAFF}/1/sites.csv"):
        assert (await browser.get(path)).status == 403, path
    fields = {"form_token": token_of(await browser.get(PAGE)), "name": "ada", "reason": "a" * 20}
    assert (await browser.post(STAFF, form=fields)).status == 403
    assert await count(site, "erasure") == 0


async def test_whoever_erases_or_copies_is_told_of_a_paused_partner(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    assert "Les Roses" not in (await browser.get(PAGE)).text
    await site.node.db.write(_paused)
    for page in (PAGE, "/settings/export"):
        text = (await browser.get(f"{page}?lang=fr")).text
        assert "L’échange avec Les Roses est en pause" in text, page
        english = (await browser.get(f"{page}?lang=en")).text
        assert "The exchange with Les Roses is paused" in english, page
    reply = await send(browser, PAGE, sure="1", current=PASSWORD)
    assert "Les Roses" in (await browser.get(reply.headers["location"])).text


async def _paused(tx: Transaction) -> None:
    await tx.execute(
        "INSERT INTO partnership (origin, kind, state, name, agreement_uri, revision, agreement,"
        " digest, fingerprint, ends_at, created_at, changed_at) VALUES ('https://roses.test',"
        " 'partner', 'paused', 'Les Roses', 'urn:a', 1, ?, '', '', 1, 1, 1)",
        b"{}",
    )


async def test_an_erasure_by_application_has_its_table_too(site: Site) -> None:
    await site.person("ada")
    lea = await site.person("lea", "admin:read admin:write", role="administrator")
    path = f"/api/v1/admin/accounts/{site.id_of('ada')}"
    assert (await lea.post(f"{path}/action", {"type": "suspend"})).status == 200
    assert (await lea.ask("DELETE", path)).status == 200
    assert await count(site, "erasure WHERE progress = 'done'") == 1
