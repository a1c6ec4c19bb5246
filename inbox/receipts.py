"""Receipts of others: a former partner states, signed, what it has removed of ours.

A receipt counts when it is about an agreement that ended here too, and its proof holds by the
key that was pinned; it is kept as it came.
"""

import orjson

from federation.activity import text
from federation.database import Transaction
from federation.errors import Malformed, Refused, describe
from federation.fetch import as_object
from federation.node import Node
from federation.pairing_documents import Act
from federation.proofs import check_proof
from federation.seen import digest_of, take_in
from federation.site_documents import Site
from federation.vocabulary import Document
from inbox.audit import record

describe(
    {
        "receipt.malformed": "The receipt cannot be read ({reason}).",
        "receipt.no_end": "The receipt is about no agreement with {origin} that has ended here.",
    }
)

RECEIPT = "receipt"
_NUMBERS = ("revision", "objects", "media", "notifications", "profiles", "backupDays")
_TEXTS = ("agreement", "digest", "endedAt", "completedAt", "objectsDigest")


def is_receipt(act: Act) -> bool:
    """Whether an Accept says that an end was carried out, not that an offer is taken."""
    return act.kind == "Accept" and RECEIPT in act.document


async def take_receipt(node: Node, act: Act, site: Site, signed_at_ms: int) -> None:
    """Keep a receipt; what was handed over before the end is deleted there, by its word.

    Raises Malformed, BadSignature for a proof that does not hold, Refused for one that is about
    nothing that ended here.
    """
    receipt = as_object(act.document.get(RECEIPT))
    _check(receipt, site.origin, node.origin)
    key = next(key for key in site.keys if key.vouches_for_origin)
    check_proof(receipt, receipt.get("proof"), key)
    digest = digest_of(act.uri, act.kind, act.actor_uri, act.document)

    async def work(tx: Transaction) -> None:
        row = await tx.row(
            "SELECT ended_at FROM parting WHERE agreement_uri = ? AND origin = ?",
            receipt["agreement"],
            site.origin,
        )
        if row is None:
            raise Refused("receipt.no_end", origin=site.origin)
        if not await take_in(tx, digest, signed_at_ms):
            return
        await tx.execute(
            "UPDATE parting SET their_receipt = ?, receipt_at = ? WHERE agreement_uri = ?"
            " AND their_receipt IS NULL",
            orjson.dumps(receipt).decode(),
            node.clock(),
            receipt["agreement"],
        )
        if receipt["retention"] == "delete":
            await tx.execute(
                "UPDATE held SET state = 'deleted', last_at = ? WHERE origin = ? AND first_at <= ?",
                node.clock(),
                site.origin,
                row["ended_at"],
            )
        await record(node, tx, act.actor_uri, "partner.receipt", site.origin)

    await node.db.write(work)


def _check(receipt: Document, site: str, partner: str) -> None:
    if (receipt.get("site"), receipt.get("partner")) != (site, partner):
        raise Malformed("receipt.malformed", reason="it is about other sites")
    numbers = [receipt.get(name) for name in _NUMBERS]
    if any(type(number) is not int or not 0 <= number < 2**53 for number in numbers):
        raise Malformed("receipt.malformed", reason="a number")
    if any(text(receipt, name) is None for name in _TEXTS):
        raise Malformed("receipt.malformed", reason="a text")
    if receipt.get("retention") not in {"delete", "keep"}:
        raise Malformed("receipt.malformed", reason="retention")
