"""What staff decides about whole origins, beside the policy that `federation.admission` reads.

Blocking refuses everything and ends all follows between there and here; limiting leaves people
there to those who follow them, with their sub-domains. Neither lets an origin in: that is
allowing alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from actors.strikes import sever_all
from federation import peers
from federation.admission import blocked_at, covering_blocks
from federation.database import Reader, Row, Transaction, marks
from federation.errors import Invalid, Refused, describe
from federation.node import Node
from inbox.lost_follows import tell_lost

Severity = Literal["silence", "suspend", "noop"]
SEVERITIES: tuple[Severity, ...] = ("silence", "suspend", "noop")

describe(
    {
        "domain.decided": "There is a decision about {came} already; change that one.",
        "domain.own": "{came} is this node itself.",
    }
)


@dataclass(frozen=True, slots=True)
class Decision:
    """A block of some severity, and what else is not taken from there."""

    severity: Severity = "silence"
    reject_media: bool = False
    reject_reports: bool = False
    obfuscate: bool = False
    private_comment: str = ""
    public_comment: str = ""


async def adopt(node: Node, tx: Transaction) -> None:
    """Give a number to what was decided by command; idempotent."""
    rows = await tx.rows(
        "SELECT origin, policy, created_at FROM peer WHERE policy IN ('allowed', 'blocked')"
        " AND NOT EXISTS (SELECT 1 FROM domain_decision d WHERE d.origin = peer.origin)"
    )
    for row in rows:
        severity = "allow" if row["policy"] == "allowed" else "suspend"
        await _store(node, tx, row["origin"], severity, Decision(), row["created_at"])


async def allows(reader: Reader) -> Sequence[Row]:
    """The origins that were allowed, newest first."""
    return await reader.rows(
        "SELECT d.* FROM domain_decision d JOIN peer p ON p.origin = d.origin"
        " WHERE p.policy IN ('allowed', 'limited') ORDER BY d.id DESC"
    )


async def blocks(reader: Reader) -> Sequence[Row]:
    """The decisions that restrict an origin, newest first."""
    return await reader.rows(
        "SELECT d.* FROM domain_decision d LEFT JOIN peer p ON p.origin = d.origin"
        " WHERE d.severity <> 'allow' AND (d.severity <> 'suspend' OR p.policy = 'blocked')"
        " ORDER BY d.id DESC"
    )


async def by_id(reader: Reader, decision_id: int) -> Row | None:
    """A decision by its number."""
    return await reader.row("SELECT d.* FROM domain_decision d WHERE d.id = ?", decision_id)


async def allow(node: Node, tx: Transaction, domain: str) -> int:
    """Admit an origin, and return the number of the decision.

    Raises Malformed for what is no origin, Invalid when a block of a parent covers it.
    """
    _check_other(node, domain)
    origin = await peers.allow(tx, domain, node.clock())
    await tx.execute(
        "DELETE FROM domain_decision WHERE origin IN (?, ?)", origin, blocked_at(origin)
    )
    return await _store(node, tx, origin, "allow", Decision(), node.clock())


async def disallow(tx: Transaction, row: Row) -> None:
    """Admit an origin no longer, where only allowed ones are."""
    await tx.execute(
        "UPDATE peer SET policy = 'known' WHERE origin = ? AND policy IN ('allowed', 'limited')",
        row["origin"],
    )
    await tx.execute("DELETE FROM domain_decision WHERE id = ?", row["id"])


async def block(node: Node, tx: Transaction, domain: str, decision: Decision) -> int:
    """Restrict an origin, and return the number of the decision; Invalid when there is one."""
    _check_other(node, domain)
    origin = blocked_at(peers.read_origin(domain))
    known = await tx.row("SELECT * FROM domain_decision WHERE origin = ?", origin)
    if known is not None and known["severity"] != "allow":
        raise Invalid("domain.decided", field="domain", came=domain)
    if known is not None:
        await tx.execute("DELETE FROM domain_decision WHERE id = ?", known["id"])
    now = node.clock()
    decision_id = await _store(node, tx, origin, decision.severity, decision, now)
    await _enforce(node, tx, origin, decision.severity, now)
    return decision_id


async def change(node: Node, tx: Transaction, row: Row, decision: Decision) -> None:
    """Put another decision in the place of one."""
    if row["severity"] != decision.severity:
        await _lift(tx, row)
        await _enforce(node, tx, row["origin"], decision.severity, row["created_at"])
    await tx.execute(
        "UPDATE domain_decision SET severity = ?, reject_media = ?, reject_reports = ?,"
        " obfuscate = ?, private_comment = ?, public_comment = ? WHERE id = ?",
        decision.severity,
        decision.reject_media,
        decision.reject_reports,
        decision.obfuscate,
        decision.private_comment,
        decision.public_comment,
        row["id"],
    )


async def unblock(tx: Transaction, row: Row) -> None:
    """Take a restriction back; follows that it ended do not come back."""
    await _lift(tx, row)
    await tx.execute("DELETE FROM domain_decision WHERE id = ?", row["id"])


def _check_other(node: Node, domain: str) -> None:
    if peers.read_origin(domain) == node.origin:
        raise Refused("domain.own", came=domain)


async def _store(
    node: Node, tx: Transaction, origin: str, severity: str, decision: Decision, at_ms: int
) -> int:
    decision_id = node.ids.next()
    await tx.execute(
        "INSERT INTO domain_decision (id, origin, severity, reject_media, reject_reports,"
        " obfuscate, private_comment, public_comment, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        decision_id,
        origin,
        severity,
        decision.reject_media,
        decision.reject_reports,
        decision.obfuscate,
        decision.private_comment,
        decision.public_comment,
        at_ms,
    )
    return decision_id


async def _enforce(
    node: Node, tx: Transaction, origin: str, severity: Severity, at_ms: int
) -> None:
    if severity == "silence":
        # Only who was admitted stays so: a limited origin is admitted by a closed node.
        await tx.execute(
            "UPDATE peer SET policy = 'limited' WHERE origin = ? AND policy = 'allowed'", origin
        )
        for actor_id, _ in await _actors_of(tx, origin):
            await tx.execute(
                "UPDATE actor SET silenced_at = ?, updated_at = updated_at + 1"
                " WHERE id = ? AND silenced_at IS NULL",
                at_ms,
                actor_id,
            )
    elif severity == "suspend":
        await peers.block(tx, origin, node.clock())
        await _sever(node, tx, origin)


async def _lift(tx: Transaction, row: Row) -> None:
    origin = row["origin"]
    if row["severity"] == "suspend":
        await tx.execute(
            "UPDATE peer SET policy = 'known' WHERE origin = ? AND policy = 'blocked'", origin
        )
    elif row["severity"] == "silence":
        await tx.execute(
            "UPDATE peer SET policy = 'allowed' WHERE origin = ? AND policy = 'limited'", origin
        )
        # Whom staff limited herself stays so: the moment tells them apart.
        for actor_id, _ in await _actors_of(tx, origin):
            await tx.execute(
                "UPDATE actor SET silenced_at = NULL, updated_at = updated_at + 1"
                " WHERE id = ? AND silenced_at = ?",
                actor_id,
                row["created_at"],
            )


async def _sever(node: Node, tx: Transaction, origin: str) -> None:
    actor_ids = [actor_id for actor_id, _ in await _actors_of(tx, origin)]
    await tell_lost(node, tx, origin, await sever_all(tx, actor_ids))


async def _actors_of(tx: Transaction, origin: str) -> list[tuple[int, str]]:
    """The actors of an origin and of those under it."""
    origins = [
        row["origin"]
        for row in await tx.rows("SELECT DISTINCT origin FROM actor WHERE NOT is_local")
        if origin in covering_blocks(row["origin"])
    ]
    if not origins:
        return []
    rows = await tx.rows(
        f"SELECT id, origin FROM actor WHERE origin IN ({marks(origins)}) AND NOT is_local",
        *origins,
    )
    return [(row["id"], row["origin"]) for row in rows]
