"""Lists: the caller's own, who stands on them, and what these wrote."""

from collections.abc import Sequence

from starlette.responses import Response

from actors import lists
from federation.database import Row, Transaction
from federation.errors import Invalid
from inbox.home import of_list
from inbox.timelines import Page
from web.mastodon.accounts import load
from web.mastodon.call import Call, Entry, answer, answer_list
from web.mastodon.entities import accounts
from web.mastodon.lines import LINE_COLUMNS
from web.mastodon.pagination import accounts_page, bounds, link_header, page_of
from web.mastodon.params import Params
from web.mastodon.rendering import newest_first
from web.mastodon.serializers import Entity
from web.mastodon.status_pages import answer_page

MEMBERS_AT_ONCE_MAX = 500


def entity(row: Row) -> Entity:
    """A List."""
    return {
        "id": str(row["id"]),
        "title": row["title"],
        "replies_policy": row["replies_policy"],
        "exclusive": bool(row["exclusive"]),
    }


def _changes(params: Params) -> lists.ListChanges:
    changes: lists.ListChanges = {}
    if (title := params.text("title", 1_000)) is not None:
        changes["title"] = title
    if policy := params.choice("replies_policy", lists.REPLIES_POLICIES):
        changes["replies_policy"] = policy
    if (exclusive := params.flag("exclusive")) is not None:
        changes["exclusive"] = exclusive
    return changes


async def _own(call: Call) -> Row:
    return await lists.owned_one(call.node.db, call.actor_id, call.path_id())


async def listing(call: Call) -> Response:
    """GET /api/v1/lists: the caller's own."""
    return answer([entity(row) for row in await lists.owned(call.node.db, call.actor_id)])


async def create(call: Call) -> Response:
    """POST /api/v1/lists: `title`, `replies_policy`, `exclusive`."""
    changes = _changes(await call.params())
    row = await call.node.db.write(lambda tx: lists.create(call.node, tx, call.actor_id, changes))
    return answer(entity(row))


async def show(call: Call) -> Response:
    """GET /api/v1/lists/:id."""
    return answer(entity(await _own(call)))


async def change(call: Call) -> Response:
    """PUT /api/v1/lists/:id: what is sent is changed, the rest stays."""
    changes = _changes(await call.params())
    row = await _own(call)
    return answer(entity(await call.node.db.write(lambda tx: lists.change(tx, row, changes))))


async def delete(call: Call) -> Response:
    """DELETE /api/v1/lists/:id."""
    row = await _own(call)
    await call.node.db.write(lambda tx: lists.delete(tx, row))
    return answer({})


async def members(call: Call) -> Response:
    """GET /api/v1/lists/:id/accounts; `limit=0` gives all."""
    row = await _own(call)
    page = accounts_page(call)
    condition, args, order = bounds(page, "m.id")
    everybody = call.query.number("limit") == 0
    rows = await call.node.db.rows(
        "SELECT m.id AS member_id, a.id FROM list_member m JOIN actor a ON a.id = m.actor_id"
        f" WHERE m.list_id = ? AND a.deleted_at IS NULL AND {condition} ORDER BY {order}"
        + ("" if everybody else " LIMIT ?"),
        row["id"],
        *args,
        *([] if everybody else [page.limit]),
    )
    rows = newest_first(rows, turned=page.min_id is not None)
    found = await accounts(call, (one["id"] for one in rows))
    links = {} if everybody else link_header(call, page, [one["member_id"] for one in rows])
    return answer_list([found[one["id"]] for one in rows], links)


async def _member_ids(call: Call) -> list[int]:
    params = await call.params()
    ids = params.ids("account_ids", MEMBERS_AT_ONCE_MAX)
    if not ids:
        raise Invalid("param.missing", field="account_ids")
    return ids


async def add(call: Call) -> Response:
    """POST /api/v1/lists/:id/accounts: `account_ids[]`, all of them followed, or none added."""
    ids, row = await _member_ids(call), await _own(call)
    await call.node.db.write(lambda tx: lists.add(call.node, tx, row, ids))
    return answer({})


async def remove(call: Call) -> Response:
    """DELETE /api/v1/lists/:id/accounts: `account_ids[]` in the body or the query."""
    ids, row = await _member_ids(call), await _own(call)

    async def work(tx: Transaction) -> None:
        await lists.remove(tx, row, ids)

    await call.node.db.write(work)
    return answer({})


async def timeline(call: Call) -> Response:
    """GET /api/v1/timelines/list/:id: what its members wrote, read as in the home timeline."""
    row = await _own(call)
    page = page_of(call)

    async def read(part: Page) -> Sequence[Row]:
        return await of_list(
            call.node.db, call.person, row, part, now_ms=call.node.clock(), columns=LINE_COLUMNS
        )

    return await answer_page(call, page, read, "home")


async def of_account(call: Call) -> Response:
    """GET /api/v1/accounts/:id/lists: the caller's lists on which this account stands."""
    target = await load(call)
    found = await lists.holding(call.node.db, call.actor_id, target["id"])
    return answer([entity(row) for row in found])


_LISTS = "/api/v1/lists"
ENTRIES: tuple[Entry, ...] = (
    Entry("GET", _LISTS, "person", "read:lists", listing),
    Entry("POST", _LISTS, "person", "write:lists", create),
    Entry("GET", f"{_LISTS}/{{id}}", "person", "read:lists", show),
    Entry("PUT PATCH", f"{_LISTS}/{{id}}", "person", "write:lists", change),
    Entry("DELETE", f"{_LISTS}/{{id}}", "person", "write:lists", delete),
    Entry("GET", f"{_LISTS}/{{id}}/accounts", "person", "read:lists", members),
    Entry("POST", f"{_LISTS}/{{id}}/accounts", "person", "write:lists", add),
    Entry("DELETE", f"{_LISTS}/{{id}}/accounts", "person", "write:lists", remove),
    Entry("GET", "/api/v1/timelines/list/{id}", "person", "read:lists", timeline),
    Entry("GET", "/api/v1/accounts/{id}/lists", "person", "read:lists", of_account),
)
