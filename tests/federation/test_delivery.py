"""Proves what each answer to a delivery leads to (REL-007 to REL-013, REL-019, protocol.md 4)."""

from email.utils import formatdate

import orjson
import pytest

from federation.database import Row
from federation.delivery import deliver_due_once
from federation.http_signatures import (
    ReceivedRequest,
    check_signature,
    content_digest_header,
    parse_signature,
)
from federation.node import Node
from federation.peers import ACCEPT_SIGNATURE, allow
from tests.conftest import FakeClock
from tests.federation.other_machines import Asked, StartPeer, http
from tests.federation.partners import (
    ACCEPTED,
    Partner,
    anybody,
    change,
    deliver,
    delivery,
    hang_up,
    peer_row,
    queue,
)

DAY_S = 86_400


@pytest.fixture
async def partner(start_peer: StartPeer) -> Partner:
    return Partner(await start_peer())


async def signed_by(node: Node, partner: Partner, asked: Asked, *, ed25519: bool = False) -> None:
    """Check a received POST with this node's own public key."""
    request = ReceivedRequest("POST", asked.target, tuple(asked.headers.items()), asked.body)
    owner = node.uris.instance_actor
    private = await (
        node.keyring.instance_ed25519() if ed25519 else node.keyring.private_key(owner)
    )
    key = private.public(owner)
    check_signature(parse_signature(request), request, key, partner.origin, node.clock())


async def test_a_delivery_is_signed_posted_recorded_and_held_there(
    node: Node, partner: Partner
) -> None:
    first = await queue(node, "one", partner)
    assert await deliver(node) == 1

    (asked,) = partner.posts
    await signed_by(node, partner, asked)
    assert asked.headers["content-type"] == "application/activity+json"
    assert orjson.loads(asked.body)["id"] == node.uris.activity(first)
    row = await delivery(node, first)
    assert (row["progress"], row["last_status"], row["done_at"]) == ("done", 202, node.clock())
    held = await node.db.row("SELECT * FROM held WHERE origin = ?", partner.origin)
    assert held is not None
    assert (held["object_uri"], held["state"]) == (f"{node.origin}/notes/one", "handed_over")
    assert await deliver(node) == 0


async def test_a_delete_that_was_taken_is_held_as_such_and_nothing_undoes_that(
    node: Node, partner: Partner
) -> None:
    note = "http://127.0.0.1:8471/notes/1"
    await queue(node, "made", partner, about=note)
    await queue(node, "gone", partner, about=note, activity_type="Delete")
    await queue(node, "late", partner, about=note)
    await deliver(node)
    assert partner.names == ["made", "gone", "late"]
    assert await node.db.value("SELECT state FROM held") == "delete_sent"


async def test_one_inbox_gets_an_activity_once_however_often_it_is_named(
    node: Node, partner: Partner
) -> None:
    await queue(node, "one", partner, partner)
    await deliver(node)
    assert partner.names == ["one"]


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
async def test_later_makes_the_lane_wait_in_order(
    node: Node, clock: FakeClock, partner: Partner, status: int
) -> None:
    partner.will_answer(http(status), ACCEPTED)
    first = await queue(node, "one", partner)
    await queue(node, "two", partner)
    await deliver(node)
    assert partner.names == ["one"]
    peer = await peer_row(node, partner.origin)
    assert peer["failing_since"] == clock()
    assert 30_000 <= peer["next_attempt_at"] - clock() <= 33_000
    assert peer["note"] == f"answer.{status}"

    await deliver(node)
    assert partner.names == ["one"]
    clock.advance(34)
    await deliver(node)
    assert partner.names == ["one", "one", "two"]
    peer = await peer_row(node, partner.origin)
    assert (peer["failing_since"], peer["attempts"], peer["next_attempt_at"]) == (None, 0, None)
    assert (await delivery(node, first))["attempts"] == 2


async def test_retry_after_is_honoured_in_seconds_and_as_a_date(
    node: Node, clock: FakeClock, partner: Partner
) -> None:
    partner.will_answer(http(429, Retry_After="600"))
    await queue(node, "one", partner)
    await deliver(node)
    assert (await peer_row(node, partner.origin))["next_attempt_at"] == clock() + 600_000

    clock.advance(600)
    partner.will_answer(http(503, Retry_After=formatdate(clock() // 1000 + 900, usegmt=True)))
    await deliver(node)
    assert (await peer_row(node, partner.origin))["next_attempt_at"] == clock() + 900_000


async def test_a_partner_that_is_down_for_days_gets_everything_in_order(
    node: Node, clock: FakeClock, start_peer: StartPeer
) -> None:
    peer = await start_peer()
    partner = Partner(peer, hang_up)
    nowhere = "http://127.0.0.1:1"
    await queue(node, "lost", inboxes=[(f"{nowhere}/inbox", nowhere)])
    for name in ("one", "two", "three"):
        await queue(node, name, partner)
    for _ in range(29):
        await deliver(node)
        clock.advance(DAY_S)
    assert (await peer_row(node, nowhere))["note"] == "client.connect"
    assert set(partner.names) == {"one", "two"}  # the second only to find out whose fault it is
    before = len(partner.posts)
    partner.will_answer(ACCEPTED)
    await deliver(node)
    assert partner.names[before:] == ["one", "two", "three"]


async def test_after_thirty_days_of_silence_all_that_waits_is_visibly_not_delivered(
    node: Node, clock: FakeClock, partner: Partner
) -> None:
    partner.will_answer(http(503))
    ids = [await queue(node, name, partner) for name in ("one", "two")]
    await deliver(node)
    clock.advance(30 * DAY_S - 1)
    await deliver(node)
    assert (await delivery(node, ids[0]))["progress"] == "pending"
    clock.advance(2 * 3600)
    await deliver(node)
    rows = [await delivery(node, activity_id) for activity_id in ids]
    assert {row["progress"] for row in rows} == {"failed"}
    assert {row["last_error"] for row in rows} == {"delivery.silent_30_days"}

    # What is posted now has thirty days of its own.
    later = await queue(node, "three", partner)
    await deliver(node)
    assert (await delivery(node, later))["progress"] == "pending"
    clock.advance(60)
    partner.will_answer(ACCEPTED)
    await deliver(node)
    assert (await delivery(node, later))["progress"] == "done"


@pytest.mark.parametrize("status", [400, 404, 405, 406, 410, 413, 422])
async def test_what_is_final_ends_one_delivery_and_the_lane_goes_on(
    node: Node, partner: Partner, status: int
) -> None:
    partner.will_answer(http(status), ACCEPTED)
    refused = await queue(node, "one", partner)
    taken = await queue(node, "two", partner)
    await deliver(node)
    row = await delivery(node, refused)
    assert (row["progress"], row["last_status"]) == ("refused", status)
    assert row["last_error"] == f"answer.{status}"
    assert (await delivery(node, taken))["progress"] == "done"
    assert await node.db.value("SELECT count(*) FROM held") == 1


async def test_410_ends_what_goes_to_that_inbox_and_nothing_else_of_the_host(
    node: Node, partner: Partner
) -> None:
    partner.peer.sends("/users/1/inbox", http(410))
    gone = (f"{partner.origin}/users/1/inbox", partner.origin)
    activity = await queue(node, "one", partner, inboxes=[gone])
    await deliver(node)
    rows = await node.db.rows("SELECT * FROM delivery WHERE activity_id = ?", activity)
    assert {row["inbox_url"]: row["progress"] for row in rows} == {
        gone[0]: "refused",
        partner.inbox_url: "done",
    }


async def test_403_waits_a_day_for_the_partner_or_until_it_is_allowed_again(
    node: Node, clock: FakeClock, partner: Partner
) -> None:
    partner.will_answer(http(403))
    await queue(node, "one", partner)
    await queue(node, "two", partner)
    await deliver(node)
    peer = await peer_row(node, partner.origin)
    assert peer["note"] == "waiting_for_partner"
    assert DAY_S * 1000 <= peer["next_attempt_at"] - clock() <= (DAY_S + 60) * 1000
    clock.advance(DAY_S - 1)
    await deliver(node)
    assert len(partner.posts) == 1
    clock.advance(62)
    await deliver(node)
    assert len(partner.posts) == 2

    partner.will_answer(ACCEPTED)
    await deliver(node)
    assert len(partner.posts) == 2
    await node.db.write(lambda tx: allow(tx, partner.origin, clock()))
    await deliver(node)
    assert partner.names == ["one", "one", "one", "two"]


async def test_401_is_answered_with_the_other_form_which_is_remembered(
    node: Node, clock: FakeClock, partner: Partner
) -> None:
    partner.will_answer(http(401), ACCEPTED)
    await queue(node, "one", partner)
    await queue(node, "two", partner)
    await deliver(node)
    assert partner.names == ["one", "one", "two"]
    forms = ["signature-input" in asked.headers for asked in partner.posts]
    assert forms == [False, True, True]
    for asked in partner.posts:
        await signed_by(node, partner, asked)
    assert (await peer_row(node, partner.origin))["signature_form"] == "rfc9421"

    partner.will_answer(http(401), ACCEPTED)
    await queue(node, "three", partner)
    await deliver(node)
    assert ["signature-input" in asked.headers for asked in partner.posts[3:]] == [True, False]
    assert (await peer_row(node, partner.origin))["signature_form"] == "cavage"


@pytest.mark.parametrize("second", [400, 401, 404, 500])
async def test_401_in_both_forms_waits_like_403_and_a_guess_ends_nothing(
    node: Node, clock: FakeClock, partner: Partner, second: int
) -> None:
    partner.will_answer(http(401), http(second))
    activity = await queue(node, "one", partner)
    await deliver(node)
    assert len(partner.posts) == 2
    row = await delivery(node, activity)
    assert (row["progress"], row["last_status"]) == ("pending", 401)
    peer = await peer_row(node, partner.origin)
    assert peer["note"] == "signature_refused"
    assert peer["signature_form"] is None
    assert peer["next_attempt_at"] - clock() >= DAY_S * 1000


async def test_a_partner_that_takes_ed25519_is_sent_it_from_its_first_answer_on(
    node: Node, partner: Partner
) -> None:
    partner.will_answer(http(202, Accept_Signature=ACCEPT_SIGNATURE))
    await queue(node, "one", partner)
    await queue(node, "two", partner)
    await deliver(node)
    first, second = partner.posts
    await signed_by(node, partner, first)
    await signed_by(node, partner, second, ed25519=True)
    assert bool((await peer_row(node, partner.origin))["takes_ed25519"])

    partner.will_answer(ACCEPTED)
    await queue(node, "three", partner)
    await deliver(node)
    assert not (await peer_row(node, partner.origin))["takes_ed25519"]


async def test_ed25519_that_is_refused_is_not_believed_again_for_a_day(
    node: Node, clock: FakeClock, partner: Partner
) -> None:
    taken = http(202, Accept_Signature=ACCEPT_SIGNATURE)
    partner.will_answer(taken, http(401), taken)
    for name in ("one", "two", "three"):
        await queue(node, name, partner)
    await deliver(node)
    assert partner.names == ["one", "two", "two", "three"]
    forms = ["signature-input" in asked.headers for asked in partner.posts]
    assert forms == [False, True, False, False]

    clock.advance(DAY_S)
    for name in ("four", "five"):
        await queue(node, name, partner)
    await deliver(node)
    forms = ["signature-input" in asked.headers for asked in partner.posts[4:]]
    assert forms == [False, True]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_of_a_post_is_followed_nowhere(
    node: Node, start_peer: StartPeer, partner: Partner, status: int
) -> None:
    elsewhere = Partner(await start_peer())
    partner.will_answer(http(status, Location=elsewhere.inbox_url), ACCEPTED)
    activity = await queue(node, "one", partner)
    await deliver(node)
    row = await delivery(node, activity)
    assert (row["progress"], row["last_status"], row["errors_in_row"]) == ("pending", status, 1)
    assert elsewhere.posts == []


async def test_a_success_in_html_is_not_taken_for_one_and_in_json_it_is(
    node: Node, clock: FakeClock, partner: Partner
) -> None:
    partner.will_answer(http(200, b"<html>", Content_Type="text/html"), http(200, b"{}"))
    activity = await queue(node, "one", partner)
    await deliver(node)
    row = await delivery(node, activity)
    assert (row["progress"], row["last_error"]) == ("pending", "answer.html")
    assert await node.db.value("SELECT count(*) FROM held") == 0
    clock.advance(15)
    await deliver(node)
    assert (await delivery(node, activity))["progress"] == "done"


async def test_a_reset_after_the_request_is_retried(
    node: Node, clock: FakeClock, partner: Partner
) -> None:
    partner.will_answer(hang_up, ACCEPTED)
    activity = await queue(node, "one", partner)
    await deliver(node)
    assert (await delivery(node, activity))["progress"] == "pending"
    clock.advance(15)
    await deliver(node)
    assert (await delivery(node, activity))["progress"] == "done"
    assert len({asked.body for asked in partner.posts}) == 1


async def test_each_delivery_is_judged_when_it_is_claimed(node: Node, partner: Partner) -> None:
    refused = await queue(node, "one", partner)
    taken = await queue(node, "two", partner)

    async def judge(row: Row) -> str | None:
        return "audience.changed" if row["activity_id"] == refused else None

    await deliver_due_once(node, judge)
    assert partner.names == ["two"]
    row = await delivery(node, refused)
    assert (row["progress"], row["last_error"]) == ("refused", "audience.changed")
    assert (await delivery(node, taken))["progress"] == "done"


async def test_an_inbox_on_another_origin_than_its_actor_gets_nothing(
    node: Node, start_peer: StartPeer, partner: Partner
) -> None:
    other = Partner(await start_peer())
    wrong = await queue(node, "one", inboxes=[(other.inbox_url, partner.origin)])
    unreadable = await queue(node, "two", inboxes=[("ftp://x/", partner.origin)])
    right = await queue(node, "three", partner)
    await deliver(node)
    assert other.posts == []
    assert (await delivery(node, wrong))["last_error"] == "delivery.foreign_inbox"
    assert (await delivery(node, unreadable))["last_error"] == "uri.scheme"
    assert (await delivery(node, right))["progress"] == "done"


async def test_a_delivery_whose_text_or_sender_is_gone_fails_and_the_lane_goes_on(
    node: Node, partner: Partner
) -> None:
    pruned = await queue(node, "one", partner)
    await change(node, "UPDATE activity SET body = NULL WHERE id = ?", pruned)
    nobody = await queue(node, "two", partner, sender_uri=node.uris.actor(7))
    right = await queue(node, "three", partner)
    await deliver(node)
    assert partner.names == ["three"]
    assert (await delivery(node, pruned))["last_error"] == "delivery.body_pruned"
    assert (await delivery(node, nobody))["last_error"] == "key.none"
    assert (await delivery(node, right))["progress"] == "done"


async def test_what_is_sent_again_is_signed_again(
    node: Node, clock: FakeClock, partner: Partner
) -> None:
    partner.will_answer(http(503), ACCEPTED)
    await queue(node, "one", partner)
    await deliver(node)
    clock.advance(4 * 3600)
    await deliver_due_once(node, anybody)
    old, new = partner.posts
    assert old.headers["date"] != new.headers["date"]
    await signed_by(node, partner, new)
    assert old.body == new.body
    assert content_digest_header(new.body).startswith("sha-256=:")
