"""Files on their way to a reader: in parts, and never as anything but what they are.

Whatever is uploaded, nothing served from here is a page of this site, a script or an
ActivityPub document (SEC-044, SEC-045).
"""

import re
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from federation.errors import NotFound

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
# What a browser shows by itself; everything else is saved.
SHOWN = re.compile(r"image/(jpeg|png|gif|webp|avif)|video/mp4|video/webm|audio/[a-z0-9]+")
SAVED = frozenset({"application/pdf"})
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
PUBLIC = "public, max-age=31536000, immutable"
PRIVATE = "private, no-store"


class File(ABC):
    """One file to be served: its bytes on demand, its type, and what to call it when saved."""

    def __init__(self, media_type: str, size: int, tag: str, saved_as: str | None = None) -> None:
        self.media_type = media_type
        self.size = size
        self.tag = tag
        self.saved_as = saved_as

    @abstractmethod
    def read(self, start: int, length: int) -> AsyncIterator[bytes]:
        """Read a part of it."""

    def headers(self, cache: str) -> dict[str, str]:
        """What is said of the file."""
        shown = SHOWN.fullmatch(self.media_type) is not None
        media_type = self.media_type if shown or _is_harmless(self.media_type) else ""
        headers = {
            "content-type": media_type or "application/octet-stream",
            "x-content-type-options": "nosniff",
            "content-security-policy": POLICY,
            "cross-origin-resource-policy": "cross-origin",
            "cache-control": cache,
            "accept-ranges": "bytes",
            "etag": f'"{self.tag}"',
        }
        if not shown:
            headers["content-disposition"] = _saved(self.saved_as)
        return headers


def _is_harmless(media_type: str) -> bool:
    return media_type in SAVED or media_type.startswith("application/vnd.o")


def _saved(name: str | None) -> str:
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}" if name else "attachment"


async def served(request: Request, file: File, cache: str) -> Response:
    """The answer to a GET or HEAD for a file that the reader was found to see."""
    headers = file.headers(cache)
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    asked = _range(request.headers.get("range", ""), file.size)
    if asked is None:
        headers["content-range"] = f"bytes */{file.size}"
        return Response(status_code=416, headers=headers)
    start, length = asked
    headers["content-length"] = str(length)
    whole = length == file.size
    if not whole:
        headers["content-range"] = f"bytes {start}-{start + length - 1}/{file.size}"
    status = 200 if whole else 206
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    pieces = file.read(start, length)
    # What cannot be read is found out while there is still something to be said about it.
    first = await anext(pieces, b"")
    if not first and length:
        raise NotFound("record.not_found")
    return StreamingResponse(_rest(first, pieces), status_code=status, headers=headers)


async def _rest(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    try:
        yield first
        async for piece in pieces:
            yield piece
    finally:
        if isinstance(pieces, AsyncGenerator):
            await pieces.aclose()


def _range(text: str, size: int) -> tuple[int, int] | None:
    """(start, length) of one asked part; the whole when nothing usable was asked; None: beyond."""
    match = RANGE.fullmatch(text.strip())
    if match is None or match[1] == match[2] == "":
        return 0, size
    if match[1] == "":
        length = min(int(match[2]), size)
        return (size - length, length) if length else None
    start = int(match[1])
    end = min(int(match[2]), size - 1) if match[2] else size - 1
    if start >= size or end < start:
        return None
    return start, end - start + 1
