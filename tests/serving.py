"""Nodes that answer on a real port of the loopback, in the process of the test."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from federation.keys import make_secret
from federation.node import Node
from federation.options import HoursOptions, Options, PostingOptions
from federation.peers import allow
from maillage.nodes import close_node, open_node, prepare
from maillage.serve import listen, serving
from maillage.settings import Settings


@dataclass(frozen=True, slots=True)
class Running:
    """A node that answers at `origin`, and an HTTP client for the test."""

    node: Node
    http: aiohttp.ClientSession

    @property
    def origin(self) -> str:
        return self.node.origin

    async def allow(self, other: "Running") -> None:
        now = self.node.clock()
        await self.node.db.write(lambda tx: allow(tx, other.origin, now))
        self.node.delivery_wake.set()


Start = Callable[..., Awaitable[Running]]


@asynccontextmanager
async def started(
    folder: Path, database_url: str = "", *, bind: str = "127.0.0.1:0", **values: Any
) -> AsyncGenerator[Running]:
    """Make a new node in `folder` and serve it at `bind`; `values` are settings."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - a test may wait for it
    sock = listen(bind)
    origin = f"http://127.0.0.1:{sock.getsockname()[1]}"
    posting = PostingOptions(default_audience="public", widest_by_app="public")
    settings = Settings(
        data=folder,
        origin=origin,
        database_url=database_url,
        options=Options(posting=posting, hours=HoursOptions(told=None)),
    )
    settings = replace(settings, **values)
    make_secret(folder / "secret")
    node = await open_node(settings)
    try:
        await prepare(node)
        async with aiohttp.ClientSession() as http, serving(node, [sock], settings):
            yield Running(node, http)
    finally:
        await close_node(node)


@asynccontextmanager
async def answering(app: web.Application) -> AsyncGenerator[str]:
    """Serve somebody else's application on a port of the loopback; give its origin."""
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def eventually(check: Any, within_s: float = 10.0) -> Any:
    """The first truthy value that `check` (a coroutine function) gives; fail when none comes."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within_s
    while not (found := await check()):
        assert loop.time() < end, "did not happen in time"
        with contextlib.suppress(TimeoutError):
            await asyncio.sleep(0.02)
    return found
