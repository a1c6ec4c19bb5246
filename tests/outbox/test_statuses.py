"""What a person publishes: one transaction, the right audience, the right inboxes, and back."""

import asyncio

import orjson
import pytest

from actors import follows
from federation.database import Row
from federation.errors import Invalid, NotFound
from federation.node import Node
from federation.vocabulary import PUBLIC, Document
from outbox import statuses
from outbox.interactions import reblog
from outbox.statuses import Draft
from outbox.visibility import Origin, Person, visible
from tests.outbox.conftest import ROSES, VALMONT, MakePerson, MakeRemote


async def deliveries(node: Node) -> dict[str, list[str]]:
    """Inboxes by activity type."""
    rows = await node.db.rows("SELECT activity_type, inbox_url FROM delivery ORDER BY inbox_url")
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["activity_type"], []).append(row["inbox_url"])
    return found


async def sent(node: Node, kind: str) -> Document:
    body = await node.db.value("SELECT body FROM activity WHERE type = ?", kind)
    return orjson.loads(bytes(body))


async def test_public_status_goes_once_to_each_shared_inbox(
    node: Node, person: MakePerson, remote: MakeRemote
) -> None:
    claire, account = await person("claire")
    await remote("paul", follows_actor=claire)
    await remote("rose", follows_actor=claire)
    await remote("ines", VALMONT, follows_actor=claire)
    await remote("stranger", "https://ailleurs.example")

    status = await statuses.create(node, claire, account, Draft("Bonjour #Réunion"))

    assert await deliveries(node) == {"Create": [f"{ROSES}/inbox", f"{VALMONT}/inbox"]}
    create = await sent(node, "Create")
    assert create["to"] == [PUBLIC]
    assert create["cc"] == [claire["followers_url"]]
    assert create["object"]["id"] == status["uri"]
    assert create["object"]["to"] == create["to"]
    assert create["object"]["tag"][0]["name"] == "#réunion"
    assert create["@context"][0] == "https://www.w3.org/ns/activitystreams"
    assert await node.db.value("SELECT statuses_count FROM actor WHERE id = ?", claire["id"]) == 1


async def test_blocked_or_disallowed_origins_get_nothing(
    node: Node, person: MakePerson, remote: MakeRemote
) -> None:
    claire, account = await person("claire")
    await remote("paul", follows_actor=claire)
    await remote("ines", VALMONT, follows_actor=claire)
    await node.db.write(
        lambda tx: tx.execute("UPDATE peer SET policy = 'blocked' WHERE origin = ?", VALMONT)
    )
    await statuses.create(node, claire, account, Draft("pour les amis"))
    assert await deliveries(node) == {"Create": [f"{ROSES}/inbox"]}


@pytest.mark.parametrize(
    ("visibility", "reached"), [("public", True), ("unlisted", True), ("private", False)]
)
async def test_naming_whom_one_blocks_reaches_her_site_only_with_what_is_for_everybody(
    node: Node, person: MakePerson, remote: MakeRemote, visibility: str, *, reached: bool
) -> None:
    claire, account = await person("claire")
    ines = await remote("ines", VALMONT)
    await node.db.write(lambda tx: follows.block(node, tx, claire["id"], ines["id"], "urn:b"))
    draft = Draft(f"@ines@{VALMONT.partition('//')[2]} voilà", visibility)
    status = await statuses.create(node, claire, account, draft)
    assert await node.db.value("SELECT COUNT(*) FROM mention") == 1
    # Whoever else is there reads the conversation on; of a circle she is no part any more.
    assert await deliveries(node) == ({"Create": [f"{VALMONT}/inbox"]} if reached else {})
    assert (await visible(node.db, Origin(VALMONT), status["id"]) is not None) == reached


@pytest.mark.parametrize("visibility", ["private", "direct", "local"])
async def test_narrow_audiences_stay_narrow(
    node: Node, person: MakePerson, remote: MakeRemote, visibility: str
) -> None:
    claire, account = await person("claire")
    colleague, _ = await person("luc")
    paul = await remote("paul", follows_actor=claire)
    ines = await remote("ines", VALMONT)
    text = "@ines@valmont.example bonjour" if visibility == "direct" else "bonjour"

    status = await statuses.create(node, claire, account, Draft(text, visibility))

    who = {
        "luc": Person(colleague["id"]),
        "guest": Person(colleague["id"], is_guest=True),
        "roses": Origin(ROSES),
        "valmont": Origin(VALMONT),
    }
    seen = {name for name, w in who.items() if await visible(node.db, w, status["id"])}
    expected = {
        "private": ({"roses"}, [f"{ROSES}/inbox"]),
        "direct": ({"valmont"}, [ines["inbox_url"]]),
        "local": ({"luc"}, []),
    }[visibility]
    assert seen == expected[0]
    assert (await deliveries(node)).get("Create", []) == expected[1]
    body = orjson.dumps(await sent(node, "Create")).decode()
    assert PUBLIC not in body
    assert (paul["uri"] in body) is False


async def test_a_reply_never_gets_wider(node: Node, person: MakePerson, remote: MakeRemote) -> None:
    claire, claire_account = await person("claire")
    luc, luc_account = await person("luc")
    await remote("paul", follows_actor=luc)

    async def kind_of_reply(parent: Row, asked: str) -> str:
        draft = Draft("d'accord", asked, in_reply_to_id=parent["id"])
        return (await statuses.create(node, luc, luc_account, draft))["audience_kind"]

    site = await statuses.create(node, claire, claire_account, Draft("ici", "local"))
    direct = await statuses.create(node, claire, claire_account, Draft("@luc", "direct"))
    quiet = await statuses.create(node, claire, claire_account, Draft("calme", "unlisted"))
    open_one = await statuses.create(node, claire, claire_account, Draft("tous", "public"))
    assert [await kind_of_reply(site, asked) for asked in ("public", "direct")] == ["site", "named"]
    assert await kind_of_reply(direct, "public") == "named"
    assert [await kind_of_reply(quiet, asked) for asked in ("public", "private")] == [
        "unlisted",
        "followers",
    ]
    assert await kind_of_reply(open_one, "public") == "public"
    followers_only = await statuses.create(
        node, claire, claire_account, Draft("@luc suite", "private")
    )
    assert await kind_of_reply(followers_only, "private") == "named"


async def test_one_cannot_reply_to_what_one_may_not_see(node: Node, person: MakePerson) -> None:
    claire, claire_account = await person("claire")
    luc, luc_account = await person("luc")
    hidden = await statuses.create(node, claire, claire_account, Draft("pour moi", "direct"))
    for target in (hidden["id"], hidden["id"] + 999):
        with pytest.raises(NotFound) as refused:
            await statuses.create(node, luc, luc_account, Draft("?", in_reply_to_id=target))
        assert refused.value.code == "status.not_found"


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (Draft("   "), "status"),
        (Draft("x" * 5_001), "status"),
        (Draft("nul\x00"), "status"),
        (Draft("bonjour", "tout le monde"), "visibility"),
    ],
)
async def test_a_wrong_draft_names_its_field_and_leaves_nothing(
    node: Node, person: MakePerson, draft: Draft, field: str
) -> None:
    claire, account = await person("claire")
    with pytest.raises(Invalid) as refused:
        await statuses.create(node, claire, account, draft)
    assert refused.value.params["field"] == field
    assert await node.db.value("SELECT count(*) FROM status") == 0


async def test_one_idempotency_key_makes_one_status(node: Node, person: MakePerson) -> None:
    claire, account = await person("claire")
    draft = Draft("une fois", idempotency_key="abc")
    made = await asyncio.gather(*(statuses.create(node, claire, account, draft) for _ in range(5)))
    assert len({status["id"] for status in made}) == 1
    assert await node.db.value("SELECT count(*) FROM activity WHERE type = 'Create'") == 1
    other = await statuses.create(node, claire, account, Draft("deux", idempotency_key="abd"))
    assert other["id"] != made[0]["id"]


async def test_delete_reaches_whoever_holds_it_and_leaves_a_tombstone(
    node: Node, person: MakePerson, remote: MakeRemote
) -> None:
    claire, account = await person("claire")
    luc, luc_account = await person("luc")
    await remote("paul", follows_actor=claire)
    await remote("ines", VALMONT)
    status = await statuses.create(node, claire, account, Draft("à retirer"))
    reply = await statuses.create(
        node, luc, luc_account, Draft("réponse", in_reply_to_id=status["id"])
    )
    await reblog(node, luc, status)
    await node.db.write(
        lambda tx: tx.execute(
            "INSERT INTO held (object_uri, origin, first_at, last_at, state)"
            " VALUES (?, ?, 0, 0, 'handed_over')",
            status["uri"],
            VALMONT,
        )
    )

    await statuses.delete(node, claire, status)
    await statuses.delete(node, claire, status)

    assert (await deliveries(node))["Delete"] == [f"{ROSES}/inbox", f"{VALMONT}/inbox"]
    delete = await sent(node, "Delete")
    assert delete["object"] == {"id": status["uri"], "type": "Tombstone", "formerType": "Note"}
    assert delete["to"] == [PUBLIC]
    left = await node.db.rows("SELECT id, in_reply_to_id FROM status")
    assert [(row["id"], row["in_reply_to_id"]) for row in left] == [(reply["id"], None)]
    assert await node.db.value("SELECT 1 FROM tombstone WHERE uri = ?", status["uri"]) == 1
    assert await node.db.value("SELECT statuses_count FROM actor WHERE id = ?", claire["id"]) == 0
