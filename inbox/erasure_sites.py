"""What each other site says of an erasure: asked, confirmed, or not to be confirmed.

*Confirmed* is a partner's own word: its whole signed list of what it holds of ours names nothing
of hers any more, after it took the Delete. Plain peers have no such list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import structlog

from federation.database import Reader, Row, Transaction, marks
from federation.errors import NodeError
from federation.node import Node
from federation.origins import authority_of
from federation.stops import is_stopped
from inbox.ledger import keep, pages

State = Literal["confirmed", "held", "asked", "unknowable", "waiting", "failed", "over"]
CALM_MS = 2 * 60_000
AGAIN_MS = 10 * 60_000
DAY_MS = 86_400_000
ASKED_FOR_MS = 30 * DAY_MS
EARLY_MS = 3_600_000
BATCH = 200

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Site:
    """One line of the table; `why` is a code when it waits or was not reached."""

    origin: str
    host: str
    name: str
    state: State
    asked_at: int | None
    confirmed_at: int | None
    still_held: int | None
    why: str = ""


async def note_sites(tx: Transaction, erasure_id: int, actor_uri: str) -> None:
    """Write down every site that was handed something of hers, or is sent her Delete now."""
    await tx.execute(
        "INSERT INTO erasure_site (erasure_id, origin, is_partner)"
        " SELECT CAST(? AS BIGINT), o.origin,"
        " EXISTS (SELECT 1 FROM partnership p WHERE p.origin = o.origin"
        " UNION ALL SELECT 1 FROM parting e WHERE e.origin = o.origin) FROM ("
        "SELECT h.origin FROM tombstone t JOIN held h ON h.object_uri = t.uri"
        " WHERE t.actor_uri = ? UNION SELECT d.origin FROM activity v"
        " JOIN delivery d ON d.activity_id = v.id WHERE v.uri = ? AND v.type = 'Delete') o"
        " WHERE o.origin <> '' ON CONFLICT (erasure_id, origin) DO NOTHING",
        erasure_id,
        actor_uri,
        _delete_uri(actor_uri),
    )


def _delete_uri(actor_uri: str) -> str:
    return f"{actor_uri}#delete"


async def sites(node: Node, reader: Reader, erasure: Row) -> list[Site]:
    """The table of one erasure, by name of the host."""
    rows = await reader.rows(
        "SELECT e.*, d.progress, d.last_error, p.state AS agreement,"
        " COALESCE(NULLIF(p.name, ''), '') AS name FROM erasure_site e"
        " LEFT JOIN partnership p ON p.origin = e.origin"
        " LEFT JOIN activity v ON v.uri = ? AND v.type = 'Delete' AND v.origin = 'local'"
        " LEFT JOIN delivery d ON d.activity_id = v.id AND d.origin = e.origin"
        " WHERE e.erasure_id = ? ORDER BY e.origin",
        _delete_uri(erasure["actor_uri"]),
        erasure["id"],
    )
    found: dict[str, Site] = {}
    for row in rows:
        stopped = await is_stopped(reader, row["origin"])
        found.setdefault(row["origin"], _site(row, node.clock(), is_stopped=stopped))
    return list(found.values())


def _site(row: Row, now: int, *, is_stopped: bool) -> Site:
    state, why = _state(row, now), ""
    if state == "waiting":
        why = "stopped" if is_stopped else row["agreement"] or ""
        why = why if why in {"stopped", "paused", "key_changed"} else "silent"
    elif state == "failed":
        why = row["last_error"] or "delivery.peer_stranger"
    return Site(
        row["origin"],
        authority_of(row["origin"]),
        row["name"],
        state,
        row["asked_at"],
        row["confirmed_at"],
        row["still_held"],
        why,
    )


def _state(row: Row, now: int) -> State:
    if row["confirmed_at"] is not None:
        return "confirmed"
    if row["asked_at"] is None:
        return "waiting" if row["progress"] in {"pending", "done"} else "failed"
    if not row["is_partner"]:
        return "unknowable"
    if now - row["asked_at"] > ASKED_FOR_MS:
        return "over"
    return "held" if row["still_held"] else "asked"


async def waiting_partners(reader: Reader) -> list[tuple[str, str]]:
    """(name, host) of the partners with which the exchange stands still now."""
    rows = await reader.rows(
        "SELECT p.origin, p.name FROM partnership p WHERE p.state IN ('paused', 'key_changed')"
        " OR (p.state = 'active' AND EXISTS (SELECT 1 FROM stopped s WHERE s.origin IN ('*',"
        " p.origin))) ORDER BY p.origin"
    )
    return [
        (row["name"] or authority_of(row["origin"]), authority_of(row["origin"])) for row in rows
    ]


# The loop's part --------------------------------------------------------------------------------


async def note_asked_once(node: Node) -> int:
    """Write down which sites have taken a Delete since; return how many."""
    rows = await node.db.rows(
        "SELECT e.erasure_id, e.origin, r.actor_uri, MIN(d.done_at) AS done_at FROM erasure_site e"
        " JOIN erasure r ON r.id = e.erasure_id JOIN activity v ON v.uri = r.actor_uri || '#delete'"
        " AND v.type = 'Delete' AND v.origin = 'local' JOIN delivery d ON d.activity_id = v.id"
        " AND d.origin = e.origin AND d.progress = 'done' WHERE e.asked_at IS NULL"
        " GROUP BY e.erasure_id, e.origin, r.actor_uri"
    )
    for row in rows:
        await node.db.write(lambda tx, row=row: _asked(tx, row))
    return len(rows)


async def _asked(tx: Transaction, row: Row) -> None:
    await tx.execute(
        "UPDATE erasure_site SET asked_at = ?, next_at = ? WHERE erasure_id = ? AND origin = ?",
        row["done_at"],
        row["done_at"] + CALM_MS,
        row["erasure_id"],
        row["origin"],
    )
    # One Delete of a person is one of all she wrote.
    await tx.execute(
        "UPDATE held SET state = 'delete_sent', last_at = ?,"
        " deleting_since = COALESCE(deleting_since, ?) WHERE origin = ?"
        " AND state IN ('handed_over', 'held') AND object_uri IN"
        " (SELECT t.uri FROM tombstone t WHERE t.actor_uri = ?)",
        row["done_at"],
        row["done_at"],
        row["origin"],
        row["actor_uri"],
    )


async def ask_sites_once(node: Node) -> int:
    """Ask each partner that is due whether it holds something of hers; return how many answered.

    Every ten minutes in the first hour, then every day, for thirty days.
    """
    now = node.clock()
    rows = await node.db.rows(
        "SELECT e.*, r.actor_uri FROM erasure_site e JOIN erasure r ON r.id = e.erasure_id"
        " WHERE e.confirmed_at IS NULL AND e.is_partner AND e.asked_at > ? AND e.next_at <= ?"
        " ORDER BY e.next_at LIMIT ?",
        now - ASKED_FOR_MS,
        now,
        BATCH,
    )
    answered = 0
    for row in rows:
        answered += await _look(node, row)
    return answered


async def _look(node: Node, row: Row) -> bool:
    origin, held = row["origin"], 0
    try:
        async for items in pages(node, origin):
            for start in range(0, len(items), BATCH):
                some = items[start : start + BATCH]
                await node.db.write(lambda tx, some=some: keep(node, tx, origin, some))
                names = [item.uri for item in some if item.state == "held"]
                held += await _count_hers(node.db, row["actor_uri"], names)
    except NodeError as error:
        note = error.code
        _log.info("erasure.not_asked", origin=origin, code=note)
        await node.db.write(lambda tx: _later(node, tx, row, None, note))
        return False
    await node.db.write(lambda tx: _later(node, tx, row, held, None))
    return True


async def _count_hers(reader: Reader, actor_uri: str, uris: Sequence[str]) -> int:
    if not uris:
        return 0
    count = await reader.value(
        f"SELECT COUNT(*) FROM tombstone WHERE actor_uri = ? AND uri IN ({marks(uris)})",
        actor_uri,
        *uris,
    )
    return count or 0


async def _later(node: Node, tx: Transaction, row: Row, held: int | None, note: str | None) -> None:
    """Write down what a partner said; None for what is still held when it did not answer."""
    now = node.clock()
    wait = AGAIN_MS if now - row["asked_at"] < EARLY_MS else DAY_MS
    await tx.execute(
        "UPDATE erasure_site SET looked_at = ?, next_at = ?, note = CAST(? AS TEXT),"
        " still_held = COALESCE(CAST(? AS BIGINT), still_held),"
        " confirmed_at = CAST(? AS BIGINT) WHERE erasure_id = ? AND origin = ?",
        now,
        now + wait,
        note,
        held,
        now if held == 0 else None,
        row["erasure_id"],
        row["origin"],
    )
    if held == 0:
        # It holds nothing of hers: what it was handed is gone there, named or not.
        await tx.execute(
            "UPDATE held SET state = 'deleted', last_at = ? WHERE origin = ?"
            " AND state <> 'deleted' AND object_uri IN"
            " (SELECT t.uri FROM tombstone t WHERE t.actor_uri = ?)",
            now,
            row["origin"],
            row["actor_uri"],
        )
