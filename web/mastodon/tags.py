"""Tags: shown with their use, followed, and featured on the caller's profile."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.responses import Response

from federation.database import Row, Transaction, marks
from federation.errors import NotFound
from outbox import tags
from web.mastodon.accounts import load
from web.mastodon.call import Call, Entry, answer
from web.mastodon.pagination import bounds, link_header, page_of
from web.mastodon.rendering import newest_first
from web.mastodon.serializers import Entity, date

FOLLOWED_DEFAULT, FOLLOWED_MAX = 100, 200
SUGGESTED_MAX = 10
NAME_CHARACTERS_MAX = 200


async def entities(call: Call, rows: Sequence[Row]) -> list[Entity]:
    """The Tags of these rows, with what they are to the caller."""
    if not rows:
        return []
    ids = [row["id"] for row in rows]
    histories = await tags.histories(call.node.db, call.who, ids, call.node.clock())
    followed, featured = await _own(call, ids)
    found: list[Entity] = []
    for row in rows:
        entity: Entity = {
            "id": str(row["id"]),
            "name": row["name"],
            "url": call.node.uris.tag_page(row["name"]),
            "history": history(histories[row["id"]]),
        }
        if call.viewer_id is not None:
            entity |= {"following": row["id"] in followed, "featuring": row["id"] in featured}
        found.append(entity)
    return found


def history(days: Sequence[tags.Day]) -> list[Entity]:
    """Days as clients read them: all strings."""
    return [
        {"day": str(day.start_s), "uses": str(day.uses), "accounts": str(day.authors)}
        for day in days
    ]


async def _own(call: Call, ids: Sequence[int]) -> tuple[set[int], set[int]]:
    if call.viewer_id is None:
        return set(), set()
    rows = await call.node.db.rows(
        f"SELECT 'follow' AS kind, tag_id FROM tag_follow WHERE actor_id = ?"
        f" AND tag_id IN ({marks(ids)}) UNION ALL SELECT 'feature', tag_id FROM featured_tag"
        f" WHERE actor_id = ? AND tag_id IN ({marks(ids)})",
        call.viewer_id,
        *ids,
        call.viewer_id,
        *ids,
    )
    followed = {row["tag_id"] for row in rows if row["kind"] == "follow"}
    return followed, {row["tag_id"] for row in rows if row["kind"] == "feature"}


def _name(call: Call) -> str:
    name = tags.read_name(call.path_text("id"))
    if name is None:
        raise NotFound("record.not_found")
    return name


async def show(call: Call) -> Response:
    """GET /api/v1/tags/:name; a tag that nobody used yet has no number and no use."""
    name = _name(call)
    row = await tags.find(call.node.db, name) or {"id": 0, "name": name}
    return answer((await entities(call, [row]))[0])


def _change(
    do: Callable[[Call, Transaction, int], Awaitable[object]],
) -> Callable[[Call], Awaitable[Response]]:
    async def endpoint(call: Call) -> Response:
        name = _name(call)

        async def work(tx: Transaction) -> Row:
            row = await tags.ensure(call.node, tx, name)
            await do(call, tx, row["id"])
            return row

        row = await call.node.db.write(work)
        return answer((await entities(call, [row]))[0])

    return endpoint


async def _follow(call: Call, tx: Transaction, tag_id: int) -> None:
    await tags.follow(call.node, tx, call.actor_id, tag_id)


async def _unfollow(call: Call, tx: Transaction, tag_id: int) -> None:
    await tags.unfollow(tx, call.actor_id, tag_id)


async def _feature(call: Call, tx: Transaction, tag_id: int) -> None:
    await tags.feature(call.node, tx, call.actor_id, tag_id)


async def _unfeature(call: Call, tx: Transaction, tag_id: int) -> None:
    await tags.unfeature(tx, call.actor_id, tag_id)


async def followed(call: Call) -> Response:
    """GET /api/v1/followed_tags."""
    page = page_of(call, FOLLOWED_DEFAULT, FOLLOWED_MAX)
    condition, args, order = bounds(page, "f.id")
    rows = await call.node.db.rows(
        "SELECT f.id AS entry_id, t.id, t.name FROM tag_follow f JOIN tag t ON t.id = f.tag_id"
        f" WHERE f.actor_id = ? AND {condition} ORDER BY {order} LIMIT ?",
        call.actor_id,
        *args,
        page.limit,
    )
    rows = newest_first(rows, turned=page.min_id is not None)
    links = link_header(call, page, [row["entry_id"] for row in rows])
    return answer(await entities(call, rows), headers=links)


def featured_entity(call: Call, username: str, row: Row) -> Entity:
    """A FeaturedTag."""
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "url": f"{call.node.uris.actor_page(username)}/tagged/{row['name']}",
        "statuses_count": str(row["uses"]),
        "last_status_at": date(row["last_at"]),
    }


async def featured_of(call: Call, actor: Row) -> list[Entity]:
    """The FeaturedTags of an actor, as the caller may see their use."""
    rows = await tags.featured(call.node.db, call.who, actor["id"])
    return [featured_entity(call, actor["username"], row) for row in rows]


async def featured(call: Call) -> Response:
    """GET /api/v1/featured_tags: the caller's own."""
    return answer(await featured_of(call, await call.viewer()))


async def featured_of_account(call: Call) -> Response:
    """GET /api/v1/accounts/:id/featured_tags."""
    return answer(await featured_of(call, await load(call)))


async def feature_by_name(call: Call) -> Response:
    """POST /api/v1/featured_tags: `name`."""
    name = tags.checked_name((await call.params()).required("name", NAME_CHARACTERS_MAX), "name")

    async def work(tx: Transaction) -> int:
        row = await tags.ensure(call.node, tx, name)
        return await tags.feature(call.node, tx, call.actor_id, row["id"], once=True)

    entry_id = await call.node.db.write(work)
    found = await featured_of(call, await call.viewer())
    return answer(next(entity for entity in found if entity["id"] == str(entry_id)))


async def unfeature_entry(call: Call) -> Response:
    """DELETE /api/v1/featured_tags/:id."""
    entry_id = call.path_id()
    await call.node.db.write(lambda tx: tags.unfeature_entry(tx, call.actor_id, entry_id))
    return answer({})


async def suggestions(call: Call) -> Response:
    """GET /api/v1/featured_tags/suggestions: what the caller used last."""
    rows = await tags.used_lately(call.node.db, call.actor_id, SUGGESTED_MAX)
    return answer(await entities(call, rows))


_TAG, _FEATURED = "/api/v1/tags/{id}", "/api/v1/featured_tags"
ENTRIES: tuple[Entry, ...] = (
    Entry("GET", _TAG, "reader", "read", show),
    Entry("POST", f"{_TAG}/follow", "person", "write:follows", _change(_follow)),
    Entry("POST", f"{_TAG}/unfollow", "person", "write:follows", _change(_unfollow)),
    Entry("POST", f"{_TAG}/feature", "person", "write:accounts", _change(_feature)),
    Entry("POST", f"{_TAG}/unfeature", "person", "write:accounts", _change(_unfeature)),
    Entry("GET", "/api/v1/followed_tags", "person", "read:follows", followed),
    Entry("GET", _FEATURED, "person", "read:accounts", featured),
    Entry("POST", _FEATURED, "person", "write:accounts", feature_by_name),
    Entry("DELETE", f"{_FEATURED}/{{id}}", "person", "write:accounts", unfeature_entry),
    Entry("GET", f"{_FEATURED}/suggestions", "person", "read:accounts", suggestions),
    Entry(
        "GET",
        "/api/v1/accounts/{id}/featured_tags",
        "reader",
        "read:accounts",
        featured_of_account,
    ),
)
