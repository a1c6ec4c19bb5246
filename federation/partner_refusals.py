"""Requests in a partner's name that were turned away at the door: how many, and why, by code.

Nothing else of them is kept. Each origin has one row for each code, so nobody fills the store.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from federation.database import Reader, Transaction
from federation.node import Node
from federation.remembered import Remembered

EVERY_MS = 10_000
_WAITING_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """How often requests of one origin were turned away for one reason."""

    code: str
    requests: int
    first_at: int
    last_at: int


class Refusals:
    """Counts what one node turns away; writes at most every ten seconds for an origin and code."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._written: Remembered[tuple[str, str], bool] = Remembered(
            _WAITING_MAX, EVERY_MS, node.clock
        )
        self._unwritten: dict[tuple[str, str], int] = {}

    async def count(self, origin: str, code: str) -> None:
        """Count one more; `origin` is that of a partnership."""
        place = (origin, code)
        number = self._unwritten.pop(place, 0) + 1
        if self._written.get(place) is not None:
            if len(self._unwritten) < _WAITING_MAX:
                self._unwritten[place] = number
            return
        self._written.put(place, value=True)
        now = self._node.clock()

        async def work(tx: Transaction) -> None:
            await tx.execute(
                "INSERT INTO partner_refusal (origin, code, requests, first_at, last_at)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (origin, code) DO UPDATE"
                " SET requests = partner_refusal.requests + excluded.requests,"
                " last_at = excluded.last_at",
                origin,
                code,
                number,
                now,
                now,
            )

        await self._node.db.write(work)


async def refusals(reader: Reader, origin: str) -> Sequence[Refusal]:
    """What was turned away of one partner, the latest first."""
    rows = await reader.rows(
        "SELECT code, requests, first_at, last_at FROM partner_refusal WHERE origin = ?"
        " ORDER BY last_at DESC, code",
        origin,
    )
    return [Refusal(r["code"], r["requests"], r["first_at"], r["last_at"]) for r in rows]
