"""Requests to a node's own application, through its whole HTTP side, without a socket."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from federation.node import Node
from web.app import App


@dataclass(frozen=True, slots=True)
class Answered:
    """What the application said; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


async def ask(
    app: App,
    method: str,
    target: str,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Answered:
    """Send one request, with Host and Content-Length unless given, and return the answer."""
    path, _, query = target.partition("?")
    given = {"host": host_of(app.node), "content-length": str(len(body))}
    given |= {name.lower(): value for name, value in (headers or {}).items()}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in given.items()],
        "client": ("127.0.0.9", 50_000),
        "server": ("127.0.0.1", 8471),
        "state": {},
    }
    said: dict[str, object] = {}
    parts: list[bytes] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            said.update(message)
        else:
            parts.append(bytes(message.get("body", b"")))  # type: ignore[arg-type]

    await app(scope, receive, send)  # type: ignore[arg-type]
    pairs: list[tuple[bytes, bytes]] = said["headers"]  # type: ignore[assignment]
    answered = {name.decode().lower(): value.decode("latin-1") for name, value in pairs}
    return Answered(int(str(said["status"])), answered, b"".join(parts))


def host_of(node: Node) -> str:
    return node.origin.partition("://")[2]
