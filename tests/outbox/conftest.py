"""People of this node and of two others, without any network: rows only."""

from collections.abc import Awaitable, Callable

import pytest

from actors import follows
from actors.local import create_account
from actors.queries import account_of_actor
from federation.database import Row, Transaction
from federation.node import Node
from federation.peers import allow
from tests.agreements import agree

ROSES = "https://roses.example"
VALMONT = "https://valmont.example"
GLYCINES = "https://glycines.example"

Person = tuple[Row, int]
MakePerson = Callable[[str], Awaitable[Person]]
MakeRemote = Callable[..., Awaitable[Row]]


@pytest.fixture
def person(node: Node) -> MakePerson:
    """Make a local person: (actor row, account id)."""

    async def make(username: str) -> Person:
        actor = await create_account(node, username=username, password="assez long pour ici")
        account = await account_of_actor(node.db, actor["id"])
        assert account is not None
        return actor, account["id"]

    return make


@pytest.fixture
def remote(node: Node) -> MakeRemote:
    """Insert a person of another origin, an allowed peer."""

    async def make(username: str, origin: str = ROSES, *, follows_actor: Row | None = None) -> Row:
        uri = f"{origin}/users/{username}"

        async def work(tx: Transaction) -> Row:
            await allow(tx, origin, node.clock())
            await tx.execute(
                "INSERT INTO actor (id, uri, type, origin, is_local, username, handle_host, url,"
                " inbox_url, shared_inbox_url, followers_url, created_at, updated_at)"
                " VALUES (?, ?, 'Person', ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
                node.ids.next(),
                uri,
                origin,
                False,
                username,
                origin.partition("://")[2],
                f"{origin}/@{username}",
                f"{uri}/inbox",
                f"{origin}/inbox",
                f"{uri}/followers",
            )
            row = await tx.row("SELECT * FROM actor WHERE uri = ?", uri)
            assert row is not None
            if follows_actor is not None:
                await follows.ask(node, tx, row, follows_actor, f"{uri}/follows/1", "accepted")
            return row

        return await node.db.write(work)

    return make


@pytest.fixture
async def partners(node: Node, remote: MakeRemote) -> dict[str, Row]:
    """Roses is of our organisation, Valmont a partner; Glycines a plain peer."""
    people = {
        origin: await remote(name, origin)
        for name, origin in (("rose", ROSES), ("val", VALMONT), ("gly", GLYCINES))
    }

    async def work(tx: Transaction) -> None:
        await agree(tx, ROSES, kind="site", gives_audiences=False, takes_audiences=False)
        await agree(tx, VALMONT)

    await node.db.write(work)
    return people
