"""A conversation around one status: what it answers, and what answers it.

The shape of the thread is read from all its statuses, so that an answer to something one may
not see stands where it belongs; only what `who` may see is returned.
"""

from collections.abc import Mapping, Sequence

from federation.database import Reader, Row, marks
from federation.node import system_clock
from inbox.paging import hidden_ids
from inbox.wishes import blocked_domains
from outbox.visibility import Who, may_see_sql

ANCESTORS_MAX = 40
DESCENDANTS_MAX = 200
THREAD_MAX = 4_000


async def context(
    reader: Reader, who: Who, status: Row, *, now_ms: int | None = None
) -> tuple[list[Row], list[Row]]:
    """(ancestors from the root down, descendants branch by branch) of a status.

    At most 40 and 200. What blocked or muted people wrote is left out of the descendants, and
    what comes from domains that the reader blocked.
    """
    links = await reader.rows(
        "SELECT id, in_reply_to_id FROM status WHERE thread_root_id = ? AND reblog_of_id IS NULL"
        " ORDER BY id LIMIT ?",
        status["thread_root_id"],
        THREAD_MAX,
    )
    above = _ancestors(status, links)
    below = _descendants(status["id"], links)
    shown = await _shown(reader, who, [*above, *below])
    hidden = set(await hidden_ids(reader, who, system_clock() if now_ms is None else now_ms))
    hidden |= await _of_blocked_domains(reader, who, shown)
    return (
        [shown[found] for found in above if found in shown],
        [
            shown[found]
            for found in below
            if found in shown and shown[found]["actor_id"] not in hidden
        ][:DESCENDANTS_MAX],
    )


async def _of_blocked_domains(reader: Reader, who: Who, shown: Mapping[int, Row]) -> set[int]:
    domains = await blocked_domains(reader, who)
    authors = list({row["actor_id"] for row in shown.values()})
    if not domains or not authors:
        return set()
    rows = await reader.rows(
        f"SELECT id FROM actor WHERE id IN ({marks(authors)})"
        f" AND handle_host IN ({marks(domains)}) AND NOT is_local",
        *authors,
        *domains,
    )
    return {row["id"] for row in rows}


def _ancestors(status: Row, links: Sequence[Row]) -> list[int]:
    parents = {row["id"]: row["in_reply_to_id"] for row in links}
    found: list[int] = []
    current = status["in_reply_to_id"]
    while current is not None and current not in found and len(found) < ANCESTORS_MAX:
        found.append(current)
        current = parents.get(current)
    return found[::-1]


def _descendants(status_id: int, links: Sequence[Row]) -> list[int]:
    """Depth first, oldest branch first."""
    children: dict[int, list[int]] = {}
    for row in links:
        if row["in_reply_to_id"] is not None:
            children.setdefault(row["in_reply_to_id"], []).append(row["id"])
    found: list[int] = []
    seen = {status_id}
    waiting = children.get(status_id, [])[::-1]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            found.append(current)
            waiting.extend(children.get(current, [])[::-1])
    return found


async def _shown(reader: Reader, who: Who, ids: list[int]) -> dict[int, Row]:
    if not ids:
        return {}
    condition, args = may_see_sql(who, "s")
    rows = await reader.rows(
        f"SELECT s.* FROM status s WHERE s.id IN ({marks(ids)}) AND {condition}", *ids, *args
    )
    return {row["id"]: row for row in rows}
