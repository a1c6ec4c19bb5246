"""What the walk has found once, each as a story of its own."""

from federation.database import Transaction
from inbox.comparisons import withdrawn
from inbox.partnership_acts import end
from inbox.purging import purge_once
from outbox import statuses
from tests.conftest import Start
from tests.nodes.partners import BY, becomes, paired
from tests.nodes.test_partners_in_force import follow, has, person, write
from tests.serving import eventually


async def test_a_late_purge_spares_what_came_under_a_new_agreement(start_node: Start) -> None:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other)
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    before = await write(one, alice, "Avant")
    await eventually(lambda: has(other, before))
    await end(one.node, other.origin, BY)
    await becomes(other, one, "ended")
    await paired(one, other)
    await follow(other, bruno, alice)
    after = await write(one, alice, "Après")
    await eventually(lambda: has(other, after))

    async def again(tx: Transaction) -> None:
        # Moments are said in seconds: what came after came a while after.
        sql = "UPDATE status SET published_at = published_at + 60000 WHERE uri = ?"
        await tx.execute(sql, after["uri"])
        await tx.execute("UPDATE parting SET progress = 'purging'")

    await other.node.db.write(again)
    await purge_once(other.node)
    assert await has(other, after)
    assert not await has(other, before)


async def test_a_site_says_only_of_its_own_what_is_deleted(start_node: Start) -> None:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other)
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    await follow(one, alice, bruno)
    own, theirs = await write(one, alice, "À elle"), await write(other, bruno, "À lui")
    await eventually(lambda: has(other, own))
    await eventually(lambda: has(one, theirs))

    async def hand_over(tx: Transaction) -> None:
        # As when an answer about it goes to where it came from.
        await tx.execute(
            "INSERT INTO held (object_uri, origin, state, first_at, last_at)"
            " SELECT ?, origin, state, first_at, last_at FROM held WHERE object_uri = ?",
            theirs["uri"],
            own["uri"],
        )

    await one.node.db.write(hand_over)
    await statuses.delete(one.node, alice, own)
    await statuses.delete(other.node, bruno, theirs)

    async def is_gone() -> bool:
        return not await has(one, theirs)

    await eventually(is_gone)
    assert await withdrawn(one.node.db, other.origin, 0) == [own["uri"]]
