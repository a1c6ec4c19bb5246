"""Two persons of staff open the conversation around a report: asked, confirmed, read."""

import orjson
from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission
from federation.database import Row
from federation.errors import Invalid, Refused
from inbox import disclosures
from web.mastodon.entities import statuses
from web.mastodon.params import Params
from web.pages.callers import PageCall
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.posts import entities_shown
from web.pages.staff.frame import for_staff, show_staff
from web.pages.staff.reports import PATH, load_report, show_report
from web.translations import LANGUAGES, say


async def change_disclosure(call: PageCall) -> Response:
    """POST /staff/reports/:id/disclosure: `do` asks, confirms or refuses."""
    form, report = await read_form(call.request), await load_report(call)
    deed = form.text("do", 50) or ""
    try:
        await _do(call, report, deed, form)
    except (Invalid, Refused) as error:
        return await show_report(call, report, error, form)
    return redirect(f"{PATH}/{report['id']}?done={deed}")


async def _do(call: PageCall, report: Row, deed: str, form: Params) -> None:
    node, staff = call.node, await call.viewer()
    if deed == "ask":
        reason, hold = ((form.text(name) or "").strip() for name in ("reason", "hold"))
        await node.db.write(lambda tx: disclosures.ask(node, tx, report, staff, reason, hold))
    elif deed in ("confirm", "refuse"):
        texts = {one: say(one, "disclosure.told", reason="{reason}") for one in LANGUAGES}
        confirmed = deed == "confirm"
        await node.db.write(
            lambda tx: disclosures.answer(node, tx, report, staff, confirmed=confirmed, texts=texts)
        )
    else:
        raise Invalid("page.act", field="do")


async def conversation_page(call: PageCall) -> Response:
    """GET /staff/reports/:id/conversation: for the two, while it is open; each look is recorded."""
    report, staff = await load_report(call), await call.viewer()
    rows = await call.node.db.write(lambda tx: disclosures.read(call.node, tx, report, staff))
    entities = [orjson.loads(item) for item in await statuses(call, rows)]
    return show_staff(
        call,
        "staff_conversation.html",
        here="reports",
        report_path=f"{PATH}/{report['id']}",
        posts=await entities_shown(call, entities),
    )


_OPEN = for_staff(Permission.READ_REPORTS)

ROUTES: tuple[Route, ...] = (
    Route(f"{PATH}/{{id}}/disclosure", page(_OPEN(change_disclosure)), methods=["POST"]),
    Route(f"{PATH}/{{id}}/conversation", page(_OPEN(conversation_page)), methods=["GET"]),
)
