"""Block: no follow stands, no news comes."""

from actors import follows
from actors.follows import compared_block
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


async def test_what_was_blocked_again_is_undone_by_the_latest_block(world: World) -> None:
    bob = await world.roses.person("bob")
    first, again = [world.roses.activity("Block", bob, world.claire["uri"]) for _ in range(2)]
    for block in (first, again):
        assert await world.outcome(block) == "block.done"
    assert await world.count("block") == 1
    assert await world.outcome(world.roses.activity("Undo", bob, again)) == "undo.done"
    assert await world.count("block") == 0


async def test_a_block_known_from_a_comparison_ends_with_any_undo_of_hers(world: World) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    block = world.roses.activity("Block", bob, world.claire["uri"])
    await world.deliver(block)
    assert await world.outcome(world.roses.activity("Undo", bob, block)) == "undo.done"
    # Bob's node was put back as it was, and said in its list that he blocks her.
    uri = compared_block(bob["uri"])
    await world.node.db.write(
        lambda tx: follows.block(world.node, tx, bob["id"], world.claire["id"], uri)
    )
    forged = block | {"actor": eve["uri"]}
    await world.deliver(world.roses.activity("Undo", eve, forged))
    assert await world.count("block") == 1
    assert await world.outcome(world.roses.activity("Undo", bob, block)) == "undo.done"
    assert await world.count("block") == 0
