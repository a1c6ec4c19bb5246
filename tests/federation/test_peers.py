"""Proves whom a node admits (SEC-192), what allowing and blocking change, and that whoever is
heard from has its lane woken (REL-009)."""

import pytest

from federation.database import Row
from federation.delivery import deliver_due_once
from federation.errors import Invalid, Malformed
from federation.node import Node
from federation.peers import (
    ACCEPT_SIGNATURE,
    accepts_ed25519,
    admits,
    allow,
    block,
    heard_from,
    listing,
    read_origin,
)
from tests.conftest import FakeClock
from tests.federation.other_machines import StartPeer, http
from tests.federation.partners import (
    ACCEPTED,
    Partner,
    change,
    deliver,
    delivery,
    peer_row,
    queue,
)

GOOD = "https://good.example"


async def allowing(node: Node, origin: str) -> str:
    return await node.db.write(lambda tx: allow(tx, origin, node.clock()))


async def blocking(node: Node, origin: str) -> str:
    return await node.db.write(lambda tx: block(tx, origin, node.clock()))


async def closed(node: Node, origin: str) -> str:
    return await admits(node.db, True, origin)


async def opened(node: Node, origin: str) -> str:
    return await admits(node.db, False, origin)


async def test_a_closed_node_admits_exactly_the_allowed_origin(node: Node) -> None:
    assert await closed(node, GOOD) == "stranger"
    await allowing(node, GOOD)
    assert await closed(node, GOOD) == "admitted"
    for other in (
        "http://good.example",
        "https://good.example:8443",
        "https://a.good.example",
        "https://example",
        "https://good.example.",
        "https://GOOD.example",
        "https://xgood.example",
        "good.example",
        "",
    ):
        assert await closed(node, other) == "stranger", other


async def test_a_limited_peer_is_admitted_and_a_known_one_is_not(node: Node) -> None:
    await allowing(node, GOOD)
    await change(node, "UPDATE peer SET policy = 'limited' WHERE origin = ?", GOOD)
    assert await closed(node, GOOD) == "admitted"
    await change(node, "UPDATE peer SET policy = 'known' WHERE origin = ?", GOOD)
    assert await closed(node, GOOD) == "stranger"
    assert await opened(node, GOOD) == "admitted"


@pytest.mark.parametrize(
    "written", ["good.example", "https://good.example:8443", "http://GOOD.Example./", GOOD]
)
async def test_a_block_covers_the_host_however_it_is_written(node: Node, written: str) -> None:
    assert await opened(node, GOOD) == "admitted"
    assert await blocking(node, written) == GOOD
    for origin in (
        GOOD,
        "http://good.example",
        "https://good.example:8443",
        "https://a.good.example",
        "https://a.b.good.example:444",
        "https://GOOD.example",
        "https://good.example.",
        "https://a.good.example.:8443",
    ):
        assert await opened(node, origin) == "blocked", origin
        assert await closed(node, origin) == "blocked", origin
    for other in ("https://xgood.example", "https://example", "https://good.example.org"):
        assert await opened(node, other) == "admitted", other


async def test_a_block_holds_in_both_spellings_of_a_name_and_for_an_address(node: Node) -> None:
    await blocking(node, "https://bücher.example")
    assert await opened(node, "https://xn--bcher-kva.example") == "blocked"
    assert await opened(node, "https://a.bücher.example") == "blocked"
    await blocking(node, "https://192.0.2.7")
    assert await opened(node, "http://192.0.2.7:8080") == "blocked"
    assert await opened(node, "https://192.0.2.8") == "admitted"
    await blocking(node, "https://[2001:db8::7]:444")
    assert await opened(node, "https://[2001:db8::7]") == "blocked"
    assert await opened(node, "https://[2001:db8::8]") == "admitted"


async def test_on_loopback_a_port_is_a_node_of_its_own(node: Node) -> None:
    await blocking(node, "http://127.0.0.1:8001")
    assert await opened(node, "http://127.0.0.1:8001") == "blocked"
    assert await opened(node, "http://127.0.0.1:8002") == "admitted"


async def test_blocking_revokes_what_was_allowed_and_lifting_it_allows_one_origin(
    node: Node,
) -> None:
    await allowing(node, "https://a.good.example")
    await allowing(node, "https://good.example:8443")
    await blocking(node, GOOD)
    for origin in ("https://a.good.example", "https://good.example:8443"):
        assert await closed(node, origin) == "blocked"

    with pytest.raises(Invalid) as refused:
        await allowing(node, "https://a.good.example")
    assert (refused.value.code, refused.value.field) == ("peer.covered_by_block", "origin")
    assert GOOD in str(refused.value)
    assert await allowing(node, "good.example:8443") == "https://good.example:8443"
    assert await closed(node, "https://good.example:8443") == "admitted"
    for origin in (GOOD, "https://a.good.example"):
        assert await closed(node, origin) == "stranger"


async def test_what_is_no_origin_is_neither_allowed_nor_blocked(node: Node) -> None:
    for wrong in ("ftp://good.example", "https://user@good.example", "https://", "a b"):
        with pytest.raises(Malformed):
            await allowing(node, wrong)
        with pytest.raises(Malformed):
            await blocking(node, wrong)
    assert read_origin(" Roses.example/ ") == "https://roses.example"


async def test_what_waits_for_a_blocked_partner_is_judged_at_once(
    node: Node, start_peer: StartPeer
) -> None:
    partner = Partner(await start_peer(), http(503))
    activity = await queue(node, "one", partner)
    await deliver(node)
    await blocking(node, partner.origin)

    async def judge(row: Row) -> str | None:
        admission = await admits(node.db, node.is_closed, row["origin"])
        return "peer.blocked" if admission == "blocked" else None

    await deliver_due_once(node, judge)
    row = await delivery(node, activity)
    assert (row["progress"], row["last_error"]) == ("refused", "peer.blocked")
    assert len(partner.posts) == 1


async def test_the_listing_names_every_peer_with_what_waits_for_it(
    node: Node, start_peer: StartPeer
) -> None:
    partner = Partner(await start_peer(), http(503))
    await allowing(node, GOOD)
    await blocking(node, "bad.example")
    await queue(node, "one", partner)
    await deliver(node)
    listed = {row["origin"]: (row["policy"], row["waiting"]) for row in await listing(node.db)}
    assert listed == {
        GOOD: ("allowed", 0),
        "https://bad.example": ("blocked", 0),
        partner.origin: ("known", 1),
    }


async def test_whoever_is_heard_from_has_its_lane_woken(
    node: Node, clock: FakeClock, start_peer: StartPeer
) -> None:
    partner = Partner(await start_peer(), http(503))
    await queue(node, "one", partner)
    await deliver(node)
    partner.will_answer(ACCEPTED)
    clock.advance(5)
    await deliver(node)
    assert len(partner.posts) == 1
    await heard_from(node, "https://somebody.example")
    await deliver(node)
    assert len(partner.posts) == 1
    await heard_from(node, partner.origin)
    assert node.delivery_wake._event.is_set()
    await deliver(node)
    assert len(partner.posts) == 2
    assert await node.db.value("SELECT count(*) FROM peer") == 1


async def test_being_heard_is_written_once_a_minute(node: Node, clock: FakeClock) -> None:
    await allowing(node, GOOD)
    await heard_from(node, GOOD)
    first = clock()
    clock.advance(59)
    await heard_from(node, GOOD)
    assert (await peer_row(node, GOOD))["last_heard_at"] == first
    clock.advance(1)
    await heard_from(node, GOOD)
    assert (await peer_row(node, GOOD))["last_heard_at"] == clock()


@pytest.mark.parametrize(("status", "pause_s"), [(503, 10), (403, 60)])
async def test_a_partner_that_talks_and_takes_nothing_is_not_asked_at_each_of_its_words(
    node: Node, clock: FakeClock, start_peer: StartPeer, status: int, pause_s: int
) -> None:
    partner = Partner(await start_peer(), http(status))
    await queue(node, "one", partner)
    await deliver(node)
    await heard_from(node, partner.origin)
    await deliver(node)
    assert len(partner.posts) == 2
    for _ in range(pause_s):
        await heard_from(node, partner.origin)
        await deliver(node)
        assert len(partner.posts) == 2
        clock.advance(1)
    await deliver(node)
    assert len(partner.posts) == 3


async def test_who_asked_for_time_gets_it_whatever_it_says_meanwhile(
    node: Node, clock: FakeClock, start_peer: StartPeer
) -> None:
    partner = Partner(await start_peer(), http(503, Retry_After="90"))
    await queue(node, "one", partner)
    await deliver(node)
    partner.will_answer(ACCEPTED)
    clock.advance(89)
    await heard_from(node, partner.origin)
    await deliver(node)
    assert len(partner.posts) == 1
    clock.advance(2)
    await deliver(node)
    assert len(partner.posts) == 2


def test_what_this_node_says_it_takes_is_what_it_understands() -> None:
    assert accepts_ed25519(ACCEPT_SIGNATURE)
    assert not accepts_ed25519(ACCEPT_SIGNATURE.replace("ed25519", "rsa-v1_5-sha256"))
    assert not accepts_ed25519("")
    assert not accepts_ed25519("sig1=(")
