"""The directory for members: people of the site, of its organisation and partners; one's place."""

from typing import Any

from starlette.responses import Response

from actors import directory as choices
from federation.errors import Refused, describe
from federation.origins import authority_of
from inbox.directory import SCOPES, Entry, search
from outbox.visibility import member
from web.mastodon.call import Call, answer
from web.mastodon.call import Entry as Route

describe({"directory.members": "The directory is for members of the site; you are a guest."})

PATH = "/api/maillage/v1/directory"
DEFAULT, MOST = 40, 80
OFFSET_MAX = 10_000
QUERY_CHARACTERS_MAX = 200


async def index(call: Call) -> Response:
    """GET directory: `q` (beginnings of words), `scope`, `limit`, `offset`."""
    if (await member(call.node.db, call.actor_id)).is_guest:
        raise Refused("directory.members")
    found = await search(
        call.node.db,
        call.actor_id,
        call.query.text("q", QUERY_CHARACTERS_MAX) or "",
        call.query.choice("scope", SCOPES) or "all",
        min(call.query.number("limit", 1) or DEFAULT, MOST),
        call.query.number("offset", most=OFFSET_MAX) or 0,
    )
    return answer([_entity(call, entry) for entry in found])


async def own(call: Call) -> Response:
    """GET directory/me: how far one is found, and with which fields."""
    return answer(await _choice(call))


async def choose(call: Call) -> Response:
    """PUT directory/me: `reach`, and `shared[]`, names of fields of one's profile."""
    params = await call.params()
    before = await choices.choice_of(call.node.db, call.actor_id)
    reach = params.choice("reach", choices.REACHES) or before.reach
    shared = params.texts("shared") if "shared" in params else list(before.shared)
    actor = await call.viewer()
    await call.node.db.write(lambda tx: choices.choose(call.node, tx, actor, reach, shared))
    return answer(await _choice(call))


async def _choice(call: Call) -> dict[str, Any]:
    chosen = await choices.choice_of(call.node.db, call.actor_id)
    actor = await call.viewer()
    return {
        "reach": chosen.reach,
        "shared": list(chosen.shared),
        "is_discoverable": bool(actor["discoverable"]),
    }


def _entity(call: Call, entry: Entry) -> dict[str, Any]:
    here = entry.kind == "here"
    return {
        "uri": entry.uri,
        "account_id": None if entry.actor_id is None else str(entry.actor_id),
        "acct": entry.handle.partition("@")[0] if here else entry.handle,
        "name": entry.name,
        "fields": list(entry.fields),
        "site": call.node.name if here else entry.site,
        "host": authority_of(entry.origin),
        "kind": {"here": "site", "site": "organisation"}.get(entry.kind, "partner"),
    }


ENTRIES: tuple[Route, ...] = (
    Route("GET", PATH, "person", "read:accounts", index),
    Route("GET", f"{PATH}/me", "person", "read:accounts", own),
    Route("PUT PATCH", f"{PATH}/me", "person", "write:accounts", choose),
)
