"""Statuses: written, read, taken back, and what a reader does with one."""

from collections.abc import Awaitable, Callable

import orjson
from starlette.responses import Response

from federation.database import Row
from federation.errors import NotFound
from federation.node import Node
from inbox.timelines import context as thread_of
from outbox import conversations, interactions, pins
from outbox import statuses as outbox
from outbox.visibility import visible
from web.mastodon.call import Call, Entry, answer, answer_bytes, answer_list
from web.mastodon.drafts import read_draft, read_moment
from web.mastodon.entities import accounts, status, statuses
from web.mastodon.pagination import accounts_page, bounds, link_header
from web.mastodon.preferences import VISIBILITIES, own_defaults
from web.mastodon.rendering import newest_first
from web.mastodon.scheduled import schedule_draft

Act = Callable[[Node, Row, Row], Awaitable[object]]


async def load(call: Call) -> Row:
    """The status of the path, if the caller may see it; NotFound for all else."""
    row = await visible(call.node.db, call.who, call.path_id())
    if row is None:
        raise NotFound("record.not_found")
    return row


async def create(call: Call) -> Response:
    """POST /api/v1/statuses: publish, or schedule with `scheduled_at`.

    The same Idempotency-Key gives the same status, or the same scheduled one.
    """
    params = await call.params()
    draft = await read_draft(call, params, await own_defaults(call))
    moment = read_moment(params, "scheduled_at")
    if moment is not None:
        return await schedule_draft(call, draft, moment)
    row = await outbox.create(call.node, await call.viewer(), call.account_id, draft)
    return answer_bytes(await status(call, row))


async def show(call: Call) -> Response:
    """GET /api/v1/statuses/:id."""
    return answer_bytes(await status(call, await load(call)))


async def several(call: Call) -> Response:
    """GET /api/v1/statuses?id[]=: those of them that the caller may see, in their order."""
    found: list[Row] = []
    for status_id in call.query.ids("id", 40) or call.query.ids("id[]", 40):
        row = await visible(call.node.db, call.who, status_id)
        if row is not None:
            found.append(row)
    return answer_list(await statuses(call, found))


async def delete(call: Call) -> Response:
    """DELETE /api/v1/statuses/:id: take one's own status back.

    Answers what its author typed in place of the HTML, so that an application can open it again
    for writing; its media can be used once more, unless `delete_media` says not.
    """
    row = await own(call)
    entity = orjson.loads(await status(call, row))
    del entity["content"]
    entity["text"] = outbox.source_text(row)
    viewer = await call.viewer()
    if row["reblog_of_id"] is not None:
        await interactions.unreblog(call.node, viewer, await _target(call, row))
    else:
        delete_media = (await call.params()).flag("delete_media")
        await outbox.delete(call.node, viewer, row, keep_media=not delete_media)
    return answer(entity)


async def own(call: Call) -> Row:
    """The status of the path, if the caller wrote it; NotFound for all else."""
    row = await load(call)
    if row["actor_id"] != call.actor_id:
        raise NotFound("record.not_found")
    return row


async def _target(call: Call, boost: Row) -> Row:
    row = await call.node.db.row("SELECT * FROM status WHERE id = ?", boost["reblog_of_id"])
    if row is None:
        raise NotFound("record.not_found")
    return row


async def context(call: Call) -> Response:
    """GET /api/v1/statuses/:id/context: what it answers and what answers it."""
    row = await load(call)
    ancestors, descendants = await thread_of(call.node.db, call.who, row, now_ms=call.node.clock())
    above = await statuses(call, ancestors, "thread")
    below = await statuses(call, descendants, "thread")
    return answer_bytes(
        b'{"ancestors":[%b],"descendants":[%b]}' % (b",".join(above), b",".join(below))
    )


async def source(call: Call) -> Response:
    """GET /api/v1/statuses/:id/source: what its author typed; nobody else's."""
    row = await own(call)
    return answer(
        {
            "id": str(row["id"]),
            "text": outbox.source_text(row),
            "spoiler_text": row["summary"],
        }
    )


def act(deed: Act) -> Callable[[Call], Awaitable[Response]]:
    """An endpoint that does `deed` to the status of the path and answers the status."""

    async def endpoint(call: Call) -> Response:
        viewer = await call.viewer()
        row = await interactions.original(call.node, viewer, call.path_id())
        await deed(call.node, viewer, row)
        return await _as_now(call, row["id"])

    return endpoint


async def _as_now(call: Call, status_id: int) -> Response:
    row = await visible(call.node.db, call.who, status_id)
    if row is None:
        raise NotFound("record.not_found")
    return answer_bytes(await status(call, row))


async def reblog(call: Call) -> Response:
    """POST /api/v1/statuses/:id/reblog: answers the boost, with what it boosts inside."""
    params = await call.params()
    visibility = params.choice("visibility", VISIBILITIES[:3]) or "public"
    viewer = await call.viewer()
    row = await interactions.original(call.node, viewer, call.path_id())
    boost = await interactions.reblog(call.node, viewer, row, visibility)
    return await _as_now(call, boost["id"])


async def favourited_by(call: Call) -> Response:
    """GET /api/v1/statuses/:id/favourited_by."""
    return await _people(call, "favourite", "status_id")


async def reblogged_by(call: Call) -> Response:
    """GET /api/v1/statuses/:id/reblogged_by."""
    return await _people(call, "status", "reblog_of_id")


async def _people(call: Call, table: str, column: str) -> Response:
    row = await load(call)
    page = accounts_page(call)
    condition, args, order = bounds(page, "d.id")
    rows = await call.node.db.rows(
        f"SELECT d.id AS deed_id, d.actor_id FROM {table} d JOIN actor a ON a.id = d.actor_id"
        f" WHERE d.{column} = ? AND a.deleted_at IS NULL AND a.suspended_at IS NULL"
        f" AND {condition} ORDER BY {order} LIMIT ?",
        row["reblog_of_id"] or row["id"],
        *args,
        page.limit,
    )
    rows = newest_first(rows, turned=page.min_id is not None)
    found = await accounts(call, (deed["actor_id"] for deed in rows))
    return answer_list(
        [found[deed["actor_id"]] for deed in rows],
        link_header(call, page, [deed["deed_id"] for deed in rows]),
    )


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/statuses/{id}", "reader", "read:statuses", show),
    Entry("POST", "/api/v1/statuses", "person", "write:statuses", create),
    Entry("GET", "/api/v1/statuses", "reader", "read:statuses", several),
    Entry("DELETE", "/api/v1/statuses/{id}", "person", "write:statuses", delete),
    Entry("GET", "/api/v1/statuses/{id}/context", "reader", "read:statuses", context),
    Entry("GET", "/api/v1/statuses/{id}/source", "person", "read:statuses", source),
    Entry("GET", "/api/v1/statuses/{id}/favourited_by", "reader", "read:statuses", favourited_by),
    Entry("GET", "/api/v1/statuses/{id}/reblogged_by", "reader", "read:statuses", reblogged_by),
    Entry(
        "POST",
        "/api/v1/statuses/{id}/mute",
        "person",
        "write:mutes",
        act(conversations.mute_thread),
    ),
    Entry(
        "POST",
        "/api/v1/statuses/{id}/unmute",
        "person",
        "write:mutes",
        act(conversations.unmute_thread),
    ),
    Entry("POST", "/api/v1/statuses/{id}/pin", "person", "write:accounts", act(pins.pin)),
    Entry("POST", "/api/v1/statuses/{id}/unpin", "person", "write:accounts", act(pins.unpin)),
    Entry("POST", "/api/v1/statuses/{id}/reblog", "person", "write:statuses", reblog),
    Entry(
        "POST",
        "/api/v1/statuses/{id}/unreblog",
        "person",
        "write:statuses",
        act(interactions.unreblog),
    ),
    Entry(
        "POST",
        "/api/v1/statuses/{id}/favourite",
        "person",
        "write:favourites",
        act(interactions.favourite),
    ),
    Entry(
        "POST",
        "/api/v1/statuses/{id}/unfavourite",
        "person",
        "write:favourites",
        act(interactions.unfavourite),
    ),
    Entry(
        "POST",
        "/api/v1/statuses/{id}/bookmark",
        "person",
        "write:bookmarks",
        act(interactions.bookmark),
    ),
    Entry(
        "POST",
        "/api/v1/statuses/{id}/unbookmark",
        "person",
        "write:bookmarks",
        act(interactions.unbookmark),
    ),
)
