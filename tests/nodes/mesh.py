"""Three nodes that know each other: made once for a test process, copied for each test.

Alice lives at Tilleuls, Bob and Brigitte at Roses, Claire in Valmont. Bob, Brigitte and Claire
follow Alice, Alice and Claire follow Bob, Alice and Bob follow Claire: accepted, over HTTP.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import aiohttp

from maillage import commands
from maillage.nodes import close_node, open_node
from maillage.settings_file import read_settings
from tests.nodes import ports
from tests.nodes.people import Person, eventually
from tests.nodes.sites import Launcher, Site, run, write_clock
from tests.postgres_cluster import Cluster

PEOPLE = {"tilleuls": ("alice",), "roses": ("bob", "brigitte"), "valmont": ("claire",)}
FOLLOWS = (
    *(("bob", "alice"), ("brigitte", "alice"), ("claire", "alice")),
    *(("alice", "bob"), ("claire", "bob")),
    *(("alice", "claire"), ("bob", "claire")),
)
PARTNERS = 12
PASSWORD = "une phrase assez longue"

DatabaseFor = Callable[[str, Path], str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is the same for every copy: ports, people and their tokens."""

    folder: Path
    ports: dict[str, tuple[int, int]]
    partner_ports: tuple[int, ...]
    people: dict[str, tuple[str, str, str]]
    """By name: the site, the actor's id, a token."""


@dataclass(frozen=True, slots=True)
class Mesh:
    """The running nodes of one test, by name, and the people on them."""

    sites: dict[str, Site]
    people: dict[str, Person]
    partner_ports: tuple[int, ...]
    session: aiohttp.ClientSession

    @property
    def tilleuls(self) -> Site:
        return self.sites["tilleuls"]

    @property
    def roses(self) -> Site:
        return self.sites["roses"]

    @property
    def valmont(self) -> Site:
        return self.sites["valmont"]

    @property
    def alice(self) -> Person:
        return self.people["alice"]

    @property
    def bob(self) -> Person:
        return self.people["bob"]

    @property
    def brigitte(self) -> Person:
        return self.people["brigitte"]

    @property
    def claire(self) -> Person:
        return self.people["claire"]

    async def start(self, *names: str) -> None:
        """Start these nodes, or all."""
        await asyncio.gather(*(self.sites[name].start() for name in names or self.sites))

    def set_clock(self, ahead_ms: int) -> None:
        """Move the clocks of all nodes."""
        for site in self.sites.values():
            site.set_clock(ahead_ms)


def plan(folder: Path, database_for: DatabaseFor, launcher: Launcher) -> Plan:
    """Make the three nodes with their people, their peers and their follows; then stop them."""
    numbers = iter(ports.take(2 * len(PEOPLE)))
    chosen = {name: (next(numbers), next(numbers)) for name in PEOPLE}
    partner_ports = tuple(ports.take(PARTNERS))
    urls = {name: database_for(name, folder / name) for name in PEOPLE}
    people = asyncio.run(_make(folder, chosen, partner_ports, urls, launcher))
    return Plan(folder, chosen, partner_ports, people)


async def _make(
    folder: Path,
    chosen: dict[str, tuple[int, int]],
    partner_ports: Sequence[int],
    urls: dict[str, str],
    launcher: Launcher,
) -> dict[str, tuple[str, str, str]]:
    await asyncio.gather(*(_init(folder / n, n, chosen[n][0], urls[n]) for n in PEOPLE))
    people: dict[str, tuple[str, str, str]] = {}
    for name in PEOPLE:
        others = [port for other, (port, _) in chosen.items() if other != name]
        # Only one node has a dozen partners: greeting those who are away takes time.
        allowed = partner_ports if name == "tilleuls" else partner_ports[:2]
        people |= await _settle(folder / name, name, [*others, *allowed])
    made = Plan(folder, chosen, tuple(partner_ports), people)
    async with running(made, folder, urls, launcher) as mesh:
        await mesh.start()
        await _befriend(mesh)
    return people


async def _init(data: Path, name: str, port: int, url: str) -> None:
    words = ["init", "--origin", f"http://127.0.0.1:{port}", "--name", name.title()]
    if not url.startswith("sqlite:"):
        words += ["--database", url]
    await asyncio.to_thread(run, data, *words)
    write_clock(data / "clock", 0)


async def _settle(
    data: Path, name: str, peer_ports: Sequence[int]
) -> dict[str, tuple[str, str, str]]:
    settings = read_settings(data, {})
    for port in peer_ports:
        await commands.set_peer(settings, "allow", f"http://127.0.0.1:{port}")
    people: dict[str, tuple[str, str, str]] = {}
    for person in PEOPLE[name]:
        await commands.add_account(
            settings, name=person, password=PASSWORD, email=None, role="member"
        )
        token = await commands.add_token(settings, person, "read write follow push")
        node = await open_node(settings)
        uri = await node.db.value("SELECT uri FROM actor WHERE is_local AND username = ?", person)
        await close_node(node)
        people[person] = (name, uri, token)
    return people


async def _befriend(mesh: Mesh) -> None:
    people = mesh.people
    for follower, followed in FOLLOWS:
        await people[follower].follow(people[followed])
    for follower, followed in FOLLOWS:
        one, other = people[follower], people[followed]
        await eventually(lambda one=one, other=other: one.follows(other), "a follow is accepted")
    for site in mesh.sites.values():
        # What is stopped here is what every test begins with.
        store = site.store
        await eventually(lambda store=store: _is_quiet(store.undelivered), "all is delivered")
        await eventually(lambda store=store: _is_quiet(store.unprocessed), "all is processed")


async def _is_quiet(count: Callable[[], object]) -> bool:
    return await count() == 0  # type: ignore[misc]


@asynccontextmanager
async def running(
    made: Plan, folder: Path, urls: dict[str, str], launcher: Launcher
) -> AsyncIterator[Mesh]:
    """The nodes of a plan in `folder`, nothing started; stopped at the end."""
    # Each request on a connection of its own: nodes are killed and come back.
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        sites = {
            name: Site(name, folder / name, *made.ports[name], urls[name], session, launcher)
            for name in made.ports
        }
        people = {
            name: Person(name, sites[site], uri, token)
            for name, (site, uri, token) in made.people.items()
        }
        try:
            yield Mesh(sites, people, made.partner_ports, session)
        finally:
            await asyncio.gather(*(site.stop() for site in sites.values()))


@asynccontextmanager
async def copy(
    made: Plan, folder: Path, cluster: Cluster | None, launcher: Launcher
) -> AsyncIterator[Mesh]:
    """A mesh of a test's own, with the keys, people and rows of the plan; nothing started."""
    urls: dict[str, str] = {}
    for name in made.ports:
        shutil.copytree(made.folder / name, folder / name)
        (folder / name / "log").unlink(missing_ok=True)
        urls[name] = f"sqlite://{folder / name / 'maillage.db'}"
        if cluster is not None:
            urls[name] = await cluster.create_now(f"{name}_{uuid4().hex}", template_name(name))
    try:
        async with running(made, folder, urls, launcher) as mesh:
            yield mesh
    finally:
        if cluster is not None:
            for url in urls.values():
                await cluster.drop_now(url.rpartition("/")[2])


def template_name(site: str) -> str:
    """The database that each test's is copied from."""
    return f"mesh_{site}"
