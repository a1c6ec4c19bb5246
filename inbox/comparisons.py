"""What two partners show each other to see whether they still know the same: one small document.

It holds how far each has come, the agreement with its proofs, and digests; lists are asked for
only where a digest differs.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from federation.agreements import Agreement, read_agreement
from federation.database import Reader, Transaction
from federation.errors import Malformed, describe
from federation.node import Node
from federation.partnerships import Partnership
from federation.vocabulary import Document
from inbox.relation_lists import relations

describe({"comparison.malformed": "The comparison cannot be read ({reason})."})

PATH = "/actor/comparison"
RELATIONS_PATH = "/actor/relations"
WITHDRAWN_MAX = 5_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a partner says: how far it has come and saw us come, and what it has of both."""

    number: int
    seen: int
    is_restored: bool
    agreement: Agreement
    proofs: tuple[Document, ...]
    held: str
    relations: str


async def comparison(node: Node, known: Partnership) -> Document:
    """What this node says to a partner."""
    row = await node.db.row(
        "SELECT number, held_for FROM reconciliation WHERE origin = ?", known.origin
    )
    proofs = [proof for proof in (known.our_proof, known.their_proof) if proof is not None]
    return {
        "site": node.origin,
        "of": known.origin,
        "number": await own_number(node.db),
        "seen": 0 if row is None else row["number"],
        "restored": row is not None and row["held_for"] == "restored",
        "agreement": known.agreement.document(),
        "proofs": proofs,
        "held": digest_of(await held_uris(node.db, known.origin)),
        "relations": (await relations(node.db, known.origin)).digest,
    }


def read_comparison(document: Document, site: str, of: str) -> Comparison:
    """Read what `site` says to `of`; raises Malformed or Invalid."""
    if document.get("site") != site or document.get("of") != of:
        raise Malformed("comparison.malformed", reason="it is about other sites")
    number, seen = document.get("number"), document.get("seen")
    held, found = document.get("held"), document.get("relations")
    proofs: Any = document.get("proofs")
    if type(number) is not int or type(seen) is not int or not 0 <= min(number, seen) < 2**53:
        raise Malformed("comparison.malformed", reason="number")
    if not isinstance(held, str) or not isinstance(found, str) or max(number, seen) >= 2**53:
        raise Malformed("comparison.malformed", reason="digests")
    if not isinstance(proofs, list) or len(cast(list[Any], proofs)) > 2:
        raise Malformed("comparison.malformed", reason="proofs")
    return Comparison(
        number,
        seen,
        document.get("restored") is True,
        read_agreement(document.get("agreement")),
        tuple(proof for proof in cast(list[Any], proofs) if isinstance(proof, dict)),
        held,
        found,
    )


async def own_number(reader: Reader) -> int:
    """How far this node has come."""
    return await reader.value("SELECT number FROM incarnation WHERE id = 1") or 0


async def saw(tx: Transaction, origin: str, number: int, *, is_restored: bool) -> bool:
    """Remember how far a partner has come; True when it fell back, and so has lost something."""
    row = await tx.row("SELECT number, lost FROM reconciliation WHERE origin = ?", origin)
    fell_back = row is not None and number < row["number"]
    lost = fell_back or is_restored
    await tx.execute(
        "INSERT INTO reconciliation (origin, number, lost) VALUES (?, ?, ?) ON CONFLICT (origin)"
        " DO UPDATE SET number = CASE WHEN excluded.number > reconciliation.number"
        " THEN excluded.number ELSE reconciliation.number END,"
        " next_at = CASE WHEN excluded.lost THEN 0 ELSE reconciliation.next_at END,"
        " lost = CASE WHEN excluded.lost THEN TRUE ELSE reconciliation.lost END",
        origin,
        number,
        lost,
    )
    return lost


async def held_uris(reader: Reader, origin: str) -> list[str]:
    """What this node holds of another one's statuses."""
    rows = await reader.rows(
        "SELECT s.uri FROM status s JOIN actor a ON a.id = s.actor_id"
        " WHERE a.origin = ? AND NOT s.is_local AND s.reblog_of_id IS NULL",
        origin,
    )
    return [row["uri"] for row in rows]


async def handed_over(reader: Reader, origin: str) -> list[str]:
    """What the other one should hold of this node's statuses, by the ledger."""
    rows = await reader.rows(
        "SELECT h.object_uri FROM held h JOIN status s ON s.uri = h.object_uri"
        " WHERE h.origin = ? AND h.state IN ('handed_over', 'held')"
        " AND s.is_local AND s.reblog_of_id IS NULL",
        origin,
    )
    return [row["object_uri"] for row in rows]


def digest_of(uris: Iterable[str]) -> str:
    """What stands for a set of ids, in whatever order."""
    return hashlib.sha256("\n".join(sorted(set(uris))).encode()).hexdigest()


async def withdrawn(reader: Reader, origin: str, since_ms: int) -> Sequence[str]:
    """What was handed to an origin and is deleted since: the newest of our own, up to a bound."""
    rows = await reader.rows(
        "SELECT t.uri FROM tombstone t JOIN held h ON h.object_uri = t.uri AND h.origin = ?"
        " JOIN actor a ON a.uri = t.actor_uri AND a.is_local"
        " WHERE t.deleted_at >= ? ORDER BY t.deleted_at DESC LIMIT ?",
        origin,
        since_ms,
        WITHDRAWN_MAX,
    )
    return [row["uri"] for row in rows]
