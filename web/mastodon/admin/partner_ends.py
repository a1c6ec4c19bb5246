"""The emergency stop and the end of agreements, for whoever may manage partners."""

from typing import Any

from starlette.responses import Response

from actors.permissions import Permission
from federation.activity import iso
from federation.errors import Refused
from federation.origins import authority_of
from federation.stops import ALL, stops
from inbox import partner_stops
from inbox.pairing import needed
from inbox.partings import consequences, last_parting
from web.mastodon.admin.partners import PATH, origin_of_path, staff_of
from web.mastodon.call import Call, Entry, answer
from web.partings import consequences_entity, proof_entity


async def preview(call: Call) -> Response:
    """GET partners/:host/end: what an end would mean; nothing changes."""
    known = await needed(call.node, origin_of_path(call))
    if known.state in {"offered", "asked", "ended"}:
        raise Refused("partner.not_in_force", origin=known.origin, state=known.state)
    found = await consequences(call.node, known)
    partner = known.name or authority_of(known.origin)
    return answer(consequences_entity(found, call.language, partner))


async def proof(call: Call) -> Response:
    """GET partners/:host/proof: of the latest end, with both receipts, to be printed."""
    parting = await last_parting(call.node.db, origin_of_path(call))
    return answer(proof_entity(call.node, parting, call.language))


async def stopped(call: Call) -> Response:
    """GET partners/stops: what stands still, since when and by whom."""
    return answer(await _stops(call))


async def stop_all(call: Call) -> Response:
    """POST partners/stop: nothing goes out or comes in any more, with anybody."""
    await partner_stops.stop(call.node, ALL, await staff_of(call))
    return answer(await _stops(call))


async def stop(call: Call) -> Response:
    """POST partners/:host/stop: nothing goes out or comes in any more, with this one."""
    await partner_stops.stop(call.node, origin_of_path(call), await staff_of(call))
    return answer(await _stops(call))


async def resume_all(call: Call) -> Response:
    """POST partners/resume: the stop of everything ends; single stops and pauses go on."""
    await partner_stops.go_on(call.node, ALL, await staff_of(call))
    return answer(await _stops(call))


async def _stops(call: Call) -> list[dict[str, Any]]:
    return [
        {
            "host": ALL if row["origin"] == ALL else authority_of(row["origin"]),
            "origin": row["origin"],
            "by": row["by_uri"],
            "stopped_at": iso(row["stopped_at"]),
        }
        for row in await stops(call.node.db)
    ]


def _entry(method: str, path: str, handler: Any) -> Entry:
    scope = "admin:read" if method == "GET" else "admin:write"
    return Entry(method, path, "staff", scope, handler, Permission.MANAGE_PARTNERS)


ENTRIES: tuple[Entry, ...] = (
    _entry("GET", f"{PATH}/stops", stopped),
    _entry("POST", f"{PATH}/stop", stop_all),
    _entry("POST", f"{PATH}/resume", resume_all),
    _entry("POST", f"{PATH}/{{host}}/stop", stop),
    _entry("GET", f"{PATH}/{{host}}/end", preview),
    _entry("GET", f"{PATH}/{{host}}/proof", proof),
)
