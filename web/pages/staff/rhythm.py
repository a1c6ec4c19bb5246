"""The page of the site's rhythm: how it lives from week to week, as a drawing and as a table.

Nobody is named, no one is counted alone, and nothing here takes a person: `inbox.rhythm` decides
what is shown. The same figures leave as a file for whoever reports on a quarter.
"""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO

from babel.dates import format_date
from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission
from inbox.announcements import essential_lately
from inbox.rhythm import ANSWERS, KINDS, Rhythm, Week, rhythm
from web.pages.callers import PageCall
from web.pages.failures import page
from web.pages.staff.frame import for_staff, show_staff
from web.translations import say

PATH = "/staff/rhythm"
FLOOR, HEIGHT = 120, 100
STEP, BAR = 28, 18
GAP = 2
HIDDEN_HEIGHT = 36


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the drawing: the class of the stylesheet that colours it, and its place."""

    kind: str
    x: int
    y: int
    height: int


async def rhythm_page(call: PageCall) -> Response:
    """GET /staff/rhythm: the last twelve finished weeks."""
    found = await rhythm(call.node.db, call.node.clock())
    language = call.page_language
    share, usual = found.between_percent, found.usual_answer
    return show_staff(
        call,
        "staff_rhythm.html",
        here="rhythm",
        is_empty=found.lively_weeks == 0,
        title=_title(call, found),
        bars=bars(found.weeks),
        first=_monday(call, found.weeks[0]) if found.weeks else "",
        weeks=[
            {"name": _monday(call, week), "cells": [_cell(call, week, kind) for kind in KINDS]}
            for week in found.weeks
        ],
        lively=_lively(call, found),
        pierced=str(await essential_lately(call.node)),
        usual=say(language, f"rhythm.usual_{usual}") if usual else say(language, "rhythm.hidden"),
        between=say(language, "rhythm.percent", n=str(share))
        if share is not None
        else say(language, "rhythm.hidden"),
        answers=[
            (say(language, f"rhythm.{name}"), found.answers[name])
            for name in ANSWERS
            if name in found.answers
        ],
    )


def bars(weeks: list[Week]) -> list[Bar]:
    """The bars of each week, posts below and replies above; a dashed one where all is hidden."""
    most = max((_sum(week) for week in weeks), default=0) or 1
    found: list[Bar] = []
    for place, week in enumerate(weeks):
        x, top = 4 + place * STEP, FLOOR
        replies = (week.cells["replies"] or 0) + (week.cells["between"] or 0)
        for kind, count in (("ba", week.cells["posts"] or 0), ("bb", replies)):
            height = round(count * HEIGHT / most)
            if height:
                found.append(Bar(kind, x, top - height, height))
                top -= height + GAP
        if top == FLOOR and None in week.cells.values():
            found.append(Bar("bx", x, FLOOR - HIDDEN_HEIGHT, HIDDEN_HEIGHT))
    return found


def _sum(week: Week) -> int:
    return sum(count or 0 for count in week.cells.values())


def _title(call: PageCall, found: Rhythm) -> str:
    counts = [_sum(week) for week in found.weeks]
    hidden = sum(None in week.cells.values() for week in found.weeks)
    return say(
        call.page_language,
        "rhythm.title",
        least=str(min(counts, default=0)),
        most=str(max(counts, default=0)),
        hidden=str(hidden),
    )


def _lively(call: PageCall, found: Rhythm) -> str:
    key = "rhythm.lively_one" if found.lively_weeks == 1 else "rhythm.lively"
    return say(call.page_language, key, n=str(found.lively_weeks), all=str(len(found.weeks)))


def _monday(call: PageCall, week: Week) -> str:
    moment = datetime.fromtimestamp(week.monday / 1000, UTC)
    return format_date(moment, "d MMM", locale=call.page_language)


def _cell(call: PageCall, week: Week, kind: str) -> str:
    count = week.cells[kind]
    return say(call.page_language, "rhythm.masked") if count is None else str(count)


async def rhythm_file(call: PageCall) -> Response:
    """GET /staff/rhythm.csv: the table of the page; what is masked there is masked here."""
    found, language = await rhythm(call.node.db, call.node.clock()), call.page_language
    text = StringIO()
    lines = csv.writer(text, delimiter=";")
    lines.writerow([say(language, f"rhythm.{name}") for name in ("week", *KINDS)])
    for week in found.weeks:
        monday = datetime.fromtimestamp(week.monday / 1000, UTC).date().isoformat()
        lines.writerow([monday, *(_cell(call, week, kind) for kind in KINDS)])
    lines.writerow([])
    lines.writerow([say(language, "rhythm.answered"), say(language, "rhythm.posts")])
    for name in ANSWERS:
        if name in found.answers:
            lines.writerow([say(language, f"rhythm.{name}"), found.answers[name]])
    lines.writerow([])
    lines.writerow([say(language, "rhythm.pierced"), await essential_lately(call.node)])
    headers = {
        "Content-Disposition": 'attachment; filename="rhythm.csv"',
        "Cache-Control": "private, no-store",
    }
    # A mark at the beginning tells office software that the letters are UTF-8.
    content = "\ufeff" + text.getvalue()
    return Response(content, headers=headers, media_type="text/csv; charset=utf-8")


ROUTES: tuple[Route, ...] = (
    Route(PATH, page(for_staff(Permission.VIEW_HEALTH)(rhythm_page)), methods=["GET"]),
    Route(f"{PATH}.csv", page(for_staff(Permission.VIEW_HEALTH)(rhythm_file)), methods=["GET"]),
)
