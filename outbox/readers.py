"""Who will read a status, counted before it is published, and who was handed it afterwards.

Sites are those that delivery would use; people elsewhere are counted only as our own followers,
since nobody tells how many members another site has.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from federation.database import Reader
from federation.plain_peers import ONLY_PUBLIC
from outbox.circles import ACROSS_SITES, Site


@dataclass(frozen=True, slots=True)
class Place:
    """A peer where followers of a person live; `is_left_out` when they would get nothing."""

    origin: str
    software: str | None
    followers: int
    is_left_out: bool


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of a status at one origin: its state, and since when (ms)."""

    origin: str
    name: str
    state: str
    at: int


async def members_count(reader: Reader) -> int:
    """How many people of this site are members: guests, and who left, are none."""
    count = await reader.value(
        "SELECT COUNT(*) FROM account c JOIN actor a ON a.id = c.actor_id"
        " WHERE NOT c.is_guest AND c.disabled_at IS NULL AND a.deleted_at IS NULL"
        " AND a.suspended_at IS NULL"
    )
    return count or 0


async def places_of_followers(
    reader: Reader, actor_id: int, kind: str, sites: Sequence[Site]
) -> list[Place]:
    """Where a person's followers live elsewhere, and whether a status of this kind gets there."""
    rows = await reader.rows(
        "SELECT r.origin, COUNT(*) AS followers, MIN(q.software) AS software,"
        f" MAX(CASE WHEN {ONLY_PUBLIC} THEN 1 ELSE 0 END) AS only_public"
        " FROM follow f JOIN actor r ON r.id = f.follower_id"
        " LEFT JOIN peer q ON q.origin = r.origin WHERE f.target_id = ? AND f.state = 'accepted'"
        " AND NOT r.is_local AND r.deleted_at IS NULL GROUP BY r.origin ORDER BY r.origin",
        actor_id,
    )
    reached = {site.origin for site in sites}
    return [
        Place(
            row["origin"],
            row["software"],
            row["followers"],
            is_left_out=_left_out(kind, row["origin"] in reached, bool(row["only_public"])),
        )
        for row in rows
    ]


def _left_out(kind: str, is_site: bool, only_public: bool) -> bool:
    if kind in ("public", "unlisted"):
        return False
    if kind == "followers":
        return only_public
    return not (kind in ACROSS_SITES and is_site)


async def followers_here(reader: Reader, actor_id: int) -> int:
    """How many people of this site follow somebody."""
    count = await reader.value(
        "SELECT COUNT(*) FROM follow f JOIN actor r ON r.id = f.follower_id"
        " WHERE f.target_id = ? AND f.state = 'accepted' AND r.is_local",
        actor_id,
    )
    return count or 0


async def handed(reader: Reader, status_uri: str) -> list[Handed]:
    """Every origin that a status went to or is on the way to, by origin.

    `handed_over` says that an inbox took it, no more; `waiting` and `refused` come from the
    deliveries, everything else from what the partner itself states of it.
    """
    rows = await reader.rows(
        "SELECT h.origin, h.state, h.last_at AS at, COALESCE(p.name, '') AS name FROM held h"
        " LEFT JOIN partnership p ON p.origin = h.origin WHERE h.object_uri = ?",
        status_uri,
    )
    found = {row["origin"]: Handed(row["origin"], row["name"], row["state"], row["at"])
             for row in rows}  # fmt: skip
    waiting = await reader.rows(
        "SELECT d.origin, d.progress, MAX(COALESCE(d.done_at, d.created_at)) AS at,"
        " COALESCE(MIN(p.name), '') AS name FROM activity a JOIN delivery d ON d.activity_id = a.id"
        " LEFT JOIN partnership p ON p.origin = d.origin WHERE a.object_uri = ?"
        " AND a.type = 'Create' AND a.origin = 'local' AND d.progress <> 'done'"
        " GROUP BY d.origin, d.progress ORDER BY d.origin, d.progress",
        status_uri,
    )
    for row in waiting:
        state = "waiting" if row["progress"] == "pending" else "refused"
        found.setdefault(row["origin"], Handed(row["origin"], row["name"], state, row["at"]))
    return [found[origin] for origin in sorted(found)]
