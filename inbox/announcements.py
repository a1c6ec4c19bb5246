"""Announcements: what the site tells everybody who lives in it, at a moment of its choice.

A dismissal and a reaction belong to one account and say nothing to anybody else but a count.
An essential one (evacuation, heat) reaches every device at any hour; it says why, cannot be
prepared, and there are few: what was withdrawn counts, too.
"""

import asyncio
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from federation.database import ID_MAX, Reader, Row, Transaction
from federation.errors import Invalid, TooMany, describe
from federation.events import Event
from federation.node import Node
from inbox.push_texts import ESSENTIAL
from inbox.pushes import queue_essential
from outbox.compose import compose

TEXT_CHARACTERS_MAX = 5_000
# How many different reactions one announcement may have.
REACTIONS_MAX = 8
EMOJI_CHARACTERS_MAX = 20
# As much as a push message shows.
REASON_CHARACTERS_MAX = 140
ESSENTIAL_DAYS = 30
# How far back people and their representatives are told of them.
TOLD_DAYS = 90
DAY_MS = 86_400_000
# How the record of staff's acts names it, from which they are counted.
ESSENTIAL_ACT = "announcement.essential"
LOOK_EVERY_S = 30
_EMOJI_CATEGORIES = frozenset({"So", "Sk", "Sm", "Mn", "Me", "Cf"})
_log = structlog.get_logger(__name__)
_KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"

describe(
    {
        "announcement.emoji": "{came} is no emoji of this site, and none of Unicode.",
        "announcement.too_many": "An announcement has at most {max} different reactions.",
        "announcement.ends": "It ends before it starts.",
        "announcement.reason": "Say in one sentence of at most {max} characters why everybody must"
        " know at once.",
        "announcement.essential_later": "What is essential is published at once.",
        "announcement.essential_new": "An announcement is essential from its beginning or never;"
        " write another one.",
        "announcement.essential_max": "Of essential announcements there may be {max} in {days}"
        " days; publish it as an ordinary one.",
    }
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an announcement says and when; times in ms, `scheduled_at` None for now.

    `essential_reason` is why it is essential; None for an ordinary one.
    """

    text: str
    starts_at: int | None = None
    ends_at: int | None = None
    all_day: bool = False
    scheduled_at: int | None = None
    essential_reason: str | None = None


async def announce(node: Node, tx: Transaction, draft: Draft) -> int:
    """Store an announcement and return its number; published at once unless scheduled.

    An essential one is queued for every device; the caller writes ESSENTIAL_ACT into the record
    within `tx`. Raises TooMany when there were as many as the site allows.
    """
    _check(draft)
    if draft.essential_reason is not None:
        await _check_essential(node, tx, draft)
    number, now = node.ids.next(), node.clock()
    later = draft.scheduled_at is not None and draft.scheduled_at > now
    await tx.execute(
        "INSERT INTO announcement (id, text, content_html, essential_reason, starts_at, ends_at,"
        " all_day, scheduled_at, published_at, created_at, updated_at) VALUES (?, ?, ?,"
        " CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), ?, CAST(? AS BIGINT),"
        " CAST(? AS BIGINT), ?, ?)",
        number,
        draft.text,
        _html(node, draft.text, draft.essential_reason),
        draft.essential_reason,
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
    if draft.essential_reason is not None:
        await queue_essential(node, tx, number)
    return number


async def change(node: Node, tx: Transaction, row: Row, draft: Draft) -> None:
    """Say something else, or at another time; what is published stays so, and why it had to."""
    _check(draft)
    await tx.execute(
        "UPDATE announcement SET text = ?, content_html = ?, starts_at = CAST(? AS BIGINT),"
        " ends_at = CAST(? AS BIGINT), all_day = ?, scheduled_at = CAST(? AS BIGINT),"
        " updated_at = ? WHERE id = ?",
        draft.text,
        _html(node, draft.text, row["essential_reason"]),
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


async def everything(
    reader: Reader, *, before: int | None = None, limit: int = ID_MAX
) -> Sequence[Row]:
    """All announcements, also those to come and those that ended, newest first.

    With `before`, those of lesser ids.
    """
    return await reader.rows(
        "SELECT a.* FROM announcement a WHERE a.id < ? ORDER BY a.id DESC LIMIT ?",
        ID_MAX if before is None else before,
        limit,
    )


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


async def essential_since(reader: Reader, at_ms: int) -> list[int]:
    """When there were essential announcements since a moment, oldest first."""
    rows = await reader.rows(
        "SELECT at_ms FROM audit WHERE action = ? AND at_ms > ? ORDER BY at_ms",
        ESSENTIAL_ACT,
        at_ms,
    )
    return [row["at_ms"] for row in rows]


async def essential_lately(node: Node) -> int:
    """How many essential announcements there were in three months, for everybody to know."""
    return len(await essential_since(node.db, node.clock() - TOLD_DAYS * DAY_MS))


async def _check_essential(node: Node, tx: Transaction, draft: Draft) -> None:
    reason = draft.essential_reason or ""
    if not reason.strip() or "\n" in reason or len(reason) > REASON_CHARACTERS_MAX:
        raise Invalid(
            "announcement.reason", field="essential_reason", max=str(REASON_CHARACTERS_MAX)
        )
    if draft.scheduled_at is not None:
        raise Invalid("announcement.essential_later", field="scheduled_at")
    now, most = node.clock(), node.options.hours.essential
    before = await essential_since(tx, now - ESSENTIAL_DAYS * DAY_MS)
    if len(before) >= most:
        free_at = before[-most] if most else now
        raise TooMany(
            "announcement.essential_max",
            field="essential_reason",
            retry_after_s=ESSENTIAL_DAYS * 86_400 - (now - free_at) // 1000,
            max=str(most),
            days=str(ESSENTIAL_DAYS),
        )


def _html(node: Node, text: str, reason: str | None) -> str:
    page = node.uris.tag_page("{}")
    said = compose(text, {}, page).html
    if reason is None:
        return said
    return (
        f"<p><strong>{ESSENTIAL[node.language]}</strong></p>{compose(reason, {}, page).html}{said}"
    )
