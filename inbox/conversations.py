"""The conversations of a person, read: each with its last message that she may see.

What a conversation ends with is asked of `outbox.visibility` at each reading; where that message
is gone or hers no more, the last one she may see stands in for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from federation.database import Reader, Row, marks
from outbox.visibility import Person, may_see_sql


@dataclass(frozen=True, slots=True)
class Shown:
    """One conversation: its row, its last message, and who else takes part in that."""

    row: Row
    last: Row
    participant_ids: tuple[int, ...]


async def shown(reader: Reader, viewer: Person, rows: Sequence[Row]) -> list[Shown]:
    """These conversations of the viewer; one without any message she may see is left out."""
    lasts = await _lasts(reader, viewer, rows)
    people = await _participants(reader, viewer, lasts.values())
    return [
        Shown(row, lasts[row["id"]], people.get(lasts[row["id"]]["audience_id"], ()))
        for row in rows
        if row["id"] in lasts
    ]


async def _lasts(reader: Reader, viewer: Person, rows: Sequence[Row]) -> dict[int, Row]:
    condition, args = may_see_sql(viewer, "s")
    ids = [row["last_status_id"] for row in rows]
    found = {
        row["id"]: row
        for row in await reader.rows(
            f"SELECT s.* FROM status s WHERE s.id IN ({marks(ids)}) AND {condition}", *ids, *args
        )
    }
    lasts: dict[int, Row] = {}
    for row in rows:
        last = found.get(row["last_status_id"])
        if last is None:
            last = await reader.row(
                "SELECT s.* FROM status s WHERE s.thread_root_id = ? AND s.audience_kind = 'named'"
                f" AND {condition} ORDER BY s.id DESC LIMIT 1",
                row["thread_root_id"],
                *args,
            )
        if last is not None:
            lasts[row["id"]] = last
    return lasts


async def _participants(
    reader: Reader, viewer: Person, lasts: Iterable[Row]
) -> dict[int, tuple[int, ...]]:
    """The others in each audience, by its id: never the viewer herself."""
    ids = [row["audience_id"] for row in lasts]
    found: dict[int, tuple[int, ...]] = {}
    for row in await reader.rows(
        "SELECT m.audience_id, m.actor_id FROM audience_member m"
        " JOIN actor a ON a.id = m.actor_id"
        f" WHERE m.audience_id IN ({marks(ids)}) AND a.deleted_at IS NULL AND a.id <> ?"
        " ORDER BY m.audience_id, a.id",
        *ids,
        viewer.actor_id,
    ):
        found[row["audience_id"]] = (*found.get(row["audience_id"], ()), row["actor_id"])
    return found
