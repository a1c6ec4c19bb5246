"""Threads as each person has them: which she wants no news of, and her messages to named people.

A conversation is one thread of messages for one person of this node. It is kept in the same
write as the message, and only points to it: who may see the message is asked at reading.
"""

from federation.database import Row, Transaction
from federation.events import Event
from federation.node import Node

_NEWER = "excluded.last_status_id > conversation.last_status_id"


async def mute_thread(node: Node, actor: Row, status: Row) -> None:
    """No notifications for this person from the thread of a status, also of what comes later."""

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO thread_mute (actor_id, thread_root_id, created_at) VALUES (?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            actor["id"],
            status["thread_root_id"],
            node.clock(),
        )

    await node.db.write(work)


async def unmute_thread(node: Node, actor: Row, status: Row) -> None:
    """Notifications again from the thread of a status."""

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "DELETE FROM thread_mute WHERE actor_id = ? AND thread_root_id = ?",
            actor["id"],
            status["thread_root_id"],
        )

    await node.db.write(work)


async def keep_conversation(
    node: Node, tx: Transaction, status: Row, *, quietly: bool = False
) -> None:
    """Put a message to named people into the conversation of each of them who lives here.

    Not of those who block its author or mute what she says; a message that is older than what
    a conversation ends with changes nothing in it. Quietly, it is not new to anybody.
    """
    if status["audience_kind"] != "named":
        return
    now = node.clock()
    rows = await tx.rows(
        "SELECT a.id, EXISTS (SELECT 1 FROM thread_mute t WHERE t.actor_id = a.id"
        " AND t.thread_root_id = ?) AS muted"
        " FROM audience_member m JOIN actor a ON a.id = m.actor_id"
        " WHERE m.audience_id = ? AND a.is_local AND a.deleted_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM block b WHERE b.actor_id = a.id AND b.target_id = ?)"
        " AND NOT EXISTS (SELECT 1 FROM mute u WHERE u.actor_id = a.id AND u.target_id = ?"
        " AND u.notifications AND (u.expires_at IS NULL OR u.expires_at > ?))"
        " ORDER BY a.id",
        status["thread_root_id"],
        status["audience_id"],
        status["actor_id"],
        status["actor_id"],
        now,
    )
    for row in rows:
        unread = row["id"] != status["actor_id"] and not row["muted"] and not quietly
        conversation_id = await _put(node, tx, row["id"], status, unread=unread)
        if not quietly:
            node.events.announce(tx, Event("conversation", id=conversation_id, actor_id=row["id"]))


async def _put(node: Node, tx: Transaction, actor_id: int, status: Row, *, unread: bool) -> int:
    return await tx.value(
        "INSERT INTO conversation (id, actor_id, thread_root_id, last_status_id, unread, hidden)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (actor_id, thread_root_id) DO UPDATE SET"
        f" unread = CASE WHEN {_NEWER} THEN excluded.unread ELSE conversation.unread END,"
        f" hidden = CASE WHEN {_NEWER} THEN FALSE ELSE conversation.hidden END,"
        f" last_status_id = CASE WHEN {_NEWER} THEN excluded.last_status_id"
        " ELSE conversation.last_status_id END RETURNING id",
        node.ids.next(),
        actor_id,
        status["thread_root_id"],
        status["id"],
        unread,
        False,
    )


async def drop_from_conversations(tx: Transaction, status: Row) -> None:
    """Let conversations that end with a status, about to go, end with the one before it."""
    if status["audience_kind"] != "named":
        return
    await tx.execute(
        "UPDATE conversation SET last_status_id = COALESCE((SELECT MAX(s.id) FROM status s"
        " JOIN audience_member m ON m.audience_id = s.audience_id"
        " WHERE m.actor_id = conversation.actor_id AND s.audience_kind = 'named'"
        " AND s.thread_root_id = conversation.thread_root_id AND s.id <> ?), 0)"
        " WHERE last_status_id = ?",
        status["id"],
        status["id"],
    )
    await tx.execute("DELETE FROM conversation WHERE last_status_id = 0")


async def join_threads(tx: Transaction, old_root_id: int, new_root_id: int) -> None:
    """A thread turned out to be part of another one: what people had of it goes along."""
    await tx.execute(
        "INSERT INTO thread_mute (actor_id, thread_root_id, created_at)"
        " SELECT actor_id, CAST(? AS BIGINT), created_at FROM thread_mute"
        " WHERE thread_root_id = ? ON CONFLICT DO NOTHING",
        new_root_id,
        old_root_id,
    )
    await tx.execute("DELETE FROM thread_mute WHERE thread_root_id = ?", old_root_id)
    for row in await tx.rows("SELECT * FROM conversation WHERE thread_root_id = ?", old_root_id):
        other = await tx.row(
            "SELECT * FROM conversation WHERE actor_id = ? AND thread_root_id = ?",
            row["actor_id"],
            new_root_id,
        )
        if other is None:
            await tx.execute(
                "UPDATE conversation SET thread_root_id = ? WHERE id = ?", new_root_id, row["id"]
            )
            continue
        await tx.execute("DELETE FROM conversation WHERE id = ?", row["id"])
        await tx.execute(
            "UPDATE conversation SET last_status_id = ?, unread = ?, hidden = ? WHERE id = ?",
            max(row["last_status_id"], other["last_status_id"]),
            bool(row["unread"] or other["unread"]),
            bool(row["hidden"] and other["hidden"]),
            other["id"],
        )


async def mark_conversation(
    node: Node, actor_id: int, conversation_id: int, *, unread: bool
) -> None:
    """Note whether a person has read a conversation of hers."""

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE conversation SET unread = ? WHERE id = ? AND actor_id = ?",
            unread,
            conversation_id,
            actor_id,
        )

    await node.db.write(work)


async def hide_conversation(node: Node, actor_id: int, conversation_id: int) -> None:
    """Keep a conversation out of a person's list until a new message comes; messages stay."""

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE conversation SET hidden = ?, unread = ? WHERE id = ? AND actor_id = ?",
            True,
            False,
            conversation_id,
            actor_id,
        )

    await node.db.write(work)
