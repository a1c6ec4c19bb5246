"""Which pending activities are being worked on: one lane for each actor, lanes side by side.

Activities of one actor are processed in the order in which they came; a lane that waits for
the network keeps nobody else waiting, and one origin never takes all the lanes. The database
is the queue: what is in memory here can be lost at any moment.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence

import structlog

from actors.queries import by_uri
from federation.admission import admits
from federation.database import Row, marks
from federation.errors import NodeError
from federation.fetch import FetchBudget
from federation.node import Node
from federation.origins import origin_of
from inbox.ancestors import Orphans, fetch_ancestors
from inbox.effects import Origins, process

BATCH_MAX = 100
LANES_MAX = 96
LANES_PER_ORIGIN_MAX = 16
FOLLOW_UPS_MAX = 8
POLL_S = 2.0
# After these the sender's row may be another.
_CHANGES_SENDER = frozenset({"Delete", "Move", "Update"})

_log = structlog.get_logger(__name__)


class Lanes:
    """The lanes of one worker."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._follow_ups: set[asyncio.Task[int]] = set()
        # What is due may have been passed over since its lane, or every place, was taken.
        self._passed_over = False
        self.processed = 0

    async def start_due(self) -> int:
        """Start lanes for what is due; return for how many activities."""
        self._passed_over = bool(self._busy)
        if len(self._busy) >= LANES_MAX:
            return 0
        records = await self._due()
        if not records:
            return 0
        by_actor: dict[str, list[Row]] = {}
        for record in records:
            by_actor.setdefault(record["actor_uri"], []).append(record)
        senders = await self._senders(list(by_actor))
        admitted = {
            origin: await self._admitted(origin) for origin in set(map(origin_of, by_actor))
        }
        taken = self._taken()
        started = 0
        for actor_uri, lane in by_actor.items():
            origin = origin_of(actor_uri)
            if len(self._busy) >= LANES_MAX or taken[origin] >= LANES_PER_ORIGIN_MAX:
                self._passed_over = True
                continue
            taken[origin] += 1
            started += len(lane)
            known = Origins(senders.get(actor_uri), admitted[origin])
            task = asyncio.create_task(self._run(lane, known), name=f"inbox {actor_uri}")
            self._busy[actor_uri] = task
            task.add_done_callback(lambda _, uri=actor_uri: self._end(uri))
        return started

    async def _due(self) -> Sequence[Row]:
        busy = list(self._busy)
        full = [origin for origin, lanes in self._taken().items() if lanes >= LANES_PER_ORIGIN_MAX]
        sql = (
            "SELECT id, type, actor_uri, origin, body, attempts FROM activity"
            " WHERE progress = 'pending' AND next_attempt_at <= ?"
            + (f" AND actor_uri NOT IN ({marks(busy)})" if busy else "")
            + " AND actor_uri NOT LIKE ?" * len(full)
            + " ORDER BY id LIMIT ?"
        )
        patterns = [f"{origin}/%" for origin in full]
        return await self._node.db.rows(sql, self._node.clock(), *busy, *patterns, BATCH_MAX)

    async def _senders(self, uris: list[str]) -> dict[str, Row]:
        rows = await self._node.db.rows(
            f"SELECT actor.* FROM actor WHERE uri IN ({marks(uris)})", *uris
        )
        return {row["uri"]: row for row in rows}

    async def _admitted(self, origin: str) -> bool:
        node = self._node
        return origin == node.origin or (
            await admits(node.db, node.is_closed, origin) == "admitted"
        )

    def _taken(self) -> Counter[str]:
        return Counter(map(origin_of, self._busy))

    async def _run(self, lane: list[Row], known: Origins) -> None:
        for record in lane:
            try:
                outcome = await process(self._node, record, known)
            except NodeError as error:
                # The store does not answer: everything stays as it is, and is read again.
                _log.warning("inbox_waits", code=error.code)
                await asyncio.sleep(POLL_S)
                return
            self.processed += 1
            if outcome is not None and outcome.orphan_id is not None:
                self._follow_up(outcome.orphan_id)
            if known.sender is None or record["type"] in _CHANGES_SENDER:
                sender = await by_uri(self._node.db, record["actor_uri"])
                known = Origins(sender, known.is_admitted)

    def _follow_up(self, status_id: int) -> None:
        # Beyond this many the replies are left to the search for orphans.
        if len(self._follow_ups) >= FOLLOW_UPS_MAX:
            return
        task = asyncio.create_task(fetch_ancestors(self._node, status_id, FetchBudget()))
        self._follow_ups.add(task)
        task.add_done_callback(self._follow_ups.discard)

    def _end(self, actor_uri: str) -> None:
        task = self._busy.pop(actor_uri)
        if not task.cancelled() and task.exception() is not None:
            _log.error("lane_failed", error=type(task.exception()).__name__)
        if self._passed_over:
            self._node.inbox_wake.set()

    async def settle(self) -> None:
        """Wait until every lane that was started, and what followed from it, has ended."""
        while tasks := [*self._busy.values(), *self._follow_ups]:
            await asyncio.wait(tasks)

    async def stop(self) -> None:
        """Let go of all lanes: what has not been committed stays pending."""
        tasks = {*self._busy.values(), *self._follow_ups}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


async def process_due(node: Node) -> int:
    """Process all that is due now, and what becomes due by it; say how many activities."""
    lanes = Lanes(node)
    while await lanes.start_due():
        await lanes.settle()
    return lanes.processed


async def inbox_loop(node: Node) -> None:
    """Process activities as they come, until cancelled; nothing that peers send ends it."""
    lanes = Lanes(node)
    orphans = asyncio.create_task(_orphans_loop(node))
    try:
        while True:
            try:
                started = await lanes.start_due()
            except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
                _log.exception("inbox_loop_failed")
                await asyncio.sleep(POLL_S)
                continue
            if started < BATCH_MAX:
                await node.inbox_wake.wait(POLL_S)
    finally:
        orphans.cancel()
        await lanes.stop()
        with contextlib.suppress(asyncio.CancelledError):
            await orphans


async def _orphans_loop(node: Node) -> None:
    orphans = Orphans(node)
    while True:
        try:
            await orphans.retry()
        except Exception:  # noqa: BLE001 - as above
            _log.exception("orphans_failed")
        await asyncio.sleep(60)
