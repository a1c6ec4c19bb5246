"""`maillage serve`: the HTTP server and the loops of one node, from start to a clean stop."""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from federation.node import Node
from maillage.bus import on_the_bus
from maillage.incarnation import check_in, marking
from maillage.metrics import Metrics
from maillage.nodes import close_node, open_node, prepare
from maillage.protocol import PatientProtocol
from maillage.settings import Settings
from maillage.sockets import FRAME_BYTES_MAX, StreamProtocol
from maillage.workers import running
from web.app import build_app

KEEP_ALIVE_S = 75
# After SIGTERM requests in flight get this long; the loops have their own bound after it.
GRACE_S = 3
BACKLOG = 2048


class BindError(Exception):
    """The address cannot be listened on."""


def listen(bind: str) -> socket.socket:
    """A listening socket at `address:port`; BindError says why it cannot be."""
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, int(port)))
        made.listen(BACKLOG)
    except OSError as error:
        made.close()
        raise BindError(error.strerror or str(error)) from error
    made.setblocking(False)
    return made


class Server(uvicorn.Server):
    """uvicorn without its signal handlers: the node decides when it stops."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        """Leave signals to `serve`."""
        yield


def http_server(app: Any) -> Server:
    """A server for an ASGI app, as every address of a node has it."""
    return Server(
        uvicorn.Config(
            app,
            http=PatientProtocol,
            ws=StreamProtocol,
            ws_max_size=FRAME_BYTES_MAX,
            ws_per_message_deflate=False,
            lifespan="off",
            access_log=False,
            log_config=None,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GRACE_S,
        )
    )


@asynccontextmanager
async def serving(
    node: Node, sockets: list[socket.socket], settings: Settings
) -> AsyncGenerator[None]:
    """Answer on the sockets and run the loops, until left."""
    await check_in(node, settings.data)
    app = build_app(node)
    metrics = Metrics(node, app.counts, settings.metrics_token)
    servers = [(http_server(metrics.in_front_of(app)), sockets)]
    if settings.metrics_bind:
        servers.append((http_server(metrics), [listen(settings.metrics_bind)]))
    tasks = [asyncio.create_task(server.serve(own)) for server, own in servers]
    try:
        # uvicorn tells by an attribute only that it has started.
        while not all(server.started for server, _ in servers):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        async with on_the_bus(node, settings), running(node), marking(node, settings.data):
            try:
                yield
            finally:
                # Requests in flight end while the loops do: one after the other takes too long.
                app.streams.close()
                for server, _ in servers:
                    server.should_exit = True
    finally:
        for server, _ in servers:
            server.should_exit = True
        await asyncio.gather(*tasks)


def settle_memory() -> None:
    """Take what is loaded by now out of the collector's sight: it lives as long as the process.

    A full collection would otherwise walk every module again and again, in the middle of a page.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


async def serve(settings: Settings, bind: str, ready: Callable[[], None]) -> None:
    """Run the node until SIGTERM or SIGINT; `ready` is called when it answers."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    sock = listen(bind)
    node = await open_node(settings)
    try:
        await prepare(node)
        async with serving(node, [sock], settings):
            settle_memory()
            ready()
            await stop.wait()
    finally:
        await close_node(node)
