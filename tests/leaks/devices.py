"""The devices of people: each listens to every stream there is, and is pushed messages."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
from aiohttp import web

from tests.federation.subscriber import Subscriber
from tests.leaks.marks import TAG, marks_in
from tests.leaks.model import Someone
from tests.leaks.nodes import Site

STREAMS = (
    {"stream": "user"},
    {"stream": "public"},
    {"stream": "public:local"},
    {"stream": "public:remote"},
    {"stream": "hashtag", "tag": TAG},
    {"stream": "direct"},
)
ALERTS = ("mention", "status", "reblog", "follow", "favourite", "poll", "update", "quote")


@dataclass
class Devices:
    """What came to whom by itself: marks by person."""

    streamed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    pushed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    events: int = 0
    messages: int = 0
    _tasks: dict[str, "asyncio.Task[None]"] = field(default_factory=dict[str, Any])
    _subscriber: Subscriber = field(default_factory=Subscriber)
    _push_origin: str = ""
    _http: Any = None

    @asynccontextmanager
    async def ready(self) -> AsyncGenerator[None]:
        """Have a push service, and be able to listen."""
        app = web.Application()
        app.router.add_post("/push/{name}", self._take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._push_origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            async with aiohttp.ClientSession() as self._http:
                yield
        finally:
            await runner.cleanup()

    async def listen(self, site: Site, person: Someone, token: str) -> None:
        """Open the streams of a person, and subscribe to messages."""
        heads = {"Host": site.host}
        socket = await self._http.ws_connect(
            f"{site.origin}/api/v1/streaming", protocols=[token], headers=heads
        )
        for wanted in STREAMS:
            await socket.send_str(orjson.dumps({"type": "subscribe", **wanted}).decode())
        self._tasks[person.name] = asyncio.create_task(self._read(socket, person.name))
        fields = {
            "subscription": {
                "endpoint": f"{self._push_origin}/push/{person.name}",
                "keys": self._subscriber.keys,
                "standard": True,
            },
            "data": {"policy": "all", "alerts": dict.fromkeys(ALERTS, True)},
        }
        got = await site.ask(
            "POST",
            "/api/v1/push/subscription",
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            orjson.dumps(fields),
        )
        assert got.status == 200, got.body

    async def hang_up(self, person: Someone) -> None:
        """Close the streams of a person."""
        task = self._tasks.pop(person.name, None)
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _read(self, socket: Any, name: str) -> None:
        try:
            async for message in socket:
                self.events += 1
                self.streamed[name] |= marks_in(str(message.data).encode())
        finally:
            await socket.close()

    async def _take(self, request: web.Request) -> web.Response:
        self.messages += 1
        plain = self._subscriber.read(await request.read(), request.headers)
        self.pushed[request.match_info["name"]] |= marks_in(plain)
        return web.Response(status=201)
