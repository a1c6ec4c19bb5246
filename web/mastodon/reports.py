"""Reporting somebody: what the reporter says, and what she is answered.

Only statuses of that account which the reporter herself may see can be part of it; who reported
is known to those who work on reports here, and to no other site.
"""

from collections.abc import Sequence

import orjson
from starlette.responses import Response

from federation.database import Row, Transaction, marks
from federation.errors import Invalid, NotFound, describe
from inbox.moderation import CATEGORIES, STATUSES_MAX, Complaint, file_report
from inbox.reports import by_id, numbers
from outbox.reports import forward_report
from outbox.visibility import may_see_sql
from web.mastodon.accounts import shown
from web.mastodon.call import Call, Entry, answer
from web.mastodon.entities import account
from web.mastodon.params import Params
from web.mastodon.serializers import Entity, maybe_timestamp, timestamp
from web.mastodon.site_texts import rules_of
from web.mastodon.view import View

COMMENT_CHARACTERS_MAX = 1_000

describe(
    {
        "param.too_many_values": "{field} has more than {max} values.",
        "report.oneself": "Nobody reports herself.",
        "report.unknown_rule": "There is no rule {came} on this site.",
    }
)


async def create(call: Call) -> Response:
    """POST /api/v1/reports: tell those who read reports, and the other site if wished."""
    params = await call.params()
    target_id = params.id("account_id")
    if target_id is None:
        raise Invalid("param.missing", field="account_id")
    target = shown(call, await call.node.db.row("SELECT * FROM actor WHERE id = ?", target_id))
    if target["id"] == call.actor_id:
        raise Invalid("report.oneself", field="account_id")
    statuses = await _statuses(call, params, target["id"])
    rule_ids = read_rule_ids(call, params)
    category = params.choice("category", CATEGORIES) or ("violation" if rule_ids else "other")
    comment = (params.text("comment", COMMENT_CHARACTERS_MAX) or "").strip()
    forwards = bool(params.flag("forward")) and not target["is_local"]

    async def work(tx: Transaction) -> int:
        forwarded = forwards and await forward_report(call.node, tx, target, statuses, comment)
        complaint = Complaint(
            reporter_id=call.actor_id,
            target_id=target["id"],
            status_ids=[status["id"] for status in statuses],
            comment=comment,
            category=category,
            rule_ids=rule_ids if category == "violation" else (),
            is_forwarded=forwarded,
        )
        return await file_report(call.node, tx, complaint)

    report_id = await call.node.db.write(work)
    row = await by_id(call.node.db, report_id)
    assert row is not None, "it was stored a moment ago"
    return answer(await report_entity(call, row))


async def _statuses(call: Call, params: Params, target_id: int) -> Sequence[Row]:
    """The statuses named; NotFound as soon as one is not hers or not seen by the reporter."""
    ids = params.ids("status_ids", STATUSES_MAX + 1)
    if len(ids) > STATUSES_MAX:
        raise Invalid("param.too_many_values", field="status_ids", max=str(STATUSES_MAX))
    if not ids:
        return []
    condition, args = may_see_sql(call.who)
    rows = await call.node.db.rows(
        f"SELECT status.* FROM status WHERE status.id IN ({marks(ids)})"
        f" AND status.actor_id = ? AND {condition} ORDER BY status.id",
        *ids,
        target_id,
        *args,
    )
    if len(rows) != len(ids):
        raise NotFound("record.not_found")
    return rows


def read_rule_ids(call: Call, params: Params) -> list[int]:
    """The rules named, each of which the site must have; Invalid else."""
    known = {rule.number for rule in rules_of(call.node)}
    ids = params.ids("rule_ids")
    for number in ids:
        if number not in known:
            raise Invalid("report.unknown_rule", field="rule_ids", came=str(number))
    return ids


async def report_entity(call: View, row: Row) -> Entity:
    """A Report, as its reporter and those who read reports see it."""
    target = await call.node.db.row("SELECT * FROM actor WHERE id = ?", row["target_id"])
    assert target is not None, "a report has its target by foreign key"
    return {
        "id": str(row["id"]),
        "action_taken": row["action_taken_at"] is not None,
        "action_taken_at": maybe_timestamp(row["action_taken_at"]),
        "category": row["category"],
        "comment": row["comment"],
        "forwarded": bool(row["is_forwarded"]),
        "created_at": timestamp(row["created_at"]),
        "status_ids": [str(number) for number in numbers(row["status_ids"])],
        "rule_ids": [str(number) for number in numbers(row["rule_ids"])],
        "collection_ids": None,
        "target_account": orjson.Fragment(await account(call, target)),
    }


ENTRIES: tuple[Entry, ...] = (Entry("POST", "/api/v1/reports", "person", "write:reports", create),)
