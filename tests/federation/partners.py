"""Partners of a node in tests: loopback servers that answer as told, and deliveries for them."""

import asyncio
from collections.abc import Sequence
from typing import Any

import orjson

from federation.database import Row, Transaction
from federation.delivery import deliver_due_once, enqueue
from federation.node import Node
from tests.federation.other_machines import Asked, Peer, Reply, http

ACCEPTED = http(202)


async def anybody(_: Row) -> str | None:
    """A judge that refuses nothing."""
    return None


class Partner:
    """A partner's inbox: each POST takes the next of `answers`, the last one stays."""

    def __init__(self, peer: Peer, *answers: Reply) -> None:
        self.peer = peer
        self.answers: list[Reply] = list(answers) or [ACCEPTED]
        self.asked = asyncio.Event()
        peer.sends("/inbox", self._reply)

    @property
    def origin(self) -> str:
        return self.peer.origin

    @property
    def inbox_url(self) -> str:
        return f"{self.peer.origin}/inbox"

    @property
    def posts(self) -> list[Asked]:
        return [asked for asked in self.peer.hits if asked.method == "POST"]

    @property
    def names(self) -> list[str]:
        """What came, by the names that `queue` gave."""
        return [orjson.loads(asked.body)["name"] for asked in self.posts]

    def will_answer(self, *answers: Reply) -> None:
        self.answers = list(answers)

    async def _reply(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.asked.set()
        reply = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(reply, bytes):
            writer.write(reply)
            await writer.drain()
        else:
            await reply(asked, writer)


def by_name(**replies: bytes) -> Reply:
    """Answer by the activity's name, 202 to others."""

    async def reply(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(replies.get(orjson.loads(asked.body)["name"], ACCEPTED))
        await writer.drain()

    return reply


async def hang_up(_: Asked, writer: asyncio.StreamWriter) -> None:
    """Read everything, then end the connection without a word."""
    writer.transport.abort()


async def queue(
    node: Node,
    name: str,
    *partners: Partner,
    about: str | None = None,
    activity_type: str = "Create",
    sender_uri: str | None = None,
    audience_kind: str = "public",
    inboxes: Sequence[tuple[str, str]] = (),
) -> int:
    """Publish an activity called `name` to partners, about `about` (or an object of its own)."""
    object_uri = about or f"{node.origin}/notes/{name}"

    async def work(tx: Transaction) -> int:
        activity_id = node.ids.next()
        uri = node.uris.activity(activity_id)
        body = orjson.dumps({"id": uri, "type": activity_type, "name": name})
        await tx.execute(
            "INSERT INTO activity (id, uri, type, actor_uri, object_uri, origin, body, progress,"
            " created_at) VALUES (?, ?, ?, ?, ?, 'local', ?, 'done', ?)",
            activity_id,
            uri,
            activity_type,
            node.uris.instance_actor,
            object_uri,
            body,
            node.clock(),
        )
        await enqueue(
            node,
            tx,
            activity_id=activity_id,
            sender_uri=sender_uri or node.uris.instance_actor,
            activity_type=activity_type,
            object_uri=object_uri,
            audience_kind=audience_kind,
            inboxes=[*((p.inbox_url, p.origin) for p in partners), *inboxes],
        )
        return activity_id

    return await node.db.write(work)


async def deliver(node: Node) -> int:
    """Work through what is due, with a judge that refuses nothing."""
    return await deliver_due_once(node, anybody)


async def delivery(node: Node, activity_id: int, origin: str | None = None) -> Row:
    """The delivery of an activity, to one origin if there are several."""
    rows = await node.db.rows("SELECT * FROM delivery WHERE activity_id = ?", activity_id)
    (found,) = [row for row in rows if origin in {None, row["origin"]}]
    return found


async def peer_row(node: Node, origin: str) -> Row:
    row = await node.db.row("SELECT * FROM peer WHERE origin = ?", origin)
    assert row is not None
    return row


async def change(node: Node, sql: str, *args: Any) -> None:
    """Write as another part of the node would."""

    async def work(tx: Transaction) -> None:
        await tx.execute(sql, *args)

    await node.db.write(work)
