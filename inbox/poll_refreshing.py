"""Polls elsewhere whose figures somebody here asked for: looked at again, once a minute at most.

The node asks for itself, as its instance actor and later than the reader: nobody elsewhere learns
who reads, nor how many.
"""

import structlog

from federation.database import Row, Transaction
from federation.errors import NodeError
from federation.fetch import FetchBudget
from federation.node import Node
from inbox.fetching import fetch_status
from outbox.received_edits import update_remote
from outbox.statuses import by_uri

BATCH = 20
EVERY_S = 30.0
FETCHES_MAX = 3
AGAIN_MS = 60_000

_log = structlog.get_logger(__name__)


async def want_figures(node: Node, status: Row) -> None:
    """Have the poll of a status elsewhere looked at soon, unless it was within the last minute.

    The caller has made sure that somebody may see it. One that was looked at after its end has
    its last figures.
    """
    now = node.clock()
    due = (
        "status_id = ? AND refresh_due_at IS NULL AND (refreshed_at IS NULL"
        " OR (refreshed_at <= ? AND (ends_at IS NULL OR refreshed_at <= ends_at)))"
    )
    args = (status["id"], now - AGAIN_MS)
    if status["is_local"] or not await node.db.value(f"SELECT 1 FROM poll WHERE {due}", *args):
        return

    async def work(tx: Transaction) -> None:
        sql = f"UPDATE poll SET refresh_due_at = ?, refreshed_at = ? WHERE {due}"
        if await tx.execute(sql, now, now, *args):
            tx.after_commit(node.figures_wake.set)

    await node.db.write(work)


async def refresh_polls_once(node: Node) -> int:
    """Look at the polls that are due, at most BATCH; say how many."""
    if not await node.db.value("SELECT 1 FROM poll WHERE refresh_due_at IS NOT NULL LIMIT 1"):
        return 0
    rows = await node.db.write(
        lambda tx: tx.rows(
            "UPDATE poll SET refresh_due_at = NULL WHERE id IN (SELECT id FROM poll"
            " WHERE refresh_due_at IS NOT NULL ORDER BY refresh_due_at, id LIMIT ?)"
            " RETURNING status_id",
            BATCH,
        )
    )
    for row in rows:
        status = await node.db.row("SELECT * FROM status WHERE id = ?", row["status_id"])
        if status is None:
            continue
        try:
            await _refresh(node, status)
        except NodeError:
            # What is here stays; somebody will ask again.
            _log.info("poll_not_refreshed", status_id=status["id"])
    return len(rows)


async def _refresh(node: Node, status: Row) -> None:
    fetched = await fetch_status(node, status["uri"], FetchBudget(FETCHES_MAX))
    if fetched is None or fetched.uri != status["uri"]:
        return

    async def work(tx: Transaction) -> None:
        # It may have been deleted while it was fetched.
        if await by_uri(tx, fetched.uri) is not None:
            await update_remote(node, tx, fetched.document, fetched.author)

    await node.db.write(work)


async def figures_loop(node: Node) -> None:
    """Look whenever somebody asked, until cancelled."""
    while True:
        await node.figures_wake.wait(EVERY_S)
        try:
            while await refresh_polls_once(node):
                pass
        except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
            _log.exception("poll_refreshing_failed")
