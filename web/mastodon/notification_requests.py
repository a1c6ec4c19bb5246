"""Whom the policy holds back: the policy in both shapes, and requests, one for each sender.

A request is all that is held back of one sender, known by the id of the first of these
notifications; it needs no row of its own and ends with the last of them.
"""

from collections.abc import Mapping, Sequence

import orjson
from starlette.responses import Response

from federation.database import Row, Transaction, marks
from federation.errors import NotFound
from inbox.notification_policy import (
    FIELDS,
    VERDICTS,
    Verdict,
    accept,
    change_policy,
    dismiss,
    policy_of,
    summary,
)
from outbox.visibility import may_see_sql
from web.mastodon.call import Call, Entry, answer, answer_bytes, answer_list
from web.mastodon.entities import accounts, statuses_by_id
from web.mastodon.pagination import bounds, link_header, page_of
from web.mastodon.rendering import newest_first
from web.mastodon.serializers import Entity, timestamp

LIMIT_DEFAULT, LIMIT_MAX = 40, 80
COUNTED_MAX = 100
IDS_MAX = 500
# What the old shape calls each field.
_OLD = {
    "filter_not_following": "for_not_following",
    "filter_not_followers": "for_not_followers",
    "filter_new_accounts": "for_new_accounts",
    "filter_private_mentions": "for_private_mentions",
}
_HELD = (
    "SELECT MIN(n.id) AS id, n.from_actor_id, MIN(n.created_at) AS created_at,"
    " MAX(n.created_at) AS updated_at, COUNT(*) AS count,"
    " MAX(CASE WHEN n.type IN ('mention', 'quote') THEN n.status_id ELSE 0 END) AS status_id"
    " FROM notification n JOIN actor a ON a.id = n.from_actor_id"
    " WHERE n.recipient_id = ? AND n.filtered AND a.deleted_at IS NULL"
    " AND a.suspended_at IS NULL{narrowed} GROUP BY n.from_actor_id"
)


async def show_policy(call: Call) -> Response:
    """GET /api/v2/notifications/policy: accept, filter or drop."""
    return answer(await policy_of(call.node.db, call.actor_id) | await _summary(call))


async def show_old_policy(call: Call) -> Response:
    """GET /api/v1/notifications/policy: what is not simply accepted."""
    policy = await policy_of(call.node.db, call.actor_id)
    old: Entity = {name: policy[field] != "accept" for name, field in _OLD.items()}
    return answer(old | await _summary(call))


async def _summary(call: Call) -> Entity:
    senders, held = await summary(call.node.db, call.actor_id)
    return {
        "summary": {"pending_requests_count": senders, "pending_notifications_count": held},
    }


async def change(call: Call) -> Response:
    """PATCH /api/v2/notifications/policy: any of the fields."""
    params = await call.params()
    chosen = {name: params.choice(name, VERDICTS) for name in FIELDS}
    await _store(call, {name: _verdict(word) for name, word in chosen.items() if word})
    return await show_policy(call)


def _verdict(word: str) -> Verdict:
    return next(verdict for verdict in VERDICTS if verdict == word)


async def change_old(call: Call) -> Response:
    """PUT /api/v1/notifications/policy: booleans; what is dropped is filtered enough."""
    params = await call.params()
    asked = {field: params.flag(name) for name, field in _OLD.items()}
    now = await policy_of(call.node.db, call.actor_id)
    changes: dict[str, Verdict] = {}
    for field, filters in asked.items():
        if filters is not None and filters != (now[field] != "accept"):
            changes[field] = "filter" if filters else "accept"
    await _store(call, changes)
    return await show_old_policy(call)


async def _store(call: Call, changes: Mapping[str, Verdict]) -> None:
    if changes:
        await call.node.db.write(lambda tx: change_policy(tx, call.actor_id, changes))


async def listing(call: Call) -> Response:
    """GET /api/v1/notifications/requests: those held back, the latest newcomer first."""
    page = page_of(call, LIMIT_DEFAULT, LIMIT_MAX)
    condition, args, order = bounds(page, "MIN(n.id)")
    rows = await call.node.db.rows(
        f"{_HELD.format(narrowed='')} HAVING {condition} ORDER BY {order} LIMIT ?",
        call.actor_id,
        *args,
        page.limit,
    )
    rows = newest_first(rows, turned=page.min_id is not None)
    links = link_header(call, page, [row["id"] for row in rows])
    return answer_list(await _entities(call, rows), links)


async def show(call: Call) -> Response:
    """GET /api/v1/notifications/requests/:id."""
    sender_id = await _sender(call)
    rows = await call.node.db.rows(
        _HELD.format(narrowed=" AND n.from_actor_id = ?"), call.actor_id, sender_id
    )
    found = await _entities(call, rows)
    if not found:
        raise NotFound("record.not_found")
    return answer_bytes(found[0])


async def _sender(call: Call) -> int:
    """Whom the request of the path is from; NotFound for anybody else's request."""
    found = await _senders(call, [call.path_id()])
    if not found:
        raise NotFound("record.not_found")
    return found[0]


async def _senders(call: Call, ids: Sequence[int]) -> list[int]:
    rows = await call.node.db.rows(
        "SELECT DISTINCT from_actor_id FROM notification"
        f" WHERE id IN ({marks(ids)}) AND recipient_id = ? AND filtered",
        *ids,
        call.actor_id,
    )
    return [row["from_actor_id"] for row in rows]


async def _entities(call: Call, rows: Sequence[Row]) -> list[bytes]:
    people = await accounts(call, (row["from_actor_id"] for row in rows))
    last = await _statuses(call, [row["status_id"] for row in rows if row["status_id"]])
    return [
        orjson.dumps(
            {
                "id": str(row["id"]),
                "created_at": timestamp(row["created_at"]),
                "updated_at": timestamp(row["updated_at"]),
                "notifications_count": str(min(row["count"], COUNTED_MAX)),
                "account": orjson.Fragment(people[row["from_actor_id"]]),
                "last_status": _fragment(last.get(row["status_id"])),
            }
        )
        for row in rows
    ]


def _fragment(body: bytes | None) -> orjson.Fragment | None:
    return None if body is None else orjson.Fragment(body)


async def _statuses(call: Call, ids: Sequence[int]) -> dict[int, bytes]:
    if not ids:
        return {}
    condition, args = may_see_sql(call.who)
    rows = await call.node.db.rows(
        f"SELECT status.* FROM status WHERE status.id IN ({marks(ids)}) AND {condition}",
        *ids,
        *args,
    )
    return await statuses_by_id(call, rows, "notifications")


async def accept_one(call: Call) -> Response:
    """POST /api/v1/notifications/requests/:id/accept: this sender gets through from now on."""
    return await _accept(call, [await _sender(call)])


async def accept_several(call: Call) -> Response:
    """POST /api/v1/notifications/requests/accept: `id[]`; what is no request is passed over."""
    return await _accept(call, await _senders(call, await _ids(call)))


async def _ids(call: Call) -> list[int]:
    return (await call.params()).ids("id", IDS_MAX)


async def _accept(call: Call, sender_ids: Sequence[int]) -> Response:
    async def work(tx: Transaction) -> None:
        await accept(call.node, tx, call.actor_id, sender_ids)

    if sender_ids:
        await call.node.db.write(work)
    return answer({})


async def dismiss_one(call: Call) -> Response:
    """POST /api/v1/notifications/requests/:id/dismiss: forget what was held back so far."""
    return await _dismiss(call, [await _sender(call)])


async def dismiss_several(call: Call) -> Response:
    """POST /api/v1/notifications/requests/dismiss: `id[]`; what is no request is passed over."""
    return await _dismiss(call, await _senders(call, await _ids(call)))


async def _dismiss(call: Call, sender_ids: Sequence[int]) -> Response:
    if sender_ids:
        await call.node.db.write(lambda tx: dismiss(tx, call.actor_id, sender_ids))
    return answer({})


async def merged(_call: Call) -> Response:
    """GET /api/v1/notifications/requests/merged: always, since accepting is one write."""
    return answer({"merged": True})


_N = "/api/v1/notifications"
_R = f"{_N}/requests"
_READ, _WRITE = "read:notifications", "write:notifications"
ENTRIES: tuple[Entry, ...] = (
    Entry("GET", f"{_N}/policy", "person", _READ, show_old_policy),
    Entry("PUT PATCH", f"{_N}/policy", "person", _WRITE, change_old),
    Entry("GET", "/api/v2/notifications/policy", "person", _READ, show_policy),
    Entry("PUT PATCH", "/api/v2/notifications/policy", "person", _WRITE, change),
    Entry("GET", _R, "person", _READ, listing),
    Entry("GET", f"{_R}/merged", "person", _READ, merged),
    Entry("POST", f"{_R}/accept", "person", _WRITE, accept_several),
    Entry("POST", f"{_R}/dismiss", "person", _WRITE, dismiss_several),
    Entry("GET", f"{_R}/{{id}}", "person", _READ, show),
    Entry("POST", f"{_R}/{{id}}/accept", "person", _WRITE, accept_one),
    Entry("POST", f"{_R}/{{id}}/dismiss", "person", _WRITE, dismiss_one),
)
