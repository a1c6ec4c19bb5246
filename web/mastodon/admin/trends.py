"""What many speak of, looked at by staff: tags, posts, links and who publishes them.

Candidates come from the last week's posts that the whole site may read; a decision is kept
until the next one.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import orjson
from starlette.responses import Response

from actors.permissions import Permission
from federation.database import Row, Transaction, marks
from federation.errors import Invalid, NotFound, describe
from inbox import trend_decisions
from inbox.figures import WEEK_MS, WHOLE_SITE
from inbox.trend_decisions import decide, decide_tag, decided, publisher_of
from inbox.trends import link_histories
from outbox.compose import fold_tag
from outbox.visibility import may_see_sql
from web.mastodon import tags
from web.mastodon.admin.acts import done
from web.mastodon.call import Call, Entry, answer
from web.mastodon.entities import statuses
from web.mastodon.pagination import bounds, link_header, page_of
from web.mastodon.rendering import newest_first
from web.mastodon.serializers import Entity, card, timestamp

LIMIT_DEFAULT, LIMIT_MAX = 20, 100

describe({"trend.display_name": "The display name must be the same word as the tag."})


async def _tag_entities(call: Call, rows: Sequence[Row]) -> list[Entity]:
    """The Admin::Tags of these rows."""
    ids = [row["id"] for row in rows]
    found = await call.node.db.rows(
        f"SELECT tag_decision.* FROM tag_decision WHERE tag_id IN ({marks(ids)})", *ids
    )
    said = {row["tag_id"]: row for row in found}
    listed: list[Entity] = []
    for row, entity in zip(rows, await tags.entities(call, rows), strict=True):
        decision = said.get(row["id"])
        trendable = None if decision is None else decision["is_trendable"]
        listed.append(
            entity
            | {
                "name": (decision and decision["display_name"]) or entity["name"],
                "trendable": trendable is None or bool(trendable),
                "usable": decision is None or bool(decision["is_usable"]),
                "listable": decision is None or bool(decision["is_listable"]),
                "requires_review": decision is None or decision["reviewed_at"] is None,
            }
        )
    return listed


async def trending_tags(call: Call) -> Response:
    """GET /api/v1/admin/trends/tags: the tags of the last week, most used first."""
    since = (call.node.clock() - WEEK_MS) << 16
    rows = await call.node.db.rows(
        "SELECT tag.id, tag.name, COUNT(DISTINCT s.actor_id) AS people FROM status s"
        " JOIN status_tag t ON t.status_id = s.id JOIN tag ON tag.id = t.tag_id"
        f" WHERE {WHOLE_SITE} AND s.id > ? GROUP BY tag.id, tag.name"
        " ORDER BY people DESC, tag.name LIMIT ?",
        since,
        page_of(call, LIMIT_DEFAULT, LIMIT_MAX).limit,
    )
    return answer(await _tag_entities(call, rows))


async def trending_statuses(call: Call) -> Response:
    """GET /api/v1/admin/trends/statuses: the last week's posts that moved people, most first."""
    condition, args = may_see_sql(call.who, "s")
    rows = await call.node.db.rows(
        f"SELECT s.* FROM status s WHERE {WHOLE_SITE} AND s.id > ? AND {condition}"
        " AND s.favourites_count + s.reblogs_count > 0"
        " ORDER BY s.favourites_count + s.reblogs_count DESC, s.id DESC LIMIT ?",
        (call.node.clock() - WEEK_MS) << 16,
        *args,
        page_of(call, LIMIT_DEFAULT, LIMIT_MAX).limit,
    )
    return answer(await _status_entities(call, rows))


async def _status_entities(call: Call, rows: Sequence[Row]) -> list[orjson.Fragment]:
    """The Statuses of these rows, each with whether anybody looked at it yet."""
    said = await decided(call.node.db, "status", [str(row["id"]) for row in rows])
    return [
        orjson.Fragment(
            item[:-1]
            + b',"requires_review":%b}' % (b"false" if str(row["id"]) in said else b"true")
        )
        for row, item in zip(rows, await statuses(call, rows), strict=True)
    ]


async def _links(call: Call) -> Sequence[Row]:
    return await call.node.db.rows(
        "SELECT card.* FROM card JOIN status s ON s.id = card.status_id"
        f" WHERE {WHOLE_SITE} AND s.id > ? ORDER BY s.id DESC LIMIT ?",
        (call.node.clock() - WEEK_MS) << 16,
        LIMIT_MAX,
    )


async def trending_links(call: Call) -> Response:
    """GET /api/v1/admin/trends/links: the addresses that the last week's posts lead to."""
    rows = {row["url"]: row for row in await _links(call)}
    return answer(await _link_entities(call, list(rows.values())))


async def _link_entities(call: Call, rows: Sequence[Row]) -> list[Entity]:
    """The Trends::Links of these cards; their days are figures, and tell of nobody."""
    urls = [row["url"] for row in rows]
    said = await decided(call.node.db, "link", urls)
    days = await link_histories(call.node.db, urls, call.node.clock())
    return [
        card(call.node, row, "")
        | {
            "id": str(row["status_id"]),
            "history": tags.history(days[row["url"]]),
            "requires_review": row["url"] not in said,
        }
        for row in rows
    ]


async def publishers(call: Call) -> Response:
    """GET /api/v1/admin/trends/links/publishers: the hosts of those addresses."""
    rows = {publisher_of(row["url"]): row for row in await _links(call)}
    return answer(await _publisher_entities(call, [row for host, row in rows.items() if host]))


async def _publisher_entities(call: Call, rows: Sequence[Row]) -> list[Entity]:
    """Who publishes what these cards lead to."""
    said = await decided(call.node.db, "publisher", [publisher_of(row["url"]) for row in rows])
    found: list[Entity] = []
    for row in rows:
        host = publisher_of(row["url"])
        decision = said.get(host)
        found.append(
            {
                "id": str(row["status_id"]),
                "domain": host,
                "trendable": None if decision is None else bool(decision["is_allowed"]),
                "reviewed_at": None if decision is None else timestamp(decision["decided_at"]),
                "requested_review_at": None,
                "requires_review": decision is None,
            }
        )
    return found


def _tag_verdict(*, is_allowed: bool) -> Callable[[Call], Awaitable[Response]]:
    async def handler(call: Call) -> Response:
        row = await _tag(call)
        await done(
            call,
            f"trend.{'approve' if is_allowed else 'reject'}",
            f"#{row['name']}",
            lambda tx: decide_tag(call.node, tx, row["id"], is_trendable=is_allowed),
        )
        return answer((await _tag_entities(call, [row]))[0])

    return handler


async def _tag(call: Call) -> Row:
    row = await call.node.db.row("SELECT id, name FROM tag WHERE id = ?", call.path_id())
    if row is None:
        raise NotFound("record.not_found")
    return row


def _verdict(
    kind: trend_decisions.Kind, *, is_allowed: bool
) -> Callable[[Call], Awaitable[Response]]:
    async def handler(call: Call) -> Response:
        subject, row = await _subject(call, kind)
        await done(
            call,
            f"trend.{'approve' if is_allowed else 'reject'}",
            f"{kind} {subject}",
            lambda tx: decide(call.node, tx, kind, subject, is_allowed=is_allowed),
        )
        return answer((await _ENTITIES[kind](call, [row]))[0])

    return handler


_ENTITIES: Mapping[
    trend_decisions.Kind, Callable[[Call, Sequence[Row]], Awaitable[Sequence[object]]]
] = {"status": _status_entities, "link": _link_entities, "publisher": _publisher_entities}


async def _subject(call: Call, kind: trend_decisions.Kind) -> tuple[str, Row]:
    """What a decision is about, and its row; NotFound for what staff cannot see either."""
    number = call.path_id()
    condition, args = may_see_sql(call.who, "s")
    row = await call.node.db.row(
        f"SELECT s.* FROM status s WHERE s.id = ? AND {WHOLE_SITE} AND {condition}", number, *args
    )
    if row is None:
        raise NotFound("record.not_found")
    if kind == "status":
        return str(number), row
    link = await call.node.db.row("SELECT card.* FROM card WHERE status_id = ?", number)
    if link is None:
        raise NotFound("record.not_found")
    return link["url"] if kind == "link" else publisher_of(link["url"]), link


async def tag_listing(call: Call) -> Response:
    """GET /api/v1/admin/tags: every tag known here, newest first."""
    page = page_of(call, 100, 200)
    condition, args, order = bounds(page, "id")
    rows = await call.node.db.rows(
        f"SELECT id, name FROM tag WHERE {condition} ORDER BY {order} LIMIT ?", *args, page.limit
    )
    rows = newest_first(rows, turned=page.min_id is not None)
    links = link_header(call, page, [row["id"] for row in rows])
    return answer(await _tag_entities(call, rows), headers=links)


async def tag_show(call: Call) -> Response:
    """GET /api/v1/admin/tags/:id."""
    return answer((await _tag_entities(call, [await _tag(call)]))[0])


async def tag_change(call: Call) -> Response:
    """PUT /api/v1/admin/tags/:id: `display_name`, `usable`, `listable`, `trendable`."""
    row, params = await _tag(call), await call.params()
    flags: dict[str, bool | str | None] = {}
    for name in ("usable", "listable", "trendable"):
        if (value := params.flag(name)) is not None:
            flags[f"is_{name}"] = value
    if (shown := params.text("display_name", 200)) is not None:
        if fold_tag(shown) != row["name"]:
            raise Invalid("trend.display_name", field="display_name")
        flags["display_name"] = shown

    async def work(tx: Transaction) -> None:
        await decide_tag(call.node, tx, row["id"], **flags)

    await done(call, "tag.change", f"#{row['name']}", work)
    return answer((await _tag_entities(call, [row]))[0])


_T, _MAY = "/api/v1/admin/trends", Permission.MODERATE
_VERDICTS = (("approve", True), ("reject", False))


def _both(path: str, made: Callable[..., Callable[[Call], Awaitable[Response]]]) -> list[Entry]:
    return [
        Entry("POST", f"{path}/{word}", "staff", "admin:write", made(is_allowed=allowed), _MAY)
        for word, allowed in _VERDICTS
    ]


def _on(kind: trend_decisions.Kind) -> Callable[..., Callable[[Call], Awaitable[Response]]]:
    def made(*, is_allowed: bool) -> Callable[[Call], Awaitable[Response]]:
        return _verdict(kind, is_allowed=is_allowed)

    return made


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", f"{_T}/tags", "staff", "admin:read", trending_tags, _MAY),
    *_both(f"{_T}/tags/{{id}}", _tag_verdict),
    Entry("GET", f"{_T}/links", "staff", "admin:read", trending_links, _MAY),
    *_both(f"{_T}/links/{{id}}", _on("link")),
    Entry("GET", f"{_T}/statuses", "staff", "admin:read", trending_statuses, _MAY),
    *_both(f"{_T}/statuses/{{id}}", _on("status")),
    Entry("GET", f"{_T}/links/publishers", "staff", "admin:read", publishers, _MAY),
    *_both(f"{_T}/links/publishers/{{id}}", _on("publisher")),
    Entry("GET", "/api/v1/admin/tags", "staff", "admin:read", tag_listing, _MAY),
    Entry("GET", "/api/v1/admin/tags/{id}", "staff", "admin:read", tag_show, _MAY),
    Entry("PUT PATCH", "/api/v1/admin/tags/{id}", "staff", "admin:write", tag_change, _MAY),
)
