"""Proves that partners are told when this node is here (again), and that greetings do not echo."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from federation.delivery import Dispatcher, delivery_loop, greet_partners
from federation.greetings import Greeter
from federation.http_signatures import ReceivedRequest, check_signature, parse_signature
from federation.node import Node
from federation.peers import ACCEPT_SIGNATURE, allow, block, heard_from
from tests.conftest import FakeClock
from tests.federation.other_machines import Peer, StartPeer, http
from tests.federation.partners import ACCEPTED, Partner, anybody, hang_up, peer_row, queue


@pytest.fixture
async def peers(node: Node, start_peer: StartPeer) -> list[Peer]:
    """Three servers; the first two are allowed, the third is blocked after it was."""
    found = [await start_peer() for _ in range(3)]
    for peer in found:
        peer.says("/actor/outbox", {})
        await node.db.write(lambda tx, origin=peer.origin: allow(tx, origin, node.clock()))
    await node.db.write(lambda tx: block(tx, found[2].origin, node.clock()))
    return found


@pytest.fixture
async def loop(node: Node) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(delivery_loop(node, anybody))
    yield task
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def asked(peer: Peer, times: int = 1) -> None:
    async with asyncio.timeout(15):
        while len(peer.targets) < times:  # noqa: ASYNC110 - a server rings no bell
            await asyncio.sleep(0.01)


async def test_every_allowed_partner_gets_a_signed_get_and_a_blocked_one_none(
    node: Node, peers: list[Peer]
) -> None:
    assert await greet_partners(node) == 2
    key = (await node.keyring.private_key(node.uris.instance_actor)).public("x")
    for peer in peers[:2]:
        (hit,) = peer.hits
        assert (hit.method, hit.target) == ("GET", "/actor/outbox")
        request = ReceivedRequest("GET", hit.target, tuple(hit.headers.items()), b"")
        check_signature(parse_signature(request), request, key, peer.origin, node.clock())
    assert peers[2].hits == []


async def test_nobody_is_greeted_twice_in_ten_minutes(
    node: Node, clock: FakeClock, peers: list[Peer]
) -> None:
    greeter = Greeter(node)
    assert await greeter.partners() == 2
    clock.advance(599)
    assert await greeter.partners() == 0
    clock.advance(1)
    assert await greeter.partners() == 2


async def test_a_partner_that_is_away_does_not_spoil_the_greeting(
    node: Node, peers: list[Peer]
) -> None:
    peers[0].sends("/actor/outbox", hang_up)
    assert await greet_partners(node) == 2
    assert peers[1].targets == ["/actor/outbox"]


async def test_being_greeted_sends_no_greeting(
    node: Node, peers: list[Peer], loop: asyncio.Task[None]
) -> None:
    await asked(peers[0])
    await asked(peers[1])
    for _ in range(3):
        await heard_from(node, peers[0].origin)
        node.delivery_wake.set()
        await asyncio.sleep(0.02)
    assert peers[0].targets == ["/actor/outbox"]


async def test_a_greeting_learns_that_ed25519_is_taken(node: Node, peers: list[Peer]) -> None:
    peers[0].sends("/actor/outbox", http(200, b"{}", Accept_Signature=ACCEPT_SIGNATURE))
    await greet_partners(node)
    assert await node.keyring.form(peers[0].origin) == "ed25519"
    assert await node.keyring.form(peers[1].origin) == "cavage"


async def test_the_loop_greets_when_it_starts_and_whom_a_command_allowed(
    node: Node, peers: list[Peer], start_peer: StartPeer, loop: asyncio.Task[None]
) -> None:
    await asked(peers[0])
    late = await start_peer()
    late.says("/actor/outbox", {})
    await node.db.write(lambda tx: allow(tx, late.origin, node.clock()))
    await asked(late)
    assert (await peer_row(node, late.origin))["note"] is None


async def test_partners_are_greeted_when_sends_reach_again_and_not_after_a_busy_answer(
    node: Node, clock: FakeClock, peers: list[Peer], start_peer: StartPeer
) -> None:
    busy = Partner(await start_peer(), http(503), ACCEPTED)
    await queue(node, "one", busy)
    dispatcher = Dispatcher(node, anybody)
    for _ in range(2):
        await dispatcher.start_due()
        await dispatcher.settle()
        clock.advance(40)
    assert busy.names == ["one", "one"]
    assert peers[0].hits == []

    away = Partner(await start_peer(), hang_up, hang_up, ACCEPTED)
    await queue(node, "two", away)
    for _ in range(3):
        await dispatcher.start_due()
        await dispatcher.settle()
        clock.advance(40)
    assert away.names[-1] == "two"
    assert peers[0].targets == ["/actor/outbox"]
    assert peers[2].hits == []
