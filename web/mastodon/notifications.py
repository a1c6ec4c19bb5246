"""Notifications and how far a person has read."""

from collections.abc import Sequence

from starlette.responses import Response

from federation.database import Row, Transaction, marks
from federation.errors import NotFound
from inbox.notification_groups import key_of
from inbox.paging import Condition
from web.mastodon.call import Call, Entry, answer, answer_bytes, answer_list
from web.mastodon.entities import accounts
from web.mastodon.notification_parts import OF_STATUSES, parts_of, types_for
from web.mastodon.pagination import bounds, link_header, page_of
from web.mastodon.rendering import newest_first
from web.mastodon.serializers import Entity, timestamp
from web.mastodon.view import View

LIMIT_DEFAULT, LIMIT_MAX = 40, 80
COUNT_DEFAULT, COUNT_MAX = 100, 1_000
TIMELINES = ("home", "notifications")


async def listing(call: Call) -> Response:
    """GET /api/v1/notifications: newest first, by `types`, `exclude_types`, `account_id`."""
    page = page_of(call, LIMIT_DEFAULT, LIMIT_MAX)
    condition, args, order = bounds(page, "n.id")
    where = shown(call)
    rows = await call.node.db.rows(
        f"SELECT n.* FROM notification n JOIN actor a ON a.id = n.from_actor_id"
        f" WHERE {where.sql} AND {condition} ORDER BY {order} LIMIT ?",
        *where.args,
        *args,
        page.limit,
    )
    rows = newest_first(rows, turned=page.min_id is not None)
    links = link_header(call, page, [row["id"] for row in rows])
    return answer_list(await render(call, rows), links)


def shown(call: Call) -> Condition:
    """The notifications `n` by actors `a` that a request asks for and the caller may be shown.

    What is held back is there only when it is asked for, or all of one sender is.
    """
    query = call.query
    wanted, unwanted = set(query.texts("types")), set(query.texts("exclude_types"))
    types = [
        kind for kind in types_for(call) if (not wanted or kind in wanted) and kind not in unwanted
    ]
    where = Condition(
        # No index leads by the type: it would have to be put in order again.
        f"n.recipient_id = ? AND COALESCE(n.type, '') IN ({marks(types)})"
        " AND a.deleted_at IS NULL AND a.suspended_at IS NULL",
        [call.actor_id, *types],
    )
    sender_id = query.id("account_id")
    if sender_id is not None:
        return where & Condition("n.from_actor_id = ?", [sender_id])
    return where if query.flag("include_filtered") else where & Condition("NOT n.filtered")


async def render(view: View, rows: Sequence[Row]) -> list[bytes]:
    """The Notifications of these rows, all of them the viewer's own.

    One whose status may no longer be seen, or is hidden by a filter, is left out.
    """
    people = await accounts(view, (row["from_actor_id"] for row in rows))
    parts = await parts_of(view, rows)
    found: list[bytes] = []
    for row in rows:
        part = parts.of(row)
        if row["from_actor_id"] not in people or part is None:
            continue
        if row["type"] in OF_STATUSES:
            part = b',"status":' + parts.statuses[row["status_id"]]
        found.append(
            b'{"id":"%d","type":"%b","created_at":"%b","group_key":"%b","account":%b%b%b}'
            % (
                row["id"],
                row["type"].encode(),
                timestamp(row["created_at"]).encode(),
                key_of(row["group_key"], row["id"]).encode(),
                people[row["from_actor_id"]],
                part,
                b',"filtered":true' if row["filtered"] else b"",
            )
        )
    return found


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
    row = await _load(call)
    found = await render(call, [row])
    if not found:
        raise NotFound("record.not_found")
    return answer_bytes(found[0])


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
    """GET /api/v1/notifications/unread_count: since the marker, `limit` at most."""
    where = unread(call)
    count = await call.node.db.value(
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM notification n JOIN actor a"
        f" ON a.id = n.from_actor_id WHERE {where.sql} LIMIT ?) AS unread",
        *where.args,
        count_limit(call),
    )
    return answer({"count": count})


def unread(call: Call) -> Condition:
    """What `shown` says, beyond the caller's notifications marker."""
    return shown(call) & Condition(
        "n.id > COALESCE((SELECT m.last_read_id FROM marker m WHERE m.account_id = ?"
        " AND m.timeline = 'notifications'), 0)",
        [call.account_id],
    )


def count_limit(call: Call) -> int:
    """How far unread notifications are counted: `limit`, lowered to the maximum."""
    return min(call.query.number("limit", least=1) or COUNT_DEFAULT, COUNT_MAX)


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
