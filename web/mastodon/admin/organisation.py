"""The organisation of this site, for whoever may manage partners: the same steps as the commands.

Joining is confirmed where the lead is, under `partners/{host}/confirm`, as any other offer.
"""

from typing import Any

from starlette.responses import Response

from actors.permissions import Permission
from federation.activity import iso
from federation.database import Transaction
from federation.errors import NotFound
from federation.organisations import SiteStanding, others, own_organisation, sites_of
from federation.origins import authority_of
from federation.pairing_invitations import VALID_MS
from inbox import organisation, organisation_partners
from inbox.pairing import origin_typed, safety_number_with
from web.mastodon.admin.partners import (
    CODE_CHARACTERS_MAX,
    HOST_CHARACTERS_MAX,
    check_seen,
    origin_of_path,
    site_entity,
    staff_of,
)
from web.mastodon.call import Call, Entry, answer

PATH = "/api/maillage/v1/organisation"
_NAME_SENT_MAX = 1_000

Entity = dict[str, Any]


async def show(call: Call) -> Response:
    """GET organisation: its name, its lead and its sites; 404 when this site is alone."""
    return answer(await _entity(call))


async def create(call: Call) -> Response:
    """POST organisation: `name`; this site leads it."""
    params, by = await call.params(), await staff_of(call)
    await organisation.create(call.node, params.required("name", _NAME_SENT_MAX), by)
    return answer(await _entity(call))


async def invite(call: Call) -> Response:
    """POST organisation/invitations: `host`; the code is shown this once."""
    params, by = await call.params(), await staff_of(call)
    origin = origin_typed(call.node, params.required("host", HOST_CHARACTERS_MAX))

    async def work(tx: Transaction) -> str:
        return (await organisation.invite(call.node, tx, origin, by)).text()

    code = await call.node.db.write(work)
    ends = iso(call.node.clock() + VALID_MS)
    return answer({"code": code, "host": authority_of(origin), "expires_at": ends})


async def look(call: Call) -> Response:
    """POST organisation/look: which organisation stands behind a `code`, and who leads it."""
    params = await call.params()
    site, uri, name = await organisation.look(
        call.node, params.required("code", CODE_CHARACTERS_MAX)
    )
    said = {"uri": uri, "name": name, "lead": await site_entity(call, site)}
    return answer(said)


async def join(call: Call) -> Response:
    """POST organisation/join: `code`, `safety_number`; a person at the lead has to confirm it."""
    params, by = await call.params(), await staff_of(call)
    code = params.required("code", CODE_CHARACTERS_MAX)
    site, _, name = await organisation.look(call.node, code)
    await check_seen(call, params, site.origin, site.fingerprint)
    known = await organisation.join(call.node, code, by)
    return answer({"host": authority_of(known.origin), "name": name, "state": known.state})


async def remove(call: Call) -> Response:
    """POST organisation/sites/:host/remove: its relation with every site ends."""
    await organisation.remove(call.node, origin_of_path(call), await staff_of(call))
    return answer(await _entity(call))


async def index_proposed(call: Call) -> Response:
    """GET organisation/proposed: the sites that partners' organisations list, and their state."""
    found: list[Entity] = []
    for known in await others(call.node.db):
        for site in await sites_of(call.node, call.node.db, known):
            listed = None if known.listed is None else known.listed.site(site.origin)
            if listed is None or site.is_lead:
                continue
            number = await safety_number_with(call.node, site.origin, listed.fingerprint)
            found.append(_site(site) | {"organisation": known.name, "safety_number": number})
    return answer(found)


async def confirm(call: Call) -> Response:
    """POST organisation/proposed/:host/confirm: `safety_number`; offers it its lead's agreement."""
    params, by, origin = await call.params(), await staff_of(call), origin_of_path(call)
    _, listed, _ = await organisation_partners.proposed(call.node, origin)
    await check_seen(call, params, origin, listed.fingerprint)
    known = await organisation_partners.confirm(call.node, origin, by)
    return answer({"host": authority_of(origin), "name": known.name, "state": known.state})


async def refuse(call: Call) -> Response:
    """POST organisation/proposed/:host/refuse: it is proposed no more, and hears nothing."""
    await organisation_partners.refuse(call.node, origin_of_path(call), await staff_of(call))
    return answer({})


async def leave(call: Call) -> Response:
    """POST organisation/leave: the relation with every other site ends; the lead leaves last."""
    await organisation.leave(call.node, await staff_of(call))
    return answer({})


async def _entity(call: Call) -> Entity:
    own = await own_organisation(call.node.db)
    if own is None:
        raise NotFound("record.not_found")
    sites = await sites_of(call.node, call.node.db, own)
    return {
        "uri": own.uri,
        "name": own.name,
        "lead": authority_of(own.lead_origin),
        "is_lead": own.is_led_by(call.node.origin),
        "number": own.number,
        "sites": [_site(site) for site in sites],
    }


def _site(site: SiteStanding) -> Entity:
    return {
        "host": authority_of(site.origin),
        "origin": site.origin,
        "name": site.name,
        "is_lead": site.is_lead,
        "state": site.state,
        "reason": site.reason,
    }


def _entry(method: str, path: str, handler: Any) -> Entry:
    scope = "admin:read" if method == "GET" else "admin:write"
    return Entry(method, path, "staff", scope, handler, Permission.MANAGE_PARTNERS)


ENTRIES: tuple[Entry, ...] = (
    _entry("GET", PATH, show),
    _entry("POST", PATH, create),
    _entry("POST", f"{PATH}/invitations", invite),
    _entry("POST", f"{PATH}/look", look),
    _entry("POST", f"{PATH}/join", join),
    _entry("POST", f"{PATH}/leave", leave),
    _entry("GET", f"{PATH}/proposed", index_proposed),
    _entry("POST", f"{PATH}/proposed/{{host}}/confirm", confirm),
    _entry("POST", f"{PATH}/proposed/{{host}}/refuse", refuse),
    _entry("POST", f"{PATH}/sites/{{host}}/remove", remove),
)
