"""Follows, blocks and mutes: each counts once, whatever comes in whatever order."""

from typing import Any

import pytest

from actors import follows, queries
from actors.local import create_actor
from federation.database import Row
from federation.errors import Refused
from federation.node import Node
from tests.conftest import FakeClock

People = tuple[Row, Row, Row]


@pytest.fixture
async def people(node: Node) -> People:
    made = [await create_actor(node, username=n, type="Service") for n in ("ann", "bob", "cid")]
    return made[0], made[1], made[2]


async def counts(node: Node, row: Row) -> tuple[int, int]:
    now = await queries.get_by_id(node.db, row["id"])
    return now["followers_count"], now["following_count"]


async def ask(node: Node, one: Row, other: Row, uri: str, state: str = "pending") -> Row:
    return await node.db.write(lambda tx: follows.ask(node, tx, one, other, uri, state))


async def remove(node: Node, one: Row, other: Row) -> Row | None:
    return await node.db.write(lambda tx: follows.remove(tx, one["id"], other["id"]))


async def test_a_follow_counts_once_it_is_accepted_and_once_only(
    node: Node, people: People
) -> None:
    ann, bob, _ = people
    row = await ask(node, ann, bob, "https://x.test/f/1")
    assert row["state"] == "pending"
    assert await counts(node, bob) == (0, 0)
    for _ in range(3):
        row = await node.db.write(lambda tx, row=row: follows.accept(tx, row))
    assert row["state"] == "accepted"
    assert (await counts(node, bob), await counts(node, ann)) == ((1, 0), (0, 1))
    removed = [await remove(node, ann, bob) for _ in range(2)]
    assert removed[0] is not None
    assert removed[1] is None
    assert (await counts(node, bob), await counts(node, ann)) == ((0, 0), (0, 0))


async def test_an_accept_that_comes_after_the_end_brings_nothing_back(
    node: Node, people: People
) -> None:
    ann, bob, _ = people
    row = await ask(node, ann, bob, "https://x.test/f/1")
    await remove(node, ann, bob)
    await node.db.write(lambda tx: follows.accept(tx, row))
    assert await follows.find(node.db, ann["id"], bob["id"]) is None
    assert await counts(node, bob) == (0, 0)


async def test_asked_again_it_stays_accepted_and_takes_the_newest_id(
    node: Node, people: People
) -> None:
    ann, bob, _ = people
    first = await ask(node, ann, bob, "https://x.test/f/1", "accepted")
    again = await ask(node, ann, bob, "https://x.test/f/2")
    assert again["id"] == first["id"]
    assert (again["state"], again["uri"]) == ("accepted", "https://x.test/f/2")
    assert await counts(node, bob) == (1, 0)
    assert await follows.find_by_uri(node.db, "https://x.test/f/1") is None


async def test_an_id_belongs_to_one_pair(node: Node, people: People) -> None:
    ann, bob, cid = people
    await ask(node, ann, bob, "https://x.test/f/1")
    for one, other in ((cid, bob), (ann, cid), (bob, ann)):
        with pytest.raises(Refused) as refused:
            await ask(node, one, other, "https://x.test/f/1")
        assert refused.value.code == "follow.uri_taken"
    with pytest.raises(Refused):
        await ask(node, ann, ann, "https://x.test/f/2")
    assert len(await node.db.rows("SELECT id FROM follow")) == 1


async def test_a_pending_one_that_ends_takes_nothing_from_the_counters(
    node: Node, people: People
) -> None:
    ann, bob, cid = people
    await ask(node, cid, bob, "https://x.test/f/1", "accepted")
    await ask(node, ann, bob, "https://x.test/f/2")
    await remove(node, ann, bob)
    assert await counts(node, bob) == (1, 0)


async def test_a_block_ends_follows_both_ways_and_is_one(node: Node, people: People) -> None:
    ann, bob, cid = people
    await ask(node, ann, bob, "https://x.test/f/1", "accepted")
    await ask(node, bob, ann, "https://x.test/f/2", "accepted")
    await ask(node, cid, bob, "https://x.test/f/3", "accepted")
    assert len(await follows.between(node.db, ann["id"], bob["id"])) == 2

    async def block(tx: Any) -> bool:
        return await follows.block(node, tx, ann["id"], bob["id"], "https://x.test/b/1")

    assert [await node.db.write(block) for _ in range(2)] == [True, False]
    assert await counts(node, ann) == (0, 0)
    assert await counts(node, bob) == (1, 0)
    assert await follows.is_blocked(node.db, bob["id"], ann["id"])
    assert await follows.is_blocked(node.db, ann["id"], bob["id"])
    assert not await follows.is_blocked(node.db, cid["id"], bob["id"])
    ended = [
        await node.db.write(lambda tx: follows.unblock(tx, ann["id"], bob["id"])) for _ in range(2)
    ]
    assert ended == ["https://x.test/b/1", None]
    assert not await follows.is_blocked(node.db, ann["id"], bob["id"])
    with pytest.raises(Refused):
        await node.db.write(lambda tx: follows.block(node, tx, ann["id"], ann["id"], "u"))


async def test_relationships_tell_all_and_of_the_right_one(
    node: Node, people: People, clock: FakeClock
) -> None:
    ann, bob, cid = people
    row = await ask(node, ann, bob, "https://x.test/f/1", "accepted")
    await ask(node, bob, ann, "https://x.test/f/2")
    await ask(node, ann, cid, "https://x.test/f/3")

    async def more(tx: Any) -> None:
        await follows.set_options(tx, row["id"], notify=True, show_reblogs=False)
        await follows.mute(node, tx, ann["id"], bob["id"], notifications=False, duration_s=60)

    await node.db.write(more)
    ids = [cid["id"], bob["id"], 404]
    to_cid, to_bob, to_nobody = await follows.relationship_rows(node.db, ann["id"], ids, clock())
    assert [to_cid["id"], to_bob["id"], to_nobody["id"]] == ids
    assert to_cid["requested"]
    assert not to_cid["following"]
    assert to_bob["following"]
    assert to_bob["notifying"]
    assert not to_bob["showing_reblogs"]
    assert to_bob["requested_by"]
    assert not to_bob["followed_by"]
    assert to_bob["muting"]
    assert not to_bob["muting_notifications"]
    assert to_bob["muting_expires_at"] == clock() + 60_000
    quiet = {name: value for name, value in to_nobody.items() if name not in ("id", "languages")}
    assert not any(quiet.values())
    clock.advance(61)
    (later,) = await follows.relationship_rows(node.db, ann["id"], [bob["id"]], clock())
    assert not later["muting"]
    (back,) = await follows.relationship_rows(node.db, bob["id"], [ann["id"]], clock())
    assert (back["requested"], back["followed_by"], back["muting"]) == (True, True, False)


async def test_blocks_are_seen_from_both_sides(node: Node, people: People) -> None:
    ann, bob, _ = people
    await node.db.write(lambda tx: follows.block(node, tx, ann["id"], bob["id"], "u"))
    (one,) = await follows.relationship_rows(node.db, ann["id"], [bob["id"]])
    (other,) = await follows.relationship_rows(node.db, bob["id"], [ann["id"]])
    assert (one["blocking"], one["blocked_by"]) == (True, False)
    assert (other["blocking"], other["blocked_by"]) == (False, True)


async def test_relationships_cost_four_queries(node: Node, people: People) -> None:
    asked: list[str] = []

    class Counting:
        async def rows(self, sql: str, *args: Any) -> Any:
            asked.append(sql)
            return await node.db.rows(sql, *args)

    reader: Any = Counting()
    ids = [row["id"] for row in people]
    assert len(await follows.relationship_rows(reader, ids[0], ids)) == 3
    assert len(asked) == 4
    assert await follows.relationship_rows(reader, ids[0], []) == []


async def test_a_mute_is_changed_by_the_next_and_ends(node: Node, people: People) -> None:
    ann, bob, _ = people

    async def mute(**options: Any) -> None:
        await node.db.write(lambda tx: follows.mute(node, tx, ann["id"], bob["id"], **options))

    await mute(duration_s=60)
    await mute()
    (now,) = await follows.relationship_rows(node.db, ann["id"], [bob["id"]])
    assert (now["muting"], now["muting_notifications"], now["muting_expires_at"]) == (
        True,
        True,
        None,
    )
    ended = [
        await node.db.write(lambda tx: follows.unmute(tx, ann["id"], bob["id"])) for _ in range(2)
    ]
    assert ended == [True, False]


async def test_counters_do_not_change_what_is_rendered(node: Node, people: People) -> None:
    ann, bob, _ = people
    await ask(node, ann, bob, "https://x.test/f/1", "accepted")
    now = await queries.get_by_id(node.db, bob["id"])
    assert now["updated_at"] == bob["updated_at"]
