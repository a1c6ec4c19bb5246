"""One partner: what waits, what is agreed in both directions, and what can be done about it."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission
from federation import stops
from federation.errors import Invalid, NodeError, NotFound, describe
from federation.origins import authority_of
from federation.partner_refusals import refusals
from federation.partnerships import Partnership, partner
from inbox import pairing, partner_stops, partnership_acts
from inbox import terms as conventions
from inbox.link_health import queue, retry
from inbox.offer_texts import DAYS, DAYS_MAX
from inbox.partings import consequences, partings_with
from inbox.partner_probe import probe
from web.mastodon.admin.partners import (
    HOST_CHARACTERS_MAX,
    origin_of_path,
    scope_sent,
    staff_of,
)
from web.mastodon.params import Params
from web.pages.callers import PageCall
from web.pages.dates import day, when
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.scope_words import fields_typed
from web.pages.staff.frame import for_staff, said, show_staff
from web.pages.staff.partner_notices import keys_changed
from web.pages.staff.partner_words import PATH, health, lamps, safety_lines, shown, terms
from web.pages.staff.partners import LINES_MAX, check_lines
from web.translations import say, sentence

describe(
    {"partners.typed": "Type {expected} to say that this agreement ends; nothing has ended yet."}
)


async def known_partner(call: PageCall) -> Partnership:
    """The agreement, or offer, with the host of the path; raise NotFound without any."""
    known = await partner(call.node.db, origin_of_path(call))
    if known is None:
        raise NotFound("page.none")
    return known


async def partner_page(call: PageCall) -> Response:
    """GET /staff/partners/:host."""
    return await _shown(call, await known_partner(call))


async def _shown(
    call: PageCall,
    known: Partnership,
    error: NodeError | None = None,
    form: Params | None = None,
) -> Response:
    db, offer = call.node.db, known.offer
    asked = None if offer is None else offer.agreement.grant_of(call.node.origin)
    ends = await partings_with(db, known.origin)
    return show_staff(
        call,
        "staff_partner.html",
        here="partners",
        error=error,
        partner=shown(call, known),
        lines=await safety_lines(call, known.origin, known.fingerprint),
        ticked=[] if form is None else form.texts("line", LINES_MAX),
        terms=terms(call, known),
        fields=[]
        if asked is None
        else fields_typed(call.page_language, asked, form or Params({}), "grants"),
        grants_less=bool(
            offer is not None
            and offer.limit is not None
            and asked is not None
            and not asked.is_within(offer.limit)
        ),
        lamps=lamps(call, known),
        probed="" if known.probed_at is None else day(call.page_language, known.probed_at),
        health=health(call, await queue(db, known.origin)),
        has_ended=bool(ends),
        is_stopped=await stops.is_stopped(db, known.origin),
        is_all_stopped=await stops.is_stopped(db, stops.ALL),
        keys_changed=await keys_changed(call, known.origin) if known.is_in_force else "",
        convention=await _convention(call, known),
        refusals=await _refusals(call, known),
    )


async def _convention(call: PageCall, known: Partnership) -> dict[str, Any] | None:
    """The text behind what is offered or agreed, or why it cannot be shown; None without any."""
    agreement = known.agreement if known.offer is None else known.offer.agreement
    try:
        found = await conventions.read(call.node, agreement)
    except NodeError as error:
        return {"name": "", "lines": [], "problem": said(call, error)}
    if found is None:
        return None
    lines = [line for line in found.content.splitlines() if line.strip()]
    return {"name": found.name, "lines": lines, "problem": ""}


async def _refusals(call: PageCall, known: Partnership) -> list[tuple[str, str]]:
    """What was turned away in its name, in words, and how often."""
    language, now = call.page_language, call.node.clock()
    return [
        (
            sentence(language, one.code, {"origin": authority_of(known.origin)}),
            say(
                language,
                "partners.turned_away_line",
                n=str(one.requests),
                last=when(language, one.last_at, now),
            ),
        )
        for one in await refusals(call.node.db, known.origin)
    ]


async def form_page(call: PageCall) -> Response:
    """GET /staff/partners/:host/:form: the pages `narrow`, `renew` and `end`, and the `proof`."""
    known, name = await known_partner(call), call.path_text("act")
    if name not in FORMS:
        raise NotFound("page.none")
    return await FORMS[name](call, known, Params({}), None)


async def _narrow_form(
    call: PageCall, known: Partnership, form: Params, error: NodeError | None
) -> Response:
    return show_staff(
        call,
        "staff_partner_narrow.html",
        here="partners",
        error=error,
        partner=shown(call, known),
        ours=terms(call, known)["ours"],
        fields=fields_typed(call.page_language, known.ours, form, "grants"),
    )


async def _renew_form(
    call: PageCall, known: Partnership, form: Params, error: NodeError | None
) -> Response:
    return show_staff(
        call,
        "staff_partner_renew.html",
        here="partners",
        error=error,
        partner=shown(call, known),
        days=form.text("days") or str(DAYS),
        ours_fields=fields_typed(call.page_language, known.ours, form, "grants"),
        theirs_fields=fields_typed(call.page_language, known.theirs, form, "asks"),
    )


async def _end_form(
    call: PageCall, known: Partnership, form: Params, error: NodeError | None
) -> Response:
    return show_staff(
        call,
        "staff_partner_end.html",
        here="partners",
        error=error,
        partner=shown(call, known),
        counted=await consequences(call.node, known),
        typed=form.text("typed") or "",
    )


async def _proof(
    call: PageCall, known: Partnership, _form: Params, _error: NodeError | None
) -> Response:
    ends = await partings_with(call.node.db, known.origin)
    if not ends:
        raise NotFound("page.none")
    last, language = ends[0], call.page_language
    return show_staff(
        call,
        "staff_partner_proof.html",
        here="partners",
        partner=shown(call, known),
        parting=last,
        ended=day(language, last.ended_at),
        receipt=None if last.receipt_at is None else day(language, last.receipt_at),
        by_us=last.ended_by == call.node.origin,
        today=day(language, call.node.clock()),
    )


FORMS: dict[
    str, Callable[[PageCall, Partnership, Params, NodeError | None], Awaitable[Response]]
] = {"narrow": _narrow_form, "renew": _renew_form, "end": _end_form, "proof": _proof}


async def act(call: PageCall) -> Response:
    """POST /staff/partners/:host/:act: what it did is said on the page that follows."""
    form, name = await read_form(call.request), call.path_text("act")
    known = await known_partner(call)
    if name not in ACTS:
        raise NotFound("page.none")
    path = f"{PATH}/{authority_of(known.origin)}"
    try:
        done = await ACTS[name](call, known, form)
    except NodeError as error:
        # What was typed stays, beside what is wrong with it.
        now = await known_partner(call)
        if name in FORMS:
            return await FORMS[name](call, now, form, error)
        return await _shown(call, now, error, form)
    left = await partner(call.node.db, known.origin)
    return redirect(f"{PATH if left is None else path}?done={done}")


async def _confirm(call: PageCall, known: Partnership, form: Params) -> str:
    if known.offer is None or not known.awaits_us:
        raise NotFound("pairing.nothing", origin=known.origin)
    ours = None
    if "grants" in form:
        ours = scope_sent(form, "grants", known.offer.agreement.grant_of(call.node.origin))
    await check_lines(call, form, known.origin, known.fingerprint)
    now = await pairing.confirm(call.node, known.origin, await staff_of(call), ours=ours)
    return "countered" if now.offer is not None else "confirmed"


async def _drop(call: PageCall, known: Partnership, _form: Params) -> str:
    await pairing.drop_offer(call.node, known.origin, await staff_of(call))
    return "dropped"


async def _probe(call: PageCall, known: Partnership, _form: Params) -> str:
    await probe(call.node, known.origin, await staff_of(call))
    return "probed"


async def _retry(call: PageCall, known: Partnership, _form: Params) -> str:
    await retry(call.node, known.origin, await staff_of(call))
    return "retried"


async def _narrow(call: PageCall, known: Partnership, form: Params) -> str:
    ours = scope_sent(form, "grants", known.ours)
    await partnership_acts.narrow(call.node, known.origin, ours, await staff_of(call))
    return "narrowed"


async def _renew(call: PageCall, known: Partnership, form: Params) -> str:
    await pairing.renew(
        call.node,
        known.origin,
        await staff_of(call),
        days=form.number("days", 1, DAYS_MAX) or DAYS,
        ours=scope_sent(form, "grants", known.ours),
        theirs=scope_sent(form, "asks", known.theirs),
    )
    return "renewing"


async def _pause(call: PageCall, known: Partnership, _form: Params) -> str:
    await partnership_acts.pause(call.node, known.origin, await staff_of(call))
    return "paused"


async def _resume(call: PageCall, known: Partnership, _form: Params) -> str:
    by = await staff_of(call)
    if await stops.is_stopped(call.node.db, known.origin):
        await partner_stops.go_on(call.node, known.origin, by)
    else:
        await partnership_acts.resume(call.node, known.origin, by)
    return "resumed"


async def _end(call: PageCall, known: Partnership, form: Params) -> str:
    host = authority_of(known.origin)
    if (form.text("typed", HOST_CHARACTERS_MAX) or "").strip().lower() != host:
        raise Invalid("partners.typed", field="typed", expected=host)
    await partnership_acts.end(call.node, known.origin, await staff_of(call))
    return "ended"


ACTS: dict[str, Callable[[PageCall, Partnership, Params], Awaitable[str]]] = {
    "confirm": _confirm,
    "drop": _drop,
    "probe": _probe,
    "retry": _retry,
    "narrow": _narrow,
    "renew": _renew,
    "pause": _pause,
    "resume": _resume,
    "end": _end,
}
_OPEN = for_staff(Permission.MANAGE_PARTNERS)

ROUTES: tuple[Route, ...] = (
    Route(f"{PATH}/{{host}}", page(_OPEN(partner_page)), methods=["GET"]),
    Route(f"{PATH}/{{host}}/{{act}}", page(_OPEN(form_page)), methods=["GET"]),
    Route(f"{PATH}/{{host}}/{{act}}", page(_OPEN(act)), methods=["POST"]),
)
