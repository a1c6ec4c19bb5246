"""What a group passes on besides statuses: as its own origin serves it, or not at all."""

from typing import Any

from federation.vocabulary import PUBLIC, Document
from tests.inbox.world import World, actor_row


async def _page(world: World) -> tuple[Any, Any, Any]:
    """(group, author, status) of a page that a followed group passed on."""
    group, bob = await world.roses.person("repas", "Group"), await world.roses.person("bob")
    await world.follow(world.claire, group)
    page = world.roses.serve(world.roses.note(bob))
    await world.deliver(_announce(world, group, page["id"]))
    return group, bob, await world.status(page["id"])


def _announce(world: World, group: Any, item: Any) -> Document:
    return world.roses.activity("Announce", group, item, to=[PUBLIC], cc=[group["followers_url"]])


async def test_a_reaction_counts_when_its_origin_serves_it(world: World) -> None:
    group, bob, status = await _page(world)
    like = world.roses.activity("Like", bob, status["uri"])
    row = await world.deliver(_announce(world, group, like))
    assert (row["progress"], row["outcome_code"]) == ("refused", "fetch.not_found")
    assert await world.count("favourite") == 0
    world.roses.serve(like)
    for _ in range(2):
        assert await world.outcome(_announce(world, group, like)) == "like.done"
    assert await world.count("favourite") == 1
    undo = world.roses.serve(world.roses.activity("Undo", bob, like))
    assert await world.outcome(_announce(world, group, undo)) == "undo.done"
    assert await world.count("favourite") == 0


async def test_a_reaction_to_what_is_not_here_is_not_fetched(world: World) -> None:
    group, bob, _ = await _page(world)
    world.roses.asked.clear()
    like = world.roses.activity("Like", bob, world.roses.uri("notes/99"))
    assert await world.outcome(_announce(world, group, like)) == "ignored.unknown_object"
    assert world.roses.asked == []


async def test_a_reaction_to_ours_needs_the_right_to_see(world: World) -> None:
    group, bob, _ = await _page(world)
    post = await world.post("Entre nous", visibility="private")
    like = world.roses.serve(world.roses.activity("Like", bob, post["uri"]))
    assert await world.outcome(_announce(world, group, like)) == "refused.not_visible"
    await world.follow(bob, world.claire)
    assert await world.outcome(_announce(world, group, like)) == "like.done"


async def test_a_group_pins_in_its_own_collection_only(world: World) -> None:
    group, bob, status = await _page(world)
    for target, code in (
        (bob["featured_url"], "ignored.collection"),
        (group["featured_url"], "add.pinned"),
    ):
        add = world.roses.activity("Add", bob, status["uri"], target=target)
        assert await world.outcome(_announce(world, group, add)) == code
    group = await actor_row(world.node, group["uri"])
    assert await world.count("pin", "actor_id = ?", group["id"]) == await world.count("pin") == 1
    remove = world.roses.activity("Remove", bob, status["uri"], target=group["featured_url"])
    assert await world.outcome(_announce(world, group, remove)) == "remove.unpinned"
    assert await world.count("pin") == 0
