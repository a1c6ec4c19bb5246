"""The site's own emojis as clients list them; their pictures are open, since partners show them."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from federation.database import Row
from federation.errors import NotFound
from federation.node import Node
from outbox import emojis
from outbox.emojis import codes_in
from web.mastodon.call import Call, Entry, answer
from web.mastodon.serializers import Entity

__all__ = ["codes_in", "emoji_entities"]

YEAR_S = 31_536_000


async def listing(call: Call) -> Response:
    """GET /api/v1/custom_emojis."""
    rows = await emojis.offered(call.node.db)
    return answer([_entity(call.node, row) for row in rows])


async def emoji_entities(node: Node, shortcodes: Iterable[str]) -> list[Entity]:
    """The CustomEmojis of those shortcodes that are ours."""
    return [_entity(node, row) for row in await emojis.known(node.db, shortcodes)]


def _entity(node: Node, row: Row) -> Entity:
    url = emojis.picture_url(node, row)
    return {
        "shortcode": row["shortcode"],
        "url": url,
        "static_url": url,
        "visible_in_picker": True,
        "category": row["category"],
        "featured": False,
    }


async def picture(request: Request) -> Response:
    """GET /emojis/:shortcode: the picture, the same for everybody."""
    node: Node = request.app.state.node
    row = await emojis.picture(node.db, request.path_params["shortcode"])
    if row is None:
        raise NotFound("page.none")
    headers = {
        "cache-control": f"public, max-age={YEAR_S}, immutable",
        "content-security-policy": "default-src 'none'",
        "x-content-type-options": "nosniff",
    }
    return Response(bytes(row["content"]), 200, headers, row["media_type"])


ROUTES: list[Route] = [Route("/emojis/{shortcode}", picture, methods=["GET"])]

ENTRIES: tuple[Entry, ...] = (Entry("GET", "/api/v1/custom_emojis", "anybody", None, listing),)
