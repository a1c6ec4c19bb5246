"""Others' media, read through this node by who may see the status they belong to.

A person who may not see makes no request leave this node: her answer is that of what does not
exist, before anything is asked of anybody.
"""

import asyncio
import hmac
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from federation.admission import rejects_media
from federation.database import Row
from federation.errors import NotFound
from federation.node import Node
from outbox.copies import EVERYTHING, PICTURES, Copies, Copy
from outbox.visibility import visible
from web.capabilities import picture_mac
from web.files import PRIVATE, File, served
from web.mastodon.params import read_id
from web.media import reader_of, said_plainly

PIECE_BYTES = 262_144
ADDRESS_CHARACTERS_MAX = 4_000
# Its address changes with the picture, and is known only to whoever was shown the account.
PICTURE_CACHE = "private, max-age=604800, immutable"


class CopiedFile(File):
    """A copy on this machine's disk."""

    def __init__(self, copy: Copy, saved_as: str | None = None) -> None:
        super().__init__(copy.media_type, copy.size, copy.digest[:32], saved_as)
        self._path = copy.path

    async def read(self, start: int, length: int) -> AsyncIterator[bytes]:
        """Read a part of it."""
        try:
            file = await asyncio.to_thread(self._path.open, "rb")
        except FileNotFoundError as error:
            raise NotFound("record.not_found") from error
        with file:
            file.seek(start)
            while length > 0 and (
                piece := await asyncio.to_thread(file.read, min(PIECE_BYTES, length))
            ):
                length -= len(piece)
                yield piece


async def _seen(request: Request, sql: str) -> Row:
    """The row with the id of the path, when its status is one that the reader may see."""
    node: Node = request.app.state.node
    who = await reader_of(request)
    number = read_id(request.path_params["id"])
    row = None if number is None else await node.db.row(sql, number)
    if row is None or row["status_id"] is None or row["of_url"] is None:
        raise NotFound("record.not_found")
    status = await visible(node.db, who, row["status_id"])
    if status is None:
        raise NotFound("record.not_found")
    origin = await node.db.value("SELECT origin FROM actor WHERE id = ?", status["actor_id"])
    if await rejects_media(node.db, origin):
        # Staff takes no files from there, whichever address they have.
        raise NotFound("record.not_found")
    return row


async def media(request: Request) -> Response:
    """GET /proxy/media/:id/original or preview."""
    which = request.path_params["which"]
    if which not in ("original", "preview"):
        raise NotFound("record.not_found")
    column = "url" if which == "original" else "preview_url"
    row = await _seen(
        request,
        f"SELECT status_id, {column} AS of_url, type FROM attachment"
        " WHERE id = ? AND remote_url IS NOT NULL",
    )
    copies: Copies = request.app.state.copies
    families = PICTURES if which == "preview" or row["type"] == "image" else EVERYTHING
    copy = await copies.get(row["of_url"], families)
    return await served(request, CopiedFile(copy), PRIVATE)


async def card(request: Request) -> Response:
    """GET /proxy/cards/:id: the picture of a link card that came with a status."""
    row = await _seen(
        request, "SELECT status_id, image_url AS of_url FROM card WHERE status_id = ?"
    )
    copies: Copies = request.app.state.copies
    return await served(request, CopiedFile(await copies.get(row["of_url"], PICTURES)), PRIVATE)


async def picture(request: Request) -> Response:
    """GET /proxy/pictures/:mac/:address: an avatar, header or emoji whose address we wrote."""
    node: Node = request.app.state.node
    sent = request.path_params["address"]
    if len(sent) > ADDRESS_CHARACTERS_MAX:
        raise NotFound("record.not_found")
    try:
        url = urlsafe_b64decode(sent + "=" * (-len(sent) % 4)).decode()
    except ValueError as error:
        raise NotFound("record.not_found") from error
    mac = request.path_params["mac"].encode("utf-8", "replace")
    if not hmac.compare_digest(picture_mac(node, url).encode(), mac):
        raise NotFound("record.not_found")
    copies: Copies = request.app.state.copies
    return await served(request, CopiedFile(await copies.get(url, PICTURES)), PICTURE_CACHE)


ROUTES: list[Route] = [
    Route("/proxy/media/{id}/{which}", said_plainly(media), methods=["GET"]),
    Route("/proxy/cards/{id}", said_plainly(card), methods=["GET"]),
    Route("/proxy/pictures/{mac}/{address}", said_plainly(picture), methods=["GET"]),
]
