"""Agreements with other sites, for whoever may manage partners: the same steps as the commands.

What a person confirms she has seen: a confirmation brings the safety number that was shown.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response

from actors.permissions import Permission
from federation.activity import iso
from federation.agreements import NEW_SITES
from federation.database import Transaction
from federation.errors import Invalid, NotFound
from federation.origins import authority_of
from federation.pairing_invitations import VALID_MS
from federation.partnerships import Partnership, listing
from federation.scopes import NUMBERS, Scope, read_scope
from federation.site_documents import Site
from inbox import pairing, partner_stops, partnership_acts
from inbox.offer_texts import DAYS, DAYS_MAX
from inbox.pairing import By, check_number, needed, origin_typed
from inbox.partner_probe import probe
from web.mastodon.call import Call, Entry, answer
from web.mastodon.params import Params

PATH = "/api/maillage/v1/partners"
CODE_CHARACTERS_MAX = 1_000
HOST_CHARACTERS_MAX = 255

Entity = dict[str, Any]
Handler = Callable[[Call], Awaitable[Response]]


async def index(call: Call) -> Response:
    """GET partners: all of them, whatever their state."""
    return answer([await partner_entity(call, known) for known in await listing(call.node.db)])


async def show(call: Call) -> Response:
    """GET partners/:host."""
    return answer(await partner_entity(call, await needed(call.node, origin_of_path(call))))


async def invite(call: Call) -> Response:
    """POST partners/invitations: `host`, `grants`; the code is shown this once."""
    params, by = await call.params(), await staff_of(call)
    origin = origin_typed(call.node, params.required("host", HOST_CHARACTERS_MAX))
    scope = scope_sent(params, "grants", Scope())

    async def work(tx: Transaction) -> str:
        return (await pairing.invite(call.node, tx, origin, scope, by)).text()

    code = await call.node.db.write(work)
    ends = iso(call.node.clock() + VALID_MS)
    return answer({"code": code, "host": authority_of(origin), "expires_at": ends})


async def look(call: Call) -> Response:
    """POST partners/look: who stands behind a `code`, before anything is offered."""
    params = await call.params()
    _, site = await pairing.look(call.node, params.required("code", CODE_CHARACTERS_MAX))
    return answer(await site_entity(call, site))


async def offer(call: Call) -> Response:
    """POST partners: `code`, `safety_number`, and what is granted (`grants`) and asked (`asks`)."""
    params, by = await call.params(), await staff_of(call)
    code = params.required("code", CODE_CHARACTERS_MAX)
    ours, theirs = scope_sent(params, "grants", Scope()), scope_sent(params, "asks", Scope())
    _, site = await pairing.look(call.node, code)
    await check_seen(call, params, site.origin, site.fingerprint)
    days = params.number("days", 1, DAYS_MAX) or DAYS
    new_sites = params.choice("new_sites", NEW_SITES) or NEW_SITES[0]
    known = await pairing.offer(call.node, code, ours, theirs, by, days, new_sites=new_sites)
    return answer(await partner_entity(call, known))


async def confirm(call: Call) -> Response:
    """POST partners/:host/confirm: `safety_number`; less than asked with `grants`."""
    params, by, origin = await call.params(), await staff_of(call), origin_of_path(call)
    known = await needed(call.node, origin)
    await check_seen(call, params, origin, known.fingerprint)
    ours = None
    if "grants" in params and known.offer is not None:
        ours = scope_sent(params, "grants", known.offer.agreement.grant_of(call.node.origin))
    return answer(
        await partner_entity(call, await pairing.confirm(call.node, origin, by, ours=ours))
    )


async def narrow(call: Call) -> Response:
    """POST partners/:host/narrow: `grants`, each field as narrow as now or narrower."""
    params, by, origin = await call.params(), await staff_of(call), origin_of_path(call)
    known = await needed(call.node, origin)
    ours = scope_sent(params, "grants", known.ours)
    return answer(
        await partner_entity(call, await partnership_acts.narrow(call.node, origin, ours, by))
    )


async def renew(call: Call) -> Response:
    """POST partners/:host/renew: `days`, `grants`, `asks`; the partner confirms it."""
    params, by, origin = await call.params(), await staff_of(call), origin_of_path(call)
    known = await needed(call.node, origin)
    offered = await pairing.renew(
        call.node,
        origin,
        by,
        days=params.number("days", 1, DAYS_MAX) or DAYS,
        ours=scope_sent(params, "grants", known.ours),
        theirs=scope_sent(params, "asks", known.theirs),
    )
    return answer(await partner_entity(call, offered))


async def pause(call: Call) -> Response:
    """POST partners/:host/pause."""
    known = await partnership_acts.pause(call.node, origin_of_path(call), await staff_of(call))
    return answer(await partner_entity(call, known))


async def resume(call: Call) -> Response:
    """POST partners/:host/resume: after a pause, or after a stop of this one."""
    origin = origin_of_path(call)
    await partner_stops.go_on(call.node, origin, await staff_of(call))
    return answer(await partner_entity(call, await needed(call.node, origin)))


async def end(call: Call) -> Response:
    """POST partners/:host/end: the agreement, or an offer that waits; then nothing is left."""
    known = await partnership_acts.end(call.node, origin_of_path(call), await staff_of(call))
    return answer({} if known is None else await partner_entity(call, known))


async def probe_now(call: Call) -> Response:
    """POST partners/:host/probe: every check, green or not."""
    origin = origin_of_path(call)
    await probe(call.node, origin, await staff_of(call))
    return answer(await partner_entity(call, await needed(call.node, origin)))


def origin_of_path(call: Call) -> str:
    """The site that the path names; raise NotFound for what can be none."""
    try:
        return origin_typed(call.node, call.path_text("host"))
    except Invalid as error:
        raise NotFound("record.not_found") from error


async def staff_of(call: Call) -> By:
    """Who acts, as the record names her."""
    staff = await call.viewer()
    return By(staff["uri"], None if call.token is None else call.token.account_id)


async def check_seen(call: Call, params: Params, origin: str, fingerprint: str) -> None:
    """Raise Invalid unless `safety_number` came with what was sent, as it was shown."""
    number = await pairing.safety_number_with(call.node, origin, fingerprint)
    check_number(number, params.required("safety_number", HOST_CHARACTERS_MAX))


def scope_sent(params: Params, name: str, missing: Scope) -> Scope:
    """A scope as sent, in JSON or in a form; what is left out is as in `missing`."""
    table = params.table(name)
    sent: Entity = {}
    for field in table.names():
        if field in {"audiences", "reports"}:
            sent[field] = table.flag(field)
        elif field in NUMBERS:
            sent[field] = table.number(field, 0, NUMBERS[field])
        else:
            sent[field] = table.text(field, HOST_CHARACTERS_MAX)
    return read_scope(sent, missing)


async def partner_entity(call: Call, known: Partnership) -> Entity:
    """A partnership as staff reads it: what is offered, while something is."""
    shown = known.agreement if known.offer is None else known.offer.agreement
    number = await pairing.safety_number_with(call.node, known.origin, known.fingerprint)
    return {
        "host": authority_of(known.origin),
        "origin": known.origin,
        "name": known.name,
        "contact": known.contact,
        "kind": known.kind,
        "state": known.state,
        "waits_for_you": known.awaits_us,
        "paused_by": known.paused_by,
        "grants": shown.grant_of(call.node.origin).document(),
        "granted": shown.grant_of(known.origin).document(),
        "revision": shown.revision,
        "digest": shown.digest,
        "starts_at": shown.starts,
        "ends_at": shown.ends,
        "new_sites": shown.new_sites,
        "fingerprint": known.fingerprint,
        "safety_number": number,
        "checks": list(known.probe),
        "checked_at": None if known.probed_at is None else iso(known.probed_at),
    }


async def site_entity(call: Call, site: Site) -> Entity:
    """Who stands behind a code, with the safety number."""
    number = await pairing.safety_number_with(call.node, site.origin, site.fingerprint)
    return {
        "host": authority_of(site.origin),
        "origin": site.origin,
        "name": site.name,
        "contact": site.contact,
        "fingerprint": site.fingerprint,
        "safety_number": number,
    }


def _acts(**handlers: Handler) -> tuple[Entry, ...]:
    return tuple(_entry("POST", f"{PATH}/{{host}}/{name}", act) for name, act in handlers.items())


def _entry(method: str, path: str, handler: Handler) -> Entry:
    scope = "admin:read" if method == "GET" else "admin:write"
    return Entry(method, path, "staff", scope, handler, Permission.MANAGE_PARTNERS)


ENTRIES: tuple[Entry, ...] = (
    _entry("GET", PATH, index),
    _entry("POST", PATH, offer),
    _entry("POST", f"{PATH}/invitations", invite),
    _entry("POST", f"{PATH}/look", look),
    _entry("GET", f"{PATH}/{{host}}", show),
    *_acts(
        confirm=confirm,
        narrow=narrow,
        renew=renew,
        pause=pause,
        resume=resume,
        end=end,
        probe=probe_now,
    ),
)
