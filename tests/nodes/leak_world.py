"""Five real nodes and an oracle: who holds a byte of what, and who is shown it.

Tilleuls and Roses are one organisation; Valmont and Glycines are partners of Tilleuls and of
each other; Lilas is a plain peer of Tilleuls, where somebody follows alice.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson

from actors.local import create_account
from federation.database import Transaction
from federation.errors import NodeError
from federation.vocabulary import ACTIVITY_TYPE
from tests.conftest import Start
from tests.nodes.partners import paired
from tests.serving import Running, eventually
from web.scopes import parse_scopes
from web.tokens import issue_token

NAMES = ("tilleuls", "roses", "valmont", "glycines", "lilas")
PEOPLE = {
    "alice": "tilleuls",
    "anne": "tilleuls",
    "gus": "tilleuls",
    "bob": "roses",
    "paul": "valmont",
    "quentin": "glycines",
    "sam": "lilas",
}
GUESTS = {"gus"}
SURFACES = (
    "/api/v1/timelines/home",
    "/api/v1/timelines/public",
    "/api/v1/timelines/public?local=true",
    "/api/v1/timelines/tag/marque",
    "/api/v1/notifications",
)
SEARCH = "/api/v2/search?type=statuses&q="


@dataclass
class Said:
    """Something marked: by whom, its uri, and the nodes whose members read it."""

    label: str
    mark: str
    uri: str
    author: str
    inside: set[str]
    readers: set[str] | None = None
    """The people who read it, where these are not all members of the nodes inside."""


@dataclass
class World:
    """The nodes by name, tokens by person, and all that was said."""

    nodes: dict[str, Running]
    tokens: dict[str, str] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)

    async def call(self, person: str, method: str, path: str, **fields: Any) -> tuple[int, Any]:
        """Ask the API of a person's node."""
        node = self.nodes[PEOPLE[person]]
        headers = {"Authorization": f"Bearer {self.tokens[person]}"}
        options: dict[str, Any] = {"json": fields} if fields else {}
        async with node.http.request(
            method, node.origin + path, headers=headers, **options
        ) as answer:
            body = await answer.read()
            return answer.status, body

    async def say(
        self, label: str, person: str, inside: set[str], to: Said | None = None, **fields: Any
    ) -> Said:
        """Post something marked; in answer to something else when `to` is given."""
        mark = f"marque{uuid4().hex}"
        if to is not None:
            await self.quiet()
            fields["in_reply_to_id"] = str(await self.local_id(to, person))
        text = f"{fields.pop('text', '')} {mark} #marque"
        status, body = await self.call(
            person, "POST", "/api/v1/statuses", status=text, spoiler_text=f"sur {mark}", **fields
        )
        assert status == 200, body
        said = Said(label, mark, orjson.loads(body)["uri"], person, inside)
        self.said.append(said)
        return said

    async def local_id(self, said: Said, person: str) -> int | None:
        """The id that something has at a person's node."""
        db = self.nodes[PEOPLE[person]].node.db
        return await db.value("SELECT id FROM status WHERE uri = ?", said.uri)

    async def quiet(self) -> None:
        """Wait until nothing is on the way between the nodes."""

        async def is_quiet() -> bool:
            for running in self.nodes.values():
                if await running.node.db.value(
                    "SELECT 1 FROM delivery WHERE progress = 'pending' UNION ALL"
                    " SELECT 1 FROM activity WHERE progress = 'pending' LIMIT 1"
                ):
                    return False
            return True

        for _ in range(2):
            await eventually(is_quiet, 20.0)


async def open_world(start_node: Start) -> World:
    """Start the nodes, let them agree, and make their people."""
    world = World({name: await start_node(name=name.title()) for name in NAMES})
    nodes = world.nodes
    for one, other in (
        *(("tilleuls", "roses"), ("tilleuls", "valmont"), ("tilleuls", "glycines")),
        ("valmont", "glycines"),
    ):
        await paired(nodes[one], nodes[other])
    for one, other in (("tilleuls", "roses"), ("roses", "tilleuls")):
        await _are_one_organisation(nodes[one], nodes[other])
    await nodes["tilleuls"].allow(nodes["lilas"])
    await nodes["lilas"].allow(nodes["tilleuls"])
    for person, name in PEOPLE.items():
        world.tokens[person] = await _person(nodes[name], person)
    await follow(world, "sam", "alice")
    return world


async def _are_one_organisation(at: Running, other: Running) -> None:
    await at.node.db.write(
        lambda tx: tx.execute("UPDATE partnership SET kind = 'site' WHERE origin = ?", other.origin)
    )


async def _person(at: Running, name: str) -> str:
    actor = await create_account(at.node, username=name, password="une phrase assez longue")

    async def work(tx: Transaction) -> str:
        account_id = await tx.value("SELECT id FROM account WHERE actor_id = ?", actor["id"])
        await tx.execute("UPDATE account SET is_guest = ? WHERE id = ?", name in GUESTS, account_id)
        scopes = parse_scopes("read write follow")
        _, token = await issue_token(
            at.node, tx, application_id=None, account_id=account_id, scopes=scopes
        )
        return token

    return await at.node.db.write(work)


async def follow(world: World, follower: str, followed: str) -> None:
    """Let one person follow another, and wait until that is so."""
    host = world.nodes[PEOPLE[followed]].origin.partition("://")[2]
    path = f"/api/v2/search?type=accounts&resolve=true&q=@{followed}@{host}"
    _, body = await world.call(follower, "GET", path)
    (account,) = orjson.loads(body)["accounts"]
    await world.call(follower, "POST", f"/api/v1/accounts/{account['id']}/follow")
    await world.quiet()


async def say_everything(world: World) -> None:
    """Say something of every kind, and answer each in every way there is."""
    org, everybody = {"tilleuls", "roses"}, {"tilleuls", "roses", "valmont", "glycines"}
    valmont = world.nodes["valmont"].origin
    bob = f"@bob@{world.nodes['roses'].origin.partition('://')[2]}"
    await world.say("site", "alice", {"tilleuls"}, visibility="local")
    followers = await world.say("followers", "alice", {"tilleuls", "lilas"}, visibility="private")
    followers.readers = {"alice", "sam"}
    named = await world.say("named", "alice", org, visibility="direct", text=bob)
    named.readers = {"alice", "bob"}
    inside = await world.say("organisation", "alice", org, audience="organisation")
    partners = await world.say("partners", "alice", everybody, audience="partners")
    one = await world.say(
        "named_partners", "alice", org | {"valmont"}, audience=f"partners:{valmont}"
    )
    for said in (inside, partners, one):
        await world.say(f"bob to {said.label}", "bob", org, said, visibility="private")
        await world.say(f"anne to {said.label}", "anne", said.inside, said, visibility="public")
    three = {"valmont", "tilleuls", "glycines"}
    await world.say("paul to partners", "paul", three, partners, visibility="private")
    await world.say("quentin to partners", "quentin", three, partners, audience="partners")
    await world.say("paul to named", "paul", {"valmont", "tilleuls"}, one, audience="partners")
    await world.quiet()


async def leaks(world: World) -> list[str]:
    """Everything that is where it must not be, and everything that is missing or twice."""
    found: list[str] = []
    for name, running in world.nodes.items():
        held = await _all_bytes(running)
        found += [
            f"{name} holds {said.label}"
            for said in world.said
            if name not in said.inside and said.mark.encode() in held
        ]
    for said in world.said:
        for name, running in world.nodes.items():
            found += await _kept_once(running, name, said)
            found += await _served(world, running, name, said)
    for person in PEOPLE:
        found += await _shown(world, person)
    return found


async def _kept_once(running: Running, name: str, said: Said) -> list[str]:
    count = await running.node.db.value(
        "SELECT COUNT(*) FROM status WHERE uri = ? OR content_html LIKE ?",
        said.uri,
        f"%{said.mark}%",
    )
    return [] if count == (name in said.inside) else [f"{name} has {said.label} {count} times"]


async def _served(world: World, asking: Running, name: str, said: Said) -> list[str]:
    """What a node gets that asks by its instance actor; its own author's node is not asked."""
    if name == PEOPLE[said.author]:
        return []
    try:
        answer = await asking.node.client.get(
            said.uri,
            headers={"Accept": ACTIVITY_TYPE},
            sign=asking.node.keyring.signer(asking.node.uris.instance_actor),
        )
    except NodeError:
        return []
    shown = said.mark.encode() in answer.body
    return [f"{name} is served {said.label}"] if shown and name not in said.inside else []


async def _shown(world: World, person: str) -> list[str]:
    """What a person finds that she must not, and what she does not find."""
    name, found = PEOPLE[person], list[str]()
    pages = b"".join([(await world.call(person, "GET", path))[1] for path in SURFACES])
    for said in world.said:
        may_read = name in said.inside and person not in GUESTS
        if said.readers is not None:
            may_read = person in said.readers
        status_id, mark = await world.local_id(said, person), said.mark.encode()
        seen, itself = mark in pages, False
        paths = [f"{SEARCH}{said.mark}"]
        if status_id is not None:
            path = f"/api/v1/statuses/{status_id}"
            itself = mark in (await world.call(person, "GET", path))[1]
            paths += [f"{path}/context", f"{path}/history"]
        for path in [] if itself else paths:
            seen = seen or mark in (await world.call(person, "GET", path))[1]
        if may_read and not itself:
            found.append(f"{person} misses {said.label}")
        if (itself or seen) and not may_read:
            found.append(f"{person} is shown {said.label}")
    return found


async def _all_bytes(running: Running) -> bytes:
    """All that a node keeps: every value of every table, and every file of its folder."""
    db = running.node.db
    tables = await db.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if running.node.db.dialect == "sqlite"
        else "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    )
    parts: list[bytes] = []
    for table in tables:
        for row in await db.rows(f'SELECT * FROM "{table["name"]}"'):
            values = dict(row).values()
            parts += [v if isinstance(v, bytes) else str(v).encode() for v in values]
    if db.dialect == "sqlite":
        folder = Path((await db.rows("PRAGMA database_list"))[0]["file"]).parent
        parts += [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return b"\0".join(parts)
