"""`Node`: what one establishment's server is made of, passed as the first argument.

There is no global configuration: whoever needs the origin, the clock, the database or the
network gets this value, so two nodes can live in one process, as they do in the tests.
"""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from federation.client import GuardedClient
from federation.database import Database
from federation.events import Events
from federation.keyring import Keyring
from federation.options import Options
from federation.storage import Storage
from federation.uris import Uris


def system_clock() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


class Ids:
    """64-bit ids that sort by time: milliseconds, then a counter, 16 bits.

    The counter starts anywhere, so that a command and the server of one node, making ids in
    the same millisecond, do not make the same one.
    """

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._last = 0
        self._counter = secrets.randbelow(1 << 16)

    def next(self, at_ms: int | None = None) -> int:
        """A new id for now, or for the past moment `at_ms` (never for the future)."""
        now = self._clock()
        at = now if at_ms is None else max(0, min(at_ms, now))
        self._counter = (self._counter + 1) & 0xFFFF
        made = (at << 16) | self._counter
        if at_ms is None:
            made = max(made, self._last + 1)
            self._last = made
        return made


class Wake:
    """Tells a loop that there is work; a loop also looks by itself every few seconds."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        """Announce work."""
        self._event.set()

    async def wait(self, at_most_s: float) -> None:
        """Return when work was announced, or after `at_most_s` seconds."""
        # Not wait_for: before Python 3.12 it loses a cancellation that comes with the event.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(at_most_s):
                await self._event.wait()
        self._event.clear()


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what others may send; the figures of docs/architecture.md."""

    body_bytes_max: int = 1_000_000
    status_characters_max: int = 5_000
    rate_limits: bool = True


@dataclass(frozen=True, slots=True)
class Node:
    """One establishment's server.

    Invariants
        `origin` is scheme://host[:port] without a final slash and never changes; `federation`
        is `closed` (allowed peers only) or `open`.
    """

    origin: str
    name: str
    language: Literal["fr", "en"]
    federation: Literal["closed", "open"]
    db: Database
    client: GuardedClient
    keyring: Keyring
    uris: Uris
    storage: Storage
    load: Callable[[str], Any]
    """A module by its name, for what is so large that it is loaded on first use."""
    clock: Callable[[], int] = system_clock
    ids: Ids = field(default_factory=lambda: Ids(system_clock))
    limits: Limits = field(default_factory=Limits)
    events: Events = field(default_factory=Events)
    inbox_wake: Wake = field(default_factory=Wake)
    push_wake: Wake = field(default_factory=Wake)
    schedule_wake: Wake = field(default_factory=Wake)
    delivery_wake: Wake = field(default_factory=Wake)
    polls_wake: Wake = field(default_factory=Wake)
    quotes_wake: Wake = field(default_factory=Wake)
    figures_wake: Wake = field(default_factory=Wake)
    mail_wake: Wake = field(default_factory=Wake)
    media_wake: Wake = field(default_factory=Wake)
    card_wake: Wake = field(default_factory=Wake)
    organisation_wake: Wake = field(default_factory=Wake)
    backfill_wake: Wake = field(default_factory=Wake)
    reconcile_wake: Wake = field(default_factory=Wake)
    export_wake: Wake = field(default_factory=Wake)
    erasure_wake: Wake = field(default_factory=Wake)
    wanted_wake: Wake = field(default_factory=Wake)
    # How many programs may read others' files at once.
    media_places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    # Of these one makes films, which takes minutes: a picture never waits for them.
    film_places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    trusted_proxies: tuple[str, ...] = ()
    options: Options = field(default_factory=Options)
    # Under rules of its own: the addresses of push services are what clients say.
    push_client: GuardedClient | None = None
    translation_client: GuardedClient | None = None

    @property
    def is_closed(self) -> bool:
        """Whether only allowed origins are spoken to."""
        return self.federation == "closed"

    @property
    def host(self) -> str:
        """The host part of handles: with the port when it is not the scheme's own."""
        return self.origin.partition("://")[2]
