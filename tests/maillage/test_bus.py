"""Two processes of one node hear of each other's events, by the servers that really run."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from federation.errors import Misconfigured
from federation.events import Event, Events
from federation.node import Node
from federation.options import Options, StreamingOptions
from maillage.bus import Bus, on_the_bus
from maillage.settings import Settings
from maillage.settings_file import SettingsError, read_settings
from tests.postgres_cluster import Cluster

WITHIN_S = 10.0


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not true():  # noqa: ASYNC110 - servers tell nobody
            await asyncio.sleep(0.02)


def process_of(node: Node, bus: str) -> Node:
    """Another process of the node: the same database, events of its own."""
    return replace(node, events=Events(), options=Options(streaming=StreamingOptions(bus=bus)))


async def _exchange(node: Node, settings: Settings, bus: str) -> None:
    one, other = process_of(node, bus), process_of(node, bus)
    heard: list[Event] = []
    own: list[Event] = []
    one.events.listen(own.append)
    other.events.listen(heard.append)
    async with on_the_bus(one, settings) as first, on_the_bus(other, settings) as second:
        assert first is not None
        assert second is not None
        await first.connected.wait()
        await second.connected.wait()
        events = [Event("status", id=i, actor_id=2) for i in range(50)]
        events.append(Event("gone", id=1, readers=tuple(range(10**17, 10**17 + 200))))
        for event in events:
            one.events.tell(event)
        await until(lambda: len(heard) == len(events))
        assert heard == events
        # Once for each: not again when it comes back from the bus.
        other.events.tell(Event("filters", actor_id=3))
        await until(lambda: len(own) == len(events) + 1)
        assert own == [*events, Event("filters", actor_id=3)]
        assert len(heard) == len(events) + 1
    one.events.tell(Event("status", id=99))
    assert len(heard) == len(events) + 1


async def test_in_memory_there_is_no_bus(node: Node, copy_of_template: Settings) -> None:
    async with on_the_bus(node, copy_of_template) as bus:
        assert bus is None
        assert node.events.forward is None


async def test_postgres(
    node: Node, copy_of_template: Settings, request: pytest.FixtureRequest
) -> None:
    cluster: Cluster = request.getfixturevalue("postgres")
    name = f"bus_{uuid4().hex}"
    url = await cluster.create_now(name, "template0")
    await _exchange(node, replace(copy_of_template, database_url=url), "postgres")
    await cluster.drop_now(name)


async def test_postgres_as_bus_needs_postgres_as_database(
    node: Node, copy_of_template: Settings
) -> None:
    sqlite = replace(copy_of_template, database_url="sqlite:///nowhere.db")
    with pytest.raises(Misconfigured) as refusal:
        async with on_the_bus(process_of(node, "postgres"), sqlite):
            pass
    assert refusal.value.code == "bus.needs_postgres"


class RedisServer:
    """A redis-server of this test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    async def start(self) -> None:
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        assert program is not None
        self.process = await asyncio.create_subprocess_exec(
            program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
            "--dir", str(self.folder), stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        async with asyncio.timeout(WITHIN_S):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    await asyncio.sleep(0.02)
                else:
                    writer.close()
                    return

    async def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            await self.process.wait()
            self.process = None


@pytest.fixture
async def redis_server(tmp_path: Path) -> AsyncIterator[RedisServer]:
    server = RedisServer(tmp_path)
    await server.start()
    yield server
    await server.stop()


@pytest.mark.needs("redis-server")
async def test_redis(node: Node, copy_of_template: Settings, redis_server: RedisServer) -> None:
    await _exchange(node, copy_of_template, redis_server.url)


@pytest.mark.needs("redis-server")
async def test_a_bus_that_went_away_is_joined_again(
    node: Node,
    copy_of_template: Settings,
    redis_server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("maillage.bus.AGAIN_S", 0.05)
    one, other = process_of(node, redis_server.url), process_of(node, redis_server.url)
    heard: list[Event] = []
    other.events.listen(heard.append)
    async with (
        on_the_bus(one, copy_of_template) as first,
        on_the_bus(other, copy_of_template) as second,
    ):
        assert first is not None
        assert second is not None
        await first.connected.wait()
        await second.connected.wait()
        await redis_server.stop()
        one.events.tell(Event("status", id=1))
        await until(lambda: not first.connected.is_set())
        await redis_server.start()
        await first.connected.wait()
        await until(lambda: _speaks(one, heard))


def _speaks(one: Node, heard: list[Event]) -> bool:
    one.events.tell(Event("status", id=2))
    return bool(heard)


async def test_what_is_no_event_is_passed_over(node: Node) -> None:
    heard: list[Event] = []
    node.events.listen(heard.append)
    bus = Bus(node, lambda _: pytest.fail("not connected here"))
    for text in ("", "x", "x {", 'x {"kind": "status", "words": "secret"}', "x []"):
        bus._receive(text)
    assert heard == []
    bus._receive('x {"kind":"status","id":5}')
    assert heard == [Event("status", id=5)]


@pytest.mark.parametrize("wrong", ["rabbit", "amqp://host", "redis://", "http://host:1", ""])
def test_a_bus_that_is_none_is_reported_with_its_line(tmp_path: Path, wrong: str) -> None:
    settings = tmp_path / "maillage.toml"
    lines = f'origin = "http://127.0.0.1:1"\n[streaming]\nbus = "{wrong}"\n'
    settings.write_text(lines)
    with pytest.raises(SettingsError) as refusal:
        read_settings(tmp_path, {})
    assert "streaming.bus" in str(refusal.value)
    assert "3" in str(refusal.value)
    for right in ("memory", "postgres", "redis://127.0.0.1:6379/1"):
        settings.write_text(lines.replace(f'"{wrong}"', f'"{right}"'))
        assert read_settings(tmp_path, {}).options.streaming.bus == right
    settings.write_text('origin = "http://127.0.0.1:1"\n[push]\nenabled = false\n')
    assert read_settings(tmp_path, {}).options.push.enabled is False
