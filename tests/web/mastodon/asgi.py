"""Speaks to an ASGI application directly: a client for tests, without a socket."""

from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import orjson


@dataclass(frozen=True)
class Reply:
    """An answer: status, headers as they were sent, body."""

    status: int
    raw_headers: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        return {k.decode().lower(): v.decode("latin-1") for k, v in self.raw_headers}

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def cookies(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, value in self.raw_headers:
            if name.lower() == b"set-cookie":
                for key, morsel in SimpleCookie(value.decode()).items():
                    found[key] = morsel.value
        return found

    @property
    def links(self) -> dict[str, str]:
        """The addresses of the Link header by their relation."""
        parts = [part for part in self.headers.get("link", "").split(", ") if part]
        return {
            part.partition('rel="')[2].rstrip('"'): part.partition(";")[0].strip("<>")
            for part in parts
        }


@dataclass
class Client:
    """One caller: a token or a browser's cookies, in a language."""

    app: Any
    origin: str
    token: str | None = None
    address: str = "127.0.0.1"
    language: str | None = None

    def __post_init__(self) -> None:
        self.cookies: dict[str, str] = {}

    async def ask(
        self,
        method: str,
        path: str,
        *,
        query: Any = None,
        json: Any = None,
        form: Any = None,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> Reply:
        path, _, text = path.removeprefix(self.origin).partition("?")
        text = urlencode(query, doseq=True) if query else text
        sent = {"host": self.origin.partition("://")[2]} | (headers or {})
        if json is not None:
            body, sent["content-type"] = orjson.dumps(json), "application/json"
        if form is not None:
            body = urlencode(form, doseq=True).encode()
            sent.setdefault("content-type", "application/x-www-form-urlencoded")
        if self.token is not None:
            sent.setdefault("authorization", f"Bearer {self.token}")
        if self.language is not None:
            sent["accept-language"] = self.language
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body:
            sent["content-length"] = str(len(body))
        reply = await call(self.app, method, path, text, sent, body, self.address)
        for name, value in reply.cookies.items():
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return reply

    async def get(self, path: str, **query: Any) -> Reply:
        return await self.ask("GET", path, query=query)

    async def post(self, path: str, json: Any = None, **more: Any) -> Reply:
        return await self.ask("POST", path, json=json, **more)


async def call(
    app: Any, method: str, path: str, query: str, headers: dict[str, str], body: bytes, address: str
) -> Reply:
    """One request, as uvicorn would hand it over."""
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in headers.items()],
        "client": (address, 40_000),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
    messages = [{"type": "http.request", "body": body, "more_body": False}]
    started: dict[str, Any] = {}
    parts: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    return Reply(started["status"], list(started["headers"]), b"".join(parts))
