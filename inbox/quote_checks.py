"""What others quote, looked at after it is stored: the quoted object and the stamp for it.

Both come from their own origins. A status is shown at once and its quote when it stands; what
cannot be had now is asked for again for some hours.
"""

import structlog

from federation.client_errors import ClientError
from federation.database import Row, Transaction
from federation.errors import NodeError, TooMany, Unavailable
from federation.fetch import FetchBudget
from federation.node import Node
from inbox.fetching import fetch_signed, fetch_status
from inbox.relevance import same_origin
from outbox.quote_documents import is_stamp
from outbox.quotes import settle
from outbox.received import upsert_remote
from outbox.received_quotes import judge

BATCH = 20
EVERY_S = 10.0
ATTEMPTS_MAX = 8
FIRST_WAIT_MS = 60_000
# What was fetched as past has its place by its date; how its quote stands is news to no stream.
_OF_THE_PAST = "(s.id >> 16) = s.published_at"

_log = structlog.get_logger(__name__)


async def check_quotes_once(node: Node) -> int:
    """Look at the quotes that are due; say how many."""
    rows = await node.db.rows(
        f"SELECT s.id, s.uri, s.quote_uri, q.stamp_uri, q.attempts, {_OF_THE_PAST} AS is_past"
        " FROM quote q JOIN status s ON s.id = q.status_id"
        " WHERE q.next_check_at IS NOT NULL AND q.next_check_at <= ?"
        " ORDER BY q.next_check_at LIMIT ?",
        node.clock(),
        BATCH,
    )
    for row in rows:
        try:
            await _check(node, row)
        except (ClientError, Unavailable, TooMany):
            await _again_later(node, row)
        except NodeError:
            # Not there, not for us, or not what it was said to be: asking again says the same.
            await _finish(node, row)
    return len(rows)


async def _check(node: Node, row: Row) -> None:
    budget = FetchBudget(5)
    quoted = await _quoted(node, row)
    if quoted is None:
        fetched = await fetch_status(node, row["quote_uri"], budget)
        if fetched is None or fetched.uri != row["quote_uri"]:
            await _finish(node, row)
            return
        await node.db.write(
            lambda tx: upsert_remote(node, tx, fetched.document, fetched.author, backfill=True)
        )
    await node.db.write(lambda tx: judge(node, tx, row["id"], quietly=bool(row["is_past"])))
    quoted = await _quoted(node, row)
    stands = False
    if quoted is not None and row["stamp_uri"] is not None and quoted["state"] == "pending":
        stands = await _is_stamped(node, row, quoted, budget)
    await _finish(node, row, stands=stands)


async def _quoted(node: Node, row: Row) -> Row | None:
    return await node.db.row(
        "SELECT o.id, o.uri, a.uri AS author_uri, s.quote_state AS state FROM status o"
        " JOIN actor a ON a.id = o.actor_id JOIN status s ON s.id = ? WHERE o.uri = ?",
        row["id"],
        row["quote_uri"],
    )


async def _is_stamped(node: Node, row: Row, quoted: Row, budget: FetchBudget) -> bool:
    if not same_origin(row["stamp_uri"], quoted["author_uri"]):
        return False
    stamp = await fetch_signed(node, row["stamp_uri"], budget)
    return is_stamp(stamp, quoted["author_uri"], row["uri"], quoted["uri"])


async def _finish(node: Node, row: Row, *, stands: bool = False) -> None:
    async def work(tx: Transaction) -> None:
        # The stamp may have changed, or been taken back, while this one was fetched.
        same = await tx.execute(
            "UPDATE quote SET next_check_at = NULL WHERE status_id = ?"
            " AND COALESCE(stamp_uri, '') = ?",
            row["id"],
            row["stamp_uri"] or "",
        )
        state = await tx.value("SELECT quote_state FROM status WHERE id = ?", row["id"])
        if same and stands and state == "pending":
            await settle(node, tx, row["id"], "accepted", quietly=bool(row["is_past"]))

    await node.db.write(work)


async def _again_later(node: Node, row: Row) -> None:
    attempts = row["attempts"] + 1
    wait = FIRST_WAIT_MS * 2 ** min(attempts - 1, ATTEMPTS_MAX)
    at = None if attempts >= ATTEMPTS_MAX else node.clock() + wait

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE quote SET attempts = ?, next_check_at = CAST(? AS BIGINT) WHERE status_id = ?",
            attempts,
            at,
            row["id"],
        )

    await node.db.write(work)


async def quotes_loop(node: Node) -> None:
    """Look every few seconds, until cancelled."""
    while True:
        await node.quotes_wake.wait(EVERY_S)
        try:
            await check_quotes_once(node)
        except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
            _log.exception("quotes.failed")
