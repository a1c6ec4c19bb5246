"""The node's own pages as each person gets them, and the copy of all that is hers."""

import asyncio
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

from actors.queries import account_of_actor
from federation.database import Transaction
from inbox.export_archive import write_archive
from tests.leaks.marks import TAG
from tests.leaks.model import Said, Someone
from tests.leaks.world import World
from tests.nodes.sites import Got
from web.tokens import digest

PAGES = (
    "/",
    "/?view=site",
    "/?view=organisation",
    "/?view=partners",
    "/notifications",
    "/conversations",
    "/bookmarks",
    "/favourites",
    f"/tags/{TAG}",
    f"/search?q={TAG}",
)
SESSION_MS = 3_600_000
Shown = tuple[str, bytes]


async def page(world: World, person: Someone, path: str) -> Got:
    """A page as a browser gets it in which she is signed in."""
    node = world.site_of(person).node
    token = f"browser-of-{person.name}"
    actor_id = await world.actor_id(person, person.site)
    assert actor_id is not None
    account = await account_of_actor(node.db, actor_id)
    assert account is not None

    async def sign_in(tx: Transaction) -> None:
        # Where the node was put back as it was, it has forgotten her browser.
        await tx.execute(
            "INSERT INTO session (token_hash, account_id, created_at, expires_at, device, method,"
            " is_shared) VALUES (?, ?, ?, ?, '', 'password', ?) ON CONFLICT DO NOTHING",
            digest(token),
            account["id"],
            node.clock(),
            node.clock() + SESSION_MS,
            False,
        )

    await node.db.write(sign_in)
    port = node.origin.rpartition(":")[2]
    headers = {"Accept": "text/html", "Cookie": f"maillage-session-{port}={token}"}
    return await world.site_of(person).ask("GET", path, headers)


async def pages_of(world: World, person: Someone) -> AsyncIterator[Shown]:
    """The lists that the pages have for her."""
    for path in PAGES:
        got = await page(world, person, path)
        assert got.status == 200, (person.name, path, got.status)
        yield f"page {path}", got.body


async def page_of(world: World, person: Someone, said: Said) -> bytes:
    """The page of one object, under the address that it has for its author's own readers."""
    status_id = await world.local_id(said, person.site)
    host = "" if said.home == person.site else f"@{world.origin(said.home).partition('://')[2]}"
    return (await page(world, person, f"/@{said.author.name}{host}/{status_id}")).body


async def copy_of(world: World, person: Someone, path: Path) -> AsyncIterator[Shown]:
    """Every file of the copy that she can take with her; `path` is where it is written."""

    async def beat() -> None: ...

    actor_id = await world.actor_id(person, person.site)
    assert actor_id is not None
    await write_archive(world.site_of(person).node, actor_id, path, beat)
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield f"copy {name}", archive.read(name)
    await asyncio.to_thread(path.unlink)
