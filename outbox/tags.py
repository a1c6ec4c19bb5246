"""Tags: found by name, followed, featured on a profile, and how much each is used.

Use is counted in posts for everybody or for the whole site, and of these only in what the
reader may see: a figure never tells of a post that she could not open.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from federation.database import Reader, Row, Transaction, marks
from federation.errors import Invalid, NotFound, describe
from federation.node import Node
from outbox.compose import fold_tag
from outbox.visibility import Person, Who, may_see_sql

FOLLOWED_MAX = 100
FEATURED_MAX = 10
DAY_MS = 86_400_000
HISTORY_DAYS = 7

_NAME = re.compile(r"\w{1,100}")

describe(
    {
        "tag.name": "{came} is no tag; write letters, digits and underscores, not digits alone.",
        "tag.follows_max": "You follow {expected} tags already.",
        "tag.featured_max": "You feature {expected} tags already.",
        "tag.featured_twice": "You feature this tag already.",
    }
)


@dataclass(frozen=True, slots=True)
class Day:
    """How much a tag or link was used on one day (UTC), and by how many different authors."""

    start_s: int
    uses: int
    authors: int


def site_kinds(who: Who) -> tuple[str, ...]:
    """The audiences that the whole site reads, as far as they are this reader's too."""
    member = isinstance(who, Person) and not who.is_guest
    return ("public", "site") if member else ("public",)


def read_name(text: str) -> str | None:
    """The folded name of a tag, with or without `#`; None for what cannot be one."""
    bare = text.strip().lstrip("#")
    return fold_tag(bare) if _NAME.fullmatch(bare) and not bare.isdigit() else None


def checked_name(text: str, field: str) -> str:
    """As `read_name`; raises Invalid naming `field`."""
    name = read_name(text)
    if name is None:
        raise Invalid("tag.name", field=field, came=text[:100])
    return name


async def find(reader: Reader, name: str) -> Row | None:
    """The tag with this folded name, if anybody ever used or followed it."""
    return await reader.row("SELECT * FROM tag WHERE name = ?", name)


async def ensure(node: Node, tx: Transaction, name: str) -> Row:
    """The tag with this folded name, made when it is new."""
    await tx.execute(
        "INSERT INTO tag (id, name) VALUES (?, ?) ON CONFLICT DO NOTHING", node.ids.next(), name
    )
    row = await find(tx, name)
    assert row is not None, "inserted above"
    return row


async def follow(node: Node, tx: Transaction, actor_id: int, tag_id: int) -> None:
    """Let a person read a tag in her home timeline; once, Invalid beyond FOLLOWED_MAX."""
    count = await tx.value("SELECT COUNT(*) FROM tag_follow WHERE actor_id = ?", actor_id)
    if count >= FOLLOWED_MAX:
        raise Invalid("tag.follows_max", field="id", expected=str(FOLLOWED_MAX))
    await tx.execute(
        "INSERT INTO tag_follow (id, actor_id, tag_id, created_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (actor_id, tag_id) DO NOTHING",
        node.ids.next(),
        actor_id,
        tag_id,
        node.clock(),
    )


async def unfollow(tx: Transaction, actor_id: int, tag_id: int) -> None:
    """Read a tag no longer."""
    await tx.execute("DELETE FROM tag_follow WHERE actor_id = ? AND tag_id = ?", actor_id, tag_id)


async def feature(
    node: Node, tx: Transaction, actor_id: int, tag_id: int, *, once: bool = False
) -> int:
    """Show a tag on a profile and return the id of this entry.

    Raises Invalid beyond FEATURED_MAX, and with `once` when it is there already.
    """
    known = await tx.value(
        "SELECT id FROM featured_tag WHERE actor_id = ? AND tag_id = ?", actor_id, tag_id
    )
    if known is not None:
        if once:
            raise Invalid("tag.featured_twice", field="name")
        return known
    count = await tx.value("SELECT COUNT(*) FROM featured_tag WHERE actor_id = ?", actor_id)
    if count >= FEATURED_MAX:
        raise Invalid("tag.featured_max", field="name", expected=str(FEATURED_MAX))
    entry_id = node.ids.next()
    await tx.execute(
        "INSERT INTO featured_tag (id, actor_id, tag_id, created_at) VALUES (?, ?, ?, ?)",
        entry_id,
        actor_id,
        tag_id,
        node.clock(),
    )
    return entry_id


async def unfeature(tx: Transaction, actor_id: int, tag_id: int) -> None:
    """Show a tag on a profile no longer."""
    await tx.execute("DELETE FROM featured_tag WHERE actor_id = ? AND tag_id = ?", actor_id, tag_id)


async def unfeature_entry(tx: Transaction, actor_id: int, entry_id: int) -> None:
    """Remove one of a person's entries; NotFound for anybody else's."""
    gone = await tx.execute(
        "DELETE FROM featured_tag WHERE id = ? AND actor_id = ?", entry_id, actor_id
    )
    if not gone:
        raise NotFound("record.not_found")


async def featured(reader: Reader, who: Who, actor_id: int) -> Sequence[Row]:
    """The tags on a profile, each with `uses` and `last_at` among what `who` may see."""
    kinds = (*site_kinds(who), "unlisted")
    condition, args = may_see_sql(who, "s")
    return await reader.rows(
        "SELECT f.id, t.name, COUNT(s.id) AS uses, MAX(s.published_at) AS last_at"
        " FROM featured_tag f JOIN tag t ON t.id = f.tag_id"
        " LEFT JOIN (SELECT s.id, s.published_at, x.tag_id FROM status_tag x"
        " JOIN status s ON s.id = x.status_id WHERE s.actor_id = ?"
        f" AND s.audience_kind IN ({marks(kinds)}) AND {condition}) s ON s.tag_id = f.tag_id"
        " WHERE f.actor_id = ? GROUP BY f.id, t.name ORDER BY COUNT(s.id) DESC, t.name",
        actor_id,
        *kinds,
        *args,
        actor_id,
    )


async def used_lately(reader: Reader, actor_id: int, count: int) -> Sequence[Row]:
    """The tags a person used last and does not feature yet."""
    return await reader.rows(
        "SELECT t.id, t.name FROM tag t JOIN status_tag x ON x.tag_id = t.id"
        " JOIN status s ON s.id = x.status_id WHERE s.actor_id = ?"
        " AND NOT EXISTS (SELECT 1 FROM featured_tag f WHERE f.actor_id = ? AND f.tag_id = t.id)"
        " GROUP BY t.id, t.name ORDER BY MAX(s.id) DESC LIMIT ?",
        actor_id,
        actor_id,
        count,
    )


async def histories(
    reader: Reader, who: Who, tag_ids: Sequence[int], now_ms: int
) -> dict[int, list[Day]]:
    """The last seven days of each tag, today first."""
    days = last_days(now_ms)
    kinds = site_kinds(who)
    condition, args = may_see_sql(who, "s")
    rows = await reader.rows(
        f"SELECT x.tag_id, s.id / {DAY_MS << 16} AS day, COUNT(*) AS uses,"
        " COUNT(DISTINCT s.actor_id) AS authors"
        " FROM status_tag x JOIN status s ON s.id = x.status_id"
        f" WHERE x.tag_id IN ({marks(tag_ids)}) AND x.status_id >= ?"
        f" AND s.audience_kind IN ({marks(kinds)}) AND {condition}"
        f" GROUP BY x.tag_id, s.id / {DAY_MS << 16}",
        *tag_ids,
        first_id(now_ms),
        *kinds,
        *args,
    )
    used = {(row["tag_id"], row["day"]): row for row in rows}
    found: dict[int, list[Day]] = {}
    for tag_id in tag_ids:
        found[tag_id] = []
        for day in days:
            row = used.get((tag_id, day))
            uses, authors = (row["uses"], row["authors"]) if row else (0, 0)
            found[tag_id].append(Day(day * DAY_MS // 1000, uses, authors))
    return found


def last_days(now_ms: int) -> list[int]:
    """The last seven days as numbers since 1970, today first."""
    today = now_ms // DAY_MS
    return [today - back for back in range(HISTORY_DAYS)]


def first_id(now_ms: int) -> int:
    """The lowest id that a status of these seven days can have."""
    return (last_days(now_ms)[-1] * DAY_MS) << 16
