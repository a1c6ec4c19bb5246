"""The index that search reads: kept in the write that stores a status, on either database.

What was stored by an earlier release waits in `search_backlog` and is taken in bit by bit.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

import structlog

from actors.words import name_words, words_and_stems
from federation.database import Row, Transaction, marks
from federation.html import plain_text
from federation.node import Node

BATCH = 200
EVERY_S = 30.0
# Between batches, so that what people do goes on meanwhile.
PAUSE_S = 0.05
POSITIONS_MAX = 255

_log = structlog.get_logger(__name__)


async def index_new(node: Node, tx: Transaction, status: Row, *, has_more: bool) -> None:
    """Keep the words of a status, no boost, that was stored just now and has none yet.

    `has_more` says that it has a poll or media, whose words count too.
    """
    more = await _more_texts(tx, [status["id"]]) if has_more else {}
    await _keep(node, tx, [status], more)


async def index_status(node: Node, tx: Transaction, status_id: int) -> None:
    """Bring the words of one status, no boost, up to date: text, warning, options, media."""
    await index_statuses(node, tx, [status_id])


async def index_statuses(node: Node, tx: Transaction, ids: list[int]) -> None:
    """Bring the words of these statuses up to date; boosts and what is gone have none."""
    if not ids:
        return
    listed = marks(ids)
    rows = await tx.rows(
        "SELECT id, title, content_html, summary FROM status"
        f" WHERE id IN ({listed}) AND reblog_of_id IS NULL",
        *ids,
    )
    await tx.execute(f"DELETE FROM status_words WHERE rowid IN ({listed})", *ids)
    await _keep(node, tx, rows, await _more_texts(tx, ids))


async def _keep(
    node: Node, tx: Transaction, rows: Sequence[Row], more: Mapping[int, list[str]]
) -> None:
    known = [(row["id"], words_and_stems(_text(row, more.get(row["id"], [])))) for row in rows]
    cast = "CAST(CAST(? AS TEXT) AS tsvector)" if node.db.dialect == "postgres" else "?"
    write = _vector if node.db.dialect == "postgres" else " ".join
    await tx.many(
        f"INSERT INTO status_words (rowid, words, stems) VALUES (?, {cast}, {cast})",
        [(status_id, write(words), write(stems)) for status_id, (words, stems) in known],
    )


def _text(row: Row, more: list[str]) -> str:
    parts = [row["title"] or "", row["summary"], plain_text(row["content_html"]), *more]
    return "\n".join(parts)


async def _more_texts(tx: Transaction, ids: list[int]) -> dict[int, list[str]]:
    listed = marks(ids)
    rows = await tx.rows(
        "SELECT p.status_id, o.title AS words FROM poll p JOIN poll_option o ON o.poll_id = p.id"
        f" WHERE p.status_id IN ({listed}) UNION ALL SELECT status_id, description"
        f" FROM attachment WHERE status_id IN ({listed}) AND description IS NOT NULL",
        *ids,
        *ids,
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row["status_id"], []).append(row["words"])
    return found


def _vector(words: Iterable[str]) -> str:
    """Words in the text form of PostgreSQL's tsvector, each with its places."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words, start=1):
        known = places.setdefault(word, [])
        if len(known) < POSITIONS_MAX:
            known.append(place)
    return " ".join(f"'{word}':{','.join(map(str, at))}" for word, at in places.items())


async def index_backlog_once(node: Node) -> int:
    """Take a batch of what is not in the index yet into it; return how many rows it was."""
    waits = await node.db.value(
        "SELECT 1 FROM search_backlog UNION ALL SELECT 1 FROM actor WHERE search_words = '' LIMIT 1"
    )
    if not waits:
        return 0

    async def work(tx: Transaction) -> int:
        waiting = await tx.rows(
            "SELECT status_id FROM search_backlog ORDER BY status_id DESC LIMIT ?", BATCH
        )
        ids = [row["status_id"] for row in waiting]
        await index_statuses(node, tx, ids)
        await tx.execute(f"DELETE FROM search_backlog WHERE status_id IN ({marks(ids)})", *ids)
        return len(ids) + await _name_actors(tx)

    return await node.db.write(work)


async def _name_actors(tx: Transaction) -> int:
    rows = await tx.rows(
        "SELECT id, username, display_name FROM actor WHERE search_words = '' LIMIT ?", BATCH
    )
    await tx.many(
        "UPDATE actor SET search_words = ? WHERE id = ?",
        [(name_words(row["username"], row["display_name"]) or " ", row["id"]) for row in rows],
    )
    return len(rows)


async def search_index_loop(node: Node) -> None:
    """Take in what waits, batch by batch, then look every half minute, until cancelled."""
    while True:
        taken = 0
        try:
            taken = await index_backlog_once(node)
        except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
            _log.exception("search_index.failed")
        await asyncio.sleep(PAUSE_S if taken else EVERY_S)
