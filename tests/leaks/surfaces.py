"""Everything by which somebody can read, asked as everybody: each answer is searched for marks."""

from collections.abc import AsyncIterator
from typing import Any

import orjson

from federation.vocabulary import ACTIVITY_TYPE
from tests.leaks.marks import TAG
from tests.leaks.model import PEER, SITES, Said, Someone
from tests.leaks.nodes import Site
from tests.leaks.world import PEOPLE, World
from tests.nodes.sites import Got
from web.capabilities import Grants

LISTS = (
    "/api/v1/timelines/home?limit=40",
    "/api/v1/timelines/public?limit=40",
    "/api/v1/timelines/public?local=true&limit=40",
    "/api/v1/timelines/public?remote=true&limit=40",
    f"/api/v1/timelines/tag/{TAG}?limit=40",
    "/api/v1/notifications?limit=40",
    "/api/v2/notifications?limit=40",
    "/api/v1/conversations?limit=40",
    "/api/v1/bookmarks?limit=40",
    "/api/v1/favourites?limit=40",
    "/api/v1/trends/statuses?limit=40",
    f"/api/v2/search?q={TAG}&limit=40",
)
OPEN_LISTS = (
    "/api/v1/timelines/public?limit=40",
    f"/api/v1/timelines/tag/{TAG}?limit=40",
    "/api/v1/trends/statuses",
)
Shown = tuple[str, bytes]
"""A surface by name, and what it showed."""


def top_of(said: Said) -> Said:
    """The beginning of a thread."""
    while said.parent is not None:
        said = said.parent
    return said


async def of_person(world: World, person: Someone, said: Said) -> AsyncIterator[Shown]:
    """What a person is shown of one object, wherever she looks for it."""
    got = await world.call(person, "GET", f"/api/v2/search?type=statuses&q={said.marks[-1].word}")
    yield "search", got.body
    status_id = await world.local_id(said, person.site)
    if status_id is None:
        return
    path = f"/api/v1/statuses/{status_id}"
    yield "itself", (await world.call(person, "GET", path)).body
    if len(said.marks) > 1:
        yield "history", (await world.call(person, "GET", f"{path}/history")).body
    top = top_of(said)
    if top is not said:
        top_id = await world.local_id(top, person.site)
        if top_id is not None:
            got = await world.call(person, "GET", f"/api/v1/statuses/{top_id}/context")
            yield "context", got.body
    else:
        yield "context", (await world.call(person, "GET", f"{path}/context")).body
    if said.has_poll:
        yield "poll", (await world.call(person, "GET", f"/api/v1/polls/{status_id}")).body


async def lists_of(world: World, person: Someone) -> AsyncIterator[Shown]:
    """Every list that a person has."""
    for path in LISTS:
        yield path, (await world.call(person, "GET", path)).body
    db = world.site_of(person).node.db
    rows = await db.rows("SELECT DISTINCT actor_id FROM status ORDER BY actor_id")
    for row in rows:
        path = f"/api/v1/accounts/{row['actor_id']}/statuses?limit=40"
        yield "account", (await world.call(person, "GET", path)).body


async def of_nobody(site: Site, said: Said, status_id: int | None) -> AsyncIterator[Shown]:
    """What somebody is shown who is not signed in, nor signs."""
    if site.origin == said.uri.partition("/notes/")[0]:
        target = said.uri.removeprefix(site.origin)
        yield "object unsigned", (await site.ask("GET", target, {"Accept": ACTIVITY_TYPE})).body
        yield "page unsigned", (await site.ask("GET", target, {"Accept": "text/html"})).body
    if status_id is not None:
        path = f"/api/v1/statuses/{status_id}"
        yield "status", (await site.ask("GET", path, {})).body
        yield "context", (await site.ask("GET", f"{path}/context", {})).body


async def lists_of_nobody(site: Site) -> AsyncIterator[Shown]:
    """Lists as they are for somebody who is not signed in."""
    for path in OPEN_LISTS:
        yield path, (await site.ask("GET", path, {})).body


async def read_by(world: World, name: str, target_url: str) -> Got:
    """A GET signed by the instance actor of a site; at the plain peer by its person."""
    origin = "/".join(target_url.split("/")[:3])
    site = world.sites[world.name_of(origin)]
    target = target_url.removeprefix(origin)
    if name == PEER:
        headers = world.peer.sign("zoe", "GET", target_url)
    else:
        node = world.sites[name].node
        headers = await node.keyring.sign_as(
            "ed25519", node.uris.instance_actor, "GET", target_url, None
        )
    return await site.ask("GET", target, {"Accept": ACTIVITY_TYPE, **headers})


async def of_origins(world: World, said: Said) -> AsyncIterator[tuple[str, Shown]]:
    """What each site is served of one object that asks for it: the object, and its file."""
    for name in (*SITES, PEER):
        if said.home in (name, PEER):
            continue
        yield name, ("object", (await read_by(world, name, said.uri)).body)
        if said.file_name:
            url = f"{said.file_name.partition('?')[0]}"
            yield name, ("file", (await read_by(world, name, url)).body)


async def outboxes(world: World) -> AsyncIterator[tuple[str, str, Shown]]:
    """What each site is served of the outbox of each author: who, of which site."""
    for person in PEOPLE:
        actor_uri = await world.site_of(person).node.db.value(
            "SELECT uri FROM actor WHERE username = ? AND is_local", person.name
        )
        for name in (*SITES, PEER):
            if name != person.site:
                for url in (f"{actor_uri}/outbox", f"{actor_uri}/outbox?page=true"):
                    got = await read_by(world, name, url)
                    yield name, person.name, ("outbox", got.body)
        site = world.site_of(person)
        target = f"{actor_uri.removeprefix(site.origin)}/outbox?page=true"
        got = await site.ask("GET", target, {"Accept": ACTIVITY_TYPE})
        yield "", person.name, ("outbox", got.body)


async def files(world: World, said: Said) -> AsyncIterator[tuple[Someone | None, Shown]]:
    """The file of an object, asked for by everybody where it can be asked for."""
    for name, site in world.sites.items():
        path = await _file_path(world, said, site)
        if path is None:
            continue
        yield None, ("file", (await site.ask("GET", path, {})).body)
        for person in PEOPLE:
            if person.site == name:
                grant = await _grant(site, person, path)
                got = await site.ask("GET", f"{path}?grant={grant}", {})
                yield person, ("file", got.body)


async def _file_path(world: World, said: Said, site: Site) -> str | None:
    """Where the file of an object is found at a node: what a reader there was told."""
    if site.name == said.home:
        return said.file_name.partition("?")[0].removeprefix(site.origin)
    status_id = await world.local_id(said, site.name)
    if status_id is None:
        return None
    for person in PEOPLE:
        if person.site == site.name and world.model.may_read(person, said):
            got = await world.call(person, "GET", f"/api/v1/statuses/{status_id}")
            if got.status == 200 and (shown := orjson.loads(got.body)["media_attachments"]):
                url: str = shown[0]["url"]
                return url.partition("?")[0].removeprefix(site.origin)
    return None


async def _grant(site: Site, person: Someone, path: str) -> str:
    """A capability of a person for a path, as her client is given one for what she may see."""
    row: Any = await site.node.db.row(
        "SELECT t.id, t.account_id FROM access_token t JOIN account a ON a.id = t.account_id"
        " JOIN actor ON actor.id = a.actor_id WHERE actor.username = ?",
        person.name,
    )
    return Grants(site.node, row["account_id"], row["id"]).grant(path)
