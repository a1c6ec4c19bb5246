"""Polls elsewhere are looked at again by the node itself, and where it may only."""

from typing import Any

import pytest

from federation.database import Row
from federation.vocabulary import Document
from inbox.poll_refreshing import refresh_polls_once, want_figures
from tests.inbox.conftest import StartOrigin
from tests.inbox.world import World


def options(*votes: int) -> list[Document]:
    return [
        {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": count}}
        for name, count in zip(("mardi", "jeudi"), votes, strict=True)
    ]


async def asked(world: World, **changes: Any) -> tuple[Document, Row]:
    """A question of Bob's that Claire has, and its row."""
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    question = world.roses.note(bob, type="Question", oneOf=options(0, 0), **changes)
    await world.deliver(world.roses.create(bob, question))
    row = await world.status(question["id"])
    assert row is not None
    return question, row


async def figures(world: World) -> list[int]:
    rows = await world.node.db.rows("SELECT votes_count FROM poll_option ORDER BY position")
    return [row["votes_count"] for row in rows]


async def test_the_figures_come_from_its_own_origin_signed_by_the_node(world: World) -> None:
    question, row = await asked(world)
    world.roses.serve(question | {"oneOf": options(3, 1), "votersCount": 4})
    world.roses.asked.clear()
    assert await refresh_polls_once(world.node) == 0, "nobody asked"
    for _ in range(3):
        await want_figures(world.node, row)
    assert await figures(world) == [0, 0], "who asked does not wait for it"
    assert await refresh_polls_once(world.node) == 1
    assert await figures(world) == [3, 1]
    assert world.roses.asked == [question["id"].removeprefix(world.roses.origin)]
    assert world.roses.unsigned == []
    await want_figures(world.node, row)
    assert await refresh_polls_once(world.node) == 0, "once a minute"
    world.clock.advance(60)
    await want_figures(world.node, row)
    assert await refresh_polls_once(world.node) == 1


@pytest.mark.parametrize("wrong", ["gone", "no poll", "other author", "other id"])
async def test_what_is_not_its_poll_changes_nothing(world: World, wrong: str) -> None:
    question, row = await asked(world)
    eve = await world.roses.person("eve")
    served = question | {"oneOf": options(9, 9)}
    if wrong == "no poll":
        served = {k: v for k, v in served.items() if k != "oneOf"} | {"type": "Place"}
    elif wrong == "other author":
        served |= {"attributedTo": eve["uri"]}
    world.roses.serve(served)
    if wrong == "gone":
        world.roses.documents.clear()
    elif wrong == "other id":
        path = question["id"].removeprefix(world.roses.origin)
        world.roses.documents[path] = served | {"id": f"{question['id']}0"}
    await want_figures(world.node, row)
    assert await refresh_polls_once(world.node) == 1
    assert await figures(world) == [0, 0]
    assert await world.status(question["id"]) == row


async def test_an_origin_that_takes_part_no_more_is_not_asked(
    world: World, start_origin: StartOrigin
) -> None:
    assert await start_origin("127.0.0.6")
    question, row = await asked(world)
    world.roses.serve(question | {"oneOf": options(3, 1)})
    await world.execute("UPDATE peer SET policy = 'blocked' WHERE origin = ?", world.roses.origin)
    world.roses.asked.clear()
    await want_figures(world.node, row)
    assert await refresh_polls_once(world.node) == 1
    assert (world.roses.asked, await figures(world)) == ([], [0, 0])
