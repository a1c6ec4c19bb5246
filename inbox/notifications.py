"""Who is told what: one row for each thing, for people of this node only, once for ever.

Whoever blocks somebody, or mutes somebody's notifications, is not told of what they do.
`status_id` is the status concerned (for a boost: what was boosted); for `admin.report` it is
the report's id, so that two reports by one actor are two notifications.
"""

from collections.abc import Iterable
from typing import Literal

from federation.database import Row, Transaction
from federation.node import Node

Kind = Literal[
    "mention",
    "status",
    "reblog",
    "follow",
    "follow_request",
    "favourite",
    "poll",
    "update",
    "admin.report",
]


async def notify(
    node: Node,
    tx: Transaction,
    recipient_id: int,
    kind: Kind,
    from_actor_id: int,
    status_id: int = 0,
) -> bool:
    """Tell a person of this node, once; say whether she is told now.

    False: she was told before, or does not want to hear of this actor.
    """
    if recipient_id == from_actor_id:
        return False
    now = node.clock()
    made = await tx.execute(
        "INSERT INTO notification (id, recipient_id, type, from_actor_id, status_id, created_at)"
        " SELECT CAST(? AS BIGINT), r.id, CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT),"
        " CAST(? AS BIGINT) FROM actor r"
        " WHERE r.id = ? AND r.is_local AND r.deleted_at IS NULL AND r.suspended_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM block b WHERE b.actor_id = r.id AND b.target_id = ?)"
        " AND NOT EXISTS (SELECT 1 FROM mute m WHERE m.actor_id = r.id AND m.target_id = ?"
        " AND m.notifications AND (m.expires_at IS NULL OR m.expires_at > ?))"
        " ON CONFLICT (recipient_id, type, from_actor_id, status_id) DO NOTHING",
        node.ids.next(),
        kind,
        from_actor_id,
        status_id,
        now,
        recipient_id,
        from_actor_id,
        from_actor_id,
        now,
    )
    return made > 0


async def notify_all(
    node: Node,
    tx: Transaction,
    recipient_ids: Iterable[int],
    kind: Kind,
    from_actor_id: int,
    status_id: int = 0,
) -> None:
    """Tell several people the same."""
    for recipient_id in recipient_ids:
        await notify(node, tx, recipient_id, kind, from_actor_id, status_id)


async def forget(
    tx: Transaction, recipient_id: int, kinds: Iterable[Kind], from_actor_id: int, status_id: int
) -> None:
    """Withdraw notifications of what was taken back."""
    for kind in kinds:
        await tx.execute(
            "DELETE FROM notification WHERE recipient_id = ? AND type = ? AND from_actor_id = ?"
            " AND status_id = ?",
            recipient_id,
            kind,
            from_actor_id,
            status_id,
        )


async def notify_readers(
    node: Node, tx: Transaction, status: Row, *, names_ours: bool = True
) -> None:
    """Tell those whom a new status names, then those who asked to hear of each one.

    `names_ours` False spares the look for people of this node where none can be named.
    A name in a public text counts when its actor was addressed too; in a message to named
    people everybody named is told, also when no tag says so.
    """
    author_id, status_id = status["actor_id"], status["id"]
    told = await _named(tx, status) if names_ours else []
    await notify_all(node, tx, told, "mention", author_id, status_id)
    if status["audience_kind"] == "named" or status["in_reply_to_uri"] is not None:
        return
    asked = await tx.rows(
        "SELECT follower_id FROM follow WHERE target_id = ? AND state = 'accepted' AND notify"
        " ORDER BY follower_id",
        author_id,
    )
    others = [row["follower_id"] for row in asked if row["follower_id"] not in told]
    await notify_all(node, tx, others, "status", author_id, status_id)


async def _named(tx: Transaction, status: Row) -> list[int]:
    rows = await tx.rows(
        "SELECT m.actor_id, m.silent FROM mention m JOIN actor r ON r.id = m.actor_id"
        " WHERE m.status_id = ? AND r.is_local ORDER BY m.actor_id",
        status["id"],
    )
    silent_too = status["audience_kind"] == "named"
    return [row["actor_id"] for row in rows if silent_too or not row["silent"]]
