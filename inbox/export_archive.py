"""The ZIP of a copy: its parts, one after the other, never one of them whole in memory."""

import asyncio
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson

from actors.documents import actor_document
from actors.queries import get_by_id
from federation.activity import iso
from federation.database import Row
from federation.errors import NotFound
from federation.node import Node
from federation.vocabulary import CONTEXT, Document
from inbox.export_access import access_log
from inbox.export_tables import tables
from inbox.export_texts import READ_ME
from inbox.filters import filters_of
from outbox.documents import announce_document, create_document, note_document
from outbox.visibility import Person, may_see_sql, member

PAGE = 100
NAME_CHARACTERS_MAX = 100
Beat = Callable[[], Awaitable[None]]
"""Called between two pieces: whoever writes says that he is still at it."""


class _Archive:
    """A ZIP under way; what takes time is done beside the event loop."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)

    async def put(self, name: str, data: bytes) -> None:
        """One part that is there whole."""
        await asyncio.to_thread(self._zip.writestr, name, data)

    async def json(self, name: str, value: Any) -> None:
        """One part as JSON for people to read as well."""
        await self.put(name, orjson.dumps(value, option=orjson.OPT_INDENT_2))

    async def stream(self, name: str, pieces: AsyncIterator[bytes], beat: Beat) -> None:
        """One part as it comes."""
        with self._zip.open(name, "w", force_zip64=True) as part:
            async for piece in pieces:
                await asyncio.to_thread(part.write, piece)
                await beat()

    async def close(self) -> None:
        """Write the list of parts."""
        await asyncio.to_thread(self._zip.close)


async def write_archive(node: Node, actor_id: int, path: Path, beat: Beat) -> int:
    """Write all that is a person's own into a ZIP at `path`; return its size in bytes.

    What others wrote is in it only as far as she may read it now. Raises StorageDown when the
    store of media does not answer.
    """
    actor = await get_by_id(node.db, actor_id)
    reader = await member(node.db, actor_id)
    archive = _Archive(path)
    locale = await node.db.value("SELECT locale FROM account WHERE actor_id = ?", actor_id)
    name, text = READ_ME["en" if locale == "en" else "fr"]
    said = {"site": node.name, "date": iso(node.clock())[:10], "account": actor["username"]}
    await archive.put(name, text.format_map(said).encode())
    await archive.json("actor.json", await actor_document(node, actor))
    for title, pieces in (
        ("outbox.json", _outbox(node, actor, reader)),
        ("received.json", _received(node, actor, reader)),
        ("edits.json", _edits(node, actor)),
    ):
        await archive.stream(title, pieces, beat)
    await archive.json("filters.json", await _filters(node, actor_id))
    await archive.json("access.json", await access_log(node, actor))
    async for title, content in tables(node, actor, reader):
        await archive.put(title, content)
        await beat()
    await _media(node, actor, archive, beat)
    await archive.close()
    return (await asyncio.to_thread(path.stat)).st_size


# Documents ----------------------------------------------------------------------------------


async def _collection(uri: str, items: AsyncIterator[Document]) -> AsyncIterator[bytes]:
    head = {"@context": CONTEXT, "id": uri, "type": "OrderedCollection"}
    yield orjson.dumps(head)[:-1] + b',"orderedItems":['
    count = 0
    async for item in items:
        yield (b",\n" if count else b"\n") + orjson.dumps(item)
        count += 1
    yield b'],"totalItems":%d}\n' % count


def _outbox(node: Node, actor: Row, reader: Person) -> AsyncIterator[bytes]:
    return _collection("outbox.json", _own(node, actor, reader))


async def _own(node: Node, actor: Row, reader: Person) -> AsyncIterator[Document]:
    """What she published, whatever its audience; of what she passed on, only the address."""
    condition, args = may_see_sql(reader)
    after = 0
    while True:
        rows = await node.db.rows(
            f"SELECT status.* FROM status WHERE actor_id = ? AND status.id > ? AND {condition}"
            " ORDER BY status.id LIMIT ?",
            actor["id"],
            after,
            *args,
            PAGE,
        )
        for row in rows:
            made = await _published(node, actor, row)
            if made is not None:
                yield made
        if len(rows) < PAGE:
            return
        after = rows[-1]["id"]


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


def _received(node: Node, actor: Row, reader: Person) -> AsyncIterator[bytes]:
    return _collection("received.json", _addressed(node, actor, reader))


async def _addressed(node: Node, actor: Row, reader: Person) -> AsyncIterator[Document]:
    """What others wrote to her by name, as she can read it now."""
    condition, args = may_see_sql(reader, "s")
    after = 0
    while True:
        rows = await node.db.rows(
            "SELECT s.*, a.uri AS author_uri, a.username, a.handle_host FROM status s"
            " JOIN actor a ON a.id = s.actor_id WHERE s.id IN (SELECT m.status_id FROM mention m"
            " WHERE m.actor_id = ?) AND s.audience_kind = 'named' AND s.actor_id <> ?"
            f" AND s.id > ? AND {condition} ORDER BY s.id LIMIT ?",
            actor["id"],
            actor["id"],
            after,
            *args,
            PAGE,
        )
        for row in rows:
            yield {
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
        if len(rows) < PAGE:
            return
        after = rows[-1]["id"]


async def _edits(node: Node, actor: Row) -> AsyncIterator[bytes]:
    """What her posts said before they were edited."""
    condition, args = may_see_sql(Person(actor["id"]), "s")
    after, count = 0, 0
    yield b"["
    while True:
        rows = await node.db.rows(
            "SELECT e.*, s.uri FROM status_edit e JOIN status s ON s.id = e.status_id"
            f" WHERE s.actor_id = ? AND e.id > ? AND {condition} ORDER BY e.id LIMIT ?",
            actor["id"],
            after,
            *args,
            PAGE,
        )
        for row in rows:
            version = {
                "id": row["uri"],
                "from": iso(row["created_at"]),
                "summary": row["summary"] or None,
                "content": row["content_html"],
            }
            yield (b",\n" if count else b"\n") + orjson.dumps(version)
            count += 1
        if len(rows) < PAGE:
            break
        after = rows[-1]["id"]
    yield b"]\n"


async def _filters(node: Node, actor_id: int) -> list[dict[str, Any]]:
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


# Files --------------------------------------------------------------------------------------


async def _media(node: Node, actor: Row, archive: _Archive, beat: Beat) -> None:
    """Her own files, as posts name them, and the pictures of her profile."""
    start, after = node.uris.media(""), 0
    while True:
        rows = await node.db.rows(
            "SELECT attachment.id, attachment.url, media_file.name, media_file.bytes"
            " FROM attachment JOIN media_file ON media_file.attachment_id = attachment.id"
            " WHERE attachment.actor_id = ? AND attachment.id > ?"
            " AND media_file.purpose = 'attachment' ORDER BY attachment.id LIMIT ?",
            actor["id"],
            after,
            PAGE,
        )
        for row in rows:
            if row["url"] == start + row["name"]:
                await _file(node, archive, f"media/{row['name']}", row, beat)
        if len(rows) < PAGE:
            break
        after = rows[-1]["id"]
    prefix = node.uris.picture("")
    for column in ("icon_url", "image_url"):
        name = (actor[column] or "").removeprefix(prefix)
        row = await node.db.row("SELECT name, bytes FROM media_file WHERE name = ?", name)
        if row is not None:
            await _file(node, archive, f"pictures/{name}", row, beat)


async def _file(node: Node, archive: _Archive, place: str, row: Row, beat: Beat) -> None:
    pieces = node.storage.read(row["name"], 0, row["bytes"])
    try:
        first = await anext(pieces, b"")
    except NotFound:
        # Its row outlived it: there is nothing to be given.
        return
    await archive.stream(place, _after(first, pieces), beat)


async def _after(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece
