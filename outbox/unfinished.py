"""What people have begun to write: kept until they publish it or throw it away, and theirs alone.

Two forms with the same draft never overwrite each other: the one that is behind is kept apart.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from federation.database import Reader, Row, Transaction, marks
from federation.errors import Invalid, NotFound, describe
from federation.node import Node

TOTAL_MAX = 100
# The files of a draft go with it only when nobody has touched it for a year.
MEDIA_KEPT_MS = 366 * 86_400_000

describe({"unfinished.too_many": "You have {max} drafts already; delete one first."})


@dataclass(frozen=True, slots=True)
class Saved:
    """Under which key a draft stands now, and its version."""

    key: str
    version: int


def new_key() -> str:
    """What tells one form from the next, so that the same one publishes once."""
    return secrets.token_urlsafe(12)


async def save(node: Node, tx: Transaction, account_id: int, letter: str, before: Saved) -> Saved:
    """Keep `letter` in the place of the version that its form knows; return where it stands.

    When another form has saved since, or has published, it becomes a draft of its own. Raises
    Invalid when there are too many.
    """
    row = await tx.row(
        "SELECT unfinished.* FROM unfinished WHERE account_id = ? AND key = ?",
        account_id,
        before.key,
    )
    if row is not None and row["letter"] == letter:
        return Saved(row["key"], row["version"])
    if row is not None and row["version"] == before.version:
        await tx.execute(
            "UPDATE unfinished SET letter = ?, version = version + 1, updated_at = ? WHERE id = ?",
            letter,
            node.clock(),
            row["id"],
        )
        return Saved(row["key"], row["version"] + 1)
    is_new = row is None and before.version == 0
    return await _insert(node, tx, account_id, letter, before.key if is_new else new_key())


async def _insert(node: Node, tx: Transaction, account_id: int, letter: str, key: str) -> Saved:
    count = await tx.value("SELECT COUNT(*) FROM unfinished WHERE account_id = ?", account_id)
    if count >= TOTAL_MAX:
        raise Invalid("unfinished.too_many", field="status", max=str(TOTAL_MAX))
    now = node.clock()
    await tx.execute(
        "INSERT INTO unfinished (id, account_id, key, letter, version, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, 1, ?, ?)",
        node.ids.next(),
        account_id,
        key,
        letter,
        now,
        now,
    )
    return Saved(key, 1)


async def keep_media(node: Node, tx: Transaction, actor_id: int, media_ids: Sequence[int]) -> None:
    """Let the files of a draft stay as long as it may be taken up again."""
    if media_ids:
        await tx.execute(
            "UPDATE attachment SET kept_until = ? WHERE actor_id = ? AND status_id IS NULL"
            f" AND id IN ({marks(media_ids)})",
            node.clock() + MEDIA_KEPT_MS,
            actor_id,
            *media_ids,
        )


async def all_of(reader: Reader, account_id: int) -> Sequence[Row]:
    """The drafts of an account, the last touched first."""
    return await reader.rows(
        "SELECT unfinished.* FROM unfinished WHERE account_id = ?"
        " ORDER BY updated_at DESC, id DESC",
        account_id,
    )


async def one_of(reader: Reader, account_id: int, key: str) -> Row:
    """One draft of an account; NotFound for anybody else's."""
    row = await reader.row(
        "SELECT unfinished.* FROM unfinished WHERE account_id = ? AND key = ?", account_id, key
    )
    if row is None:
        raise NotFound("record.not_found")
    return row


async def forget(tx: Transaction, account_id: int, key: str) -> None:
    """Throw a draft away, if it is there."""
    await tx.execute("DELETE FROM unfinished WHERE account_id = ? AND key = ?", account_id, key)
