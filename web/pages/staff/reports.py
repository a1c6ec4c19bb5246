"""Reports on a page: the queue, and one report with what was reported and nothing around it.

What not everybody may read is shown to whoever took the report on herself, as by the API.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission, allows
from actors.queries import by_id, by_ids
from actors.strikes import ACTIONS, TEXT_CHARACTERS_MAX, Action
from federation.database import Row, Transaction
from federation.errors import Invalid, NodeError, NotFound, Refused, describe
from inbox import disclosures, reports
from inbox.paging import Page
from outbox.reports import forward_report
from web.mastodon.admin.acts import done
from web.mastodon.admin.decisions import decide, take_back
from web.mastodon.admin.reports import reported
from web.mastodon.entities import statuses
from web.mastodon.params import Params
from web.mastodon.site_texts import shown_rules
from web.pages.callers import PageCall
from web.pages.dates import day, when
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.posts import entities_shown, initials
from web.pages.staff.frame import for_staff, role_of, show_staff
from web.translations import say

PATH = "/staff/reports"
REPORTS = 20
MARKS: dict[Action, str] = {
    "sensitive": "sensitized_at",
    "disable": "disabled_at",
    "silence": "silenced_at",
    "suspend": "suspended_at",
}
COMMENT_CHARACTERS_MAX = 1_000

describe(
    {
        "report.measure": "Choose what is to be done.",
        "report.not_forwarded": "The other site takes no reports from this one.",
    }
)


async def reports_page(call: PageCall) -> Response:
    """GET /staff/reports: those that wait, or with `state=resolved` those that were answered."""
    resolved = call.query.choice("state", ("open", "resolved")) == "resolved"
    asked = Page(limit=REPORTS + 1, max_id=call.query.id("max_id"))
    rows = await reports.listing(call.node.db, asked, resolved=resolved)
    shown = rows[:REPORTS]
    people = await _people(call, shown)
    return show_staff(
        call,
        "staff_reports.html",
        here="reports",
        state="resolved" if resolved else "open",
        reports=[_line(call, row, people) for row in shown],
        older=shown[-1]["id"] if len(rows) > REPORTS else "",
    )


async def _people(call: PageCall, rows: Any) -> dict[int, Row]:
    names = ("actor_id", "target_id", "assigned_id", "action_taken_by_id")
    ids = {row[name] for row in rows for name in names if row[name] is not None}
    return await by_ids(call.node.db, list(ids))


def _person(call: PageCall, row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    is_site = row["uri"] == call.node.uris.instance_actor or row["type"] == "Application"
    name = row["display_name"] or row["username"]
    handle = row["username"] if row["is_local"] else f"{row['username']}@{row['handle_host']}"
    return {
        "id": row["id"],
        # A site that passes a report on speaks for itself: who reported there is not known.
        "name": row["handle_host"] if is_site and not row["is_local"] else name,
        "initials": initials(name),
        "handle": handle,
        "path": "" if is_site else f"/@{handle}",
        "host": "" if row["is_local"] else row["handle_host"],
        "is_local": bool(row["is_local"]),
    }


def _line(call: PageCall, row: Row, people: dict[int, Row]) -> dict[str, Any]:
    language, now = call.page_language, call.node.clock()
    at = row["action_taken_at"]
    return {
        "id": row["id"],
        "path": f"{PATH}/{row['id']}",
        "target": _person(call, people.get(row["target_id"])),
        "reporter": _person(call, people.get(row["actor_id"])),
        "assigned": _person(call, people.get(row["assigned_id"] or 0)),
        "category": say(language, f"report.about_{row['category']}"),
        "when": when(language, row["created_at"], now),
        "count": len(reports.numbers(row["status_ids"])),
        "resolved": "" if at is None else day(language, at),
        "by": _person(call, people.get(row["action_taken_by_id"] or 0)),
        "comment": row["comment"],
        "is_forwarded": bool(row["is_forwarded"]),
        "is_mine": row["assigned_id"] == call.actor_id,
    }


async def load_report(call: PageCall) -> Row:
    """The report of the path; NotFound when there is none."""
    row = await reports.by_id(call.node.db, call.path_id())
    if row is None:
        raise NotFound("record.not_found")
    return row


async def report_page(call: PageCall) -> Response:
    """GET /staff/reports/:id."""
    return await show_report(call, await load_report(call))


async def show_report(
    call: PageCall, row: Row, error: NodeError | None = None, form: Params | None = None
) -> Response:
    """One report: what was said and shown, what others noted, and what can be decided."""
    rows = await reported(call, row)
    entities = [orjson.loads(item) for item in await statuses(call, rows)]
    rules = {rule["number"]: rule for rule in shown_rules(call.node, call.page_language)}
    numbers = [number for number in reports.numbers(row["rule_ids"]) if number in rules]
    opened = await disclosures.current(call.node, call.node.db, row["id"])
    return show_staff(
        call,
        "staff_report.html",
        here="reports",
        error=error,
        report=_line(call, row, await _people(call, [row])),
        posts=await entities_shown(call, entities),
        unseen=len(reports.numbers(row["status_ids"])) - len(rows),
        rules=[rules[number] for number in numbers],
        notes=await _notes(call, row["id"]),
        measures=await _measures(call, row),
        in_force=await _in_force(call, row),
        may_act=allows(role_of(call), Permission.MODERATE),
        disclosure=_disclosure(call, opened),
        typed=_typed(form),
    )


def _typed(form: Params | None) -> dict[str, str]:
    names = ("measure", "text", "note", "comment", "reason", "hold")
    return {name: (form.text(name) or "") if form is not None else "" for name in names}


async def _notes(call: PageCall, report_id: int) -> list[dict[str, str]]:
    return [
        {
            "author": row["author"] or say(call.page_language, "report.somebody"),
            "text": row["text"],
            "when": when(call.page_language, row["created_at"], call.node.clock()),
        }
        for row in await reports.notes(call.node.db, report_id)
    ]


async def _measures(call: PageCall, row: Row) -> list[Action]:
    target = await by_id(call.node.db, row["target_id"])
    is_local = target is not None and bool(target["is_local"])
    return [action for action in ACTIONS if is_local or action not in ("none", "disable")]


async def _in_force(call: PageCall, row: Row) -> list[Action]:
    """What was decided about the person and holds now."""
    found = await call.node.db.row(
        "SELECT sensitized_at, disabled_at, silenced_at, suspended_at FROM actor"
        " LEFT JOIN account ON account.actor_id = actor.id WHERE actor.id = ?",
        row["target_id"],
    )
    assert found is not None, "a report has its target by foreign key"
    return [action for action, mark in MARKS.items() if found[mark] is not None]


def _disclosure(call: PageCall, row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    language, now = call.page_language, call.node.clock()
    until = row["open_until"] if row["is_confirmed"] else row["asked_until"]
    return {
        "asker": row["asker"],
        "second": row["second"],
        "reason": row["reason"],
        "hold": row["hold"],
        "is_open": bool(row["is_confirmed"]),
        "is_mine": row["asked_by_id"] == call.actor_id,
        "may_read": call.actor_id in (row["asked_by_id"], row["answered_by_id"]),
        "until": when(language, until, now),
    }


async def change_report(call: PageCall) -> Response:
    """POST /staff/reports/:id: `do` is one of DEEDS; the page says what is wrong at its field."""
    form, row = await read_form(call.request), await load_report(call)
    deed = form.text("do", 50) or ""
    try:
        await _do(call, row, deed, form)
    except (Invalid, Refused) as error:
        return await show_report(call, row, error, form)
    return redirect(f"{PATH}/{row['id']}?done={deed}")


async def _do(call: PageCall, row: Row, deed: str, form: Params) -> None:
    if deed not in DEEDS:
        raise Invalid("page.act", field="do")
    if deed != "note" and not allows(role_of(call), Permission.MODERATE):
        raise Refused("staff.not_yours")
    await DEEDS[deed](call, row, form)


Deed = Callable[[PageCall, Row, Params], Awaitable[None]]


async def _written(
    call: PageCall, row: Row, deed: str, work: Callable[[Transaction], Awaitable[object]]
) -> None:
    await done(call, f"report.{deed}", str(row["id"]), work)


async def _assign(call: PageCall, row: Row, _form: Params) -> None:
    node, me = call.node, call.actor_id
    await _written(call, row, "assign", lambda tx: reports.assign(node, tx, row["id"], me))


async def _unassign(call: PageCall, row: Row, _form: Params) -> None:
    node = call.node
    await _written(call, row, "unassign", lambda tx: reports.assign(node, tx, row["id"], None))


async def _resolve(call: PageCall, row: Row, _form: Params) -> None:
    node, me = call.node, call.actor_id
    await _written(call, row, "resolve", lambda tx: reports.resolve(node, tx, row["id"], me))


async def _reopen(call: PageCall, row: Row, _form: Params) -> None:
    await _written(call, row, "reopen", lambda tx: reports.reopen(call.node, tx, row["id"]))


async def _note(call: PageCall, row: Row, form: Params) -> None:
    text = form.required("note", reports.NOTE_CHARACTERS_MAX)
    await _written(
        call,
        row,
        "note",
        lambda tx: reports.add_note(call.node, tx, row["id"], call.actor_id, text),
    )


async def _decide(call: PageCall, row: Row, form: Params) -> None:
    chosen = form.text("measure", 50)
    allowed: dict[str, Action] = {one: one for one in await _measures(call, row)}
    if chosen not in allowed:
        raise Invalid("report.measure", field="measure")
    target = await by_id(call.node.db, row["target_id"])
    assert target is not None, "a report has its target by foreign key"
    await decide(call, target, allowed[chosen], form.text("text", TEXT_CHARACTERS_MAX) or "", row)


async def _lift(call: PageCall, row: Row, form: Params) -> None:
    chosen = form.text("measure", 50)
    allowed: dict[str, Action] = {one: one for one in await _in_force(call, row)}
    if chosen not in allowed:
        raise Invalid("report.measure", field="measure")
    target = await by_id(call.node.db, row["target_id"])
    assert target is not None, "a report has its target by foreign key"
    await take_back(call, target, allowed[chosen])


async def _forward(call: PageCall, row: Row, form: Params) -> None:
    comment = (form.text("comment", COMMENT_CHARACTERS_MAX) or "").strip()
    target, rows = await by_id(call.node.db, row["target_id"]), await reported(call, row)
    assert target is not None, "a report has its target by foreign key"

    async def work(tx: Transaction) -> None:
        if not await forward_report(call.node, tx, target, rows, comment):
            raise Refused("report.not_forwarded")
        await reports.mark_forwarded(call.node, tx, row["id"])

    if row["is_forwarded"]:
        return
    await _written(call, row, "forward", work)


DEEDS: dict[str, Deed] = {
    "assign": _assign,
    "unassign": _unassign,
    "resolve": _resolve,
    "reopen": _reopen,
    "note": _note,
    "decide": _decide,
    "lift": _lift,
    "forward": _forward,
}
_OPEN = for_staff(Permission.READ_REPORTS)

ROUTES: tuple[Route, ...] = (
    Route(PATH, page(_OPEN(reports_page)), methods=["GET"]),
    Route(f"{PATH}/{{id}}", page(_OPEN(report_page)), methods=["GET"]),
    Route(f"{PATH}/{{id}}", page(_OPEN(change_report)), methods=["POST"]),
)
