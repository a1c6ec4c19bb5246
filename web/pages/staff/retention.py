"""For how long each class is kept: changed only by who has read what that would remove.

The count is at least five or *fewer than five*, as everywhere.
"""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission
from federation.errors import Invalid
from inbox.retention import DURATIONS, POSTS_MIN, TIMED, would_go
from inbox.site_facts import set_facts, site_facts
from web.mastodon.params import Params
from web.pages.callers import PageCall
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.staff import site
from web.pages.staff.frame import for_staff, show_staff
from web.translations import say

PATH = f"{site.PATH}/retention"


async def change_retention(call: PageCall) -> Response:
    """POST /staff/site/retention: first what it would remove, then, with `sure`, the change."""
    form = await read_form(call.request)
    try:
        wanted = {name: _months(form, f"keep_{name}") for name in TIMED}
    except Invalid as error:
        typed = {name: form.text(name) or "" for name in (f"keep_{one}" for one in TIMED)}
        return await site.shown(call, error, typed)
    if not form.flag("sure"):
        return await _preview(call, wanted)
    staff = await call.viewer()
    facts = {f"keep_{name}": str(months or "") for name, months in wanted.items()}
    await call.node.db.write(lambda tx: set_facts(call.node, tx, staff["uri"], facts, _said(facts)))
    return redirect(f"{site.PATH}?done=retention#retention")


def _months(form: Params, name: str) -> int | None:
    text = form.choice(name, [str(months) for months in DURATIONS])
    return None if text is None else int(text)


def _said(facts: dict[str, str]) -> str:
    """The durations as the record keeps them: months, 0 where nothing is taken away."""
    return ", ".join(f"{name} = {value or '0'}" for name, value in facts.items())


async def _preview(call: PageCall, wanted: dict[str, int | None]) -> Response:
    facts = await site_facts(call.node.db)
    before = {"conversation": facts.keep_conversation, "knowledge": facts.keep_knowledge}
    lines: list[dict[str, Any]] = []
    for name, months in wanted.items():
        count = 0 if months is None else await would_go(call.node, name, months)
        lines.append(
            {
                "name": name,
                "months": str(months or ""),
                "before": duration(call, before[name]),
                "after": duration(call, months),
                "changes": before[name] != months,
                "removes": _removes(call, count) if months is not None else "",
            }
        )
    return show_staff(call, "staff_retention.html", here="site", lines=lines)


def _removes(call: PageCall, count: int) -> str:
    if count < POSTS_MIN:
        return say(call.page_language, "site.removes_few")
    return say(call.page_language, "site.removes", n=str(count))


def duration(call: PageCall, months: int | None) -> str:
    """How long a class is kept, in words."""
    if months is None:
        return say(call.page_language, "site.keep")
    return say(call.page_language, "site.months", n=str(months))


ROUTES: tuple[Route, ...] = (
    Route(
        PATH,
        page(for_staff(Permission.MANAGE_SETTINGS)(change_retention)),
        methods=["POST"],
    ),
)
