"""Two `maillage serve` on one PostgreSQL database and one folder: who sends, and when one dies.

A push message is claimed by one of them. While both run it leaves once. What a process that was
killed had claimed is sent by the other after the claim has run out: each message arrives at
least once, none is lost, and twice come at most those that were on their way when it died.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import uuid4

import aiohttp
import orjson
import pytest
from aiohttp import web

from inbox.push_sending import CLAIM_MS
from maillage import commands
from maillage.nodes import close_node, open_node
from maillage.settings_file import read_settings
from tests.nodes import ports
from tests.nodes.mesh import PASSWORD
from tests.nodes.people import Person, eventually
from tests.nodes.sites import Launcher, Site, run, write_clock
from tests.nodes.test_streams import event, opened
from tests.postgres_cluster import Cluster
from tests.serving import answering
from tests.web.mastodon.push_service import PushService

POSTS = 60
# A process has no more of them to one host.
CONNECTIONS = 2
LATER_MS = 600_000
# A process that nobody wakes looks for what is due twice a minute.
LOOK_PATIENCE_S = 45.0
SETTINGS = """
[streaming]
bus = "postgres"

[hours]
told = "always"
"""


@dataclass
class Endpoint(PushService):
    """A push service that is closed at first, and later holds all but the first few requests."""

    is_closed: bool = True
    at_once: int = 0
    on_the_way: int = 0
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        if self.is_closed:
            return web.Response(status=503)
        answer = await super().take(request)
        if len(self.requests) > self.at_once:
            self.on_the_way += 1
            await self.goes_on.wait()
        return answer

    def arrived(self) -> list[str]:
        """The notifications of which was told, in the order in which the requests came."""
        return [str(message["notification_id"]) for message in self.messages()]


@dataclass(kw_only=True)
class Beside(Site):
    """Another process of a node, with a port and notes of its own. Nobody uses its door."""

    of: Site

    @property
    def host(self) -> str:
        return self.of.host

    @property
    def notes(self) -> Path:
        return self.data / "beside"


@dataclass(frozen=True, slots=True)
class Two:
    """Two processes of one node, and Claire, who is a client of the one, and Denis."""

    one: Site
    other: Site
    claire: Person
    denis: Person

    def at_other(self, person: Person) -> Person:
        """Somebody as a client of the other process."""
        return replace(person, site=self.other)

    async def left(self) -> int:
        """How many messages are still to be sent."""
        return await self.one.store.value("SELECT count(*) FROM push")


@pytest.fixture
async def two(tmp_path: Path, launcher: Launcher, postgres: Cluster) -> AsyncIterator[Two]:
    data, name = tmp_path / "node", f"two_{uuid4().hex}"
    url = await postgres.create_now(name, "template0")
    door, port, other_door, other_port = ports.take(4)
    words = ["init", "--origin", f"http://127.0.0.1:{door}", "--name", "Tilleuls"]
    await asyncio.to_thread(run, data, *words, "--database", url)
    with (data / "maillage.toml").open("a") as file:
        file.write(SETTINGS)
    write_clock(data / "clock", 0)
    (data / "beside").mkdir()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        one = Site("one", data, door, port, url, session, launcher)
        other = Beside("other", data, other_door, other_port, url, session, launcher, of=one)
        people = [await _somebody(one, name) for name in ("claire", "denis")]
        try:
            await one.start()
            await other.start()
            yield Two(one, other, *people)
        finally:
            await asyncio.gather(one.stop(), other.stop())
    await postgres.drop_now(name)


async def _somebody(site: Site, name: str) -> Person:
    settings = read_settings(site.data, {})
    await commands.add_account(settings, name=name, password=PASSWORD, email=None, role="member")
    token = await commands.add_token(settings, name, "read write follow push")
    node = await open_node(settings)
    uri = await node.db.value("SELECT uri FROM actor WHERE is_local AND username = ?", name)
    await close_node(node)
    return Person(name, site, uri, token)


@pytest.fixture
async def endpoint(two: Two) -> AsyncIterator[Endpoint]:
    """Where the device of Denis is told."""
    made = Endpoint()
    app = web.Application()
    app.router.add_post("/device/{id}", made.take)
    async with answering(app) as origin:
        made.origin = origin
        await two.denis.ask("POST", "/api/v1/push/subscription", **made.asked())
        yield made
        made.goes_on.set()


async def wake(two: Two, *authors: Person) -> None:
    """Queue a message in the process of each author, whose loop looks at all that is due then.

    At once: what one of them claims, the other must not go without the rest for.
    """
    await asyncio.gather(*(author.post("@denis encore", "public") for author in authors))


async def both_at_work(two: Two, endpoint: Endpoint) -> None:
    """Have many messages wait, and let both processes send until the endpoint holds them.

    One process alone never has as many requests under way.
    """
    authors = [two.claire, two.at_other(two.claire)]
    for number in range(POSTS):
        await asyncio.gather(*(author.post(f"@denis {number}", "public") for author in authors))

    async def refused() -> bool:
        return (
            await two.one.store.value("SELECT count(*) FROM push WHERE attempts > 0") == 2 * POSTS
        )

    await eventually(refused, "each was tried", LOOK_PATIENCE_S)
    endpoint.is_closed, endpoint.at_once = False, 10
    two.one.set_clock(LATER_MS)
    await wake(two, *authors)

    async def held() -> bool:
        return endpoint.on_the_way == 2 * CONNECTIONS

    await eventually(held, "both processes send", LOOK_PATIENCE_S)


async def all_gone(two: Two) -> None:
    async def gone() -> bool:
        return await two.left() == 0

    try:
        await eventually(gone, "nothing is left to send", LOOK_PATIENCE_S)
    except AssertionError as error:
        # What was tried in vain, or claimed and given up, waits for a time that never comes here.
        left = await two.one.store.rows("SELECT id, attempts, next_attempt_at FROM push")
        said = [
            line
            for site in (two.one, two.other)
            for line in site.log.splitlines()
            if "push" in line
        ]
        raise AssertionError([*map(dict, left), *said]) from error


async def told(two: Two) -> set[str]:
    """What Denis was told of, by his node."""
    return {entry["id"] for entry in await two.denis.notifications()}


async def test_two_processes_send_each_message_once(two: Two, endpoint: Endpoint) -> None:
    await both_at_work(two, endpoint)
    endpoint.goes_on.set()
    await all_gone(two)
    expected = await told(two)
    assert len(expected) == 2 * POSTS + 2
    assert Counter(endpoint.arrived()) == dict.fromkeys(expected, 1)


async def test_what_a_killed_process_had_claimed_is_sent_by_the_other(
    two: Two, endpoint: Endpoint
) -> None:
    await both_at_work(two, endpoint)
    await two.other.kill()
    on_the_way = set(endpoint.arrived()[-endpoint.on_the_way :])
    endpoint.goes_on.set()

    two.one.set_clock(LATER_MS + CLAIM_MS)
    await wake(two, two.claire)
    await all_gone(two)
    arrived = Counter(endpoint.arrived())
    assert set(arrived) == await told(two), "none is lost"
    twice = {name for name, times in arrived.items() if times > 1}
    assert max(arrived.values()) == 2
    assert twice <= on_the_way
    assert len(twice) <= CONNECTIONS


async def test_what_one_process_does_is_heard_on_a_stream_of_the_other(two: Two) -> None:
    for here, there in (
        (two.claire, two.at_other(two.denis)),
        (two.at_other(two.claire), two.denis),
    ):
        async with aiohttp.ClientSession() as http:
            own, socket = (
                await opened(http, replace(here, site=there.site)),
                await opened(http, there),
            )
            posted = await here.post("@denis Bonjour", "public")
            heard = orjson.loads(await event(socket, "notification"))
            assert (heard["type"], heard["status"]["id"]) == ("mention", posted["id"])
            assert orjson.loads(await event(own, "update"))["id"] == posted["id"]
            await here.delete(posted)
            assert await event(own, "delete") == posted["id"]
            await own.close()
            await socket.close()
