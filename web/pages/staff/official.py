"""What is official on this site, as whoever answers for data sees it: kept until there is a visa.

Only posts that the reader may read by herself are listed. A visa is given for somebody else's
post, with a reason that is kept in the record for good.
"""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission
from actors.queries import by_uris
from federation.database import Row, Transaction
from federation.errors import Invalid, NodeError, NotFound, Refused
from inbox import retention
from inbox.audit import REASON_CHARACTERS_MAX
from outbox.visibility import may_see_sql, visible
from web.mastodon.params import read_id
from web.pages.callers import PageCall
from web.pages.dates import day
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.posts import posts
from web.pages.staff.frame import for_staff, show_staff

PATH = "/staff/official"
POSTS = 25
LAST = 1 << 62


async def official_page(call: PageCall) -> Response:
    """GET /staff/official: newest first, `before` an id."""
    return await _shown(call)


async def _shown(
    call: PageCall, error: NodeError | None = None, about: int = 0, reason: str = ""
) -> Response:
    before = call.query.id("before")
    condition, args = may_see_sql(call.who)
    rows = await call.node.db.rows(
        "SELECT status.*, c.visa_by_uri, c.visa_reason, c.visa_at FROM status"
        " JOIN status_class c ON c.status_id = status.id AND c.class = 'official'"
        f" WHERE c.status_id < ? AND {condition} ORDER BY c.status_id DESC LIMIT ?",
        LAST if before is None else before,
        *args,
        POSTS + 1,
    )
    return show_staff(
        call,
        "staff_official.html",
        here="official",
        error=error,
        posts=await _lines(call, rows[:POSTS]),
        about=str(about),
        reason=reason,
        reason_max=str(REASON_CHARACTERS_MAX),
        older=rows[POSTS - 1]["id"] if len(rows) > POSTS else "",
        is_later=before is not None,
    )


async def _lines(call: PageCall, rows: Any) -> list[dict[str, Any]]:
    drawn = {int(one["id"]): one for one in await posts(call, rows)}
    givers = await by_uris(
        call.node.db, (row["visa_by_uri"] for row in rows if row["visa_by_uri"] is not None)
    )
    return [
        {
            "post": drawn[row["id"]],
            "day": day(call.page_language, row["published_at"]),
            "is_own": row["actor_id"] == call.actor_id,
            "visa": None if row["visa_at"] is None else _visa(call, row, givers),
        }
        for row in rows
        if row["id"] in drawn
    ]


def _visa(call: PageCall, row: Row, givers: dict[str, Row]) -> dict[str, str]:
    giver = givers.get(row["visa_by_uri"])
    name = "" if giver is None else giver["display_name"] or giver["username"]
    return {
        "by": name or row["visa_by_uri"],
        "reason": row["visa_reason"],
        "day": day(call.page_language, row["visa_at"]),
    }


async def decide(call: PageCall) -> Response:
    """POST /staff/official: `do` is *visa* (with a reason) or *destroy* (with `sure`)."""
    form = await read_form(call.request)
    deed = form.choice("do", ("visa", "destroy"))
    status_id = read_id(form.text("id", 40) or "")
    row = None if status_id is None else await visible(call.node.db, call.who, status_id)
    if row is None or deed is None:
        raise NotFound("page.none")
    reason = (form.text("reason") or "").strip()
    staff = await call.viewer()

    async def work(tx: Transaction) -> None:
        if deed == "visa":
            await retention.give_visa(call.node, tx, staff, row, reason)
        else:
            await retention.destroy(call.node, tx, staff, row)

    try:
        _check(deed, reason, is_sure=bool(form.flag("sure")))
        await call.node.db.write(work)
    except (Invalid, Refused) as error:
        return await _shown(call, error, row["id"], reason)
    return redirect(f"{PATH}?done={deed}")


def _check(deed: str, reason: str, *, is_sure: bool) -> None:
    if len(reason) > REASON_CHARACTERS_MAX:
        raise Invalid("param.too_long", field="reason", max=str(REASON_CHARACTERS_MAX))
    if deed == "destroy" and not is_sure:
        raise Invalid("visa.sure", field="sure")


ROUTES: tuple[Route, ...] = (
    Route(PATH, page(for_staff(Permission.PROTECT_DATA)(official_page)), methods=["GET"]),
    Route(PATH, page(for_staff(Permission.PROTECT_DATA)(decide)), methods=["POST"]),
)
