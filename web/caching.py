"""What others may keep: answers that are the same for everybody, under a tag of their bytes.

Only documents without an owner are here. Whatever depends on who asks stays `no-store`, as the
client API writes it everywhere else.
"""

from hashlib import blake2b
from typing import Any

from starlette.types import Message, Send

from web.raw import Answer, Header

OPEN_PATHS = frozenset(
    {
        "/.well-known/oauth-authorization-server",
        "/api/v1/custom_emojis",
        "/api/v1/instance",
        "/api/v1/instance/extended_description",
        "/api/v1/instance/languages",
        "/api/v1/instance/privacy_policy",
        "/api/v1/instance/rules",
        "/api/v1/instance/terms_of_service",
        "/api/v1/instance/translation_languages",
        "/api/v2/instance",
    }
)
KEPT_S = 180
HEADERS: list[Header] = [
    (b"cache-control", b"public, max-age=%d" % KEPT_S),
    (b"vary", b"Accept-Language, Authorization"),
]
TAG_CHARACTERS_MAX = 2_000


def tag_of(body: bytes) -> bytes:
    """The entity tag of these bytes (RFC 9110 section 8.8.3)."""
    return b'"%s"' % blake2b(body, digest_size=12).hexdigest().encode()


def has_tag(if_none_match: str, tag: bytes) -> bool:
    """Whether an If-None-Match names this tag, weakly compared as that header asks."""
    text = if_none_match[:TAG_CHARACTERS_MAX]
    named = {part.strip().removeprefix("W/") for part in text.split(",")}
    return "*" in named or tag.decode() in named


def is_open(method: str, path: str, headers: list[Header]) -> bool:
    """Whether the answer will be one that everybody gets, nobody in particular having asked."""
    return (
        method in {"GET", "HEAD"}
        and path in OPEN_PATHS
        and not any(name in {b"authorization", b"cookie"} for name, _ in headers)
    )


def tagged(answer: Answer, if_none_match: str) -> Answer:
    """A public answer under its tag, or 304 when the reader has it; any other as it is."""
    if answer.status != 200 or not any(
        name == b"cache-control" and value.startswith(b"public") for name, value in answer.headers
    ):
        return answer
    tag = tag_of(answer.body)
    headers = [*answer.headers, (b"etag", tag)]
    if has_tag(if_none_match, tag):
        return Answer(304, b"", answer.content_type, headers)
    return Answer(200, answer.body, answer.content_type, headers)


class TaggedSend:
    """A `send` that holds back the head of an open answer until its body gives the tag."""

    def __init__(self, send: Send, if_none_match: str) -> None:
        self._send = send
        self._if_none_match = if_none_match
        self._start: dict[str, Any] | None = None

    async def __call__(self, message: Message) -> None:
        """Pass a message on, in the place of what an open answer would be without its tag."""
        if message["type"] == "http.response.start" and message["status"] == 200:
            self._start = dict(message)
            return
        start, self._start = self._start, None
        if start is None:
            await self._send(message)
            return
        body: bytes = message.get("body", b"")
        if message.get("more_body", False):
            await self._send(start)
            await self._send(message)
            return
        await self._tagged(start, body)

    async def _tagged(self, start: dict[str, Any], body: bytes) -> None:
        tag = tag_of(body)
        replaced = {b"cache-control", b"vary", b"etag", b"pragma"}
        headers = [pair for pair in start["headers"] if pair[0].lower() not in replaced]
        start["headers"] = [*headers, *HEADERS, (b"etag", tag)]
        if has_tag(self._if_none_match, tag):
            start["status"] = 304
            start["headers"] = [p for p in start["headers"] if p[0].lower() != b"content-length"]
            body = b""
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})
