"""The parents of replies that came first: fetched after the reply is stored, never before.

A reply is visible at once; whether its thread can be fetched changes nothing about it. What
could not be fetched is asked for again every ten minutes for three days, and takes its place
whenever it comes, by this way or by itself.
"""

from federation.activity import uri_of
from federation.database import Row, Transaction
from federation.errors import NodeError
from federation.fetch import FetchBudget
from federation.node import Node
from inbox.fetching import Fetched, fetch_status
from outbox.received import upsert_remote

ANCESTORS_MAX = 5
RETRY_EVERY_MS = 600_000
RETRIED_FOR_MS = 3 * 86_400_000
RETRIES_AT_ONCE_MAX = 20
_ID_BITS = 16


async def fetch_ancestors(node: Node, status_id: int, budget: FetchBudget) -> int:
    """Fetch what a status answers, and what that answers, five at most; say how many came.

    Never raises for what peers do: an ancestor that cannot be had stays away.
    """
    came = 0
    for _ in range(ANCESTORS_MAX):
        missing = await _missing_parent(node, status_id)
        if missing is None:
            break
        try:
            fetched = await fetch_status(node, missing, budget)
            # Followed by its old address, it would be fetched for ever.
            if fetched is None or fetched.uri != missing:
                break
            parent = await _store(node, fetched)
        except NodeError:
            break
        came += 1
        status_id = parent["id"]
    return came


async def _missing_parent(node: Node, status_id: int) -> str | None:
    row = await node.db.row(
        "SELECT s.in_reply_to_uri AS uri FROM status s WHERE s.id = ? AND s.in_reply_to_id IS NULL"
        " AND s.in_reply_to_uri IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM tombstone t WHERE t.uri = s.in_reply_to_uri)",
        status_id,
    )
    uri = uri_of(row["uri"]) if row is not None else None
    return None if uri is None or node.uris.is_ours(uri) else uri


async def _store(node: Node, fetched: Fetched) -> Row:
    async def work(tx: Transaction) -> Row:
        status, _ = await upsert_remote(node, tx, fetched.document, fetched.author, backfill=True)
        return status

    return await node.db.write(work)


class Orphans:
    """Goes through the replies without a parent, some at a time, newest first."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._next_at = 0
        self._before_id: int | None = None

    async def retry(self) -> int:
        """Ask again for some missing parents when it is time; say how many came."""
        now = self._node.clock()
        if now < self._next_at:
            return 0
        self._next_at = now + RETRY_EVERY_MS
        oldest_id = max(0, now - RETRIED_FOR_MS) << _ID_BITS
        rows = await self._node.db.rows(
            "SELECT s.id FROM status s WHERE s.in_reply_to_id IS NULL"
            " AND s.in_reply_to_uri IS NOT NULL AND s.id > ? AND s.id < ? AND NOT EXISTS"
            " (SELECT 1 FROM tombstone t WHERE t.uri = s.in_reply_to_uri)"
            " ORDER BY s.id DESC LIMIT ?",
            oldest_id,
            self._before_id or (now + 1) << _ID_BITS,
            RETRIES_AT_ONCE_MAX,
        )
        self._before_id = rows[-1]["id"] if len(rows) == RETRIES_AT_ONCE_MAX else None
        came = 0
        for row in rows:
            came += await fetch_ancestors(self._node, row["id"], FetchBudget())
        return came
