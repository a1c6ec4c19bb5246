"""Reports as those who may read them find and work on them; filing one is `inbox.moderation`.

A report shows the statuses it names even to somebody who could not have seen them, to nobody
else, and only while it exists: whoever reports a private post hands it over.
"""

from collections.abc import Sequence

import orjson

from federation.database import Reader, Row, Transaction
from federation.errors import Invalid
from federation.node import Node
from inbox.paging import Page, within

NOTE_CHARACTERS_MAX = 2_000


async def listing(
    reader: Reader,
    page: Page,
    *,
    resolved: bool = False,
    reporter_id: int | None = None,
    target_id: int | None = None,
) -> Sequence[Row]:
    """One page of reports, open ones unless `resolved`, by reporter or by whom they are about."""
    state = "IS NOT NULL" if resolved else "IS NULL"
    conditions, args = [f"action_taken_at {state}"], list[int]()
    for column, value in (("actor_id", reporter_id), ("target_id", target_id)):
        if value is not None:
            conditions.append(f"{column} = ?")
            args.append(value)
    bound = within(page, "id")
    order = "ASC" if page.min_id is not None else "DESC"
    rows = await reader.rows(
        f"SELECT report.* FROM report WHERE {' AND '.join(conditions)} AND {bound.sql}"
        f" ORDER BY id {order} LIMIT ?",
        *args,
        *bound.args,
        page.limit,
    )
    return rows if order == "DESC" else rows[::-1]


async def by_id(reader: Reader, report_id: int) -> Row | None:
    """A report by its number."""
    return await reader.row("SELECT report.* FROM report WHERE id = ?", report_id)


def numbers(text: str) -> list[int]:
    """The ids of a list as it is stored."""
    return orjson.loads(text)


async def describe_again(
    node: Node, tx: Transaction, report_id: int, category: str, rule_ids: Sequence[int]
) -> None:
    """Change what a report is said to be about."""
    await tx.execute(
        "UPDATE report SET category = ?, rule_ids = ?, updated_at = ? WHERE id = ?",
        category,
        orjson.dumps(list(rule_ids)).decode(),
        node.clock(),
        report_id,
    )


async def assign(node: Node, tx: Transaction, report_id: int, staff_id: int | None) -> None:
    """Give a report to somebody of staff, or to nobody."""
    await tx.execute(
        "UPDATE report SET assigned_id = CAST(? AS BIGINT), updated_at = ? WHERE id = ?",
        staff_id,
        node.clock(),
        report_id,
    )


async def resolve(node: Node, tx: Transaction, report_id: int, staff_id: int) -> None:
    """Close a report; one that is closed keeps its moment."""
    now = node.clock()
    await tx.execute(
        "UPDATE report SET action_taken_at = ?, action_taken_by_id = ?, updated_at = ?"
        " WHERE id = ? AND action_taken_at IS NULL",
        now,
        staff_id,
        now,
        report_id,
    )


async def reopen(node: Node, tx: Transaction, report_id: int) -> None:
    """Open a report again."""
    await tx.execute(
        "UPDATE report SET action_taken_at = NULL, action_taken_by_id = NULL, updated_at = ?"
        " WHERE id = ?",
        node.clock(),
        report_id,
    )


async def mark_forwarded(node: Node, tx: Transaction, report_id: int) -> None:
    """Keep that a report went to the other site."""
    await tx.execute(
        "UPDATE report SET is_forwarded = TRUE, updated_at = ? WHERE id = ?",
        node.clock(),
        report_id,
    )


async def add_note(node: Node, tx: Transaction, report_id: int, author_id: int, text: str) -> None:
    """Write down something about a report, for those who work on it; Invalid for nothing."""
    if not text.strip():
        raise Invalid("param.missing", field="note")
    await tx.execute(
        "INSERT INTO report_note (id, report_id, author_id, text, created_at)"
        " VALUES (?, ?, ?, ?, ?)",
        node.ids.next(),
        report_id,
        author_id,
        text.strip()[:NOTE_CHARACTERS_MAX],
        node.clock(),
    )


async def notes(reader: Reader, report_id: int) -> Sequence[Row]:
    """What those who work on a report wrote down, oldest first, with `author`."""
    return await reader.rows(
        "SELECT report_note.*, COALESCE(NULLIF(actor.display_name, ''), actor.username) AS author"
        " FROM report_note LEFT JOIN actor ON actor.id = author_id"
        " WHERE report_id = ? ORDER BY report_note.id",
        report_id,
    )
