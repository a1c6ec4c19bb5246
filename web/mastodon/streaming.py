"""Streams as clients open them: a WebSocket with many subscriptions, or one event stream (SSE).

Both pass the gate of every call. A browser can set no header on either, so the token may also
come in the address, or as the sub-protocol of the socket; only here.
"""

import asyncio
import contextlib
from typing import Any
from urllib.parse import parse_qsl

import orjson
import structlog
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from federation.errors import Invalid, Malformed, NodeError, Refused, describe
from web.mastodon.call import Call, Endpoint, Entry, Handler
from web.mastodon.channels import TAGS, Channel, read_channel
from web.mastodon.errors import error_response
from web.mastodon.streams import BEAT, Frame, Stream, Streams
from web.scopes import covers

PATH = "/api/v1/streaming"
CLOSE_S = 1.0
_log = structlog.get_logger(__name__)

describe({"stream.frame": "Send JSON with type (subscribe or unsubscribe) and stream."})


def bring_token(scope: Scope) -> None:
    """Put a token that came in the address or as sub-protocol where tokens are looked for."""
    if any(name == b"authorization" for name, _ in scope["headers"]):
        return
    query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    token = query.get("access_token") or next(iter(scope.get("subprotocols", ())), "")
    if token and token.isascii() and token.isprintable():
        scope["headers"] = [*scope["headers"], (b"authorization", f"Bearer {token}".encode())]


def streams_of(call: Call) -> Streams:
    """The open streams of the application that serves this call."""
    return call.scope["app"].state.streams


async def _channel(call: Call, name: str, tag: str | None, list_id: str | None) -> Channel:
    """A channel that this caller may listen to."""
    channel = await read_channel(call.node.db, call.person, name, tag, list_id)
    assert call.token is not None
    if not covers(call.token.scopes, channel.scope):
        raise Refused("token.scope")
    return channel


# Sockets ---------------------------------------------------------------------------------------


async def _enter(_call: Call) -> Response:
    """What stands behind the gate of sockets: nothing more to answer."""
    return Response()


GATE = Endpoint(_enter, "person", None)


async def serve_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Speak to one client by WebSocket until either side has enough."""
    call = Call(scope, receive)
    try:
        await GATE.admit(call)
        stream = await _first(call, send)
        streams_of(call).make_room(stream)
    except NodeError as error:
        await refuse_socket(send, error_response(error, call.language))
        return
    await receive()
    # A browser gives up when the sub-protocol it asked for is not named back.
    accepted = next(iter(scope["subprotocols"]), None)
    await send({"type": "websocket.accept", "subprotocol": accepted})
    async with streams_of(call).opened(stream):
        await _converse(call, stream)
    with contextlib.suppress(Exception):
        async with asyncio.timeout(CLOSE_S):
            await send({"type": "websocket.close", "code": stream.code})


async def refuse_socket(send: Send, response: Response) -> None:
    """Answer the opening of a socket as an ordinary request is answered."""
    start = {"status": response.status_code, "headers": response.raw_headers}
    await send({"type": "websocket.http.response.start", **start})
    await send({"type": "websocket.http.response.body", "body": bytes(response.body)})


async def _first(call: Call, send: Send) -> Stream:
    """The stream of a new socket, listening to what its address asks for."""
    assert call.token is not None
    may_any = any(covers(call.token.scopes, f"read:{w}") for w in ("statuses", "notifications"))
    if not may_any:
        raise Refused("token.scope")

    async def write(what: Frame) -> None:
        if what is not BEAT:
            await send({"type": "websocket.send", "text": what.message})

    stream = Stream(call.token, write)
    name = call.query.text("stream")
    if name:
        asked = (call.query.text("tag"), call.query.text("list"))
        stream.channels.add(await _channel(call, name, *asked))
    return stream


async def _converse(call: Call, stream: Stream) -> None:
    while True:
        message = await call.receive()
        if message["type"] == "websocket.disconnect":
            return
        try:
            await _obey(call, stream, message.get("text") or "")
        except NodeError as error:
            answer = error_response(error, call.language)
            said = {"error": orjson.loads(answer.body)["error"], "status": error.status}
            stream.push(Frame(orjson.dumps(said).decode(), b""))


async def _obey(call: Call, stream: Stream, text: str) -> None:
    asked = _read(text)
    channel = await _channel(
        call, str(asked.get("stream", "")), _text(asked, "tag"), _text(asked, "list")
    )
    if asked.get("type") == "subscribe":
        streams_of(call).join(stream, channel)
    elif asked.get("type") == "unsubscribe":
        streams_of(call).leave(stream, channel)
    else:
        raise Invalid("stream.frame", field="type")


def _read(text: str) -> dict[str, Any]:
    try:
        asked = orjson.loads(text)
    except ValueError as error:
        raise Malformed("stream.frame") from error
    if not isinstance(asked, dict):
        raise Malformed("stream.frame")
    return asked


def _text(asked: dict[str, Any], name: str) -> str | None:
    value = asked.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


# Event streams ---------------------------------------------------------------------------------


class EventStream(Response):
    """An answer that goes on until either side ends it."""

    def __init__(self, call: Call, channel: Channel) -> None:
        super().__init__(
            headers={
                "content-type": "text/event-stream",
                "cache-control": "private, no-store",
                # Proxies that gather an answer before they pass it on would keep all of it.
                "x-accel-buffering": "no",
            }
        )
        del self.headers["content-length"]
        self.call = call
        assert call.token is not None, "the gate lets nobody else in"
        self._send: Send | None = None
        self.stream = Stream(call.token, self._write)
        self.stream.channels.add(channel)
        streams_of(call).make_room(self.stream)

    async def _write(self, what: Frame) -> None:
        if what.lines and self._send is not None:
            await self._send({"type": "http.response.body", "body": what.lines, "more_body": True})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what comes; the end of the stream is the end of the answer."""
        self._send, stream = send, self.stream
        start = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **start})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        async with streams_of(self.call).opened(stream):
            stream.push(Frame("", b":)\n\n"))
            while (await receive())["type"] != "http.disconnect":
                pass
        with contextlib.suppress(Exception):
            async with asyncio.timeout(CLOSE_S):
                await send({"type": "http.response.body", "body": b"", "more_body": False})


def _lines(name: str) -> Handler:
    """The event stream of one channel, written in its path."""

    async def handler(call: Call) -> Response:
        media = ":media" if name.startswith("public") and call.query.flag("only_media") else ""
        asked = (call.query.text("tag"), call.query.text("list"))
        return EventStream(call, await _channel(call, name + media, *asked))

    return handler


async def by_name(call: Call) -> Response:
    """GET /api/v1/streaming?stream= without a socket: the same as an event stream."""
    asked = (call.query.text("tag"), call.query.text("list"))
    return EventStream(call, await _channel(call, call.query.required("stream", 40), *asked))


async def health(_call: Call) -> Response:
    """GET /api/v1/streaming/health: whether streams are served here."""
    return PlainTextResponse("OK")


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", f"{PATH}/health", "anybody", None, health),
    Entry("GET", PATH, "person", None, by_name),
    Entry("GET", f"{PATH}/user", "person", "read:statuses", _lines("user")),
    Entry(
        "GET",
        f"{PATH}/user/notification",
        "person",
        "read:notifications",
        _lines("user:notification"),
    ),
    *(
        Entry("GET", f"{PATH}/{name.replace(':', '/')}", "person", "read:statuses", _lines(name))
        for name in ("public", "public:local", "public:remote", *sorted(TAGS), "list", "direct")
    ),
)
