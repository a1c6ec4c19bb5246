"""Timelines and the lists of what one thanked for or kept."""

from collections.abc import Sequence

from starlette.responses import Response

from federation.database import Row
from inbox import timelines
from inbox.filters import Context
from inbox.timelines import Page
from outbox.visibility import may_see_sql
from web.mastodon.call import Call, Entry, answer_list
from web.mastodon.entities import LINE_COLUMNS, statuses
from web.mastodon.pagination import bounds, link_header, page_of
from web.mastodon.rendering import newest_first

TAGS_MAX = 4


async def home(call: Call) -> Response:
    """GET /api/v1/timelines/home: those one follows, and oneself."""
    page = page_of(call)
    rows = await timelines.home(
        call.node.db, call.person, page, now_ms=call.node.clock(), columns=LINE_COLUMNS
    )
    return await _answer(call, page, rows, "home")


async def public(call: Call) -> Response:
    """GET /api/v1/timelines/public: what is public here and elsewhere."""
    page = page_of(call)
    query = call.query
    rows = await timelines.public(
        call.node.db,
        call.who,
        page,
        local=bool(query.flag("local")),
        remote=bool(query.flag("remote")),
        now_ms=call.node.clock(),
    )
    return await _answer(call, page, rows, "public")


async def tag(call: Call) -> Response:
    """GET /api/v1/timelines/tag/:hashtag."""
    page = page_of(call)
    query = call.query
    rows = await timelines.tag(
        call.node.db,
        call.who,
        call.path_text("hashtag"),
        page,
        any_of=query.texts("any", TAGS_MAX),
        all_of=query.texts("all", TAGS_MAX),
        none_of=query.texts("none", TAGS_MAX),
        local=bool(query.flag("local")),
        remote=bool(query.flag("remote")),
        only_media=bool(query.flag("only_media")),
        now_ms=call.node.clock(),
    )
    return await _answer(call, page, rows, "public")


async def favourites(call: Call) -> Response:
    """GET /api/v1/favourites: what one thanked for and may still see."""
    return await _kept(call, "favourite")


async def bookmarks(call: Call) -> Response:
    """GET /api/v1/bookmarks: what one kept and may still see."""
    return await _kept(call, "bookmark")


async def _kept(call: Call, table: str) -> Response:
    page = page_of(call)
    condition, args, order = bounds(page, "k.id")
    may_see, may_args = may_see_sql(call.who)
    rows = await call.node.db.rows(
        f"SELECT status.*, k.id AS kept_id FROM {table} k JOIN status ON status.id = k.status_id"
        f" WHERE k.actor_id = ? AND {condition} AND {may_see} ORDER BY {order} LIMIT ?",
        call.actor_id,
        *args,
        *may_args,
        page.limit,
    )
    rows = newest_first(rows, turned=page.min_id is not None)
    links = link_header(call, page, [row["kept_id"] for row in rows])
    return answer_list(await statuses(call, rows), links)


async def _answer(call: Call, page: Page, rows: Sequence[Row], context: Context) -> Response:
    return answer_list(
        await statuses(call, rows, context), link_header(call, page, [row["id"] for row in rows])
    )


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/timelines/home", "person", "read:statuses", home),
    Entry("GET", "/api/v1/timelines/public", "reader", "read:statuses", public),
    Entry("GET", "/api/v1/timelines/tag/{hashtag}", "reader", "read:statuses", tag),
    Entry("GET", "/api/v1/favourites", "person", "read:favourites", favourites),
    Entry("GET", "/api/v1/bookmarks", "person", "read:bookmarks", bookmarks),
)
