"""Moving out: only to an address that says so too, and then nothing is published here."""

import pytest

from actors import lists, moves
from actors.local import create_account
from actors.queries import get_by_id
from federation.database import Row
from federation.errors import Invalid, NotFound, Refused
from inbox.process import process_due
from outbox import moves as outbox_moves
from outbox.interactions import reblog
from outbox.statuses import Draft, create
from tests.inbox.world import World


async def elsewhere(world: World, *aliases: str) -> Row:
    """An actor of the neighbours with these aliases, in its own document."""
    row = await world.roses.person("claire2")
    world.roses.serve(world.roses.actor_document("claire2", alsoKnownAs=list(aliases)))
    return row


def acct(row: Row) -> str:
    return f"@{row['username']}@{row['handle_host']}"


async def test_an_account_moves_with_its_followers(world: World) -> None:
    new = await elsewhere(world, world.claire["uri"])
    bob, zoe = await world.roses.person("bob"), await world.local("zoe")
    for follower in (bob, zoe):
        await world.follow(follower, world.claire)
    post = await world.post()
    held = await world.node.db.write(
        lambda tx: lists.create(world.node, tx, zoe["id"], {"title": "x"})
    )
    await world.node.db.write(lambda tx: lists.add(world.node, tx, held, [world.claire["id"]]))
    target = await outbox_moves.move(world.node, world.claire, acct(new))
    assert target["uri"] == new["uri"]
    await process_due(world.node)
    claire = await get_by_id(world.node.db, world.claire["id"])
    assert claire["moved_to_uri"] == new["uri"]
    sent = {item["type"]: item for item in await world.sent()}
    assert sent["Update"]["object"]["movedTo"] == new["uri"]
    move = sent["Move"]
    assert (move["object"], move["target"]) == (claire["uri"], new["uri"])
    assert await world.follow_state(zoe, claire) is None
    assert await world.follow_state(zoe, new) == "pending"
    assert await world.follow_state(bob, claire) == "accepted"
    members = await world.node.db.rows("SELECT actor_id FROM list_member")
    assert [row["actor_id"] for row in members] == [new["id"]]
    with pytest.raises(Refused):
        await create(world.node, claire, world.claire_account, Draft("encore"))
    with pytest.raises(Refused):
        await reblog(world.node, claire, post)
    asks = world.roses.activity("Follow", await world.roses.person("dan"), claire["uri"])
    assert await world.outcome(asks) == "refused.follow_rejected"
    await outbox_moves.stay(world.node, claire)
    back = await get_by_id(world.node.db, world.claire["id"])
    assert back["moved_to_uri"] is None
    await create(world.node, back, world.claire_account, Draft("encore"))


async def test_nobody_moves_where_she_is_not_expected(world: World) -> None:
    new = await elsewhere(world, "https://other.example/u/1")
    zoe = await world.local("zoe")
    await world.follow(zoe, world.claire)
    for target in (acct(new), "zoe", "claire"):
        with pytest.raises(Invalid) as error:
            await outbox_moves.move(world.node, world.claire, target)
        assert error.value.field == "target"
    with pytest.raises(NotFound):
        await outbox_moves.move(world.node, world.claire, "nobody")
    claire = await get_by_id(world.node.db, world.claire["id"])
    assert claire["moved_to_uri"] is None
    assert await world.follow_state(zoe, claire) == "accepted"
    assert await world.sent() == []


async def test_aliases_stand_in_the_actors_document_and_are_bounded(world: World) -> None:
    old = await elsewhere(world)
    bob = await world.roses.person("bob")
    await world.follow(bob, world.claire)
    changed = await outbox_moves.change_alias(world.node, world.claire, acct(old), on=True)
    again = await outbox_moves.change_alias(world.node, changed, acct(old), on=True)
    assert moves.aliases_of(again) == [old["uri"]]
    assert (await world.sent())[0]["object"]["alsoKnownAs"] == [old["uri"]]
    gone = await outbox_moves.change_alias(world.node, again, acct(old), on=False)
    assert moves.aliases_of(gone) == []
    with pytest.raises(Invalid):
        await outbox_moves.change_alias(world.node, gone, "claire", on=True)
    for number in range(moves.ALIASES_MAX):
        gone = await world.node.db.write(
            lambda tx, n=number, row=gone: moves.set_alias(
                world.node, tx, row, f"https://x.example/{n}", on=True
            )
        )
    with pytest.raises(Invalid):
        await outbox_moves.change_alias(world.node, gone, acct(old), on=True)


async def test_within_a_node_one_moves_as_elsewhere(world: World) -> None:
    new = await create_account(world.node, username="claire2", password=None)
    zoe = await world.local("zoe")
    await world.follow(zoe, world.claire)
    await outbox_moves.change_alias(world.node, new, "claire", on=True)
    await outbox_moves.move(world.node, world.claire, "claire2")
    await process_due(world.node)
    assert await world.follow_state(zoe, world.claire) is None
    assert await world.follow_state(zoe, new) == "accepted"
