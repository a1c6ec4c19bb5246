"""A node that can be stopped, copied and put back as it was: at one address all the time."""

import shutil
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from federation.keys import make_secret
from federation.node import Limits, Node
from federation.options import HoursOptions, Options, PostingOptions, PushOptions
from maillage.incarnation import FILE_NAME
from maillage.nodes import close_node, open_node, prepare
from maillage.serve import listen, serving
from maillage.settings import Settings
from tests.nodes.asgi import Headers, ask
from tests.nodes.sites import Got
from tests.postgres_cluster import Cluster
from tests.serving import Running

OPENLY = Options(
    posting=PostingOptions(default_audience="public", widest_by_app="public"),
    push=PushOptions(networks=("127.0.0.0/8",)),
    hours=HoursOptions(told=None),
)


@dataclass
class Home:
    """Where one node keeps everything: its folder, and a database of PostgreSQL if it has one."""

    folder: Path
    cluster: Cluster | None
    database: str = ""

    async def make(self) -> None:
        """A new home with a secret and nothing else."""
        self.folder.mkdir(parents=True)
        make_secret(self.folder / "secret")
        await self._own("template0")

    async def copy_to(self, other: Path) -> "Home":
        """The same once more; nobody may be at home."""
        copied = Home(other, self.cluster)
        shutil.copytree(self.folder, other)
        await copied._own(self.database)
        return copied

    async def _own(self, template: str) -> None:
        if self.cluster is not None:
            self.database = f"leaks_{uuid4().hex}"
            await self.cluster.create_now(self.database, template)

    async def remove(self) -> None:
        """Nothing is left of it."""
        shutil.rmtree(self.folder)
        if self.cluster is not None:
            await self.cluster.drop_now(self.database)

    def settings(self, origin: str, values: Mapping[str, Any]) -> Settings:
        """The settings of a node that lives here."""
        url = "" if self.cluster is None else self.cluster.url(self.database)
        limits = Limits(rate_limits=False)
        return Settings(
            data=self.folder,
            origin=origin,
            database_url=url,
            options=OPENLY,
            limits=limits,
            **values,
        )


@dataclass
class Site:
    """One node of the world: `running` while it answers at `origin`."""

    name: str
    port: int
    home: Home
    running: Running | None = None
    app: Any = None
    kept: Home | None = None
    """A copy of what it was."""
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def node(self) -> Node:
        return self.at.node

    @property
    def at(self) -> Running:
        assert self.running is not None, f"{self.name} runs"
        return self.running

    async def start(self, apps: dict[str, Any]) -> None:
        """Open the node and serve it; `apps` is where the recorders are found by origin."""
        stack = AsyncExitStack()
        settings = self.home.settings(self.origin, {"name": self.name.title()})
        self.running = await stack.enter_async_context(_served(settings, self.port))
        self.app = apps[self.origin].app
        self._stack = stack

    async def stop(self) -> None:
        """Stop it; nothing of it runs any more."""
        await self._stack.aclose()
        self.running, self.app = None, None

    async def keep(self, folder: Path) -> None:
        """Make a copy of the stopped node, which replaces the last one."""
        if self.kept is not None:
            await self.kept.remove()
        self.kept = await self.home.copy_to(folder)

    async def put_back(self, folder: Path) -> None:
        """Make the stopped node what it was when the copy was made."""
        assert self.kept is not None, "there is a copy"
        # What stands beside the database is not put back with it.
        beside = (self.home.folder / FILE_NAME).read_bytes()
        await self.home.remove()
        self.home = await self.kept.copy_to(folder)
        (folder / FILE_NAME).write_bytes(beside)

    async def ask(self, method: str, target: str, headers: Headers, body: bytes = b"") -> Got:
        """Call the application as the server would, without a network between."""
        return await ask(self.app, self.host, method, target, headers, body)

    async def request(self, method: str, target: str, **options: Any) -> Got:
        """As a partner that a test plays asks."""
        return await self.ask(method, target, options["headers"], options.get("data") or b"")


@asynccontextmanager
async def _served(settings: Settings, port: int) -> AsyncGenerator[Running]:
    sock = listen(f"127.0.0.1:{port}")
    node = await open_node(settings)
    try:
        await prepare(node)
        async with aiohttp.ClientSession() as http, serving(node, [sock], settings):
            yield Running(node, http)
    finally:
        await close_node(node)
