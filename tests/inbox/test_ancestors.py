"""Replies before their parents: shown at once, in their place whenever the parent comes."""

from typing import Any

import pytest

from federation.vocabulary import Document
from inbox.ancestors import ANCESTORS_MAX, Orphans
from tests.inbox.world import Elsewhere, World


async def _chain(world: World, length: int, author: Any, origin: Elsewhere) -> list[Document]:
    notes = [origin.note(author, "<p>0</p>")]
    for place in range(1, length):
        notes.append(origin.note(author, f"<p>{place}</p>", inReplyTo=notes[-1]["id"]))
    return notes


async def test_what_a_reply_answers_is_fetched_up_to_five(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    chain = await _chain(world, 9, bob, world.roses)
    for note in chain[:-1]:
        world.roses.serve(note)
    await world.deliver(world.roses.create(bob, chain[-1]))
    assert len(world.roses.asked) == ANCESTORS_MAX
    assert await world.count("status") == ANCESTORS_MAX + 1
    reply, parent = await world.status(chain[-1]["id"]), await world.status(chain[-2]["id"])
    assert reply is not None
    assert parent is not None
    assert (reply["in_reply_to_id"], reply["thread_root_id"]) == (
        parent["id"],
        parent["thread_root_id"],
    )
    assert parent["id"] < reply["id"], "it stands where it was published"


async def test_a_reply_is_stored_though_its_parent_cannot_be_had_and_attached_later(
    world: World,
) -> None:
    """REL-027."""
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    parent, reply = await _chain(world, 2, bob, world.roses)
    world.roses.serve(parent)
    path = parent["id"].removeprefix(world.roses.origin)
    world.roses.statuses[path] = 503
    assert await world.outcome(world.roses.create(bob, reply)) == "create.stored"
    orphans = Orphans(world.node)
    assert await orphans.retry() == 0
    world.clock.advance(3_600)
    del world.roses.statuses[path]
    assert await orphans.retry() == 1
    stored = await world.status(reply["id"])
    assert stored is not None
    found = await world.status(parent["id"])
    assert found is not None
    assert stored["in_reply_to_id"] == found["id"]
    world.clock.advance(3_600)
    asked = len(world.roses.asked)
    assert await orphans.retry() == 0
    assert len(world.roses.asked) == asked


async def test_a_parent_that_comes_by_itself_takes_its_reply(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    parent, reply = await _chain(world, 2, bob, world.roses)
    for note in (reply, parent):
        await world.deliver(world.roses.create(bob, note))
    stored, found = await world.status(reply["id"]), await world.status(parent["id"])
    assert stored is not None
    assert found is not None
    assert (stored["in_reply_to_id"], stored["thread_root_id"]) == (found["id"], found["id"])
    assert found["replies_count"] == 1


async def test_a_parent_of_a_stranger_is_not_asked_for(world: World, stranger: Elsewhere) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    reply = world.roses.note(bob, inReplyTo=stranger.uri("notes/1"))
    assert await world.outcome(world.roses.create(bob, reply)) == "create.stored"
    assert stranger.asked == []


@pytest.mark.parametrize("loop", [True, False])
async def test_parents_that_turn_in_a_circle_or_call_themselves_otherwise_end(
    world: World, loop: bool
) -> None:
    """SEC-081."""
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    first, second = world.roses.note(bob), world.roses.note(bob)
    if loop:
        world.roses.serve(first | {"inReplyTo": second["id"]})
        world.roses.serve(second | {"inReplyTo": first["id"]})
    else:
        path = first["id"].removeprefix(world.roses.origin)
        world.roses.documents[path] = second
        world.roses.serve(second)
    reply = world.roses.note(bob, inReplyTo=first["id"])
    assert await world.outcome(world.roses.create(bob, reply)) == "create.stored"
    assert len(world.roses.asked) <= ANCESTORS_MAX


async def test_what_was_deleted_is_not_asked_for_again(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    parent, reply = await _chain(world, 2, bob, world.roses)
    await world.deliver(world.roses.activity("Delete", bob, parent["id"]))
    await world.deliver(world.roses.create(bob, reply))
    assert world.roses.asked == []
    assert await Orphans(world.node).retry() == 0
