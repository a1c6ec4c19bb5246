"""A node and a peer that hold what a document needs, and the document delivered for real."""

from dataclasses import dataclass, field

import orjson

from actors import follows
from actors.local import create_account
from actors.queries import account_of_actor, by_uri
from actors.remote import ensure_actor
from federation.activity import read_activity
from federation.database import Row, Transaction
from federation.delivery import deliver_due_once
from federation.fetch import FetchBudget
from federation.node import Node
from federation.vocabulary import Document
from inbox.process import process_due
from outbox import relations, statuses
from outbox.polls import Poll, store_poll
from tests.conftest import FakeClock
from tests.peers.documents import Delivery, actor_in, fill, is_actor_file, read
from tests.peers.fake_peer import FakePeer
from tests.peers.over_http import Answered, ask
from web.app import App, build_app

LOCAL_NAME = "claire"
POLLS = {
    "local_poll_single": (("mardi", "jeudi"), False),
    "local_poll_multiple": (("mardi", "jeudi", "vendredi"), True),
}


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of one delivery; no `record` for what the door itself settled."""

    answered: Answered
    record: Row | None
    fetches: int


@dataclass(frozen=True, slots=True)
class Request:
    """A signed POST to this node, as it goes over the wire."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Stage:
    """The node of one test with the person `claire`, and the peer whose documents come."""

    node: Node
    clock: FakeClock
    peer: FakePeer
    local: Row
    app: App
    literals: dict[str, str] = field(default_factory=dict[str, str])

    async def prepare(self, delivery: Delivery) -> None:
        """Bring about what a delivery needs; what is there already stays as it is."""
        self._serve(delivery)
        for path in delivery.before:
            before = read(path)
            await self.prepare(before)
            applied = await self.deliver(before)
            assert applied.answered.status == 202, applied.answered.body
            self._serve(delivery)
        for need in delivery.needs:
            if need.startswith("follow_local_to_remote"):
                await self._follow(delivery, accepted=not need.endswith("_pending"))
            elif need.startswith("local_") and "LOCAL_STATUS" not in self.literals:
                await self._publish(need)
        self._serve(delivery)

    def _serve(self, delivery: Delivery) -> None:
        """Serve the folder's actors and what this delivery says, nothing of earlier ones."""
        self.peer.documents.clear()
        for path in filter(is_actor_file, delivery.path.parent.glob("*.json")):
            self.peer.serve_actor(fill(actor_in(path), self.literals))
        served = {uri: doc for uri, doc in delivery.serves.items() if self._can_fill(doc)}
        for uri, document in fill(served, self.literals).items():
            self.peer.serve(uri, document)
        self.peer.gone = set(fill(list(delivery.gone), self.literals))

    def _can_fill(self, document: Document) -> bool:
        """Whether the literals of a served document have their values yet."""
        written = orjson.dumps(document).decode()
        return all(name in self.literals or f"@@{name}@@" not in written for name in _LATER)

    async def _follow(self, delivery: Delivery, *, accepted: bool) -> None:
        target = await ensure_actor(self.node, self.actor(delivery)["id"], budget=FetchBudget())
        await relations.follow(self.node, self.local, target)
        row = await follows.find(self.node.db, self.local["id"], target["id"])
        assert row is not None
        self.literals["LOCAL_FOLLOW"] = row["uri"]
        if accepted:

            async def accept(tx: Transaction) -> None:
                await follows.accept(tx, row)

            await self.node.db.write(accept)

    async def _publish(self, need: str) -> None:
        account = await account_of_actor(self.node.db, self.local["id"])
        assert account is not None
        draft = statuses.Draft("Réunion du conseil de la vie sociale")
        status = await statuses.create(self.node, self.local, account["id"], draft)
        self.literals["LOCAL_STATUS"] = status["uri"]
        if need in POLLS:
            titles, multiple = POLLS[need]
            ends_at = self.clock.now_ms + 86_400_000
            poll = Poll(tuple((title, 0) for title in titles), multiple, ends_at, 0)

            async def add_poll(tx: Transaction) -> None:
                await tx.execute("UPDATE status SET type = 'Question' WHERE id = ?", status["id"])
                await store_poll(self.node, tx, status["id"], poll)

            await self.node.db.write(add_poll)
        await process_due(self.node)

    def actor(self, delivery: Delivery) -> Document:
        """The actor that signs a delivery."""
        return fill(actor_in(delivery.actor_file), self.literals)

    async def deliver(self, delivery: Delivery, *, document: Document | None = None) -> Applied:
        """Sign a delivery (or another `document` in its place), post it, process it to its end."""
        sent = document or fill(delivery.document, self.literals)
        return await self.post(
            self.actor(delivery),
            sent,
            personal=delivery.delivered_to == "personal",
            wrongly="key_unverifiable" in delivery.needs,
        )

    async def post(
        self, actor: Document, document: Document, *, personal: bool = False, wrongly: bool = False
    ) -> Applied:
        """Post a document, signed by an actor of the peer, and process it; time goes on."""
        request = self.sign(actor, document, personal=personal, wrongly=wrongly)
        asked = len(self.peer.asked)
        answered = await self.send(request)
        return Applied(answered, await self._record(document), len(self.peer.asked) - asked)

    def sign(
        self, actor: Document, document: Document, *, personal: bool = False, wrongly: bool = False
    ) -> Request:
        """The request by which an actor of the peer delivers a document, ten seconds later."""
        self.clock.advance(10)
        path = self.inbox_path if personal else "/inbox"
        body, now = orjson.dumps(document), self.clock.now_ms
        headers = self.peer.sign(actor, self.node.origin + path, body, now, wrongly=wrongly)
        return Request(path, headers, body)

    async def send(self, request: Request) -> Answered:
        """Post a request, which may have been sent before, and process what is due by it."""
        answered = await ask(self.app, "POST", request.path, request.headers, request.body)
        await process_due(self.node)
        return answered

    @property
    def inbox_path(self) -> str:
        return self.local["inbox_url"].removeprefix(self.node.origin)

    async def _record(self, document: Document) -> Row | None:
        activity = read_activity(document)
        return await self.node.db.row(
            "SELECT * FROM activity WHERE uri = ? AND type = ? ORDER BY id DESC LIMIT 1",
            activity.uri,
            activity.type,
        )

    async def answers(self) -> list[Document]:
        """Send what waits to be sent, and return what the peer received by it."""
        self.peer.received.clear()
        self.clock.advance(1)
        await deliver_due_once(self.node, _nobody_is_refused)
        return list(self.peer.received)

    async def remote(self, delivery: Delivery) -> Row | None:
        """The actor of a delivery as it is stored."""
        return await by_uri(self.node.db, self.actor(delivery)["id"])


_LATER = ("LOCAL_STATUS", "LOCAL_FOLLOW")


async def _nobody_is_refused(_: Row) -> str | None:
    return None


async def set_stage(node: Node, clock: FakeClock, peer: FakePeer) -> Stage:
    """Make the local person, and give all literals that are known before anything happens."""
    local = await create_account(node, username=LOCAL_NAME, password=None)
    literals = peer.keys.literals | {
        "ORIGIN": node.origin,
        "HOST": node.host,
        "LOCAL_ACTOR": local["uri"],
        "LOCAL_HANDLE": f"{LOCAL_NAME}@{node.host}",
        "PEER": peer.origin,
        "PEER_HOST": peer.host,
    }
    return Stage(node, clock, peer, local, build_app(node), literals)
