"""Delete: on the author's word, before or after, and nothing comes back."""

from typing import Any

import pytest

from federation.vocabulary import Document
from inbox.holdings import Holding, holdings
from tests.inbox.world import Elsewhere, World


def by_id(note: Document) -> Any:
    return note["id"]


def tombstone(note: Document) -> Any:
    return {"id": note["id"], "type": "Tombstone", "formerType": "Note"}


def whole(note: Document) -> Any:
    return note


@pytest.mark.parametrize("written", [by_id, tombstone, whole])
async def test_the_author_deletes_and_nobody_else(
    world: World, stranger: Elsewhere, written: Any
) -> None:
    """SEC-198."""
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob)
    create = world.roses.create(bob, note)
    await world.deliver(create)
    forged = world.roses.activity("Delete", eve, written(note))
    assert await world.outcome(forged) == "refused.not_author"
    foreign = stranger.activity("Delete", {"uri": stranger.uri("users/m")}, written(note))
    assert (await world.deliver(foreign, stranger))["outcome_code"] == "ignored.unknown_actor"
    assert await world.status(note["id"]) is not None
    assert await world.outcome(world.roses.activity("Delete", bob, written(note))) == "delete.done"
    assert await world.status(note["id"]) is None
    again = world.roses.create(bob, note)
    row = await world.deliver(again)
    assert (row["progress"], row["outcome_code"]) == ("refused", "refused.deleted")
    assert await world.status(note["id"]) is None


async def test_a_delete_before_its_create_keeps_it_away(world: World) -> None:
    """REL-025."""
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob)
    delete = world.roses.activity("Delete", bob, {"id": note["id"], "type": "Tombstone"})
    assert await world.outcome(delete) == "delete.before"
    for _ in range(2):
        assert await world.outcome(world.roses.create(bob, note)) == "refused.deleted"
    assert await world.count("status") == 0


async def test_a_forged_delete_before_a_create_leaves_nothing(
    world: World, start_origin: Any
) -> None:
    """SEC-050: also from an admitted origin, whose actor is known."""
    valmont = await start_origin("127.0.0.4")
    bob, mallory = await world.roses.person("bob"), await valmont.person("mallory")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob)
    forged = valmont.activity("Delete", mallory, note["id"])
    assert await world.outcome(forged, valmont) == "refused.not_author"
    assert await world.count("tombstone") == 0
    assert await world.outcome(world.roses.create(bob, note)) == "create.stored"


async def test_an_actor_deletes_itself_and_nobody_else(world: World) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob)
    await world.deliver(world.roses.create(bob, note))
    forged = world.roses.activity("Delete", eve, bob["uri"])
    assert await world.outcome(forged) == "refused.not_author"
    assert await world.status(note["id"]) is not None
    assert await world.outcome(world.roses.activity("Delete", bob, bob["uri"])) == "delete.actor"
    assert await world.status(note["id"]) is None
    assert await world.count("follow") == 0
    late = world.roses.create(bob, world.roses.note(bob, to=[world.claire["uri"]]))
    assert (await world.deliver(late))["progress"] == "refused"
    assert await world.count("status") == 0


async def test_the_delete_of_somebody_unknown_stores_and_fetches_nothing(world: World) -> None:
    eve = {"uri": world.roses.uri("users/eve")}
    delete = world.roses.activity("Delete", eve, eve["uri"])
    assert await world.outcome(delete) == "ignored.unknown_actor"
    assert world.roses.asked == []
    assert await world.count("tombstone") == 0


async def test_nobody_elsewhere_deletes_what_is_here(world: World) -> None:
    bob = await world.roses.person("bob")
    post = await world.post()
    for uri in (post["uri"], world.claire["uri"]):
        delete = world.roses.activity("Delete", bob, uri)
        assert await world.outcome(delete) == "refused.not_author"
    assert await world.status(post["uri"]) is not None


async def test_what_is_taken_back_may_come_again_and_what_is_deleted_may_not(
    world: World,
) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    for first in ("stored", "late"):
        note = world.roses.note(bob)
        if first == "stored":
            await world.deliver(world.roses.create(bob, note))
        back = tombstone(note) | {"audienceKind": "none"}
        await world.deliver(world.roses.activity("Delete", bob, back))
        assert await world.status(note["id"]) is None
        (said,) = await listed(world, note)
        assert (said.state, said.is_taken_back) == ("deleted", True)
        assert await world.outcome(world.roses.create(bob, note)) == "create.stored"
        # Taken back once more, and then deleted by its author: for good.
        await world.deliver(world.roses.activity("Delete", bob, back))
        await world.deliver(world.roses.activity("Delete", bob, tombstone(note)))
        (said,) = await listed(world, note)
        assert (said.state, said.is_taken_back) == ("deleted", False)
        assert await world.outcome(world.roses.create(bob, note)) == "refused.deleted"
        # Nothing said afterwards makes it less deleted.
        await world.deliver(world.roses.activity("Delete", bob, back))
        assert await world.outcome(world.roses.create(bob, note)) == "refused.deleted"


async def listed(world: World, note: Document) -> list[Holding]:
    page = await holdings(world.node.db, world.roses.origin)
    return [item for item in page.items if item.uri == note["id"]]
