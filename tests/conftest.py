"""What every test may ask for: a node with a database of its own, a clock it sets, more nodes."""

import asyncio
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import structlog

from federation.greetings import Greeter
from federation.keys import make_secret
from federation.node import Node
from federation.options import HoursOptions, Options, PostingOptions
from maillage.nodes import close_node, open_node, prepare
from maillage.settings import Settings
from tests import postgres_cluster
from tests.memory import memory_folder
from tests.postgres_cluster import Cluster
from tests.serving import Running, Start, started

ENGINE = os.environ.get("MAILLAGE_TEST_DATABASE", "sqlite")
NODE_ORIGIN = "http://127.0.0.1:8471"
START_MS = 1_790_000_000_000
MIGRATED = "node_migrated"
# Tests run at any hour: what is told is told at once. tests/web/mastodon/test_quiet_hours.py
# and tests/actors/test_hours.py have the hours that a site keeps unless it says otherwise.
AT_ANY_HOUR = HoursOptions(told=None)
# Most tests are about other things than the audience a site begins with: their sites let
# applications say *public* and mean it. tests/web/mastodon/test_audiences.py has the others.
OPENLY = PostingOptions(default_audience="public", widest_by_app="public")

pytest_plugins = ["tests.left_out", "tests.spared"]


@dataclass
class FakeClock:
    """A clock that a test moves: call it for now in ms, `advance` it by seconds."""

    now_ms: int = START_MS

    def __call__(self) -> int:
        return self.now_ms

    def advance(self, seconds: float) -> None:
        self.now_ms += int(seconds * 1000)


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """No test speaks to another machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            assert host.startswith("127.") or host == "::1", f"a test connects to {host}"
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session", autouse=True)
def plain_tracebacks() -> None:
    """A logged error is a text: drawing one in colours takes most of a second."""
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], renderer])


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """The private PostgreSQL cluster of this test process.

    Not among pytest's own temporary folders, which it closes to other users.
    """
    with tempfile.TemporaryDirectory(prefix="maillage-postgres-", dir=memory_folder()) as folder:
        cluster = postgres_cluster.start(Path(folder) / "cluster")
        yield cluster
        postgres_cluster.stop(cluster)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder with a database of all migrations and nobody's rows: every node begins as its copy.

    On PostgreSQL it is the database MIGRATED.
    """
    folder = tmp_path_factory.mktemp("migrated")
    url = f"sqlite://{folder / 'maillage.db'}"
    if ENGINE == "postgres":
        url = request.getfixturevalue("postgres").create(MIGRATED)
    asyncio.run(_migrate(settings_in(folder, url)))
    return folder


async def _migrate(settings: Settings) -> None:
    make_secret(settings.data / "secret")
    await close_node(await open_node(settings))


@pytest.fixture(scope="session")
def template(
    migrated: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Path:
    """A folder with the secret and the prepared database that each test gets a copy of."""
    folder = tmp_path_factory.mktemp("template")
    url = f"sqlite://{folder / 'maillage.db'}"
    if ENGINE == "postgres":
        url = request.getfixturevalue("postgres").create("node_template", MIGRATED)
    else:
        shutil.copy2(migrated / "maillage.db", folder / "maillage.db")
    asyncio.run(_prepare(settings_in(folder, url)))
    return folder


async def _prepare(settings: Settings) -> None:
    make_secret(settings.data / "secret")
    node = await open_node(settings)
    await prepare(node)
    await close_node(node)


def settings_in(folder: Path, database_url: str) -> Settings:
    return Settings(
        data=folder,
        origin=NODE_ORIGIN,
        database_url=database_url,
        options=Options(posting=OPENLY, hours=AT_ANY_HOUR),
    )


@pytest.fixture
async def copy_of_template(
    template: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Settings]:
    """The settings of a node of this test's own, with the template's keys and rows."""
    shutil.copy2(template / "secret", tmp_path / "secret")
    if ENGINE == "sqlite":
        shutil.copy2(template / "maillage.db", tmp_path / "maillage.db")
        yield settings_in(tmp_path, f"sqlite://{tmp_path / 'maillage.db'}")
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    name = f"node_{uuid4().hex}"
    yield settings_in(tmp_path, await cluster.create_now(name, "node_template"))
    await cluster.drop_now(name)


@pytest.fixture
async def node(copy_of_template: Settings, clock: FakeClock) -> AsyncIterator[Node]:
    """A closed node at NODE_ORIGIN: roles and instance actor there, nobody else; no server."""
    opened = await open_node(copy_of_template, clock=clock)
    yield opened
    await close_node(opened)


@pytest.fixture
async def open_federation_node(copy_of_template: Settings, clock: FakeClock) -> AsyncIterator[Node]:
    """As `node`, federating with everybody."""
    opened = await open_node(replace(copy_of_template, federation_mode="open"), clock=clock)
    yield opened
    await close_node(opened)


@pytest.fixture
async def start_node(
    migrated: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Start]:
    """A function that starts one more node and serves it until the test ends.

    Give settings by name (`federation_mode="open"`, `name="Les Roses"`…).
    """
    async with AsyncExitStack() as stack:

        async def start(**values: Any) -> Running:
            name = f"served_{uuid4().hex}"
            url = ""
            if ENGINE == "postgres":
                cluster: Cluster = request.getfixturevalue("postgres")
                url = await cluster.create_now(name, MIGRATED)
                stack.push_async_callback(cluster.drop_now, name)
            else:
                (tmp_path / name).mkdir()
                shutil.copy2(migrated / "maillage.db", tmp_path / name / "maillage.db")
            return await stack.enter_async_context(started(tmp_path / name, url, **values))

        yield start


@pytest.fixture
def no_greetings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nodes ask others nothing by themselves: a greeting comes at any moment, and leaves rows."""

    async def nobody(_: Greeter, __: list[str]) -> int:
        return 0

    monkeypatch.setattr(Greeter, "_greet", nobody)


@pytest.fixture
async def two_nodes(start_node: Start) -> tuple[Running, Running]:
    """Two closed nodes that allow each other."""
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await one.allow(other)
    await other.allow(one)
    return one, other
