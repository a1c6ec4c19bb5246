"""Actors of other origins: found, refreshed when stale, and never anybody but themselves.

An actor is its id; its origin never changes. What its own origin serves under that id is
believed about it, its handle only when WebFinger says the same from the other side.
"""

from actors import queries
from actors.deletion import mark_deleted
from actors.received import USERNAME, ActorFields, read_actor
from actors.storing import refresh_keys, upsert_actor
from federation.client import Signer
from federation.client_errors import ClientError
from federation.database import Row, Transaction
from federation.errors import (
    Gone,
    Malformed,
    NodeError,
    NotFound,
    Refused,
    Stranger,
    Unavailable,
    describe,
)
from federation.fetch import FetchBudget, fetch_document
from federation.node import Node
from federation.origins import authority_of, origin_of
from federation.peers import admits
from federation.vocabulary import Document
from federation.webfinger import Found, Handle, lookup, parse_handle, verify_handle

__all__ = [
    "ensure_actor",
    "find_by_handle",
    "find_by_url",
    "mark_deleted",
    "refresh_keys",
    "upsert_actor",
]

describe(
    {
        "actor.not_here": "There is no actor {uri} on this node.",
        "actor.other_id": "{uri} is called {came} by its own server; use that id.",
        "peer.not_admitted": "{origin} is not among the partners of this node.",
    }
)

FRESH_MS = 24 * 3_600_000
# A server that does not answer now is asked again in an hour, not at each activity.
RETRY_MS = 3_600_000


async def ensure_actor(node: Node, uri: str, *, budget: FetchBudget, refresh: bool = False) -> Row:
    """Return the actor with exactly this id, fetched when unknown, stale or `refresh` is asked.

    Ours and suspended ones are returned as they are stored. A stale one whose server does not
    answer well is returned as it is stored, unless `refresh`. Raises Gone for a deleted one,
    Refused for an origin not admitted, NotFound, Malformed, Unavailable or ClientError.
    """
    stored = await queries.by_uri(node.db, uri)
    if stored is not None:
        if stored["deleted_at"] is not None:
            raise Gone("actor.deleted", uri=uri)
        if stored["is_local"] or stored["suspended_at"] is not None:
            return stored
        if not refresh and _is_fresh(node, stored):
            return stored
    elif await queries.tombstone(node.db, uri) is not None:
        raise Gone("actor.deleted", uri=uri)
    try:
        return await _fetch(node, uri, stored, budget, refresh=refresh)
    except (Gone, NotFound):
        raise
    except NodeError as error:
        if stored is None or refresh:
            raise
        return await _keep(node, stored, error)


async def find_by_handle(
    node: Node, acct: str, *, budget: FetchBudget | None = None, refresh: bool = False
) -> Row | None:
    """Return the actor called `user@host` (`@` before it or not), looked up when unknown.

    None when nobody is called so; raises Malformed for what is no handle, and as
    `ensure_actor`. A handle without another host than ours never leaves the node.
    """
    handle = parse_handle(acct)
    stored = await queries.by_handle(node.db, handle.username, handle.host)
    if handle.host == node.host:
        return stored
    budget = budget or FetchBudget()
    try:
        if stored is not None:
            return await ensure_actor(node, stored["uri"], budget=budget, refresh=refresh)
        await require_admitted(node, node.client.origin_at(handle.host))
        budget.spend(str(handle))
        found = await lookup(node.client, str(handle), sign=_signer(node))
        known = await queries.by_uri(node.db, found.actor_uri)
        if known is None and await queries.tombstone(node.db, found.actor_uri) is None:
            return await _fetch(node, found.actor_uri, None, budget, found=found)
        return await ensure_actor(node, found.actor_uri, budget=budget, refresh=known is not None)
    except (NotFound, Gone):
        return None


async def find_by_url(node: Node, url: str, *, budget: FetchBudget) -> Row:
    """Return the actor whose id or page is `url`, as a person pastes it; raises as above."""
    stored = await queries.by_uri(node.db, url) or await node.db.row(
        "SELECT actor.* FROM actor WHERE url = ? AND is_local AND deleted_at IS NULL", url
    )
    if stored is not None:
        return await ensure_actor(node, stored["uri"], budget=budget)
    origin = await _askable(node, url)
    document = await fetch_document(node.client, url, sign=_signer(node), budget=budget)
    fields = read_actor(document)
    if fields.origin != origin:
        raise Refused("actor.other_id", uri=url, came=fields.uri)
    if await queries.by_uri(node.db, fields.uri) or await queries.tombstone(node.db, fields.uri):
        return await ensure_actor(node, fields.uri, budget=budget)
    return await _store(
        node, fields, document, await _confirmed(node, fields, document, None, budget)
    )


async def require_admitted(node: Node, origin: str) -> None:
    """Raise Refused unless the node exchanges with this origin."""
    admission = await admits(node.db, node.is_closed, origin)
    if admission == "blocked":
        raise Refused("peer.blocked", origin=origin)
    if admission != "admitted":
        raise Stranger("peer.not_admitted", origin=origin)


async def _fetch(
    node: Node,
    uri: str,
    stored: Row | None,
    budget: FetchBudget,
    *,
    refresh: bool = False,
    found: Found | None = None,
) -> Row:
    await _askable(node, uri)
    # The key of a first activity came with its owner's document a moment ago.
    document = None if refresh else node.keyring.fetched_document(uri)
    if document is None:
        document = await fetch_document(node.client, uri, sign=_signer(node), budget=budget)
    fields = read_actor(document)
    if fields.uri != uri:
        raise Refused("actor.other_id", uri=uri, came=fields.uri)
    if found is not None and found.subject == fields.claimed:
        return await _store(node, fields, document, found.subject)
    return await _store(
        node, fields, document, await _confirmed(node, fields, document, stored, budget)
    )


async def _store(node: Node, fields: ActorFields, document: Document, handle: Handle | None) -> Row:
    row = await node.db.write(
        lambda tx: upsert_actor(node, tx, fields, handle=handle, fetched=True)
    )
    await refresh_keys(node, document)
    return row


async def _confirmed(
    node: Node, fields: ActorFields, document: Document, stored: Row | None, budget: FetchBudget
) -> Handle | None:
    """Return the handle that WebFinger confirms, or None to keep the one that is stored."""
    claimed = fields.claimed
    if stored is not None and claimed == Handle(stored["username"], stored["handle_host"]):
        # Only its case may differ, which is the actor's own business.
        return claimed if claimed.username != stored["username"] else None
    try:
        _check_handle(node, fields, claimed)
        await require_admitted(node, node.client.origin_at(claimed.host))
        budget.spend(fields.uri)
        handle = await verify_handle(node.client, document, sign=_signer(node))
        _check_handle(node, fields, handle)
    except NodeError as error:
        if stored is not None:
            return None
        if fields.type != "Application" or _is_passing(error):
            raise
        return await _own_name(node, fields)
    return handle


def _check_handle(node: Node, fields: ActorFields, handle: Handle) -> None:
    """Raise unless another host gave this handle, and it is a name that can be written."""
    if handle.host == node.host:
        raise Refused("actor.handle_ours", uri=fields.uri, came=str(handle))
    if handle.username != fields.username and not USERNAME.fullmatch(handle.username):
        raise Malformed("actor.username", uri=fields.uri, came=handle.username)


async def _own_name(node: Node, fields: ActorFields) -> Handle:
    """Return a name for an application that nobody can be called by (relays, Lemmy's sites)."""
    host = authority_of(fields.origin)
    holder = await queries.by_handle(node.db, host, host)
    free = holder is None or holder["uri"] == fields.uri
    return Handle(host if free else f"{host}#{node.ids.next()}", host)


async def _keep(node: Node, stored: Row, error: NodeError) -> Row:
    """Return a stale actor as it is; its server is asked again in an hour."""
    if _is_passing(error):
        at = node.clock() - FRESH_MS + RETRY_MS

        async def postpone(tx: Transaction) -> None:
            sql = "UPDATE actor SET fetched_at = ? WHERE id = ?"
            await tx.execute(sql, at, stored["id"])

        await node.db.write(postpone)
    return stored


async def _askable(node: Node, uri: str) -> str:
    """Return the origin of what may be fetched; raise NotFound for our own, or Refused."""
    origin = origin_of(uri)
    if origin == node.origin:
        raise NotFound("actor.not_here", uri=uri)
    await require_admitted(node, origin)
    return origin


def _is_fresh(node: Node, stored: Row) -> bool:
    fetched_at = stored["fetched_at"]
    return fetched_at is not None and node.clock() - fetched_at < FRESH_MS


def _is_passing(error: NodeError) -> bool:
    """Say whether the same question may have another answer later."""
    return isinstance(error, ClientError | Unavailable)


def _signer(node: Node) -> Signer:
    return node.keyring.signer(node.uris.instance_actor)
