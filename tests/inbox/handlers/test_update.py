"""Update: by the author, newest wins, whatever the order."""

import pytest

from tests.inbox.world import Elsewhere, World, actor_row

NINE, TEN = "2026-09-21T09:00:00Z", "2026-09-21T10:00:00Z"


async def test_the_author_changes_a_status_and_nobody_else(
    world: World, stranger: Elsewhere
) -> None:
    """SEC-010."""
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob, "<p>à midi</p>")
    await world.deliver(world.roses.create(bob, note))
    changed = note | {"content": "<p>à une heure</p>", "updated": TEN}
    forged = world.roses.activity("Update", eve, changed)
    assert await world.outcome(forged) == "refused.not_author"
    claimed = world.roses.activity("Update", eve, changed | {"attributedTo": eve["uri"]})
    assert await world.outcome(claimed) == "object.not_author"
    foreign = stranger.activity("Update", {"uri": stranger.uri("users/m")}, changed)
    assert (await world.deliver(foreign, stranger))["progress"] == "refused"
    status = await world.status(note["id"])
    assert status is not None
    assert status["content_html"] == "<p>à midi</p>"
    assert await world.outcome(world.roses.activity("Update", bob, changed)) == "update.done"
    status = await world.status(note["id"])
    assert status is not None
    assert status["content_html"] == "<p>à une heure</p>"


async def test_an_older_update_changes_nothing(world: World) -> None:
    """REL-024."""
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob)
    await world.deliver(world.roses.create(bob, note))
    for said, at, code in (("dix", TEN, "update.done"), ("neuf", NINE, "ignored.older")):
        changed = note | {"content": f"<p>{said}</p>", "updated": at}
        assert await world.outcome(world.roses.activity("Update", bob, changed)) == code
    status = await world.status(note["id"])
    assert status is not None
    assert status["content_html"] == "<p>dix</p>"


async def test_an_update_before_its_create_stands_in_for_it(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob, "<p>avant</p>")
    changed = note | {"content": "<p>après</p>", "updated": TEN}
    update = world.roses.activity("Update", bob, changed)
    assert await world.outcome(update) == "create.stored"
    assert await world.outcome(world.roses.create(bob, note)) == "create.known"
    status = await world.status(note["id"])
    assert status is not None
    assert status["content_html"] == "<p>après</p>"


async def test_an_update_of_what_is_not_for_us_or_deleted_stores_nothing(world: World) -> None:
    bob = await world.roses.person("bob")
    note = world.roses.note(bob)
    update = world.roses.activity("Update", bob, note)
    assert await world.outcome(update) == "ignored.not_for_us"
    await world.follow(world.claire, bob)
    await world.deliver(world.roses.activity("Delete", bob, note["id"]))
    late = world.roses.activity("Update", bob, note | {"updated": TEN})
    assert await world.outcome(late) == "refused.deleted"
    assert await world.count("status") == 0


async def test_a_tally_is_no_edit(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)

    def options(votes: int) -> list[object]:
        return [{"type": "Note", "name": "oui", "replies": {"totalItems": votes}}]

    question = world.roses.note(bob, type="Question", oneOf=options(0))
    await world.deliver(world.roses.create(bob, question))
    tally = world.roses.activity("Update", bob, question | {"oneOf": options(4)})
    assert await world.outcome(tally) == "update.tally"
    status = await world.status(question["id"])
    assert status is not None
    assert status["edited_at"] is None
    assert await world.node.db.value("SELECT votes_count FROM poll_option") == 4


async def test_who_passed_it_on_is_told_that_it_says_something_else(world: World) -> None:
    bob, denis = await world.roses.person("bob"), await world.local("denis")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob)
    await world.deliver(world.roses.create(bob, note))
    status = await world.status(note["id"])
    assert status is not None
    await world.execute(
        "INSERT INTO status (id, uri, actor_id, audience_id, audience_kind, is_local, type,"
        " thread_root_id, reblog_of_id, published_at)"
        " VALUES (1, 'x', ?, ?, 'public', ?, 'Announce', 1, ?, 0)",
        denis["id"],
        status["audience_id"],
        True,
        status["id"],
    )
    changed = note | {"content": "<p>autre</p>", "updated": TEN}
    await world.deliver(world.roses.activity("Update", bob, changed))
    assert await world.told(denis) == [("update", bob["id"], status["id"])]
    assert await world.told() == []


async def test_an_actor_changes_itself_and_nobody_else(world: World) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    document = world.roses.actor_document("bob", name="Bob le cuisinier")
    forged = world.roses.activity("Update", eve, document)
    assert await world.outcome(forged) == "refused.not_author"
    assert (await actor_row(world.node, bob["uri"]))["display_name"] == ""
    assert await world.outcome(world.roses.activity("Update", bob, document)) == "update.actor"
    assert (await actor_row(world.node, bob["uri"]))["display_name"] == "Bob le cuisinier"
    assert world.roses.asked == []


@pytest.mark.parametrize("change", ["preferredUsername", "inbox"])
async def test_a_new_name_or_inbox_counts_only_as_its_origin_says(
    world: World, change: str
) -> None:
    """SEC-009: the document in the activity is not believed, the one served is."""
    bob = await world.roses.person("bob")
    value = "robert" if change == "preferredUsername" else world.roses.uri("other/inbox")
    document = world.roses.actor_document("bob", **{change: value})
    assert await world.outcome(world.roses.activity("Update", bob, document)) == "update.actor"
    row = await actor_row(world.node, bob["uri"])
    assert (row["username"], row["inbox_url"]) == ("bob", bob["inbox_url"])
    assert world.roses.asked == ["/users/bob"]


async def test_an_inbox_or_a_key_of_another_origin_changes_nothing(world: World) -> None:
    bob = await world.roses.person("bob")
    for change in (
        {"inbox": "https://x.example/inbox"},
        {"publicKey": {"id": "https://x.example/k", "owner": "https://x.example/u"}},
    ):
        document = world.roses.actor_document("bob", **change)
        row = await world.deliver(world.roses.activity("Update", bob, document))
        assert row["progress"] == "refused"
    assert (await actor_row(world.node, bob["uri"]))["inbox_url"] == bob["inbox_url"]


async def test_an_actor_given_by_its_id_is_fetched(world: World) -> None:
    bob = await world.roses.person("bob")
    world.roses.serve(world.roses.actor_document("bob", name="Robert"))
    assert await world.outcome(world.roses.activity("Update", bob, bob["uri"])) == "update.actor"
    assert (await actor_row(world.node, bob["uri"]))["display_name"] == "Robert"
