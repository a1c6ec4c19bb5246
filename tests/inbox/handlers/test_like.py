"""Like and its kin: counted once, by whoever may see."""

import pytest

from actors.follows import mute
from tests.inbox.world import World


@pytest.mark.parametrize("kind", ["Like", "EmojiReact"])
async def test_a_reaction_is_counted_once_and_told_once(world: World, kind: str) -> None:
    bob = await world.roses.person("bob")
    await world.follow(bob, world.claire)
    post = await world.post()
    for _ in range(2):
        like = world.roses.activity(kind, bob, post["uri"], content=":coeur:")
        assert await world.outcome(like) == "like.done"
    stored = await world.status(post["uri"])
    assert stored is not None
    assert stored["favourites_count"] == 1
    assert await world.told() == [("favourite", bob["id"], post["id"])]


async def test_who_may_not_see_cannot_react(world: World) -> None:
    """SEC-189: for a follower it counts, for the same person before following it does not."""
    bob = await world.roses.person("bob")
    post = await world.post("Entre nous", visibility="private")
    early = world.roses.activity("Like", bob, post["uri"])
    row = await world.deliver(early)
    assert (row["progress"], row["outcome_code"]) == ("refused", "refused.not_visible")
    assert await world.count("favourite") == 0
    assert await world.told() == []
    await world.follow(bob, world.claire)
    assert await world.outcome(world.roses.activity("Like", bob, post["uri"])) == "like.done"


async def test_a_neighbour_of_a_follower_may_react_to_what_is_public_only(world: World) -> None:
    bob, carol = await world.roses.person("bob"), await world.roses.person("carol")
    await world.follow(bob, world.claire)
    public, private = await world.post(), await world.post("Entre nous", visibility="private")
    for post, code in ((public, "like.done"), (private, "refused.not_visible")):
        like = world.roses.activity("Like", carol, post["uri"])
        assert await world.outcome(like) == code


async def test_what_is_elsewhere_or_nowhere_is_not_counted(world: World) -> None:
    bob = await world.roses.person("bob")
    elsewhere = world.roses.activity("Like", bob, world.roses.uri("notes/1"))
    assert await world.outcome(elsewhere) == "ignored.not_for_us"
    nowhere = world.roses.activity("Like", bob, world.node.uris.status(5))
    assert await world.outcome(nowhere) == "ignored.unknown_object"


async def test_the_muted_are_counted_and_not_told(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(bob, world.claire)
    claire_id, bob_id = world.claire["id"], bob["id"]
    await world.node.db.write(lambda tx: mute(world.node, tx, claire_id, bob_id))
    post = await world.post()
    assert await world.outcome(world.roses.activity("Like", bob, post["uri"])) == "like.done"
    assert await world.count("favourite") == 1
    assert await world.told() == []
