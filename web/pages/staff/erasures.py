"""Erasures as who answers for personal data sees them: what was asked, and what each site says.

No content, and no name once it is done: a number, dates, and the table of sites.
"""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission
from actors.queries import by_uri, local_by_username
from federation.database import Row, Transaction
from federation.errors import Invalid, NodeError, NotFound
from inbox import erasures
from inbox.audit import record
from inbox.erasure_sites import Site, sites
from web.mastodon.admin.acts import done
from web.mastodon.admin.decisions import check
from web.mastodon.params import Params
from web.pages.callers import PageCall
from web.pages.dates import day
from web.pages.erasure import site_line, sites_csv
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.staff.frame import for_staff, show_staff

PATH = "/staff/erasures"
LINES = 100
SHORT = 5
NAME_CHARACTERS_MAX = 200
REASON_CHARACTERS_MIN, REASON_CHARACTERS_MAX = 10, 500


async def erasures_page(call: PageCall) -> Response:
    """GET /staff/erasures: the newest first, and the form that asks for one."""
    return await _shown(call)


async def _shown(
    call: PageCall, error: NodeError | None = None, form: Params | None = None
) -> Response:
    rows = await call.node.db.rows(
        "SELECT r.*, a.username FROM erasure r LEFT JOIN actor a ON a.uri = r.actor_uri"
        " AND r.progress = 'waiting' ORDER BY r.id DESC LIMIT ?",
        LINES,
    )
    return show_staff(
        call,
        "staff_erasures.html",
        here="erasures",
        error=error,
        lines=[await _line(call, row) for row in rows],
        typed={name: (form and form.text(name)) or "" for name in ("name", "reason")},
    )


async def _line(call: PageCall, row: Row) -> dict[str, Any]:
    language = call.page_language
    found = await sites(call.node, call.node.db, row)
    return {
        "path": f"{PATH}/{row['id']}",
        # Its last figures are enough for people; the address has all of them.
        "number": str(row["id"])[-SHORT:],
        "username": row["username"] or "",
        "state": row["progress"],
        "is_own": bool(row["is_own"]),
        "asked": day(language, row["asked_at"]),
        "due": day(language, row["due_at"]),
        "ended": "" if row["ended_at"] is None else day(language, row["ended_at"]),
        "sites": len(found),
        "confirmed": sum(one.state == "confirmed" for one in found),
        "open": sum(one.state in {"waiting", "asked", "held"} for one in found),
    }


async def ask_erasure(call: PageCall) -> Response:
    """POST /staff/erasures: hide somebody at once, erase in two weeks; written in the record."""
    form = await read_form(call.request)
    node = call.node
    try:
        target, reason = await _target(call, form), _reason(form)
        check(call, target)
        asked = await done(
            call,
            "erasure.ask",
            target["uri"],
            lambda tx: erasures.ask(node, tx, target, is_own=False),
            reason,
        )
    except NodeError as error:
        return await _shown(call, error, form)
    return show_staff(
        call,
        "staff_erasure_asked.html",
        here="erasures",
        link=erasures.link(node, asked.token),
        due=day(call.page_language, asked.due_at),
    )


async def _target(call: PageCall, form: Params) -> Row:
    name = (form.text("name", NAME_CHARACTERS_MAX) or "").strip().removeprefix("@")
    target = await local_by_username(call.node, call.node.db, name)
    if target is None:
        raise Invalid("account.unknown", field="name", name=name)
    return target


def _reason(form: Params) -> str:
    text = (form.text("reason") or "").strip()
    if not REASON_CHARACTERS_MIN <= len(text) <= REASON_CHARACTERS_MAX:
        limits = {"min": str(REASON_CHARACTERS_MIN), "max": str(REASON_CHARACTERS_MAX)}
        raise Invalid("disclosure.reason", field="reason", **limits)
    return text


async def erasure_page(call: PageCall) -> Response:
    """GET /staff/erasures/:id: the table of one."""
    return await _one(call, await _load(call))


async def _load(call: PageCall) -> Row:
    return await erasures.by_number(call.node.db, call.path_id())


async def _one(call: PageCall, row: Row, error: NodeError | None = None) -> Response:
    found: list[Site] = await sites(call.node, call.node.db, row)
    return show_staff(
        call,
        "staff_erasure.html",
        here="erasures",
        error=error,
        one=await _line(call, {**row, "username": ""}),  # pyright: ignore[reportArgumentType]
        sites=[site_line(call.page_language, site) for site in found],
    )


async def take_back(call: PageCall) -> Response:
    """POST /staff/erasures/:id: take one back, for a person who lost her link; recorded."""
    form, row = await read_form(call.request), await _load(call)
    node, staff = call.node, await call.viewer()
    try:
        reason = _reason(form)
        target = await by_uri(node.db, row["actor_uri"])
        if target is None:
            raise NotFound("erasure.none")
        check(call, target)

        async def work(tx: Transaction) -> None:
            await erasures.take_back(node, tx, row)
            await record(node, tx, staff["uri"], "erasure.take_back", row["actor_uri"], reason)

        await node.db.write(work)
    except NodeError as error:
        return await _one(call, row, error)
    return redirect(f"{PATH}?done=back")


async def erasure_file(call: PageCall) -> Response:
    """GET /staff/erasures/:id/sites.csv: the same table, for the register."""
    row = await _load(call)
    found = await sites(call.node, call.node.db, row)
    headers = {
        "content-disposition": f'attachment; filename="erasure-{row["id"]}.csv"',
        "cache-control": "private, no-store",
    }
    return Response(
        sites_csv(call.page_language, found), headers=headers, media_type="text/csv; charset=utf-8"
    )


_OPEN = for_staff(Permission.PROTECT_DATA)

ROUTES: tuple[Route, ...] = (
    Route(PATH, page(_OPEN(erasures_page)), methods=["GET"]),
    Route(PATH, page(_OPEN(ask_erasure)), methods=["POST"]),
    Route(f"{PATH}/{{id}}", page(_OPEN(erasure_page)), methods=["GET"]),
    Route(f"{PATH}/{{id}}", page(_OPEN(take_back)), methods=["POST"]),
    Route(f"{PATH}/{{id}}/sites.csv", page(_OPEN(erasure_file)), methods=["GET"]),
)
