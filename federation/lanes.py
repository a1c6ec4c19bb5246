"""One lane: what goes to one partner, oldest first, one delivery in flight.

A lane is worked through while the partner takes what is sent, on one warm connection. When it
cannot be reached, or says *later*, the whole lane waits: nothing overtakes. When it fails on
one delivery three times (500, or an answer that is none), the next one that is about
something else decides: if that is taken, the trouble is the delivery's own, which is parked and
tried hourly while only later ones about the same object stay behind it; if not, it is the
host's, and the lane waits. When it says that it may not, what waits about the agreement itself
goes first: until that has come, it cannot know that it may. A word about the agreement that it
still forbids after it took a later one is over.
"""

from collections.abc import Awaitable, Callable

from federation.database import Row
from federation.errors import NodeError, describe
from federation.node import Node
from federation.pairing_documents import AGREEMENT
from federation.payloads import Payloads
from federation.queries import LANE_AGREEMENTS, LANE_PAGE
from federation.results import (
    Health,
    record_alone,
    record_done,
    record_end,
    record_error,
    record_parked,
    record_wait,
)
from federation.retry import ERRORS_MAX, Verdict
from federation.sending import Sent, is_fault_of_ours, send

Judge = Callable[[Row], Awaitable[str | None]]
"""Asked again when a delivery is claimed: the code of the reason to refuse it, or None."""

HELD = "delivery.held"
"""The reason that is none to refuse: the lane waits where it is, and nothing is written."""

UNSURE = "delivery.unsure"
"""Neither: whether it is for the partner is what it has to say first, and it does not answer."""

describe({UNSURE: "Waits: the partner does not say whether this is still for it."})

_PAGE = 50


class Lane:
    """The work on one partner's deliveries; `run` ends when nothing can be sent now.

    Invariants
        Deliveries are sent in the order of their ids, except that a parked one lets others
        pass that are about other objects, and one that is forbidden those of the agreement.
    """

    def __init__(
        self, node: Node, judge: Judge, payloads: Payloads, origin: str, health: Health
    ) -> None:
        self.origin = origin
        self.sent = 0
        self.again = False
        """More was queued while the lane was at work."""
        self.stopping = False
        self.recovered = False
        """The partner took something after a time in which it could not be reached."""
        self.last_id = 0
        """The last delivery looked at."""
        self.left_parked = False
        """The lane was worked through, but for what is parked or stays behind that."""
        self._node = node
        self._judge = judge
        self._payloads = payloads
        self._health = health
        self._passed: set[str] = set()
        self._suspect: tuple[Row, Sent] | None = None
        self._stayed = False
        self._ahead: set[int] = set()
        self._agreed = False
        """It took what waited about the agreement behind a forbidden delivery."""

    async def run(self) -> None:
        """Send what can be sent."""
        while True:
            self.again = False
            if not await self._pass() or not self.again:
                return

    async def _pass(self) -> bool:
        """Go through the lane once; False when it has to wait."""
        self._passed.clear()
        self._ahead.clear()
        self._suspect = None
        self._stayed = self.left_parked = self._agreed = False
        after, found = 0, _PAGE
        while found == _PAGE:
            rows = await self._node.db.rows(LANE_PAGE, self.origin, after, _PAGE)
            found = len(rows)
            for row in rows:
                if self.stopping:
                    return False
                self.last_id = after = row["id"]
                if row["id"] in self._ahead:
                    continue
                if self._stays_behind(row):
                    self._stay(row)
                elif not await self._work(row):
                    return False
        return await self._end()

    async def _end(self) -> bool:
        if self._suspect is None:
            self.left_parked = self._stayed
            return True
        await record_alone(self._node, *self._suspect)
        return False

    def _stays_behind(self, row: Row) -> bool:
        """Say whether a delivery is parked, or about the object of one that stays.

        All that is parked comes before the first delivery that can go, or was met on the way:
        one walk from the start of the lane knows what stays, without an index of its own.
        """
        parked = bool(row["parked"]) and row["next_attempt_at"] > self._node.clock()
        return parked or row["object_uri"] in self._passed

    def _stay(self, row: Row) -> None:
        self._stayed = True
        if row["object_uri"] is not None:
            self._passed.add(row["object_uri"])

    async def _work(self, row: Row) -> bool:
        """Try one delivery and write down what came of it; False when the lane has to wait."""
        reason = await self._judge(row)
        if reason == UNSURE:
            sent = Sent(Verdict.WAIT, code=UNSURE, began_ms=self._node.clock())
            await record_wait(self._node, row, sent)
        if reason in (HELD, UNSURE):
            return False
        if reason is not None:
            await record_end(self._node, row, "refused", reason)
            return True
        sent = await self._send(row)
        if sent is None:
            return True
        self.sent += 1
        match sent.verdict:
            case Verdict.DONE:
                await self._done(row, sent)
            case Verdict.REFUSED:
                await record_end(self._node, row, "refused", sent.code, sent.status)
            case Verdict.ERROR:
                return await self._error(row, sent)
            case Verdict.WAIT | Verdict.FORBIDDEN | Verdict.UNSIGNED:
                return await self._later(row, sent)
        return True

    async def _later(self, row: Row, sent: Sent) -> bool:
        if sent.verdict is not Verdict.WAIT:
            if await self._agreements_first(row):
                return await self._work(row)
            if row["audience_kind"] == AGREEMENT and self._agreed:
                # An offer taken back under the keys of before, say, with a new pairing behind it.
                await record_end(self._node, row, "refused", sent.code, sent.status)
                return True
        await record_wait(self._node, row, sent)
        return False

    async def _agreements_first(self, row: Row) -> bool:
        """Send what waits about the agreement behind a forbidden delivery; False without any."""
        if self._ahead:
            return False
        for act in await self._node.db.rows(LANE_AGREEMENTS, self.origin, AGREEMENT):
            if act["id"] == row["id"]:
                continue
            if await self._judge(act) is not None:
                break
            sent = await self._send(act)
            if sent is not None and sent.verdict is Verdict.FORBIDDEN:
                continue
            if sent is not None and sent.verdict is not Verdict.DONE:
                # What it says to this one is written down in its turn.
                break
            self._ahead.add(act["id"])
            if sent is not None:
                self.sent += 1
                await self._done(act, sent)
                self._agreed = True
        return self._agreed

    async def _send(self, row: Row) -> Sent | None:
        payload = await self._payloads.find(self._node.db, row["activity_id"])
        if payload is None:
            await record_end(self._node, row, "failed", "delivery.body_pruned")
            return None
        try:
            return await send(self._node, row, payload)
        except NodeError as error:
            if is_fault_of_ours(error):
                raise
            await record_end(self._node, row, "failed", error.code)
            return None

    async def _done(self, row: Row, sent: Sent) -> None:
        self.recovered = self.recovered or self._health.unreached
        suspect = self._suspect[0] if self._suspect else None
        await record_done(self._node, row, sent, self._health, suspect)
        self._suspect = None

    async def _error(self, row: Row, sent: Sent) -> bool:
        if row["parked"]:
            await record_parked(self._node, row, sent)
            self._stay(row)
            return True
        if self._suspect is not None:
            await record_wait(self._node, row, sent)
            return False
        await record_error(self._node, row, sent)
        self._health.troubled = True
        if row["errors_in_row"] + 1 < ERRORS_MAX:
            return False
        self._suspect = (row, sent)
        self._stay(row)
        return True
