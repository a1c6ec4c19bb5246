"""Two real sites: what staff of one passes on reaches the other, and both see what passed."""

from actors.remote import find_by_handle
from federation.database import Transaction
from inbox.moderation import Complaint, file_report
from outbox import relations
from outbox import statuses as outbox
from outbox.drafts import Draft
from tests.serving import Start, eventually
from tests.web.conftest import new_person
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.members import token_of
from tests.web.mastodon.oauth_flow import sign_in
from web.app import build_app

PASSWORD = "une phrase de passe longue"


async def test_a_report_is_passed_on_without_its_reporter(start_node: Start) -> None:
    here, there = await start_node(name="Les Glycines"), await start_node(name="La Mairie")
    await here.allow(there)
    await there.allow(here)
    ada, bob = await new_person(here, "ada"), await new_person(there, "bob")
    mona, tom = await new_person(here, "mona"), await new_person(here, "tom")
    known = await find_by_handle(here.node, f"bob@{there.node.host}")
    assert known is not None
    await relations.follow(here.node, ada, known)

    async def followed() -> bool:
        state = await there.node.db.value("SELECT state FROM follow WHERE state = 'accepted'")
        return state is not None

    await eventually(followed)
    account_id = await there.node.db.value("SELECT id FROM account")
    await outbox.create(
        there.node, bob, account_id, Draft(text="un mot de trop", visibility="public")
    )

    async def arrived() -> int | None:
        return await here.node.db.value("SELECT id FROM status WHERE actor_id = ?", known["id"])

    status_id = await eventually(arrived)

    async def prepare(tx: Transaction) -> int:
        for actor, role in ((mona, "moderator"), (tom, "technical")):
            await tx.execute("UPDATE account SET role = ? WHERE actor_id = ?", role, actor["id"])
        complaint = Complaint(ada["id"], known["id"], [status_id], "Cela me blesse")
        return await file_report(here.node, tx, complaint)

    path = f"/staff/reports/{await here.node.db.write(prepare)}"
    app = build_app(here.node)
    browser, technical = (Client(app, here.origin, language="fr") for _ in range(2))
    await sign_in(browser, name="mona", password=PASSWORD)
    await sign_in(technical, name="tom", password=PASSWORD)
    page = await browser.get(path)
    assert "un mot de trop" in page.text
    # Of somebody elsewhere no access can be closed, and no word reaches her from here.
    assert 'value="disable"' not in page.text
    form = {"form_token": token_of(page), "do": "forward", "comment": "Pouvez-vous regarder ?"}
    assert (await browser.post(path, form=form)).status == 303
    assert "Transmis à" in (await browser.get(path)).text

    async def told() -> str | None:
        return await there.node.db.value("SELECT comment FROM report")

    assert await eventually(told) == "Pouvez-vous regarder ?"
    reporter = await there.node.db.value(
        "SELECT actor.username FROM report JOIN actor ON actor.id = report.actor_id"
    )
    assert reporter == here.node.host
    shown = await technical.get("/staff/deliveries")
    assert there.node.host in shown.text
    assert "avec effet" in shown.text
    assert "un mot de trop" not in shown.text
    assert "Rien n’a été refusé." in shown.text
