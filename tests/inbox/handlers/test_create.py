"""Create: the author's own, on its own origin, if it is for somebody here."""

from typing import Any

import pytest

from actors import follows
from federation.database import Transaction
from federation.vocabulary import PUBLIC
from outbox.audience import mentioned_rows
from outbox.visibility import Person, visible
from tests.inbox.world import Elsewhere, World


async def test_what_somebody_followed_writes_is_stored_once(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob, "<p>Le repas est à midi.</p>")
    assert await world.outcome(world.roses.create(bob, note)) == "create.stored"
    assert await world.outcome(world.roses.create(bob, note)) == "create.known"
    status = await world.status(note["id"])
    assert status is not None
    assert (status["content_html"], status["audience_kind"]) == (note["content"], "public")
    assert await world.told() == []


async def test_what_nobody_here_follows_is_not_kept(world: World) -> None:
    bob = await world.roses.person("bob")
    create = world.roses.create(bob, world.roses.note(bob))
    assert await world.outcome(create) == "ignored.not_for_us"
    assert await world.count("status") == 0
    assert world.roses.asked == []


async def test_whom_one_follows_in_vain_is_not_read(world: World) -> None:
    """SEC-159: asked is not followed."""
    bob, denis = await world.roses.person("bob"), await world.local("denis")
    await world.follow(world.claire, bob, "pending")
    await world.follow(denis, bob)
    note = world.roses.note(bob, to=[bob["followers_url"]], cc=[])
    assert await world.outcome(world.roses.create(bob, note)) == "create.stored"
    status = await world.status(note["id"])
    assert status is not None
    assert await visible(world.node.db, Person(world.claire["id"]), status["id"]) is None
    assert await visible(world.node.db, Person(denis["id"]), status["id"]) is not None


async def test_a_closed_circle_of_elsewhere_that_leaks_is_not_kept(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob, to=[world.roses.uri("audiences/x")], cc=[])
    assert await world.outcome(world.roses.create(bob, note)) == "ignored.not_for_us"


async def test_whom_it_names_is_told_once_and_others_do_not_see_it(world: World) -> None:
    bob, denis = await world.roses.person("bob"), await world.local("denis")
    note = world.roses.note(bob, to=world.claire["uri"], cc=None)
    note["tag"] = {"type": "Mention", "href": world.claire["uri"]}
    for _ in range(2):
        await world.deliver(world.roses.create(bob, note))
    status = await world.status(note["id"])
    assert status is not None
    assert await world.told() == [("mention", bob["id"], status["id"])]
    assert await visible(world.node.db, Person(denis["id"]), status["id"]) is None


async def test_who_is_written_to_beside_us_is_met_so_that_an_answer_reaches_her(
    world: World, stranger: Elsewhere
) -> None:
    bob = await world.roses.person("bob")
    others = [world.roses.serve(world.roses.actor_document(name))["id"] for name in ("eve", "fay")]
    foreign = stranger.serve(stranger.actor_document("mallory"))["id"]
    people = [world.claire["uri"], *others, foreign]
    tags = [{"type": "Mention", "href": uri} for uri in people]
    note = world.roses.note(bob, to=people, cc=[], tag=tags)
    assert await world.outcome(world.roses.create(bob, note)) == "create.stored"
    status = await world.status(note["id"])
    assert status is not None
    named = {row["uri"] for row in await mentioned_rows(world.node.db, status["id"])}
    # Who lives where this node does not exchange is not asked for, and stays a name in a text.
    assert named == {world.claire["uri"], *others}
    assert stranger.asked == []


async def test_a_public_post_makes_nobody_asked_for(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    eve = world.roses.serve(world.roses.actor_document("eve"))["id"]
    note = world.roses.note(bob, tag=[{"type": "Mention", "href": eve}])
    note["cc"] = [eve]
    assert await world.outcome(world.roses.create(bob, note)) == "create.stored"
    assert world.roses.asked == []


@pytest.mark.parametrize("who", ["block", "mute"])
async def test_who_is_blocked_or_muted_tells_nothing(world: World, who: str) -> None:
    bob = await world.roses.person("bob")
    claire_id, bob_id = world.claire["id"], bob["id"]

    async def work(tx: Transaction) -> None:
        if who == "block":
            await follows.block(world.node, tx, claire_id, bob_id, "https://x.example/blocks/1")
        else:
            await follows.mute(world.node, tx, claire_id, bob_id)

    await world.node.db.write(work)
    note = world.roses.note(bob, to=[world.claire["uri"]], cc=[])
    assert await world.outcome(world.roses.create(bob, note)) == "create.stored"
    assert await world.told() == []


async def test_who_asked_to_hear_of_each_post_is_told(world: World) -> None:
    bob, denis = await world.roses.person("bob"), await world.local("denis")
    for follower in (world.claire, denis):
        await world.follow(follower, bob)
    await world.execute(
        "UPDATE follow SET notify = ? WHERE follower_id = ?", True, world.claire["id"]
    )
    await world.deliver(world.roses.create(bob, world.roses.note(bob)))
    assert [kind for kind, *_ in await world.told()] == ["status"]
    assert await world.told(denis) == []


@pytest.mark.parametrize("author", [1, "1", None, [], {"id": 1}, True, "local", "other"])
async def test_only_its_own_author_creates_an_object(world: World, author: Any) -> None:
    """SEC-008, SEC-013."""
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await world.follow(world.claire, bob)
    named = {"local": world.claire["uri"], "other": eve["uri"]}
    note = world.roses.note(bob)
    claimed = named.get(author, author) if isinstance(author, str) else author
    forged = world.roses.create(bob, note | {"attributedTo": claimed})
    row = await world.deliver(forged)
    assert (row["progress"], row["outcome_code"]) == ("refused", "refused.not_author")
    assert await world.count("status") == 0
    assert await world.outcome(world.roses.create(bob, note)) == "create.stored"


@pytest.mark.parametrize("shape", ["text", "object", "list"])
async def test_an_author_may_be_written_in_many_ways(world: World, shape: str) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    uri = bob["uri"]
    shapes: dict[str, Any] = {"text": uri, "object": {"id": uri}, "list": [{"id": "x"}, uri]}
    note = world.roses.note(bob, attributedTo=shapes[shape])
    assert await world.outcome(world.roses.create(bob, note)) == "create.stored"


async def test_the_object_is_on_the_authors_origin_to_the_port(
    world: World, stranger: Elsewhere
) -> None:
    """SEC-014."""
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    for uri in (stranger.uri("notes/1"), world.node.uris.status(1), "notes/1", 7, None):
        forged = world.roses.create(bob, world.roses.note(bob) | {"id": uri})
        assert (await world.deliver(forged))["progress"] == "refused"
    assert await world.count("status") == 0


async def test_an_object_given_by_its_id_is_fetched_from_its_origin(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    note = world.roses.serve(world.roses.note(bob))
    create = world.roses.activity("Create", bob, note["id"], to=[PUBLIC])
    assert await world.outcome(create) == "create.stored"
    stolen = world.roses.activity("Create", bob, "https://x.example/notes/1", to=[PUBLIC])
    assert await world.outcome(stolen) == "refused.object_id"
    assert await world.count("status") == 1


async def test_without_everybody_an_answer_to_a_public_status_is_not_public(world: World) -> None:
    """SEC-190."""
    post = await world.post()
    bob = await world.roses.person("bob")
    note = world.roses.note(bob, to=[world.claire["uri"]], cc=[], inReplyTo=post["uri"])
    await world.deliver(world.roses.create(bob, note))
    status = await world.status(note["id"])
    assert status is not None
    assert (status["audience_kind"], status["in_reply_to_id"]) == ("named", post["id"])


@pytest.mark.parametrize("kind", ["Playlist", "ChatMessage", "Tombstone"])
async def test_objects_that_are_no_status_are_stored_as_such(world: World, kind: str) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    create = world.roses.create(bob, world.roses.note(bob, type=kind))
    assert await world.outcome(create) == "ignored.object_type"
    assert await world.count("status") == 0


async def _poll(world: World, *, multiple: bool, ends_in_s: int = 600) -> Any:
    post = await world.post("Quel jour ?")
    ends_at = world.clock() + ends_in_s * 1000
    await world.execute("UPDATE status SET type = 'Question' WHERE id = ?", post["id"])
    await world.execute(
        "INSERT INTO poll (id, status_id, multiple, ends_at) VALUES (1, ?, ?, ?)",
        post["id"],
        multiple,
        ends_at,
    )
    for place, title in enumerate(("mardi", "jeudi")):
        await world.execute(
            "INSERT INTO poll_option (poll_id, position, title) VALUES (1, ?, ?)", place, title
        )
    return post


async def _votes(world: World) -> list[int]:
    rows = await world.node.db.rows("SELECT votes_count FROM poll_option ORDER BY position")
    return [row["votes_count"] for row in rows]


def _vote(world: World, voter: Any, post: Any, title: str) -> dict[str, Any]:
    uri = world.roses.new_uri("votes")
    return {
        "id": uri,
        "type": "Note",
        "name": title,
        "attributedTo": voter["uri"],
        "inReplyTo": post["uri"],
        "to": [world.claire["uri"]],
    }


async def test_a_vote_counts_once_and_only_for_what_is_asked(world: World) -> None:
    """SEC-200."""
    bob = await world.roses.person("bob")
    await world.follow(bob, world.claire)
    post = await _poll(world, multiple=False)
    codes = ["vote.counted", "ignored.vote.twice", "ignored.vote.twice"]
    for title, code in zip(("jeudi", "jeudi", "mardi"), codes, strict=True):
        create = world.roses.create(bob, _vote(world, bob, post, title))
        assert await world.outcome(create) == code
    unknown = world.roses.create(bob, _vote(world, bob, post, "lundi"))
    assert await world.outcome(unknown) == "ignored.vote.unknown_option"
    assert await _votes(world) == [0, 1]
    assert await world.count("status") == 1


async def test_several_votes_come_in_one_create_where_several_are_allowed(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(bob, world.claire)
    post = await _poll(world, multiple=True)
    votes = [_vote(world, bob, post, title) for title in ("mardi", "jeudi")]
    create = world.roses.activity("Create", bob, votes, to=[world.claire["uri"]])
    assert await world.outcome(create) == "vote.counted"
    assert await _votes(world) == [1, 1]
    assert await world.node.db.value("SELECT voters_count FROM poll") == 1


async def test_nobody_votes_after_the_end_or_on_what_she_may_not_see(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(bob, world.claire)
    post = await _poll(world, multiple=False, ends_in_s=-1)
    create = world.roses.create(bob, _vote(world, bob, post, "mardi"))
    assert await world.outcome(create) == "ignored.vote.ended"
    await world.execute("UPDATE poll SET ends_at = NULL")
    await world.execute("UPDATE status SET audience_kind = 'named' WHERE id = ?", post["id"])
    create = world.roses.create(bob, _vote(world, bob, post, "mardi"))
    assert await world.outcome(create) == "refused.not_visible"
    assert await _votes(world) == [0, 0]
