"""Delivery: everything queued is sent, to each partner in order, and no partner delays another.

A delivery is a row written together with what it delivers; the database is the queue. The
delivery loop looks for lanes that are due, when it is woken and at least every second, since
commands of another process queue and allow as well. Each lane is then worked through by a task
of its own (`lanes.Lane`), one delivery in flight.

What is in flight is known in memory only, because one process sends for one node: nothing is
leased, so a crash leaves nothing taken. What it interrupts is still pending, is sent again and
is known to the partner by its id; every result is recorded before the next delivery starts.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

import structlog

from federation.database import Row, Transaction
from federation.errors import NodeError, describe
from federation.greetings import Greeter, greet_partners
from federation.lanes import Judge, Lane
from federation.node import Node
from federation.payloads import Payloads
from federation.peers import NOTE_ALLOWED, allowed_origins
from federation.queries import DUE_LANES
from federation.results import Health

__all__ = ["Dispatcher", "Judge", "deliver_due_once", "delivery_loop", "enqueue", "greet_partners"]

describe(
    {
        "answer.html": "The partner answered with a web page where an inbox was expected.",
        "delivery.body_pruned": "Not delivered: its text is no longer kept here.",
        "delivery.foreign_inbox": "Not delivered: the inbox is on another origin than its actor.",
        "delivery.parked_30_days": "Not delivered: the partner failed on it for thirty days.",
        "delivery.silent_30_days": "Not delivered: the partner did not answer for thirty days.",
    }
)

LANES_MAX = 192
# Partners that did not answer the last time hold their lane until the deadline of a request:
# they never take the places of those that answer.
TROUBLED_LANES_MAX = 48
POLL_S = 1.0
STOP_S = 6.0
# After a fault of our own (the disk, a bug) a lane rests, and the others go on.
REST_MS = 15_000
# Where only parked deliveries are left, nothing is due for up to an hour.
LOOK_AGAIN_MS = 60_000

_log = structlog.get_logger(__name__)


async def enqueue(
    node: Node,
    tx: Transaction,
    *,
    activity_id: int,
    sender_uri: str,
    activity_type: str,
    object_uri: str | None,
    audience_kind: str,
    inboxes: Iterable[tuple[str, str]],
) -> int:
    """Queue an activity for inboxes, each with its origin, in the transaction that publishes it.

    Each inbox once, whatever is given; returns how many were given. After the commit the
    caller wakes the loop (`node.delivery_wake`).
    """
    now = node.clock()
    rows = [
        (
            node.ids.next(),
            activity_id,
            inbox_url,
            origin,
            sender_uri,
            object_uri,
            activity_type,
            audience_kind,
            now,
            now,
        )
        for inbox_url, origin in dict(inboxes).items()
    ]
    await tx.many(
        "INSERT INTO delivery (id, activity_id, inbox_url, origin, sender_uri, object_uri,"
        " activity_type, audience_kind, progress, next_attempt_at, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)"
        " ON CONFLICT (activity_id, inbox_url) DO NOTHING",
        rows,
    )
    return len(rows)


class Dispatcher:
    """Starts a task for each lane that is due, and never two for one partner."""

    def __init__(self, node: Node, judge: Judge) -> None:
        self._node = node
        self._judge = judge
        self._payloads = Payloads()
        self._greeter = Greeter(node)
        self._lanes: dict[str, Lane] = {}
        self._troubled: set[str] = set()
        self._tasks: set[asyncio.Task[object]] = set()
        self._greetings: set[asyncio.Task[object]] = set()
        self._resting: dict[str, int] = {}
        self._looked_at: dict[str, tuple[int, int]] = {}
        self._held_back = False
        self.sent = 0
        """How many requests the lanes that ended have posted."""

    async def start_due(self) -> bool:
        """Start every lane that is due and has a place; True when some wait for a place."""
        now = self._node.clock()
        due = await self._node.db.rows(DUE_LANES, now)
        self._held_back = False
        for row in sorted(due, key=lambda row: row["failing_since"] is not None):
            origin: str = row["origin"]
            if origin in self._lanes:
                self._lanes[origin].again = True
            elif self._is_due(row, now):
                self._start(row)
        return self._held_back

    def _is_due(self, row: Row, now: int) -> bool:
        """Say whether a lane has something to do: what is parked is not looked at each time."""
        if self._resting.get(row["origin"], 0) > now:
            return False
        last_id, until = self._looked_at.get(row["origin"], (row["last_id"], 0))
        if row["last_id"] > last_id:
            return True
        return (row["next_attempt_at"] or 0) <= now and until <= now

    def _start(self, row: Row) -> None:
        origin: str = row["origin"]
        health = Health.of(row)
        if len(self._lanes) >= LANES_MAX or (
            health.troubled and len(self._troubled) >= TROUBLED_LANES_MAX
        ):
            self._held_back = True
            return
        lane = Lane(self._node, self._judge, self._payloads, origin, health)
        self._lanes[origin] = lane
        if health.troubled:
            self._troubled.add(origin)
        self._spawn(self._work(lane), f"lane {origin}")

    def _spawn(self, work: Coroutine[Any, Any, object], name: str) -> asyncio.Task[object]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _work(self, lane: Lane) -> None:
        try:
            await lane.run()
        except NodeError as error:
            _log.warning("delivery.lane_rests", origin=lane.origin, code=error.code)
            self._resting[lane.origin] = self._node.clock() + REST_MS
        except Exception:  # noqa: BLE001 - one lane's fault must not end the others
            _log.exception("delivery.lane_rests", origin=lane.origin)
            self._resting[lane.origin] = self._node.clock() + REST_MS
        finally:
            del self._lanes[lane.origin]
            self._troubled.discard(lane.origin)
            looked_until = self._node.clock() + LOOK_AGAIN_MS if lane.left_parked else 0
            self._looked_at[lane.origin] = (lane.last_id, looked_until)
            self.sent += lane.sent
            if self._held_back:
                self._node.delivery_wake.set()
        if lane.recovered and not lane.stopping:
            self.greet_partners()

    def greet_partners(self) -> None:
        """Greet every partner, beside the deliveries."""
        self._greetings.add(task := self._spawn(_quietly(self._greeter.partners()), "greetings"))
        task.add_done_callback(self._greetings.discard)

    async def greet_allowed(self) -> None:
        """Greet, beside the deliveries, those that were just allowed; costs one read if none."""
        if origins := await allowed_origins(self._node.db, NOTE_ALLOWED):
            work = _quietly(self._greeter.allowed(origins))
            self._greetings.add(task := self._spawn(work, "greetings"))
            task.add_done_callback(self._greetings.discard)

    async def settle(self) -> None:
        """Wait until every task has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self) -> None:
        """Let what is in flight end, for six seconds at most; the rest stays pending."""
        for task in self._greetings:
            task.cancel()
        for lane in self._lanes.values():
            lane.stopping = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def delivery_loop(node: Node, judge: Judge) -> None:
    """Deliver until cancelled; then end within ten seconds, leaving pending what was not taken.

    Greets every partner first: what they keep for this node comes at once.
    """
    dispatcher = Dispatcher(node, judge)
    loop = asyncio.get_running_loop()
    looked_s = loop.time()
    try:
        dispatcher.greet_partners()
        while True:
            try:
                await dispatcher.start_due()
                if loop.time() - looked_s >= POLL_S:
                    looked_s = loop.time()
                    await dispatcher.greet_allowed()
            except Exception:  # noqa: BLE001 - the store may be away; the loop outlives it
                _log.exception("delivery.loop_rests")
                await asyncio.sleep(POLL_S)
            await node.delivery_wake.wait(POLL_S)
    finally:
        await dispatcher.stop()


async def deliver_due_once(node: Node, judge: Judge) -> int:
    """Work through every lane that is due now, wait for all; return how many were posted."""
    dispatcher = Dispatcher(node, judge)
    while await dispatcher.start_due():
        await dispatcher.settle()
    await dispatcher.settle()
    return dispatcher.sent


async def _quietly(greeting: Coroutine[Any, Any, int]) -> None:
    try:
        await greeting
    except Exception:  # noqa: BLE001 - a greeting is a courtesy, and must cost nobody else
        _log.exception("delivery.greeting_failed")
