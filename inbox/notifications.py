"""Who is told what: one row for each thing, for people of this node only, once for ever.

Whoever blocks somebody, mutes somebody's notifications or a thread, or blocks a domain, is not
told of what is done there; her policy may hold back or drop the rest. `status_id` is the status
concerned (for a boost: what was boosted), else the report, the strike or the severance, so that
two reports by one actor are two notifications.
"""

from collections.abc import Iterable
from typing import Literal

from federation.database import Row, Transaction
from federation.events import Event
from federation.node import Node
from inbox.notification_groups import key_for
from inbox.notification_policy import judge
from inbox.pushes import Alert, queue_pushes

Kind = Alert | Literal["severed_relationships", "moderation_warning"]
# What the node itself says: from nobody in particular, or to those whose task it is to know.
OFFICIAL = frozenset(
    {"admin.sign_up", "admin.report", "severed_relationships", "moderation_warning"}
)
ABOUT_ONESELF = frozenset({"poll", "severed_relationships", "moderation_warning"})

# Any of these keeps `r` from being told what `f` does about the status `s` at `t.now_ms`.
SILENCES = (
    "SELECT 1 FROM block b WHERE b.actor_id = r.id AND b.target_id = f.id",
    (
        "SELECT 1 FROM mute m WHERE m.actor_id = r.id AND m.target_id = f.id AND m.notifications"
        " AND (m.expires_at IS NULL OR m.expires_at > t.now_ms)"
    ),
    "SELECT 1 FROM thread_mute q WHERE q.actor_id = r.id AND q.thread_root_id = s.thread_root_id",
    (
        "SELECT 1 FROM domain_block d WHERE d.actor_id = r.id AND d.domain = f.handle_host"
        " AND NOT f.is_local"
    ),
)
_SOUND = "".join(f" AND NOT EXISTS ({silence})" for silence in SILENCES)
_TELL = (
    "INSERT INTO notification (id, recipient_id, type, from_actor_id, status_id, group_key,"
    " filtered, created_at)"
    " SELECT CAST(? AS BIGINT), r.id, CAST(? AS TEXT), f.id, CAST(? AS BIGINT), CAST(? AS TEXT),"
    " CAST(? AS BOOLEAN), t.now_ms FROM (SELECT CAST(? AS BIGINT) AS now_ms) t"
    " JOIN actor r ON r.id = ? JOIN actor f ON f.id = ? LEFT JOIN status s ON s.id = ?"
    " WHERE r.is_local AND r.deleted_at IS NULL AND r.suspended_at IS NULL{sound}"
    " ON CONFLICT (recipient_id, type, from_actor_id, status_id) DO NOTHING"
)


async def notify(
    node: Node,
    tx: Transaction,
    recipient_id: int,
    kind: Kind,
    from_actor_id: int,
    status_id: int = 0,
) -> bool:
    """Tell a person of this node, once; say whether she is told now.

    False: she was told before, does not want to hear of this, or it is held back for her.
    """
    if recipient_id == from_actor_id and kind not in ABOUT_ONESELF:
        return False
    verdict = await judge(node, tx, recipient_id, kind, from_actor_id, status_id)
    if verdict == "drop":
        return False
    now, notification_id, held = node.clock(), node.ids.next(), verdict == "filter"
    group = None if held else await key_for(tx, recipient_id, kind, status_id, now)
    made = await tx.execute(
        _TELL.format(sound="" if kind in OFFICIAL else _SOUND),
        notification_id,
        kind,
        status_id,
        group,
        held,
        now,
        recipient_id,
        from_actor_id,
        status_id,
    )
    if made and not held:
        node.events.announce(tx, Event("notification", id=notification_id, actor_id=recipient_id))
        await queue_pushes(node, tx, notification_id, recipient_id, kind)
    return made > 0 and not held


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


async def notify_severed(
    node: Node,
    tx: Transaction,
    recipient_id: int,
    kind: Literal["domain_block", "user_domain_block", "account_suspension"],
    target_name: str,
    *,
    followers_count: int,
    following_count: int,
) -> None:
    """Tell a person that a decision ended relations of hers with a domain or an account."""
    event_id = node.ids.next()
    await tx.execute(
        "INSERT INTO severance (id, actor_id, kind, target_name, followers_count,"
        " following_count, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        event_id,
        recipient_id,
        kind,
        target_name,
        followers_count,
        following_count,
        node.clock(),
    )
    await notify(node, tx, recipient_id, "severed_relationships", recipient_id, event_id)


async def notify_warned(node: Node, tx: Transaction, recipient_id: int, strike_id: int) -> None:
    """Tell a person what staff did about her, as the strike says."""
    await notify(node, tx, recipient_id, "moderation_warning", recipient_id, strike_id)


async def notify_readers(
    node: Node, tx: Transaction, status: Row, *, names_ours: bool = True
) -> None:
    """Tell those whom a new status names, then those who asked to hear of each one.

    `names_ours` False spares the look for people of this node where none can be named.
    A name in a public text counts when its actor was addressed too; in a message to named
    people everybody named is told, also when no tag says so.
    """
    author_id, status_id = status["actor_id"], status["id"]
    told = await named_here(tx, status) if names_ours else []
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


async def named_here(tx: Transaction, status: Row) -> list[int]:
    """The people of this node who are told that a status names them."""
    rows = await tx.rows(
        "SELECT m.actor_id, m.silent FROM mention m JOIN actor r ON r.id = m.actor_id"
        " WHERE m.status_id = ? AND r.is_local ORDER BY m.actor_id",
        status["id"],
    )
    silent_too = status["audience_kind"] == "named"
    return [row["actor_id"] for row in rows if silent_too or not row["silent"]]
