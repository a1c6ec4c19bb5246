"""The collections of a node, newest first, each holding only what its reader may see.

Who follows whom is shown to an origin only as far as its own people are concerned.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs

import orjson

from actors.queries import by_id
from federation.database import Row
from federation.follower_digests import followers_at
from federation.granted import backfill_given_since
from federation.message_signatures import ACCEPT_SIGNATURE
from federation.node import Node
from federation.vocabulary import ACTIVITY_TYPE, CONTEXT, Document
from outbox import documents
from outbox.circles import wire_uri
from outbox.visibility import may_see_sql, visible
from web.raw import Answer, Asked, Header
from web.reading import Reading

PAGE_ITEMS = 20
RELATIONS_MAX = 1_000
SYNCHRONIZED_MAX = 10_000
FEATURED_MAX = 5
HEADERS: list[Header] = [
    (b"vary", b"Accept, Signature, Signature-Input, Authorization"),
    (b"accept-signature", ACCEPT_SIGNATURE.encode()),
    (b"cache-control", b"private, max-age=0"),
]


class Collections:
    """Builds collection documents; None where there is nothing for this reader."""

    def __init__(self, node: Node) -> None:
        self.node = node

    async def instance(self, path: str) -> Answer | None:
        """The instance actor publishes nothing: its outbox is empty."""
        if path != "/actor/outbox":
            return None
        return collection(self.node.origin + path, "OrderedCollection", total=0, items=[])

    async def relations(
        self, reading: Reading, actor: Row | None, asked: Asked, *, followers: bool
    ) -> Answer | None:
        """Followers or followees: the number, and those of the reader's own origin.

        Who hides them shows the number alone.
        """
        if actor is None or actor["deleted_at"] is not None:
            return None
        mine, theirs = ("target_id", "follower_id") if followers else ("follower_id", "target_id")
        total = actor["followers_count" if followers else "following_count"]
        rows: Sequence[Row] = []
        if reading.origin is not None and not actor["hide_collections"]:
            rows = await self.node.db.rows(
                f"SELECT r.uri FROM follow f JOIN actor r ON r.id = f.{theirs}"
                f" WHERE f.{mine} = ? AND f.state = 'accepted' AND r.origin = ?"
                " ORDER BY f.id DESC LIMIT ?",
                actor["id"],
                reading.origin,
                RELATIONS_MAX,
            )
        uri = self.node.origin + asked.path
        return collection(uri, "OrderedCollection", total=total, items=[r["uri"] for r in rows])

    async def followers_there(self, reading: Reading, actor: Row | None) -> Answer | None:
        """The followers who live at the origin that asks (FEP-8fcf), for that origin alone.

        Whole or not at all: from a part it would conclude that the others are gone.
        """
        if actor is None or actor["deleted_at"] is not None or reading.origin is None:
            return None
        items = await followers_at(self.node.db, actor["uri"], reading.origin)
        if len(items) > SYNCHRONIZED_MAX:
            return None
        uri = f"{actor['uri']}/synchronization"
        return collection(uri, "OrderedCollection", total=len(items), items=items)

    async def outbox(self, reading: Reading, actor: Row | None, asked: Asked) -> Answer | None:
        """What the actor published, as far as this reader may see it, in pages."""
        if actor is None or actor["deleted_at"] is not None:
            return None
        uri = self.node.origin + asked.path
        condition, args = may_see_sql(reading.who)
        since = await backfill_given_since(self.node.db, reading.origin or "", self.node.clock())
        condition, args = f"{condition} AND published_at >= ?", [*args, since or 0]
        of_actor = f"FROM status WHERE actor_id = ? AND {condition}"
        query = parse_qs(asked.query[:200])
        if "page" not in query:
            total = await self.node.db.value(f"SELECT count(*) {of_actor}", actor["id"], *args)
            return answer(
                {
                    "id": uri,
                    "type": "OrderedCollection",
                    "totalItems": total,
                    "first": f"{uri}?page=true",
                }
            )
        before = _number(query.get("max_id"))
        rows = await self.node.db.rows(
            f"SELECT status.* {of_actor} AND status.id < ? ORDER BY status.id DESC LIMIT ?",
            actor["id"],
            *args,
            before,
            PAGE_ITEMS,
        )
        page: Document = {
            "id": f"{uri}?{asked.query[:200]}",
            "type": "OrderedCollectionPage",
            "partOf": uri,
            "orderedItems": [await self._published(actor, row) for row in rows],
        }
        if len(rows) == PAGE_ITEMS:
            page["next"] = f"{uri}?page=true&max_id={rows[-1]['id']}"
        return answer(page)

    async def _published(self, actor: Row, status: Row) -> Document:
        reader = self.node.db
        if status["reblog_of_id"] is None:
            note = await documents.note_document(self.node, reader, status)
            return documents.create_document(note)
        original = await reader.row("SELECT * FROM status WHERE id = ?", status["reblog_of_id"])
        assert original is not None, "what is boosted goes with its boosts"
        original_author = await by_id(reader, original["actor_id"])
        assert original_author is not None, "a status has its author by foreign key"
        circle_uri = await wire_uri(reader, status)
        return documents.announce_document(status, actor, original, original_author, circle_uri)

    async def featured(self, reading: Reading, actor: Row | None) -> Answer | None:
        """The pinned statuses, whole; to a partner those of the days it was granted."""
        if actor is None or actor["deleted_at"] is not None:
            return None
        condition, args = may_see_sql(reading.who)
        since = await backfill_given_since(self.node.db, reading.origin or "", self.node.clock())
        condition, args = f"{condition} AND status.published_at >= ?", [*args, since or 0]
        rows = await self.node.db.rows(
            "SELECT status.* FROM pin JOIN status ON status.id = pin.status_id"
            f" WHERE pin.actor_id = ? AND {condition} ORDER BY pin.created_at DESC LIMIT ?",
            actor["id"],
            *args,
            FEATURED_MAX,
        )
        items = [await documents.note_document(self.node, self.node.db, row) for row in rows]
        return collection(actor["featured_url"], "OrderedCollection", total=len(items), items=items)

    async def featured_tags(self, actor: Row | None) -> Answer | None:
        """The names of the tags that the actor features; how much it uses them is not told."""
        if actor is None or actor["deleted_at"] is not None:
            return None
        rows = await self.node.db.rows(
            "SELECT t.name FROM featured_tag f JOIN tag t ON t.id = f.tag_id"
            " WHERE f.actor_id = ? ORDER BY f.id",
            actor["id"],
        )
        items = [
            {
                "type": "Hashtag",
                "name": f"#{row['name']}",
                "href": self.node.uris.tag_page(row["name"]),
            }
            for row in rows
        ]
        return collection(f"{actor['uri']}/tags", "Collection", total=len(items), items=items)

    async def replies(self, reading: Reading, status_id: int, asked: Asked) -> Answer | None:
        """The ids of the answers to a status."""
        status = await visible(self.node.db, reading.who, status_id)
        if status is None or not status["is_local"]:
            return None
        return await self._ids(reading, "in_reply_to_id", status_id, asked, "Collection")

    async def context(self, reading: Reading, root_id: int, asked: Asked) -> Answer | None:
        """The ids of a whole conversation (FEP-7888), for who may see any of it."""
        return await self._ids(reading, "thread_root_id", root_id, asked, "OrderedCollection")

    async def _ids(
        self, reading: Reading, column: str, value: int, asked: Asked, kind: str
    ) -> Answer | None:
        uri = self.node.origin + asked.path
        condition, args = may_see_sql(reading.who)
        query = parse_qs(asked.query[:200])
        before = _number(query.get("max_id"))
        rows = await self.node.db.rows(
            f"SELECT id, uri FROM status WHERE {column} = ? AND reblog_of_id IS NULL"
            f" AND {condition} AND status.id < ? ORDER BY status.id DESC LIMIT ?",
            value,
            *args,
            before,
            PAGE_ITEMS,
        )
        if column == "thread_root_id" and not rows:
            return None
        items = "orderedItems" if kind == "OrderedCollection" else "items"
        page: Document = {
            "id": f"{uri}?page=true",
            "type": f"{kind}Page",
            "partOf": uri,
            items: [row["uri"] for row in rows],
        }
        if len(rows) == PAGE_ITEMS:
            page["next"] = f"{uri}?page=true&max_id={rows[-1]['id']}"
        if "page" in query:
            return answer(page)
        return answer({"id": uri, "type": kind, "first": page})


def collection(uri: str, kind: str, *, total: int, items: list[Any]) -> Answer:
    """A collection that is small enough to stand whole."""
    name = "orderedItems" if kind == "OrderedCollection" else "items"
    return answer({"id": uri, "type": kind, "totalItems": total, name: items})


def answer(document: Document) -> Answer:
    """A document with its context, for this reader only."""
    body = orjson.dumps({"@context": CONTEXT, **document})
    return Answer(200, body, f"{ACTIVITY_TYPE}; charset=utf-8".encode(), HEADERS)


def _number(values: list[str] | None) -> int:
    text = values[0] if values else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else (1 << 63) - 1
