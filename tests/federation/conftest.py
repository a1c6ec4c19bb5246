"""Fixtures of the guarded client: servers on loopback, certificates, clients under a policy."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from federation.client import GuardedClient
from federation.networks import Networks
from tests.federation.deadlines import Deadlines
from tests.federation.other_machines import MakeClient, Peer, StartPeer, TlsFiles


@pytest.fixture
async def start_peer(tls_files: TlsFiles) -> AsyncIterator[StartPeer]:
    """Start servers on loopback addresses; `tls` names the certificate that they show."""
    servers: list[tuple[asyncio.Server, Peer]] = []

    async def start(address: str = "127.0.0.1", tls: str | None = None) -> Peer:
        peer = Peer()
        context = None
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls_files.certificate(tls))
        server = await asyncio.start_server(peer.serve, address, 0, ssl=context)
        port = server.sockets[0].getsockname()[1]
        shown = f"[{address}]" if ":" in address else address
        peer.origin = f"{'http' if tls is None else 'https'}://{shown}:{port}"
        servers.append((server, peer))
        return peer

    yield start
    for server, peer in servers:
        server.close()
        for writer in list(peer.writers):
            writer.transport.abort()
        await server.wait_closed()


@pytest.fixture
async def make_client(tls_files: TlsFiles) -> AsyncIterator[MakeClient]:
    """Make guarded clients, closed after the test. `names` maps a name to its addresses."""
    made: list[GuardedClient] = []

    def make(
        *allowed: str, names: dict[str, Sequence[str]] | None = None, **options: Any
    ) -> GuardedClient:
        async def lookup(name: str) -> Sequence[str]:
            if names is None or name not in names:
                raise OSError(f"{name} is unknown")
            return names[name]

        options.setdefault("ca_file", tls_files.authority)
        options.setdefault("allow_http", True)
        options.setdefault("lookup", lookup)
        client = GuardedClient(networks=Networks(allowed), user_agent="tests", **options)
        made.append(client)
        return client

    yield make
    for client in made:
        await client.close()


@pytest.fixture
def deadlines(monkeypatch: pytest.MonkeyPatch) -> Deadlines:
    return Deadlines(monkeypatch)


@pytest.fixture(scope="session")
def tls_files(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    return TlsFiles(tmp_path_factory.mktemp("tls"))
