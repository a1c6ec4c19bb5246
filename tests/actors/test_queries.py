"""Look-ups: who is found under which name, and that no text makes one fail."""

import pytest

from actors import queries
from actors.local import create_account
from federation.errors import NotFound
from federation.node import Node


@pytest.mark.parametrize("text", ["\x00", "a\x00", "\ud800", "' OR 1=1 --", "", "a" * 10_000])
async def test_a_text_that_no_row_holds_finds_nothing(node: Node, text: str) -> None:
    assert await queries.by_uri(node.db, text) is None
    assert await queries.by_uris(node.db, [text]) == {}
    assert await queries.by_handle(node.db, text, node.host) is None
    assert await queries.by_handle(node.db, "a", text) is None
    assert await queries.local_by_username(node, node.db, text) is None
    assert await queries.account_by_login(node.db, text) is None
    assert await queries.account_by_login(node.db, f"{text}@a.test") is None
    assert await queries.tombstone(node.db, text) is None


async def test_one_is_found_by_every_name_it_has(node: Node) -> None:
    made = await create_account(node, username="Ann", password="cheval-exact-pile")
    account = await queries.account_of_actor(node.db, made["id"])
    assert account is not None
    found = [
        await queries.by_uri(node.db, made["uri"]),
        await queries.by_id(node.db, made["id"]),
        await queries.get_by_id(node.db, made["id"]),
        await queries.by_handle(node.db, "aNN", node.host),
        await queries.local_by_username(node, node.db, "ANN"),
        (await queries.by_ids(node.db, [made["id"], made["id"], 404]))[made["id"]],
        (await queries.by_uris(node.db, [made["uri"], "https://a.test/"]))[made["uri"]],
    ]
    assert {row["id"] for row in found if row is not None} == {made["id"]}
    assert None not in found
    same = await queries.account_by_id(node.db, account["id"])
    assert same is not None
    assert same["actor_id"] == made["id"]


async def test_what_is_unknown_is_none_or_raises(node: Node) -> None:
    assert await queries.by_id(node.db, 404) is None
    assert await queries.by_ids(node.db, []) == {}
    assert await queries.account_by_id(node.db, 404) is None
    assert await queries.by_handle(node.db, "ann", "other.test") is None
    with pytest.raises(NotFound):
        await queries.get_by_id(node.db, 404)
