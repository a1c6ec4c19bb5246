"""Holds: a partner that is neither sent nor shown anything until both have compared what they know.

Read from the database each time, so that a hold counts from its commit on, in every process, and
over a restart. What waits goes on waiting.
"""

from typing import Literal

from federation.database import Reader, Row, Transaction
from federation.errors import Unavailable, describe

describe(
    {
        "partner.held": "This site was away, or restored from a backup, and compares with yours"
        " what both know before anything goes on. Come back in {retry_after_s} s.",
    }
)

Reason = Literal["restored", "away"]
"""`restored`: what this node knows is old; `away`: it was off for a while, and has to ask."""
RETRY_S = 20
IN_FORCE_SQL = "('active', 'paused')"


async def held_for(reader: Reader, origin: str) -> Reason | None:
    """Why an origin is held; None when it is not."""
    return await reader.value("SELECT held_for FROM reconciliation WHERE origin = ?", origin)


async def check(reader: Reader, origin: str) -> None:
    """Raise Unavailable while an origin is held."""
    if await held_for(reader, origin) is not None:
        raise Unavailable("partner.held", retry_after_s=RETRY_S)


async def hold_all(tx: Transaction, reason: Reason, now: int) -> int:
    """Hold every partner with whom an agreement is in force; return how many there are.

    What is held as restored stays so, whatever else is said.
    """
    return await tx.execute(
        "INSERT INTO reconciliation (origin, held_for, held_at)"
        f" SELECT origin, ?, ? FROM partnership WHERE state IN {IN_FORCE_SQL}"
        " ON CONFLICT (origin) DO UPDATE SET held_at = excluded.held_at, next_at = 0,"
        " attempts = 0, note = NULL, held_for = CASE WHEN reconciliation.held_for = 'restored'"
        " THEN 'restored' ELSE excluded.held_for END",
        reason,
        now,
    )


async def release(tx: Transaction, origin: str) -> None:
    """Let the exchange with an origin go on."""
    await tx.execute(
        "UPDATE reconciliation SET held_for = NULL, held_at = NULL WHERE origin = ?", origin
    )


async def held(reader: Reader) -> list[Row]:
    """Every partner that is held, with since when, why, and what the last attempt came to."""
    return list(
        await reader.rows(
            "SELECT r.origin, r.held_for, r.held_at, r.note FROM reconciliation r"
            " JOIN partnership p ON p.origin = r.origin"
            f" WHERE r.held_for IS NOT NULL AND p.state IN {IN_FORCE_SQL} ORDER BY r.origin"
        )
    )
