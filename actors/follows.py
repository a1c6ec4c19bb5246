"""Who follows whom and who does not want to hear of whom, with the counters that go with it.

A follow is pending, then accepted, then gone. Only an accepted one counts, and each counts
once however often an activity about it comes. State only: nothing is sent from here.
"""

from collections.abc import Sequence

import orjson

from actors.relationships import Relationship, relationship_rows
from federation.database import Reader, Row, Transaction
from federation.errors import NotFound, Refused, describe
from federation.node import Node

__all__ = [
    "ACCEPTED",
    "PENDING",
    "Relationship",
    "accept",
    "ask",
    "between",
    "block",
    "find",
    "find_block",
    "find_by_uri",
    "is_blocked",
    "mute",
    "relationship_rows",
    "remove",
    "set_options",
    "unblock",
    "unmute",
]

PENDING, ACCEPTED = "pending", "accepted"

describe(
    {
        "block.self": "An actor cannot block or mute itself.",
        "follow.not_found": "There is no such follow, or request to.",
        "follow.self": "An actor cannot follow itself.",
        "follow.uri_taken": "The follow {came} is between two other actors; give each its own id.",
    }
)


async def find(reader: Reader, follower_id: int, target_id: int) -> Row | None:
    """Return the follow of these two, pending or accepted."""
    return await reader.row(
        "SELECT follow.* FROM follow WHERE follower_id = ? AND target_id = ?",
        follower_id,
        target_id,
    )


async def find_by_uri(reader: Reader, uri: str) -> Row | None:
    """Return the follow with this id; the caller compares its two actors with the sender."""
    return await reader.row("SELECT follow.* FROM follow WHERE uri = ?", uri)


async def between(reader: Reader, one_id: int, other_id: int) -> list[Row]:
    """Return the follows between two actors, in either direction."""
    rows = await reader.rows(
        "SELECT follow.* FROM follow WHERE (follower_id = ? AND target_id = ?)"
        " OR (follower_id = ? AND target_id = ?)",
        one_id,
        other_id,
        other_id,
        one_id,
    )
    return list(rows)


async def ask(
    node: Node, tx: Transaction, follower: Row, target: Row, uri: str, state: str = PENDING
) -> Row:
    """Record that `follower` follows or asks to follow `target`, and return the follow.

    Asked again, an accepted follow stays accepted and takes the newest id, under which the
    other side now knows it (protocol: a repeated Follow is accepted again). Raises Refused
    for oneself and for an id that another pair has.
    """
    if follower["id"] == target["id"]:
        raise Refused("follow.self")
    holder = await find_by_uri(tx, uri)
    pair = (follower["id"], target["id"])
    if holder is not None and (holder["follower_id"], holder["target_id"]) != pair:
        raise Refused("follow.uri_taken", came=uri)
    await tx.execute(
        "INSERT INTO follow (id, follower_id, target_id, uri, state, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (follower_id, target_id) DO UPDATE SET uri = excluded.uri",
        node.ids.next(),
        *pair,
        uri,
        PENDING,
        node.clock(),
    )
    row = await find(tx, *pair)
    if row is None:
        raise NotFound("follow.not_found")
    return await accept(tx, row) if state == ACCEPTED else row


async def accept(tx: Transaction, follow: Row) -> Row:
    """Make a follow count, once; return it as it is now. Gone meanwhile, it stays gone."""
    became = await tx.execute(
        "UPDATE follow SET state = ? WHERE id = ? AND state = ?", ACCEPTED, follow["id"], PENDING
    )
    if became:
        await _count(tx, follow, 1)
    return await find(tx, follow["follower_id"], follow["target_id"]) or follow


async def remove(tx: Transaction, follower_id: int, target_id: int) -> Row | None:
    """End a follow or a request to; return what it was, or None when there was none."""
    follow = await find(tx, follower_id, target_id)
    if follow is None:
        return None
    await tx.execute("DELETE FROM follow WHERE id = ?", follow["id"])
    if follow["state"] == ACCEPTED:
        await _count(tx, follow, -1)
    return follow


async def set_options(
    tx: Transaction,
    follow_id: int,
    *,
    notify: bool | None = None,
    show_reblogs: bool | None = None,
    languages: Sequence[str] | None = None,
) -> None:
    """Change what a follower wants of the other; None leaves it as it is.

    `languages` are the codes of those in which she wants to read, none for all.
    """
    if languages is not None:
        words = orjson.dumps(list(languages)).decode()
        await tx.execute("UPDATE follow SET languages = ? WHERE id = ?", words, follow_id)
    if notify is not None:
        await tx.execute("UPDATE follow SET notify = ? WHERE id = ?", notify, follow_id)
    if show_reblogs is not None:
        sql = "UPDATE follow SET show_reblogs = ? WHERE id = ?"
        await tx.execute(sql, show_reblogs, follow_id)


async def _count(tx: Transaction, follow: Row, step: int) -> None:
    await tx.execute(
        "UPDATE actor SET followers_count = followers_count + ? WHERE id = ?",
        step,
        follow["target_id"],
    )
    await tx.execute(
        "UPDATE actor SET following_count = following_count + ? WHERE id = ?",
        step,
        follow["follower_id"],
    )


async def is_blocked(reader: Reader, one_id: int, other_id: int) -> bool:
    """Say whether either of two actors blocks the other."""
    return bool(
        await reader.value(
            "SELECT 1 FROM block WHERE (actor_id = ? AND target_id = ?)"
            " OR (actor_id = ? AND target_id = ?)",
            one_id,
            other_id,
            other_id,
            one_id,
        )
    )


async def find_block(reader: Reader, actor_id: int, target_id: int) -> Row | None:
    """Return the block that one actor put on another."""
    return await reader.row(
        "SELECT block.* FROM block WHERE actor_id = ? AND target_id = ?", actor_id, target_id
    )


async def block(node: Node, tx: Transaction, actor_id: int, target_id: int, uri: str) -> bool:
    """Record a block and end the follows both ways; say whether it is new.

    Whoever must tell the other side of these follows reads them before (`between`). Raises
    Refused for oneself.
    """
    if actor_id == target_id:
        raise Refused("block.self")
    await remove(tx, actor_id, target_id)
    await remove(tx, target_id, actor_id)
    made = await tx.execute(
        "INSERT INTO block (id, actor_id, target_id, uri, created_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (actor_id, target_id) DO NOTHING",
        node.ids.next(),
        actor_id,
        target_id,
        uri,
        node.clock(),
    )
    return made > 0


async def rename_block(tx: Transaction, actor_id: int, target_id: int, uri: str) -> None:
    """Give a block that stands the id of the latest Block: the next Undo names that one."""
    await tx.execute(
        "UPDATE block SET uri = ? WHERE actor_id = ? AND target_id = ?", uri, actor_id, target_id
    )


def compared_block(actor_uri: str) -> str:
    """The id of a block of somebody elsewhere that was learnt from her site's list of them."""
    return f"{actor_uri}#block"


async def unblock(tx: Transaction, actor_id: int, target_id: int) -> str | None:
    """End a block; return the id of the Block that made it, or None when there was none."""
    row = await find_block(tx, actor_id, target_id)
    if row is None:
        return None
    await tx.execute("DELETE FROM block WHERE id = ?", row["id"])
    return row["uri"]


async def mute(
    node: Node,
    tx: Transaction,
    actor_id: int,
    target_id: int,
    *,
    notifications: bool = True,
    duration_s: int = 0,
) -> None:
    """Hide one actor from another for so many seconds, for good when 0; the last one counts."""
    if actor_id == target_id:
        raise Refused("block.self")
    now = node.clock()
    await tx.execute(
        "INSERT INTO mute (id, actor_id, target_id, notifications, expires_at, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (actor_id, target_id) DO UPDATE SET"
        " notifications = excluded.notifications, expires_at = excluded.expires_at",
        node.ids.next(),
        actor_id,
        target_id,
        notifications,
        now + duration_s * 1000 if duration_s > 0 else None,
        now,
    )


async def unmute(tx: Transaction, actor_id: int, target_id: int) -> bool:
    """End a mute; say whether there was one."""
    sql = "DELETE FROM mute WHERE actor_id = ? AND target_id = ?"
    return await tx.execute(sql, actor_id, target_id) > 0
