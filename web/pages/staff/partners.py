"""Partners of the site: their list, inviting one, and answering an invitation.

The same steps as the commands and the interface have: what weighs is confirmed by the safety
number, read aloud by two people and ticked line by line.
"""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission
from federation import stops
from federation.agreements import NEW_SITES
from federation.database import Transaction
from federation.errors import Invalid, NodeError, describe
from federation.origins import authority_of
from federation.pairing_invitations import VALID_MS
from federation.partnerships import listing
from federation.scopes import Scope
from federation.site_documents import Site
from inbox import pairing
from inbox import terms as conventions
from inbox.link_health import links
from inbox.offer_texts import DAYS, DAYS_MAX
from inbox.pairing import check_number, origin_typed
from web.mastodon.admin.partners import (
    CODE_CHARACTERS_MAX,
    HOST_CHARACTERS_MAX,
    scope_sent,
    staff_of,
)
from web.mastodon.params import Params
from web.pages.callers import PageCall
from web.pages.dates import day, when
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.posts import initials
from web.pages.qr import qr_drawing
from web.pages.scope_words import fields_typed, lines_of
from web.pages.staff.frame import for_staff, show_staff
from web.pages.staff.partner_notices import unseen
from web.pages.staff.partner_words import PATH, safety_lines, shown

INVITE_PATH, ACCEPT_PATH = f"{PATH}/invite", f"{PATH}/accept"
LINES_MAX = 6

describe(
    {
        "partners.lines": "Tick each line once both of you have read it: {came} of {expected} are"
        " ticked.",
    }
)


async def partners_page(call: PageCall) -> Response:
    """GET /staff/partners: all of them; who waits for somebody here comes first."""
    order = {"key_changed": 0, "active": 2, "paused": 2, "offered": 3, "expired": 4, "ended": 5}
    known = await listing(call.node.db)
    known.sort(key=lambda one: (1 if one.awaits_us else order.get(one.state, 1), one.name))
    late = {link.origin: link for link in await links(call.node.db) if link.is_late}
    listed: list[dict[str, Any]] = []
    for one in known:
        link = late.get(one.origin)
        since = "" if link is None or link.failing_since is None else when(
            call.page_language, link.failing_since, call.node.clock()
        )  # fmt: skip
        listed.append(shown(call, one) | {"late": since})
    return show_staff(
        call,
        "staff_partners.html",
        here="partners",
        partners=listed,
        notices=await unseen(call),
        is_all_stopped=await stops.is_stopped(call.node.db, stops.ALL),
    )


async def invite_page(call: PageCall) -> Response:
    """GET /staff/partners/invite."""
    return _invite_form(call, Params({}))


def _invite_form(call: PageCall, form: Params, error: NodeError | None = None) -> Response:
    scope = _scope_typed(form, "grants", Scope(), error)
    return show_staff(
        call,
        "staff_partner_invite.html",
        here="partners",
        error=error,
        code="",
        host=form.text("host") or call.query.text("host", HOST_CHARACTERS_MAX) or "",
        grants=lines_of(call.page_language, scope),
        fields=fields_typed(call.page_language, Scope(), form, "grants"),
    )


async def invite(call: PageCall) -> Response:
    """POST /staff/partners/invite: `host` and `grants`; the code is on this answer alone."""
    form = await read_form(call.request)
    by = await staff_of(call)
    try:
        origin = origin_typed(call.node, form.required("host", HOST_CHARACTERS_MAX))
        scope = scope_sent(form, "grants", Scope())

        async def work(tx: Transaction) -> str:
            return (await pairing.invite(call.node, tx, origin, scope, by)).text()

        code = await call.node.db.write(work)
    except NodeError as error:
        return _invite_form(call, form, error)
    return show_staff(
        call,
        "staff_partner_invite.html",
        here="partners",
        code=code,
        drawing=qr_drawing(code),
        host=authority_of(origin),
        until=when(call.page_language, call.node.clock() + VALID_MS, call.node.clock()),
        grants=lines_of(call.page_language, scope),
    )


async def accept_page(call: PageCall) -> Response:
    """GET /staff/partners/accept: where a code is typed."""
    return await _accept_form(call, Params({}))


async def accept(call: PageCall) -> Response:
    """POST /staff/partners/accept: `look` shows who stands behind the code, `offer` offers."""
    form = await read_form(call.request)
    site: Site | None = None
    try:
        code = form.required("code", CODE_CHARACTERS_MAX)
        _, site = await pairing.look(call.node, code)
        if form.text("do") == "offer":
            await _offer(call, form, code, site)
            return redirect(f"{PATH}/{authority_of(site.origin)}?done=offered")
    except NodeError as error:
        return await _accept_form(call, form, error, site)
    return await _accept_form(call, form, site=site)


async def _offer(call: PageCall, form: Params, code: str, site: Site) -> None:
    ours = scope_sent(form, "grants", Scope())
    theirs = scope_sent(form, "asks", Scope())
    days = form.number("days", 1, DAYS_MAX) or DAYS
    new_sites = form.choice("new_sites", NEW_SITES) or NEW_SITES[0]
    await check_lines(call, form, site.origin, site.fingerprint)
    by = await staff_of(call)
    await pairing.offer(call.node, code, ours, theirs, by, days, new_sites=new_sites)


async def check_lines(call: PageCall, form: Params, origin: str, fingerprint: str) -> None:
    """Raise Invalid (`safety_number`) unless every line of the safety number was ticked."""
    ticked = form.texts("line", LINES_MAX)
    if len(ticked) != LINES_MAX:
        raise Invalid(
            "partners.lines",
            field="safety_number",
            came=str(len(ticked)),
            expected=str(LINES_MAX),
        )
    number = await pairing.safety_number_with(call.node, origin, fingerprint)
    check_number(number, "".join(ticked))


async def _accept_form(
    call: PageCall, form: Params, error: NodeError | None = None, site: Site | None = None
) -> Response:
    language = call.page_language
    ours = _scope_typed(form, "grants", Scope(), error)
    theirs = _scope_typed(form, "asks", Scope(), error)
    days = form.text("days") or str(DAYS)
    ends = call.node.clock() + DAYS * pairing.DAY_MS
    return show_staff(
        call,
        "staff_partner_accept.html",
        here="partners",
        error=error,
        code=form.text("code") or "",
        site=None if site is None else await _site(call, site),
        ticked=form.texts("line", LINES_MAX) if site is not None else [],
        ours=lines_of(language, ours),
        ours_fields=fields_typed(language, Scope(), form, "grants"),
        theirs=lines_of(language, theirs),
        theirs_fields=fields_typed(language, Scope(), form, "asks"),
        days=days,
        ends=day(language, ends),
        new_sites=form.text("new_sites") or NEW_SITES[0],
        new_sites_choices=NEW_SITES,
        convention=dict(await conventions.stated(call.node)).get("name", ""),
    )


async def _site(call: PageCall, site: Site) -> dict[str, Any]:
    host = authority_of(site.origin)
    return {
        "name": site.name or host,
        "host": host,
        "contact": site.contact,
        "initials": initials(site.name or host),
        "fingerprint": site.fingerprint,
        "lines": await safety_lines(call, site.origin, site.fingerprint),
    }


def _scope_typed(form: Params, name: str, missing: Scope, error: NodeError | None) -> Scope:
    """What stands in the form of a scope; the defaults where it cannot be read."""
    if error is None:
        return scope_sent(form, name, missing)
    try:
        return scope_sent(form, name, missing)
    except NodeError:
        return missing


_OPEN = for_staff(Permission.MANAGE_PARTNERS)

ROUTES: tuple[Route, ...] = (
    Route(PATH, page(_OPEN(partners_page)), methods=["GET"]),
    Route(INVITE_PATH, page(_OPEN(invite_page)), methods=["GET"]),
    Route(INVITE_PATH, page(_OPEN(invite)), methods=["POST"]),
    Route(ACCEPT_PATH, page(_OPEN(accept_page)), methods=["GET"]),
    Route(ACCEPT_PATH, page(_OPEN(accept)), methods=["POST"]),
)
