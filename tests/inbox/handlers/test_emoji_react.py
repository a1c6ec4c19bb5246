"""EmojiReact: counted as a favourite, its emoji kept, taken back one by one."""

from typing import Any

import pytest

from federation.database import Row
from tests.inbox.world import World


async def reactions(world: World) -> list[str]:
    rows = await world.node.db.rows("SELECT emoji FROM reaction ORDER BY id")
    return [row["emoji"] for row in rows]


async def favourites(world: World, post: Row) -> int:
    stored = await world.status(post["uri"])
    assert stored is not None
    assert stored["favourites_count"] == await world.count("favourite")
    return stored["favourites_count"]


@pytest.mark.parametrize(
    ("kind", "said", "kept"),
    [
        ("EmojiReact", {"content": "🎉"}, "🎉"),
        ("EmojiReact", {"content": ":coeur:"}, ":coeur:"),
        ("Like", {"content": "👍"}, "👍"),
        ("Like", {"_misskey_reaction": ":blob@elsewhere:"}, ":blob@elsewhere:"),
    ],
)
async def test_the_emoji_is_kept_and_counts_as_one_favourite(
    world: World, kind: str, said: dict[str, Any], kept: str
) -> None:
    bob = await world.roses.person("bob")
    await world.follow(bob, world.claire)
    post = await world.post()
    react = world.roses.activity(kind, bob, post["uri"], **said)
    for _ in range(2):
        assert await world.outcome(react) == "like.done"
    assert await reactions(world) == [kept]
    assert await favourites(world, post) == 1
    assert await world.told() == [("favourite", bob["id"], post["id"])]


@pytest.mark.parametrize("content", [None, "", "  ", 7, ["<b>"], "<script>", "x" * 101, "a\nb"])
async def test_what_is_no_emoji_is_no_reaction(world: World, content: Any) -> None:
    bob = await world.roses.person("bob")
    await world.follow(bob, world.claire)
    post = await world.post()
    react = world.roses.activity("EmojiReact", bob, post["uri"], content=content)
    assert await world.outcome(react) == "refused.no_emoji"
    assert (await reactions(world), await favourites(world, post)) == ([], 0)
    # Its twin: a Like needs none.
    like = world.roses.activity("Like", bob, post["uri"], content=content)
    assert await world.outcome(like) == "like.done"
    assert (await reactions(world), await favourites(world, post)) == ([], 1)


async def test_who_may_not_see_cannot_react(world: World) -> None:
    bob = await world.roses.person("bob")
    post = await world.post("Entre nous", visibility="private")
    early = world.roses.activity("EmojiReact", bob, post["uri"], content="🎉")
    assert await world.outcome(early) == "refused.not_visible"
    assert await reactions(world) == []
    await world.follow(bob, world.claire)
    late = world.roses.activity("EmojiReact", bob, post["uri"], content="🎉")
    assert await world.outcome(late) == "like.done"
    assert await reactions(world) == ["🎉"]


async def test_each_emoji_is_taken_back_alone_and_the_favourite_with_the_last(
    world: World,
) -> None:
    bob, carol = await world.roses.person("bob"), await world.roses.person("carol")
    await world.follow(bob, world.claire)
    post = await world.post()
    one, two = (
        world.roses.activity("EmojiReact", bob, post["uri"], content=emoji) for emoji in "🎉👍"
    )
    for react in (one, two):
        await world.deliver(react)
    assert (await reactions(world), await favourites(world, post)) == (["🎉", "👍"], 1)
    # Nobody else takes it back.
    stolen = world.roses.activity("Undo", carol, one["id"])
    assert await world.outcome(stolen) == "refused.not_author"
    assert await reactions(world) == ["🎉", "👍"]
    undo = world.roses.activity("Undo", bob, one)
    assert await world.outcome(undo) == "undo.done"
    assert (await reactions(world), await favourites(world, post)) == (["👍"], 1)
    assert await world.told() == [("favourite", bob["id"], post["id"])]
    assert await world.outcome(world.roses.activity("Undo", bob, two["id"])) == "undo.done"
    assert (await reactions(world), await favourites(world, post)) == ([], 0)
    assert await world.told() == []


async def test_a_like_and_a_reaction_stand_for_each_other(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(bob, world.claire)
    post = await world.post()
    like = world.roses.activity("Like", bob, post["uri"])
    react = world.roses.activity("EmojiReact", bob, post["uri"], content="🎉")
    for activity in (like, react):
        await world.deliver(activity)
    assert await world.outcome(world.roses.activity("Undo", bob, like)) == "undo.done"
    assert (await reactions(world), await favourites(world, post)) == (["🎉"], 1)
    assert await world.outcome(world.roses.activity("Undo", bob, react)) == "undo.done"
    assert (await reactions(world), await favourites(world, post)) == ([], 0)
