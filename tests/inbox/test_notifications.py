"""Who is told what: once, and never of whom she does not want to hear."""

from actors import follows
from federation.database import Transaction
from inbox.notifications import forget, notify
from tests.inbox.world import World


async def _tell(world: World, from_id: int, status_id: int = 0) -> bool:
    return await world.node.db.write(
        lambda tx: notify(world.node, tx, world.claire["id"], "favourite", from_id, status_id)
    )


async def test_each_thing_is_told_once(world: World) -> None:
    bob = await world.roses.person("bob")
    assert [await _tell(world, bob["id"], n) for n in (1, 1, 2)] == [True, False, True]
    assert await _tell(world, world.claire["id"], 3) is False

    async def take_back(tx: Transaction) -> None:
        await forget(tx, world.claire["id"], ("favourite",), bob["id"], 1)

    await world.node.db.write(take_back)
    assert await world.told() == [("favourite", bob["id"], 2)]


async def test_a_mute_ends_and_one_that_leaves_notifications_is_none(world: World) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")

    async def mute(tx: Transaction) -> None:
        await follows.mute(world.node, tx, world.claire["id"], bob["id"], duration_s=60)
        await follows.mute(world.node, tx, world.claire["id"], eve["id"], notifications=False)

    await world.node.db.write(mute)
    assert await _tell(world, bob["id"]) is False
    assert await _tell(world, eve["id"]) is True
    world.clock.advance(61)
    assert await _tell(world, bob["id"]) is True


async def test_only_people_of_this_node_are_told(world: World) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    told = await world.node.db.write(
        lambda tx: notify(world.node, tx, bob["id"], "follow", eve["id"])
    )
    assert told is False
    assert await world.count("notification") == 0
