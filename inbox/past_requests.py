"""Whose past is still to be fetched: rows, written as a relation begins."""

from federation.database import Transaction
from federation.node import Node

AGAIN_AFTER_MS = 86_400_000


async def ask_past(node: Node, tx: Transaction, actor_id: int) -> None:
    """Ask for the past of an actor of elsewhere, unless that was done within a day."""
    now = node.clock()
    await tx.execute(
        "INSERT INTO backfill (actor_id, asked_at, next_attempt_at)"
        " SELECT id, ?, ? FROM actor WHERE id = ? AND NOT is_local AND deleted_at IS NULL"
        " ON CONFLICT (actor_id) DO UPDATE SET asked_at = excluded.asked_at, attempts = 0,"
        " next_attempt_at = excluded.next_attempt_at, done_at = NULL"
        " WHERE backfill.done_at < CAST(? AS BIGINT)",
        now,
        now,
        actor_id,
        now - AGAIN_AFTER_MS,
    )
    tx.after_commit(node.backfill_wake.set)


async def ask_past_of_site(node: Node, tx: Transaction, origin: str) -> None:
    """Ask for the past of everybody at a site who is followed here: an agreement begins."""
    rows = await tx.rows(
        "SELECT DISTINCT f.target_id FROM follow f JOIN actor t ON t.id = f.target_id"
        " JOIN actor me ON me.id = f.follower_id"
        " WHERE t.origin = ? AND f.state = 'accepted' AND me.is_local",
        origin,
    )
    for row in rows:
        await tx.execute("DELETE FROM backfill WHERE actor_id = ?", row["target_id"])
        await ask_past(node, tx, row["target_id"])
