"""Whom one might follow: people who want to be found, known to those one follows or to many.

Nothing is told that the reader could not see herself: who hides whom he follows suggests
nobody.
"""

from dataclasses import dataclass

from federation.database import Reader, Transaction

SUGGESTED_MAX = 80

_WANTED = (
    "a.discoverable AND a.deleted_at IS NULL AND a.suspended_at IS NULL AND a.moved_to_uri IS NULL"
    " AND a.type <> 'Application' AND a.id <> ?"
    " AND NOT EXISTS (SELECT 1 FROM follow f WHERE f.follower_id = ? AND f.target_id = a.id)"
    " AND NOT EXISTS (SELECT 1 FROM block b WHERE (b.actor_id = ? AND b.target_id = a.id)"
    " OR (b.target_id = ? AND b.actor_id = a.id))"
    " AND NOT EXISTS (SELECT 1 FROM mute m WHERE m.actor_id = ? AND m.target_id = a.id)"
    " AND NOT EXISTS (SELECT 1 FROM domain_block d WHERE d.actor_id = ?"
    " AND d.domain = a.handle_host AND NOT a.is_local)"
    " AND NOT EXISTS (SELECT 1 FROM suggestion_dismissed x WHERE x.actor_id = ?"
    " AND x.target_id = a.id)"
)
_WANTED_ARGS = 7


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An actor and why she is suggested, in the words of the Mastodon API."""

    actor_id: int
    source: str


async def suggestions(reader: Reader, viewer_id: int, limit: int, offset: int) -> list[Suggestion]:
    """Whom the viewer might follow: friends of friends first, then the most followed here."""
    near = await reader.rows(
        "SELECT a.id FROM follow mine JOIN follow theirs ON theirs.follower_id = mine.target_id"
        " JOIN actor friend ON friend.id = mine.target_id JOIN actor a ON a.id = theirs.target_id"
        " WHERE mine.follower_id = ? AND mine.state = 'accepted' AND theirs.state = 'accepted'"
        f" AND NOT friend.hide_collections AND NOT a.hide_collections AND {_WANTED}"
        " GROUP BY a.id ORDER BY COUNT(*) DESC, a.id LIMIT ?",
        viewer_id,
        *([viewer_id] * _WANTED_ARGS),
        SUGGESTED_MAX,
    )
    found = {row["id"]: "friends_of_friends" for row in near}
    many = await reader.rows(
        f"SELECT a.id FROM actor a WHERE a.is_local AND {_WANTED}"
        " ORDER BY a.followers_count DESC, a.id LIMIT ?",
        *([viewer_id] * _WANTED_ARGS),
        SUGGESTED_MAX,
    )
    for row in many:
        found.setdefault(row["id"], "most_followed")
    ranked = [Suggestion(actor_id, source) for actor_id, source in found.items()]
    return ranked[offset : offset + limit]


async def dismiss(tx: Transaction, viewer_id: int, actor_id: int) -> None:
    """Suggest somebody to this person no more; of whom nobody knows, nothing is kept."""
    await tx.execute(
        "INSERT INTO suggestion_dismissed (actor_id, target_id)"
        " SELECT CAST(? AS BIGINT), id FROM actor WHERE id = ? ON CONFLICT DO NOTHING",
        viewer_id,
        actor_id,
    )


async def followed_by(reader: Reader, viewer_id: int, friend_id: int, limit: int) -> list[int]:
    """People of this site whom a friend follows and lets one see so, for somebody new."""
    rows = await reader.rows(
        "SELECT a.id FROM follow theirs JOIN actor a ON a.id = theirs.target_id"
        " JOIN actor friend ON friend.id = theirs.follower_id"
        " WHERE theirs.follower_id = ? AND theirs.state = 'accepted' AND a.is_local"
        f" AND NOT friend.hide_collections AND NOT a.hide_collections AND {_WANTED}"
        " ORDER BY theirs.id LIMIT ?",
        friend_id,
        *([viewer_id] * _WANTED_ARGS),
        limit,
    )
    return [row["id"] for row in rows]


async def services_of_partners(reader: Reader, viewer_id: int, limit: int) -> list[int]:
    """Services of other sites that are known here and under an agreement in force."""
    rows = await reader.rows(
        "SELECT a.id FROM actor a JOIN partnership p ON p.origin = a.origin"
        " WHERE p.state = 'active' AND NOT a.is_local"
        f" AND a.type IN ('Service', 'Organization') AND {_WANTED} ORDER BY a.id LIMIT ?",
        *([viewer_id] * _WANTED_ARGS),
        limit,
    )
    return [row["id"] for row in rows]
