"""The end of polls: who voted and who asked are told once, and the last figures are sent."""

import structlog

from federation.database import Row, Transaction
from federation.node import Node
from inbox.notifications import notify, notify_all
from outbox.tallies import send_tallies

BATCH = 100
EVERY_S = 10.0
# The end of an old poll, found after a long stop, is no news.
NEWS_MS = 86_400_000

_log = structlog.get_logger(__name__)


async def polls_once(node: Node) -> int:
    """End the polls whose time is over and send the figures that are due; say how many."""
    rows = await node.db.rows(
        "SELECT poll.id, poll.ends_at, s.id AS status_id, s.actor_id, s.is_local"
        " FROM poll JOIN status s ON s.id = poll.status_id"
        " WHERE poll.ended_at IS NULL AND poll.ends_at IS NOT NULL AND poll.ends_at <= ?"
        " ORDER BY poll.ends_at LIMIT ?",
        node.clock(),
        BATCH,
    )
    for row in rows:
        await node.db.write(lambda tx, row=row: _end(node, tx, row))
    return len(rows) + await send_tallies(node)


async def _end(node: Node, tx: Transaction, poll: Row) -> None:
    now = node.clock()
    ended = await tx.execute(
        "UPDATE poll SET ended_at = ?, tally_due_at = CASE WHEN ? THEN CAST(? AS BIGINT) END"
        " WHERE id = ? AND ended_at IS NULL AND ends_at <= ?",
        now,
        bool(poll["is_local"]),
        now,
        poll["id"],
        now,
    )
    if not ended or poll["ends_at"] < now - NEWS_MS:
        return
    voters = await tx.rows(
        "SELECT DISTINCT v.actor_id FROM poll_vote v JOIN actor a ON a.id = v.actor_id"
        " WHERE v.poll_id = ? AND a.is_local ORDER BY v.actor_id",
        poll["id"],
    )
    author_id, status_id = poll["actor_id"], poll["status_id"]
    await notify_all(node, tx, [row["actor_id"] for row in voters], "poll", author_id, status_id)
    await notify(node, tx, author_id, "poll", author_id, status_id)


async def polls_loop(node: Node) -> None:
    """Look every few seconds, until cancelled."""
    while True:
        await node.polls_wake.wait(EVERY_S)
        try:
            await polls_once(node)
        except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
            _log.exception("polls.failed")
