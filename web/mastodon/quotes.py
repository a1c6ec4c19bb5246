"""Quotes: who may quote a status, what quotes it, and taking that back."""

from starlette.responses import Response

from federation.database import Row
from federation.errors import Invalid, NotFound
from inbox.paging import hidden_ids
from outbox import quotes
from outbox.visibility import may_see_sql, visible
from web.mastodon.call import Call, Entry, answer_bytes, answer_list
from web.mastodon.entities import status, statuses
from web.mastodon.pagination import bounds, link_header, page_of
from web.mastodon.params import Params
from web.mastodon.preferences import Defaults
from web.mastodon.rendering import newest_first


def read_policy(params: Params, defaults: Defaults) -> str:
    """Who may quote what is about to be written: as said, else as set, else everybody."""
    asked = params.choice("quote_approval_policy", quotes.POLICIES)
    return asked or defaults.get("quote_policy", "public")


async def listing(call: Call) -> Response:
    """GET /api/v1/statuses/:id/quotes: what quotes it and the caller may see, newest first."""
    quoted = await _load(call)
    page = page_of(call)
    condition, args, order = bounds(page, "s.id")
    may_see, may_args = may_see_sql(call.who, "s")
    hidden = set(await hidden_ids(call.node.db, call.who, call.node.clock()))
    rows = await call.node.db.rows(
        "SELECT s.* FROM status s WHERE s.quote_of_id = ? AND s.quote_state = 'accepted'"
        f" AND {condition} AND {may_see} ORDER BY {order} LIMIT ?",
        quoted["id"],
        *args,
        *may_args,
        page.limit,
    )
    rows = newest_first(rows, turned=page.min_id is not None)
    links = link_header(call, page, [row["id"] for row in rows])
    shown = [row for row in rows if row["actor_id"] not in hidden]
    return answer_list(await statuses(call, shown), links)


async def revoke(call: Call) -> Response:
    """POST /api/v1/statuses/:id/quotes/:quoting_status_id/revoke: answers the quoting status."""
    quoted = await _own(call)
    quoting_id = call.path_id("quoting_status_id")
    # One takes back only what one can see, so nobody learns what else there is.
    if await visible(call.node.db, call.who, quoting_id) is None:
        raise NotFound("record.not_found")
    await quotes.revoke(call.node, await call.viewer(), quoted, quoting_id)
    row = await visible(call.node.db, call.who, quoting_id)
    if row is None:
        raise NotFound("record.not_found")
    return answer_bytes(await status(call, row))


async def set_policy(call: Call) -> Response:
    """PUT /api/v1/statuses/:id/interaction_policy: who may quote one's own status from now on."""
    row = await _own(call)
    params = await call.params()
    policy = params.choice("quote_approval_policy", quotes.POLICIES)
    if policy is None:
        raise Invalid("param.missing", field="quote_approval_policy")
    await quotes.set_policy(call.node, row, policy)
    return answer_bytes(await status(call, await _load(call)))


async def _load(call: Call) -> Row:
    row = await visible(call.node.db, call.who, call.path_id())
    if row is None:
        raise NotFound("record.not_found")
    return row


async def _own(call: Call) -> Row:
    row = await _load(call)
    if row["actor_id"] != call.actor_id or row["reblog_of_id"] is not None:
        raise NotFound("record.not_found")
    return row


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/statuses/{id}/quotes", "reader", "read:statuses", listing),
    Entry(
        "POST",
        "/api/v1/statuses/{id}/quotes/{quoting_status_id}/revoke",
        "person",
        "write:statuses",
        revoke,
    ),
    Entry(
        "PUT PATCH",
        "/api/v1/statuses/{id}/interaction_policy",
        "person",
        "write:statuses",
        set_policy,
    ),
)
