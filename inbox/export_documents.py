"""What a copy of a person's data holds of texts: hers, those that came to her, former versions.

Each is read by its owner's eyes: what she may not see any more is not in it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import orjson

from federation.activity import iso
from federation.database import Row
from federation.node import Node
from federation.vocabulary import CONTEXT, Document
from inbox.filters import filters_of
from outbox.documents import announce_document, create_document, note_document
from outbox.visibility import Person, may_see_sql

PAGE = 100
Written = tuple[Row, Document]
"""A status, and the document that the copy has of it."""


async def collection(uri: str, items: AsyncIterator[Written]) -> AsyncIterator[bytes]:
    """An OrderedCollection of these, piece by piece."""
    head = {"@context": CONTEXT, "id": uri, "type": "OrderedCollection"}
    yield orjson.dumps(head)[:-1] + b',"orderedItems":['
    count = 0
    async for piece in _pieces(items):
        yield piece
        count += 1
    yield b'],"totalItems":%d}\n' % count


async def listed(items: AsyncIterator[Written]) -> AsyncIterator[bytes]:
    """A JSON array of these, piece by piece."""
    yield b"["
    async for piece in _pieces(items):
        yield piece
    yield b"]\n"


async def _pieces(items: AsyncIterator[Written]) -> AsyncIterator[bytes]:
    before = b"\n"
    async for _, item in items:
        yield before + orjson.dumps(item)
        before = b",\n"


async def _in_pages(read: Callable[[int], Awaitable[Sequence[Row]]]) -> AsyncIterator[Row]:
    """The rows of every page; `read` gives the next PAGE of them after an id."""
    after = 0
    while True:
        rows = await read(after)
        for row in rows:
            yield row
        if len(rows) < PAGE:
            return
        after = rows[-1]["id"]


async def published(node: Node, actor: Row, reader: Person) -> AsyncIterator[Written]:
    """What she published, whatever its audience; of what she passed on, only the address."""
    condition, args = may_see_sql(reader)
    sql = (
        f"SELECT status.* FROM status WHERE actor_id = ? AND status.id > ? AND {condition}"
        " ORDER BY status.id LIMIT ?"
    )
    async for row in _in_pages(lambda after: node.db.rows(sql, actor["id"], after, *args, PAGE)):
        made = await _published(node, actor, row)
        if made is not None:
            yield row, made


async def _published(node: Node, actor: Row, status: Row) -> Document | None:
    if status["reblog_of_id"] is None:
        note = await note_document(node, node.db, status)
        return create_document(_with_own_files(node, note))
    condition, args = may_see_sql(Person(actor["id"]), "o")
    original = await node.db.row(
        "SELECT o.uri, a.uri AS author_uri FROM status o JOIN actor a ON a.id = o.actor_id"
        f" WHERE o.id = ? AND {condition}",
        status["reblog_of_id"],
        *args,
    )
    if original is None:
        return None
    author = {"uri": original["author_uri"]}
    return announce_document(status, actor, original, author)


def _with_own_files(node: Node, note: Document) -> Document:
    """The files of a post by their place in the ZIP."""
    start = node.uris.media("")
    for item in note.get("attachment", []):
        if str(item.get("url") or "").startswith(start):
            item["url"] = "media/" + item["url"].removeprefix(start)
    return note


async def addressed(node: Node, actor: Row, reader: Person) -> AsyncIterator[Written]:
    """What others wrote to her by name, as she can read it now."""
    condition, args = may_see_sql(reader, "s")
    sql = (
        "SELECT s.*, a.uri AS author_uri, a.username, a.handle_host FROM status s"
        " JOIN actor a ON a.id = s.actor_id WHERE s.id IN (SELECT m.status_id FROM mention m"
        " WHERE m.actor_id = ?) AND s.audience_kind = 'named' AND s.actor_id <> ?"
        f" AND s.id > ? AND {condition} ORDER BY s.id LIMIT ?"
    )
    hers = (actor["id"], actor["id"])
    async for row in _in_pages(lambda after: node.db.rows(sql, *hers, after, *args, PAGE)):
        document = {
            "id": row["uri"],
            "type": row["type"],
            "attributedTo": row["author_uri"],
            "name": f"@{row['username']}@{row['handle_host']}",
            "to": [actor["uri"]],
            "published": iso(row["published_at"]),
            "summary": row["summary"] or None,
            "content": row["content_html"],
            "inReplyTo": row["in_reply_to_uri"],
        }
        yield row, document


async def edits(node: Node, actor: Row) -> AsyncIterator[Written]:
    """What her posts said before they were edited."""
    condition, args = may_see_sql(Person(actor["id"]), "s")
    sql = (
        "SELECT e.*, s.uri, s.language FROM status_edit e JOIN status s ON s.id = e.status_id"
        f" WHERE s.actor_id = ? AND e.id > ? AND {condition} ORDER BY e.id LIMIT ?"
    )
    async for row in _in_pages(lambda after: node.db.rows(sql, actor["id"], after, *args, PAGE)):
        version = {
            "id": row["uri"],
            "from": iso(row["created_at"]),
            "summary": row["summary"] or None,
            "content": row["content_html"],
        }
        yield row, version


async def filters(node: Node, actor_id: int) -> list[dict[str, Any]]:
    """Her filters, with their words."""
    return [
        {
            "title": one.row["title"],
            "context": one.row["contexts"].split(),
            "action": one.row["action"],
            "ends": None if one.row["expires_at"] is None else iso(one.row["expires_at"]),
            "words": [
                {"word": word["keyword"], "whole": bool(word["whole_word"])}
                for word in one.keywords
            ],
        }
        for one in await filters_of(node.db, actor_id)
    ]
