"""Accept: a pending follow counts, once."""

from tests.inbox.world import World, actor_row


async def test_accepted_twice_counts_once(world: World) -> None:
    bob = await world.roses.person("bob")
    follow = await world.follow(world.claire, bob, "pending")
    for _ in range(2):
        accept = world.roses.activity("Accept", bob, follow["uri"])
        assert await world.outcome(accept) == "accept.done"
    assert (await actor_row(world.node, bob["uri"]))["followers_count"] == 1
    assert (await actor_row(world.node, world.claire["uri"]))["following_count"] == 1


async def test_a_follow_that_was_never_asked_is_not_made_by_its_accept(world: World) -> None:
    """SEC-197."""
    bob = await world.roses.person("bob")
    inner = {"type": "Follow", "actor": world.claire["uri"], "object": bob["uri"]}
    accept = world.roses.activity("Accept", bob, inner)
    assert await world.outcome(accept) == "ignored.unknown_follow"
    assert await world.count("follow") == 0
