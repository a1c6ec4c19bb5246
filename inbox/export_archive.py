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
from inbox.export_access import access_log
from inbox.export_documents import addressed, collection, edits, filters, listed, published
from inbox.export_page import page
from inbox.export_tables import tables
from inbox.export_texts import READ_ME, Language
from outbox.visibility import member

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
    language: Language = "en" if locale == "en" else "fr"
    name, text = READ_ME[language]
    said = {"site": node.name, "date": iso(node.clock())[:10], "account": actor["username"]}
    await archive.put(name, text.format_map(said).encode())
    await archive.json("actor.json", await actor_document(node, actor))
    for title, pieces in (
        ("outbox.json", collection("outbox.json", published(node, actor, reader))),
        ("received.json", collection("received.json", addressed(node, actor, reader))),
        ("edits.json", listed(edits(node, actor))),
        ("index.html", page(node, actor, reader, language)),
    ):
        await archive.stream(title, pieces, beat)
    await archive.json("filters.json", await filters(node, actor_id))
    await archive.json("access.json", await access_log(node, actor))
    async for title, content in tables(node, actor, reader):
        await archive.put(title, content)
        await beat()
    await _media(node, actor, archive, beat)
    await archive.close()
    return (await asyncio.to_thread(path.stat)).st_size


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
