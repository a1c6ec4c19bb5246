"""Notifications and how far a person has read."""

from collections.abc import Sequence

from starlette.responses import Response

from federation.database import Row, Transaction, marks
from federation.errors import NotFound
from outbox.visibility import may_see_sql
from web.mastodon.call import Call, Entry, answer, answer_bytes, answer_list
from web.mastodon.entities import accounts, statuses
from web.mastodon.pagination import bounds, link_header, page_of
from web.mastodon.params import Params
from web.mastodon.rendering import newest_first
from web.mastodon.serializers import Entity, timestamp

LIMIT_DEFAULT, LIMIT_MAX = 40, 80
TIMELINES = ("home", "notifications")
# Only these are shown by this API; what else is stored belongs to pages.
TYPES = ("mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update")


async def listing(call: Call) -> Response:
    """GET /api/v1/notifications: newest first, by `types`, `exclude_types`, `account_id`."""
    page = page_of(call, LIMIT_DEFAULT, LIMIT_MAX)
    condition, args, order = bounds(page, "n.id")
    types, sender_id = _types(call.query), call.query.id("account_id")
    narrowed = "" if sender_id is None else " AND n.from_actor_id = ?"
    rows = await call.node.db.rows(
        f"SELECT n.* FROM notification n JOIN actor a ON a.id = n.from_actor_id"
        f" WHERE n.recipient_id = ? AND n.type IN ({marks(types)}) AND a.deleted_at IS NULL"
        f" AND a.suspended_at IS NULL AND {condition}{narrowed} ORDER BY {order} LIMIT ?",
        call.actor_id,
        *types,
        *args,
        *([] if sender_id is None else [sender_id]),
        page.limit,
    )
    rows = newest_first(rows, turned=page.min_id is not None)
    links = link_header(call, page, [row["id"] for row in rows])
    return answer_list(await _render(call, rows), links)


def _types(query: Params) -> tuple[str, ...]:
    wanted, unwanted = set(query.texts("types")), set(query.texts("exclude_types"))
    return tuple(kind for kind in TYPES if (not wanted or kind in wanted) and kind not in unwanted)


async def _render(call: Call, rows: Sequence[Row]) -> list[bytes]:
    """The Notifications of these rows; one whose status may no longer be seen is left out."""
    people = await accounts(call, (row["from_actor_id"] for row in rows))
    about = await _statuses(call, [row["status_id"] for row in rows if row["status_id"]])
    found: list[bytes] = []
    for row in rows:
        status_id = row["status_id"]
        if row["from_actor_id"] not in people or (status_id and status_id not in about):
            continue
        status = b',"status":' + about[status_id] if status_id else b""
        found.append(
            b'{"id":"%d","type":"%b","created_at":"%b","group_key":"ungrouped-%d","account":%b%b}'
            % (
                row["id"],
                row["type"].encode(),
                timestamp(row["created_at"]).encode(),
                row["id"],
                people[row["from_actor_id"]],
                status,
            )
        )
    return found


async def _statuses(call: Call, ids: Sequence[int]) -> dict[int, bytes]:
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    condition, args = may_see_sql(call.who)
    rows = await call.node.db.rows(
        f"SELECT status.* FROM status WHERE status.id IN ({marks(wanted)})"
        f" AND status.reblog_of_id IS NULL AND {condition}",
        *wanted,
        *args,
    )
    rendered = await statuses(call, rows)
    return {row["id"]: item for row, item in zip(rows, rendered, strict=True)}


async def _load(call: Call) -> Row:
    row = await call.node.db.row(
        "SELECT notification.* FROM notification WHERE id = ? AND recipient_id = ?",
        call.path_id(),
        call.actor_id,
    )
    if row is None:
        raise NotFound("record.not_found")
    return row


async def show(call: Call) -> Response:
    """GET /api/v1/notifications/:id: one of the caller's own."""
    rendered = await _render(call, [await _load(call)])
    if not rendered:
        raise NotFound("record.not_found")
    return answer_bytes(rendered[0])


async def dismiss(call: Call) -> Response:
    """POST /api/v1/notifications/:id/dismiss."""
    row = await _load(call)

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "DELETE FROM notification WHERE id = ? AND recipient_id = ?", row["id"], call.actor_id
        )

    await call.node.db.write(work)
    return answer({})


async def clear(call: Call) -> Response:
    """POST /api/v1/notifications/clear: all of the caller's own."""

    async def work(tx: Transaction) -> None:
        await tx.execute("DELETE FROM notification WHERE recipient_id = ?", call.actor_id)

    await call.node.db.write(work)
    return answer({})


async def unread_count(call: Call) -> Response:
    """GET /api/v1/notifications/unread_count: since the notifications marker, 100 at most."""
    count = await call.node.db.value(
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM notification n WHERE n.recipient_id = ?"
        " AND n.id > COALESCE((SELECT m.last_read_id FROM marker m WHERE m.account_id = ?"
        " AND m.timeline = 'notifications'), 0) LIMIT 100) AS unread",
        call.actor_id,
        call.account_id,
    )
    return answer({"count": count})


async def markers(call: Call) -> Response:
    """GET /api/v1/markers?timeline[]=: how far the caller has read."""
    return answer(await _markers(call, set(call.query.texts("timeline"))))


async def move_markers(call: Call) -> Response:
    """POST /api/v1/markers: `home[last_read_id]`, `notifications[last_read_id]`."""
    params = await call.params()
    moved = {name: params.table(name).id("last_read_id") for name in TIMELINES if name in params}

    async def work(tx: Transaction) -> None:
        for name, last_read_id in moved.items():
            if last_read_id is not None:
                await tx.execute(
                    "INSERT INTO marker (account_id, timeline, last_read_id, version, updated_at)"
                    " VALUES (?, ?, ?, 1, ?) ON CONFLICT (account_id, timeline) DO UPDATE SET"
                    " last_read_id = excluded.last_read_id, version = marker.version + 1,"
                    " updated_at = excluded.updated_at",
                    call.account_id,
                    name,
                    last_read_id,
                    call.node.clock(),
                )

    await call.node.db.write(work)
    return answer(await _markers(call, set(moved)))


async def _markers(call: Call, wanted: set[str]) -> Entity:
    rows = await call.node.db.rows(
        "SELECT marker.* FROM marker WHERE account_id = ? ORDER BY timeline", call.account_id
    )
    return {
        row["timeline"]: {
            "last_read_id": str(row["last_read_id"]),
            "version": row["version"],
            "updated_at": timestamp(row["updated_at"]),
        }
        for row in rows
        if row["timeline"] in wanted
    }


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/notifications", "person", "read:notifications", listing),
    Entry(
        "GET", "/api/v1/notifications/unread_count", "person", "read:notifications", unread_count
    ),
    Entry("POST", "/api/v1/notifications/clear", "person", "write:notifications", clear),
    Entry("GET", "/api/v1/notifications/{id}", "person", "read:notifications", show),
    Entry("POST", "/api/v1/notifications/{id}/dismiss", "person", "write:notifications", dismiss),
    Entry("GET", "/api/v1/markers", "person", "read:statuses", markers),
    Entry("POST", "/api/v1/markers", "person", "write:statuses", move_markers),
)
