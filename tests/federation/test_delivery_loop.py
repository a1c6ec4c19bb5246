"""Proves that no partner delays another (REL-014 to REL-016), that a long queue costs nothing to
claim from, and that the loop wakes, greets and stops (REL-006)."""

import asyncio
import json

import pytest

from federation import delivery as delivery_module
from federation.delivery import Dispatcher, delivery_loop
from federation.node import Node
from federation.queries import DUE_LANES, LANE_PAGE
from tests.conftest import FakeClock
from tests.federation.other_machines import Asked, StartPeer
from tests.federation.partners import (
    ACCEPTED,
    Partner,
    anybody,
    change,
    deliver,
    delivery,
    peer_row,
    queue,
)

BACKLOG = 50_000


@pytest.fixture
async def partner(start_peer: StartPeer) -> Partner:
    return Partner(await start_peer())


async def until(node: Node, sql: str, wanted: object) -> None:
    """Wait until a query gives a value; for as long as a test may take."""
    async with asyncio.timeout(15):
        while await node.db.value(sql) != wanted:  # noqa: ASYNC110 - the database rings no bell
            await asyncio.sleep(0.01)


async def long_queue(node: Node, partner: Partner, length: int) -> int:
    """Queue many deliveries for one partner, as weeks of absence leave them."""
    activity = await queue(node, "old")

    async def work(tx: object) -> None:
        await tx.many(  # type: ignore[attr-defined]
            "INSERT INTO delivery (id, activity_id, inbox_url, origin, sender_uri, object_uri,"
            " activity_type, audience_kind, progress, next_attempt_at, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, 'Create', 'public', 'pending', ?, ?)",
            [
                (
                    n + 1,
                    activity,
                    f"{partner.inbox_url}?n={n}",
                    partner.origin,
                    node.uris.instance_actor,
                    f"{node.origin}/notes/{n}",
                    node.clock(),
                    node.clock(),
                )
                for n in range(length)
            ],
        )

    await node.db.write(work)
    return activity


async def plan(node: Node, sql: str, *args: object) -> str:
    """How the engine goes about a query, as text."""
    if node.db.dialect == "sqlite":
        rows = await node.db.rows(f"EXPLAIN QUERY PLAN {sql}", *args)
        return "\n".join(row["detail"] for row in rows)
    await change(node, "ANALYZE delivery")
    rows = await node.db.rows(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", *args)
    return json.dumps([list(row.values()) for row in rows])


async def test_claiming_from_fifty_thousand_uses_the_index_of_lanes(
    node: Node, partner: Partner
) -> None:
    await long_queue(node, partner, BACKLOG)
    for sql, args in (
        (DUE_LANES, (node.clock(),)),
        (LANE_PAGE, (partner.origin, 0, 50)),
    ):
        told = await plan(node, sql, *args)
        # PostgreSQL may take the primary key where nearly every row is of this one lane.
        assert "delivery_lane" in told or (node.db.dialect == "postgres" and "_pkey" in told)
        # Walking along the index, to the first entry, is what LIMIT 1 wants.
        assert "SCAN delivery" not in told.replace("SCAN delivery USING INDEX delivery_lane", "")
        assert "TEMP B-TREE" not in told
        assert "Seq Scan on delivery" not in told


async def test_claiming_from_fifty_thousand_costs_as_little_as_from_one(
    node: Node, partner: Partner
) -> None:
    """Counted in steps of SQLite's machine, not in time; on PostgreSQL in rows that are read."""

    async def cost() -> int:
        if node.db.dialect == "postgres":
            told = await plan(node, DUE_LANES, node.clock())
            counts = told.replace("\\", "").split('"Actual Rows": ')[1:]
            return sum(int(float(part.split(",")[0])) for part in counts)
        steps = 0
        connection = node.db.engine.reader.connection  # type: ignore[attr-defined]

        def step() -> None:
            nonlocal steps
            steps += 1

        connection.set_progress_handler(step, 1)
        await node.db.rows(DUE_LANES, node.clock())
        await node.db.rows(LANE_PAGE, partner.origin, 0, 1)
        connection.set_progress_handler(None, 0)
        return steps

    await long_queue(node, partner, 1)
    short = await cost()
    await change(node, "DELETE FROM delivery")
    await change(node, "DELETE FROM activity")
    await long_queue(node, partner, BACKLOG)
    assert await cost() <= 2 * short + 20


async def test_a_backlog_is_drained_in_order_on_one_connection_while_others_are_served(
    node: Node, start_peer: StartPeer, partner: Partner
) -> None:
    other = Partner(await start_peer())
    order: list[str] = []
    under_way = asyncio.Event()
    served = asyncio.Event()

    async def note(asked: Asked, writer: asyncio.StreamWriter) -> None:
        order.append(asked.target)
        if len(order) == 5:
            under_way.set()
        writer.write(ACCEPTED)
        await writer.drain()

    partner.peer.replies["*"] = note
    await long_queue(node, partner, 200)
    dispatcher = Dispatcher(node, anybody)
    await dispatcher.start_due()
    await under_way.wait()

    async def notice(_: Asked, writer: asyncio.StreamWriter) -> None:
        served.set()
        writer.write(ACCEPTED)
        await writer.drain()

    other.will_answer(notice)
    await queue(node, "new", other)
    await dispatcher.start_due()
    await served.wait()
    assert len(order) < 200
    await dispatcher.settle()
    assert order == [f"/inbox?n={n}" for n in range(200)]
    assert partner.peer.connections == 1


async def test_partners_that_never_answer_delay_nobody(
    node: Node, start_peer: StartPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More tar pits than the places for troubled lanes, and the healthy one is served at once."""
    monkeypatch.setattr(delivery_module, "TROUBLED_LANES_MAX", 3)
    stuck = asyncio.Semaphore(0)

    async def never(_: Asked, writer: asyncio.StreamWriter) -> None:
        stuck.release()
        await asyncio.Event().wait()

    pits = [Partner(await start_peer(f"127.0.0.{n}"), never) for n in range(2, 8)]
    healthy = Partner(await start_peer())
    for pit in pits:
        await change(
            node,
            "INSERT INTO peer (origin, policy, failing_since, note, created_at)"
            " VALUES (?, 'allowed', 1, 'client.timeout', 1)",
            pit.origin,
        )
    await queue(node, "one", *pits)
    dispatcher = Dispatcher(node, anybody)
    await dispatcher.start_due()
    for _ in range(3):
        await stuck.acquire()
    await queue(node, "two", healthy, *pits)
    await dispatcher.start_due()
    await healthy.asked.wait()
    await until(node, "SELECT count(*) FROM delivery WHERE progress = 'done'", 1)
    assert sum(len(pit.posts) for pit in pits) == 3
    for task in list(dispatcher._tasks):
        task.cancel()
    await dispatcher.settle()


async def test_a_request_that_does_not_end_is_ended(
    node: Node, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dribble(_: Asked, writer: asyncio.StreamWriter) -> None:
        for byte in ACCEPTED:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(5)

    async def post(url: str, **options: object) -> object:
        return await real(url, **{**options, "deadline_s": 0.2})  # type: ignore[arg-type]

    real = node.client.post
    monkeypatch.setattr(node.client, "post", post)
    partner.will_answer(dribble)
    activity = await queue(node, "one", partner)
    await deliver(node)
    row = await delivery(node, activity)
    assert (row["progress"], row["last_error"]) == ("pending", "client.timeout")
    assert (await peer_row(node, partner.origin))["note"] == "client.timeout"


async def test_the_loop_delivers_when_woken_and_what_another_process_queued(
    node: Node, partner: Partner
) -> None:
    loop = asyncio.create_task(delivery_loop(node, anybody))
    await queue(node, "one", partner)
    node.delivery_wake.set()
    await until(node, "SELECT count(*) FROM delivery WHERE progress = 'done'", 1)
    await queue(node, "two", partner)
    await until(node, "SELECT count(*) FROM delivery WHERE progress = 'done'", 2)
    loop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loop
    assert partner.names == ["one", "two"]


async def test_a_stop_lets_the_request_in_flight_end_and_leaves_the_rest(
    node: Node, partner: Partner
) -> None:
    go_on = asyncio.Event()

    async def wait(_: Asked, writer: asyncio.StreamWriter) -> None:
        await go_on.wait()
        writer.write(ACCEPTED)
        await writer.drain()

    partner.will_answer(wait)
    first = await queue(node, "one", partner)
    second = await queue(node, "two", partner)
    loop = asyncio.create_task(delivery_loop(node, anybody))
    await partner.asked.wait()
    loop.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await loop
    assert (await delivery(node, first))["progress"] == "done"
    assert (await delivery(node, second))["progress"] == "pending"
    assert partner.names == ["one"]


async def test_a_stop_does_not_wait_for_a_partner_that_never_answers(
    node: Node, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "STOP_S", 0.05)

    async def never(_: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    partner.will_answer(never)
    activity = await queue(node, "one", partner)
    loop = asyncio.create_task(delivery_loop(node, anybody))
    await partner.asked.wait()
    loop.cancel()
    async with asyncio.timeout(8):
        with pytest.raises(asyncio.CancelledError):
            await loop
    row = await delivery(node, activity)
    assert (row["progress"], row["attempts"]) == ("pending", 0)


async def test_the_loop_outlives_a_store_that_is_away(
    node: Node, clock: FakeClock, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [OSError("away")]
    real = Dispatcher.start_due

    async def start_due(self: Dispatcher) -> None:
        if faults:
            raise faults.pop()
        await real(self)

    monkeypatch.setattr(Dispatcher, "start_due", start_due)
    monkeypatch.setattr(delivery_module, "POLL_S", 0.01)
    await queue(node, "one", partner)
    loop = asyncio.create_task(delivery_loop(node, anybody))
    await until(node, "SELECT count(*) FROM delivery WHERE progress = 'done'", 1)
    loop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loop
    assert partner.names == ["one"]
