"""The rows of the cost table: each sets its scene, then measures the server's CPU time."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import orjson
from aiohttp import ClientSession
from yarl import URL

from benchmarks.peers import Peers, note, until
from benchmarks.served import Served
from federation.vocabulary import ACTIVITY_TYPE, AS2, Document

PEERS_MANY = 200
STATUSES = 10_000
FOLLOWEES = 20
TEXT = (
    "La réunion de transmission est déplacée à 14 h 30 en salle des Tilleuls ; merci de prévenir"
    " l'équipe de nuit et d'apporter les plannings de la semaine prochaine."
)


@dataclass
class Result:
    """One figure; in CPU ms for one operation unless `unit` says otherwise.

    `reach` is None where nothing is to be reached.
    """

    work: str
    value: float
    reach: float | None
    unit: str = "R"


@dataclass
class Bench:
    """The node under measure and the tokens of two people on it."""

    served: Served
    claire: str
    paul: str
    results: list[Result] = field(default_factory=list)
    printed: int = 0
    peers: Peers | None = None

    def __post_init__(self) -> None:
        self.session = ClientSession()

    async def close(self) -> None:
        await self.session.close()
        if self.peers is not None:
            await self.peers.stop()

    async def api(
        self, method: str, path: str, body: Document | None = None, token: str | None = None
    ) -> bytes:
        headers = {"Authorization": f"Bearer {token or self.claire}"}
        url = self.served.origin + path
        async with self.session.request(method, url, json=body, headers=headers) as answer:
            content = await answer.read()
            assert answer.status < 300, (path, answer.status, content[:300])
            return content

    def print_new(self, r_ms: float, plain_ms: float) -> None:
        for result in self.results[self.printed :]:
            if result.unit == "R":
                units = f"{result.value / r_ms:7.2f} {result.value / plain_ms:7.2f}"
                shown = f"{result.value:9.3f} {units}"
            else:
                shown = f"{'':9} {'':7} {result.value:7.2f}"
            reach = f"{'-':>7}" if result.reach is None else f"{result.reach:7.2f}"
            print(f"{result.work:<66} {shown} {reach}", flush=True)
        self.printed = len(self.results)

    async def repeat(
        self, count: int, path: str, headers: dict[str, str] | None = None, expect: int = 200
    ) -> float:
        """CPU milliseconds of the server for one of `count` equal requests, warm."""
        headers = headers or {"Authorization": f"Bearer {self.claire}"}
        url = URL(self.served.origin + path, encoded=True)
        return await self.repeat_at(url, count, self.served.cpu_s, headers, expect)

    async def repeat_at(
        self,
        url: URL,
        count: int,
        cpu_s: Callable[[], float],
        headers: dict[str, str],
        expect: int = 200,
    ) -> float:
        """The same for any server; `cpu_s` says how many processor seconds it has taken."""

        async def once() -> None:
            async with self.session.get(url, headers=headers) as answer:
                await answer.read()
                assert answer.status == expect, answer.status

        for _ in range(20):
            await once()
        before = cpu_s()
        for _ in range(count):
            await once()
        return (cpu_s() - before) * 1000 / count

    async def fleet(self, count: int, *, native: bool = False) -> Peers:
        peers = Peers(count, native)
        await peers.start()
        return peers

    async def me(self, token: str | None = None) -> Document:
        """The account of a token; Claire's without one."""
        path = "/api/v1/accounts/verify_credentials"
        return orjson.loads(await self.api("GET", path, token=token))


async def ingest(bench: Bench) -> None:
    """16 senders at once; the last status visible in the follower's home timeline."""
    peers = await bench.fleet(1)
    bench.peers = peers
    origin = peers.origins[0]
    authors = [f"{origin}/users/auteur{n}" for n in range(FOLLOWEES)]
    accepted: list[str] = []

    def answer(_: str, document: Document) -> None:
        if document["type"] == "Follow":
            target = document["object"]
            accept = {
                "@context": AS2,
                "id": f"{target}/accepts/{len(accepted)}",
                "type": "Accept",
                "actor": target,
                "object": document,
            }
            accepted.append(target)
            tasks.append(
                asyncio.create_task(peers.post(target, f"{bench.served.origin}/inbox", accept))
            )

    tasks: list[asyncio.Task[int]] = []
    peers.on_post = answer
    for author in authors:
        name = author.rsplit("/", 1)[1]
        found = orjson.loads(
            await bench.api(
                "GET", f"/api/v2/search?resolve=true&type=accounts&q=@{name}@{origin[7:]}"
            )
        )
        await bench.api("POST", f"/api/v1/accounts/{found['accounts'][0]['id']}/follow")
    await until(lambda: len(accepted) == len(authors))
    assert all(status == 202 for status in await asyncio.gather(*tasks))
    await _count_home(bench, 0)
    spent, posted = await _send(bench, peers, authors, STATUSES)
    bench.results.append(
        Result("Create into the shared inbox until in home, 16 at once", spent / posted, 1.2)
    )
    bench.results.append(Result("memory after the load (MB)", bench.served.memory_mb(), 160, "MB"))
    database = sum(p.stat().st_size for p in bench.served.data.glob("maillage.db"))
    per_thousand = database / 1e6 / (posted / 1000)
    bench.results.append(Result("disk per 1,000 statuses with bodies (MB)", per_thousand, 3, "MB"))


async def _send(bench: Bench, peers: Peers, authors: list[str], count: int) -> tuple[float, int]:
    url = f"{bench.served.origin}/inbox"
    ready: list[tuple[bytes, dict[str, str]]] = []
    for number in range(count):
        author = authors[number % len(authors)]
        body = orjson.dumps(note(author, number, f"{TEXT} {number}"))
        ready.append((body, peers.sign(author, "POST", url, body)))
    queue = iter(ready)

    async def sender() -> None:
        for body, headers in queue:
            async with peers.session.post(url, data=body, headers=headers) as answer:
                text = await answer.read()
                assert answer.status == 202, (answer.status, text[:300])

    before = bench.served.cpu_s()
    await asyncio.gather(*(sender() for _ in range(16)))
    await _count_home(bench, 1)
    while (await _newest(bench)) < count - 1:
        await asyncio.sleep(0.05)
    return (bench.served.cpu_s() - before) * 1000, count


async def _count_home(bench: Bench, at_least: int) -> None:
    async with asyncio.timeout(60):
        while len(orjson.loads(await bench.api("GET", "/api/v1/timelines/home"))) < at_least:
            await asyncio.sleep(0.05)


async def _newest(bench: Bench) -> int:
    page = orjson.loads(await bench.api("GET", "/api/v1/timelines/home?limit=40"))
    return max(int(status["uri"].rsplit("/", 1)[1]) for status in page)


async def home(bench: Bench) -> None:
    """Pages of the home timeline; needs `ingest` before it."""
    for limit, reach in ((40, 0.45), (20, 0.30)):
        spent = await bench.repeat(2_000, f"/api/v1/timelines/home?limit={limit}")
        work = f"GET home?limit={limit}, {FOLLOWEES} followees in {STATUSES} statuses"
        bench.results.append(Result(work, spent, reach))


async def documents(bench: Bench) -> None:
    """One status and one actor by a signed GET of an admitted peer, and WebFinger."""
    peers = bench.peers or await bench.fleet(1)
    me = await bench.me()
    made = orjson.loads(
        await bench.api("POST", "/api/v1/statuses", {"status": TEXT, "visibility": "public"})
    )
    reader = f"{peers.origins[0]}/users/auteur0"
    for work, uri, reach in (
        ("one status document, signed GET", made["uri"], 0.20),
        ("one actor document, signed GET", me["uri"], 0.35),
    ):
        headers = peers.sign(reader, "GET", uri, None) | {"Accept": ACTIVITY_TYPE}
        spent = await bench.repeat(500, uri.removeprefix(bench.served.origin), headers)
        bench.results.append(Result(work, spent, reach))
    path = f"/.well-known/webfinger?resource=acct:claire@{bench.served.origin[7:]}"
    spent = await bench.repeat(500, path, {"Accept": "application/jrd+json"})
    bench.results.append(Result("WebFinger", spent, 0.15))


async def post(bench: Bench) -> None:
    """A status without any remote follower."""
    count = 200
    before = bench.served.cpu_s()
    for number in range(count):
        await bench.api("POST", "/api/v1/statuses", {"status": f"{TEXT} {number}"}, bench.paul)
    spent = (bench.served.cpu_s() - before) * 1000 / count
    bench.results.append(Result("POST status, no remote follower", spent, 3.0))


async def contact(bench: Bench) -> None:
    """Follow from unknown actors until their Accept is delivered; sets the fan-out's scene."""
    # Each fleet follows somebody else: a delivery of one must not be counted with the other's.
    for author, native in ((bench.claire, False), (bench.paul, True)):
        await _fleet_follows(bench, author, native=native)


async def _fleet_follows(bench: Bench, author: str, *, native: bool) -> None:
    peers = await bench.fleet(PEERS_MANY, native=native)
    me = (await bench.me(author))["uri"]
    accepts: list[str] = []
    peers.on_post = lambda origin, document: (
        accepts.append(origin) if document["type"] == "Accept" else None
    )
    before = bench.served.cpu_s()
    for origin in peers.origins:
        follower = f"{origin}/users/lecteur"
        document = {
            "@context": AS2,
            "id": f"{follower}/follows/1",
            "type": "Follow",
            "actor": follower,
            "object": me,
        }
        assert await peers.post(follower, f"{bench.served.origin}/inbox", document) == 202
    await until(lambda: len(accepts) == PEERS_MANY)
    spent = (bench.served.cpu_s() - before) * 1000 / PEERS_MANY
    if not native:
        gets = sum(peers.asked.values()) / PEERS_MANY
        bench.results.append(Result("first contact: Follow until Accept", spent, 6.0))
        bench.results.append(Result("GETs to the peer at first contact", gets, 3, "GETs"))
    peers.on_post = None
    await _fan_out(bench, peers, author, native=native)
    await peers.stop()


async def _fan_out(bench: Bench, peers: Peers, author: str, *, native: bool) -> None:
    form, reach = ("Ed25519, own kind", 0.5) if native else ("RSA", 1.5)
    figures: list[float] = []
    for number in range(6):
        peers.arrived.clear()
        before = bench.served.cpu_s()
        body = {"status": f"{TEXT} {form} {number}", "visibility": "public"}
        await bench.api("POST", "/api/v1/statuses", body, author)
        await until(lambda: sum(peers.arrived.values()) >= PEERS_MANY)
        await asyncio.sleep(0.3)
        figures.append((bench.served.cpu_s() - before) * 1000 / PEERS_MANY)
    bench.results.append(Result(f"to {PEERS_MANY} partners, {form}, first post", figures[0], reach))
    steady = statistics.median(figures[1:])
    bench.results.append(Result(f"to {PEERS_MANY} partners, {form}, per delivery", steady, reach))


async def silence(bench: Bench) -> None:
    """What one may not see takes as long as what does not exist (a ratio, about 1)."""
    body = {"status": "pour moi", "visibility": "direct"}
    hidden = orjson.loads(await bench.api("POST", "/api/v1/statuses", body, bench.paul))
    unknown = str(int(hidden["id"]) + 1)
    times: dict[str, list[float]] = {hidden["id"]: [], unknown: []}
    headers = {"Authorization": f"Bearer {bench.claire}"}
    for _ in range(400):
        for status_id, found in times.items():
            begun = time.perf_counter()
            url = f"{bench.served.origin}/api/v1/statuses/{status_id}"
            async with bench.session.get(url, headers=headers) as answer:
                await answer.read()
                assert answer.status == 404
            found.append(time.perf_counter() - begun)
    ratio = statistics.median(times[hidden["id"]]) / statistics.median(times[unknown])
    bench.results.append(Result("time of a hidden status : of an unknown one", ratio, 1.0, "ratio"))


ROWS: dict[str, Callable[[Bench], Awaitable[None]]] = {
    "ingest": ingest,
    "home": home,
    "documents": documents,
    "post": post,
    "silence": silence,
    "contact": contact,
}
