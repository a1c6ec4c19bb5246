"""Reports as those who read them work on them.

A post that not everybody may read is shown to whoever took the report on herself, which is
written in the record, and to nobody else of staff.
"""

from collections.abc import Awaitable, Callable, Sequence

import orjson
from starlette.responses import Response

from actors.permissions import Permission
from federation.database import Row, Transaction, marks
from federation.errors import NotFound
from inbox import reports
from inbox.moderation import CATEGORIES
from outbox.visibility import may_see_sql
from web.mastodon.admin.accounts import LIMIT_DEFAULT, LIMIT_MAX, of_actors
from web.mastodon.admin.acts import done
from web.mastodon.call import Call, Entry, answer, answer_list
from web.mastodon.entities import statuses
from web.mastodon.pagination import link_header, page_of
from web.mastodon.reports import read_rule_ids
from web.mastodon.serializers import Entity, maybe_timestamp, timestamp
from web.mastodon.site_texts import rule_entity, rules_of


async def listing(call: Call) -> Response:
    """GET /api/v1/admin/reports: open ones, or `resolved`; by `account_id`, `target_account_id`."""
    page = page_of(call, LIMIT_DEFAULT, LIMIT_MAX)
    rows = await reports.listing(
        call.node.db,
        page,
        resolved=bool(call.query.flag("resolved")),
        reporter_id=call.query.id("account_id"),
        target_id=call.query.id("target_account_id"),
    )
    links = link_header(call, page, [row["id"] for row in rows])
    return answer_list([orjson.dumps(item) for item in await _entities(call, rows)], links)


async def show(call: Call) -> Response:
    """GET /api/v1/admin/reports/:id."""
    return await _shown(call, (await _load(call))["id"])


async def _load(call: Call) -> Row:
    row = await reports.by_id(call.node.db, call.path_id())
    if row is None:
        raise NotFound("record.not_found")
    return row


async def _shown(call: Call, report_id: int) -> Response:
    row = await reports.by_id(call.node.db, report_id)
    if row is None:
        raise NotFound("record.not_found")
    return answer((await _entities(call, [row]))[0])


async def _entities(call: Call, rows: Sequence[Row]) -> list[Entity]:
    """The Admin::Reports of these rows."""
    concerned = ("actor_id", "target_id", "assigned_id", "action_taken_by_id")
    people = await of_actors(
        call, [row[name] for row in rows for name in concerned if row[name] is not None]
    )
    rules = {rule.number: rule_entity(rule) for rule in rules_of(call.node)}
    found: list[Entity] = []
    for row in rows:
        numbers = reports.numbers(row["rule_ids"])
        found.append(
            {
                "id": str(row["id"]),
                "action_taken": row["action_taken_at"] is not None,
                "action_taken_at": maybe_timestamp(row["action_taken_at"]),
                "category": row["category"],
                "comment": row["comment"],
                "forwarded": bool(row["is_forwarded"]),
                "created_at": timestamp(row["created_at"]),
                "updated_at": timestamp(row["updated_at"] or row["created_at"]),
                "account": people.get(row["actor_id"]),
                "target_account": people.get(row["target_id"]),
                "assigned_account": people.get(row["assigned_id"]),
                "action_taken_by_account": people.get(row["action_taken_by_id"]),
                "statuses": [orjson.Fragment(item) for item in await _statuses(call, row)],
                "rules": [rules[number] for number in numbers if number in rules],
                "collections": [],
            }
        )
    return found


async def _statuses(call: Call, report: Row) -> list[bytes]:
    return await statuses(call, await reported(call, report))


async def reported(call: Call, report: Row) -> Sequence[Row]:
    """What was reported, as far as this person of staff may read it."""
    ids = reports.numbers(report["status_ids"])
    if not ids:
        return []
    condition, args = may_see_sql(call.who)
    if report["assigned_id"] == call.actor_id and report["action_taken_at"] is None:
        condition, args = "1 = 1", []
    return await call.node.db.rows(
        f"SELECT status.* FROM status WHERE status.id IN ({marks(ids)}) AND status.actor_id = ?"
        f" AND {condition} ORDER BY status.id",
        *ids,
        report["target_id"],
        *args,
    )


async def update(call: Call) -> Response:
    """PUT /api/v1/admin/reports/:id: say better what it is about (`category`, `rule_ids[]`)."""
    row, params = await _load(call), await call.params()
    category = params.choice("category", CATEGORIES) or row["category"]
    numbers = reports.numbers(row["rule_ids"])
    if "rule_ids" in params:
        numbers = read_rule_ids(call, params)
    if category != "violation":
        numbers = []
    await done(
        call,
        "report.update",
        str(row["id"]),
        lambda tx: reports.describe_again(call.node, tx, row["id"], category, numbers),
    )
    return await _shown(call, row["id"])


def _deed(
    action: str, change: Callable[[Call, Transaction, int], Awaitable[None]]
) -> Callable[[Call], Awaitable[Response]]:
    async def handler(call: Call) -> Response:
        report_id = (await _load(call))["id"]
        await done(call, f"report.{action}", str(report_id), lambda tx: change(call, tx, report_id))
        return await _shown(call, report_id)

    return handler


async def _assign(call: Call, tx: Transaction, report_id: int) -> None:
    await reports.assign(call.node, tx, report_id, call.actor_id)


async def _unassign(call: Call, tx: Transaction, report_id: int) -> None:
    await reports.assign(call.node, tx, report_id, None)


async def _resolve(call: Call, tx: Transaction, report_id: int) -> None:
    await reports.resolve(call.node, tx, report_id, call.actor_id)


async def _reopen(call: Call, tx: Transaction, report_id: int) -> None:
    await reports.reopen(call.node, tx, report_id)


_R, _READ, _WRITE = "/api/v1/admin/reports", "admin:read:reports", "admin:write:reports"
_MAY_READ, _MAY_ACT = Permission.READ_REPORTS, Permission.MODERATE

ENTRIES: tuple[Entry, ...] = (
    Entry("GET", _R, "staff", _READ, listing, _MAY_READ),
    Entry("GET", f"{_R}/{{id}}", "staff", _READ, show, _MAY_READ),
    Entry("PUT PATCH", f"{_R}/{{id}}", "staff", _WRITE, update, _MAY_ACT),
    Entry(
        "POST", f"{_R}/{{id}}/assign_to_self", "staff", _WRITE, _deed("assign", _assign), _MAY_ACT
    ),
    Entry("POST", f"{_R}/{{id}}/unassign", "staff", _WRITE, _deed("unassign", _unassign), _MAY_ACT),
    Entry("POST", f"{_R}/{{id}}/resolve", "staff", _WRITE, _deed("resolve", _resolve), _MAY_ACT),
    Entry("POST", f"{_R}/{{id}}/reopen", "staff", _WRITE, _deed("reopen", _reopen), _MAY_ACT),
)
