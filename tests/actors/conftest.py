"""A peer that a test furnishes: actors and WebFinger answers, served on loopback by aiohttp."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from aiohttp import web

from federation.keys import generate_rsa, public_pem
from federation.node import Node
from federation.peers import allow
from federation.vocabulary import ACTIVITY_TYPE, AS2, Document

JRD = "application/jrd+json"


@pytest.fixture(scope="session")
def pem() -> str:
    """A public key."""
    return public_pem(generate_rsa().public_key())


@pytest.fixture(scope="session")
def other_pem() -> str:
    """Another public key."""
    return public_pem(generate_rsa().public_key())


@dataclass
class Peer:
    """What one origin serves, and what it was asked for."""

    origin: str
    pem: str
    documents: dict[str, Document] = field(default_factory=dict)
    handles: dict[str, Document] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.origin.partition("://")[2]

    def person(self, path: str, username: str, **changes: Any) -> Document:
        """Serve a person with a key under `path`, found by WebFinger; None removes a property."""
        uri = f"{self.origin}{path}"
        document: Document = {
            "@context": [AS2, "https://w3id.org/security/v1"],
            "id": uri,
            "type": "Person",
            "preferredUsername": username,
            "name": username.capitalize(),
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
            "followers": f"{uri}/followers",
            "endpoints": {"sharedInbox": f"{self.origin}/inbox"},
            "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": self.pem},
        } | changes
        self.documents[path] = {k: v for k, v in document.items() if v is not None}
        self.called(f"{username}@{self.host}", uri)
        return self.documents[path]

    def called(self, handle: str, uri: str, subject: str | None = None) -> None:
        """Answer WebFinger for a handle."""
        link = {"rel": "self", "type": ACTIVITY_TYPE, "href": uri}
        subject = f"acct:{subject or handle}"
        self.handles[f"acct:{handle}".lower()] = {"subject": subject, "links": [link]}

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        if request.path == "/.well-known/webfinger":
            found = self.handles.get(request.query["resource"].lower())
            kind = JRD
        else:
            found, kind = self.documents.get(request.path), ACTIVITY_TYPE
        status = self.statuses.get(request.path, 200 if found is not None else 404)
        return web.Response(body=orjson.dumps(found), status=status, content_type=kind)


StartPeer = Callable[[str], Awaitable[Peer]]


@pytest.fixture
async def start_peer(pem: str) -> AsyncIterator[StartPeer]:
    """Start a peer on an address of 127.0.0.0/8."""
    runners: list[web.AppRunner] = []

    async def start(address: str) -> Peer:
        app = web.Application()
        runner = web.AppRunner(app)
        peer = Peer("", pem)
        app.router.add_route("GET", "/{path:.*}", peer.answer)
        await runner.setup()
        runners.append(runner)
        site = web.TCPSite(runner, address, 0)
        await site.start()
        port = runner.addresses[0][1]
        peer.origin = f"http://{address}:{port}"
        return peer

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
async def peer(start_peer: StartPeer, node: Node) -> Peer:
    """A peer that the closed node admits."""
    started = await start_peer("127.0.0.2")
    await node.db.write(lambda tx: allow(tx, started.origin, node.clock()))
    return started


@pytest.fixture
async def stranger(start_peer: StartPeer) -> Peer:
    """A peer that nobody admitted."""
    return await start_peer("127.0.0.3")
