"""Timelines and the lists of what one thanked for or kept."""

from collections.abc import Sequence
from functools import partial

from starlette.responses import Response

from federation.database import Row
from inbox import timelines
from inbox.timelines import Page
from outbox.visibility import may_see_sql
from web.mastodon.call import Call, Entry, answer_list
from web.mastodon.entities import statuses
from web.mastodon.lines import LINE_COLUMNS
from web.mastodon.pagination import bounds, link_header, page_of
from web.mastodon.rendering import newest_first
from web.mastodon.status_pages import answer_page

TAGS_MAX = 4


async def home(call: Call) -> Response:
    """GET /api/v1/timelines/home: those one follows, and oneself."""
    page = page_of(call)

    async def read(part: Page) -> Sequence[Row]:
        return await timelines.home(
            call.node.db, call.person, part, now_ms=call.node.clock(), columns=LINE_COLUMNS
        )

    return await answer_page(call, page, read, "home")


async def public(call: Call) -> Response:
    """GET /api/v1/timelines/public: what is public here and elsewhere."""
    page = page_of(call)
    local, remote = bool(call.query.flag("local")), bool(call.query.flag("remote"))

    async def read(part: Page) -> Sequence[Row]:
        return await timelines.public(
            call.node.db, call.who, part, local=local, remote=remote, now_ms=call.node.clock()
        )

    return await answer_page(call, page, read, "public")


async def tag(call: Call) -> Response:
    """GET /api/v1/timelines/tag/:hashtag."""
    page = page_of(call)
    query = call.query
    find = partial(
        timelines.tag,
        any_of=query.texts("any", TAGS_MAX),
        all_of=query.texts("all", TAGS_MAX),
        none_of=query.texts("none", TAGS_MAX),
        local=bool(query.flag("local")),
        remote=bool(query.flag("remote")),
        only_media=bool(query.flag("only_media")),
    )

    async def read(part: Page) -> Sequence[Row]:
        name = call.path_text("hashtag")
        return await find(call.node.db, call.who, name, part, now_ms=call.node.clock())

    return await answer_page(call, page, read, "public")


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


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/timelines/home", "person", "read:statuses", home),
    Entry("GET", "/api/v1/timelines/public", "reader", "read:statuses", public),
    Entry("GET", "/api/v1/timelines/tag/{hashtag}", "reader", "read:statuses", tag),
    Entry("GET", "/api/v1/favourites", "person", "read:favourites", favourites),
    Entry("GET", "/api/v1/bookmarks", "person", "read:bookmarks", bookmarks),
)
