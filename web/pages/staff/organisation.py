"""The organisation of this site, and those of partners: found, join, invite, take out, leave.

The same steps as the commands and the interface have. A site that joins is confirmed at the lead
on its page among the partners.
"""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission
from federation.database import Transaction
from federation.errors import NodeError, NotFound
from federation.organisation_lists import NAME_CHARACTERS_MAX
from federation.organisations import Organisation, SiteStanding, others, own_organisation, sites_of
from federation.origins import authority_of
from federation.pairing_invitations import VALID_MS
from federation.site_documents import Site
from inbox import organisation
from inbox.pairing import origin_typed
from web.mastodon.admin.partners import (
    CODE_CHARACTERS_MAX,
    HOST_CHARACTERS_MAX,
    origin_of_path,
    staff_of,
)
from web.mastodon.params import Params
from web.pages.callers import PageCall
from web.pages.dates import when
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.posts import initials
from web.pages.qr import qr_drawing
from web.pages.staff.asking import Asked, ask, check_typed
from web.pages.staff.frame import for_staff, show_staff
from web.pages.staff.organisation_words import PATH, group_of
from web.pages.staff.partner_words import safety_lines
from web.pages.staff.partners import LINES_MAX, check_lines
from web.translations import say

CREATE_PATH, INVITE_PATH, JOIN_PATH = f"{PATH}/create", f"{PATH}/invite", f"{PATH}/join"
LEAVE_PATH, REMOVE_PATH = f"{PATH}/leave", f"{PATH}/sites/{{host}}/remove"


async def organisation_page(call: PageCall) -> Response:
    """GET /staff/organisation."""
    return await _shown(call)


async def _shown(
    call: PageCall, error: NodeError | None = None, form: Params | None = None
) -> Response:
    own = await own_organisation(call.node.db)
    return show_staff(
        call,
        "staff_organisation.html",
        here="partners",
        error=error,
        own=None if own is None else await _group(call, own),
        others=[await _group(call, one) for one in await others(call.node.db)],
        typed=("" if form is None else form.text("name")) or "",
        most=NAME_CHARACTERS_MAX,
    )


async def _group(call: PageCall, known: Organisation) -> dict[str, Any]:
    return await group_of(call, known, await sites_of(call.node, call.node.db, known))


async def create(call: PageCall) -> Response:
    """POST /staff/organisation/create: `name`; this site leads it."""
    form, by = await read_form(call.request), await staff_of(call)
    try:
        await organisation.create(call.node, form.required("name", 10 * NAME_CHARACTERS_MAX), by)
    except NodeError as error:
        return await _shown(call, error, form)
    return redirect(f"{PATH}?done=founded")


async def _led_here(call: PageCall) -> Organisation:
    own = await own_organisation(call.node.db)
    if own is None or not own.is_led_by(call.node.origin):
        raise NotFound("page.none")
    return own


async def invite_page(call: PageCall) -> Response:
    """GET /staff/organisation/invite, at the lead."""
    return _invite_form(call, await _led_here(call))


def _invite_form(
    call: PageCall,
    own: Organisation,
    form: Params | None = None,
    error: NodeError | None = None,
    **made: Any,
) -> Response:
    host = ("" if form is None else form.text("host")) or ""
    return show_staff(
        call,
        "staff_organisation_invite.html",
        here="partners",
        error=error,
        organisation=own.name,
        **({"code": "", "host": host} | made),
    )


async def invite(call: PageCall) -> Response:
    """POST /staff/organisation/invite: `host`; the code is on this answer alone."""
    form, by, own = await read_form(call.request), await staff_of(call), await _led_here(call)
    try:
        origin = origin_typed(call.node, form.required("host", HOST_CHARACTERS_MAX))

        async def work(tx: Transaction) -> str:
            return (await organisation.invite(call.node, tx, origin, by)).text()

        code = await call.node.db.write(work)
    except NodeError as error:
        return _invite_form(call, own, form, error)
    now = call.node.clock()
    until = when(call.page_language, now + VALID_MS, now)
    host, drawing = authority_of(origin), qr_drawing(code)
    return _invite_form(call, own, code=code, drawing=drawing, host=host, until=until)


async def join_page(call: PageCall) -> Response:
    """GET /staff/organisation/join: where the code of the lead is typed."""
    return await _join_form(call, Params({}))


async def join(call: PageCall) -> Response:
    """POST /staff/organisation/join: `look` shows the organisation and its lead, `join` asks."""
    form = await read_form(call.request)
    found: tuple[Site, str] | None = None
    try:
        code = form.required("code", CODE_CHARACTERS_MAX)
        site, _, name = await organisation.look(call.node, code)
        found = site, name
        if form.text("do") == "join":
            await check_lines(call, form, site.origin, site.fingerprint)
            await organisation.join(call.node, code, await staff_of(call))
            return redirect(f"{PATH}?done=joining")
    except NodeError as error:
        return await _join_form(call, form, found, error)
    return await _join_form(call, form, found)


async def _join_form(
    call: PageCall,
    form: Params,
    found: tuple[Site, str] | None = None,
    error: NodeError | None = None,
) -> Response:
    lead: dict[str, Any] | None = None
    if found is not None:
        site, name = found
        host = authority_of(site.origin)
        lead = {
            "name": site.name or host,
            "host": host,
            "contact": site.contact,
            "fingerprint": site.fingerprint,
            "initials": initials(site.name or host),
            "organisation": name,
            "lines": await safety_lines(call, site.origin, site.fingerprint),
        }
    return show_staff(
        call,
        "staff_organisation_join.html",
        here="partners",
        error=error,
        code=form.text("code") or "",
        lead_site=lead,
        ticked=form.texts("line", LINES_MAX) if lead else [],
    )


# Taking out, and leaving -------------------------------------------------------------------------


async def _leaving(call: PageCall) -> Asked:
    own = await own_organisation(call.node.db)
    if own is None:
        raise NotFound("page.none")
    lines = ("relations", "people", "again") if not own.is_led_by(call.node.origin) else ("over",)
    back_text = say(call.page_language, "org.title")
    return Asked("org_leave", LEAVE_PATH, lines, PATH, back_text, own.name, own.name)


async def _removing(call: PageCall) -> Asked:
    own, origin = await _led_here(call), origin_of_path(call)
    sites: list[SiteStanding] = await sites_of(call.node, call.node.db, own)
    site = next((one for one in sites if one.origin == origin and not one.is_lead), None)
    if site is None:
        raise NotFound("page.none")
    host, back_text = authority_of(origin), say(call.page_language, "org.title")
    path, lines = f"{PATH}/sites/{host}/remove", ("relations", "people", "again")
    return Asked("org_remove", path, lines, PATH, back_text, host, site.name or host)


async def leave_page(call: PageCall) -> Response:
    """GET /staff/organisation/leave: what leaving does."""
    return ask(call, await _leaving(call))


async def remove_page(call: PageCall) -> Response:
    """GET /staff/organisation/sites/:host/remove: what taking it out does."""
    return ask(call, await _removing(call))


async def leave(call: PageCall) -> Response:
    """POST /staff/organisation/leave: `typed`, its name."""
    form, asked = await read_form(call.request), await _leaving(call)
    try:
        check_typed(form, asked)
        await organisation.leave(call.node, await staff_of(call))
    except NodeError as error:
        return ask(call, asked, form, error)
    return redirect(f"{PATH}?done=left")


async def remove(call: PageCall) -> Response:
    """POST /staff/organisation/sites/:host/remove: `typed`, its host."""
    form, asked = await read_form(call.request), await _removing(call)
    try:
        check_typed(form, asked)
        await organisation.remove(call.node, origin_of_path(call), await staff_of(call))
    except NodeError as error:
        return ask(call, asked, form, error)
    return redirect(f"{PATH}?done=removed")


_OPEN = for_staff(Permission.MANAGE_PARTNERS)

ROUTES: tuple[Route, ...] = (
    Route(PATH, page(_OPEN(organisation_page)), methods=["GET"]),
    Route(CREATE_PATH, page(_OPEN(create)), methods=["POST"]),
    Route(INVITE_PATH, page(_OPEN(invite_page)), methods=["GET"]),
    Route(INVITE_PATH, page(_OPEN(invite)), methods=["POST"]),
    Route(JOIN_PATH, page(_OPEN(join_page)), methods=["GET"]),
    Route(JOIN_PATH, page(_OPEN(join)), methods=["POST"]),
    Route(LEAVE_PATH, page(_OPEN(leave_page)), methods=["GET"]),
    Route(LEAVE_PATH, page(_OPEN(leave)), methods=["POST"]),
    Route(REMOVE_PATH, page(_OPEN(remove_page)), methods=["GET"]),
    Route(REMOVE_PATH, page(_OPEN(remove)), methods=["POST"]),
)
