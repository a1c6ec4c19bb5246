"""The door: durable, once for ever, one effect whatever inbox it came by."""

import asyncio

import pytest

from federation.errors import Malformed, Refused
from inbox.process import process_due
from inbox.receive import receive
from tests.inbox.world import Elsewhere, World


async def test_what_is_new_is_stored_with_its_bytes_before_the_answer(world: World) -> None:
    bob = await world.roses.person("bob")
    document = world.roses.activity("Follow", bob, world.claire["uri"])
    signed = await world.roses.sign(document)
    assert await receive(world.node, signed) is True
    row = await world.record(document)
    assert (row["progress"], row["origin"], bytes(row["body"])) == (
        "pending",
        "remote",
        signed.body,
    )
    assert await world.count("arrival") == 1
    assert await receive(world.node, signed) is False
    assert await world.count("activity", "uri = ?", document["id"]) == 1


async def test_an_id_or_an_actor_of_another_origin_is_refused_and_keeps_nothing_out(
    world: World, stranger: Elsewhere
) -> None:
    bob = await world.roses.person("bob")
    follow = world.roses.activity("Follow", bob, world.claire["uri"])
    mallory = {"uri": stranger.uri("users/mallory")}
    forged = stranger.activity("Follow", mallory, world.claire["uri"], id=follow["id"])
    with pytest.raises(Refused) as refused:
        await receive(world.node, await stranger.sign(forged))
    assert refused.value.code == "activity.foreign_id"
    assert await world.outcome(follow) == "follow.accepted"


@pytest.mark.parametrize("change", [{"id": "x"}, {"id": 7}, {"type": None}, {"object": None}])
async def test_what_is_no_activity_leaves_nothing(world: World, change: dict[str, object]) -> None:
    bob = await world.roses.person("bob")
    document = world.roses.activity("Follow", bob, world.claire["uri"]) | change
    with pytest.raises(Malformed):
        await receive(world.node, await world.roses.sign(document))
    assert await world.count("activity") == await world.count("seen") == 0


async def test_one_activity_a_hundred_times_at_once_has_one_effect(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob, to=[world.claire["uri"]], cc=[])
    note["tag"] = [{"type": "Mention", "href": world.claire["uri"], "name": "@claire"}]
    signed = await world.roses.sign(world.roses.create(bob, note))
    came = await asyncio.gather(*(receive(world.node, signed) for _ in range(100)))
    await process_due(world.node)
    assert sum(came) == 1
    status = await world.status(note["id"])
    assert status is not None
    assert await world.told() == [("mention", bob["id"], status["id"])]


async def test_a_message_to_two_people_that_comes_by_two_inboxes_serves_each_once(
    world: World,
) -> None:
    """fedify#441: the second inbox of the same activity must not lose its person."""
    bob, denis = await world.roses.person("bob"), await world.local("denis")
    note = world.roses.note(bob, to=[world.claire["uri"], denis["uri"]], cc=[])
    create = world.roses.create(bob, note)
    await world.deliver(create, inbox=world.claire["uri"])
    await world.deliver(create, inbox=denis["uri"])
    await world.deliver(create)
    assert [kind for kind, _, _ in await world.told()] == ["mention"]
    assert [kind for kind, _, _ in await world.told(denis)] == ["mention"]
    assert await world.count("status") == 1
    assert await world.count("arrival") == 3


async def test_a_replay_after_the_row_was_pruned_has_no_second_effect(world: World) -> None:
    bob = await world.roses.person("bob")
    follow = world.roses.activity("Follow", bob, world.claire["uri"])
    signed = await world.roses.sign(follow)
    await receive(world.node, signed)
    await process_due(world.node)
    await world.execute("DELETE FROM activity WHERE uri = ?", follow["id"])
    await world.execute("DELETE FROM follow")
    world.clock.advance(8 * 86_400)
    assert await receive(world.node, signed) is False
    await process_due(world.node)
    assert await world.count("follow") == await world.count("arrival") == 0
