"""A person's lists of those she follows: hers alone, nobody learns that they stand on one.

A member hangs on the follow by which it got there: whoever is followed no longer is on no list.
"""

from collections.abc import Sequence
from typing import Any, TypedDict

from federation.database import Reader, Row, Transaction, marks
from federation.errors import Invalid, NotFound, describe
from federation.node import Node

LISTS_MAX = 50
TITLE_CHARACTERS_MAX = 255
REPLIES_POLICIES = ("followed", "list", "none")

describe(
    {
        "list.title": "A list needs a title of at most {expected} characters.",
        "list.too_many": "You have {expected} lists already; delete one first.",
        "list.member_twice": "This account is on the list already.",
    }
)


class ListChanges(TypedDict, total=False):
    """What a person sets of a list."""

    title: str
    replies_policy: str
    exclusive: bool


async def owned(reader: Reader, actor_id: int) -> Sequence[Row]:
    """The lists of a person, oldest first."""
    return await reader.rows("SELECT * FROM list WHERE actor_id = ? ORDER BY id", actor_id)


async def owned_one(reader: Reader, actor_id: int, list_id: int) -> Row:
    """One list of a person; NotFound also for somebody else's."""
    row = await reader.row("SELECT * FROM list WHERE id = ? AND actor_id = ?", list_id, actor_id)
    if row is None:
        raise NotFound("record.not_found")
    return row


async def holding(reader: Reader, actor_id: int, member_id: int) -> Sequence[Row]:
    """The lists of a person on which `member_id` stands."""
    return await reader.rows(
        "SELECT l.* FROM list l JOIN list_member m ON m.list_id = l.id"
        " WHERE l.actor_id = ? AND m.actor_id = ? ORDER BY l.id",
        actor_id,
        member_id,
    )


async def create(node: Node, tx: Transaction, actor_id: int, changes: ListChanges) -> Row:
    """Make a list; Invalid naming `title` when it has none, or there are too many lists."""
    title = _title(changes.get("title", ""))
    count = await tx.value("SELECT COUNT(*) FROM list WHERE actor_id = ?", actor_id)
    if count >= LISTS_MAX:
        raise Invalid("list.too_many", field="title", expected=str(LISTS_MAX))
    list_id = node.ids.next()
    await tx.execute(
        "INSERT INTO list (id, actor_id, title, replies_policy, exclusive, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        list_id,
        actor_id,
        title,
        changes.get("replies_policy", "list"),
        changes.get("exclusive", False),
        node.clock(),
    )
    return await owned_one(tx, actor_id, list_id)


async def change(tx: Transaction, row: Row, changes: ListChanges) -> Row:
    """Change what `changes` names and return the list; Invalid naming `title`."""
    columns: dict[str, Any] = dict(changes)
    if "title" in columns:
        columns["title"] = _title(columns["title"])
    if columns:
        settings = ", ".join(f"{name} = ?" for name in columns)
        await tx.execute(f"UPDATE list SET {settings} WHERE id = ?", *columns.values(), row["id"])
    return await owned_one(tx, row["actor_id"], row["id"])


async def delete(tx: Transaction, row: Row) -> None:
    """Delete a list; who stood on it is followed as before."""
    await tx.execute("DELETE FROM list WHERE id = ?", row["id"])


async def add(node: Node, tx: Transaction, row: Row, member_ids: Sequence[int]) -> None:
    """Put people on a list, all or none.

    Raises NotFound for whoever the owner neither follows nor asked to follow, nor is; Invalid
    naming `account_ids` for who is on it already.
    """
    if not member_ids:
        return
    listed = marks(member_ids)
    follows = await tx.rows(
        f"SELECT id, target_id FROM follow WHERE follower_id = ? AND target_id IN ({listed})",
        row["actor_id"],
        *member_ids,
    )
    by_target: dict[int, int | None] = {follow["target_id"]: follow["id"] for follow in follows}
    by_target[row["actor_id"]] = None
    if any(member_id not in by_target for member_id in member_ids):
        raise NotFound("record.not_found")
    present = await tx.value(
        f"SELECT 1 FROM list_member WHERE list_id = ? AND actor_id IN ({listed})",
        row["id"],
        *member_ids,
    )
    if present:
        raise Invalid("list.member_twice", field="account_ids")
    await tx.many(
        "INSERT INTO list_member (id, list_id, actor_id, follow_id) VALUES (?, ?, ?, ?)",
        [(node.ids.next(), row["id"], one, by_target[one]) for one in member_ids],
    )


async def remove(tx: Transaction, row: Row, member_ids: Sequence[int]) -> None:
    """Take people off a list; who is not on it is passed over."""
    await tx.execute(
        f"DELETE FROM list_member WHERE list_id = ? AND actor_id IN ({marks(member_ids)})",
        row["id"],
        *member_ids,
    )


async def move_member(
    node: Node, tx: Transaction, list_ids: Sequence[int], member_id: int, follow_id: int
) -> None:
    """Put somebody's new address on the lists where the old one stood."""
    await tx.many(
        "INSERT INTO list_member (id, list_id, actor_id, follow_id) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (list_id, actor_id) DO NOTHING",
        [(node.ids.next(), list_id, member_id, follow_id) for list_id in list_ids],
    )


def _title(text: str) -> str:
    title = text.strip()
    if not title or len(title) > TITLE_CHARACTERS_MAX:
        raise Invalid("list.title", field="title", expected=str(TITLE_CHARACTERS_MAX))
    return title
