"""Filters as clients make them: titles with keywords and single statuses, each one's own alone.

Whatever belongs to somebody else answers as what does not exist.
"""

from collections.abc import Sequence

from starlette.responses import Response

from federation.database import Row, Transaction
from federation.errors import Invalid, NotFound, describe
from inbox import filters
from inbox.filter_matching import head_of
from inbox.filters import (
    ACTIONS,
    CONTEXTS,
    KEYWORD_CHARACTERS_MAX,
    KEYWORDS_MAX,
    TITLE_CHARACTERS_MAX,
    Filter,
    FilterChange,
    KeywordChange,
)
from outbox.visibility import visible
from web.mastodon.call import Call, Entry, answer
from web.mastodon.filtered import filter_entity
from web.mastodon.params import Params
from web.mastodon.serializers import Entity

# Ten years: what is to last longer has no end.
EXPIRES_S_MAX = 10 * 366 * 86_400

describe({"filter.keywords_at_once": "{field} has more than {max} entries."})


def entity(found: Filter) -> Entity:
    """A Filter with its keywords and statuses."""
    return filter_entity(head_of(found.row)) | {
        "keywords": [keyword_entity(row) for row in found.keywords],
        "statuses": [status_entity(row) for row in found.statuses],
    }


def keyword_entity(row: Row) -> Entity:
    """A FilterKeyword."""
    return {
        "id": str(row["id"]),
        "keyword": row["keyword"],
        "whole_word": bool(row["whole_word"]),
    }


def status_entity(row: Row) -> Entity:
    """A FilterStatus."""
    return {"id": str(row["id"]), "status_id": str(row["status_id"])}


def read_contexts(params: Params) -> list[str] | None:
    """The contexts sent, None when none were; Invalid for an unknown one."""
    words = params.texts("context")
    for word in words:
        if word not in CONTEXTS:
            raise Invalid(
                "param.choice", field=params.label("context"), allowed=", ".join(CONTEXTS)
            )
    return words or None


def read_expiry(call: Call, params: Params) -> tuple[bool, int | None]:
    """(whether it is set anew, the moment it ends or None for never)."""
    seconds = params.number("expires_in", most=EXPIRES_S_MAX)
    at = None if seconds is None else call.node.clock() + seconds * 1000
    return "expires_in" in params.names(), at


def _change(call: Call, params: Params) -> FilterChange:
    sets_expiry, expires_at = read_expiry(call, params)
    return FilterChange(
        title=params.required("title", TITLE_CHARACTERS_MAX) if "title" in params else None,
        contexts=read_contexts(params),
        action=params.choice("filter_action", ACTIONS),
        sets_expiry=sets_expiry,
        expires_at=expires_at,
        keywords=_keywords(params),
    )


def _keywords(params: Params) -> Sequence[KeywordChange]:
    name = "keywords_attributes"
    tables = params.tables(name, KEYWORDS_MAX + 1)
    if len(tables) > KEYWORDS_MAX:
        raise Invalid("filter.keywords_at_once", field=name, max=str(KEYWORDS_MAX))
    return [_keyword(table, table.id("id")) for table in tables]


def _keyword(params: Params, keyword_id: int | None) -> KeywordChange:
    removes = bool(params.flag("_destroy"))
    written = None
    if "keyword" in params or (keyword_id is None and not removes):
        written = params.required("keyword", KEYWORD_CHARACTERS_MAX)
    return KeywordChange(written, params.flag("whole_word"), keyword_id, removes)


async def listing(call: Call) -> Response:
    """GET /api/v2/filters: all of the caller's own."""
    return answer([entity(one) for one in await filters.filters_of(call.node.db, call.actor_id)])


async def show(call: Call) -> Response:
    """GET /api/v2/filters/:id."""
    return await _as_now(call, call.path_id())


async def _as_now(call: Call, filter_id: int) -> Response:
    return answer(entity(await filters.filter_of(call.node.db, call.actor_id, filter_id)))


async def create(call: Call) -> Response:
    """POST /api/v2/filters: `title`, `context[]`, `filter_action`, `keywords_attributes[]`."""
    params = await call.params()
    params.required("title", TITLE_CHARACTERS_MAX)
    change = _change(call, params)
    if change.contexts is None:
        raise Invalid("param.missing", field="context")
    if any(one.keyword_id is not None for one in change.keywords):
        raise NotFound("record.not_found")
    made = await call.node.db.write(lambda tx: filters.create(call.node, tx, call.actor_id, change))
    return await _as_now(call, made)


async def update(call: Call) -> Response:
    """PUT /api/v2/filters/:id: what is sent; keywords with an id change, `_destroy` removes."""
    filter_id, change = call.path_id(), _change(call, await call.params())
    await call.node.db.write(
        lambda tx: filters.update(call.node, tx, call.actor_id, filter_id, change)
    )
    return await _as_now(call, filter_id)


async def delete(call: Call) -> Response:
    """DELETE /api/v2/filters/:id."""
    filter_id = call.path_id()
    await call.node.db.write(lambda tx: filters.delete(call.node, tx, call.actor_id, filter_id))
    return answer({})


async def keywords(call: Call) -> Response:
    """GET /api/v2/filters/:filter_id/keywords."""
    found = await filters.filter_of(call.node.db, call.actor_id, call.path_id())
    return answer([keyword_entity(row) for row in found.keywords])


async def add_keyword(call: Call) -> Response:
    """POST /api/v2/filters/:filter_id/keywords: `keyword`, `whole_word`."""
    filter_id, change = call.path_id(), _keyword(await call.params(), None)
    if change.removes:
        raise Invalid("param.missing", field="keyword")
    made = await call.node.db.write(
        lambda tx: filters.add_keyword(call.node, tx, call.actor_id, filter_id, change)
    )
    return await _keyword_now(call, made)


async def _keyword_now(call: Call, keyword_id: int) -> Response:
    return answer(keyword_entity(await filters.keyword_of(call.node.db, call.actor_id, keyword_id)))


async def show_keyword(call: Call) -> Response:
    """GET /api/v2/filters/keywords/:id."""
    return await _keyword_now(call, call.path_id())


async def update_keyword(call: Call) -> Response:
    """PUT /api/v2/filters/keywords/:id: `keyword`, `whole_word`."""
    params, keyword_id = await call.params(), call.path_id()
    change = KeywordChange(
        params.required("keyword", KEYWORD_CHARACTERS_MAX) if "keyword" in params else None,
        params.flag("whole_word"),
        keyword_id,
    )
    await _change_keyword(call, change)
    return await _keyword_now(call, keyword_id)


async def delete_keyword(call: Call) -> Response:
    """DELETE /api/v2/filters/keywords/:id."""
    await _change_keyword(call, KeywordChange(keyword_id=call.path_id(), removes=True))
    return answer({})


async def _change_keyword(call: Call, change: KeywordChange) -> None:
    await call.node.db.write(
        lambda tx: filters.change_keyword(call.node, tx, call.actor_id, change)
    )


async def statuses(call: Call) -> Response:
    """GET /api/v2/filters/:filter_id/statuses."""
    found = await filters.filter_of(call.node.db, call.actor_id, call.path_id())
    return answer([status_entity(row) for row in found.statuses])


async def add_status(call: Call) -> Response:
    """POST /api/v2/filters/:filter_id/statuses: `status_id` of a status the caller sees."""
    filter_id, status_id = call.path_id(), (await call.params()).id("status_id")
    if status_id is None:
        raise Invalid("param.missing", field="status_id")
    row = await visible(call.node.db, call.who, status_id)
    if row is None:
        raise NotFound("record.not_found")
    original = row["reblog_of_id"] or row["id"]

    async def work(tx: Transaction) -> int:
        return await filters.add_status(call.node, tx, call.actor_id, filter_id, original)

    return await _status_now(call, await call.node.db.write(work))


async def _status_now(call: Call, status_filter_id: int) -> Response:
    row = await filters.status_filter_of(call.node.db, call.actor_id, status_filter_id)
    return answer(status_entity(row))


async def show_status(call: Call) -> Response:
    """GET /api/v2/filters/statuses/:id."""
    return await _status_now(call, call.path_id())


async def delete_status(call: Call) -> Response:
    """DELETE /api/v2/filters/statuses/:id: the status itself stays."""
    part_id = call.path_id()
    await call.node.db.write(
        lambda tx: filters.remove_status(call.node, tx, call.actor_id, part_id)
    )
    return answer({})


_F = "/api/v2/filters"
_READ, _WRITE = "read:filters", "write:filters"
ENTRIES: tuple[Entry, ...] = (
    Entry("GET", _F, "person", _READ, listing),
    Entry("POST", _F, "person", _WRITE, create),
    Entry("GET", f"{_F}/{{id}}", "person", _READ, show),
    Entry("PUT PATCH", f"{_F}/{{id}}", "person", _WRITE, update),
    Entry("DELETE", f"{_F}/{{id}}", "person", _WRITE, delete),
    Entry("GET", f"{_F}/{{id}}/keywords", "person", _READ, keywords),
    Entry("POST", f"{_F}/{{id}}/keywords", "person", _WRITE, add_keyword),
    Entry("GET", f"{_F}/{{id}}/statuses", "person", _READ, statuses),
    Entry("POST", f"{_F}/{{id}}/statuses", "person", _WRITE, add_status),
    Entry("GET", f"{_F}/keywords/{{id}}", "person", _READ, show_keyword),
    Entry("PUT PATCH", f"{_F}/keywords/{{id}}", "person", _WRITE, update_keyword),
    Entry("DELETE", f"{_F}/keywords/{{id}}", "person", _WRITE, delete_keyword),
    Entry("GET", f"{_F}/statuses/{{id}}", "person", _READ, show_status),
    Entry("DELETE", f"{_F}/statuses/{{id}}", "person", _WRITE, delete_status),
)
