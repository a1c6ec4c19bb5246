"""Forgets what is no longer needed: bodies and deliveries after 30 days, what has expired.

What an activity did stays, and the hash of its id for ever, so nothing comes in twice. Small
batches, so that no write waits long for this one.
"""

import asyncio

import structlog

from federation.database import Transaction
from federation.node import Node

DAY_MS = 86_400_000
KEPT_MS = 30 * DAY_MS
IDEMPOTENCY_KEPT_MS = DAY_MS
BATCH = 500
EVERY_S = 3600.0
PAGES_FREED = 2_000

_log = structlog.get_logger(__name__)

_OLD_DELIVERIES = (
    "DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE created_at < ?"
    " AND progress <> 'pending' ORDER BY created_at LIMIT ?)"
)
_NOTHING_WAITS = (
    "NOT EXISTS (SELECT 1 FROM delivery d WHERE d.activity_id = activity.id"
    " AND d.progress = 'pending')"
)
_OLD_ACTIVITIES = (
    "DELETE FROM activity WHERE id IN (SELECT id FROM activity WHERE created_at < ?"
    f" AND progress <> 'pending' AND {_NOTHING_WAITS} ORDER BY created_at LIMIT ?)"
)
_EXPIRED = (
    "DELETE FROM session WHERE expires_at < ?",
    "DELETE FROM authorization_code WHERE expires_at < ?",
    "DELETE FROM half_session WHERE expires_at < ?",
    "DELETE FROM password_reset WHERE expires_at < ?",
    "DELETE FROM passkey_answer WHERE expires_at < ?",
    "DELETE FROM mail WHERE progress <> 'pending' AND expires_at < ?",
)


async def clean(node: Node) -> int:
    """Delete all that is due now, batch by batch; return how many rows went."""
    old = node.clock() - KEPT_MS
    total = 0
    for sql in (_OLD_DELIVERIES, _OLD_ACTIVITIES):
        while gone := await _delete(node, sql, old, BATCH):
            total += gone
    for sql in _EXPIRED:
        total += await _delete(node, sql, node.clock() - DAY_MS)
    total += await _delete(
        node,
        "DELETE FROM idempotency WHERE created_at < ?",
        node.clock() - IDEMPOTENCY_KEPT_MS,
    )
    if node.db.dialect == "sqlite" and total:
        await node.db.write(_give_back)
    return total


async def _delete(node: Node, sql: str, *args: int) -> int:
    async def work(tx: Transaction) -> int:
        return await tx.execute(sql, *args)

    return await node.db.write(work)


async def _give_back(tx: Transaction) -> None:
    """Return freed pages of the file to the disk."""
    await tx.rows(f"PRAGMA incremental_vacuum({PAGES_FREED})")


async def cleanup_loop(node: Node) -> None:
    """Clean once an hour, until cancelled."""
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            rows = await clean(node)
            if rows:
                _log.info("cleanup.done", rows=rows)
        except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
            _log.exception("cleanup.failed")
