"""What nodes tell each other: every body that passes between them, by who got it.

It stands in front of the application of each node. Who asks is read from the name that each
node's client gives of itself; whoever gives none is nobody in particular.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from tests.leaks.marks import marks_in, uris_in

_ORIGIN = re.compile(rb"\+(http://[^/)]+)/")
NOBODY = ""


@dataclass
class Told:
    """Who was told what, origin by origin: marks, and addresses of statuses."""

    marks: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    uris: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    bodies: int = 0

    def tell(self, origin: str, data: bytes) -> None:
        """Write down that an origin got these bytes."""
        self.bodies += 1
        self.marks[origin] |= marks_in(data)
        self.uris[origin] |= uris_in(data)


@dataclass
class Recorded:
    """The application of one node, with a recorder before it; `app` is what stands behind."""

    app: Any
    origin: str
    told: Told

    def __getattr__(self, name: str) -> Any:
        return getattr(self.app, name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and keep both bodies."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = bytearray()
        answered = bytearray()

        async def taken() -> Message:
            message = await receive()
            asked.extend(message.get("body", b""))
            return message

        async def given(message: Message) -> None:
            answered.extend(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, taken, given)
        finally:
            self.told.tell(self.origin, bytes(asked))
            self.told.tell(who_asks(scope), bytes(answered))


def header(scope: Scope, name: bytes) -> bytes:
    """A header of a request; empty without."""
    return next((value for key, value in scope["headers"] if key == name), b"")


def who_asks(scope: Scope) -> str:
    """The origin of the node whose client asks."""
    found = _ORIGIN.search(header(scope, b"user-agent"))
    return found[1].decode() if found else NOBODY


def recording(build: Callable[[Any], Any], told: Told) -> Callable[[Any], Any]:
    """What builds applications, and puts a recorder before each."""

    def built(node: Any) -> Any:
        return Recorded(build(node), node.origin, told)

    return built
