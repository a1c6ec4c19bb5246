"""What one actor is to others, all at once: follows, blocks and mutes in three queries."""

from typing import TypedDict

from federation.database import Reader, Row, marks
from federation.node import system_clock


class Relationship(TypedDict):
    """What one actor is to another, in the words of the Mastodon API; ids are ours, times ms."""

    id: int
    following: bool
    showing_reblogs: bool
    notifying: bool
    languages: str
    followed_by: bool
    requested: bool
    requested_by: bool
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool
    muting_expires_at: int | None


async def relationship_rows(
    reader: Reader, viewer_id: int, ids: list[int], now_ms: int | None = None
) -> list[Relationship]:
    """Return what the viewer is to each of these actors, in their order, by three queries."""
    if not ids:
        return []
    now_ms = system_clock() if now_ms is None else now_ms
    listed = marks(ids)
    both = (viewer_id, *ids, viewer_id, *ids)
    follows = await reader.rows(
        "SELECT follower_id, target_id, state, show_reblogs, notify, languages FROM follow"
        f" WHERE (follower_id = ? AND target_id IN ({listed}))"
        f" OR (target_id = ? AND follower_id IN ({listed}))",
        *both,
    )
    blocks = await reader.rows(
        f"SELECT actor_id, target_id FROM block WHERE (actor_id = ? AND target_id IN ({listed}))"
        f" OR (target_id = ? AND actor_id IN ({listed}))",
        *both,
    )
    mutes = await reader.rows(
        "SELECT target_id, notifications, expires_at FROM mute WHERE actor_id = ?"
        f" AND target_id IN ({listed}) AND (expires_at IS NULL OR expires_at > ?)",
        viewer_id,
        *ids,
        now_ms,
    )
    outgoing = {row["target_id"]: row for row in follows if row["follower_id"] == viewer_id}
    incoming = {row["follower_id"]: row for row in follows if row["target_id"] == viewer_id}
    blocked = {row["target_id"] for row in blocks if row["actor_id"] == viewer_id}
    blocked_by = {row["actor_id"] for row in blocks if row["target_id"] == viewer_id}
    muted = {row["target_id"]: row for row in mutes}
    return [
        _relationship(
            other, outgoing.get(other), incoming.get(other), muted.get(other), blocked, blocked_by
        )
        for other in ids
    ]


def _relationship(
    other: int,
    to: Row | None,
    back: Row | None,
    mute: Row | None,
    blocked: set[int],
    blocked_by: set[int],
) -> Relationship:
    following = to is not None and to["state"] == "accepted"
    return Relationship(
        id=other,
        following=following,
        showing_reblogs=to is not None and following and bool(to["show_reblogs"]),
        notifying=to is not None and following and bool(to["notify"]),
        languages=to["languages"] if to is not None else "[]",
        followed_by=back is not None and back["state"] == "accepted",
        requested=to is not None and to["state"] == "pending",
        requested_by=back is not None and back["state"] == "pending",
        blocking=other in blocked,
        blocked_by=other in blocked_by,
        muting=mute is not None,
        muting_notifications=mute is not None and bool(mute["notifications"]),
        muting_expires_at=mute["expires_at"] if mute is not None else None,
    )
