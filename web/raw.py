"""The shortest way through HTTP: a request and an answer without a framework between.

What other servers ask most (inboxes, documents, WebFinger) is answered here, since a framework's
request costs more than the work itself.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.types import Receive, Scope, Send

from federation.errors import Malformed, NodeError, TooLarge, describe
from federation.node import Node
from federation.received import ReceivedRequest

BODY_DEADLINE_S = 30.0

Header = tuple[bytes, bytes]

describe(
    {
        "body.too_large": "The body is larger than {max} bytes.",
        "body.too_slow": "The body did not arrive within {seconds} s; send it again.",
        "body.broken_off": "The body broke off.",
    }
)


class TooSlow(NodeError):
    """408: the body did not arrive in time."""

    status = 408


@dataclass(slots=True)
class Answer:
    """What is sent back: a status, bytes, and headers beside those every answer has."""

    status: int
    body: bytes = b""
    content_type: bytes = b"text/plain; charset=utf-8"
    headers: list[Header] = field(default_factory=list[Header])

    async def send(self, send: Send, common: list[Header], *, head: bool = False) -> None:
        """Send it; a HEAD gets the headers alone."""
        await send(
            {
                "type": "http.response.start",
                "status": self.status,
                "headers": [
                    (b"content-type", self.content_type),
                    (b"content-length", b"%d" % len(self.body)),
                    *self.headers,
                    *common,
                ],
            }
        )
        await send({"type": "http.response.body", "body": b"" if head else self.body})


class Asked:
    """A request: where to, from whom, and its headers as they came."""

    __slots__ = ("_receive", "address", "headers", "method", "node", "path", "scope")

    def __init__(self, node: Node, scope: Scope, receive: Receive, address: str) -> None:
        self.node = node
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.headers: list[Header] = scope["headers"]
        self.address = address
        self._receive = receive

    def header(self, name: bytes) -> str:
        """The first value of a header, given in lower case; empty when it did not come."""
        for key, value in self.headers:
            if key == name:
                return value.decode("latin-1")
        return ""

    @property
    def query(self) -> str:
        """The query string as it came."""
        return self.scope["query_string"].decode("latin-1")

    def received(self, body: bytes = b"") -> ReceivedRequest:
        """The request as signatures see it."""
        target = self.scope["raw_path"].decode("latin-1")
        if self.scope["query_string"]:
            target = f"{target}?{self.query}"
        headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in self.headers)
        return ReceivedRequest(self.method, target, headers, body)

    async def body(self, bytes_max: int) -> bytes:
        """Read the body; TooLarge as soon as it is known to be, TooSlow after half a minute."""
        check_length(self.headers, bytes_max)
        try:
            async with asyncio.timeout(BODY_DEADLINE_S):
                return await self._read(bytes_max)
        except TimeoutError as error:
            raise TooSlow("body.too_slow", seconds=f"{BODY_DEADLINE_S:.0f}") from error

    async def _read(self, bytes_max: int) -> bytes:
        parts: list[bytes] = []
        size, more = 0, True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Malformed("body.broken_off")
            part = message.get("body", b"")
            size += len(part)
            if size > bytes_max:
                raise TooLarge("body.too_large", max=str(bytes_max))
            parts.append(part)
            more = message.get("more_body", False)
        return b"".join(parts)


def check_length(headers: list[Header], bytes_max: int) -> None:
    """Raise TooLarge when the length that is announced is over the limit."""
    for name, value in headers:
        if name == b"content-length" and value.isdigit() and int(value) > bytes_max:
            raise TooLarge("body.too_large", max=str(bytes_max))


Handler = Callable[[Asked], Awaitable[Answer]]
