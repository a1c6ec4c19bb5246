"""A peer that answers as one software's server would: its actors, WebFinger, and what it is told.

It keeps every request, so that a test can count what a delivery made this node ask, and see
what it was sent in answer.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from federation.cavage import sign_cavage
from federation.keys import PrivateKey, generate_ed25519, generate_rsa, public_pem
from federation.multikeys import public_multibase
from federation.vocabulary import ACTIVITY_TYPE, Document

JRD = "application/jrd+json"


class PeerKeys:
    """The keys that all actors of all peers of a test run share, in every written form."""

    def __init__(self) -> None:
        self.rsa: RSAPrivateKey = generate_rsa()
        self.other_rsa: RSAPrivateKey = generate_rsa()
        ed25519 = generate_ed25519().public_key()
        public = self.rsa.public_key()
        self.literals = {
            "PEM": public_pem(public),
            "PEM_PKCS1": public.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode(),
            "PEM_ED25519": public_pem(ed25519),
            "MULTIKEY": public_multibase(ed25519),
        }


@dataclass
class FakePeer:
    """One origin: what it serves, and what it was asked and sent."""

    keys: PeerKeys
    origin: str = ""
    documents: dict[str, Document] = field(default_factory=dict[str, Document])
    handles: dict[str, str] = field(default_factory=dict[str, str])
    gone: set[str] = field(default_factory=set[str])
    closed: set[str] = field(default_factory=set[str])
    failing: bool = False
    asked: list[str] = field(default_factory=list[str])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    received: list[Document] = field(default_factory=list[Document])

    @property
    def host(self) -> str:
        return self.origin.partition("://")[2]

    def serve_actor(self, actor: Document) -> None:
        """Serve an actor, its handle, and the stub under its key's own address, if it has one."""
        self.serve(actor["id"], actor)
        name = actor.get("preferredUsername")
        self.handles[f"acct:{name}@{self.host}".lower()] = actor["id"]
        key = key_of(actor)
        if key["id"].partition("#")[0] != actor["id"]:
            self.serve(key["id"], {name: actor.get(name) for name in _STUB} | {"publicKey": key})

    def serve(self, uri: str, document: Document) -> None:
        self.documents[uri.removeprefix(self.origin)] = document

    def sign(
        self, actor: Document, url: str, body: bytes, now_ms: int, *, wrongly: bool = False
    ) -> dict[str, str]:
        """The headers of a delivery by one of its actors; `wrongly`: with another key."""
        rsa = self.keys.other_rsa if wrongly else self.keys.rsa
        return sign_cavage(PrivateKey(key_of(actor)["id"], rsa), "POST", url, body, now_ms)

    async def answer(self, request: web.Request) -> web.Response:
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        if self.failing:
            return web.Response(status=503)
        if request.method == "POST":
            self.received.append(orjson.loads(await request.read()))
            return web.Response(status=202)
        self.asked.append(request.path_qs)
        if request.path == "/.well-known/webfinger":
            resource = request.query["resource"]
            uri = self.handles.get(resource.lower())
            return _json(_jrd(resource, uri) if uri else None, JRD)
        if self.origin + request.path_qs in self.gone:
            return web.Response(status=410)
        if self.origin + request.path_qs in self.closed:
            return web.Response(status=403)
        return _json(self.documents.get(request.path_qs), ACTIVITY_TYPE)


_STUB = ("@context", "id", "type", "preferredUsername")


def key_of(actor: Document) -> dict[str, str]:
    """The first RSA key of an actor document: one or several are given."""
    keys: Any = actor["publicKey"]
    return keys[0] if isinstance(keys, list) else keys


def _jrd(resource: str, uri: str) -> Document:
    link = {"rel": "self", "type": ACTIVITY_TYPE, "href": uri}
    return {"subject": resource, "links": [link]}


def _json(document: Document | None, kind: str) -> web.Response:
    if document is None:
        return web.Response(status=404)
    return web.Response(body=orjson.dumps(document), content_type=kind)


@asynccontextmanager
async def started(keys: PeerKeys, address: str) -> AsyncGenerator[FakePeer]:
    """Serve a peer on an address of 127.0.0.0/8 as long as the block lasts."""
    app = web.Application()
    peer = FakePeer(keys)
    app.router.add_route("*", "/{path:.*}", peer.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, address, 0)
    await site.start()
    peer.origin = f"http://{address}:{runner.addresses[0][1]}"
    try:
        yield peer
    finally:
        await runner.cleanup()
