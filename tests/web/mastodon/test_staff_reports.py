"""Reports, what two persons open together, and the record, on the pages of staff."""

import pytest

from federation.database import Transaction
from inbox.audit import newest, verify_chain
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.members import browser_of, token_of
from tests.web.mastodon.test_pages_reading import said

PATH, LOG = "/staff/reports", "/staff/log"
HOUR_MS = 3_600_000
WHY = "Un résident pourrait être en danger cette nuit."


async def small_world(site: Site) -> tuple[str, Client, Client]:
    """Bob wrote to everybody and to Ada alone; Ada reports both. Mona and Paul are of staff."""
    bob, ada = await site.person("bob", display_name="Bob B."), await site.person("ada")
    open_one = await said(bob, "un mot de trop", "public")
    closed = await said(bob, "@ada un secret partagé", "direct")
    await said(ada, "@bob ma réponse privée", "direct", in_reply_to_id=closed)
    reply = await ada.post(
        "/api/v1/reports",
        {
            "account_id": site.id_of("bob"),
            "status_ids": [open_one, closed],
            "comment": "Cela me <b>blesse</b>",
            "category": "violation",
            "rule_ids": ["1"],
        },
    )
    assert reply.status == 200, reply.text
    await site.person("mona", role="moderator", display_name="Mona M.")
    await site.person("paul", role="protection", display_name="Paul P.")
    path = f"{PATH}/{reply.json['id']}"
    return path, await browser_of(site, "mona"), await browser_of(site, "paul")


async def send(browser: Client, path: str, target: str = "", **fields: str) -> Reply:
    form = {"form_token": token_of(await browser.get(path)), **fields}
    return await browser.post(target or path, form=form)


async def acts(site: Site) -> list[str]:
    return [row["action"] for row in await newest(site.node.db, 30)]


async def test_a_report_shows_what_was_reported_and_nothing_around(site: Site) -> None:
    path, mona, paul = await small_world(site)
    queue = await mona.get(PATH)
    assert path in queue.text
    assert "Attend quelqu’un" in queue.text
    assert "Waits for somebody" in (await paul.get(f"{PATH}?lang=en")).text
    page = await mona.get(path)
    assert "un mot de trop" in page.text
    assert "Cela me &lt;b&gt;blesse&lt;/b&gt;" in page.text
    # What was for named people is read by whoever took the report on, which is recorded.
    assert "un secret partagé" not in page.text
    assert "Un message n’était pas pour tout le monde." in page.text
    assert (await send(mona, path, do="assign")).headers["location"] == f"{path}?done=assign"
    page = await mona.get(path)
    assert "un secret partagé" in page.text
    assert "ma réponse privée" not in page.text
    assert "un secret partagé" not in (await paul.get(path)).text
    await send(mona, path, do="unassign")
    assert "un secret partagé" not in (await mona.get(path)).text
    assert (await acts(site))[:2] == ["report.unassign", "report.assign"]


async def test_notes_are_kept_among_those_who_work_on_reports(site: Site) -> None:
    path, mona, paul = await small_world(site)
    assert (await send(paul, path, do="note", note="Vu avec l’équipe.")).status == 303
    page = await mona.get(path)
    assert "Vu avec l’équipe." in page.text
    assert "Paul P." in page.text
    for wrong in ("  ", "x" * 3_000):
        refused = await send(paul, path, do="note", note=wrong)
        assert refused.status == 422
        assert 'id="note-err"' in refused.text
    assert await site.node.db.value("SELECT COUNT(*) FROM report_note") == 1
    # The record says that there is a note, never what it says.
    assert "équipe" not in (await newest(site.node.db, 1))[0]["reason"]


async def test_a_measure_is_put_in_force_and_told(site: Site) -> None:
    path, mona, _ = await small_world(site)
    wrong = await send(mona, path, do="decide", text="Un texte déjà écrit")
    assert wrong.status == 422
    assert "Choisissez ce qui doit être fait." in wrong.text
    assert "Un texte déjà écrit" in wrong.text
    done = await send(mona, path, do="decide", measure="silence", text="Doucement")
    assert done.headers["location"] == f"{path}?done=decide"
    assert await site.node.db.value("SELECT COUNT(*) FROM actor WHERE silenced_at > 0") == 1
    bob = site.client(await site.token("bob", "read"))
    told = (await bob.get("/api/v1/notifications", types="moderation_warning")).json
    assert told[0]["moderation_warning"]["text"] == "Doucement"
    assert "Traité le" in (await mona.get(path)).text
    assert path in (await mona.get(f"{PATH}?state=resolved")).text
    assert path not in (await mona.get(PATH)).text
    assert "Ses messages sont limités" in (await mona.get(path)).text
    assert (await send(mona, path, do="lift", measure="suspend")).status == 422
    assert (await send(mona, path, do="lift", measure="silence")).status == 303
    assert await site.node.db.value("SELECT COUNT(*) FROM actor WHERE silenced_at > 0") == 0
    assert (await send(mona, path, do="reopen")).status == 303
    assert (await send(mona, path, do="resolve")).status == 303
    # Somebody of another site has no login here to be closed, and no forwarding to herself.
    assert (await send(mona, path, do="forward")).status == 403


async def test_who_only_reads_reports_decides_nothing(site: Site) -> None:
    path, _, paul = await small_world(site)
    page = await paul.get(path)
    assert 'value="decide"' not in page.text
    for deed in ("assign", "resolve", "reopen", "decide", "lift", "forward", "unassign"):
        refused = await send(paul, path, do=deed, measure="suspend")
        assert refused.status == 403, deed
    assert (await send(paul, path, do="explode")).status == 422
    assert await acts(site) == []
    assert await site.node.db.value("SELECT COUNT(*) FROM actor WHERE suspended_at > 0") == 0


@pytest.mark.parametrize("role", ["technical", "communication", "member"])
async def test_other_roles_find_no_report_and_no_record(site: Site, role: str) -> None:
    path, mona, _ = await small_world(site)
    await site.person("eve", role=role)
    browser = await browser_of(site, "eve")
    token = token_of(await browser.get("/"))
    for hidden in (PATH, path, f"{path}/conversation", LOG):
        assert (await browser.get(hidden)).status == 403, hidden
    for acted in (path, f"{path}/disclosure"):
        form = {"form_token": token, "do": "ask", "reason": WHY}
        assert (await browser.post(acted, form=form)).status == 403, acted
    for missing in (f"{PATH}/1", f"{PATH}/x"):
        assert (await mona.get(missing)).status == 404, missing
    form = {"form_token": token_of(await mona.get(path)), "do": "resolve"}
    foreign = await mona.post(path, form=form, headers={"origin": "https://evil.example"})
    assert foreign.status == 403
    assert await acts(site) == []


async def test_two_persons_open_a_conversation_and_its_people_are_told(site: Site) -> None:
    path, mona, paul = await small_world(site)
    to, whole = f"{path}/disclosure", f"{path}/conversation"
    short = await send(mona, path, to, do="ask", reason="parce que")
    assert short.status == 422
    assert 'id="reason-err"' in short.text
    assert (await send(mona, path, to, do="confirm")).status == 403
    assert (await send(mona, path, to, do="ask", reason=WHY)).status == 303
    # She cannot be her own second person, and nothing is open before there is one.
    assert (await send(mona, path, to, do="confirm")).status == 403
    assert (await send(mona, path, to, do="ask", reason=WHY)).status == 403
    for browser in (mona, paul):
        assert (await browser.get(whole)).status == 404
    assert "Une demande de lecture attend" in (await paul.get("/staff")).text
    assert "demande de lecture" not in (await mona.get("/staff")).text
    assert WHY in (await paul.get(path)).text
    assert (await send(paul, path, to, do="confirm")).status == 303
    for browser in (mona, paul):
        page = await browser.get(whole)
        assert page.status == 200
        assert "ma réponse privée" in page.text
        assert "un secret partagé" in page.text
    await site.person("lea", role="administrator")
    lea = await browser_of(site, "lea")
    assert (await lea.get(whole)).status == 404
    for name in ("ada", "bob"):
        hers = site.client(await site.token(name, "read"))
        told = (await hers.get("/api/v1/notifications", types="moderation_warning")).json
        assert WHY in told[0]["moderation_warning"]["text"], name
        assert WHY in (await (await browser_of(site, name)).get("/notifications")).text
    expected = ["disclosure.read", "disclosure.read", "disclosure.confirm", "disclosure.ask"]
    assert (await acts(site)) == expected
    assert await verify_chain(site.node.db) is None
    await later(site, 25)
    for browser in (mona, paul):
        assert (await browser.get(whole)).status == 404


async def later(site: Site, hours: int) -> None:
    """As if it had been that long ago."""

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE disclosure SET open_until = open_until - ?, asked_until = asked_until - ?",
            hours * HOUR_MS,
            hours * HOUR_MS,
        )

    await site.node.db.write(work)


async def test_a_request_is_refused_or_grows_old(site: Site) -> None:
    path, mona, paul = await small_world(site)
    to = f"{path}/disclosure"
    await send(mona, path, to, do="ask", reason=WHY)
    assert (await send(paul, path, to, do="refuse")).status == 303
    assert (await send(paul, path, to, do="confirm")).status == 403
    await send(mona, path, to, do="ask", reason=WHY)
    assert (await send(mona, path, to, do="refuse")).status == 303
    await send(mona, path, to, do="ask", reason=WHY)
    await later(site, 73)
    assert (await send(paul, path, to, do="confirm")).status == 403
    assert (await paul.get(f"{path}/conversation")).status == 404
    assert await site.node.db.value("SELECT COUNT(*) FROM strike") == 0


async def test_for_a_legal_reason_nobody_is_told_and_the_record_keeps_it(site: Site) -> None:
    path, mona, paul = await small_world(site)
    to = f"{path}/disclosure"
    await send(mona, path, to, do="ask", reason=WHY, hold="Enquête en cours")
    assert "Enquête en cours" in (await paul.get(path)).text
    assert (await send(paul, path, to, do="confirm")).status == 303
    assert await site.node.db.value("SELECT COUNT(*) FROM strike") == 0
    log = (await paul.get(LOG)).text
    assert "Enquête en cours" in log
    assert "a donné une raison de ne prévenir personne" in log


async def test_who_takes_part_opens_nothing(site: Site) -> None:
    path, mona, _ = await small_world(site)
    to = f"{path}/disclosure"
    await site.node.db.write(
        lambda tx: tx.execute(
            "UPDATE account SET role = 'protection' WHERE actor_id = ?", int(site.id_of("ada"))
        )
    )
    ada = await browser_of(site, "ada")
    assert (await send(ada, path, to, do="ask", reason=WHY)).status == 403
    await send(mona, path, to, do="ask", reason=WHY)
    assert (await send(ada, path, to, do="confirm")).status == 403
    assert (await ada.get(f"{path}/conversation")).status == 404


async def test_the_record_says_whether_it_is_whole(site: Site) -> None:
    path, mona, paul = await small_world(site)
    assert "Le registre est vide." in (await paul.get(LOG)).text
    await send(mona, path, do="assign")
    for number in range(55):
        await send(mona, path, do="note", note=f"note {number}")
    page = await paul.get(LOG)
    assert "Le registre est entier\u00a0: 56 lignes" in page.text
    assert "Mona M.</b> – a noté quelque chose sur un signalement" in page.text
    assert "ligne 56" in page.text
    assert "ligne 6," not in page.text
    assert "ligne 6," in (await paul.get(f"{LOG}?before=7")).text
    assert "The record is whole: 56 lines" in (await paul.get(f"{LOG}?lang=en")).text
    await site.node.db.write(
        lambda tx: tx.execute("UPDATE audit SET target = 'x' WHERE number = 3")
    )
    assert "modifié à la ligne 3" in (await paul.get(f"{LOG}?lang=fr")).text
    assert (await paul.get(f"{LOG}?before=x")).status == 422
