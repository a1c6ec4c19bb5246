"""The past of whom somebody here begins to follow: no new relation is an empty page.

What an actor published, what is pinned, and the threads around it are fetched from their own
origins by this node, take their place in time by when they were published, and are news to
nobody. What a partner shows is bounded by our agreement, everything by number and time.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import structlog

from federation.activity import read_activity, text, time_ms, uri_of, values
from federation.client_errors import ClientError
from federation.database import Row, Transaction
from federation.errors import NodeError, TooMany, Unavailable
from federation.fetch import BudgetSpent, CollectionPage, FetchBudget, fetch_collection_page
from federation.granted import DAY_MS, backfill_taken_since
from federation.node import Node
from federation.origins import origin_of
from federation.vocabulary import PUBLIC, STATUS_TYPES, Document
from inbox.fetching import Fetched, check_admitted, fetch_status
from inbox.handlers.add_remove import pin
from inbox.handlers.announce import boost
from inbox.relevance import addressed, check_author, concerns_us, same_origin
from outbox.circles import TAKEN_BACK, accept, stated
from outbox.received import upsert_remote
from outbox.received_edits import update_remote
from outbox.statuses import by_uri

ITEMS_MAX = 40
PAGES_MAX = 4
THREADS_MAX = 10
REPLIES_MAX = 40
FETCHES_MAX = 120
SECONDS_MAX = 60
PLAIN_DAYS = 90
ATTEMPTS_MAX = 6
FIRST_WAIT_MS = 60_000
AT_ONCE = 8
EVERY_S = 5.0

_log = structlog.get_logger(__name__)


class _PausedError(Unavailable):
    """503: the agreement was paused, or ended, while the past was being fetched."""


@dataclass(slots=True)
class _Past:
    """One actor's past while it is fetched: how far back, with what budget, and what came."""

    node: Node
    actor: Row
    since_ms: int
    budget: FetchBudget = field(default_factory=lambda: FetchBudget(FETCHES_MAX))
    came: list[Document] = field(default_factory=list[Document])


async def backfill_loop(node: Node) -> None:
    """Fetch what was asked for, until cancelled; what is interrupted begins again."""
    while True:
        try:
            while await backfill_once(node):
                pass
        except Exception:  # noqa: BLE001 - the store may be away; the loop outlives it
            _log.exception("backfill.loop_rests")
        await node.backfill_wake.wait(EVERY_S)


async def backfill_once(node: Node) -> int:
    """Fetch the past of some actors that are due, from several origins at once; say how many."""
    rows = await node.db.rows(
        "SELECT a.*, b.attempts AS backfill_attempts FROM backfill b JOIN actor a"
        " ON a.id = b.actor_id WHERE b.done_at IS NULL AND b.next_attempt_at <= ?"
        " ORDER BY b.next_attempt_at, b.actor_id LIMIT ?",
        node.clock(),
        AT_ONCE,
    )
    lanes: dict[str, list[Row]] = {}
    for row in rows:
        lanes.setdefault(row["origin"], []).append(row)
    await asyncio.gather(*(_in_turn(node, lane) for lane in lanes.values()))
    return len(rows)


async def _in_turn(node: Node, actors: list[Row]) -> None:
    for actor in actors:
        try:
            async with asyncio.timeout(SECONDS_MAX):
                waits = await _fetch(node, actor)
        except (ClientError, Unavailable, TooMany, TimeoutError):
            waits = True
        except NodeError:
            # Not there, or not for us: asking again says the same.
            waits = False
        await _note(node, actor, waits=waits)


async def _note(node: Node, actor: Row, *, waits: bool) -> None:
    now, attempts = node.clock(), actor["backfill_attempts"] + 1
    done_at = None if waits and attempts < ATTEMPTS_MAX else now

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE backfill SET attempts = ?, next_attempt_at = ?, done_at = ? WHERE actor_id = ?",
            attempts,
            now + FIRST_WAIT_MS * 4 ** (attempts - 1),
            done_at,
            actor["id"],
        )

    await node.db.write(work)


async def _fetch(node: Node, actor: Row) -> bool:
    """Fetch one actor's past; True when it has to wait for the agreement to go on."""
    if actor["is_local"] or actor["suspended_at"] or actor["deleted_at"]:
        return False
    state = await node.db.value("SELECT state FROM partnership WHERE origin = ?", actor["origin"])
    if state == "paused":
        return True
    now = node.clock()
    since = await backfill_taken_since(node.db, actor["origin"], now)
    if since is not None and since >= now:
        # No day of it is granted.
        return False
    past = _Past(node, actor, now - PLAIN_DAYS * DAY_MS if since is None else since)
    try:
        await _published(past)
        await _featured(past)
        await _threads(past)
    except BudgetSpent:
        _log.info("backfill.enough", origin=actor["origin"])
    return False


# What the actor published -----------------------------------------------------------------------


async def _published(past: _Past) -> None:
    url: str | None = past.actor["outbox_url"]
    seen = 0
    for _ in range(PAGES_MAX):
        if url is None or seen >= ITEMS_MAX:
            return
        page = await _page(past, url)
        for item in page.items[: ITEMS_MAX - seen]:
            seen += 1
            if not await _one(past, item):
                return
        url = page.next_uri


async def _one(past: _Past, item: Any) -> bool:
    """Take one entry of the outbox; False when it is older than what is wanted."""
    document: Document = item if isinstance(item, dict) else {}
    at = time_ms(document.get("published"))
    if at is not None and at < past.since_ms:
        return False
    try:
        if text(document, "type") == "Announce":
            await _passed_on(past, document)
        else:
            await _written(past, item)
    except (BudgetSpent, _PausedError):
        raise
    except NodeError as error:
        # One that cannot be had does not keep the others away.
        _log.info("backfill.left_out", origin=past.actor["origin"], code=error.code)
    return True


async def _written(past: _Past, item: Any) -> Row | None:
    """Store a status of the actor itself; None when it is none, or not for this node."""
    fetched = await _own(past, item)
    if fetched is None or fetched.author["id"] != past.actor["id"]:
        return None
    return await _store(past, fetched)


async def _own(past: _Past, item: Any) -> Fetched | None:
    """A status that the actor's own origin says is the actor's: inside its page, or fetched."""
    document: Document = item if isinstance(item, dict) else {}
    if text(document, "type") == "Create":
        item = document.get("object")
        document = item if isinstance(item, dict) else {}
    uri = uri_of(item)
    is_whole = text(document, "type") in STATUS_TYPES
    is_whole = is_whole and past.actor["uri"] in values(document, "attributedTo")
    if uri is None or (is_whole and check_author(document, past.actor["uri"]) is not None):
        return None
    if await _is_here(past, uri):
        if is_whole:
            await _take_edit(past, uri, document)
        return None
    return (
        Fetched(document, past.actor)
        if is_whole
        else await fetch_status(past.node, uri, past.budget)
    )


async def _take_edit(past: _Past, uri: str, document: Document) -> None:
    """Take over what was edited while nobody here followed: such an edit is not sent here."""
    node, actor, at = past.node, past.actor, time_ms(document.get("updated"))
    known = await by_uri(node.db, uri)
    if known is None or known["actor_id"] != actor["id"] or at is None:
        return
    if at <= (known["edited_at"] or known["published_at"]):
        return

    async def work(tx: Transaction) -> None:
        if await _is_silent(tx, actor["origin"]):
            raise _PausedError("partner.paused", retry_after_s=60)
        await update_remote(node, tx, document, actor)

    await node.db.write(work)


async def _passed_on(past: _Past, document: Document) -> None:
    uri, item = uri_of(document.get("id")), uri_of(document.get("object"))
    if uri is None or item is None or not same_origin(uri, past.actor["uri"]):
        return
    if uri_of(document.get("actor")) != past.actor["uri"]:
        return
    node = past.node
    original = await by_uri(node.db, item)
    if original is None:
        fetched = await fetch_status(node, item, past.budget)
        if fetched is None or await _store(past, fetched) is None:
            return
        original = await by_uri(node.db, fetched.uri)
    if original is None:
        return
    activity, found = read_activity(document), original
    await node.db.write(lambda tx: boost(node, tx, past.actor, activity, found, past=True))


async def _featured(past: _Past) -> None:
    """Fetch what the actor pinned, however old, and pin it here."""
    url: str | None = past.actor["featured_url"]
    if url is None:
        return
    node = past.node
    try:
        page = await _page(past, url)
        for item in page.items[:ITEMS_MAX]:
            await _written(past, item)
            uri = uri_of(item)
            status = None if uri is None else await by_uri(node.db, uri)
            if status is not None and status["actor_id"] == past.actor["id"]:
                await node.db.write(lambda tx, of=status["id"]: pin(node, tx, past.actor["id"], of))
    except (BudgetSpent, _PausedError):
        raise
    except NodeError as error:
        _log.info("backfill.left_out", origin=past.actor["origin"], code=error.code)


# The threads around it --------------------------------------------------------------------------


async def _threads(past: _Past) -> None:
    for document in past.came[:THREADS_MAX]:
        for uri in await _thread_uris(past, document):
            if uri_of(document.get("id")) == uri or await _is_here(past, uri):
                continue
            try:
                await check_admitted(past.node, uri)
                fetched = await fetch_status(past.node, uri, past.budget)
                if fetched is not None and fetched.uri == uri:
                    await _store(past, fetched)
            except (BudgetSpent, _PausedError):
                raise
            except NodeError as error:
                _log.info("backfill.left_out", origin=past.actor["origin"], code=error.code)


async def _thread_uris(past: _Past, document: Document) -> list[str]:
    """The ids around a status: its context, else its replies, as its own origin lists them."""
    for name in ("context", "replies"):
        inside = document.get(name)
        items: tuple[Any, ...] = ()
        if isinstance(inside, dict):
            first = inside.get("first")
            page: Document = first if isinstance(first, dict) else inside
            items = (*values(page, "items"), *values(page, "orderedItems"))
        url = uri_of(inside)
        if not items and url and same_origin(url, past.actor["uri"]):
            try:
                items = (await _page(past, url)).items
            except (BudgetSpent, _PausedError):
                raise
            except NodeError:
                continue
        found = [uri for uri in map(uri_of, items) if uri]
        if found:
            return list(dict.fromkeys(found))[:REPLIES_MAX]
    return []


# Storing ----------------------------------------------------------------------------------------


async def _page(past: _Past, url: str) -> CollectionPage:
    """A page of a collection of the actor's own origin, signed for by this node."""
    await check_admitted(past.node, url)
    node = past.node
    sign = node.keyring.signer(node.uris.instance_actor)
    return await fetch_collection_page(node.client, url, sign=sign, budget=past.budget)


async def _is_here(past: _Past, uri: str) -> bool:
    """Whether a status is known, was deleted, or is this node's own matter."""
    node = past.node
    if node.uris.is_ours(uri) or await by_uri(node.db, uri) is not None:
        return True
    # What was only taken back from this site may be for it again.
    sql = "SELECT 1 FROM tombstone WHERE uri = ? AND former_type <> ?"
    return await node.db.value(sql, uri, TAKEN_BACK) is not None


async def _store(past: _Past, fetched: Fetched) -> Row | None:
    """Store a status, by the rule of a receiver: None when it is for nobody here."""
    node, document, author = past.node, fetched.document, fetched.author
    is_open = PUBLIC in addressed(document, {})
    if not is_open and not await concerns_us(node, author, document, {}):
        return None

    async def work(tx: Transaction) -> Row | None:
        if await _is_silent(tx, past.actor["origin"]):
            raise _PausedError("partner.paused", retry_after_s=60)
        if await _is_silent(tx, author["origin"]):
            return None
        # An audience of several sites that does not reach this one is nobody's here.
        if stated(document) is not None and await accept(node, tx, document, author) is None:
            return None
        status, _ = await upsert_remote(node, tx, document, author, backfill=True)
        return status

    status = await node.db.write(work)
    if status is not None and origin_of(fetched.uri) == past.actor["origin"]:
        past.came.append(document)
    return status


async def _is_silent(tx: Transaction, origin: str) -> bool:
    """Whether an agreement says that nothing comes from an origin, now or any more."""
    state = await tx.value("SELECT state FROM partnership WHERE origin = ?", origin)
    return state in {"paused", "key_changed", "ended", "expired"}
