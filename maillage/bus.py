"""Events among the processes of one node: what one writes, the streams of the others hear.

A bus carries ids only and promises nothing: what it loses while it is away, clients find when
they read again. The database stays the truth.
"""

import asyncio
import contextlib
import secrets
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import structlog

from federation.events import Event
from federation.node import Node
from maillage.adapters import load_bus
from maillage.settings import Settings

EVENTS_MAX = 10_000
LOOK_S = 5.0
AGAIN_S = 1.0
_log = structlog.get_logger(__name__)


class Link(Protocol):
    """One connection to a bus."""

    async def send(self, text: str) -> None:
        """Say something to all who listen, ourselves included."""
        ...

    async def check(self) -> None:
        """Raise when the connection is lost."""
        ...


Connect = Callable[[Callable[[str], None]], AbstractAsyncContextManager[Link]]


class Bus:
    """Sends the events of this process and tells those of the others."""

    def __init__(self, node: Node, connect: Connect) -> None:
        self._events = node.events
        self._connect = connect
        self._own = secrets.token_hex(8)
        self._waiting: deque[Event] = deque(maxlen=EVENTS_MAX)
        self._woken = asyncio.Event()
        self.connected = asyncio.Event()

    def forward(self, event: Event) -> None:
        """Send an event as soon as there is a connection."""
        self._waiting.append(event)
        self._woken.set()

    def _receive(self, text: str) -> None:
        sender, _, body = text.partition(" ")
        if sender == self._own:
            return
        try:
            event = Event.from_json(body)
        except (ValueError, TypeError):
            _log.warning("bus_unreadable")
            return
        self._events.receive(event)

    async def run(self) -> None:
        """Keep a connection, for ever."""
        while True:
            try:
                async with self._connect(self._receive) as link:
                    self.connected.set()
                    await self._send_on(link)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
                _log.warning("bus_lost", error=type(error).__name__)
            self.connected.clear()
            await asyncio.sleep(AGAIN_S)

    async def _send_on(self, link: Link) -> None:
        while True:
            while self._waiting:
                await link.send(f"{self._own} {self._waiting[0].to_json()}")
                self._waiting.popleft()
            self._woken.clear()
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._woken.wait()
            except TimeoutError:
                await link.check()


@asynccontextmanager
async def on_the_bus(node: Node, settings: Settings) -> AsyncGenerator[Bus | None]:
    """Join the bus that the settings name, until left; alone in memory there is none."""
    url = node.options.streaming.bus
    if url == "memory":
        yield None
        return
    address = settings.database_url if url == "postgres" else url
    bus = Bus(node, load_bus(address, f"maillage {node.host}"))
    node.events.forward = bus.forward
    task = asyncio.create_task(bus.run(), name="bus")
    try:
        yield bus
    finally:
        node.events.forward = None
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
