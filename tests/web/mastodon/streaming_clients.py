"""Clients of streams: somebody at a served node, her sockets and her event streams."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from actors.local import create_account
from federation.database import Row, Transaction
from tests.serving import Running
from web.scopes import parse_scopes
from web.tokens import issue_token

PATH = "/api/v1/streaming"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody with a token at a served node."""

    running: Running
    actor: Row
    token: str
    token_id: int

    @property
    def id(self) -> str:
        return str(self.actor["id"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def call(self, method: str, path: str, **fields: Any) -> tuple[int, Any]:
        url = f"{self.running.origin}/api/{path}"
        options: dict[str, Any] = {"params": fields} if method == "GET" else {"json": fields}
        async with self.running.http.request(
            method, url, headers=self.headers, **options
        ) as answer:
            return answer.status, await answer.json()

    async def ask(self, method: str, path: str, **fields: Any) -> Any:
        status, body = await self.call(method, path, **fields)
        assert status == 200, body
        return body

    async def post(self, text: str, visibility: str = "public", **fields: Any) -> dict[str, Any]:
        return await self.ask("POST", "v1/statuses", status=text, visibility=visibility, **fields)

    async def follow(self, other: "Reader") -> None:
        await self.ask("POST", f"v1/accounts/{other.id}/follow")
        for _ in range(200):
            (relation,) = await self.ask("GET", "v1/accounts/relationships", **{"id[]": other.id})
            if relation["following"]:
                return
            await asyncio.sleep(0.02)
        raise AssertionError("not following")

    @asynccontextmanager
    async def socket(self, stream: str = "", **fields: Any) -> AsyncGenerator["Socket"]:
        query = {"access_token": self.token, **({"stream": stream} if stream else {}), **fields}
        async with self.running.http.ws_connect(self.running.origin + PATH, params=query) as socket:
            yield Socket(socket)

    @asynccontextmanager
    async def lines(self, path: str, **fields: Any) -> AsyncGenerator["Lines"]:
        async with self.running.http.get(
            f"{self.running.origin}{PATH}/{path}", params=fields, headers=self.headers
        ) as answer:
            assert answer.status == 200, await answer.text()
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield Lines(answer)


@dataclass(frozen=True, slots=True)
class Socket:
    """An open WebSocket."""

    raw: aiohttp.ClientWebSocketResponse

    async def send(self, **frame: Any) -> None:
        await self.raw.send_str(orjson.dumps(frame).decode())

    async def frame(self, within_s: float = 5.0) -> dict[str, Any]:
        """The next frame; its payload is the text it is on the wire."""
        message = await self.raw.receive(within_s)
        assert message.type == aiohttp.WSMsgType.TEXT, message
        return orjson.loads(message.data)

    async def event(self, within_s: float = 5.0) -> tuple[list[str], str, Any]:
        """(stream, event, payload), the payload decoded."""
        got = await self.frame(within_s)
        return got["stream"], got["event"], orjson.loads(got["payload"])

    async def silent(self, for_s: float = 0.3) -> bool:
        """Whether nothing comes for a while."""
        try:
            message = await self.raw.receive(for_s)
        except TimeoutError:
            return True
        raise AssertionError(f"something came: {message}")

    async def closed(self, within_s: float = 5.0) -> int:
        """The code with which the node closes; fails when anything else comes."""
        message = await self.raw.receive(within_s)
        assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED), message
        assert self.raw.close_code is not None
        return self.raw.close_code


@dataclass(frozen=True, slots=True)
class Lines:
    """An open event stream."""

    answer: aiohttp.ClientResponse

    async def event(self, within_s: float = 5.0) -> tuple[str, str]:
        """(event, data), without comments."""
        name = data = ""
        async with asyncio.timeout(within_s):
            while line := (await self.answer.content.readline()).decode():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ").strip()
                elif line.startswith("data: "):
                    data = line.removeprefix("data: ").rstrip("\n")
                elif line == "\n" and name:
                    return name, data
        raise AssertionError("the stream ended")

    async def ended(self, within_s: float = 5.0) -> bool:
        async with asyncio.timeout(within_s):
            while await self.answer.content.readline():
                pass
        return True


async def reader(
    running: Running, name: str, scopes: str = "read write follow push", **more: Any
) -> Reader:
    """A new person of the node, with a token."""
    actor = await create_account(
        running.node, username=name, password="une phrase de passe longue", **more
    )
    return await another_token(running, actor, scopes)


async def another_token(running: Running, actor: Row, scopes: str) -> Reader:
    node = running.node
    account_id = await node.db.value("SELECT id FROM account WHERE actor_id = ?", actor["id"])

    async def work(tx: Transaction) -> tuple[int, str]:
        return await issue_token(
            node, tx, application_id=None, account_id=account_id, scopes=parse_scopes(scopes)
        )

    token_id, token = await node.db.write(work)
    return Reader(running, actor, token, token_id)
