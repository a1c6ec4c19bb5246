"""A thousand people with a stream open: what they cost, and how soon an event is there."""

import asyncio
import resource
import secrets
import time

import orjson
from aiohttp import ClientSession, ClientWebSocketResponse, TCPConnector

from benchmarks.rows import TEXT, Bench, Result
from federation.database import Transaction
from federation.node import Node
from maillage.nodes import close_node, open_node
from maillage.settings_file import read_settings
from web.tokens import issue_token

STREAMS = 1_000
EVENTS = 5


async def readers(bench: Bench, author_id: int, count: int) -> list[str]:
    """The tokens of so many new people, all following the author."""
    node = await open_node(read_settings(bench.served.data), upgrades=False)
    tokens: list[str] = []

    async def work(tx: Transaction) -> None:
        names = [f"lectrice{number}" for number in range(count)]
        tokens.extend([await _reader(node, tx, author_id, name) for name in names])

    await node.db.write(work)
    await close_node(node)
    return tokens


async def _reader(node: Node, tx: Transaction, author_id: int, name: str) -> str:
    actor_id, account_id, now = node.ids.next(), node.ids.next(), node.clock()
    uri = node.uris.actor(actor_id)
    await tx.execute(
        "INSERT INTO actor (id, uri, type, origin, is_local, username, handle_host, inbox_url,"
        " created_at, updated_at) VALUES (?, ?, 'Person', ?, ?, ?, ?, ?, ?, ?)",
        *(actor_id, uri, node.origin, True, name, node.host, f"{uri}/inbox", now, now),
    )
    await tx.execute(
        "INSERT INTO account (id, actor_id, role, locale, created_at) VALUES (?, ?, ?, ?, ?)",
        *(account_id, actor_id, "member", "fr", now),
    )
    await tx.execute(
        "INSERT INTO follow (id, follower_id, target_id, uri, state, created_at)"
        " VALUES (?, ?, ?, ?, 'accepted', ?)",
        *(node.ids.next(), actor_id, author_id, f"{uri}/follow", now),
    )
    scopes = frozenset({"read"})
    _, token = await issue_token(
        node, tx, application_id=None, account_id=account_id, scopes=scopes
    )
    return token


async def streams(bench: Bench) -> None:
    """Each stream another person's; the event is a post of somebody all of them follow."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8_192), hard))
    me = await bench.me()
    tokens = await readers(bench, int(me["id"]), STREAMS)
    async with ClientSession(connector=TCPConnector(limit=0)) as session:
        for form in ("WebSocket", "SSE"):
            before = bench.served.memory_mb()
            opened = [await _open(bench, session, form, token) for token in tokens]
            await asyncio.sleep(2)
            used = bench.served.memory_mb() - before
            bench.results.append(Result(f"{STREAMS:,} open streams, {form} (MB)", used, 60, "MB"))
            times = [await _event(bench, opened) for _ in range(EVENTS)]
            work = f"an event in all {STREAMS:,} streams, {form}, slowest of {EVENTS} (s)"
            bench.results.append(Result(work, max(times), 1.0, "s"))
            for stream in opened:
                await stream.close()
            await asyncio.sleep(2)


class Opened:
    """One open stream, of either form."""

    def __init__(self, socket: ClientWebSocketResponse | None, lines: object) -> None:
        self.socket = socket
        self.lines = lines

    async def until(self, marker: str) -> float:
        """When the event with the marker was there."""
        while True:
            if self.socket is not None:
                text = await self.socket.receive_str()
            else:
                text = (await self.lines.content.readline()).decode()  # type: ignore[attr-defined]
            if marker in text:
                return time.perf_counter()

    async def close(self) -> None:
        if self.socket is not None:
            await self.socket.close()
        else:
            self.lines.close()  # type: ignore[attr-defined]


async def _open(bench: Bench, session: ClientSession, form: str, token: str) -> Opened:
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{bench.served.origin}/api/v1/streaming"
    if form == "WebSocket":
        socket = await session.ws_connect(f"{url}?stream=user", headers=headers, compress=0)
        return Opened(socket, None)
    answer = await session.get(f"{url}/user", headers=headers, timeout=None)  # type: ignore[arg-type]
    assert answer.status == 200, await answer.text()
    return Opened(None, answer)


async def _event(bench: Bench, opened: list[Opened]) -> float:
    marker = secrets.token_hex(8)
    waiting = [asyncio.create_task(stream.until(marker)) for stream in opened]
    begun = time.perf_counter()
    body = {"status": f"{TEXT} {marker}", "visibility": "private"}
    made = orjson.loads(await bench.api("POST", "/api/v1/statuses", body))
    assert marker in made["content"]
    async with asyncio.timeout(30):
        arrived = await asyncio.gather(*waiting)
    return max(arrived) - begun
