"""Quotes that others make: what a received document quotes, and whether that stands.

Approval counts as its own origin says it: a stamp is looked at where it is served, later and
outside any write (`inbox.quote_checks`). A spelling that knows no approval stands where the
author of what is quoted has stated nothing against it.
"""

from federation.database import Row, Transaction
from federation.node import Node
from federation.vocabulary import Document
from outbox.quote_documents import read_policy, read_quote
from outbox.quotes import State, allows, settle
from outbox.visibility import PUBLIC_KINDS


async def store_quote(node: Node, tx: Transaction, status: Row, document: Document) -> None:
    """Record what a new status of another origin quotes; quotes of it that wait are looked at."""
    await tx.execute(
        "UPDATE quote SET next_check_at = ?, attempts = 0 WHERE status_id IN"
        " (SELECT id FROM status WHERE quote_uri = ? AND quote_of_id IS NULL"
        " AND quote_state = 'pending')",
        node.clock(),
        status["uri"],
    )
    quoted_uri, stamp_uri, is_legacy = read_quote(document)
    if quoted_uri is None or quoted_uri == status["uri"]:
        return
    await tx.execute(
        "UPDATE status SET quote_state = 'pending', quote_uri = ? WHERE id = ?",
        quoted_uri,
        status["id"],
    )
    await tx.execute(
        "INSERT INTO quote (status_id, stamp_uri, legacy) VALUES (?, ?, ?)",
        status["id"],
        stamp_uri,
        is_legacy,
    )
    # Of something new there is nothing to change where it is shown.
    await judge(node, tx, status["id"], quietly=True)


async def update_quote(
    node: Node, tx: Transaction, status: Row, document: Document, author: Row
) -> None:
    """Take over what an Update says of policy and approval; a stamp that is gone ends a quote."""
    await tx.execute(
        "UPDATE status SET quote_automatic = ?, quote_manual = ? WHERE id = ?",
        *read_policy(document, author),
        status["id"],
    )
    quoted_uri, stamp_uri, _ = read_quote(document)
    known = await tx.row("SELECT * FROM quote WHERE status_id = ?", status["id"])
    if known is None or quoted_uri is None or quoted_uri != status["quote_uri"]:
        return
    if stamp_uri == known["stamp_uri"] or status["quote_state"] == "revoked":
        return
    if stamp_uri is None:
        # This node's own word stands as long as it does not take it back itself.
        if not node.uris.is_ours(quoted_uri):
            await settle(node, tx, status["id"], "revoked")
        return
    if node.uris.is_ours(stamp_uri):
        return
    await tx.execute("UPDATE quote SET stamp_uri = ? WHERE status_id = ?", stamp_uri, status["id"])
    await settle(node, tx, status["id"], "pending")
    await judge(node, tx, status["id"])


async def judge(node: Node, tx: Transaction, status_id: int, *, quietly: bool = False) -> None:
    """Say what can be said without asking anybody; else leave the quote to be checked.

    Quietly, no stream is told.
    """
    row = await tx.row(
        "SELECT s.actor_id, s.quote_uri, q.stamp_uri, q.legacy FROM status s"
        " JOIN quote q ON q.status_id = s.id WHERE s.id = ?",
        status_id,
    )
    assert row is not None, "stored by the caller"
    quoted = await tx.row("SELECT * FROM status WHERE uri = ?", row["quote_uri"])
    if quoted is None:
        if node.uris.is_ours(row["quote_uri"]):
            await settle(node, tx, status_id, "deleted", quietly=quietly)
        else:
            await _check_later(node, tx, status_id)
        return
    await tx.execute("UPDATE status SET quote_of_id = ? WHERE id = ?", quoted["id"], status_id)
    state = await _state(tx, row, quoted)
    if state is not None:
        await settle(node, tx, status_id, state, quietly=quietly)
    elif row["stamp_uri"] is not None and not node.uris.is_ours(row["stamp_uri"]):
        await _check_later(node, tx, status_id)


async def _state(tx: Transaction, quoting: Row, quoted: Row) -> State | None:
    if quoted["reblog_of_id"] is not None:
        return "rejected"
    if quoted["actor_id"] == quoting["actor_id"]:
        return "accepted"
    if not quoting["legacy"] or quoted["audience_kind"] not in PUBLIC_KINDS:
        return None
    said_nothing = quoted["quote_automatic"] is None and not quoted["is_local"]
    if said_nothing or await allows(tx, quoted, quoting["actor_id"]):
        return "accepted"
    return None


async def _check_later(node: Node, tx: Transaction, status_id: int) -> None:
    # Before the commit; who looks too early looks again in a few seconds.
    node.quotes_wake.set()
    await tx.execute(
        "UPDATE quote SET next_check_at = ?, attempts = 0 WHERE status_id = ?",
        node.clock(),
        status_id,
    )
