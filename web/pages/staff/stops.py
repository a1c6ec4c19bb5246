"""The emergency on the pages of staff: stop one partner or all, and *this was not us*."""

from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission
from federation.errors import NodeError
from federation.origins import authority_of
from federation.partnerships import Partnership
from federation.stops import ALL
from inbox import partner_stops, partnership_acts
from web.mastodon.admin.partners import staff_of
from web.pages.callers import PageCall
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.staff.asking import Asked, ask, check_typed
from web.pages.staff.frame import for_staff
from web.pages.staff.partner import known_partner
from web.pages.staff.partner_words import PATH
from web.translations import say

STOP_PATH, RESUME_PATH = f"{PATH}/stop", f"{PATH}/resume"
_STOPS = ("nothing_passes", "kept", "logins", "goes_on")


def _all(call: PageCall) -> Asked:
    back_text = say(call.page_language, "staff.partners")
    return Asked("stop_all", STOP_PATH, _STOPS, PATH, back_text, call.node.host)


def _one(known: Partnership) -> Asked:
    host = authority_of(known.origin)
    back, name = f"{PATH}/{host}", known.name or host
    return Asked("stop_one", f"{back}/stop", _STOPS, back, name, host, name)


def _not_us(known: Partnership) -> Asked:
    host = authority_of(known.origin)
    back, name = f"{PATH}/{host}", known.name or host
    return Asked("not_us", f"{back}/not_us", ("pauses", "call", "code"), back, name, "", name)


async def stop_all_page(call: PageCall) -> Response:
    """GET /staff/partners/stop: what stopping everything does."""
    return ask(call, _all(call))


async def stop_all(call: PageCall) -> Response:
    """POST /staff/partners/stop: `typed`, the host of this site."""
    form, asked = await read_form(call.request), _all(call)
    try:
        check_typed(form, asked)
        await partner_stops.stop(call.node, ALL, await staff_of(call))
    except NodeError as error:
        return ask(call, asked, form, error)
    return redirect(f"{PATH}?done=all_stopped")


async def resume_all(call: PageCall) -> Response:
    """POST /staff/partners/resume: the stop of everything ends; single stops and pauses stay."""
    await read_form(call.request)
    await partner_stops.go_on(call.node, ALL, await staff_of(call))
    return redirect(f"{PATH}?done=all_resumed")


async def stop_page(call: PageCall) -> Response:
    """GET /staff/partners/:host/stop: what stopping this one does."""
    return ask(call, _one(await known_partner(call)))


async def stop(call: PageCall) -> Response:
    """POST /staff/partners/:host/stop: `typed`, its host."""
    form, asked = await read_form(call.request), _one(known := await known_partner(call))
    try:
        check_typed(form, asked)
        await partner_stops.stop(call.node, known.origin, await staff_of(call))
    except NodeError as error:
        return ask(call, asked, form, error)
    return redirect(f"{asked.back}?done=stopped")


async def not_us_page(call: PageCall) -> Response:
    """GET /staff/partners/:host/not_us: what saying so does."""
    return ask(call, _not_us(await known_partner(call)))


async def not_us(call: PageCall) -> Response:
    """POST /staff/partners/:host/not_us: a change of keys was nobody's who should; that pauses."""
    await read_form(call.request)
    known = await known_partner(call)
    asked = _not_us(known)
    try:
        await partnership_acts.not_us(call.node, known.origin, await staff_of(call))
    except NodeError as error:
        return ask(call, asked, None, error)
    return redirect(f"{asked.back}?done=not_us")


_OPEN = for_staff(Permission.MANAGE_PARTNERS)

ROUTES: tuple[Route, ...] = (
    Route(STOP_PATH, page(_OPEN(stop_all_page)), methods=["GET"]),
    Route(STOP_PATH, page(_OPEN(stop_all)), methods=["POST"]),
    Route(RESUME_PATH, page(_OPEN(resume_all)), methods=["POST"]),
    Route(f"{PATH}/{{host}}/stop", page(_OPEN(stop_page)), methods=["GET"]),
    Route(f"{PATH}/{{host}}/stop", page(_OPEN(stop)), methods=["POST"]),
    Route(f"{PATH}/{{host}}/not_us", page(_OPEN(not_us_page)), methods=["GET"]),
    Route(f"{PATH}/{{host}}/not_us", page(_OPEN(not_us)), methods=["POST"]),
)
