"""Announcements as those who communicate for the site write them on a page, and take them back.

What is essential is asked for with its reason; how many are left stands beside it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission
from federation.database import Row
from federation.errors import Invalid, NodeError, TooMany, describe
from inbox import announcements
from inbox.announcements import (
    DAY_MS,
    ESSENTIAL_DAYS,
    REASON_CHARACTERS_MAX,
    TEXT_CHARACTERS_MAX,
    Draft,
    essential_since,
)
from web.mastodon.admin import announcements as admin
from web.mastodon.params import Params, read_id
from web.pages.callers import PageCall
from web.pages.content import shown_html
from web.pages.dates import day, when
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.staff.frame import for_staff, show_staff
from web.translations import say

PATH = "/staff/announcements"
AT_ONCE = 20

describe({"announcement.until": "The last day must be a date from today on: {came}"})


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form, as it was typed."""

    text: str = ""
    until: str = ""
    is_essential: bool = False
    essential_reason: str = ""


async def announcements_page(call: PageCall) -> Response:
    """GET /staff/announcements: the form, and those there are, newest first; `before` an id."""
    return await _shown(call, Typed())


async def _shown(call: PageCall, typed: Typed, error: NodeError | None = None) -> Response:
    node, before = call.node, call.query.id("before")
    rows = await announcements.everything(node.db, before=before, limit=AT_ONCE + 1)
    used = await essential_since(node.db, node.clock() - ESSENTIAL_DAYS * DAY_MS)
    left = max(node.options.hours.essential - len(used), 0)
    return show_staff(
        call,
        "staff_announcements.html",
        here="announcements",
        error=error,
        typed=typed,
        text_max=str(TEXT_CHARACTERS_MAX),
        reason_max=str(REASON_CHARACTERS_MAX),
        left=str(left),
        days=str(ESSENTIAL_DAYS),
        site_language=node.language,
        all=[_line(call, row) for row in rows[:AT_ONCE]],
        older=rows[AT_ONCE - 1]["id"] if len(rows) > AT_ONCE else "",
        is_later=before is not None,
    )


def _line(call: PageCall, row: Row) -> dict[str, Any]:
    language, now = call.page_language, call.node.clock()
    ends_at: int | None = row["ends_at"]
    if row["published_at"] is None:
        state = ("idle", say(language, "announcements.later"))
    elif ends_at is not None and ends_at <= now:
        state = ("idle", say(language, "announcements.over"))
    else:
        state = ("good", say(language, "announcements.shown"))
    return {
        "id": row["id"],
        "html": shown_html(call.node, row["content_html"], [], None),
        "name": row["text"][:60],
        "when": when(language, row["published_at"] or row["scheduled_at"] or 0, now),
        # The last moment of the day before.
        "until": "" if ends_at is None else day(language, ends_at - 1),
        "state": state,
    }


async def publish(call: PageCall) -> Response:
    """POST /staff/announcements: said to everybody here, at once."""
    form = await read_form(call.request, bytes_max=4 * TEXT_CHARACTERS_MAX)
    typed = Typed(
        form.text("text") or "",
        (form.text("until") or "").strip(),
        bool(form.flag("is_essential")),
        (form.text("essential_reason") or "").strip(),
    )
    try:
        await admin.publish(call, _draft(form, typed, call.node.clock()))
    except (Invalid, TooMany) as error:
        return await _shown(call, typed, error)
    return redirect(f"{PATH}?done=published")


def _draft(form: Params, typed: Typed, now_ms: int) -> Draft:
    return Draft(
        (form.text("text", TEXT_CHARACTERS_MAX) or "").strip(),
        ends_at=_end_of(typed.until, now_ms) if typed.until else None,
        essential_reason=typed.essential_reason if typed.is_essential else None,
    )


def _end_of(text: str, now_ms: int) -> int:
    """The ms at which a day is over, in the time of the place; Invalid when it is already."""
    try:
        following = date.fromisoformat(text) + timedelta(days=1)
        end_ms = int(datetime.combine(following, time.min).timestamp() * 1000)
    except (ValueError, OverflowError) as error:
        raise Invalid("announcement.until", field="until", came=text[:50]) from error
    if end_ms <= now_ms:
        raise Invalid("announcement.until", field="until", came=text)
    return end_ms


async def withdraw(call: PageCall) -> Response:
    """POST /staff/announcements/withdraw: `id`; it is shown to nobody any more."""
    form = await read_form(call.request)
    await admin.withdraw(call, read_id(form.text("id", 30) or ""))
    return redirect(f"{PATH}?done=withdrawn")


_OPEN = for_staff(Permission.COMMUNICATE_OFFICIALLY)

ROUTES: tuple[Route, ...] = (
    Route(PATH, page(_OPEN(announcements_page)), methods=["GET"]),
    Route(PATH, page(_OPEN(publish)), methods=["POST"]),
    Route(f"{PATH}/withdraw", page(_OPEN(withdraw)), methods=["POST"]),
)
