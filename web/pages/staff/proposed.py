"""A site that a partner's organisation has listed: confirmed by its safety number, or refused."""

from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission
from federation.errors import NodeError
from federation.origins import authority_of
from federation.partnerships import CLOSED, partner
from inbox import organisation_partners
from web.mastodon.admin.partners import origin_of_path, staff_of
from web.mastodon.params import Params
from web.pages.callers import PageCall
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.posts import initials
from web.pages.scope_words import lines_of
from web.pages.staff.frame import for_staff, show_staff
from web.pages.staff.organisation_words import PATH
from web.pages.staff.partner_words import PATH as PARTNERS_PATH
from web.pages.staff.partner_words import safety_lines
from web.pages.staff.partners import LINES_MAX, check_lines

_PLACE = f"{PATH}/proposed/{{host}}"


async def proposed_page(call: PageCall) -> Response:
    """GET /staff/organisation/proposed/:host; where there is an agreement with it, that one."""
    held = await partner(call.node.db, origin_of_path(call))
    if held is not None and held.state not in CLOSED:
        return redirect(f"{PARTNERS_PATH}/{authority_of(held.origin)}")
    return await _shown(call, Params({}))


async def _shown(call: PageCall, form: Params, error: NodeError | None = None) -> Response:
    known, listed, lead = await organisation_partners.proposed(call.node, origin_of_path(call))
    host, language = authority_of(listed.origin), call.page_language
    name = listed.name or host
    return show_staff(
        call,
        "staff_organisation_site.html",
        here="partners",
        error=error,
        site={
            "name": name,
            "host": host,
            "initials": initials(name),
            "fingerprint": listed.fingerprint,
            "lines": await safety_lines(call, listed.origin, listed.fingerprint),
            "path": f"{PATH}/proposed/{host}",
        },
        organisation=known.name,
        lead_name=lead.name or authority_of(lead.origin),
        ticked=form.texts("line", LINES_MAX),
        ours=lines_of(language, lead.ours),
        theirs=lines_of(language, lead.theirs),
    )


async def decide(call: PageCall) -> Response:
    """POST /staff/organisation/proposed/:host: `confirm` with each line ticked, or `refuse`."""
    form, origin, by = await read_form(call.request), origin_of_path(call), await staff_of(call)
    try:
        _, listed, _ = await organisation_partners.proposed(call.node, origin)
        if form.text("do") == "refuse":
            await organisation_partners.refuse(call.node, origin, by)
            return redirect(f"{PATH}?done=site_refused")
        await check_lines(call, form, origin, listed.fingerprint)
        await organisation_partners.confirm(call.node, origin, by)
    except NodeError as error:
        return await _shown(call, form, error)
    return redirect(f"{PARTNERS_PATH}/{authority_of(origin)}?done=offered")


_OPEN = for_staff(Permission.MANAGE_PARTNERS)

ROUTES: tuple[Route, ...] = (
    Route(_PLACE, page(_OPEN(proposed_page)), methods=["GET"]),
    Route(_PLACE, page(_OPEN(decide)), methods=["POST"]),
)
