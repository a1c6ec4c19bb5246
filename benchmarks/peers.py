"""Peers that exist only for measuring: many origins on loopback, one key, real signatures."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import orjson
from aiohttp import ClientSession, TCPConnector, web

from federation.cavage import sign_cavage
from federation.keys import PrivateKey, generate_rsa, public_pem
from federation.node import system_clock
from federation.vocabulary import ACTIVITY_TYPE, AS2, PUBLIC, Document

ACCEPT_SIGNATURE = 'sig1=("@method" "@target-uri" "content-digest");created;keyid;alg="ed25519"'


@dataclass
class Peers:
    """A handful of origins in this process; every actor uri below them exists.

    `arrived` counts POSTs by origin, `asked` GETs by path; `native` answers that it takes
    Ed25519 signatures.
    """

    count: int
    native: bool = False
    origins: list[str] = field(default_factory=list)
    arrived: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    on_post: Callable[[str, Document], None] | None = None

    async def start(self) -> None:
        self._key = generate_rsa()
        self._pem = public_pem(self._key.public_key())
        self._runners: list[web.AppRunner] = []
        for _ in range(self.count):
            app = web.Application(client_max_size=10_000_000)
            app.router.add_get("/.well-known/webfinger", self._webfinger)
            app.router.add_get("/{tail:.*}", self._get)
            app.router.add_post("/{tail:.*}", self._post)
            runner = web.AppRunner(app, access_log=None, keepalive_timeout=600)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self._runners.append(runner)
            self.origins.append(f"http://127.0.0.1:{runner.addresses[0][1]}")
        self.session = ClientSession(connector=TCPConnector(limit=64))

    async def stop(self) -> None:
        await self.session.close()
        for runner in self._runners:
            await runner.cleanup()

    def key(self, actor_uri: str) -> PrivateKey:
        return PrivateKey(f"{actor_uri}#main-key", self._key)

    def sign(self, actor_uri: str, method: str, url: str, body: bytes | None) -> dict[str, str]:
        return sign_cavage(self.key(actor_uri), method, url, body, system_clock())

    async def post(self, actor_uri: str, url: str, document: Document) -> int:
        body = orjson.dumps(document)
        headers = self.sign(actor_uri, "POST", url, body)
        async with self.session.post(url, data=body, headers=headers) as answer:
            await answer.read()
            return answer.status

    async def _get(self, request: web.Request) -> web.Response:
        self.asked[request.path] += 1
        origin = f"http://{request.host}"
        if not request.path.startswith("/users/"):
            return web.Response(status=404)
        name = request.path.split("/")[2]
        uri = f"{origin}/users/{name}"
        document = {
            "@context": [AS2, "https://w3id.org/security/v1"],
            "id": uri,
            "type": "Person",
            "preferredUsername": name,
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
            "followers": f"{uri}/followers",
            "endpoints": {"sharedInbox": f"{origin}/inbox"},
            "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": self._pem},
        }
        return self._answer(200, orjson.dumps(document), ACTIVITY_TYPE)

    async def _webfinger(self, request: web.Request) -> web.Response:
        self.asked[request.path] += 1
        account = request.query["resource"].removeprefix("acct:")
        name = account.split("@")[0]
        document = {
            "subject": f"acct:{name}@{request.host}",
            "links": [
                {
                    "rel": "self",
                    "type": ACTIVITY_TYPE,
                    "href": f"http://{request.host}/users/{name}",
                }
            ],
        }
        return self._answer(200, orjson.dumps(document), "application/jrd+json")

    async def _post(self, request: web.Request) -> web.Response:
        body = await request.read()
        origin = f"http://{request.host}"
        self.arrived[origin] += 1
        if self.on_post is not None:
            self.on_post(origin, orjson.loads(body))
        return self._answer(202, b"", "text/plain")

    def _answer(self, status: int, body: bytes, content_type: str) -> web.Response:
        headers = {"Content-Type": content_type}
        if self.native:
            headers["Accept-Signature"] = ACCEPT_SIGNATURE
        return web.Response(status=status, body=body, headers=headers)


def note(actor_uri: str, number: int, text: str) -> Document:
    """A public `Create{Note}` of the size that people write."""
    uri = f"{actor_uri}/notes/{number}"
    addressed: Document = {"to": [PUBLIC], "cc": [f"{actor_uri}/followers"]}
    return {
        "@context": AS2,
        "id": f"{uri}/create",
        "type": "Create",
        "actor": actor_uri,
        "published": "2026-11-01T09:00:00Z",
        **addressed,
        "object": {
            "id": uri,
            "type": "Note",
            "attributedTo": actor_uri,
            "content": f"<p>{text}</p>",
            "contentMap": {"fr": f"<p>{text}</p>"},
            "published": "2026-11-01T09:00:00Z",
            "url": uri,
            "sensitive": False,
            "tag": [],
            "attachment": [],
            **addressed,
        },
    }


async def until(true: Callable[[], bool], patience_s: float = 120.0) -> None:
    """Wait until something has come true; TimeoutError when it does not."""
    async with asyncio.timeout(patience_s):
        while not true():
            await asyncio.sleep(0.01)
