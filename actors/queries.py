"""Reading actors and accounts: every look-up by which other packages find one.

Rows are whole. `by_uri` and `by_id` also return what was deleted (`deleted_at`), since a
deleted thing has an answer of its own; all others return only what is there.
A text that no row can hold (NUL, half a surrogate pair) finds nothing instead of failing.
"""

from collections.abc import Iterable

from federation.database import Reader, Row, marks
from federation.errors import NotFound, describe
from federation.node import Node

describe({"actor.not_found": "There is no such actor here."})


async def by_uri(reader: Reader, uri: str) -> Row | None:
    """Return the actor with this id, deleted ones included."""
    if not uri.isprintable():
        return None
    return await reader.row("SELECT actor.* FROM actor WHERE uri = ?", uri)


async def by_id(reader: Reader, actor_id: int) -> Row | None:
    """Return the actor with our number for it, deleted ones included."""
    return await reader.row("SELECT actor.* FROM actor WHERE id = ?", actor_id)


async def get_by_id(reader: Reader, actor_id: int) -> Row:
    """Return the actor with our number for it, or raise NotFound."""
    row = await by_id(reader, actor_id)
    if row is None:
        raise NotFound("actor.not_found")
    return row


async def by_ids(reader: Reader, ids: Iterable[int]) -> dict[int, Row]:
    """Return the actors with these numbers, by number; what is unknown is left out."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    sql = f"SELECT actor.* FROM actor WHERE id IN ({marks(wanted)})"
    return {row["id"]: row for row in await reader.rows(sql, *wanted)}


async def by_uris(reader: Reader, uris: Iterable[str]) -> dict[str, Row]:
    """Return the actors with these ids, by id; unknown and deleted ones are left out."""
    wanted = [uri for uri in dict.fromkeys(uris) if uri.isprintable()]
    if not wanted:
        return {}
    sql = f"SELECT actor.* FROM actor WHERE uri IN ({marks(wanted)}) AND deleted_at IS NULL"
    return {row["uri"]: row for row in await reader.rows(sql, *wanted)}


async def by_handle(reader: Reader, username: str, host: str) -> Row | None:
    """Return the actor called username@host, without regard to case."""
    if not (username + host).isprintable():
        return None
    return await reader.row(
        "SELECT actor.* FROM actor"
        " WHERE lower(username) = ? AND handle_host = ? AND deleted_at IS NULL",
        username.lower(),
        host.lower(),
    )


async def local_by_username(node: Node, reader: Reader, username: str) -> Row | None:
    """Return the actor of this node with that name, without regard to case."""
    row = await by_handle(reader, username, node.host)
    return row if row is not None and row["is_local"] else None


async def account_by_id(reader: Reader, account_id: int) -> Row | None:
    """Return an account, disabled ones included."""
    return await reader.row("SELECT account.* FROM account WHERE id = ?", account_id)


async def account_of_actor(reader: Reader, actor_id: int) -> Row | None:
    """Return the account that speaks as an actor, if it is a person of this node."""
    return await reader.row("SELECT account.* FROM account WHERE actor_id = ?", actor_id)


async def account_by_login(reader: Reader, login: str) -> Row | None:
    """Return the account with this e-mail address or username; disabled ones included."""
    given = login.strip().removeprefix("@").lower()
    if not given.isprintable():
        return None
    if "@" in given:
        return await reader.row("SELECT account.* FROM account WHERE lower(email) = ?", given)
    return await reader.row(
        "SELECT account.* FROM account JOIN actor ON actor.id = account.actor_id"
        " WHERE lower(actor.username) = ? AND actor.is_local",
        given,
    )


async def tombstone(reader: Reader, uri: str) -> Row | None:
    """Return the record of what was deleted under this id."""
    if not uri.isprintable():
        return None
    return await reader.row("SELECT tombstone.* FROM tombstone WHERE uri = ?", uri)
