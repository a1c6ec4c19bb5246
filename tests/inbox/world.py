"""One node, people on it, and other origins that sign for real and answer on loopback."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import orjson
from aiohttp import web

from actors import follows
from actors.local import create_account
from actors.queries import account_of_actor, by_uri
from federation.database import Row, Transaction
from federation.http_signatures import (
    ReceivedRequest,
    SignedActivity,
    bind_activity,
    sign_cavage,
    verify_request,
)
from federation.keys import PrivateKey, PublicKey, generate_ed25519
from federation.node import Node
from federation.origins import split_url
from federation.peers import allow
from federation.vocabulary import ACTIVITY_TYPE, AS2, PUBLIC, Document
from inbox.process import process_due
from inbox.receive import receive
from outbox.statuses import Draft, create
from tests.conftest import FakeClock

PASSWORD = "assez long pour ici"


@dataclass(repr=False)
class Elsewhere:
    """Another origin: what it serves, what it was asked, and the key by which it signs."""

    node: Node
    origin: str
    key: PrivateKey
    documents: dict[str, Document] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    unsigned: list[str] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: count(1))

    def uri(self, path: str) -> str:
        return f"{self.origin}/{path}"

    def new_uri(self, kind: str) -> str:
        return self.uri(f"{kind.lower()}/{next(self.numbers)}")

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if "Signature" not in request.headers:
            self.unsigned.append(request.path)
        if request.path == "/.well-known/webfinger":
            name = request.query["resource"].removeprefix("acct:").partition("@")[0]
            subject = f"acct:{name}@{self.origin.partition('://')[2]}"
            link = {"rel": "self", "type": ACTIVITY_TYPE, "href": self.uri(f"users/{name}")}
            body = orjson.dumps({"subject": subject, "links": [link]})
            return web.Response(body=body, content_type="application/jrd+json")
        found = self.documents.get(request.path)
        status = self.statuses.get(request.path, 404 if found is None else 200)
        return web.Response(
            body=orjson.dumps(found or {}), status=status, content_type=ACTIVITY_TYPE
        )

    def serve(self, document: Document) -> Document:
        """Answer with this document under its id."""
        self.documents[document["id"].removeprefix(self.origin)] = document
        return document

    def actor_document(self, username: str, **changes: Any) -> Document:
        uri = self.uri(f"users/{username}")
        return {
            "@context": AS2,
            "id": uri,
            "type": "Person",
            "preferredUsername": username,
            "name": username.capitalize(),
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
            "followers": f"{uri}/followers",
            "featured": f"{uri}/featured",
            "endpoints": {"sharedInbox": f"{self.origin}/inbox"},
        } | changes

    async def person(self, name: str, kind: str = "Person") -> Row:
        """An actor of this origin that the node knows already; its document is served too."""
        self.serve(self.actor_document(name, type=kind))
        uri = self.uri(f"users/{name}")
        now = self.node.clock()

        async def work(tx: Transaction) -> None:
            await tx.execute(
                "INSERT INTO actor (id, uri, type, origin, is_local, username, handle_host, url,"
                " inbox_url, shared_inbox_url, followers_url, featured_url, created_at,"
                " updated_at, fetched_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                self.node.ids.next(),
                uri,
                kind,
                self.origin,
                False,
                name,
                self.origin.partition("://")[2],
                uri,
                f"{uri}/inbox",
                f"{self.origin}/inbox",
                f"{uri}/followers",
                f"{uri}/featured",
                now,
                now,
                now,
            )

        await self.node.db.write(work)
        return await actor_row(self.node, uri)

    async def sign(self, document: Document) -> SignedActivity:
        """The activity as the node's door makes it: signed with this origin's key, verified."""
        body = orjson.dumps(document)
        url = self.node.uris.shared_inbox
        now = self.node.clock()
        headers = sign_cavage(self.key, "POST", url, body, now)
        request = ReceivedRequest("POST", split_url(url)[1], tuple(headers.items()), body)

        async def find_key(_key_id: str, _refresh: bool) -> PublicKey:
            return self.key.public(self.uri("actor"), vouches_for_origin=True)

        signed = await verify_request(request, self.node.origin, now, find_key)
        return bind_activity(signed, document)

    def note(self, author: Row, content: str = "<p>Bonjour</p>", **changes: Any) -> Document:
        """A public note of one of this origin's actors."""
        uri = self.new_uri("notes")
        return {
            "id": uri,
            "type": "Note",
            "attributedTo": author["uri"],
            "content": content,
            "to": [PUBLIC],
            "cc": [author["followers_url"]],
            "published": "2026-09-21T08:00:00Z",
        } | changes

    def activity(self, kind: str, actor: Row, item: Any, **changes: Any) -> Document:
        return {
            "@context": AS2,
            "id": self.new_uri(kind),
            "type": kind,
            "actor": actor["uri"],
            "object": item,
        } | changes

    def create(self, author: Row, item: Document, **changes: Any) -> Document:
        addresses = {name: item[name] for name in ("to", "cc") if name in item}
        return self.activity("Create", author, item, **addresses) | changes


@dataclass(repr=False)
class World:
    """The node under test, Claire who lives on it, and a neighbouring origin."""

    node: Node
    clock: FakeClock
    claire: Row
    claire_account: int
    roses: Elsewhere

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text("World()")

    async def deliver(
        self, document: Document, origin: Elsewhere | None = None, inbox: str = ""
    ) -> Row:
        """Receive a signed activity, process what is due, and return the activity's row."""
        await receive(self.node, await (origin or self.roses).sign(document), inbox)
        await process_due(self.node)
        return await self.record(document)

    async def record(self, document: Document) -> Row:
        row = await self.node.db.row(
            "SELECT * FROM activity WHERE uri = ? AND type = ? ORDER BY id DESC LIMIT 1",
            document["id"],
            document["type"],
        )
        assert row is not None
        return row

    async def outcome(self, document: Document, origin: Elsewhere | None = None) -> str:
        """What became of an activity: its code."""
        return (await self.deliver(document, origin))["outcome_code"]

    async def local(self, name: str, **columns: Any) -> Row:
        """One more person of this node."""
        row = await create_account(self.node, username=name, password=PASSWORD)
        for column, value in columns.items():
            await self.execute(f"UPDATE actor SET {column} = ? WHERE id = ?", value, row["id"])
        return await actor_row(self.node, row["uri"])

    async def post(self, text: str = "Bonjour", **draft: Any) -> Row:
        """A status of Claire, already processed here."""
        status = await create(self.node, self.claire, self.claire_account, Draft(text, **draft))
        await process_due(self.node)
        return status

    async def follow(self, follower: Row, target: Row, state: str = "accepted") -> Row:
        uri = f"{follower['uri']}/follows/{self.node.ids.next()}"
        return await self.node.db.write(
            lambda tx: follows.ask(self.node, tx, follower, target, uri, state)
        )

    async def execute(self, sql: str, *args: Any) -> int:
        return await self.node.db.write(lambda tx: tx.execute(sql, *args))

    async def count(self, table: str, where: str = "1 = 1", *args: Any) -> int:
        return await self.node.db.value(f"SELECT count(*) FROM {table} WHERE {where}", *args)

    async def status(self, uri: str) -> Row | None:
        return await self.node.db.row("SELECT * FROM status WHERE uri = ?", uri)

    async def follow_state(self, follower: Row, target: Row) -> str | None:
        row = await follows.find(self.node.db, follower["id"], target["id"])
        return row["state"] if row is not None else None

    async def told(self, person: Row | None = None) -> list[tuple[str, int, int]]:
        """(type, from whom, status) of a person's notifications, oldest first."""
        rows = await self.node.db.rows(
            "SELECT type, from_actor_id, status_id FROM notification WHERE recipient_id = ?"
            " ORDER BY id",
            (person or self.claire)["id"],
        )
        return [(row["type"], row["from_actor_id"], row["status_id"]) for row in rows]

    async def sent(self) -> list[Document]:
        """The activities that left this node, oldest first."""
        rows = await self.node.db.rows(
            "SELECT a.body FROM activity a WHERE a.origin = 'local'"
            " AND EXISTS (SELECT 1 FROM delivery d WHERE d.activity_id = a.id) ORDER BY a.id"
        )
        return [orjson.loads(bytes(row["body"])) for row in rows]


async def actor_row(node: Node, uri: str) -> Row:
    row = await by_uri(node.db, uri)
    assert row is not None
    return row


async def account_id_of(node: Node, actor: Row) -> int:
    account = await account_of_actor(node.db, actor["id"])
    assert account is not None
    return account["id"]


def signing_key(origin: str) -> PrivateKey:
    return PrivateKey(f"{origin}/actor#ed25519-key", generate_ed25519())


async def admit(node: Node, origin: str) -> None:
    await node.db.write(lambda tx: allow(tx, origin, node.clock()))
