"""Two real sites: copies elsewhere go with what goes here; what is official stays here alone."""

import pytest

from actors.remote import find_by_handle
from federation.database import Row
from inbox import retention
from inbox.site_facts import set_facts
from outbox import relations
from outbox import statuses as outbox
from outbox.classes import classify
from outbox.drafts import Draft
from outbox.farewell import delete_actor
from tests.serving import Running, Start, eventually
from tests.web.conftest import new_person
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.oauth_flow import sign_in
from web.app import build_app

PASSWORD = "une phrase de passe longue"


async def holds(running: Running, texts: set[str]) -> None:
    """Wait until a site has exactly these."""

    async def same() -> bool:
        rows = await running.node.db.rows("SELECT content_html FROM status")
        return {row["content_html"] for row in rows} == {f"<p>{text}</p>" for text in texts}

    await eventually(same)


async def test_partners_copies_follow(start_node: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = await start_node(name="Les Glycines"), await start_node(name="La Mairie")
    await here.allow(there)
    await there.allow(here)
    ada, bob = await new_person(here, "ada"), await new_person(there, "bob")
    await new_person(there, "luc")
    known = await find_by_handle(here.node, f"bob@{there.node.host}")
    assert known is not None
    await relations.follow(here.node, ada, known)

    async def followed() -> bool:
        return bool(await there.node.db.value("SELECT 1 FROM follow WHERE state = 'accepted'"))

    await eventually(followed)
    account_id = await there.node.db.value("SELECT id FROM account WHERE actor_id = ?", bob["id"])
    made: dict[str, Row] = {}
    for text in ("bavardage", "décision"):
        draft = Draft(text=text, visibility="public")
        made[text] = await outbox.create(there.node, bob, account_id, draft)
    await holds(here, {"bavardage", "décision"})
    official = made["décision"]
    await there.node.db.write(
        lambda tx: classify(there.node, tx, bob, "communication", official, "official")
    )
    await there.node.db.write(
        lambda tx: set_facts(there.node, tx, "maillage", {"keep_conversation": "6"})
    )
    assert await retention.retention_once(there.node) == 0
    # Everything is six months old now.
    monkeypatch.setattr(retention, "MONTH_MS", 0)
    assert await retention.retention_once(there.node) == 1
    await holds(there, {"décision"})
    await holds(here, {"décision"})

    await there.node.db.write(lambda tx: delete_actor(there.node, tx, bob))
    there.node.delivery_wake.set()
    await holds(here, set())
    await holds(there, {"décision"})
    # Whoever reads it there finds it said by the site.
    browser = Client(build_app(there.node), there.origin, language="fr")
    await sign_in(browser, name="luc", password=PASSWORD)
    path = f"/@{there.node.host}/{official['id']}"
    page = await browser.get(path)
    assert (page.status, "Officiel" in page.text, "La Mairie" in page.text) == (200, True, True)
    assert "bob" not in page.text
    assert (await browser.get(f"/@bob/{official['id']}")).status == 404
