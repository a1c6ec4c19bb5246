"""Files that clients send: spooled to the disk as they come, never held in memory whole."""

import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from federation.errors import Invalid, Malformed, TooLarge
from federation.node import Node
from web.mastodon.call import Call
from web.mastodon.params import FIELDS_MAX, Params, nest, read_query
from web.raw import Header, check_length

MEDIA_PATH = "/api/v1/media"
# The page where one writes takes a file too.
MEDIA_PATHS = (MEDIA_PATH, "/api/v2/media", "/write")
PROFILE_PATHS = ("/api/v1/accounts/update_credentials", "/api/v1/profile", "/settings/profile")
FILES_MAX = 4
# What a form needs besides its files.
FORM_BYTES = 200_000
TEXT_BYTES_MAX = 100_000
# The end of a form is looked for in so much.
TAIL_BYTES = 4_096


def body_bytes_max(node: Node, path: str) -> int:
    """How much a request to this path may bring: more where files are sent."""
    options = node.options.media
    if path in MEDIA_PATHS:
        return options.bytes_max + options.image_bytes_max + FORM_BYTES
    if path.startswith(f"{MEDIA_PATH}/"):
        return options.image_bytes_max + FORM_BYTES
    if path in PROFILE_PATHS:
        return 2 * options.image_bytes_max + FORM_BYTES
    return node.limits.body_bytes_max


def check_size(node: Node, path: str, headers: list[Header]) -> None:
    """Raise TooLarge when the length that is announced is over the limit of the path."""
    try:
        check_length(headers, body_bytes_max(node, path))
    except TooLarge as error:
        raise too_large(node, path) from error


def too_large(node: Node, path: str) -> TooLarge:
    """The refusal of a body over that limit; where a file is sent it is the file's fault."""
    limit = str(body_bytes_max(node, path))
    if path in MEDIA_PATHS:
        return TooLarge("media.too_large", field="file", max=str(node.options.media.bytes_max))
    return TooLarge("body.too_large", max=limit)


class Sent:
    """The fields of a form and its files."""

    def __init__(self, params: Params, files: dict[str, UploadFile]) -> None:
        self.params = params
        self._files = files

    def __contains__(self, field: str) -> bool:
        return field in self._files

    def file_name(self, field: str) -> str | None:
        """What the sender calls the file; only ever shown."""
        return self._files[field].filename

    async def content(self, field: str, bytes_max: int) -> bytes | None:
        """The bytes of a small file; None when there is none, or it is larger than that."""
        if field not in self._files or (self._files[field].size or 0) > bytes_max:
            return None
        return await self._files[field].read()

    async def save(self, field: str, folder: Path) -> Path:
        """Write the file of a field into `folder`; Invalid naming the field when none came."""
        if field not in self._files:
            raise Invalid("param.missing", field=field)
        path = folder / f"sent-{field}"
        await asyncio.to_thread(_copy, self._files[field], path)
        return path


def _copy(sent: UploadFile, path: Path) -> None:
    sent.file.seek(0)
    with path.open("wb") as file:
        shutil.copyfileobj(sent.file, file, 1_048_576)


@asynccontextmanager
async def sent(call: Call) -> AsyncGenerator[Sent]:
    """What came: a form with files, or any other body without; the files go at the end.

    Raises Malformed for a form that breaks off, TooLarge beyond the limit of the path.
    """
    content_type = call.header(b"content-type")
    if content_type.partition(";")[0].strip().lower() != "multipart/form-data":
        yield Sent(await call.params(), {})
        return
    files: dict[str, UploadFile] = {}
    fields: list[tuple[str, str]] = []
    form = await _parse(call, content_type)
    try:
        for name, value in form.multi_items():
            if not isinstance(value, UploadFile):
                fields.append((name, value))
            elif value.size:
                # An empty file field is what browsers and toot send for "none".
                files[name] = value
        params = Params({**read_query(call.scope["query_string"]), **nest(fields)})
        yield Sent(params, files)
    finally:
        await form.close()


async def _parse(call: Call, content_type: str):  # noqa: ANN202 - FormData
    boundary = content_type.partition("boundary=")[2].partition(";")[0].strip('" ')
    tail = bytearray()

    async def stream() -> AsyncGenerator[bytes]:
        limit, size, more = body_bytes_max(call.node, call.path), 0, True
        while more:
            message = await call.receive()
            if message["type"] == "http.disconnect":
                raise Malformed("body.broken_off")
            piece: bytes = message.get("body", b"")
            size += len(piece)
            if size > limit:
                raise too_large(call.node, call.path)
            tail.extend(piece[-TAIL_BYTES:])
            del tail[:-TAIL_BYTES]
            more = message.get("more_body", False)
            yield piece
        # The parser takes a body that breaks off for a short one.
        if not boundary or f"--{boundary}--".encode("latin-1") not in tail:
            raise Malformed("param.body", reason="broken multipart")

    parser = MultiPartParser(
        Headers({"content-type": content_type}),
        stream(),
        max_files=FILES_MAX,
        max_fields=FIELDS_MAX,
        max_part_size=TEXT_BYTES_MAX,
    )
    try:
        return await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise Malformed("param.body", reason="broken multipart") from error
