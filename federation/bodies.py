"""How much of an answer is read: all of a document up to its limit, or the note of a refusal."""

import asyncio
from typing import BinaryIO

import aiohttp

from federation.client_errors import ClientError

# What a refusal says is for a person to read; more is read only so that the connection can
# be used again.
_NOTE_BYTES_MAX = 2_000
_NOTE_DRAINED_BYTES_MAX = 65_536
_NOTE_WAIT_S = 1.0


async def read_whole(response: aiohttp.ClientResponse, limit_bytes: int) -> bytes:
    """Read a body, counted after decompression; raise ClientError when it is larger.

    aiohttp decompresses in bounded pieces as they are asked for, so a bomb is never unpacked
    beyond the limit.
    """
    if (response.content_length or 0) > limit_bytes:
        raise _too_large(response, limit_bytes)
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > limit_bytes:
            raise _too_large(response, limit_bytes)
    return bytes(body)


async def copy_whole(response: aiohttp.ClientResponse, limit_bytes: int, file: BinaryIO) -> None:
    """Write a body into a file, from its beginning; raise ClientError when it is larger."""
    if (response.content_length or 0) > limit_bytes:
        raise _too_large(response, limit_bytes)
    file.seek(0)
    file.truncate()
    size = 0
    async for piece in response.content.iter_any():
        size += len(piece)
        if size > limit_bytes:
            raise _too_large(response, limit_bytes)
        file.write(piece)


async def read_note(response: aiohttp.ClientResponse) -> bytes:
    """Read the first 2 kB; the status has arrived, so no fault of the body is an error."""
    if response.content.is_eof():
        return response.content.read_nowait(_NOTE_BYTES_MAX)
    note, drained = bytearray(), 0
    try:
        async with asyncio.timeout(_NOTE_WAIT_S):
            async for piece in response.content.iter_any():
                note += piece[: _NOTE_BYTES_MAX - len(note)]
                drained += len(piece)
                if drained > _NOTE_DRAINED_BYTES_MAX:
                    break
    except (aiohttp.ClientError, TimeoutError):
        response.close()
    return bytes(note)


def _too_large(response: aiohttp.ClientResponse, limit_bytes: int) -> ClientError:
    return ClientError("too_large", str(response.url), f"more than {limit_bytes} bytes")
