"""Announcements as members read them, with what they thought of them."""

from starlette.responses import Response

from federation.database import Row, Transaction
from federation.errors import NotFound
from inbox import announcements
from outbox.compose import compose
from web.mastodon.call import Call, Entry, answer
from web.mastodon.emojis import codes_in, emoji_entities
from web.mastodon.serializers import Entity, maybe_timestamp, timestamp
from web.mastodon.view import View

NAME_CHARACTERS_MAX = 100


async def listing(call: Call) -> Response:
    """GET /api/v1/announcements: those not dismissed yet; all with `with_dismissed`."""
    rows = await announcements.shown(
        call.node, call.account_id, with_dismissed=bool(call.query.flag("with_dismissed"))
    )
    return answer([await announcement_entity(call, row) for row in rows])


async def announcement_entity(view: View, row: Row) -> Entity:
    """An Announcement as its reader sees it; `read` as the row says, else unread."""
    node, account_id = view.node, view.token.account_id if view.token is not None else None
    names = compose(row["text"], {}, node.uris.tag_page("{}")).tags
    return {
        "id": str(row["id"]),
        "content": row["content_html"],
        "starts_at": maybe_timestamp(row["starts_at"]),
        "ends_at": maybe_timestamp(row["ends_at"]),
        "all_day": bool(row["all_day"]),
        "published_at": timestamp(row["published_at"] or row["scheduled_at"] or row["created_at"]),
        "updated_at": timestamp(row["updated_at"]),
        "read": "is_read" in row.keys() and bool(row["is_read"]),  # noqa: SIM118
        "mentions": [],
        "statuses": [],
        "tags": [{"name": name, "url": node.uris.tag_page(name)} for name in names],
        "emojis": await emoji_entities(node, codes_in(row["text"])),
        "reactions": await reaction_entities(view, row["id"], account_id),
    }


async def reaction_entities(view: View, number: int, account_id: int | None) -> list[Entity]:
    """The reactions to an announcement, with the pictures of the site's own emojis."""
    found = await announcements.reactions(view.node.db, number, account_id)
    pictures = {
        emoji["shortcode"]: emoji
        for emoji in await emoji_entities(view.node, [entry["name"] for entry in found])
    }
    entities: list[Entity] = []
    for entry in found:
        picture = pictures.get(entry["name"])
        more = (
            {"url": picture["url"], "static_url": picture["static_url"]}
            if picture is not None
            else {}
        )
        entities.append({**entry, **more})
    return entities


async def _load(call: Call) -> Row:
    row = await announcements.published(call.node, call.path_id())
    if row is None:
        raise NotFound("record.not_found")
    return row


async def dismiss(call: Call) -> Response:
    """POST /api/v1/announcements/:id/dismiss."""
    row = await _load(call)
    await call.node.db.write(lambda tx: announcements.dismiss(tx, row["id"], call.account_id))
    return answer({})


async def react(call: Call) -> Response:
    """PUT /api/v1/announcements/:id/reactions/:name: an emoji of Unicode or of this site."""
    row, name = await _load(call), call.path_text("name")[:NAME_CHARACTERS_MAX]
    await call.node.db.write(
        lambda tx: announcements.react(call.node, tx, row["id"], call.account_id, name)
    )
    return answer({})


async def unreact(call: Call) -> Response:
    """DELETE /api/v1/announcements/:id/reactions/:name."""
    row, name = await _load(call), call.path_text("name")[:NAME_CHARACTERS_MAX]

    async def work(tx: Transaction) -> bool:
        return await announcements.unreact(call.node, tx, row["id"], call.account_id, name)

    if not await call.node.db.write(work):
        raise NotFound("record.not_found")
    return answer({})


_A = "/api/v1/announcements"

ENTRIES: tuple[Entry, ...] = (
    Entry("GET", _A, "person", None, listing),
    Entry("POST", f"{_A}/{{id}}/dismiss", "person", "write:accounts", dismiss),
    Entry("PUT", f"{_A}/{{id}}/reactions/{{name}}", "person", "write:favourites", react),
    Entry("DELETE", f"{_A}/{{id}}/reactions/{{name}}", "person", "write:favourites", unreact),
)
