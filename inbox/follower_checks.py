"""FEP-8fcf on receipt: follows of people here that their site and the peer's see differently.

What the peer says is believed of its own actor alone, when its list has the digest that it
announced. A follow that it does not know ends here; one that nobody here knows is undone there.
"""

import asyncio

import structlog

from actors import follows
from actors.queries import by_uri
from federation.activity import uri_of
from federation.client_errors import ClientError
from federation.database import Row, Transaction
from federation.errors import NodeError, TooMany, Unavailable
from federation.fetch import FetchBudget, fetch_collection_page
from federation.follower_digests import Stated, digest_of
from federation.node import Node
from federation.origins import origin_of
from inbox.fetching import check_admitted
from outbox.relations import undo_follow

WAIT_MS = 5_000
AGAIN_MS = 3_600_000
FRESH_MS = 60_000
PAGES_MAX = 10
ITEMS_MAX = 1_000
BATCH = 10
LOOK_S = 5.0

_log = structlog.get_logger(__name__)


async def stated_followers(node: Node, actor_uri: str, stated: Stated) -> None:
    """Take note of what a verified sender says of its followers here, when it is not so."""
    actor = await by_uri(node.db, actor_uri)
    if actor is None or actor["is_local"] or actor["followers_url"] != stated.collection_uri:
        return
    if origin_of(stated.url) != actor["origin"]:
        return
    if digest_of(await _followers_here(node, actor["id"])) == stated.digest:
        return
    due = node.clock() + WAIT_MS

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO followers_check (actor_id, url, digest, due_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (actor_id) DO UPDATE SET url = excluded.url, digest = excluded.digest",
            actor["id"],
            stated.url,
            stated.digest,
            due,
        )

    await node.db.write(work)


async def follower_checks_loop(node: Node) -> None:
    """Look at what was noted, until cancelled."""
    while True:
        try:
            await check_followers_once(node)
        except Exception:  # noqa: BLE001 - the store may be away; the loop outlives it
            _log.exception("follower_checks.loop_rests")
        await asyncio.sleep(LOOK_S)


async def check_followers_once(node: Node) -> int:
    """Look at some that are due; return how many there were."""
    rows = await node.db.rows(
        "SELECT a.*, c.url AS check_url, c.digest FROM followers_check c JOIN actor a"
        " ON a.id = c.actor_id WHERE c.due_at <= ? ORDER BY c.due_at LIMIT ?",
        node.clock(),
        BATCH,
    )
    for row in rows:
        try:
            await _check(node, row)
        except (ClientError, Unavailable, TooMany):
            await node.db.write(lambda tx, row=row: _later(tx, row["id"], node.clock() + AGAIN_MS))
            continue
        except NodeError as error:
            _log.info("follower_checks.left", origin=row["origin"], code=error.code)
        await node.db.write(lambda tx, row=row: _done(tx, row["id"]))
    return len(rows)


async def _check(node: Node, actor: Row) -> None:
    here = await _followers_here(node, actor["id"])
    if digest_of(here) == actor["digest"]:
        return
    listed = await _listed(node, actor["check_url"])
    if digest_of(listed) != actor["digest"]:
        # It has changed meanwhile, or is not what was announced: the next delivery says more.
        return
    for uri in sorted(here - listed):
        await node.db.write(lambda tx, uri=uri: _end(node, tx, uri, actor))
    for uri in sorted(listed - here):
        await node.db.write(lambda tx, uri=uri: _answer(node, tx, uri, actor))


async def _listed(node: Node, url: str) -> set[str]:
    """The people of this node whom the peer counts as followers; nobody else is of interest."""
    await check_admitted(node, url)
    sign = node.keyring.signer(node.uris.instance_actor)
    budget = FetchBudget(PAGES_MAX)
    found: set[str] = set()
    following: str | None = url
    while following is not None:
        page = await fetch_collection_page(
            node.client, following, sign=sign, budget=budget, items_max=ITEMS_MAX
        )
        found |= {uri for uri in map(uri_of, page.items) if uri and node.uris.is_ours(uri)}
        following = page.next_uri
    return found


async def _followers_here(node: Node, actor_id: int) -> set[str]:
    rows = await node.db.rows(
        "SELECT r.uri FROM follow f JOIN actor r ON r.id = f.follower_id"
        " WHERE f.target_id = ? AND f.state = 'accepted' AND r.is_local",
        actor_id,
    )
    return {row["uri"] for row in rows}


async def _end(node: Node, tx: Transaction, uri: str, target: Row) -> None:
    """End a follow that the peer does not know, unless it began a moment ago."""
    follower = await by_uri(tx, uri)
    if follower is None or not follower["is_local"]:
        return
    row = await follows.find(tx, follower["id"], target["id"])
    if row is not None and node.clock() - row["created_at"] >= FRESH_MS:
        await follows.remove(tx, follower["id"], target["id"])


async def _answer(node: Node, tx: Transaction, uri: str, target: Row) -> None:
    """A follow that the peer has: accepted where it was asked for here, else undone there."""
    follower = await by_uri(tx, uri)
    if follower is None or not follower["is_local"]:
        return
    row = await follows.find(tx, follower["id"], target["id"])
    if row is not None:
        await follows.accept(tx, row)
        return
    made = {"uri": node.uris.follow(node.ids.next())}
    await undo_follow(node, tx, follower, target, made)


async def _later(tx: Transaction, actor_id: int, at: int) -> None:
    await tx.execute("UPDATE followers_check SET due_at = ? WHERE actor_id = ?", at, actor_id)


async def _done(tx: Transaction, actor_id: int) -> None:
    await tx.execute("DELETE FROM followers_check WHERE actor_id = ?", actor_id)
