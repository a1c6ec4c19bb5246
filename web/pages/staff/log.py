"""The record of what staff did, as staff reads it: in words, with a line that says it is whole."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission
from federation.database import Row, marks
from inbox.audit import page_before, verify_chain
from web.pages.callers import PageCall
from web.pages.dates import when
from web.pages.failures import page
from web.pages.staff.frame import for_staff, show_staff
from web.pages.staff.reports import PATH as REPORTS_PATH
from web.translations import PAGES, say

PATH = "/staff/log"
LINES = 50
DIGEST_CHARACTERS = 16
COMMAND = "maillage"


async def log_page(call: PageCall) -> Response:
    """GET /staff/log: newest first, `before` a number; and whether the whole record stands."""
    before = call.query.number("before", 1)
    rows = await page_before(call.node.db, before, LINES + 1)
    shown = rows[:LINES]
    names = await _names(call, shown)
    newest = await page_before(call.node.db, None, 1)
    return show_staff(
        call,
        "staff_log.html",
        here="log",
        lines=[_line(call, row, names) for row in shown],
        older=shown[-1]["number"] if len(rows) > LINES else "",
        is_later=before is not None,
        broken=await verify_chain(call.node.db),
        count=newest[0]["number"] if newest else 0,
        digest=newest[0]["digest"][:DIGEST_CHARACTERS] if newest else "",
    )


async def _names(call: PageCall, rows: Sequence[Row]) -> dict[str, str]:
    """The names of the actors that lines speak of, by uri."""
    uris = {row[name] for row in rows for name in ("staff_uri", "target")}
    wanted = [uri for uri in uris if "://" in uri]
    if not wanted:
        return {}
    found = await call.node.db.rows(
        "SELECT uri, COALESCE(NULLIF(display_name, ''), username) AS name FROM actor"
        f" WHERE uri IN ({marks(wanted)})",
        *wanted,
    )
    return {row["uri"]: row["name"] for row in found}


def _line(call: PageCall, row: Row, names: dict[str, str]) -> dict[str, Any]:
    language, key = call.page_language, f"log.{row['action']}"
    report = row["action"].startswith(("report.", "disclosure.")) and row["target"].isdigit()
    by_command = row["staff_uri"] == COMMAND
    who = say(language, "log.command") if by_command else names.get(row["staff_uri"])
    return {
        "number": row["number"],
        "who": who or row["staff_uri"],
        "what": say(language, key) if key in PAGES[language] else row["action"],
        "target": "" if report else names.get(row["target"], row["target"]),
        "report": f"{REPORTS_PATH}/{row['target']}" if report else "",
        "reason": row["reason"],
        "when": when(language, row["at_ms"], call.node.clock()),
    }


ROUTES: tuple[Route, ...] = (
    Route(PATH, page(for_staff(Permission.READ_REPORTS)(log_page)), methods=["GET"]),
)
