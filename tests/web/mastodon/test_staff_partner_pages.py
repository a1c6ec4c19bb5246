"""Agreements on the pages of staff: for who may manage partners, and nothing by another's form."""

import re
from typing import Any

import pytest

from federation.partnerships import partner
from federation.scopes import Scope
from tests.nodes.partners import becomes, invited, paired, state_of
from tests.serving import Running, Start, eventually
from tests.web.conftest import new_person
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.members import browser_of, token_of
from tests.web.mastodon.oauth_flow import sign_in
from web.app import build_app

PATH = "/staff/partners"
LINE = re.compile(r'name="line\[\]" value="([0-9 ]+)"')


async def chief_of(running: Running, language: str = "fr") -> Client:
    """The browser of who manages the partners of a running node."""
    if await running.node.db.value("SELECT 1 FROM actor WHERE username = 'chef'") is None:
        await new_person(running, "chef", role="administrator")
    browser = Client(build_app(running.node), running.origin, language=language)
    assert (
        await sign_in(browser, name="chef", password="une phrase de passe longue")
    ).status == 303
    return browser


def host_of(running: Running) -> str:
    return running.origin.partition("://")[2]


async def send(browser: Client, path: str, page: str = "", **fields: Any) -> Reply:
    form = {"form_token": token_of(await browser.get(page or PATH + "/invite")), **fields}
    return await browser.post(path, form=form)


def ticks(lines: list[str]) -> dict[str, Any]:
    """The lines of the safety number as a form sends those that were ticked."""
    return {"line[]": lines}


async def test_only_who_manages_partners_opens_them(site: Site) -> None:
    for role in ("member", "animator", "moderator", "communication", "protection", "technical"):
        await site.person(f"une_{role}", role=role)
        browser = await browser_of(site, f"une_{role}")
        token = token_of(await browser.get("/"))
        for path in (PATH, f"{PATH}/invite", f"{PATH}/accept", f"{PATH}/autre.example"):
            assert (await browser.get(path)).status == 403, (role, path)
        for path in ("invite", "accept", "autre.example/end", "autre.example/confirm"):
            form = {"form_token": token, "host": "autre.example", "typed": "autre.example"}
            assert (await browser.post(f"{PATH}/{path}", form=form)).status == 403, (role, path)
    nobody = site.client(language="fr")
    assert (await nobody.get(PATH)).status == 303
    assert await site.node.db.value("SELECT count(*) FROM invitation_to_pair") == 0
    await site.person("chef", role="administrator")
    chief = await browser_of(site, "chef")
    assert "Aucun partenaire pour l’instant" in (await chief.get(PATH)).text
    english = await browser_of(site, "chef", "en")
    assert "No partner yet" in (await english.get(PATH)).text


async def test_a_code_is_shown_once_with_its_drawing(site: Site) -> None:
    await site.person("chef", role="administrator")
    chief = await browser_of(site, "chef")
    made = await send(chief, f"{PATH}/invite", host="127.0.0.1:9999", **{"grants[follow]": "none"})
    assert made.status == 200
    code = re.search(r"readonly[^>]*>([A-Z2-7-]{60,})<", made.text)
    assert code is not None
    assert 'class="qr"' in made.text
    assert code[1] not in (await chief.get(f"{PATH}/invite")).text
    kept = await site.node.db.value("SELECT scope FROM invitation_to_pair")
    assert '"follow":"none"' in kept
    # Another site's form, or none of ours, makes nothing.
    form = {"form_token": token_of(await chief.get(f"{PATH}/invite")), "host": "127.0.0.1:9998"}
    foreign = {"origin": "https://evil.example"}
    assert (await chief.post(f"{PATH}/invite", form=form, headers=foreign)).status == 403
    wrong = form | {"form_token": "x" * 64}
    assert (await chief.post(f"{PATH}/invite", form=wrong)).status == 403
    assert await site.node.db.value("SELECT count(*) FROM invitation_to_pair") == 1


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("invite", {}, "host"),
    ("invite", {"host": "pas un hôte"}, "host"),
    ("invite", {"host": "127.0.0.1:8471"}, "host"),
    ("invite", {"host": "127.0.0.1:9", "grants[follow]": "always"}, "grants-follow"),
    ("invite", {"host": "127.0.0.1:9", "grants[backfillDays]": "-4"}, "grants-backfillDays"),
    ("accept", {}, "code"),
    ("accept", {"code": "AAAA-BBBB", "do": "look"}, "code"),
    ("accept", {"code": "<b>x</b>", "do": "offer"}, "code"),
]


@pytest.mark.parametrize(("act", "fields", "marked"), WRONG)
async def test_what_is_wrong_is_marked_and_what_was_typed_stays(
    site: Site, act: str, fields: dict[str, str], marked: str
) -> None:
    await site.person("chef", role="administrator")
    chief = await browser_of(site, "chef")
    shown = await send(chief, f"{PATH}/{act}", **fields)
    assert shown.status == 422
    assert "<title>Erreur" in shown.text
    assert f'id="{marked}-err"' in shown.text
    assert re.search(rf'id="{marked}"[^>]*aria-invalid="true"', shown.text)
    assert 'id="problem" tabindex="-1" autofocus' in shown.text
    typed = fields.get("host") or fields.get("code") or ""
    assert typed.replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;") in shown.text
    assert await site.node.db.value("SELECT count(*) FROM invitation_to_pair") == 0
    assert await site.node.db.value("SELECT count(*) FROM partnership") == 0


async def test_what_is_no_partner_is_not_there(site: Site) -> None:
    await site.person("chef", role="administrator")
    chief = await browser_of(site, "chef")
    for path in ("127.0.0.1:9", "pas un hôte", "127.0.0.1:8471", "127.0.0.1:9/end"):
        assert (await chief.get(f"{PATH}/{path}")).status == 404, path
    for act in ("confirm", "end", "probe", "nothing"):
        assert (await send(chief, f"{PATH}/127.0.0.1:9/{act}")).status == 404, act


async def test_each_line_of_the_safety_number_is_ticked_on_both_sides(start_node: Start) -> None:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les <b>Roses")
    code = await invited(one, other.origin, Scope(backfill_days=10))
    there, here = await chief_of(other), await chief_of(one)
    looked = await send(there, f"{PATH}/accept", code=code, do="look")
    assert "Est-ce bien Les Tilleuls" in looked.text
    lines = LINE.findall(looked.text)
    assert len(lines) == 6
    assert await state_of(other, one) is None
    asked: dict[str, Any] = {
        "code": code,
        "do": "offer",
        "days": "30",
        "grants[audiences]": "false",
    }
    for ticked in ([], lines[:5], [*lines[:5], "00000 00000"]):
        refused = await send(there, f"{PATH}/accept", **asked, **ticks(ticked))
        assert refused.status == 422
        assert 'id="safety-err"' in refused.text
        assert refused.text.count("checked") == len(set(ticked) & set(lines))
        assert await state_of(other, one) is None
    done = await send(there, f"{PATH}/accept", **asked, **ticks(lines))
    assert done.headers["location"] == f"{PATH}/{host_of(one)}?done=offered"
    path = f"{PATH}/{host_of(other)}"
    shown = await here.get(path)
    assert "Roses" in shown.text
    assert "<b>Roses" not in shown.text
    assert LINE.findall(shown.text) == lines
    assert "C’est plus que ce que votre invitation accordait" in shown.text
    assert "Attend votre confirmation" in (await here.get(PATH)).text
    wrong = await send(here, f"{path}/confirm", path, **ticks(lines[1:]))
    assert wrong.status == 422
    assert await state_of(one, other) == "asked"
    # More was asked than the invitation grants: the lesser goes back, and is confirmed there.
    countered = await send(here, f"{path}/confirm", path, **ticks(lines))
    assert countered.headers["location"] == f"{path}?done=countered"
    await becomes(other, one, "asked")
    back = f"{PATH}/{host_of(one)}"
    assert "Ceux des 10 derniers jours" in (await there.get(back)).text
    await send(there, f"{back}/confirm", back, **ticks(lines))
    await becomes(one, other, "active")
    known = await partner(one.node.db, other.origin)
    assert known is not None
    assert (known.ours.backfill_days, known.theirs.audiences) == (10, False)


async def test_an_offer_is_refused_or_withdrawn(start_node: Start) -> None:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    there, here = await chief_of(other), await chief_of(one)
    for dropping, at, of in ((here, other, one), (there, one, other)):
        code = await invited(one, other.origin)
        looked = await send(there, f"{PATH}/accept", code=code, do="look")
        fields = {"code": code, "do": "offer", **ticks(LINE.findall(looked.text))}
        await send(there, f"{PATH}/accept", **fields)
        path = f"{PATH}/{host_of(at)}"
        gone = await send(dropping, f"{path}/drop", path)
        assert gone.headers["location"] == f"{PATH}?done=dropped"
        await becomes(of, at, None)
        await becomes(at, of, None)


async def test_an_agreement_is_checked_narrowed_and_renewed(start_node: Start) -> None:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other)
    here, path = await chief_of(one), f"{PATH}/{host_of(other)}"
    assert "Ce lien n’a pas encore été vérifié" in (await here.get(path)).text
    await send(here, f"{path}/probe", path)
    assert (await here.get(path)).text.count(">Bon<") == 6
    nothing = await send(here, f"{path}/retry", path)
    assert nothing.status == 403
    assert "il n’y a rien à réessayer" in nothing.text
    same = await send(here, f"{path}/narrow", path)
    assert same.status == 422
    assert 'id="scope-err"' in same.text
    wider = await send(here, f"{path}/narrow", path, **{"grants[follow]": "free"})
    assert wider.status == 422
    done = await send(here, f"{path}/narrow", path, **{"grants[backfillDays]": "5"})
    assert done.headers["location"] == f"{path}?done=narrowed"
    assert "Ceux des 5 derniers jours" in (await here.get(path)).text
    wrong = await send(here, f"{path}/renew", path, days="0")
    assert wrong.status == 422
    assert 'id="days-err"' in wrong.text
    renewed = await send(here, f"{path}/renew", path, days="700", **{"grants[follow]": "free"})
    assert renewed.headers["location"] == f"{path}?done=renewing"
    there, back = await chief_of(other), f"{PATH}/{host_of(one)}"

    async def came() -> bool:
        return "propose un changement" in (await there.get(back)).text

    await eventually(came)
    lines = LINE.findall((await there.get(back)).text)
    await send(there, f"{back}/confirm", back, **ticks(lines))

    async def holds() -> bool:
        known = await partner(one.node.db, other.origin)
        return known is not None and known.ours.follow == "free"

    await eventually(holds)


async def test_a_pause_and_the_end_of_an_agreement(start_node: Start) -> None:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other)
    here, host = await chief_of(one), host_of(other)
    path = f"{PATH}/{host}"
    await send(here, f"{path}/pause", path)
    assert "Le lien est suspendu" in (await here.get(path)).text
    await send(here, f"{path}/resume", path)
    assert await state_of(one, other) == "active"
    preview = await here.get(f"{path}/end")
    assert "Ce qui sera coupé" in preview.text
    refused = await send(here, f"{path}/end", path, typed="autre.example")
    assert refused.status == 422
    assert 'value="autre.example"' in refused.text
    assert await state_of(one, other) == "active"
    assert (await here.get(f"{path}/proof")).status == 404
    await send(here, f"{path}/end", path, typed=f" {host} ")
    assert await state_of(one, other) == "ended"
    await becomes(other, one, "ended")
    proof = await here.get(f"{path}/proof")
    assert "Attestation de fin d’accord avec Les Roses" in proof.text
    assert "décidée par ce site" in proof.text
    assert "les sauvegardes du partenaire" in proof.text
    acts = await one.node.db.rows("SELECT staff_uri FROM audit WHERE action = 'partner.end'")
    assert [row["staff_uri"].rpartition("/")[2] != "maillage" for row in acts] == [True]


async def test_a_link_that_waits_says_why_and_is_tried_again(start_node: Start) -> None:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other)
    here, path = await chief_of(one), f"{PATH}/{host_of(other)}"
    now = one.node.clock()
    activity_id = await one.node.db.value("SELECT max(id) FROM activity")
    await one.node.db.write(
        lambda tx: tx.execute(
            "INSERT INTO delivery (id, activity_id, inbox_url, origin, sender_uri, activity_type,"
            " audience_kind, progress, next_attempt_at, last_status, last_error, created_at)"
            " VALUES (?, ?, ?, ?, ?, 'Create', 'public', 'pending', ?, 503, 'answer.503', ?)",
            one.node.ids.next(),
            activity_id,
            f"{other.origin}/inbox",
            other.origin,
            one.node.uris.instance_actor,
            now + 9_000_000,
            now,
        )
    )
    await one.node.db.write(
        lambda tx: tx.execute(
            "UPDATE peer SET failing_since = ?, next_attempt_at = ? WHERE origin = ?",
            now,
            now + 9_000_000,
            other.origin,
        )
    )
    shown = (await here.get(path)).text
    assert "Sans réponse depuis" in shown
    assert "Le site annonce une pause ou une maintenance." in shown
    assert "1 envoi, depuis" in shown
    assert "Sans réponse depuis" in (await here.get(PATH)).text
    done = await send(here, f"{path}/retry", path)
    assert done.headers["location"] == f"{path}?done=retried"
    kept = await one.node.db.row("SELECT * FROM peer WHERE origin = ?", other.origin)
    assert kept is not None
    assert kept["failing_since"] is None
