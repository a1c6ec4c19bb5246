"""QuoteRequest: answered by the policy, with a stamp that others can check."""

from typing import Any

import pytest

from federation.database import Row
from federation.vocabulary import Document
from outbox.quotes import set_policy
from tests.inbox.world import World


def quoting(world: World, author: Row, post: Row, **changes: Any) -> Document:
    """A note of somebody elsewhere that quotes a status of Claire's."""
    return world.roses.note(author, "<p>À lire</p>", quote=post["uri"], **changes)


def request(world: World, author: Row, post: Row, note: Any, **changes: Any) -> Document:
    return world.roses.activity("QuoteRequest", author, post["uri"], instrument=note, **changes)


async def state(world: World, note: Document) -> str | None:
    row = await world.status(note["id"])
    return None if row is None else row["quote_state"]


async def test_an_open_policy_accepts_with_a_stamp(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(bob, world.claire)
    post = await world.post()
    note = quoting(world, bob, post)
    asked = request(world, bob, post, note)
    for _ in range(2):
        assert await world.outcome(asked) == "quote_request.accepted"
    stored = await world.status(note["id"])
    assert stored is not None
    stamp = world.node.uris.stamp(post["id"], stored["id"])
    accept = (await world.sent())[-1]
    assert (accept["type"], accept["actor"], accept["to"]) == (
        "Accept",
        world.claire["uri"],
        [bob["uri"]],
    )
    assert (accept["object"]["id"], accept["result"]) == (asked["id"], stamp)
    assert await world.told() == [("quote", bob["id"], stored["id"])]
    counted = await world.status(post["uri"])
    assert counted is not None
    assert (await state(world, note), counted["quotes_count"]) == ("accepted", 1)


async def test_a_request_that_only_names_the_note_is_answered_once_it_was_fetched(
    world: World,
) -> None:
    bob = await world.roses.person("bob")
    await world.follow(bob, world.claire)
    post = await world.post()
    note = world.roses.serve(quoting(world, bob, post))
    assert await world.outcome(request(world, bob, post, note["id"])) == "quote_request.accepted"
    missing = world.roses.uri("notes/nowhere")
    assert await world.outcome(request(world, bob, post, missing)) == "fetch.not_found"


@pytest.mark.parametrize("policy", ["nobody", "followers"])
async def test_a_narrower_policy_rejects_those_outside(world: World, policy: str) -> None:
    bob, carol = await world.roses.person("bob"), await world.roses.person("carol")
    await world.follow(bob, world.claire)
    post = await world.post()
    await set_policy(world.node, post, policy)
    note = quoting(world, carol, post)
    asked = request(world, carol, post, note)
    assert await world.outcome(asked) == "quote_request.rejected"
    assert (await world.sent())[-1]["type"] == "Reject"
    assert await state(world, note) is None, "nothing is kept"
    assert await world.told() == []
    followed = request(world, bob, post, quoting(world, bob, post))
    expected = "accepted" if policy == "followers" else "rejected"
    assert await world.outcome(followed) == f"quote_request.{expected}"


async def test_who_may_not_see_hears_nothing(world: World) -> None:
    """SEC-195: neither that it is there nor a Reject that would tell."""
    bob = await world.roses.person("bob")
    post = await world.post("Entre nous", visibility="private")
    before = len(await world.sent())
    for quoted in (post, {"uri": world.node.uris.status(5)}):
        asked = request(world, bob, quoted, quoting(world, bob, quoted))  # pyright: ignore[reportArgumentType]
        assert await world.outcome(asked) == "refused.not_visible"
    assert len(await world.sent()) == before
    await world.follow(bob, world.claire)
    asked = request(world, bob, post, quoting(world, bob, post))
    assert await world.outcome(asked) == "quote_request.rejected"


async def test_a_request_speaks_for_its_sender_and_for_this_quote_alone(world: World) -> None:
    bob, carol = await world.roses.person("bob"), await world.roses.person("carol")
    await world.follow(bob, world.claire)
    post, other = await world.post(), await world.post("Autre")
    theirs = quoting(world, carol, post)
    assert await world.outcome(request(world, bob, post, theirs)) == "refused.not_author"
    foreign = quoting(world, bob, post, id="http://127.0.0.9/notes/1")
    assert await world.outcome(request(world, bob, post, foreign)) == "refused.foreign_object"
    note = quoting(world, bob, other)
    assert await world.outcome(request(world, bob, post, note)) == "refused.other_quote"
    plain = world.roses.note(bob)
    assert await world.outcome(request(world, bob, post, plain)) == "refused.other_quote"
    # What it quotes is not changed by saying so afterwards.
    await world.deliver(world.roses.create(bob, note))
    changed = note | {"quote": post["uri"]}
    assert await world.outcome(request(world, bob, post, changed)) == "refused.other_quote"
    assert await state(world, note) == "pending"
    assert await world.outcome(request(world, bob, other, note)) == "quote_request.accepted"
    elsewhere = world.roses.activity("QuoteRequest", bob, world.roses.uri("n/1"), instrument=note)
    assert await world.outcome(elsewhere) == "ignored.not_for_us"
    nameless = world.roses.activity("QuoteRequest", bob, post["uri"])
    assert await world.outcome(nameless) == "refused.object_id"


async def test_a_quote_without_leave_waits(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(bob, world.claire)
    await world.follow(world.claire, bob)
    post = await world.post()
    note = quoting(world, bob, post)
    await world.deliver(world.roses.create(bob, note))
    assert await state(world, note) == "pending"
    assert await world.told() == []
    # Its own word that it has leave is none.
    stored = await world.status(note["id"])
    assert stored is not None
    claimed = note | {"quoteAuthorization": world.node.uris.stamp(post["id"], stored["id"])}
    await world.deliver(world.roses.activity("Update", bob, claimed, to=note["to"]))
    assert await state(world, note) == "pending"


@pytest.mark.parametrize("spelling", ["quoteUrl", "quoteUri", "_misskey_quote"])
async def test_older_spellings_stand_where_the_policy_allows(world: World, spelling: str) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    opened, closed = await world.post(), await world.post("Autre")
    await set_policy(world.node, closed, "nobody")
    for post, expected in ((opened, "accepted"), (closed, "pending")):
        note = world.roses.note(bob, "<p>À lire</p>", **{spelling: post["uri"]})
        await world.deliver(world.roses.create(bob, note))
        assert await state(world, note) == expected
    assert [kind for kind, *_ in await world.told()] == ["quote"]
