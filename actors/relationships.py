"""What one actor is to others, all at once: four queries, however many others."""

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
    domain_blocking: bool
    endorsed: bool
    note: str


async def relationship_rows(
    reader: Reader, viewer_id: int, ids: list[int], now_ms: int | None = None
) -> list[Relationship]:
    """Return what the viewer is to each of these actors, in their order, by four queries."""
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
    said = await _said(reader, viewer_id, ids)
    outgoing = {row["target_id"]: row for row in follows if row["follower_id"] == viewer_id}
    incoming = {row["follower_id"]: row for row in follows if row["target_id"] == viewer_id}
    blocked = {row["target_id"] for row in blocks if row["actor_id"] == viewer_id}
    blocked_by = {row["actor_id"] for row in blocks if row["target_id"] == viewer_id}
    muted = {row["target_id"]: row for row in mutes}
    return [
        Relationship(
            **_follows(outgoing.get(other), incoming.get(other)),
            **_mute(muted.get(other)),
            **said.get(other, _NOTHING_SAID),
            id=other,
            blocking=other in blocked,
            blocked_by=other in blocked_by,
        )
        for other in ids
    ]


class _Said(TypedDict):
    domain_blocking: bool
    endorsed: bool
    note: str


_NOTHING_SAID = _Said(domain_blocking=False, endorsed=False, note="")


async def _said(reader: Reader, viewer_id: int, ids: list[int]) -> dict[int, _Said]:
    """What the viewer set about each of these besides, for those about whom there is something."""
    listed = marks(ids)
    rows = await reader.rows(
        "SELECT a.id, 'domain' AS kind, '' AS words FROM domain_block d"
        f" JOIN actor a ON a.handle_host = d.domain WHERE d.actor_id = ? AND a.id IN ({listed})"
        " AND NOT a.is_local UNION ALL SELECT target_id, 'endorsed', '' FROM endorsement"
        f" WHERE actor_id = ? AND target_id IN ({listed}) UNION ALL"
        " SELECT target_id, 'note', comment FROM private_note"
        f" WHERE actor_id = ? AND target_id IN ({listed})",
        *(viewer_id, *ids, viewer_id, *ids, viewer_id, *ids),
    )
    found: dict[int, _Said] = {}
    for row in rows:
        said = found.setdefault(row["id"], _NOTHING_SAID.copy())
        match row["kind"]:
            case "domain":
                said["domain_blocking"] = True
            case "endorsed":
                said["endorsed"] = True
            case _:
                said["note"] = row["words"]
    return found


class _Follows(TypedDict):
    following: bool
    showing_reblogs: bool
    notifying: bool
    languages: str
    followed_by: bool
    requested: bool
    requested_by: bool


def _follows(to: Row | None, back: Row | None) -> _Follows:
    following = to is not None and to["state"] == "accepted"
    return _Follows(
        following=following,
        showing_reblogs=to is not None and following and bool(to["show_reblogs"]),
        notifying=to is not None and following and bool(to["notify"]),
        languages=to["languages"] if to is not None else "[]",
        followed_by=back is not None and back["state"] == "accepted",
        requested=to is not None and to["state"] == "pending",
        requested_by=back is not None and back["state"] == "pending",
    )


class _Mute(TypedDict):
    muting: bool
    muting_notifications: bool
    muting_expires_at: int | None


def _mute(mute: Row | None) -> _Mute:
    return _Mute(
        muting=mute is not None,
        muting_notifications=mute is not None and bool(mute["notifications"]),
        muting_expires_at=mute["expires_at"] if mute is not None else None,
    )
