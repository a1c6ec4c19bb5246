"""The emergency stop: one row, and nothing goes out or comes in between this node and an origin.

Read from the database each time, so that it holds from its commit on, in every process, and
over a restart. It ends nothing and loses nothing: what waits goes on waiting.
"""

from collections.abc import Sequence

from federation.database import Reader, Row, Transaction
from federation.errors import Unavailable, describe

describe(
    {
        "partner.stopped": "The exchange is stopped for now; what waits is kept. Come back in"
        " {retry_after_s} s.",
    }
)

ALL = "*"
"""In the place of an origin: every one."""
RETRY_S = 3_600


async def is_stopped(reader: Reader, origin: str) -> bool:
    """Whether the exchange with an origin stands still, by itself or with all others."""
    found = await reader.value("SELECT 1 FROM stopped WHERE origin IN (?, ?) LIMIT 1", ALL, origin)
    return found is not None


async def check(reader: Reader, origin: str) -> None:
    """Raise Unavailable while the exchange with an origin stands still."""
    if await is_stopped(reader, origin):
        raise Unavailable("partner.stopped", retry_after_s=RETRY_S)


async def stops(reader: Reader) -> Sequence[Row]:
    """All stops, the one of all origins first."""
    return await reader.rows("SELECT stopped.* FROM stopped ORDER BY origin")


async def stop(tx: Transaction, origin: str, by_uri: str, now: int) -> bool:
    """Stop the exchange with an origin, or with `ALL`; False when it was stopped before."""
    made = await tx.execute(
        "INSERT INTO stopped (origin, by_uri, stopped_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        origin,
        by_uri,
        now,
    )
    return made > 0


async def release(tx: Transaction, origin: str) -> bool:
    """Let the exchange with an origin, or with `ALL`, go on; False when it was not stopped."""
    return await tx.execute("DELETE FROM stopped WHERE origin = ?", origin) > 0
