"""Follow: answered at once, asked of the target, or refused."""

import pytest

from actors.follows import block
from tests.inbox.world import World, actor_row


async def test_a_follow_is_accepted_at_once_with_the_whole_follow(world: World) -> None:
    bob = await world.roses.person("bob")
    follow = world.roses.activity("Follow", bob, world.claire["uri"])
    assert await world.outcome(follow) == "follow.accepted"
    assert await world.follow_state(bob, world.claire) == "accepted"
    assert await world.told() == [("follow", bob["id"], 0)]
    (accept,) = await world.sent()
    inner = {name: value for name, value in follow.items() if name != "@context"}
    assert (accept["type"], accept["actor"], accept["object"]) == (
        "Accept",
        world.claire["uri"],
        inner,
    )


async def test_a_repeated_follow_is_accepted_again_and_counts_once(world: World) -> None:
    bob = await world.roses.person("bob")
    first, follow = [world.roses.activity("Follow", bob, world.claire["uri"]) for _ in range(2)]
    for document in (first, follow):
        assert await world.outcome(document) == "follow.accepted"
    accepts = await world.sent()
    assert [item["type"] for item in accepts] == ["Accept", "Accept"]
    assert accepts[1]["object"]["id"] == follow["id"]
    claire = await actor_row(world.node, world.claire["uri"])
    assert claire["followers_count"] == 1
    assert len(await world.told()) == 1


async def test_who_decides_herself_is_asked_and_nothing_is_sent(world: World) -> None:
    await world.execute("UPDATE actor SET locked = ? WHERE id = ?", True, world.claire["id"])
    bob = await world.roses.person("bob")
    follow = world.roses.activity("Follow", bob, world.claire["uri"])
    assert await world.outcome(follow) == "follow.asked"
    assert await world.follow_state(bob, world.claire) == "pending"
    assert await world.told() == [("follow_request", bob["id"], 0)]
    assert await world.sent() == []


async def test_the_follower_cannot_accept_itself(world: World) -> None:
    """SEC-188: a locked actor's follow stays pending through every path."""
    await world.execute("UPDATE actor SET locked = ? WHERE id = ?", True, world.claire["id"])
    bob = await world.roses.person("bob")
    follow = world.roses.activity("Follow", bob, world.claire["uri"])
    await world.deliver(follow)
    accept = world.roses.activity("Accept", bob, follow)
    assert await world.outcome(accept) == "ignored.unknown_follow"
    assert await world.follow_state(bob, world.claire) == "pending"


@pytest.mark.parametrize("column", ["suspended_at", "moved_to_uri"])
async def test_who_cannot_be_followed_rejects(world: World, column: str) -> None:
    value = 1 if column == "suspended_at" else "https://x.example/users/1"
    await world.execute(f"UPDATE actor SET {column} = ? WHERE id = ?", value, world.claire["id"])
    bob = await world.roses.person("bob")
    follow = world.roses.activity("Follow", bob, world.claire["uri"])
    row = await world.deliver(follow)
    assert (row["progress"], row["outcome_code"]) == ("refused", "refused.follow_rejected")
    assert [item["type"] for item in await world.sent()] == ["Reject"]
    assert await world.count("follow") == 0


async def test_the_blocked_are_rejected_and_others_are_not(world: World) -> None:
    bob, carol = await world.roses.person("bob"), await world.roses.person("carol")
    await world.node.db.write(
        lambda tx: block(world.node, tx, world.claire["id"], bob["id"], "https://x.example/b")
    )
    for person, code in ((bob, "refused.follow_rejected"), (carol, "follow.accepted")):
        follow = world.roses.activity("Follow", person, world.claire["uri"])
        assert await world.outcome(follow) == code
    assert await world.follow_state(bob, world.claire) is None
    assert [kind for kind, *_ in await world.told()] == ["follow"]


async def test_nobody_follows_the_instance_actor(world: World) -> None:
    bob = await world.roses.person("bob")
    follow = world.roses.activity("Follow", bob, world.node.uris.instance_actor)
    assert await world.outcome(follow) == "refused.follow_rejected"
    assert [item["type"] for item in await world.sent()] == ["Reject"]


async def test_who_is_not_here_cannot_be_followed_here(world: World) -> None:
    bob = await world.roses.person("bob")
    nobody = world.roses.activity("Follow", bob, world.node.uris.actor(7))
    assert await world.outcome(nobody) == "refused.unknown_target"
    elsewhere = world.roses.activity("Follow", bob, "https://x.example/users/1")
    assert await world.outcome(elsewhere) == "ignored.not_for_us"
    assert await world.count("follow") == 0
    assert await world.sent() == []


async def test_an_id_that_another_follow_has_is_refused(world: World) -> None:
    bob, carol = await world.roses.person("bob"), await world.roses.person("carol")
    follow = world.roses.activity("Follow", bob, world.claire["uri"])
    await world.deliver(follow)
    stolen = world.roses.activity("Follow", carol, world.claire["uri"], id=follow["id"])
    row = await world.deliver(stolen)
    assert row["outcome_code"] == "follow.uri_taken"
    assert await world.follow_state(carol, world.claire) is None
    assert await world.follow_state(bob, world.claire) == "accepted"
