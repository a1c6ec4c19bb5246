"""Proves the order in a lane: one failing delivery is told from a failing host (REL-011), and a
crash between an answer and its record sends again (REL-004, REL-005)."""

import asyncio
from dataclasses import replace

import pytest

from federation import delivery as delivery_module
from federation.delivery import Dispatcher, deliver_due_once
from federation.lanes import UNSURE, Lane
from federation.node import Node
from federation.pairing_documents import AGREEMENT
from federation.partnership_changes import wake_lane
from federation.peers import allow
from federation.results import record_wait
from federation.retry import SILENCE_MAX_MS
from federation.sending import Sent, Verdict
from tests.conftest import FakeClock
from tests.federation.other_machines import Asked, StartPeer, http
from tests.federation.partners import (
    ACCEPTED,
    Partner,
    anybody,
    by_name,
    deliver,
    delivery,
    hang_up,
    peer_row,
    queue,
)

OBJECT = "http://127.0.0.1:8471/notes/1"
BROKEN = http(500)


@pytest.fixture
async def partner(start_peer: StartPeer) -> Partner:
    return Partner(await start_peer())


async def deliver_often(node: Node, clock: FakeClock, times: int = 3) -> None:
    """Deliver as many times, each when the short waits are over."""
    for _ in range(times):
        await deliver(node)
        clock.advance(31)


async def test_500_three_times_for_one_while_the_next_is_taken_parks_that_one(
    node: Node, clock: FakeClock, partner: Partner
) -> None:
    partner.will_answer(by_name(bad=BROKEN))
    bad = await queue(node, "bad", partner)
    good = await queue(node, "good", partner)
    await deliver(node)
    assert partner.names == ["bad"]
    assert (await delivery(node, good))["progress"] == "pending"
    clock.advance(31)
    await deliver(node)
    assert partner.names == ["bad", "bad"]
    clock.advance(31)
    await deliver(node)
    assert partner.names == ["bad", "bad", "bad", "good"]

    row = await delivery(node, bad)
    assert (row["progress"], bool(row["parked"])) == ("pending", True)
    assert (row["last_status"], row["last_error"]) == (500, "answer.500")
    assert row["next_attempt_at"] == clock() + 3_600_000
    assert (await delivery(node, good))["progress"] == "done"
    peer = await peer_row(node, partner.origin)
    assert (peer["failing_since"], peer["next_attempt_at"], peer["note"]) == (None, None, None)


async def test_a_parked_delivery_is_retried_hourly_and_only_its_object_stays_behind(
    node: Node, clock: FakeClock, partner: Partner
) -> None:
    partner.will_answer(by_name(made=BROKEN))
    await queue(node, "made", partner, about=OBJECT)
    await queue(node, "other", partner)
    await deliver_often(node, clock)
    await queue(node, "changed", partner, about=OBJECT)
    await queue(node, "another", partner)
    await queue(node, "gone", partner, about=OBJECT, activity_type="Delete")
    await deliver(node)
    assert partner.names[3:] == ["other", "another"]

    clock.advance(3600)
    await deliver(node)
    assert partner.names[5:] == ["made"]
    clock.advance(3599)
    await deliver(node)
    assert partner.names[6:] == []
    clock.advance(1)
    partner.will_answer(ACCEPTED)
    await deliver(node)
    assert partner.names[6:] == ["made", "changed", "gone"]
    assert await node.db.value("SELECT count(*) FROM delivery WHERE progress <> 'done'") == 0


async def test_a_parked_delivery_is_given_up_after_thirty_days(
    node: Node, clock: FakeClock, partner: Partner
) -> None:
    partner.will_answer(by_name(bad=BROKEN))
    bad = await queue(node, "bad", partner)
    await queue(node, "good", partner)
    await deliver_often(node, clock)
    assert bool((await delivery(node, bad))["parked"])
    clock.advance(SILENCE_MAX_MS // 1000 - 100)
    await deliver(node)
    assert (await delivery(node, bad))["progress"] == "pending"
    clock.advance(3700)
    await deliver(node)
    row = await delivery(node, bad)
    assert (row["progress"], row["last_error"]) == ("failed", "delivery.parked_30_days")


@pytest.mark.parametrize("answer", [BROKEN, http(503), hang_up])
async def test_when_the_next_one_fails_too_it_is_the_host_and_nothing_is_parked(
    node: Node, clock: FakeClock, partner: Partner, answer: bytes
) -> None:
    partner.will_answer(BROKEN)
    await queue(node, "one", partner)
    await queue(node, "two", partner)
    await deliver_often(node, clock, 2)
    partner.will_answer(BROKEN, answer)
    await deliver(node)
    assert partner.names[:4] == ["one", "one", "one", "two"]
    before = len(partner.posts)
    assert await node.db.value("SELECT count(*) FROM delivery WHERE parked") == 0
    peer = await peer_row(node, partner.origin)
    assert peer["next_attempt_at"] >= clock() + 30_000
    assert peer["attempts"] == 1

    clock.advance(60)
    partner.will_answer(ACCEPTED)
    await deliver(node)
    assert partner.names[before:] == ["one", "two"]


async def test_the_next_one_that_is_compared_with_is_about_something_else(
    node: Node, clock: FakeClock, partner: Partner
) -> None:
    partner.will_answer(by_name(made=BROKEN))
    made = await queue(node, "made", partner, about=OBJECT)
    await queue(node, "changed", partner, about=OBJECT)
    await deliver_often(node, clock)
    assert partner.names == ["made", "made", "made"]
    assert not (await delivery(node, made))["parked"]
    assert (await peer_row(node, partner.origin))["note"] == "delivery.alone"


async def test_a_failing_delivery_alone_in_its_lane_does_not_delay_the_one_that_comes(
    node: Node, clock: FakeClock, partner: Partner
) -> None:
    partner.will_answer(by_name(bad=BROKEN))
    bad = await queue(node, "bad", partner)
    dispatcher = Dispatcher(node, anybody)
    for _ in range(3):
        await dispatcher.start_due()
        await dispatcher.settle()
        clock.advance(30)
    asked = len(partner.posts)
    await dispatcher.start_due()
    await dispatcher.settle()
    assert len(partner.posts) == asked
    assert (await peer_row(node, partner.origin))["next_attempt_at"] > clock()

    await queue(node, "good", partner)
    await dispatcher.start_due()
    await dispatcher.settle()
    assert partner.names[asked:] == ["bad", "good"]
    assert bool((await delivery(node, bad))["parked"])


async def test_a_crash_after_the_answer_and_before_its_record_sends_again(
    node: Node, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = await queue(node, "one", partner)
    await queue(node, "two", partner)
    answered = asyncio.Event()

    async def never(*_: object) -> None:
        answered.set()
        await asyncio.Event().wait()

    dispatcher = Dispatcher(node, anybody)
    with monkeypatch.context() as patch:
        patch.setattr(type(node.db), "write", never)
        await dispatcher.start_due()
        await answered.wait()
        for task in dispatcher._tasks:
            task.cancel()
        await dispatcher.settle()
    assert partner.names == ["one"]
    assert (await delivery(node, activity))["progress"] == "pending"

    await deliver(node)
    assert partner.names == ["one", "one", "two"]
    assert partner.posts[0].body == partner.posts[1].body


async def test_a_fault_of_our_own_lets_the_lane_rest_and_costs_the_others_nothing(
    node: Node, clock: FakeClock, start_peer: StartPeer, partner: Partner
) -> None:
    other = Partner(await start_peer())
    activity = await queue(node, "one", partner, other)
    faults = [RuntimeError("a bug")]

    async def judge(row: object) -> str | None:
        if row["origin"] == partner.origin and faults:  # type: ignore[index]
            raise faults.pop()
        return None

    dispatcher = Dispatcher(node, judge)
    await dispatcher.start_due()
    await dispatcher.settle()
    assert other.names == ["one"]
    await dispatcher.start_due()
    await dispatcher.settle()
    assert partner.names == []
    assert (await delivery(node, activity, partner.origin))["progress"] == "pending"
    clock.advance(15)
    await dispatcher.start_due()
    await dispatcher.settle()
    assert partner.names == ["one"]


async def test_what_the_partner_has_to_say_first_keeps_the_lane_in_order(
    node: Node, clock: FakeClock, partner: Partner
) -> None:
    first = await queue(node, "first", partner)
    await queue(node, "second", partner)
    says: list[str | None] = [UNSURE, UNSURE, None, None]

    async def judge(_: object) -> str | None:
        return says.pop(0)

    for left in (3, 2):
        await deliver_due_once(node, judge)
        await deliver_due_once(node, judge)
        row = await delivery(node, first)
        assert (row["progress"], row["last_error"], len(says)) == ("pending", UNSURE, left)
        assert partner.names == [], "nothing overtakes"
        clock.advance(121)
    await deliver_due_once(node, judge)
    assert partner.names == ["first", "second"]


async def test_a_lane_has_one_delivery_in_flight_and_takes_what_comes_meanwhile(
    node: Node, partner: Partner
) -> None:
    in_flight = 0
    most = 0
    go_on = asyncio.Event()

    async def slowly(_: Asked, writer: asyncio.StreamWriter) -> None:
        nonlocal in_flight, most
        in_flight += 1
        most = max(most, in_flight)
        await go_on.wait()
        in_flight -= 1
        writer.write(ACCEPTED)
        await writer.drain()

    partner.will_answer(slowly)
    await queue(node, "one", partner)
    dispatcher = Dispatcher(node, anybody)
    await dispatcher.start_due()
    await partner.asked.wait()
    await queue(node, "two", partner)
    await dispatcher.start_due()
    await queue(node, "three", partner)
    await dispatcher.start_due()
    go_on.set()
    await dispatcher.settle()
    assert partner.names == ["one", "two", "three"]
    assert most == 1
    assert {asked.connection for asked in partner.posts} == {1}


async def test_a_lane_of_parked_deliveries_is_not_looked_at_each_time_and_new_ones_go_at_once(
    node: Node, clock: FakeClock, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else more such lanes than there are places would keep the loop busy for nothing."""
    partner.will_answer(by_name(bad=BROKEN))
    await queue(node, "bad", partner)
    await queue(node, "good", partner)
    await deliver_often(node, clock)
    looks: list[str] = []
    real = Lane.run

    async def run(self: Lane) -> None:
        looks.append(self.origin)
        await real(self)

    monkeypatch.setattr(Lane, "run", run)
    dispatcher = Dispatcher(node, anybody)
    for _ in range(5):
        await dispatcher.start_due()
        await dispatcher.settle()
    assert len(looks) == 1
    await queue(node, "new", partner)
    await dispatcher.start_due()
    await dispatcher.settle()
    assert partner.names[-1] == "new"
    clock.advance(3600)
    await dispatcher.start_due()
    await dispatcher.settle()
    assert partner.names[-1] == "bad"


async def test_more_lanes_than_places_are_all_worked_through(
    node: Node, clock: FakeClock, start_peer: StartPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "LANES_MAX", 2)
    partners = [Partner(await start_peer(), by_name(bad=BROKEN)) for _ in range(5)]
    for name in ("bad", "good"):
        await queue(node, name, *partners)
    await deliver_often(node, clock, 4)
    assert {tuple(partner.names) for partner in partners} == {("bad", "bad", "bad", "good")}


async def test_what_was_answered_before_the_partner_takes_again_delays_nothing(
    node: Node, clock: FakeClock, partner: Partner
) -> None:
    """A wait that was asked for, on an answer that came after the partner said it takes again."""
    bad = await queue(node, "bad", partner)
    row = await delivery(node, bad)
    began = clock()
    clock.advance(1)
    await node.db.write(lambda tx: allow(tx, partner.origin, clock()))
    await node.db.write(lambda tx: wake_lane(tx, partner.origin, clock()))
    clock.advance(1)
    late = Sent(Verdict.WAIT, 503, "answer.503", 3_600_000, began_ms=began)
    await record_wait(node, row, late)
    assert (await peer_row(node, partner.origin))["next_attempt_at"] <= clock()
    # Asked for by an answer to what was sent since, it counts.
    await record_wait(node, row, replace(late, began_ms=clock()))
    assert (await peer_row(node, partner.origin))["next_attempt_at"] >= clock() + 3_600_000


async def test_a_word_about_the_agreement_that_later_ones_overtook_does_not_hold_the_lane(
    node: Node, partner: Partner
) -> None:
    partner.will_answer(by_name(stale=http(403), older=http(403)))
    stale = await queue(node, "stale", partner, audience_kind=AGREEMENT)
    news = await queue(node, "news", partner)
    older = await queue(node, "older", partner, audience_kind=AGREEMENT)
    await deliver(node)
    # Nothing later was taken: what the partner may still do decides.
    assert partner.names == ["stale", "older"]
    assert (await delivery(node, stale))["progress"] == "pending"

    accepted = await queue(node, "accepted", partner, audience_kind=AGREEMENT)
    await node.db.write(lambda tx: wake_lane(tx, partner.origin, node.clock()))
    await deliver(node)
    assert partner.names[2:] == ["stale", "older", "accepted", "stale", "news", "older"]
    for activity, progress in ((stale, "refused"), (older, "refused"), (accepted, "done")):
        assert (await delivery(node, activity))["progress"] == progress
    assert (await delivery(node, stale))["last_status"] == 403
    assert (await delivery(node, news))["progress"] == "done"


async def test_what_is_forbidden_and_not_about_the_agreement_waits_whatever_was_taken(
    node: Node, partner: Partner
) -> None:
    partner.will_answer(by_name(news=http(403)))
    news = await queue(node, "news", partner)
    accepted = await queue(node, "accepted", partner, audience_kind=AGREEMENT)
    await deliver(node)
    assert partner.names == ["news", "accepted", "news"]
    assert (await delivery(node, accepted))["progress"] == "done"
    assert (await delivery(node, news))["progress"] == "pending"
