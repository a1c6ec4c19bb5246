"""Reject: a follow ends, pending or accepted."""

import pytest

from tests.inbox.world import World, actor_row


@pytest.mark.parametrize("state", ["pending", "accepted"])
async def test_the_one_followed_ends_it_and_nobody_else(world: World, state: str) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    follow = await world.follow(world.claire, bob, state)
    forged = world.roses.activity("Reject", eve, follow["uri"])
    assert await world.outcome(forged) == "ignored.unknown_follow"
    assert await world.follow_state(world.claire, bob) == state
    reject = world.roses.activity("Reject", bob, follow["uri"])
    assert await world.outcome(reject) == "reject.done"
    assert await world.follow_state(world.claire, bob) is None
    assert (await actor_row(world.node, bob["uri"]))["followers_count"] == 0
