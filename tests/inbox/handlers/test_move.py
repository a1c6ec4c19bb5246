"""Move: only when both addresses say so."""

from typing import Any

import pytest

from tests.inbox.world import World, actor_row


async def test_followers_go_along_when_the_new_address_names_the_old(world: World) -> None:
    """SEC-198."""
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    new = world.roses.uri("users/bob2")
    move = world.roses.activity("Move", bob, bob["uri"], target=new)
    world.roses.serve(world.roses.actor_document("bob2"))
    assert await world.outcome(move) == "refused.move_alias"
    assert await world.follow_state(world.claire, bob) == "accepted"
    world.roses.serve(world.roses.actor_document("bob2", alsoKnownAs=bob["uri"]))
    again = world.roses.activity("Move", bob, bob["uri"], target=new)
    assert await world.outcome(again) == "move.done"
    assert (await actor_row(world.node, bob["uri"]))["moved_to_uri"] == new
    target = await actor_row(world.node, new)
    assert await world.follow_state(world.claire, bob) is None
    assert await world.follow_state(world.claire, target) == "pending"
    assert [item["type"] for item in await world.sent()] == ["Undo", "Follow"]


@pytest.mark.parametrize("change", [{"object": "other"}, {"target": None}, {"target": "same"}])
async def test_nobody_moves_somebody_else_or_nowhere(world: World, change: dict[str, Any]) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await world.follow(world.claire, bob)
    named = {"other": bob["uri"], "same": eve["uri"]}
    change = {name: named.get(value, value) for name, value in change.items()}
    move = world.roses.activity("Move", eve, eve["uri"], target=world.roses.uri("users/x"))
    assert (await world.deliver(move | change))["progress"] == "refused"
    assert world.roses.asked == []
    assert await world.follow_state(world.claire, bob) == "accepted"
