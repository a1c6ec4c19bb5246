"""Conversations: the messages between named people, thread by thread, for one of them."""

from starlette.responses import Response

from federation.database import Row
from federation.errors import NotFound
from inbox.conversations import Shown, shown
from outbox.conversations import hide_conversation, mark_conversation
from web.mastodon.call import Call, Entry, answer, answer_bytes, answer_list
from web.mastodon.entities import accounts, statuses_by_id
from web.mastodon.pagination import bounds, link_header, page_of
from web.mastodon.rendering import newest_first
from web.mastodon.view import View


async def listing(call: Call) -> Response:
    """GET /api/v1/conversations: by their last message, newest first."""
    page = page_of(call)
    condition, args, order = bounds(page, "c.last_status_id")
    rows = await call.node.db.rows(
        "SELECT c.* FROM conversation c WHERE c.actor_id = ? AND NOT c.hidden"
        f" AND {condition} ORDER BY {order} LIMIT ?",
        call.actor_id,
        *args,
        page.limit,
    )
    rows = newest_first(rows, turned=page.min_id is not None)
    links = link_header(call, page, [row["last_status_id"] for row in rows])
    return answer_list(await render(call, await shown(call.node.db, call.person, rows)), links)


async def render(call: View, found: list[Shown]) -> list[bytes]:
    """The Conversations as their owner sees them."""
    people = await accounts(call, (i for item in found for i in item.participant_ids))
    lasts = await statuses_by_id(call, [item.last for item in found])
    return [
        b'{"id":"%d","unread":%b,"accounts":[%b],"last_status":%b}'
        % (
            item.row["id"],
            b"true" if item.row["unread"] else b"false",
            b",".join(people[i] for i in item.participant_ids if i in people),
            lasts.get(item.last["id"], b"null"),
        )
        for item in found
    ]


async def read(call: Call) -> Response:
    """POST /api/v1/conversations/:id/read."""
    return await _mark(call, unread=False)


async def unread(call: Call) -> Response:
    """POST /api/v1/conversations/:id/unread."""
    return await _mark(call, unread=True)


async def _mark(call: Call, *, unread: bool) -> Response:
    row = await _own(call)
    await mark_conversation(call.node, call.actor_id, row["id"], unread=unread)
    found = await render(call, await shown(call.node.db, call.person, [await _own(call)]))
    if not found:
        raise NotFound("record.not_found")
    return answer_bytes(found[0])


async def hide(call: Call) -> Response:
    """DELETE /api/v1/conversations/:id: out of the list until a new message comes."""
    row = await _own(call)
    await hide_conversation(call.node, call.actor_id, row["id"])
    return answer({})


async def _own(call: Call) -> Row:
    row = await call.node.db.row(
        "SELECT * FROM conversation WHERE id = ? AND actor_id = ? AND NOT hidden",
        call.path_id(),
        call.actor_id,
    )
    if row is None:
        raise NotFound("record.not_found")
    return row


PATH = "/api/v1/conversations"

ENTRIES: tuple[Entry, ...] = (
    Entry("GET", PATH, "person", "read:statuses", listing),
    Entry("DELETE", f"{PATH}/{{id}}", "person", "write:conversations", hide),
    Entry("POST", f"{PATH}/{{id}}/read", "person", "write:conversations", read),
    Entry("POST", f"{PATH}/{{id}}/unread", "person", "write:conversations", unread),
)
