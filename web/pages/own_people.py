"""The people somebody is tied to: whom she follows, who follows her, asks to, is muted or blocked.

No number stands here, and nobody's rank.
"""

from typing import Any

import orjson
from starlette.responses import Response
from starlette.routing import Route

from federation.activity import time_ms
from web.mastodon import accounts, domain_blocks, relationships
from web.pages.callers import PageCall, for_member, for_reader
from web.pages.dates import when
from web.pages.failures import page
from web.pages.links import next_page
from web.pages.members import show
from web.pages.posts import Shown, person
from web.pages.threads import actor_named
from web.translations import say


async def _people(call: PageCall, kind: str, acct: str) -> Response:
    actor = await actor_named(call, acct)
    call.scope["path_params"]["id"] = str(actor["id"])
    listing = accounts.following if kind == "following" else accounts.followers
    answer = await listing(call)
    is_own = actor["id"] == call.viewer_id
    name = actor["display_name"] or actor["username"]
    title = f"{kind}.title" if is_own else f"{kind}.title_of"
    return show(
        call,
        "people.html",
        kind=kind,
        is_own=is_own,
        title=say(call.page_language, title, name=name),
        people=_shown(call, answer),
        older=next_page(answer, call.path),
        verb={"following": "unfollow", "followers": "reject"}[kind],
    )


def _shown(call: PageCall, answer: Response) -> list[Shown]:
    return [person(call, one) for one in orjson.loads(bytes(answer.body))]


async def following_page(call: PageCall) -> Response:
    """GET /following: whom the reader follows."""
    return await _people(call, "following", call.me["username"])


async def followers_page(call: PageCall) -> Response:
    """GET /followers: who follows the reader."""
    return await _people(call, "followers", call.me["username"])


async def following_of(call: PageCall) -> Response:
    """GET /@user/following: whom somebody follows, unless she keeps that to herself."""
    return await _people(call, "following", call.path_text("acct"))


async def followers_of(call: PageCall) -> Response:
    """GET /@user/followers: who follows somebody, unless she keeps that to herself."""
    return await _people(call, "followers", call.path_text("acct"))


async def requests_page(call: PageCall) -> Response:
    """GET /requests: who asks to follow the reader."""
    answer = await relationships.follow_requests(call)
    return show(
        call,
        "people.html",
        kind="requests",
        is_own=True,
        title=say(call.page_language, "requests.title"),
        people=_shown(call, answer),
        older=next_page(answer, "/requests"),
        verb="",
    )


async def blocks_page(call: PageCall) -> Response:
    """GET /blocks: whom the reader mutes and blocks, and the sites of which she reads nobody."""
    muted: list[dict[str, Any]] = orjson.loads(bytes((await relationships.mutes(call)).body))
    domains = orjson.loads(bytes((await domain_blocks.listing(call)).body))
    return show(
        call,
        "blocks.html",
        muted=[{**person(call, one), "until": _until(call, one)} for one in muted],
        blocked=_shown(call, await relationships.blocks(call)),
        domains=domains,
    )


def _until(call: PageCall, account: dict[str, Any]) -> str:
    ends_at = time_ms(account["mute_expires_at"] or "")
    if ends_at is None:
        return ""
    shown = when(call.page_language, ends_at, call.node.clock())
    return say(call.page_language, "blocks.until", when=shown)


ROUTES: tuple[Route, ...] = (
    Route("/following", page(for_member(following_page)), methods=["GET"]),
    Route("/followers", page(for_member(followers_page)), methods=["GET"]),
    Route("/requests", page(for_member(requests_page)), methods=["GET"]),
    Route("/blocks", page(for_member(blocks_page)), methods=["GET"]),
    Route("/@{acct}/following", page(for_reader(following_of)), methods=["GET"]),
    Route("/@{acct}/followers", page(for_reader(followers_of)), methods=["GET"]),
)
