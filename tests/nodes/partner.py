"""A partner that a test plays: its people sign what the test says, its inbox does as told."""

import itertools
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from federation.cavage import sign_cavage
from federation.keys import PrivateKey, public_pem
from federation.vocabulary import ACTIVITY_TYPE, AS2, PUBLIC, Document
from tests.nodes.door import Action, Door, Exchange, reply
from tests.nodes.sites import Got, Site

ACCEPTED = reply(202)
PUBLISHED = "2026-11-01T09:00:00Z"
StartPartner = Callable[..., Awaitable["Partner"]]


@dataclass
class Partner:
    """One origin with as many people as are named; all sign with the same key.

    `take` decides about what is posted to its inboxes; it accepts everything at first.
    """

    port: int
    rsa: Any
    door: Door = field(init=False)
    take: Action = field(init=False)
    ahead_ms: int = 0
    """How far the partner's clock is ahead."""

    def __post_init__(self) -> None:
        self.door = Door(self.port, self._act)
        self.take = _accept
        self._numbers = itertools.count(1)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def inbox(self) -> list[Document]:
        """The activities that came, in their order, accepted or not."""
        return [exchange.document for exchange in self.door.posts]

    @property
    def accepted(self) -> list[Document]:
        """The activities to which 202 was answered."""
        return [e.document for e in self.door.posts if e.status == 202]

    def uri(self, name: str) -> str:
        return f"{self.origin}/users/{name}"

    def actor(self, name: str) -> Document:
        uri = self.uri(name)
        return {
            "@context": [AS2, "https://w3id.org/security/v1"],
            "id": uri,
            "type": "Person",
            "preferredUsername": name,
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
            "followers": f"{uri}/followers",
            "endpoints": {"sharedInbox": f"{self.origin}/inbox"},
            "publicKey": {
                "id": f"{uri}#main-key",
                "owner": uri,
                "publicKeyPem": public_pem(self.rsa.public_key()),
            },
        }

    async def _act(self, exchange: Exchange) -> None:
        if exchange.method == "POST":
            await self.take(exchange)
        elif exchange.path == "/.well-known/webfinger":
            name = exchange.target.partition("acct%3A")[2] or exchange.target.partition("acct:")[2]
            await exchange.answer(self._jrd(name.partition("%40")[0].partition("@")[0]))
        elif exchange.path.startswith("/users/") and exchange.path.count("/") == 2:
            body = orjson.dumps(self.actor(exchange.path.rpartition("/")[2]))
            await exchange.answer(reply(200, body, Content_Type=ACTIVITY_TYPE))
        else:
            await exchange.answer(reply(404))

    def _jrd(self, name: str) -> bytes:
        link = {"rel": "self", "type": ACTIVITY_TYPE, "href": self.uri(name)}
        document = {"subject": f"acct:{name}@127.0.0.1:{self.port}", "links": [link]}
        return reply(200, orjson.dumps(document), Content_Type="application/jrd+json")

    # What its people do ------------------------------------------------------------------------

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead_ms

    def sign(self, name: str, method: str, url: str, body: bytes | None = None) -> dict[str, str]:
        key = PrivateKey(f"{self.uri(name)}#main-key", self.rsa)
        return sign_cavage(key, method, url, body, self.now_ms())

    async def post(self, site: Site, activity: Document, path: str = "/inbox") -> Got:
        """Sign an activity by its actor and post it."""
        body = orjson.dumps(activity)
        name = str(activity["actor"]).rpartition("/")[2]
        headers = self.sign(name, "POST", site.origin + path, body)
        return await site.request("POST", path, data=body, headers=headers)

    async def send(self, site: Site, activity: Document, path: str = "/inbox") -> int:
        """As `post`; the status of the answer."""
        return (await self.post(site, activity, path)).status

    async def get(self, site: Site, target: str, name: str = "zoe") -> Got:
        """Read an address of a site, signed by one of the partner's people."""
        headers = self.sign(name, "GET", site.origin + target)
        return await site.request("GET", target, headers={"Accept": ACTIVITY_TYPE, **headers})

    def activity(self, name: str, kind: str, about: Any, **more: Any) -> Document:
        """An activity of somebody here, with an id of its own."""
        uri = f"{self.origin}/activities/{next(self._numbers)}"
        return {"@context": AS2, "id": uri, "type": kind, "actor": self.uri(name)} | {
            "object": about,
            **more,
        }

    def note(self, name: str, text: str, to: list[str] | None = None, **more: Any) -> Document:
        """A note of somebody here, for everybody or for `to`."""
        uri = self.uri(name)
        return {
            "id": f"{self.origin}/notes/{next(self._numbers)}",
            "type": "Note",
            "attributedTo": uri,
            "content": f"<p>{text}</p>",
            "published": PUBLISHED,
            "to": to or [PUBLIC],
            "cc": [f"{uri}/followers"] if to is None else [],
            **more,
        }

    def create(self, note: Document) -> Document:
        """The Create of a note."""
        name = str(note["attributedTo"]).rpartition("/")[2]
        return self.activity(name, "Create", note, to=note["to"], cc=note["cc"])

    def delete(self, note: Document) -> Document:
        name = str(note["attributedTo"]).rpartition("/")[2]
        tombstone = {"id": note["id"], "type": "Tombstone"}
        return self.activity(name, "Delete", tombstone, to=[PUBLIC])


async def _accept(exchange: Exchange) -> None:
    await exchange.answer(ACCEPTED)


def taking(*answers: bytes) -> Action:
    """Answer each post with the next of these; the last one stays."""
    left = list(answers)

    async def act(exchange: Exchange) -> None:
        await exchange.answer(left.pop(0) if len(left) > 1 else left[0])

    return act
