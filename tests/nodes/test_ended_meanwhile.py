"""Proves that an agreement that ended while one side was away, or is restored, ends on both."""

from functools import partial

import pytest

from federation.database import Row, Transaction
from federation.holds import held_for
from inbox.ends_repeated import repeat_ends_once
from inbox.partnership_acts import end
from inbox.reconciling import reconcile_once
from maillage.incarnation import say_restored
from tests.conftest import Start
from tests.nodes.partners import BY, becomes, both, paired, post_as, state_of
from tests.nodes.test_partners_in_force import follow, has, like, person, write
from tests.nodes.test_reinstalled import followed
from tests.serving import Running, eventually

Sites = tuple[Running, Running]


@pytest.fixture
async def partners(start_node: Start, no_greetings: None) -> Sites:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other)
    return one, other


async def change(at: Running, sql: str) -> None:
    await at.node.db.write(lambda tx: tx.execute(sql))


async def put_back(at: Running, table: str, row: Row, key: str) -> None:
    """Have a row be again as a backup has it."""
    names = [name for name in row.keys() if name != key]  # noqa: SIM118 - a row of a database

    async def work(tx: Transaction) -> None:
        await tx.execute(
            f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in names)} WHERE {key} = ?",
            *(row[name] for name in names),
            row[key],
        )

    await at.node.db.write(work)


async def test_who_is_restored_to_before_an_end_hears_of_it_again(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    kept = await write(one, alice, "Gardé là-bas")
    await eventually(lambda: has(other, kept))
    backup = {
        table: await other.node.db.row(f"SELECT * FROM {table} WHERE origin = ?", one.origin)
        for table in ("partnership", "peer")
    }
    await end(one.node, other.origin, BY)
    await becomes(other, one, "ended")
    for table, row in backup.items():
        assert row is not None
        await put_back(other, table, row, "origin")
    await change(other, "DELETE FROM parting")
    assert await state_of(other, one) == "active"
    await say_restored(other.node)
    # Restored, it is held; and whatever it says, here the agreement is over.
    assert await held_for(other.node.db, one.origin) == "restored"
    assert (await post_as(other.node, one, like(bruno["uri"]), "/inbox"))[0] == 403
    await reconcile_once(other.node)
    # It is said again once a day at most.
    await change(one, "UPDATE parting SET repeated_at = 0")
    await repeat_ends_once(one.node)
    await becomes(other, one, "ended")
    assert await state_of(one, other) == "ended"
    for site in partners:
        assert await followed(site, bruno, alice) is None
    # One clear state: a new code begins anew, and what was lost comes back.
    await paired(one, other)
    mine, yours = await both(one, other)
    assert mine.agreement == yours.agreement
    for site in partners:
        await eventually(partial(_is_back, site, bruno, alice))


async def _is_back(at: Running, who: Row, whom: Row) -> bool:
    return await followed(at, who, whom) == "accepted"


async def test_an_end_whose_word_was_lost_is_said_again(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)

    async def lose(tx: Transaction) -> None:
        await tx.execute("DELETE FROM delivery WHERE progress = 'pending'")
        await tx.execute("UPDATE peer SET next_attempt_at = 0 WHERE origin = ?", other.origin)

    # The other side is away when it ends here, and the word never comes to it.
    away = "UPDATE peer SET next_attempt_at = ? WHERE origin = ?"
    await one.node.db.write(lambda tx: tx.execute(away, 2**61, other.origin))
    await end(one.node, other.origin, BY)
    await one.node.db.write(lose)
    assert (await state_of(one, other), await state_of(other, one)) == ("ended", "active")
    assert (await post_as(other.node, one, like(bruno["uri"]), "/inbox"))[0] == 403
    await repeat_ends_once(one.node)
    await becomes(other, one, "ended")
    for site in partners:
        assert await followed(site, bruno, alice) is None
