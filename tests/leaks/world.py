"""Six real nodes and a plain peer, their people at their clients, and the model beside them.

Tilleuls and Roses are one organisation, Valmont and Glycines another; Lilas is a partner alone,
Ortie a stranger. At the plain peer somebody follows alice.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import orjson
import pytest
import structlog

from actors.local import create_account
from federation.database import Transaction
from federation.peers import allow
from federation.scopes import Scope
from inbox import organisation, pairing
from tests.leaks.devices import Devices
from tests.leaks.marks import marks_in
from tests.leaks.model import PEER, SITES, Link, Model, Said, Someone
from tests.leaks.nodes import Home, Site
from tests.leaks.recorder import Told, recording
from tests.nodes import ports
from tests.nodes.organisations import joined
from tests.nodes.partner import Partner
from tests.nodes.partners import BY, invited, state_of
from tests.nodes.sites import Got
from tests.postgres_cluster import Cluster
from tests.serving import eventually
from web.app import build_app
from web.scopes import parse_scopes
from web.tokens import issue_token

ORGANISATIONS = (("tilleuls", "roses"), ("valmont", "glycines"))
PARTNERS = (("tilleuls", "valmont"), ("tilleuls", "lilas"), ("roses", "valmont"),
            ("valmont", "lilas"))  # fmt: skip
PEOPLE = (
    *(Someone(name, "tilleuls") for name in ("alice", "anne")),
    Someone("gus", "tilleuls", is_guest=True),
    *(Someone(name, "roses") for name in ("bob", "bea")),
    *(Someone(name, "valmont") for name in ("paul", "perle")),
    Someone("quentin", "glycines"),
    *(Someone(name, "lilas") for name in ("lila", "luc")),
    Someone("oscar", "ortie"),
)
ZOE = Someone("zoe", PEER)
FOLLOWS = (("bob", "alice"), ("anne", "bob"), ("paul", "alice"), ("quentin", "paul"),
           ("lila", "alice"), ("alice", "paul"), ("bea", "bob"), ("gus", "alice"))  # fmt: skip
WIDE = Scope(follow="free", messages="anyone", resharing="site")
IMPATIENCE_S = 8.0
PATIENCE_S = 40.0


class LeakError(AssertionError):
    """Somebody got what is not for her, or did not get what is."""


@dataclass
class World:
    """Everything there is, while it runs."""

    folder: Path
    chance: Random
    sites: dict[str, Site]
    peer: Partner
    model: Model
    tokens: dict[str, str]
    told: Told = field(default_factory=Told)
    apps: dict[str, Any] = field(default_factory=dict[str, Any])
    devices: Devices = field(default_factory=Devices)
    log: list[Any] = field(default_factory=list[Any])
    copies: dict[str, Any] = field(default_factory=dict[str, Any])
    hours: int = 0
    """How often an hour had to pass before the network was calm."""
    steps: list[str] = field(default_factory=list[str])

    # Names --------------------------------------------------------------------------------------

    def site_of(self, person: Someone) -> Site:
        return self.sites[person.site]

    def origin(self, name: str) -> str:
        return self.peer.origin if name == PEER else self.sites[name].origin

    def name_of(self, origin: str) -> str:
        """The name of the site at an origin; empty for none of ours."""
        return next((n for n in (*self.sites, PEER) if self.origin(n) == origin), "")

    def handle(self, person: Someone) -> str:
        return f"@{person.name}@{self.origin(person.site).partition('://')[2]}"

    def person(self, name: str) -> Someone:
        return next(one for one in (*PEOPLE, ZOE) if one.name == name)

    # Asking -------------------------------------------------------------------------------------

    async def call(self, person: Someone, method: str, path: str, **fields: Any) -> Got:
        """Ask the API of a person's node as her client does."""
        headers = {"Authorization": f"Bearer {self.tokens[person.name]}"}
        body = b""
        if fields:
            headers["Content-Type"] = "application/json"
            body = orjson.dumps(fields)
        return await self.site_of(person).ask(method, path, headers, body)

    async def local_id(self, said: Said, site: str) -> int | None:
        """The id of an object at a node; None where it is not held."""
        db = self.sites[site].node.db
        return await db.value("SELECT id FROM status WHERE uri = ?", said.uri)

    async def actor_id(self, person: Someone, site: str) -> int | None:
        """The id of a person at a node."""
        db = self.sites[site].node.db
        return await db.value(
            "SELECT id FROM actor WHERE username = ? AND origin = ?",
            person.name,
            self.origin(person.site),
        )

    # Time ---------------------------------------------------------------------------------------

    async def calm(self) -> None:
        """Wait until nothing moves between the nodes, but for what waits for the end of a pause.

        A lane may have been asked to wait for an hour: after some seconds that time is over.
        """
        for _ in range(2):
            try:
                await eventually(self.is_calm, IMPATIENCE_S)
            except AssertionError:
                self.hours += 1
                await eventually(self._is_calm_later, PATIENCE_S)

    async def _is_calm_later(self) -> bool:
        await self.waits_are_over()
        await asyncio.sleep(0.1)
        return await self.is_calm()

    async def waits_are_over(self) -> None:
        """Let the time be over for which lanes were asked to wait."""
        sql = "UPDATE peer SET next_attempt_at = ? WHERE note = 'asked_to_wait'"
        for site in self.sites.values():
            now = site.node.clock()
            await site.node.db.write(lambda tx, now=now: tx.execute(sql, now))
            site.node.delivery_wake.set()

    async def is_calm(self) -> bool:
        """Whether nothing moves now that could."""
        for name, site in self.sites.items():
            db = site.node.db
            # What could not be fetched during a pause is asked for again much later.
            if await db.value(
                "SELECT 1 FROM activity WHERE progress = 'pending'"
                " AND (attempts = 0 OR next_attempt_at <= ?) LIMIT 1",
                site.node.clock(),
            ):
                return False
            for row in await db.rows(
                "SELECT origin, COUNT(*) AS n FROM delivery WHERE progress = 'pending'"
                " AND NOT parked GROUP BY origin"
            ):
                if self.model.is_open(name, self.name_of(row["origin"])):
                    return False
            for row in await db.rows(
                "SELECT a.origin FROM backfill b JOIN actor a ON a.id = b.actor_id"
                " WHERE b.done_at IS NULL AND b.attempts = 0"
            ):
                if self.model.is_open(name, self.name_of(row["origin"])):
                    return False
        return True

    # Nodes --------------------------------------------------------------------------------------

    async def start(self, name: str) -> None:
        site = self.sites[name]
        await site.start(self.apps)
        for person in PEOPLE:
            if person.site == name:
                await self.devices.listen(site, person, self.tokens[person.name])

    async def stop(self, name: str) -> None:
        for person in PEOPLE:
            if person.site == name:
                await self.devices.hang_up(person)
        await self.sites[name].stop()

    def logged(self) -> set[str]:
        """The marks in what the nodes have logged."""
        return marks_in(repr(self.log).encode())


@dataclass(frozen=True)
class Plan:
    """What every copy of the world has in common."""

    folder: Path
    homes: dict[str, Home]
    ports: dict[str, int]
    tokens: dict[str, str]
    rsa: Any


def first_model() -> Model:
    """The world as the plan leaves it."""
    model = Model([*PEOPLE, ZOE])
    for pair in ORGANISATIONS:
        model.links[frozenset(pair)] = Link("site")
    for pair in PARTNERS:
        model.links[frozenset(pair)] = Link("partner")
    model.by_hand.add(frozenset(("tilleuls", PEER)))
    people = {one.name: one for one in (*PEOPLE, ZOE)}
    model.follows = {(people[one], people[other]) for one, other in (*FOLLOWS, ("zoe", "alice"))}
    return model


async def make_plan(folder: Path, cluster: Cluster | None, rsa: Any) -> Plan:
    """Make the nodes with their people, agreements and follows; then stop them."""
    names: tuple[str, ...] = (*SITES, PEER)
    chosen: dict[str, int] = dict(zip(names, ports.take(len(names)), strict=True))
    homes = {name: Home(folder / name, cluster) for name in SITES}
    for home in homes.values():
        await home.make()
    plan = Plan(folder, homes, chosen, {}, rsa)
    async with _open(plan, homes, folder, Random(0), greeting=False) as world:
        for person in PEOPLE:
            world.tokens[person.name] = plan.tokens[person.name] = await _make_person(world, person)
        await _agree(world)
        for one, other in FOLLOWS:
            await follow(world, world.person(one), world.person(other))
        await peer_follows(world)
        await world.calm()
    return plan


async def _make_person(world: World, person: Someone) -> str:
    node = world.site_of(person).node
    actor = await create_account(node, username=person.name, password="une phrase assez longue")

    async def work(tx: Transaction) -> str:
        account_id = await tx.value("SELECT id FROM account WHERE actor_id = ?", actor["id"])
        await tx.execute(
            "UPDATE account SET is_guest = ? WHERE id = ?", person.is_guest, account_id
        )
        scopes = parse_scopes("read write follow push")
        _, token = await issue_token(
            node, tx, application_id=None, account_id=account_id, scopes=scopes
        )
        return token

    return await node.db.write(work)


async def _agree(world: World) -> None:
    for one, other in ORGANISATIONS:
        lead = world.sites[one].at
        await organisation.create(lead.node, f"Autour de {one}", BY)
        await joined(lead, world.sites[other].at)
    for one, other in PARTNERS:
        await agree(world, one, other)
    node = world.sites["tilleuls"].node
    await node.db.write(lambda tx: allow(tx, world.peer.origin, node.clock()))


async def agree(world: World, one: str, other: str) -> None:
    """Let two sites agree, granting each other much."""
    here, there = world.sites[one].at, world.sites[other].at
    code = await invited(here, there.origin, WIDE)
    await pairing.offer(there.node, code, WIDE, WIDE, BY)
    await pairing.confirm(here.node, there.origin, BY)

    async def both_know() -> bool:
        await world.waits_are_over()
        return await state_of(there, here) == "active"

    await eventually(both_know, PATIENCE_S)


async def follow(world: World, one: Someone, other: Someone) -> bool:
    """Let one person follow another, who accepts; whether it came to that."""
    path = f"/api/v2/search?type=accounts&resolve=true&q={world.handle(other)}"
    found = orjson.loads((await world.call(one, "GET", path)).body)["accounts"]
    if not found:
        return False
    account_id = found[0]["id"]
    got = await world.call(one, "POST", f"/api/v1/accounts/{account_id}/follow")
    if got.status != 200:
        return False
    await world.calm()
    waiting = orjson.loads((await world.call(other, "GET", "/api/v1/follow_requests")).body)
    for asking in waiting:
        await world.call(other, "POST", f"/api/v1/follow_requests/{asking['id']}/authorize")
    await world.calm()
    return await is_following(world, one, other)


async def is_following(world: World, one: Someone, other: Someone) -> bool:
    """Whether one person follows another, as her own node says."""
    account_id = await world.actor_id(other, one.site)
    path = f"/api/v1/accounts/relationships?id[]={account_id}"
    found = orjson.loads((await world.call(one, "GET", path)).body) if account_id else []
    return any(relation["following"] for relation in found)


async def see_follows(world: World, *sites: str) -> None:
    """Learn who follows whom between two sites after one of them was put back as it was.

    Where nothing passes between them, who was put back goes on with what it has: that is what
    what is said there meanwhile is addressed by, until both have compared.
    """
    model = world.model
    for one in PEOPLE:
        for other in PEOPLE:
            if {one.site, other.site} != set(sites):
                continue
            if model.is_open(one.site, other.site):
                follows = await is_following(world, one, other)
            else:
                follows = await _has_follower(world, one, other)
            (model.follows.add if follows else model.follows.discard)((one, other))


async def _has_follower(world: World, one: Someone, other: Someone) -> bool:
    """Whether one person follows another, as the other's node says."""
    found = await world.site_of(other).node.db.value(
        "SELECT 1 FROM follow WHERE follower_id = ? AND target_id = ? AND state = 'accepted'",
        await world.actor_id(one, other.site),
        await world.actor_id(other, other.site),
    )
    return found is not None


async def peer_follows(world: World) -> None:
    """Let zoe of the plain peer follow alice."""
    site = world.sites["tilleuls"]
    alice = await site.node.db.value("SELECT uri FROM actor WHERE username = 'alice'")
    activity = world.peer.activity("zoe", "Follow", alice)
    assert (await world.peer.post(site, activity)).status == 202  # type: ignore[arg-type]


@asynccontextmanager
async def opened(plan: Plan, folder: Path, chance: Random) -> AsyncGenerator[World]:
    """A copy of the plan's world in `folder`, running."""
    homes: dict[str, Home] = {}
    for name, home in plan.homes.items():
        homes[name] = await home.copy_to(folder / name)
    async with _open(plan, homes, folder, chance) as world:
        yield world


@asynccontextmanager
async def _open(
    plan: Plan, homes: dict[str, Home], folder: Path, chance: Random, *, greeting: bool = True
) -> AsyncGenerator[World]:
    sites = {name: Site(name, plan.ports[name], homes[name]) for name in SITES}
    peer = Partner(plan.ports[PEER], plan.rsa)
    # Numbers in its addresses are not those of another copy of this world.
    world = World(folder, chance, sites, peer, first_model(), dict(plan.tokens))
    build = recording(build_app, world.told)

    def built(node: Any) -> Any:
        world.apps[node.origin] = build(node)
        return world.apps[node.origin]

    await peer.door.open()
    with pytest.MonkeyPatch.context() as patch, structlog.testing.capture_logs() as log:
        patch.setattr("maillage.serve.build_app", built)
        world.log = log
        async with world.devices.ready():
            try:
                for name in SITES:
                    await (world.start(name) if greeting else sites[name].start(world.apps))
                yield world
            finally:
                await asyncio.gather(*(world.stop(n) for n, s in sites.items() if s.running))
                await peer.door.close()


def fresh_folder(world: World) -> Path:
    """A place for one more copy of a node."""
    return world.folder / uuid4().hex
