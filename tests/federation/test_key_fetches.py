"""Proves within which bounds the keys of strangers are fetched while their requests wait."""

import asyncio

import pytest

from federation import key_fetches
from federation.errors import BadSignature, Unavailable
from federation.node import Node
from federation.peers import allow
from tests.conftest import FakeClock
from tests.federation.actors_with_keys import allowed_peer
from tests.federation.deadlines import Deadlines
from tests.federation.other_machines import Asked, Peer, StartPeer, http


@pytest.fixture
async def peer(node: Node, start_peer: StartPeer) -> Peer:
    return await allowed_peer(node, start_peer)


@pytest.fixture
def alice(peer: Peer) -> str:
    return f"{peer.origin}/alice#main-key"


async def test_many_requests_with_one_unknown_key_are_one_flight(
    node: Node, peer: Peer, alice: str
) -> None:
    found = await asyncio.gather(*(node.keyring.find(alice) for _ in range(40)))
    assert len(peer.hits) == 1
    assert {key.key_id for key in found} == {alice}


async def test_a_flight_goes_on_for_others_when_one_who_waits_leaves(
    node: Node, peer: Peer, alice: str
) -> None:
    go_on, came = asyncio.Event(), asyncio.Event()
    answer = peer.replies["/alice"]
    assert isinstance(answer, bytes)

    async def slowly(_: Asked, writer: asyncio.StreamWriter) -> None:
        came.set()
        await go_on.wait()
        writer.write(answer)
        await writer.drain()

    peer.sends("/alice", slowly)
    leaver = asyncio.create_task(node.keyring.find(alice))
    stayer = asyncio.create_task(node.keyring.find(alice))
    await came.wait()
    leaver.cancel()
    go_on.set()
    assert (await stayer).key_id == alice
    assert len(peer.hits) == 1


async def test_at_most_four_unknown_keys_of_an_origin_and_some_in_all_are_fetched_at_once(
    node: Node, peer: Peer, start_peer: StartPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_fetches, "FLIGHTS_MAX", 5)
    go_on, came = asyncio.Event(), asyncio.Semaphore(0)

    async def slowly(_: Asked, writer: asyncio.StreamWriter) -> None:
        came.release()
        await go_on.wait()
        writer.write(http(404))
        await writer.drain()

    other = await start_peer()
    await node.db.write(lambda tx: allow(tx, other.origin, node.clock()))
    for one in (peer, other):
        one.replies["*"] = slowly
    flights = [
        asyncio.create_task(node.keyring.find(f"{peer.origin}/{n}#main-key")) for n in range(4)
    ]
    # Two connections to each host, so the other two flights wait for one.
    await came.acquire()
    await came.acquire()
    while len(node.keyring._fetches._flights) < 4:  # noqa: ASYNC110 - a flight rings no bell
        await asyncio.sleep(0.005)
    with pytest.raises(Unavailable) as busy:
        await node.keyring.find(f"{peer.origin}/4#main-key")
    assert (busy.value.code, busy.value.retry_after_s) == ("key.busy", 5)
    flights.append(asyncio.create_task(node.keyring.find(f"{other.origin}/1#main-key")))
    await came.acquire()
    with pytest.raises(Unavailable):
        await node.keyring.find(f"{other.origin}/2#main-key")
    go_on.set()
    results = await asyncio.gather(*flights, return_exceptions=True)
    assert all(isinstance(result, BadSignature) for result in results)
    with pytest.raises(BadSignature):
        await node.keyring.find(f"{peer.origin}/4#main-key")


async def test_what_is_not_there_is_not_asked_again_for_five_minutes(
    node: Node, clock: FakeClock, peer: Peer
) -> None:
    key_id = f"{peer.origin}/nobody#main-key"
    for _ in range(3):
        with pytest.raises(BadSignature) as refused:
            await node.keyring.find(key_id)
        assert refused.value.code == "key.not_found"
    assert len(peer.hits) == 1
    clock.advance(300)
    with pytest.raises(BadSignature):
        await node.keyring.find(key_id)
    assert len(peer.hits) == 2


async def test_a_key_server_that_does_not_answer_is_left_alone_for_half_a_minute(
    node: Node, clock: FakeClock, peer: Peer, alice: str, deadlines: Deadlines
) -> None:
    async def never(_: Asked, writer: asyncio.StreamWriter) -> None:
        deadlines.lapse(key_fetches.FLIGHT_S)
        await asyncio.Event().wait()

    answer = peer.replies["/alice"]
    peer.sends("/alice", never)
    for key_id in (alice, f"{peer.origin}/bob#main-key"):
        with pytest.raises(Unavailable) as later:
            await node.keyring.find(key_id)
        assert (later.value.code, later.value.retry_after_s) == ("key.unreachable", 30)
    assert len(peer.hits) == 1
    peer.sends("/alice", answer)
    clock.advance(30)
    assert (await node.keyring.find(alice)).key_id == alice


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
async def test_a_key_server_that_refuses_for_now_makes_the_sender_come_back(
    node: Node, peer: Peer, alice: str, status: int
) -> None:
    answer = peer.replies["/alice"]
    peer.sends("/alice", http(status))
    with pytest.raises(Unavailable):
        await node.keyring.find(alice)
    peer.sends("/alice", answer)
    assert (await node.keyring.find(alice)).key_id == alice
