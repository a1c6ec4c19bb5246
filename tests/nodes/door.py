"""An HTTP door on loopback whose owner decides, request by request, what happens to each.

It is the fault proxy in front of a real node, and the front of the partners that tests play:
an exchange can be answered, passed on, broken off, or simply never answered.
"""

import asyncio
import contextlib
import re
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

KEY_ID = re.compile(r'key[iI]d="([^"#]*)')
BODY_MAX = 8_000_000


def reply(status: int, body: bytes = b"", **headers: str) -> bytes:
    """An answer as bytes; a header's `_` becomes `-`."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Exchange:
    """One request, and what can be done about it."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    raw: bytes
    writer: asyncio.StreamWriter
    pass_on: Callable[[bytes], Awaitable[bytes]] | None = None
    status: int | None = None
    """What was answered; None when nothing was."""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def document(self) -> dict[str, Any]:
        """The body as an activity; empty when it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return {}

    @property
    def type(self) -> str:
        return str(self.document.get("type", ""))

    @property
    def signer(self) -> str:
        """The key id's address up to its fragment, as claimed."""
        text = self.headers.get("signature-input") or self.headers.get("signature", "")
        found = KEY_ID.search(text)
        return found[1] if found else ""

    async def forward(self) -> bytes:
        """Pass the request on as it came and return the answer, without giving it back."""
        assert self.pass_on is not None, "nobody is behind this door"
        return await self.pass_on(self.raw)

    async def answer(self, data: bytes) -> None:
        """Give an answer."""
        self.status = int(data[9:12]) if data[:5] == b"HTTP/" else None
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        """Break the connection off as a machine does that has just died."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Action = Callable[[Exchange], Awaitable[None]]


@dataclass
class Door:
    """A listening port. `exchanges` holds all that came, in the order in which it came.

    `act` decides about each request; the tests replace it to make faults.
    """

    port: int
    act: Action
    pass_on: Callable[[bytes], Awaitable[bytes]] | None = None
    exchanges: list[Exchange] = field(default_factory=list[Exchange])
    _server: asyncio.Server | None = None
    _tasks: set["asyncio.Task[Any]"] = field(default_factory=set["asyncio.Task[Any]"])

    async def open(self) -> None:
        assert self._server is None, "it is open"
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def close(self) -> None:
        """Stop listening and break off what is open, as a machine that is switched off."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        # What was accepted a moment ago begins first, so that it is broken off with the others.
        await asyncio.sleep(0)
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        await server.wait_closed()

    @property
    def posts(self) -> list[Exchange]:
        return [exchange for exchange in self.exchanges if exchange.method == "POST"]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()
            self._tasks.discard(task)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """See to one request; say whether another may come on the connection."""
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").rstrip().split("\r\n")
        method, target, _ = first.split(" ")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(min(int(headers.get("content-length", "0")), BODY_MAX))
        raw = head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1) + body
        exchange = Exchange(method, target, headers, body, raw, writer, self.pass_on)
        self.exchanges.append(exchange)
        await self.act(exchange)
        # Who is passed on to a server gets a connection for each request.
        return exchange.status is not None and self.pass_on is None


# What can happen to a request ---------------------------------------------------------------


async def transparent(exchange: Exchange) -> None:
    """Pass on, and give the answer back."""
    await exchange.answer(await exchange.forward())


def answering(data: bytes) -> Action:
    """Answer this instead of whoever is behind."""

    async def act(exchange: Exchange) -> None:
        await exchange.answer(data)

    return act


async def tarpit(_: Exchange) -> None:
    """Take the request and never answer."""
    await asyncio.Event().wait()


async def drip(exchange: Exchange) -> None:
    """Answer one byte every five seconds."""
    for byte in reply(202):
        exchange.writer.write(bytes([byte]))
        await exchange.writer.drain()
        await asyncio.sleep(5)


async def break_off(exchange: Exchange) -> None:
    """Take the whole request, do nothing with it, and reset the connection."""
    exchange.reset()


async def twice(exchange: Exchange) -> None:
    """Pass on two times, as a network that repeats."""
    await exchange.forward()
    await exchange.answer(await exchange.forward())


class Swallowed:
    """Pass on, and lose the answer: `happened` is set once the receiver had said its word."""

    def __init__(self) -> None:
        self.happened = asyncio.Event()
        self.answer = b""

    async def __call__(self, exchange: Exchange) -> None:
        self.answer = await exchange.forward()
        self.happened.set()
        await asyncio.Event().wait()


class Held:
    """Keep requests waiting, one by one, until `release` is set; then pass them on."""

    def __init__(self, then: Action = transparent) -> None:
        self.came = asyncio.Event()
        self.release = asyncio.Event()
        self.then = then

    async def __call__(self, exchange: Exchange) -> None:
        self.came.set()
        await self.release.wait()
        await self.then(exchange)


def deliveries(then: Action, *types: str) -> Action:
    """Do `then` to POSTs of activities (of these types, if some are named); pass on the rest."""

    async def act(exchange: Exchange) -> None:
        hit = exchange.method == "POST" and (not types or exchange.type in types)
        await (then if hit else transparent)(exchange)

    return act


def first(count: int, then: Action, afterwards: Action = transparent) -> Action:
    """Do `then` to the first deliveries, `afterwards` to the next ones; pass on the rest."""
    left = count

    async def act(exchange: Exchange) -> None:
        nonlocal left
        if exchange.method != "POST":
            await transparent(exchange)
            return
        left -= 1
        await (then if left >= 0 else afterwards)(exchange)

    return act


def upstream(port: int) -> Callable[[bytes], Awaitable[bytes]]:
    """Pass requests to a server on this port of loopback; ConnectionError when it is down."""

    async def pass_on(raw: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(raw)
            await writer.drain()
            answer = await reader.read()
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
        if not answer:
            raise ConnectionResetError
        return answer

    return pass_on
