"""What stands in a notification beside whom it is from: a status, a report, an event, a warning.

Read again under the viewer's own view each time: a status she may no longer see, or that her
filters hide among notifications, takes its notification with it, and so does a report when her
role no longer lets her read any.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from actors.permissions import Permission, allows
from federation.database import Row, marks
from inbox.reports import numbers
from outbox.visibility import may_see_sql
from web.mastodon.entities import accounts, statuses_by_id
from web.mastodon.lines import LINE_COLUMNS
from web.mastodon.reports import report_entity
from web.mastodon.serializers import Entity, timestamp
from web.mastodon.view import View

OF_STATUSES = (
    "mention",
    "status",
    "reblog",
    "favourite",
    "poll",
    "update",
    "quote",
    "quoted_update",
)
OF_PEOPLE = ("follow", "follow_request")
OF_STAFF = ("admin.sign_up", "admin.report")
OF_NODE = ("severed_relationships", "moderation_warning")
TYPES = (*OF_STATUSES, *OF_PEOPLE, *OF_STAFF, *OF_NODE)


@dataclass(frozen=True, slots=True)
class Parts:
    """The Statuses by their id, and the other parts, as JSON after a comma, by theirs.

    `types` are those that the viewer may be shown.
    """

    types: frozenset[str]
    statuses: dict[int, bytes]
    others: dict[int, bytes]

    def of(self, row: Row) -> bytes | None:
        """The part of a notification beside its status; None when it may not be shown."""
        kind, about_id = row["type"], row["status_id"]
        if kind not in self.types:
            return None
        if kind in OF_STATUSES:
            return b"" if about_id in self.statuses else None
        if kind in OF_PEOPLE or kind == "admin.sign_up":
            return b""
        return self.others.get(about_id)


def types_for(view: View) -> tuple[str, ...]:
    """The types that the viewer may be shown at all."""
    role = view.token.role if view.token is not None else None
    hidden: set[str] = set()
    if not allows(role or "", Permission.READ_REPORTS):
        hidden.add("admin.report")
    if not allows(role or "", Permission.MANAGE_PEOPLE):
        hidden.add("admin.sign_up")
    return tuple(kind for kind in TYPES if kind not in hidden)


async def parts_of(view: View, rows: Sequence[Row]) -> Parts:
    """What the notifications of these rows are about, as the viewer may see it."""
    by_kind: dict[str, list[int]] = {}
    for row in rows:
        kind = "status" if row["type"] in OF_STATUSES else row["type"]
        by_kind.setdefault(kind, []).append(row["status_id"])
    others: dict[int, bytes] = {}
    for row in await _rows(view, "report", by_kind.get("admin.report", ())):
        others[row["id"]] = _part("report", await report_entity(view, row))
    for row in await _rows(view, "severance", by_kind.get("severed_relationships", ())):
        others[row["id"]] = _part("event", severance_entity(row))
    for row in await _rows(view, "strike", by_kind.get("moderation_warning", ())):
        others[row["id"]] = _part("moderation_warning", await warning_entity(view, row))
    return Parts(
        frozenset(types_for(view)), await _statuses(view, by_kind.get("status", ())), others
    )


def _part(name: str, entity: Entity) -> bytes:
    return b',"%b":%b' % (name.encode(), orjson.dumps(entity))


async def _rows(view: View, table: str, ids: Sequence[int]) -> Sequence[Row]:
    if not ids:
        return ()
    sql = f"SELECT {table}.* FROM {table} WHERE id IN ({marks(ids)})"
    return await view.node.db.rows(sql, *ids)


async def _statuses(view: View, ids: Iterable[int]) -> dict[int, bytes]:
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    condition, args = may_see_sql(view.who, "s")
    rows = await view.node.db.rows(
        f"SELECT {LINE_COLUMNS} FROM status s WHERE s.id IN ({marks(wanted)})"
        f" AND s.reblog_of_id IS NULL AND {condition}",
        *wanted,
        *args,
    )
    return await statuses_by_id(view, rows, "notifications")


def severance_entity(row: Row) -> Entity:
    """A RelationshipSeveranceEvent."""
    return {
        "id": str(row["id"]),
        "type": row["kind"],
        "purged": False,
        "target_name": row["target_name"],
        "followers_count": row["followers_count"],
        "following_count": row["following_count"],
        "created_at": timestamp(row["created_at"]),
    }


async def warning_entity(view: View, row: Row) -> Entity:
    """An AccountWarning, as the person concerned reads it: never who of staff decided."""
    people = await accounts(view, [row["target_id"]])
    return {
        "id": str(row["id"]),
        "action": row["action"],
        "text": row["text"],
        "status_ids": [str(number) for number in numbers(row["status_ids"])] or None,
        "target_account": orjson.Fragment(people[row["target_id"]]),
        "appeal": None,
        "created_at": timestamp(row["created_at"]),
    }
