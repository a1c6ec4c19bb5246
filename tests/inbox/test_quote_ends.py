"""How quotes end: what is quoted goes, or who quotes does, and no counter lies afterwards."""

from actors.remote import mark_deleted
from federation.database import Row
from outbox.statuses import delete
from tests.inbox.world import World


async def quoting(world: World, author: Row, post: Row) -> Row:
    """A status of somebody elsewhere that quotes one of Claire's, with leave."""
    note = world.roses.note(author, "<p>À lire</p>", quote=post["uri"])
    asked = world.roses.activity("QuoteRequest", author, post["uri"], instrument=note)
    assert await world.outcome(asked) == "quote_request.accepted"
    row = await world.status(note["id"])
    assert row is not None
    return row


async def quotes_count(world: World, post: Row) -> int:
    row = await world.status(post["uri"])
    assert row is not None
    return row["quotes_count"]


async def test_the_end_of_who_quotes_and_of_the_quote_is_counted(world: World) -> None:
    bob, carol = await world.roses.person("bob"), await world.roses.person("carol")
    for person in (bob, carol):
        await world.follow(person, world.claire)
    post = await world.post()
    one, _, _ = [await quoting(world, author, post) for author in (bob, bob, carol)]
    assert await quotes_count(world, post) == 3
    gone = world.roses.activity("Delete", bob, one["uri"])
    assert await world.outcome(gone) == "delete.done"
    assert await quotes_count(world, post) == 2
    await world.node.db.write(lambda tx: mark_deleted(world.node, tx, bob))
    assert await quotes_count(world, post) == 1


async def test_what_quoted_somebody_who_is_gone_quotes_nothing(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob)
    await world.deliver(world.roses.create(bob, note))
    denis = await world.roses.person("denis")
    await world.follow(world.claire, denis)
    other = world.roses.note(denis, quoteUrl=note["id"])
    await world.deliver(world.roses.create(denis, other))
    before = await world.status(other["id"])
    assert before is not None
    assert before["quote_state"] == "accepted"
    await world.node.db.write(lambda tx: mark_deleted(world.node, tx, bob))
    after = await world.status(other["id"])
    assert after is not None
    assert (after["quote_state"], after["quote_of_id"]) == ("deleted", None)


async def test_who_quotes_hears_that_it_is_gone(world: World) -> None:
    """The origin that quotes has it, also when nobody there follows its author."""
    bob, carol = await world.roses.person("bob"), await world.roses.person("carol")
    follow = await world.follow(bob, world.claire)
    post = await world.post()
    status = await quoting(world, carol, post)
    await world.execute("DELETE FROM follow WHERE id = ?", follow["id"])
    await world.execute("DELETE FROM held")
    await delete(world.node, world.claire, post)
    last = (await world.sent())[-1]
    assert (last["type"], last["object"]["id"]) == ("Delete", post["uri"])
    row = await world.status(status["uri"])
    assert row is not None
    assert row["quote_state"] == "deleted"
