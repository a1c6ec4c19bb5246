"""Filters as old clients know them: each keyword of a filter is one, under the keyword's id.

`irreversible` is the action `hide`. What old clients cannot express, several keywords in one
filter, they can read and remove, but not change beyond the keyword itself.
"""

from starlette.responses import Response

from federation.database import Row, Transaction
from federation.errors import Invalid
from inbox import filters
from inbox.filters import KEYWORD_CHARACTERS_MAX, Filter, FilterChange, KeywordChange
from web.mastodon.call import Call, Entry, answer
from web.mastodon.filters import read_contexts, read_expiry
from web.mastodon.params import Params
from web.mastodon.serializers import Entity, maybe_timestamp


def entity(filter_row: Row, keyword: Row) -> Entity:
    """A Filter of the old kind."""
    return {
        "id": str(keyword["id"]),
        "phrase": keyword["keyword"],
        "context": filter_row["contexts"].split(),
        "whole_word": bool(keyword["whole_word"]),
        "expires_at": maybe_timestamp(filter_row["expires_at"]),
        "irreversible": filter_row["action"] == "hide",
    }


async def _load(call: Call) -> tuple[Filter, Row]:
    keyword = await filters.keyword_of(call.node.db, call.actor_id, call.path_id())
    return await filters.filter_of(call.node.db, call.actor_id, keyword["filter_id"]), keyword


def _change(call: Call, params: Params) -> FilterChange:
    sets_expiry, expires_at = read_expiry(call, params)
    irreversible = params.flag("irreversible")
    return FilterChange(
        contexts=read_contexts(params),
        action=None if irreversible is None else ("hide" if irreversible else "warn"),
        sets_expiry=sets_expiry,
        expires_at=expires_at,
    )


async def listing(call: Call) -> Response:
    """GET /api/v1/filters: one for each keyword."""
    found = await filters.filters_of(call.node.db, call.actor_id)
    return answer([entity(one.row, keyword) for one in found for keyword in one.keywords])


async def show(call: Call) -> Response:
    """GET /api/v1/filters/:id."""
    found, keyword = await _load(call)
    return answer(entity(found.row, keyword))


async def create(call: Call) -> Response:
    """POST /api/v1/filters: `phrase`, `context[]`, `irreversible`, `whole_word`, `expires_in`."""
    params = await call.params()
    phrase = params.required("phrase", filters.TITLE_CHARACTERS_MAX)
    asked = _change(call, params)
    if asked.contexts is None:
        raise Invalid("param.missing", field="context")
    change = FilterChange(
        title=phrase,
        contexts=asked.contexts,
        action=asked.action,
        sets_expiry=asked.sets_expiry,
        expires_at=asked.expires_at,
        keywords=[KeywordChange(phrase, params.flag("whole_word"))],
    )
    made = await call.node.db.write(lambda tx: filters.create(call.node, tx, call.actor_id, change))
    found = await filters.filter_of(call.node.db, call.actor_id, made)
    return answer(entity(found.row, found.keywords[0]))


async def update(call: Call) -> Response:
    """PUT /api/v1/filters/:id: Invalid for what would change other keywords of its filter."""
    params = await call.params()
    found, keyword = await _load(call)
    change = _change(call, params)
    if len(found.keywords) > 1 and _differs(found.row, change):
        raise Invalid("filter.shared", field="phrase")
    phrase = None
    if "phrase" in params:
        phrase = params.required("phrase", KEYWORD_CHARACTERS_MAX)
    word = KeywordChange(phrase, params.flag("whole_word"), keyword["id"])
    actor_id, filter_id = call.actor_id, found.row["id"]

    async def work(tx: Transaction) -> None:
        await filters.change_keyword(call.node, tx, actor_id, word)
        if change.touches_filter and len(found.keywords) == 1:
            await filters.update(call.node, tx, actor_id, filter_id, change)

    await call.node.db.write(work)
    return await show(call)


def _differs(row: Row, change: FilterChange) -> bool:
    """Whether anything but the keyword itself would change."""
    contexts = change.contexts
    hides = row["action"] == "hide"
    return (
        (contexts is not None and set(contexts) != set(row["contexts"].split()))
        or (change.action is not None and (change.action == "hide") != hides)
        or (change.sets_expiry and change.expires_at != row["expires_at"])
    )


async def delete(call: Call) -> Response:
    """DELETE /api/v1/filters/:id: the keyword, and its filter when nothing else is in it."""
    found, keyword = await _load(call)

    async def work(tx: Transaction) -> None:
        if len(found.keywords) == 1 and not found.statuses:
            await filters.delete(call.node, tx, call.actor_id, found.row["id"])
            return
        change = KeywordChange(keyword_id=keyword["id"], removes=True)
        await filters.change_keyword(call.node, tx, call.actor_id, change)

    await call.node.db.write(work)
    return answer({})


_F = "/api/v1/filters"
ENTRIES: tuple[Entry, ...] = (
    Entry("GET", _F, "person", "read:filters", listing),
    Entry("POST", _F, "person", "write:filters", create),
    Entry("GET", f"{_F}/{{id}}", "person", "read:filters", show),
    Entry("PUT PATCH", f"{_F}/{{id}}", "person", "write:filters", update),
    Entry("DELETE", f"{_F}/{{id}}", "person", "write:filters", delete),
)
