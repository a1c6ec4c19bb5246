"""A copy of all that is one's own: asked for here, fetched on a page by who gives the password."""

from typing import Any

from starlette.responses import Response

from federation.activity import iso
from federation.database import Row
from inbox import exports
from inbox.erasure_sites import waiting_partners
from web.mastodon.call import Call, Entry, answer

PATH = "/api/maillage/v1/export"
PAGE_PATH = "/settings/export"


async def show(call: Call) -> Response:
    """GET export: the state of one's newest copy."""
    return answer(await _entity(call, await exports.current(call.node.db, call.account_id)))


async def ask(call: Call) -> Response:
    """POST export: have a copy written; the same while one waits, once a day."""
    await call.node.db.write(lambda tx: exports.ask(call.node, tx, call.account_id))
    return answer(await _entity(call, await exports.current(call.node.db, call.account_id)))


async def _entity(call: Call, row: Row | None) -> dict[str, Any]:
    is_there = row is not None and row["progress"] == "done"
    return {
        "state": "none" if row is None else row["progress"],
        "asked_at": None if row is None else iso(row["created_at"]),
        "ends_at": iso(exports.ends_at(row)) if row is not None and is_there else None,
        "bytes": row["bytes"] if row is not None and is_there else None,
        "url": call.node.origin + PAGE_PATH,
        "paused": [host for _, host in await waiting_partners(call.node.db)],
    }


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", PATH, "person", "read:accounts", show),
    Entry("POST", PATH, "person", "write:accounts", ask),
)
