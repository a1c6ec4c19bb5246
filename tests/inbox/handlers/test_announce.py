"""Announce: what is passed on counts as its own origin says, and only what may be passed on."""

from typing import Any

import pytest

from federation.database import Row
from federation.vocabulary import PUBLIC, Document
from inbox.process import process_due
from tests.inbox.world import Elsewhere, World


def boost(origin: Elsewhere, actor: Row, item: Any, **changes: Any) -> Document:
    cc = [actor["followers_url"]]
    return origin.activity("Announce", actor, item, to=[PUBLIC], cc=cc) | changes


async def test_a_boost_of_ours_is_counted_once_and_told(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(bob, world.claire)
    post = await world.post()
    codes = [await world.outcome(boost(world.roses, bob, post["uri"])) for _ in range(2)]
    assert codes == ["announce.done", "announce.known"]
    stored = await world.status(post["uri"])
    assert stored is not None
    assert stored["reblogs_count"] == 1
    assert await world.told() == [("reblog", bob["id"], post["id"])]


async def test_what_nobody_here_would_see_is_not_fetched(world: World) -> None:
    bob = await world.roses.person("bob")
    code = await world.outcome(boost(world.roses, bob, world.roses.uri("notes/9")))
    assert code == "ignored.not_for_us"
    assert world.roses.asked == []


@pytest.mark.parametrize("embedded", [False, True])
async def test_what_is_unknown_is_fetched_from_its_own_origin(
    world: World, start_origin: Any, embedded: bool
) -> None:
    """SEC-016: what is embedded is not believed."""
    valmont = await start_origin("127.0.0.4")
    bob, carol = await world.roses.person("bob"), await valmont.person("carol")
    await world.follow(world.claire, bob)
    note = valmont.serve(valmont.note(carol, "<p>vrai</p>"))
    item = note | {"content": "<p>faux</p>"} if embedded else note["id"]
    assert await world.outcome(boost(world.roses, bob, item)) == "announce.done"
    status = await world.status(note["id"])
    assert status is not None
    assert (status["content_html"], status["actor_id"]) == ("<p>vrai</p>", carol["id"])
    assert await world.count("status", "reblog_of_id = ?", status["id"]) == 1
    assert await world.told() == []


async def test_what_another_origin_serves_or_nobody_admits_does_not_count(
    world: World, stranger: Elsewhere
) -> None:
    """SEC-006, and a stranger's words do not come in by a neighbour's boost."""
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    foreign = {"uri": stranger.uri("users/m"), "followers_url": None}
    note = stranger.serve(stranger.note(foreign, cc=[]))  # type: ignore[arg-type]
    row = await world.deliver(boost(world.roses, bob, note["id"]))
    assert (row["progress"], row["outcome_code"]) == ("refused", "object.stranger")
    assert stranger.asked == []
    disguised = world.roses.uri("notes/77")
    world.roses.documents["/notes/77"] = note
    row = await world.deliver(boost(world.roses, bob, disguised))
    assert (row["progress"], row["outcome_code"]) == ("refused", "fetch.other_origin")
    assert await world.count("status") == 0


async def test_what_is_not_public_is_passed_on_by_its_author_only_and_no_wider(
    world: World,
) -> None:
    """SEC-012, SEC-195."""
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await world.follow(world.claire, bob)
    await world.follow(world.claire, eve)
    note = world.roses.note(bob, to=[bob["followers_url"]], cc=[])
    await world.deliver(world.roses.create(bob, note))
    code = await world.outcome(boost(world.roses, eve, note["id"]))
    assert code == "refused.not_public"
    wider = boost(world.roses, bob, note["id"])
    assert await world.outcome(wider) == "refused.not_public"
    assert await world.count("status", "reblog_of_id IS NOT NULL") == 0
    own = boost(world.roses, bob, note["id"], to=[bob["followers_url"]], cc=[])
    assert await world.outcome(own) == "announce.done"


async def test_nobody_passes_on_what_of_ours_she_may_not_see(world: World) -> None:
    """SEC-189."""
    bob = await world.roses.person("bob")
    post = await world.post("Entre nous", visibility="private")
    code = await world.outcome(boost(world.roses, bob, post["uri"]))
    assert code == "refused.not_public"
    public = await world.post()
    code = await world.outcome(boost(world.roses, bob, public["uri"]))
    assert code == "refused.not_visible"
    assert await world.count("status", "reblog_of_id IS NOT NULL") == 0


async def test_the_suspended_do_not_come_in_by_a_boost(world: World) -> None:
    """SEC-191."""
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await world.follow(world.claire, bob)
    await world.execute("UPDATE actor SET suspended_at = 1 WHERE id = ?", eve["id"])
    note = world.roses.serve(world.roses.note(eve))
    row = await world.deliver(boost(world.roses, bob, note["id"]))
    assert (row["progress"], row["outcome_code"]) == ("refused", "object.suspended")
    assert await world.count("status") == 0


async def test_what_cannot_be_fetched_now_is_passed_on_later(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    note = world.roses.serve(world.roses.note(bob))
    path = note["id"].removeprefix(world.roses.origin)
    world.roses.statuses[path] = 503
    announce = boost(world.roses, bob, note["id"])
    assert (await world.deliver(announce))["progress"] == "pending"
    del world.roses.statuses[path]
    world.clock.advance(3_600)
    await process_due(world.node)
    assert (await world.record(announce))["outcome_code"] == "announce.done"


async def test_a_group_passes_on_a_page_in_two_forms_and_shows_it_once(world: World) -> None:
    group, bob = await world.roses.person("repas", "Group"), await world.roses.person("bob")
    await world.follow(world.claire, group)
    page = world.roses.serve(world.roses.note(bob, type="Page", name="Purée"))
    inner = world.roses.create(bob, page | {"content": "<p>faux</p>"})
    codes = [await world.outcome(boost(world.roses, group, item)) for item in (inner, page["id"])]
    assert codes == ["announce.done", "announce.known"]
    status = await world.status(page["id"])
    assert status is not None
    assert "faux" not in status["content_html"]
    assert await world.count("status", "reblog_of_id = ?", status["id"]) == 1


async def test_a_comment_that_a_group_passes_on_is_in_the_thread_only(world: World) -> None:
    group, bob = await world.roses.person("repas", "Group"), await world.roses.person("bob")
    await world.follow(world.claire, group)
    page = world.roses.serve(world.roses.note(bob, type="Page", name="Purée"))
    await world.deliver(boost(world.roses, group, page["id"]))
    comment = world.roses.serve(world.roses.note(bob, inReplyTo=page["id"]))
    inner = world.roses.create(bob, comment)
    assert await world.outcome(boost(world.roses, group, inner)) == "announce.stored"
    status, parent = await world.status(comment["id"]), await world.status(page["id"])
    assert status is not None
    assert parent is not None
    assert status["in_reply_to_id"] == parent["id"]
    assert await world.count("status", "reblog_of_id = ?", status["id"]) == 0


async def test_an_update_or_delete_passed_on_counts_as_the_origin_says(world: World) -> None:
    group, bob = await world.roses.person("repas", "Group"), await world.roses.person("bob")
    await world.follow(world.claire, group)
    page = world.roses.serve(world.roses.note(bob, "<p>un</p>"))
    await world.deliver(boost(world.roses, group, page["id"]))
    served = page | {"content": "<p>deux</p>", "updated": "2026-09-21T15:00:00Z"}
    world.roses.serve(served)
    update = world.roses.activity("Update", bob, served | {"content": "<p>faux</p>"})
    assert await world.outcome(boost(world.roses, group, update)) == "announce.stored"
    status = await world.status(page["id"])
    assert status is not None
    assert status["content_html"] == "<p>deux</p>"
    delete = world.roses.activity("Delete", bob, page["id"])
    assert await world.outcome(boost(world.roses, group, delete)) == "refused.still_there"
    del world.roses.documents[page["id"].removeprefix(world.roses.origin)]
    assert await world.outcome(boost(world.roses, group, delete)) == "delete.done"
    assert await world.status(page["id"]) is None


@pytest.mark.parametrize("kind", ["Announce", "Block", "Dislike", "Lock", "Accept"])
async def test_other_inner_activities_have_no_effect(world: World, kind: str) -> None:
    group, bob = await world.roses.person("repas", "Group"), await world.roses.person("bob")
    await world.follow(world.claire, group)
    await world.follow(bob, world.claire)
    post = await world.post()
    inner = world.roses.activity(kind, bob, post["uri"])
    code = await world.outcome(boost(world.roses, group, inner))
    assert code == "ignored.inner_activity"
    assert await world.told() == []
    assert world.roses.asked == []
