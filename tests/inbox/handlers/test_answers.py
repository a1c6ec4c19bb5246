"""Which Follow an answer means, in all the ways peers write it."""

from typing import Any

import pytest

from federation.database import Row
from tests.inbox.world import World


def by_id(follow: Row, _world: World, _bob: Row) -> Any:
    return follow["uri"]


def whole(follow: Row, world: World, bob: Row) -> Any:
    actors = {"actor": world.claire["uri"], "object": bob["uri"]}
    return {"id": follow["uri"], "type": "Follow", **actors}


def without_id(_follow: Row, world: World, bob: Row) -> Any:
    return {"type": "Follow", "actor": world.claire["uri"], "object": bob["uri"]}


def with_another_id(_follow: Row, world: World, bob: Row) -> Any:
    actors = {"actor": world.claire["uri"], "object": {"id": bob["uri"]}}
    return {"id": world.roses.uri("follows/77"), "type": "Follow", **actors}


@pytest.mark.parametrize("written", [by_id, whole, without_id, with_another_id])
async def test_the_one_followed_answers_and_nobody_else(world: World, written: Any) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    follow = await world.follow(world.claire, bob, "pending")
    forged = world.roses.activity("Accept", eve, written(follow, world, bob))
    assert await world.outcome(forged) == "ignored.unknown_follow"
    assert await world.follow_state(world.claire, bob) == "pending"
    accept = world.roses.activity("Accept", bob, written(follow, world, bob))
    assert await world.outcome(accept) == "accept.done"
    assert await world.follow_state(world.claire, bob) == "accepted"


@pytest.mark.parametrize(
    "item",
    [
        "https://x.example/follows/1",
        {"type": "Follow", "actor": "https://x.example/users/9"},
        {"type": "Offer", "id": "https://x.example/offers/1"},
        {"type": "Follow", "actor": 1, "object": []},
    ],
)
async def test_an_answer_to_nothing_is_stored_as_such(world: World, item: Any) -> None:
    bob = await world.roses.person("bob")
    for kind in ("Accept", "Reject"):
        code = await world.outcome(world.roses.activity(kind, bob, item))
        assert code == "ignored.unknown_follow"
    assert await world.count("follow") == 0


async def test_the_answer_of_somebody_unknown_fetches_nothing(world: World) -> None:
    eve = {"uri": world.roses.uri("users/eve")}
    accept = world.roses.activity("Accept", eve, "https://x.example/follows/1")
    assert await world.outcome(accept) == "ignored.unknown_follow"
    assert world.roses.asked == []
