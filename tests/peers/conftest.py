"""A stage for one document: an open node with one person, and a peer on loopback."""

from collections.abc import AsyncIterator

import pytest

import actors.local
from federation.node import Node
from tests.conftest import FakeClock
from tests.peers.fake_peer import FakePeer, PeerKeys, started
from tests.peers.stage import Stage, set_stage


@pytest.fixture(scope="session")
def peer_keys() -> PeerKeys:
    return PeerKeys()


@pytest.fixture
def one_key(peer_keys: PeerKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    """Local people of these tests share a key, which saves most of their time."""
    monkeypatch.setattr(actors.local, "generate_rsa", lambda: peer_keys.other_rsa)


@pytest.fixture
async def fake_peer(peer_keys: PeerKeys) -> AsyncIterator[FakePeer]:
    async with started(peer_keys, "127.0.0.2") as peer:
        yield peer


@pytest.fixture
async def stage(
    open_federation_node: Node, clock: FakeClock, fake_peer: FakePeer, one_key: None
) -> Stage:
    """A node that federates with everybody: what is said about partners has its own tests."""
    return await set_stage(open_federation_node, clock, fake_peer)
