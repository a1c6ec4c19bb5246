"""What the caller says of others: whom she features, what she notes, whom they have in common."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from actors import endorsements
from actors import queries as actors
from federation.database import Transaction
from web.mastodon.accounts import blocks_caller, is_shown, load
from web.mastodon.call import Call, Entry, answer_bytes, answer_list
from web.mastodon.entities import accounts
from web.mastodon.pagination import accounts_page, bounds, link_header
from web.mastodon.relationships import one
from web.mastodon.rendering import newest_first

FAMILIAR_ASKED_MAX = 40


def _change(
    do: Callable[[Call, Transaction, int], Awaitable[None]],
) -> Callable[[Call], Awaitable[Response]]:
    async def endpoint(call: Call) -> Response:
        target = await load(call)
        await call.node.db.write(lambda tx: do(call, tx, target["id"]))
        return await one(call, target["id"])

    return endpoint


async def _endorse(call: Call, tx: Transaction, target_id: int) -> None:
    await endorsements.endorse(call.node, tx, call.actor_id, target_id)


async def _unendorse(call: Call, tx: Transaction, target_id: int) -> None:
    await endorsements.unendorse(tx, call.actor_id, target_id)


async def own(call: Call) -> Response:
    """GET /api/v1/endorsements: whom the caller features."""
    return await _featured(call, call.actor_id)


async def of_account(call: Call) -> Response:
    """GET /api/v1/accounts/:id/endorsements: whom this account features."""
    actor = await load(call)
    if await blocks_caller(call, actor):
        return answer_list([])
    return await _featured(call, actor["id"])


async def _featured(call: Call, actor_id: int) -> Response:
    page = accounts_page(call)
    condition, args, order = bounds(page, "e.id")
    outside = "" if call.viewer_id is not None else " AND a.is_local AND a.reachable"
    rows = await call.node.db.rows(
        "SELECT e.id AS entry_id, a.id FROM endorsement e JOIN actor a ON a.id = e.target_id"
        " WHERE e.actor_id = ? AND a.deleted_at IS NULL AND a.suspended_at IS NULL"
        f"{outside} AND {condition} ORDER BY {order} LIMIT ?",
        actor_id,
        *args,
        page.limit,
    )
    rows = newest_first(rows, turned=page.min_id is not None)
    found = await accounts(call, (row["id"] for row in rows))
    links = link_header(call, page, [row["entry_id"] for row in rows])
    return answer_list([found[row["id"]] for row in rows], links)


async def familiar_followers(call: Call) -> Response:
    """GET /api/v1/accounts/familiar_followers?id[]=: whom one follows among their followers."""
    rows = await actors.by_ids(call.node.db, call.query.ids("id", FAMILIAR_ASKED_MAX))
    parts: list[bytes] = []
    for row in rows.values():
        if not is_shown(call, row):
            continue
        ids = await endorsements.familiar_followers(call.node.db, call.actor_id, row)
        found = await accounts(call, ids)
        people = b",".join(found[one_id] for one_id in ids if one_id in found)
        parts.append(b'{"id":"%d","accounts":[%b]}' % (row["id"], people))
    return answer_bytes(b"[" + b",".join(parts) + b"]")


async def note(call: Call) -> Response:
    """POST /api/v1/accounts/:id/note: `comment`, for the caller's eyes only; empty deletes."""
    comment = (await call.params()).text("comment") or ""
    target = await load(call)
    await call.node.db.write(lambda tx: endorsements.note(tx, call.actor_id, target["id"], comment))
    return await one(call, target["id"])


_ACCOUNT = "/api/v1/accounts/{id}"
ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/endorsements", "person", "read:accounts", own),
    Entry("GET", f"{_ACCOUNT}/endorsements", "reader", "read:accounts", of_account),
    Entry("POST", f"{_ACCOUNT}/endorse", "person", "write:accounts", _change(_endorse)),
    Entry("POST", f"{_ACCOUNT}/unendorse", "person", "write:accounts", _change(_unendorse)),
    Entry("POST", f"{_ACCOUNT}/pin", "person", "write:accounts", _change(_endorse)),
    Entry("POST", f"{_ACCOUNT}/unpin", "person", "write:accounts", _change(_unendorse)),
    Entry("POST", f"{_ACCOUNT}/note", "person", "write:accounts", note),
    Entry(
        "GET",
        "/api/v1/accounts/familiar_followers",
        "person",
        "read:follows",
        familiar_followers,
    ),
)
