"""Announcements: what the site tells everybody who lives in it, at a moment of its choice.

A dismissal and a reaction belong to one account and say nothing to anybody else but a count.
"""

import asyncio
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from federation.database import Reader, Row, Transaction
from federation.errors import Invalid, describe
from federation.events import Event
from federation.node import Node
from outbox.compose import compose

TEXT_CHARACTERS_MAX = 5_000
# How many different reactions one announcement may have.
REACTIONS_MAX = 8
EMOJI_CHARACTERS_MAX = 20
LOOK_EVERY_S = 30
_EMOJI_CATEGORIES = frozenset({"So", "Sk", "Sm", "Mn", "Me", "Cf"})
_log = structlog.get_logger(__name__)
_KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"

describe(
    {
        "announcement.emoji": "{came} is no emoji of this site, and none of Unicode.",
        "announcement.too_many": "An announcement has at most {max} different reactions.",
        "announcement.ends": "It ends before it starts.",
    }
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an announcement says and when; times in ms, `scheduled_at` None for now."""

    text: str
    starts_at: int | None = None
    ends_at: int | None = None
    all_day: bool = False
    scheduled_at: int | None = None


async def announce(node: Node, tx: Transaction, draft: Draft) -> int:
    """Store an announcement and return its number; published at once unless scheduled."""
    _check(draft)
    number, now = node.ids.next(), node.clock()
    later = draft.scheduled_at is not None and draft.scheduled_at > now
    await tx.execute(
        "INSERT INTO announcement (id, text, content_html, starts_at, ends_at, all_day,"
        " scheduled_at, published_at, created_at, updated_at) VALUES (?, ?, ?, CAST(? AS BIGINT),"
        " CAST(? AS BIGINT), ?, CAST(? AS BIGINT), CAST(? AS BIGINT), ?, ?)",
        number,
        draft.text,
        _html(node, draft.text),
        draft.starts_at,
        draft.ends_at,
        draft.all_day,
        draft.scheduled_at if later else None,
        None if later else now,
        now,
        now,
    )
    if not later:
        node.events.announce(tx, Event("announcement", id=number))
    return number


async def change(node: Node, tx: Transaction, row: Row, draft: Draft) -> None:
    """Say something else, or at another time; what is published stays so."""
    _check(draft)
    await tx.execute(
        "UPDATE announcement SET text = ?, content_html = ?, starts_at = CAST(? AS BIGINT),"
        " ends_at = CAST(? AS BIGINT), all_day = ?, scheduled_at = CAST(? AS BIGINT),"
        " updated_at = ? WHERE id = ?",
        draft.text,
        _html(node, draft.text),
        draft.starts_at,
        draft.ends_at,
        draft.all_day,
        draft.scheduled_at if row["published_at"] is None else None,
        node.clock(),
        row["id"],
    )
    if row["published_at"] is not None:
        node.events.announce(tx, Event("announcement", id=row["id"]))


async def withdraw(node: Node, tx: Transaction, number: int) -> None:
    """Take an announcement back, with its reactions."""
    await tx.execute("DELETE FROM announcement WHERE id = ?", number)
    node.events.announce(tx, Event("announcement_gone", id=number))


async def publish_due(node: Node) -> int:
    """Publish what is due, and return how many there were."""
    now = node.clock()
    due = "published_at IS NULL AND scheduled_at IS NOT NULL AND scheduled_at <= ?"
    if await node.db.row(f"SELECT 1 AS due FROM announcement WHERE {due}", now) is None:
        return 0

    async def work(tx: Transaction) -> int:
        rows = await tx.rows(f"SELECT id FROM announcement WHERE {due} ORDER BY id", now)
        for row in rows:
            await tx.execute(
                "UPDATE announcement SET published_at = ?, updated_at = ? WHERE id = ?",
                now,
                now,
                row["id"],
            )
            node.events.announce(tx, Event("announcement", id=row["id"]))
        return len(rows)

    return await node.db.write(work)


async def announcements_loop(node: Node) -> None:
    """Publish announcements at their moment, give or take half a minute."""
    while True:
        try:
            await publish_due(node)
        except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
            _log.exception("announcements.loop")
        await asyncio.sleep(LOOK_EVERY_S)


async def shown(node: Node, account_id: int, *, with_dismissed: bool = False) -> Sequence[Row]:
    """What an account is told now, oldest first, each with `is_read`; not what has ended."""
    unread = "" if with_dismissed else " AND d.account_id IS NULL"
    return await node.db.rows(
        "SELECT a.*, CASE WHEN d.account_id IS NULL THEN 0 ELSE 1 END AS is_read"
        " FROM announcement a LEFT JOIN announcement_dismissal d"
        " ON d.announcement_id = a.id AND d.account_id = ?"
        f" WHERE a.published_at IS NOT NULL AND (a.ends_at IS NULL OR a.ends_at > ?){unread}"
        " ORDER BY COALESCE(a.starts_at, a.scheduled_at, a.published_at), a.id",
        account_id,
        node.clock(),
    )


async def published(node: Node, number: int) -> Row | None:
    """An announcement that people are told now."""
    return await node.db.row(
        "SELECT a.* FROM announcement a WHERE a.id = ? AND a.published_at IS NOT NULL"
        " AND (a.ends_at IS NULL OR a.ends_at > ?)",
        number,
        node.clock(),
    )


async def everything(reader: Reader) -> Sequence[Row]:
    """All announcements, also those to come and those that ended, newest first."""
    return await reader.rows("SELECT a.* FROM announcement a ORDER BY a.id DESC")


async def by_id(reader: Reader, number: int) -> Row | None:
    """An announcement, published or not."""
    return await reader.row("SELECT a.* FROM announcement a WHERE a.id = ?", number)


async def dismiss(tx: Transaction, number: int, account_id: int) -> None:
    """Take note that an account has read it; idempotent."""
    await tx.execute(
        "INSERT INTO announcement_dismissal (announcement_id, account_id) VALUES (?, ?)"
        " ON CONFLICT (announcement_id, account_id) DO NOTHING",
        number,
        account_id,
    )


async def react(node: Node, tx: Transaction, number: int, account_id: int, name: str) -> None:
    """React once with an emoji; Invalid for what is none and for one kind too many."""
    if not is_emoji(name) and not await _is_ours(tx, name):
        raise Invalid("announcement.emoji", field="name", came=name)
    kinds = await tx.rows(
        "SELECT DISTINCT name FROM announcement_reaction WHERE announcement_id = ?", number
    )
    known = {row["name"] for row in kinds}
    if name not in known and len(known) >= REACTIONS_MAX:
        raise Invalid("announcement.too_many", field="name", max=str(REACTIONS_MAX))
    await tx.execute(
        "INSERT INTO announcement_reaction (announcement_id, account_id, name, created_at)"
        " VALUES (?, ?, ?, ?) ON CONFLICT (announcement_id, name, account_id) DO NOTHING",
        number,
        account_id,
        name,
        node.clock(),
    )
    node.events.announce(tx, Event("reaction", id=number, word=name))


async def unreact(node: Node, tx: Transaction, number: int, account_id: int, name: str) -> bool:
    """Take a reaction back; False when there was none."""
    gone = await tx.execute(
        "DELETE FROM announcement_reaction WHERE announcement_id = ? AND account_id = ?"
        " AND name = ?",
        number,
        account_id,
        name,
    )
    if gone:
        node.events.announce(tx, Event("reaction", id=number, word=name))
    return gone > 0


async def reactions(reader: Reader, number: int, account_id: int | None) -> list[Mapping[str, Any]]:
    """The reactions to an announcement with their counts, first ones first."""
    rows = await reader.rows(
        "SELECT r.name, COUNT(*) AS count, MIN(r.created_at) AS first_at,"
        " MAX(CASE WHEN r.account_id = ? THEN 1 ELSE 0 END) AS me"
        " FROM announcement_reaction r WHERE r.announcement_id = ?"
        " GROUP BY r.name ORDER BY first_at, r.name",
        account_id or 0,
        number,
    )
    return [{"name": row["name"], "count": row["count"], "me": bool(row["me"])} for row in rows]


def is_emoji(text: str) -> bool:
    """Whether a text is one of Unicode's pictures and nothing else."""
    if not 0 < len(text) <= EMOJI_CHARACTERS_MAX:
        return False
    if text.endswith(_KEYCAP):
        return text[0] in "0123456789#*" and len(text) <= 3
    categories = [unicodedata.category(character) for character in text]
    return categories[0] in ("So", "Sm") and all(name in _EMOJI_CATEGORIES for name in categories)


async def _is_ours(reader: Reader, name: str) -> bool:
    return bool(
        await reader.value(
            "SELECT 1 FROM custom_emoji WHERE shortcode = ? AND NOT is_disabled", name
        )
    )


def _check(draft: Draft) -> None:
    if not draft.text.strip():
        raise Invalid("param.missing", field="text")
    if draft.starts_at and draft.ends_at and draft.ends_at <= draft.starts_at:
        raise Invalid("announcement.ends", field="ends_at")


def _html(node: Node, text: str) -> str:
    return compose(text, {}, node.uris.tag_page("{}")).html
