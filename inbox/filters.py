"""The filters of a person: what she does not want to read, and where; known to her alone.

A filter is a title, contexts, an action, keywords and single statuses. Each change raises the
person's version in the same write, so whoever keeps her filters in memory knows when to read
them again. Deciding what matches is `inbox.filter_matching`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from federation.database import Reader, Row, Transaction, marks
from federation.errors import Invalid, NotFound, describe
from federation.events import Event
from federation.node import Node

Context = Literal["home", "notifications", "public", "thread", "account"]
CONTEXTS: tuple[Context, ...] = ("home", "notifications", "public", "thread", "account")
ACTIONS = ("warn", "hide", "blur")
FILTERS_MAX = 100
KEYWORDS_MAX = 500
STATUSES_MAX = 500
TITLE_CHARACTERS_MAX = 256
KEYWORD_CHARACTERS_MAX = 512

describe(
    {
        "filter.too_many": "A person has at most {max} filters.",
        "filter.too_many_keywords": "The filters of a person have at most {max} keywords.",
        "filter.too_many_statuses": "The filters of a person have at most {max} statuses.",
        "filter.shared": "This keyword shares its filter with others; change it with a newer app.",
    }
)

# By table: the field that names what is too much, and how it is said.
_FULL = {
    "filter_keyword": ("keyword", "filter.too_many_keywords"),
    "filter_status": ("status_id", "filter.too_many_statuses"),
}


@dataclass(frozen=True, slots=True)
class KeywordChange:
    """A keyword to add (no id), to change, or to remove."""

    keyword: str | None = None
    whole_word: bool | None = None
    keyword_id: int | None = None
    removes: bool = False


@dataclass(frozen=True, slots=True)
class FilterChange:
    """What is set anew of a filter; None leaves it. `expires_at` counts only if `sets_expiry`."""

    title: str | None = None
    contexts: Sequence[str] | None = None
    action: str | None = None
    sets_expiry: bool = False
    expires_at: int | None = None
    keywords: Sequence[KeywordChange] = ()

    @property
    def touches_filter(self) -> bool:
        """Whether anything beyond keywords is set."""
        return self.sets_expiry or any(
            value is not None for value in (self.title, self.contexts, self.action)
        )


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter with its keywords and statuses."""

    row: Row
    keywords: Sequence[Row]
    statuses: Sequence[Row]


async def filters_of(reader: Reader, actor_id: int) -> list[Filter]:
    """All filters of a person, the oldest first."""
    return await _whole(
        reader,
        await reader.rows(
            "SELECT content_filter.* FROM content_filter WHERE actor_id = ? ORDER BY id", actor_id
        ),
    )


async def filter_of(reader: Reader, actor_id: int, filter_id: int) -> Filter:
    """One of a person's own; NotFound for anybody else's."""
    return (await _whole(reader, [await _own(reader, actor_id, filter_id)]))[0]


async def _whole(reader: Reader, rows: Sequence[Row]) -> list[Filter]:
    if not rows:
        return []
    ids = [row["id"] for row in rows]
    parts: list[dict[int, list[Row]]] = []
    for table in ("filter_keyword", "filter_status"):
        found: dict[int, list[Row]] = {}
        for row in await reader.rows(
            f"SELECT {table}.* FROM {table} WHERE filter_id IN ({marks(ids)}) ORDER BY id", *ids
        ):
            found.setdefault(row["filter_id"], []).append(row)
        parts.append(found)
    keywords, statuses = parts
    return [Filter(row, keywords.get(row["id"], []), statuses.get(row["id"], [])) for row in rows]


async def _own(reader: Reader, actor_id: int, filter_id: int) -> Row:
    row = await reader.row(
        "SELECT content_filter.* FROM content_filter WHERE id = ? AND actor_id = ?",
        filter_id,
        actor_id,
    )
    if row is None:
        raise NotFound("record.not_found")
    return row


async def keyword_of(reader: Reader, actor_id: int, keyword_id: int) -> Row:
    """One of a person's keywords; NotFound for anybody else's."""
    return await _part(reader, "filter_keyword", actor_id, keyword_id)


async def status_filter_of(reader: Reader, actor_id: int, status_filter_id: int) -> Row:
    """One of a person's filtered statuses; NotFound for anybody else's."""
    return await _part(reader, "filter_status", actor_id, status_filter_id)


async def _part(reader: Reader, table: str, actor_id: int, part_id: int) -> Row:
    row = await reader.row(
        f"SELECT p.* FROM {table} p JOIN content_filter c ON c.id = p.filter_id"
        " WHERE p.id = ? AND c.actor_id = ?",
        part_id,
        actor_id,
    )
    if row is None:
        raise NotFound("record.not_found")
    return row


async def create(node: Node, tx: Transaction, actor_id: int, change: FilterChange) -> int:
    """Make a filter and return its id; Invalid when the person has too many."""
    count = await tx.value("SELECT COUNT(*) FROM content_filter WHERE actor_id = ?", actor_id)
    if count >= FILTERS_MAX:
        raise Invalid("filter.too_many", field="title", max=str(FILTERS_MAX))
    filter_id = node.ids.next()
    await tx.execute(
        "INSERT INTO content_filter (id, actor_id, title, contexts, action, expires_at,"
        " created_at) VALUES (?, ?, ?, ?, ?, CAST(? AS BIGINT), ?)",
        filter_id,
        actor_id,
        change.title,
        _joined(change.contexts or ()),
        change.action or "warn",
        change.expires_at,
        node.clock(),
    )
    await _change_keywords(node, tx, actor_id, filter_id, change.keywords)
    await _changed(node, tx, actor_id)
    return filter_id


async def update(
    node: Node, tx: Transaction, actor_id: int, filter_id: int, change: FilterChange
) -> None:
    """Change one of the person's own filters and its keywords; NotFound for what is not hers."""
    row = await _own(tx, actor_id, filter_id)
    await tx.execute(
        "UPDATE content_filter SET title = ?, contexts = ?, action = ?,"
        " expires_at = CAST(? AS BIGINT) WHERE id = ?",
        row["title"] if change.title is None else change.title,
        row["contexts"] if change.contexts is None else _joined(change.contexts),
        change.action or row["action"],
        change.expires_at if change.sets_expiry else row["expires_at"],
        filter_id,
    )
    await _change_keywords(node, tx, actor_id, filter_id, change.keywords)
    await _changed(node, tx, actor_id)


def _joined(contexts: Sequence[str]) -> str:
    return " ".join(context for context in CONTEXTS if context in contexts)


async def delete(node: Node, tx: Transaction, actor_id: int, filter_id: int) -> None:
    """Remove one of the person's own filters with all it holds."""
    await _own(tx, actor_id, filter_id)
    await tx.execute("DELETE FROM content_filter WHERE id = ?", filter_id)
    await _changed(node, tx, actor_id)


async def add_keyword(
    node: Node, tx: Transaction, actor_id: int, filter_id: int, change: KeywordChange
) -> int:
    """Add a keyword to one of the person's own filters and return its id."""
    await _own(tx, actor_id, filter_id)
    keyword_id = await _insert_keyword(node, tx, actor_id, filter_id, change)
    await _changed(node, tx, actor_id)
    return keyword_id


async def change_keyword(node: Node, tx: Transaction, actor_id: int, change: KeywordChange) -> None:
    """Change or remove one of the person's own keywords, whichever filter it is in."""
    row = await keyword_of(tx, actor_id, change.keyword_id or 0)
    await _change_keywords(node, tx, actor_id, row["filter_id"], [change])
    await _changed(node, tx, actor_id)


async def _change_keywords(
    node: Node, tx: Transaction, actor_id: int, filter_id: int, changes: Sequence[KeywordChange]
) -> None:
    for change in changes:
        if change.keyword_id is None:
            if not change.removes:
                await _insert_keyword(node, tx, actor_id, filter_id, change)
            continue
        row = await tx.row(
            "SELECT filter_keyword.* FROM filter_keyword WHERE id = ? AND filter_id = ?",
            change.keyword_id,
            filter_id,
        )
        if row is None:
            raise NotFound("record.not_found")
        if change.removes:
            await tx.execute("DELETE FROM filter_keyword WHERE id = ?", change.keyword_id)
            continue
        await tx.execute(
            "UPDATE filter_keyword SET keyword = ?, whole_word = ? WHERE id = ?",
            row["keyword"] if change.keyword is None else change.keyword,
            bool(row["whole_word"]) if change.whole_word is None else change.whole_word,
            change.keyword_id,
        )


async def _insert_keyword(
    node: Node, tx: Transaction, actor_id: int, filter_id: int, change: KeywordChange
) -> int:
    await _leave_room(tx, "filter_keyword", actor_id, KEYWORDS_MAX)
    assert change.keyword, "a new keyword was found to have its word"
    keyword_id = node.ids.next()
    await tx.execute(
        "INSERT INTO filter_keyword (id, filter_id, keyword, whole_word) VALUES (?, ?, ?, ?)",
        keyword_id,
        filter_id,
        change.keyword,
        change.whole_word is not False,
    )
    return keyword_id


async def add_status(
    node: Node, tx: Transaction, actor_id: int, filter_id: int, status_id: int
) -> int:
    """Filter one status, which the caller found the person to see; the id, also when it was."""
    await _own(tx, actor_id, filter_id)
    await _leave_room(tx, "filter_status", actor_id, STATUSES_MAX)
    await tx.execute(
        "INSERT INTO filter_status (id, filter_id, status_id) VALUES (?, ?, ?)"
        " ON CONFLICT (filter_id, status_id) DO NOTHING",
        node.ids.next(),
        filter_id,
        status_id,
    )
    await _changed(node, tx, actor_id)
    return await tx.value(
        "SELECT id FROM filter_status WHERE filter_id = ? AND status_id = ?", filter_id, status_id
    )


async def remove_status(node: Node, tx: Transaction, actor_id: int, status_filter_id: int) -> None:
    """Filter a status no longer."""
    await status_filter_of(tx, actor_id, status_filter_id)
    await tx.execute("DELETE FROM filter_status WHERE id = ?", status_filter_id)
    await _changed(node, tx, actor_id)


async def _leave_room(tx: Transaction, table: str, actor_id: int, most: int) -> None:
    count = await tx.value(
        f"SELECT COUNT(*) FROM {table} p JOIN content_filter c ON c.id = p.filter_id"
        " WHERE c.actor_id = ?",
        actor_id,
    )
    if count >= most:
        field, code = _FULL[table]
        raise Invalid(code, field=field, max=str(most))


async def _changed(node: Node, tx: Transaction, actor_id: int) -> None:
    await tx.execute(
        "INSERT INTO filter_version (actor_id, version) VALUES (?, 1) ON CONFLICT (actor_id)"
        " DO UPDATE SET version = filter_version.version + 1",
        actor_id,
    )
    node.events.announce(tx, Event("filters", actor_id=actor_id))
