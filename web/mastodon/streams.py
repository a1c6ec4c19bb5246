"""The open streams of one process: who listens to what, and what each is sent.

A stream is one connection. What waits to be written to it is bounded: who does not read is
cut off, and nobody else waits. Whether its token still stands is asked before each event and
every second, so what was revoked anywhere hears nothing more.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from dataclasses import dataclass

import orjson
import structlog

from federation.errors import TooMany, describe
from federation.events import Event
from federation.node import Node
from web.mastodon.channels import Channel
from web.memory import Memory
from web.tokens import Token, standing

describe({"stream.too_many": "There are too many open streams; close some and try again."})

FRAMES_MAX = 200
CHANNELS_MAX = 100
STREAMS_PER_PERSON_MAX = 1_000
STREAMS_MAX = 10_000
EVENTS_MAX = 10_000
LOOK_S = 1.0
BEAT_S = 15.0
# Codes of RFC 6455: as the client wished, going by a policy, too slow, the node stops.
ENDED, REVOKED, SLOW, STOPPING = 1000, 1008, 1013, 1012

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Frame:
    """One event as it is written: as a message of a socket, and as lines of an event stream."""

    message: str
    lines: bytes


BEAT = Frame("", b":thump\n\n")


def frame(channel: Channel, event: str, payload: bytes | None) -> Frame:
    """The frame of an event in a channel; the payload is text that holds JSON, or an id."""
    parts: dict[str, object] = {"stream": channel.words, "event": event}
    if payload is not None:
        parts["payload"] = payload.decode()
    lines = b"event: %b\ndata: %b\n\n" % (event.encode(), payload or b"{}")
    return Frame(orjson.dumps(parts).decode(), lines)


class Stream:
    """One connection: whose it is, what it listens to, and what waits to be written."""

    __slots__ = ("_until", "_waiting", "_write", "_writer", "channels", "code", "token")

    def __init__(self, token: Token, write: Callable[[Frame], Awaitable[None]]) -> None:
        self.token = token
        self.channels: set[Channel] = set()
        self.code = 0
        self._write = write
        self._waiting: deque[Frame] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._until: asyncio.Timeout | None = None

    @property
    def actor_id(self) -> int:
        """The person who listens."""
        assert self.token.actor_id is not None, "only people open streams"
        return self.token.actor_id

    def push(self, what: Frame) -> None:
        """Write a frame when the connection takes it; end the stream when it takes none."""
        if self.code:
            return
        if len(self._waiting) >= FRAMES_MAX:
            self.end(SLOW)
            return
        self._waiting.append(what)
        if self._writer is None:
            self._writer = asyncio.create_task(self._drain())

    async def _drain(self) -> None:
        try:
            while self._waiting and not self.code:
                await self._write(self._waiting.popleft())
        except Exception:  # noqa: BLE001 - whatever it is, the connection is of no more use
            self.end(SLOW)
        finally:
            self._writer = None

    def end(self, code: int) -> None:
        """Write nothing more, and close as soon as the loop comes round."""
        if self.code:
            return
        self.code = code
        self._waiting.clear()
        if self._writer is not None:
            self._writer.cancel()
        if self._until is not None:
            self._until.reschedule(asyncio.get_running_loop().time())

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        """Run what reads from the connection until that ends, or the stream is ended."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0 if self.code else None) as self._until:
                yield
        self._until = None
        self.end(ENDED)


class Streams:
    """All open streams, and the loop that brings them events while there are any."""

    def __init__(
        self, node: Node, memory: Memory, tell: Callable[["Streams", Event], Awaitable[None]]
    ) -> None:
        self.node = node
        self.memory = memory
        self._tell = tell
        self._all: dict[Stream, None] = {}
        self._listening: dict[Channel, dict[Stream, None]] = {}
        self._events: deque[Event] = deque(maxlen=EVENTS_MAX)
        self._woken = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._deaf: Callable[[], None] | None = None
        memory.tokens.on_forget = self._woken.set

    def __len__(self) -> int:
        """How many streams are open."""
        return len(self._all)

    def make_room(self, stream: Stream) -> None:
        """Raise TooMany beyond what one person or the node may have open."""
        own = sum(1 for one in self._all if one.actor_id == stream.actor_id)
        if own >= STREAMS_PER_PERSON_MAX or len(self._all) >= STREAMS_MAX:
            raise TooMany("stream.too_many", retry_after_s=60)

    @contextlib.asynccontextmanager
    async def opened(self, stream: Stream) -> AsyncGenerator[None]:
        """Let a stream take part while what reads from its connection runs."""
        self._add(stream)
        try:
            async with stream.open():
                yield
        finally:
            self._remove(stream)

    def _add(self, stream: Stream) -> None:
        self._all[stream] = None
        for channel in stream.channels:
            self._listening.setdefault(channel, {})[stream] = None
        if self._loop is None:
            self._deaf = self.node.events.listen(self._put)
            self._loop = asyncio.create_task(self._run(), name="streams")

    def _remove(self, stream: Stream) -> None:
        """Forget a stream; with the last one the loop ends."""
        self._all.pop(stream, None)
        for channel in list(stream.channels):
            self.leave(stream, channel)
        if not self._all and self._loop is not None and self._deaf is not None:
            self._deaf()
            self._loop.cancel()
            self._loop = self._deaf = None
            self._events.clear()

    def join(self, stream: Stream, channel: Channel) -> None:
        """Let a stream listen to one more channel; TooMany beyond what one may."""
        if len(stream.channels) >= CHANNELS_MAX:
            raise TooMany("stream.too_many", retry_after_s=60)
        stream.channels.add(channel)
        self._listening.setdefault(channel, {})[stream] = None

    def leave(self, stream: Stream, channel: Channel) -> None:
        """Let a stream listen to a channel no longer."""
        stream.channels.discard(channel)
        listening = self._listening.get(channel)
        if listening is not None:
            listening.pop(stream, None)
            if not listening:
                del self._listening[channel]

    def channels(self) -> list[Channel]:
        """What anybody listens to."""
        return list(self._listening)

    def of(self, channel: Channel, actor_id: int | None = None) -> list[Stream]:
        """The streams that listen to a channel: all, or those of one person."""
        found = self._listening.get(channel, {})
        return [one for one in found if actor_id is None or one.actor_id == actor_id]

    def close(self) -> None:
        """End all streams: the node stops."""
        for stream in list(self._all):
            stream.end(STOPPING)

    def _put(self, event: Event) -> None:
        self._events.append(event)
        self._woken.set()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        beat_at = loop.time() + BEAT_S
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._woken.wait()
            self._woken.clear()
            events = list(dict.fromkeys(self._events))
            self._events.clear()
            try:
                await self._check()
                for event in events:
                    await self._told(event)
            except Exception:  # noqa: BLE001 - a store that is away for a moment ends no stream
                _log.exception("streams_failed")
            if loop.time() >= beat_at:
                beat_at = loop.time() + BEAT_S
                self._beat()

    async def _told(self, event: Event) -> None:
        try:
            await self._tell(self, event)
        except Exception:  # noqa: BLE001 - the next event may be told all the same
            _log.exception("event_failed", kind=event.kind, id=event.id)

    def _beat(self) -> None:
        for stream in list(self._all):
            stream.push(BEAT)

    async def _check(self) -> None:
        """End the streams of tokens that stand no longer; take over what changed of others."""
        # Whoever comes while this waits was asked at the door.
        asked = list(self._all)
        found = await standing(self.node.db, {stream.token.token_id for stream in asked})
        for stream in asked:
            token = found.get(stream.token.token_id)
            if token is None or token.is_disabled or token.waits_for is not None:
                stream.end(REVOKED)
            else:
                stream.token = token


Wanting = list[tuple[Stream, Channel]]


def send(event: str, what: Iterable[tuple[Stream, Channel, bytes | None]]) -> None:
    """Push to each stream what it is sent in a channel; equal frames are made once."""
    made: dict[tuple[Channel, bytes], Frame] = {}
    for stream, channel, body in what:
        if body is None:
            continue
        if (channel, body) not in made:
            made[channel, body] = frame(channel, event, body)
        stream.push(made[channel, body])
