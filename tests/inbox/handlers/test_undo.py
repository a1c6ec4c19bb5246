"""Undo: by its author, in every spelling, in any order."""

from typing import Any

import pytest

from federation.vocabulary import Document
from tests.inbox.world import World


def whole(done: Document) -> Any:
    return done


def by_id(done: Document) -> Any:
    return done["id"]


def without_id(done: Document) -> Any:
    return {name: value for name, value in done.items() if name != "id"}


def made_up_id(done: Document) -> Any:
    """Lemmy writes the undone activity anew, with another id."""
    return done | {"id": done["id"] + "/again"}


SPELLINGS = pytest.mark.parametrize("written", [whole, by_id, without_id, made_up_id])


@SPELLINGS
async def test_a_follow_is_undone_by_its_author_only(world: World, written: Any) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    follow = world.roses.activity("Follow", bob, world.claire["uri"])
    await world.deliver(follow)
    forged = world.roses.activity("Undo", eve, written(follow))
    assert await world.outcome(forged) == "refused.not_author"
    assert await world.follow_state(bob, world.claire) == "accepted"
    undo = world.roses.activity("Undo", bob, written(follow))
    assert await world.outcome(undo) == "undo.done"
    assert await world.follow_state(bob, world.claire) is None
    assert await world.told() == []


@SPELLINGS
async def test_a_like_is_undone_by_its_author_only(world: World, written: Any) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await world.follow(bob, world.claire)
    post = await world.post()
    like = world.roses.activity("Like", bob, post["uri"])
    await world.deliver(like)
    forged = world.roses.activity("Undo", eve, written(like))
    assert await world.outcome(forged) == "refused.not_author"
    assert await world.count("favourite") == 1
    assert await world.outcome(world.roses.activity("Undo", bob, written(like))) == "undo.done"
    assert await world.count("favourite") == 0
    assert await world.told() == []
    stored = await world.status(post["uri"])
    assert stored is not None
    assert stored["favourites_count"] == 0


@SPELLINGS
async def test_a_boost_is_undone_by_its_author_only(world: World, written: Any) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await world.follow(bob, world.claire)
    post = await world.post()
    cc = [bob["followers_url"]]
    boost = world.roses.activity("Announce", bob, post["uri"], to=["as:Public"], cc=cc)
    assert await world.outcome(boost) == "announce.done"
    forged = world.roses.activity("Undo", eve, written(boost))
    assert await world.outcome(forged) == "refused.not_author"
    assert await world.count("status", "reblog_of_id = ?", post["id"]) == 1
    assert await world.outcome(world.roses.activity("Undo", bob, written(boost))) == "undo.done"
    assert await world.count("status", "reblog_of_id = ?", post["id"]) == 0
    assert await world.told() == []


@pytest.mark.parametrize("kind", ["Follow", "Like"])
async def test_what_is_undone_before_it_comes_has_no_effect(world: World, kind: str) -> None:
    """REL-026."""
    bob, carol = await world.roses.person("bob"), await world.roses.person("carol")
    await world.follow(carol, world.claire)
    post = await world.post()
    item = world.claire["uri"] if kind == "Follow" else post["uri"]
    late = world.roses.activity(kind, bob, item)
    assert await world.outcome(world.roses.activity("Undo", bob, late)) == "undo.before"
    assert await world.outcome(late) == "ignored.undone"
    assert await world.follow_state(bob, world.claire) is None
    assert await world.count("favourite") == 0
    assert await world.told() == []


async def test_nobody_keeps_out_what_is_of_another_origin_or_actor(world: World) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    foreign = world.roses.activity("Undo", eve, "https://x.example/likes/1")
    assert await world.outcome(foreign) == "refused.not_author"
    assert await world.count("tombstone") == 0
    follow = world.roses.activity("Follow", bob, world.claire["uri"])
    await world.deliver(world.roses.activity("Undo", eve, follow["id"]))
    assert await world.outcome(follow) == "follow.accepted"


async def test_an_undo_of_an_earlier_follow_does_not_end_a_later_one(world: World) -> None:
    bob = await world.roses.person("bob")
    first = world.roses.activity("Follow", bob, world.claire["uri"])
    second = world.roses.activity("Follow", bob, world.claire["uri"])
    for document in (first, second):
        await world.deliver(document)
    assert await world.outcome(world.roses.activity("Undo", bob, first)) == "undo.nothing"
    assert await world.follow_state(bob, world.claire) == "accepted"


@pytest.mark.parametrize("item", [{"type": "Delete", "id": "x"}, {"type": "Accept"}])
async def test_what_cannot_be_undone_is_stored_as_such(world: World, item: Any) -> None:
    bob = await world.roses.person("bob")
    assert await world.outcome(world.roses.activity("Undo", bob, item)) == "ignored.undo_type"
