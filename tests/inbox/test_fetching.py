"""What the inbox fetches, signed, from admitted origins only."""

import pytest

from federation.errors import NodeError
from federation.fetch import BudgetSpent, FetchBudget
from inbox.fetching import fetch_status
from tests.inbox.world import Elsewhere, World


async def test_a_status_comes_with_its_author_in_any_wrapping(world: World) -> None:
    bob = await world.roses.person("bob")
    note = world.roses.serve(world.roses.note(bob))
    create = world.roses.serve(world.roses.create(bob, note | {"content": "<p>faux</p>"}))
    for uri in (note["id"], create["id"]):
        found = await fetch_status(world.node, uri, FetchBudget())
        assert found is not None
        assert (found.document, found.author["id"]) == (note, bob["id"])
    assert len(world.roses.asked) == 3
    assert world.roses.unsigned == []


async def test_what_is_no_status_is_nothing(world: World) -> None:
    bob = await world.roses.person("bob")
    assert await fetch_status(world.node, bob["uri"], FetchBudget()) is None


async def test_strangers_ourselves_and_what_has_no_author_there_are_refused(
    world: World, stranger: Elsewhere
) -> None:
    bob = await world.roses.person("bob")
    orphan = world.roses.serve(world.roses.note(bob, attributedTo=stranger.uri("users/m")))
    for uri, code in (
        (stranger.uri("notes/1"), "object.stranger"),
        (world.node.uris.status(1), "object.own_origin"),
        (orphan["id"], "object.no_author"),
    ):
        with pytest.raises(NodeError) as refused:
            await fetch_status(world.node, uri, FetchBudget())
        assert refused.value.code == code
    assert stranger.asked == []


async def test_one_activity_fetches_so_much_and_no_more(world: World) -> None:
    bob = await world.roses.person("bob")
    note = world.roses.serve(world.roses.note(bob))
    with pytest.raises(BudgetSpent):
        await fetch_status(world.node, note["id"], FetchBudget(0))
    assert world.roses.asked == []
