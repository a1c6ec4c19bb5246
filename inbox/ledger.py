"""The ledger kept true: partners are asked what they hold of ours, and it is written down.

*Received* and *deleted* come only from here; what an inbox took is *handed over*. What a partner
still holds although it was deleted is asked back every day for thirty days.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import urlencode

import structlog

from actors import queries
from federation.activity import parse_json_object
from federation.client import FETCH_BYTES_MAX
from federation.database import Row, Transaction, marks
from federation.errors import NodeError, Refused, Unavailable, describe
from federation.granted import granted
from federation.node import Node
from federation.partnerships import WAITING
from inbox.ends_repeated import repeat_ends_once
from inbox.holdings import PATH, Holding, Page, read_holdings
from inbox.pairing import instance_actor
from inbox.partner_stops import give_up_once
from outbox.audience import Recipient
from outbox.circles import ACROSS_SITES
from outbox.documents import delete_again_document
from outbox.publish import publish
from outbox.visibility import PUBLIC_KINDS, Origin, may_see_sql

describe({"holdings.refused": "{origin} does not say what it holds of ours ({status})."})

CALM_MS = 3 * 60_000
UNCALM_MS_MAX = 15 * 60_000
NIGHT_MS = 24 * 3_600_000
AGAIN_MS = 10 * 60_000
MARGIN_MS = 3_600_000
REPEATED_FOR_MS = 30 * NIGHT_MS
PAGES_MAX = 10_000
LOOK_S = 30.0
_BATCH = 200

_log = structlog.get_logger(__name__)


async def ask(node: Node, origin: str, after: str | None = None, since_ms: int = 0) -> Page:
    """One page of what a partner says that it holds of ours, signed by this site.

    Raises Refused when it is no partner's any more, Unavailable or ClientError when it cannot be
    asked now, Malformed for what cannot be read.
    """
    fields = {"after": after, "since": str(since_ms) if since_ms else None}
    query = urlencode({name: value for name, value in fields.items() if value is not None})
    answer = await node.client.get(
        f"{origin}{PATH}?{query}" if query else origin + PATH,
        headers={"Accept": "application/json"},
        sign=node.keyring.signer(node.uris.instance_actor),
        limit_bytes=FETCH_BYTES_MAX,
        redirects=0,
    )
    if answer.status == 200:
        return read_holdings(parse_json_object(answer.body), origin, node.origin)
    status = str(answer.status)
    if answer.status in {429, 500, 502, 503, 504}:
        raise Unavailable("holdings.refused", retry_after_s=600, origin=origin, status=status)
    raise Refused("holdings.refused", origin=origin, status=status)


async def pages(node: Node, origin: str, since_ms: int = 0) -> AsyncIterator[tuple[Holding, ...]]:
    """All that a partner says, page by page; raises as `ask`."""
    after: str | None = None
    for _ in range(PAGES_MAX):
        page = await ask(node, origin, after, since_ms)
        yield page.items
        if page.following is None:
            return
        after = page.following


async def compare(node: Node, origin: str, since_ms: int = 0) -> int:
    """Ask a partner and write its answer into the ledger; return how many objects it named."""
    named = 0
    async for items in pages(node, origin, since_ms):
        named += len(items)
        for start in range(0, len(items), _BATCH):
            some = items[start : start + _BATCH]
            await node.db.write(lambda tx, some=some: keep(node, tx, origin, some))
    return named


async def keep(node: Node, tx: Transaction, origin: str, items: Sequence[Holding]) -> None:
    """Write what a partner says of some objects of ours.

    What it holds and we have deleted is to be asked back, also when it was confirmed before: a
    restored partner has it again. So is what a narrowing has taken from it.
    """
    uris = [item.uri for item in items]
    if not uris:
        return
    known = await _of(tx, "SELECT object_uri AS uri, state FROM held WHERE origin = ?"
                      f" AND object_uri IN ({marks(uris)})", origin, *uris)  # fmt: skip
    buried = await _of(tx, f"SELECT uri FROM tombstone WHERE uri IN ({marks(uris)})", *uris)
    ours = await _of(tx, f"SELECT uri FROM status WHERE is_local AND uri IN ({marks(uris)})", *uris)
    taken = {*buried, *await _taken_away(node, tx, origin, uris)}
    now = node.clock()
    for item in items:
        row = known.get(item.uri)
        state = _state(item, None if row is None else row["state"], item.uri in taken)
        if state is None or (row is None and item.uri not in buried and item.uri not in ours):
            continue
        await _set(tx, item.uri, origin, state, now)


async def _taken_away(
    node: Node, tx: Transaction, origin: str, uris: Sequence[str]
) -> dict[str, Row]:
    """Which of these a narrowing took from that site: they are for it no more.

    Who followed somebody and does so no more keeps what she read; a site whose agreement was
    narrowed does not: of what was for several sites, and, when it lets nobody there follow any
    more, of what only followers could read. In a pause nothing is asked back.
    """
    state = await tx.value("SELECT state FROM partnership WHERE origin = ?", origin)
    if state in WAITING:
        return {}
    known = await granted(tx, origin)
    kinds = ACROSS_SITES
    if known is not None and known.ours.follow == "none":
        kinds = (*kinds, "followers", *(PUBLIC_KINDS if node.is_closed else ()))
    condition, args = may_see_sql(Origin(origin), "s")
    return await _of(
        tx,
        f"SELECT s.uri FROM status s WHERE s.uri IN ({marks(uris)}) AND s.is_local"
        f" AND s.audience_kind IN ({marks(kinds)}) AND NOT ({condition})",
        *uris,
        *kinds,
        *args,
    )


def _state(item: Holding, had: str | None, is_taken: bool) -> str | None:
    """What the ledger says after an answer; None when the answer changes nothing."""
    match item.state:
        case "deleted":
            return None if had in {None, "deleted"} else "deleted"
        case "refused":
            return "refused" if had == "handed_over" else None
        case "held":
            if is_taken:
                return None if had == "delete_sent" else "delete_sent"
            return None if had in {"held", "delete_sent"} else "held"


async def _set(tx: Transaction, uri: str, origin: str, state: str, now: int) -> None:
    # A Delete that is to be said again is due at once.
    last, since = (0, now) if state == "delete_sent" else (now, None)
    await tx.execute(
        "INSERT INTO held (object_uri, origin, first_at, last_at, state, deleting_since)"
        " VALUES (?, ?, ?, ?, ?, CAST(? AS BIGINT)) ON CONFLICT (object_uri, origin) DO UPDATE SET"
        " last_at = excluded.last_at, state = excluded.state,"
        " deleting_since = COALESCE(excluded.deleting_since, held.deleting_since)",
        uri,
        origin,
        now,
        last,
        state,
        since,
    )


async def _of(tx: Transaction, sql: str, *args: Any) -> dict[str, Row]:
    return {row["uri"]: row for row in await tx.rows(sql, *args)}


# When partners are asked ------------------------------------------------------------------------


async def ask_due_once(node: Node) -> int:
    """Ask every partner that is due; return how many answered.

    Due is who took something that is not confirmed, once it is calm there or has not been for a
    quarter of an hour; and everybody once a day, for everything.
    """
    now = node.clock()
    rows = await node.db.rows(
        "SELECT p.origin, p.holdings_at, p.compared_at,"
        " (SELECT MIN(h.last_at) FROM held h WHERE h.origin = p.origin"
        " AND h.state IN ('handed_over', 'delete_sent') AND h.last_at > p.holdings_at) AS first,"
        " (SELECT MAX(h.last_at) FROM held h WHERE h.origin = p.origin"
        " AND h.state IN ('handed_over', 'delete_sent') AND h.last_at > p.holdings_at) AS last"
        " FROM partnership p WHERE p.state = 'active' AND p.ask_after <= ? ORDER BY p.origin",
        now,
    )
    answered = await asyncio.gather(*(_ask(node, row, now) for row in rows if _is_due(row, now)))
    return sum(answered)


def _is_due(row: Row, now: int) -> bool:
    if row["compared_at"] <= now - NIGHT_MS:
        return True
    if row["first"] is None:
        return False
    return row["last"] <= now - CALM_MS or row["first"] <= now - UNCALM_MS_MAX


async def _ask(node: Node, row: Row, now: int) -> bool:
    origin, is_whole = row["origin"], row["compared_at"] <= now - NIGHT_MS
    since = 0 if is_whole or row["first"] is None else max(0, row["first"] - MARGIN_MS)
    try:
        await compare(node, origin, since)
    except NodeError as error:
        _log.info("holdings.not_asked", origin=origin, code=error.code)
        await node.db.write(lambda tx: _later(tx, origin, now + AGAIN_MS))
        return False

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE partnership SET holdings_at = ?,"
            " compared_at = CASE WHEN ? THEN ? ELSE compared_at END WHERE origin = ?",
            now,
            is_whole,
            now,
            origin,
        )

    await node.db.write(work)
    return True


async def _later(tx: Transaction, origin: str, at: int) -> None:
    await tx.execute("UPDATE partnership SET ask_after = ? WHERE origin = ?", at, origin)


# Deletes, until they are confirmed ----------------------------------------------------------------


async def repeat_deletes_once(node: Node) -> int:
    """Say every Delete again that a partner has not confirmed for a day; return how many.

    For thirty days. Plain peers confirm nothing and are not asked again.
    """
    now = node.clock()
    rows = await node.db.rows(
        "SELECT h.object_uri, h.origin FROM held h WHERE h.state = 'delete_sent' AND h.last_at <= ?"
        " AND COALESCE(h.deleting_since, h.last_at) > ?"
        " AND EXISTS (SELECT 1 FROM partnership p WHERE p.origin = h.origin"
        " AND p.state IN ('active', 'paused', 'key_changed', 'ended', 'expired'))"
        " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.origin = h.origin"
        " AND d.object_uri = h.object_uri AND d.activity_type = 'Delete'"
        " AND d.progress = 'pending') ORDER BY h.last_at LIMIT ?",
        now - NIGHT_MS,
        now - REPEATED_FOR_MS,
        _BATCH,
    )
    for row in rows:
        await node.db.write(
            lambda tx, row=row: ask_back(node, tx, row["object_uri"], row["origin"])
        )
    if rows:
        node.delivery_wake.set()
    return len(rows)


async def ask_back(node: Node, tx: Transaction, uri: str, origin: str) -> None:
    """Queue a Delete of one object of ours for one partner, under an id of its own."""
    gone = await tx.row("SELECT former_type AS type, actor_uri FROM tombstone WHERE uri = ?", uri)
    lives = gone is None
    if gone is None:
        gone = await tx.row(
            "SELECT s.type, a.uri AS actor_uri FROM status s JOIN actor a ON a.id = s.actor_id"
            " WHERE s.uri = ? AND s.is_local",
            uri,
        )
    if gone is None:
        return
    sender = await queries.by_uri(tx, gone["actor_uri"]) or await instance_actor(node, tx)
    again = node.uris.activity(node.ids.next())
    await publish(
        node,
        tx,
        delete_again_document(
            again, uri, gone["type"], gone["actor_uri"], f"{origin}/actor", lives=lives
        ),
        sender=sender,
        recipients=[Recipient(f"{origin}/inbox", origin)],
        local=False,
    )


async def ledger_loop(node: Node) -> None:
    """Ask, ask back, say again, and give up what waited too long, until cancelled."""
    while True:
        try:
            await ask_due_once(node)
            await repeat_deletes_once(node)
            await repeat_ends_once(node)
            await give_up_once(node)
        except Exception:  # noqa: BLE001 - the store may be away; the loop outlives it
            _log.exception("ledger.loop_rests")
        await asyncio.sleep(LOOK_S)
