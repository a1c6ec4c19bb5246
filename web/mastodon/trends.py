"""What the site talks about, whom one might follow, and who can be found here."""

from collections.abc import Awaitable, Callable

import orjson
from starlette.responses import Response

from federation.database import Row, Transaction, marks
from federation.origins import origin_of
from inbox import trends
from inbox.suggestions import dismiss, suggestions
from web.mastodon.attachments import is_private
from web.mastodon.call import Call, Entry, answer, answer_list
from web.mastodon.entities import accounts, statuses
from web.mastodon.serializers import Entity, card
from web.mastodon.tags import entities as tag_entities
from web.mastodon.tags import history

TAGS_DEFAULT, TAGS_MAX = 10, 20
STATUSES_DEFAULT, STATUSES_MAX = 20, 40
PEOPLE_DEFAULT, PEOPLE_MAX = 40, 80
OFFSET_MAX = 1_000
_NO_CARD = {
    "status_id": 0, "description": "", "language": None, "author_name": "", "image_url": None,
    "image_width": None, "image_height": None, "image_description": "", "blurhash": None,
    "published_at": None,
}  # fmt: skip


def _part(call: Call, default: int, most: int) -> tuple[int, int]:
    limit = call.query.number("limit")
    offset = call.query.number("offset", most=OFFSET_MAX) or 0
    return (min(limit, most) if limit else default), offset


async def tags(call: Call) -> Response:
    """GET /api/v1/trends/tags, and /api/v1/trends by its old name."""
    limit, offset = _part(call, TAGS_DEFAULT, TAGS_MAX)
    now = call.node.clock()
    rows = await trends.trending_tags(call.node.db, call.who, now, limit, offset)
    return answer(await tag_entities(call, rows))


async def popular_statuses(call: Call) -> Response:
    """GET /api/v1/trends/statuses."""
    limit, offset = _part(call, STATUSES_DEFAULT, STATUSES_MAX)
    now = call.node.clock()
    rows = await trends.trending_statuses(call.node.db, call.who, now, limit, offset)
    return answer_list(await statuses(call, rows))


async def links(call: Call) -> Response:
    """GET /api/v1/trends/links: each with its card, or what its address says."""
    limit, offset = _part(call, TAGS_DEFAULT, TAGS_MAX)
    now = call.node.clock()
    found = await trends.trending_links(call.node.db, call.who, now, limit, offset)
    ids = [link.status["id"] for link in found]
    rows = await call.node.db.rows(f"SELECT * FROM card WHERE status_id IN ({marks(ids)})", *ids)
    cards = {(row["status_id"], row["url"]): row for row in rows}
    return answer(
        [
            _card(call, link, cards.get((link.status["id"], link.url)))
            | {"history": history(link.history(now))}
            for link in found
        ]
    )


def _card(call: Call, link: trends.Link, row: Row | None) -> Entity:
    if row is not None:
        entity = card(call.node, row, "")
        # A picture that needs a capability is shown with its status only.
        return entity | ({"image": None} if is_private(call.node, link.status) else {})
    host = origin_of(link.url).partition("://")[2]
    return card(
        call.node, _NO_CARD | {"url": link.url, "title": link.url, "provider_name": host}, ""
    )


def _suggested(
    entity: Callable[[bytes, str], bytes],
) -> Callable[[Call], Awaitable[Response]]:
    async def endpoint(call: Call) -> Response:
        limit, offset = _part(call, PEOPLE_DEFAULT, PEOPLE_MAX)
        found = await suggestions(call.node.db, call.actor_id, limit, offset)
        people = await accounts(call, (one.actor_id for one in found))
        return answer_list(
            [entity(people[one.actor_id], one.source) for one in found if one.actor_id in people]
        )

    return endpoint


def _with_sources(account: bytes, source: str) -> bytes:
    # The old word for it, which clients that know no `sources` read.
    old = "past_interactions" if source == "friends_of_friends" else "global"
    head: Entity = {"source": old, "sources": [source]}
    return orjson.dumps(head)[:-1] + b',"account":' + account + b"}"


async def dismiss_suggestion(call: Call) -> Response:
    """DELETE /api/v1/suggestions/:id: suggest this account no more."""
    actor_id = call.path_id()

    async def work(tx: Transaction) -> None:
        await dismiss(tx, call.actor_id, actor_id)

    await call.node.db.write(work)
    return answer({})


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/trends", "reader", "read", tags),
    Entry("GET", "/api/v1/trends/tags", "reader", "read", tags),
    Entry("GET", "/api/v1/trends/links", "reader", "read", links),
    Entry("GET", "/api/v1/trends/statuses", "reader", "read", popular_statuses),
    Entry("GET", "/api/v1/suggestions", "person", "read", _suggested(lambda one, _: one)),
    Entry("GET", "/api/v2/suggestions", "person", "read", _suggested(_with_sources)),
    Entry("DELETE", "/api/v1/suggestions/{id}", "person", "read", dismiss_suggestion),
)
