"""An end that only one side knows of is said again: one clear state on both sides.

Daily for thirty days while no receipt came, and whenever a former partner goes on as if nothing
had ended (it was restored from a backup, or the word was lost), once a day at most.
"""

from federation.activity import iso
from federation.agreements import Agreement
from federation.database import Row, Transaction
from federation.node import Node
from federation.pairing_documents import undo_document
from federation.partnership_changes import locked
from federation.partnerships import agreed_text
from federation.proofs import make_proof
from inbox.pairing import send
from inbox.partnership_acts import address_of

DAY_MS = 86_400_000
REPEATED_FOR_MS = 30 * DAY_MS


async def repeat_ends_once(node: Node) -> int:
    """Say every end again that is due; return how many."""
    now = node.clock()
    rows = await node.db.rows(
        "SELECT e.agreement_uri, p.origin, p.agreement FROM parting e"
        " JOIN partnership p ON p.origin = e.origin AND p.agreement_uri = e.agreement_uri"
        " WHERE p.state = 'ended' AND e.repeated_at <= ?"
        " AND ((e.their_receipt IS NULL AND e.ended_by <> e.origin AND e.ended_at > ?)"
        " OR e.heard_at > e.repeated_at)"
        " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.origin = e.origin"
        " AND d.audience_kind = 'agreement' AND d.progress = 'pending') ORDER BY p.origin",
        now - DAY_MS,
        now - REPEATED_FOR_MS,
    )
    for row in rows:
        await _say_again(node, row, agreed_text(row))
    if rows:
        node.delivery_wake.set()
    return len(rows)


async def _say_again(node: Node, row: Row, agreement: Agreement) -> None:
    origin, at = row["origin"], iso(node.clock())
    proof = make_proof(agreement.document(), await node.keyring.site_key(origin), at)
    said = undo_document(*address_of(node, origin, "end"), at, agreement, proof)

    async def work(tx: Transaction) -> None:
        known = await locked(tx, origin)
        if known is None or known.state != "ended" or known.agreement != agreement:
            return
        await tx.execute(
            "UPDATE parting SET repeated_at = ? WHERE agreement_uri = ?",
            node.clock(),
            row["agreement_uri"],
        )
        await send(node, tx, origin, said)

    await node.db.write(work)


async def goes_on(node: Node, origin: str) -> None:
    """Take note that a former partner goes on as if nothing had ended."""

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE parting SET heard_at = ? WHERE origin = ? AND progress <> 'waiting'",
            node.clock(),
            origin,
        )

    await node.db.write(work)
