"""Whatever the order in which activities come, and however often, the end is the same."""

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors.local import create_account
from federation.database import Row
from federation.http_signatures import SignedActivity
from federation.node import Node
from federation.vocabulary import Document
from inbox.process import process_due
from inbox.receive import receive
from tests.conftest import FakeClock
from tests.inbox.world import (
    PASSWORD,
    Elsewhere,
    World,
    account_id_of,
    actor_row,
    admit,
    signing_key,
)

# Nobody listens there: whatever the node would fetch, it must wait for.
SILENT = "http://127.0.0.9:9"
TEN, ELEVEN = "2026-09-21T10:00:00Z", "2026-09-21T11:00:00Z"
_stories = count(1)


@pytest.fixture
async def world(node: Node, clock: FakeClock) -> World:
    made = await create_account(node, username="claire", password=PASSWORD)
    claire = await actor_row(node, made["uri"])
    await admit(node, SILENT)
    there = Elsewhere(node, SILENT, signing_key(SILENT))
    return World(node, clock, claire, await account_id_of(node, claire), there)


class Story:
    """What three people elsewhere do, each time under new names; told in order."""

    def __init__(self, world: World, post: Row) -> None:
        self.world = world
        self.post = post
        self.people: dict[str, Row] = {}
        self.notes: dict[str, Document] = {}

    async def prepare(self) -> list[Document]:
        world, number = self.world, next(_stories)
        for name in ("bob", "eve", "dan"):
            self.people[name] = await world.roses.person(f"{name}{number}")
        bob, eve, dan = self.people.values()
        for author in (bob, eve):
            await world.follow(world.claire, author)
        await world.follow(eve, world.claire)
        return self._tell(world.roses, bob, eve, dan)

    def _tell(self, there: Elsewhere, bob: Row, eve: Row, dan: Row) -> list[Document]:
        claire, post = self.world.claire["uri"], self.post["uri"]
        first = self._note("first", bob, "un")
        direct = self._note("direct", bob, "secret") | {"to": [claire], "cc": []}
        gone = self._note("gone", bob, "erreur")
        answer = self._note("answer", eve, "oui") | {"inReplyTo": first["id"]}
        follow = there.activity("Follow", bob, claire)
        like = there.activity("Like", eve, post)
        public = {"to": ["as:Public"], "cc": [eve["followers_url"]]}
        boost = there.activity("Announce", eve, post, **public)
        blocked = there.activity("Follow", dan, claire)
        return [
            follow,
            there.activity("Undo", bob, follow),
            there.create(bob, first),
            there.activity("Update", bob, self._changed(first, "deux", TEN)),
            there.activity("Update", bob, self._changed(first, "trois", ELEVEN)),
            there.create(eve, answer),
            there.create(bob, direct),
            there.create(bob, gone),
            there.activity("Delete", bob, {"id": gone["id"], "type": "Tombstone"}),
            like,
            there.activity("Undo", eve, like["id"]),
            boost,
            there.activity("Undo", eve, boost),
            there.activity("Announce", eve, first["id"], **public),
            blocked,
            there.activity("Block", dan, claire),
        ]

    def _note(self, name: str, author: Row, said: str) -> Document:
        self.notes[name] = self.world.roses.note(author, f"<p>{said}</p>")
        return self.notes[name]

    def _changed(self, note: Document, said: str, at: str) -> Document:
        return note | {"content": f"<p>{said}</p>", "updated": at}

    async def end(self) -> dict[str, Any]:
        """What became of it, in words that are the same under all names."""
        names = {row["id"]: name for name, row in self.people.items()}
        db = self.world.node.db
        statuses: dict[int, str] = {self.post["id"]: "post"}
        found: dict[str, Any] = {}
        for name, note in self.notes.items():
            row = await self.world.status(note["id"])
            if row is None:
                found[name] = None
                continue
            statuses[row["id"]] = name
            found[name] = [row["content_html"], row["audience_kind"], row["edited_at"]]
            found[name] += [row["reblogs_count"], row["replies_count"]]
            found[name] += [statuses.get(row[key]) for key in ("in_reply_to_id", "thread_root_id")]
        ids = tuple(names)
        told = await db.rows(
            "SELECT type, from_actor_id, status_id FROM notification"
            " WHERE from_actor_id IN (?, ?, ?)",
            *ids,
        )
        found["told"] = sorted(
            (row["type"], names[row["from_actor_id"]], statuses.get(row["status_id"], ""))
            for row in told
        )
        for table, column in (("follow", "follower_id"), ("block", "actor_id")):
            rows = await db.rows(f"SELECT {column} AS id FROM {table}")
            found[table] = sorted(names[row["id"]] for row in rows if row["id"] in names)
        for table in ("favourite", "status"):
            marks = "actor_id IN (?, ?, ?)"
            found[f"count of {table}"] = await self.world.count(table, marks, *ids)
        return found


async def _play(world: World, story: list[SignedActivity]) -> None:
    for signed in story:
        await receive(world.node, signed)
        await process_due(world.node)
    for _ in range(3):
        world.clock.advance(3_600)
        await process_due(world.node)


WHOLE = 16


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    order=st.permutations(range(WHOLE)),
    again=st.lists(st.integers(0, WHOLE - 1), max_size=10),
)
async def test_a_shuffled_duplicated_replayed_story_ends_the_same(
    world: World, order: list[int], again: list[int]
) -> None:
    post = await world.post()
    plain, shuffled = Story(world, post), Story(world, post)
    told = [await world.roses.sign(document) for document in await plain.prepare()]
    assert len(told) == WHOLE
    await _play(world, told)
    mixed = [await world.roses.sign(document) for document in await shuffled.prepare()]
    await _play(world, [mixed[place] for place in [*order, *again]])
    expected = await plain.end()
    assert await shuffled.end() == expected
    assert (expected["gone"], expected["follow"]) == (None, ["eve"])
    assert expected["first"][0] == "<p>trois</p>"


async def test_the_story_told_in_order_has_its_effects(world: World) -> None:
    post = await world.post()
    story = Story(world, post)
    told = [await world.roses.sign(document) for document in await story.prepare()]
    await _play(world, told)
    end = await story.end()
    assert end["told"] == [("mention", "bob", "direct")]
    assert end["answer"][-2:] == ["first", "first"]
    assert (end["block"], end["count of favourite"], end["count of status"]) == (["dan"], 0, 4)
