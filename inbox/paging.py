"""One page of statuses, as Mastodon's clients ask for it: exclusive ids, newest first.

`since_id` asks for the newest down to an id, `min_id` for those that follow the id at once;
both are answered newest first. The limit is clamped, never refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from federation.database import ID_MAX, Reader, Row
from outbox.visibility import Person, Who

LIMIT_DEFAULT = 20
LIMIT_MAX = 40


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for."""

    limit: int = LIMIT_DEFAULT
    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None

    @property
    def rows_max(self) -> int:
        """The limit within 1 to 40."""
        return max(1, min(self.limit, LIMIT_MAX))


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of a WHERE clause with its arguments in order."""

    sql: str
    args: Sequence[Any] = ()

    def __and__(self, other: "Condition") -> "Condition":
        """Both hold."""
        return Condition(f"{self.sql} AND {other.sql}", [*self.args, *other.args])


TRUE = Condition("1 = 1")


def within(page: Page, column: str) -> Condition:
    """The bounds of a page on an id column."""
    found = TRUE
    # What an app sends beyond the highest id would not fit the column.
    for word, bound in (("<", page.max_id), (">", page.since_id), (">", page.min_id)):
        if bound is not None:
            found &= Condition(f"{column} {word} ?", [max(0, min(bound, ID_MAX))])
    return found


async def read_page(
    reader: Reader,
    source: str,
    where: Condition,
    page: Page,
    column: str = "s.id",
    columns: str = "s.*",
) -> list[Row]:
    """Statuses `s` from `source` that meet `where`, on this page, newest first.

    `column` is what the page is bounded by, `columns` what is read of each status.
    """
    ascending = page.min_id is not None
    bounded = where & within(page, column)
    rows = await reader.rows(
        f"SELECT {columns} FROM {source} WHERE {bounded.sql}"
        f" ORDER BY {column} {'ASC' if ascending else 'DESC'} LIMIT ?",
        *bounded.args,
        page.rows_max,
    )
    return list(reversed(rows)) if ascending else list(rows)


def merged(pages: Sequence[Sequence[Row]], page: Page) -> list[Row]:
    """One page out of several, each newest first and complete within the same bounds."""
    rows = sorted((row for rows in pages for row in rows), key=lambda row: row["id"], reverse=True)
    return rows[-page.rows_max :] if page.min_id is not None else rows[: page.rows_max]


async def hidden_ids(reader: Reader, who: Who, now_ms: int) -> list[int]:
    """The actors that a person does not want to read, or who do not want her to."""
    if not isinstance(who, Person):
        return []
    rows = await reader.rows(
        "SELECT target_id AS id FROM block WHERE actor_id = ?"
        " UNION SELECT actor_id FROM block WHERE target_id = ?"
        " UNION SELECT target_id FROM mute WHERE actor_id = ?"
        " AND (expires_at IS NULL OR expires_at > ?)",
        who.actor_id,
        who.actor_id,
        who.actor_id,
        now_ms,
    )
    return [row["id"] for row in rows]
