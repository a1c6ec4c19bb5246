"""What is kept of a document: the same however often it comes, whatever is in its texts."""

import contextlib
from typing import Any

import orjson
import pytest

from actors import queries
from actors.documents import read_actor
from actors.local import create_actor
from actors.remote import upsert_actor
from federation.database import Row
from federation.errors import Gone, Malformed, NodeError, Refused
from federation.node import Node
from federation.webfinger import Handle

ID = "https://a.test/users/1"
HANDLE = Handle("alice", "a.test")


def person(**changes: Any) -> dict[str, Any]:
    return {
        "id": ID,
        "type": "Person",
        "preferredUsername": "alice",
        "inbox": f"{ID}/inbox",
    } | changes


async def store(node: Node, document: dict[str, Any], handle: Handle | None = HANDLE) -> Row:
    fields = read_actor(document)
    return await node.db.write(lambda tx: upsert_actor(node, tx, fields, handle=handle))


async def test_the_same_document_changes_nothing_and_another_moves_the_time(node: Node) -> None:
    first = await store(node, person(published="2020-01-02T03:04:05Z"))
    assert first["created_at"] == 1_577_934_245_000
    assert first["fetched_at"] is None
    assert dict(await store(node, person())) == dict(first)
    changes: list[dict[str, Any]] = [
        {"name": "x"},
        {"summary": "<p>x</p>"},
        {"icon": "https://a.test/i.png"},
        {"manuallyApprovesFollowers": True},
        {"attachment": {"type": "PropertyValue", "name": "n", "value": "v"}},
        {"type": "Service"},
        {"followers": f"{ID}/followers"},
    ]
    before = first
    for change in changes:
        after = await store(node, person(**change))
        assert after["updated_at"] > before["updated_at"], change
        before = after
    assert before["id"] == first["id"]


async def test_an_update_from_the_actor_itself_never_takes_a_handle(node: Node) -> None:
    # SEC-009: what a signed Update says of a new name is not confirmed by anybody.
    await store(node, person())
    row = await store(node, person(preferredUsername="admin", name="New"), handle=None)
    assert (row["username"], row["handle_host"], row["display_name"]) == ("alice", "a.test", "New")
    for elsewhere in (
        {"id": "https://b.test/users/1"},
        {"inbox": "https://b.test/inbox"},
        {"publicKey": {"id": "https://b.test/k", "owner": ID}},
    ):
        with pytest.raises(NodeError):
            await store(node, person(**elsewhere), handle=None)
    assert dict(await queries.get_by_id(node.db, row["id"])) == dict(row)


async def test_nobody_becomes_known_by_an_update(node: Node) -> None:
    with pytest.raises(Refused) as refused:
        await store(node, person(), handle=None)
    assert refused.value.code == "actor.unknown"
    assert await queries.by_uri(node.db, ID) is None


async def test_no_document_changes_an_actor_of_this_node(node: Node) -> None:
    group = await create_actor(node, username="nutrition", type="Group")
    forged = person(id=group["uri"], inbox=f"{node.origin}/inbox", name="Forged")
    for handle in (HANDLE, None):
        with pytest.raises(Refused):
            await store(node, forged, handle=handle)
    # Not by its handle either: the row keeps its name, whoever claims it.
    other = person(preferredUsername="nutrition")
    with pytest.raises(Refused):
        await store(node, other, Handle("nutrition", node.host))
    assert dict(await queries.get_by_id(node.db, group["id"])) == dict(group)


async def test_a_tombstone_stands_before_what_it_buries(node: Node) -> None:
    await node.db.write(
        lambda tx: tx.execute("INSERT INTO tombstone VALUES (?, 'Person', ?, 1)", ID, ID)
    )
    with pytest.raises(Gone):
        await store(node, person())
    assert await queries.by_uri(node.db, ID) is None


PROPERTIES = (
    *("id", "inbox", "outbox", "followers", "featured", "url", "icon", "image"),
    *("preferredUsername", "webfinger", "type", "alsoKnownAs", "movedTo", "published"),
    "endpoints",
)
HOSTILE = [
    "'); DROP TABLE actor; --",
    "x' OR '1'='1",
    '"; SELECT pg_sleep(9); --',
    "\\'; --",
    "a\x00b",
    "%00%27",
    "? ? $1 :name %s {x}",
    "\u2028\ufeff\u202e",
    "😀" * 50,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_no_text_reaches_the_database_as_anything_but_text(node: Node, text: str) -> None:
    # SEC-203: in every property: stored as text or refused, never an error of the database.
    document = person(
        name=text,
        summary=text,
        attachment=[{"type": "PropertyValue", "name": text, "value": text}],
    )
    row = await store(node, document)
    kept = text.replace("\x00", "").replace("\u202e", "").replace("\ufeff", "")
    assert row["display_name"] == " ".join(kept.split())
    assert "\x00" not in row["summary_html"] + row["fields"]
    assert len(orjson.loads(row["fields"])) == 1
    for name in PROPERTIES:
        for value in (text, f"https://a.test/{text}", {"id": text}, [text]):
            with contextlib.suppress(Malformed):
                await store(node, person(**{name: value}))
    assert await node.db.value("SELECT COUNT(*) FROM actor") >= 2
    assert await queries.by_handle(node.db, text, text) is None
    assert await queries.by_uri(node.db, text.replace("\x00", "")) is None
