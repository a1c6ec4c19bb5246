"""Block: no follow stands, no news comes."""

from tests.inbox.world import World


async def test_a_block_ends_both_follows_and_is_remembered(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    await world.follow(bob, world.claire)
    block = world.roses.activity("Block", bob, world.claire["uri"])
    assert await world.outcome(block) == "block.done"
    assert await world.count("follow") == 0
    assert await world.count("block", "actor_id = ?", bob["id"]) == 1


async def test_nobody_blocks_for_somebody_else_or_what_is_elsewhere(world: World) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await world.follow(world.claire, bob)
    other = world.roses.activity("Block", eve, "https://x.example/users/1")
    assert await world.outcome(other) == "ignored.not_for_us"
    nobody = world.roses.activity("Block", eve, world.node.uris.actor(5))
    assert await world.outcome(nobody) == "refused.unknown_target"
    assert await world.follow_state(world.claire, bob) == "accepted"
    assert await world.count("block") == 0


async def test_a_follow_that_was_sent_before_the_block_does_not_come_back(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.deliver(world.roses.activity("Block", bob, world.claire["uri"]))
    late = world.roses.activity("Follow", bob, world.claire["uri"])
    assert await world.outcome(late) == "ignored.blocking"
    assert await world.count("follow") == 0


async def test_undone_it_is_gone_and_undone_before_it_never_is(world: World) -> None:
    bob = await world.roses.person("bob")
    block = world.roses.activity("Block", bob, world.claire["uri"])
    await world.deliver(block)
    assert await world.outcome(world.roses.activity("Undo", bob, block["id"])) == "undo.done"
    assert await world.count("block") == 0
    late = world.roses.activity("Block", bob, world.claire["uri"])
    assert await world.outcome(world.roses.activity("Undo", bob, late["id"])) == "undo.before"
    assert await world.outcome(late) == "ignored.undone"
    assert await world.count("block") == 0
