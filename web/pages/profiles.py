"""The pages of a person and of a tag: who she is, what one may read, and following.

No number of followers and no rank stands here.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from markupsafe import Markup
from starlette.responses import Response

from actors.relationships import relationship_rows
from federation.database import Row
from federation.directions import paragraphs
from federation.errors import NotFound
from inbox import timelines
from inbox.timelines import Page
from outbox import tags
from web.mastodon.entities import account
from web.mastodon.tags import entities as tag_entities
from web.pages.callers import PageCall
from web.pages.content import tag_path
from web.pages.members import show
from web.pages.posts import person, posts
from web.pages.threads import actor_named

# More of them would make a page heavier than 30 kB.
POSTS = 12
PINNED = 5


async def profile_page(call: PageCall) -> Response:
    """GET /@user and /@user@host: `view=all` with answers to others, `max_id` further back."""
    actor = await actor_named(call, call.path_text("acct"))
    entity: dict[str, Any] = orjson.loads(await account(call, actor))
    with_replies = call.query.choice("view", ("all",)) is not None
    page = Page(limit=POSTS, max_id=call.query.id("max_id"))
    rows = await timelines.account(
        call.node.db, call.who, actor["id"], page, exclude_replies=not with_replies
    )
    shown = person(call, entity)
    is_first = page.max_id is None and not with_replies
    pinned = await timelines.account(
        call.node.db, call.who, actor["id"], Page(limit=PINNED), pinned=True
    )
    if is_first:
        above = {one["id"] for one in pinned}
        listed = [one for one in rows if one["id"] not in above]
    else:
        pinned, listed = [], rows
    return show(
        call,
        "profile.html",
        person=shown,
        note=_html(entity["note"]),
        fields=[{"name": one["name"], "value": _html(one["value"])} for one in entity["fields"]],
        is_locked=entity["locked"],
        moved=person(call, entity["moved"]) if entity.get("moved") else None,
        is_own=actor["id"] == call.viewer_id,
        relation=await _relation(call, actor["id"]),
        with_replies=with_replies,
        is_older=page.max_id is not None,
        pinned=await posts(call, pinned, "account"),
        posts=await posts(call, listed, "account"),
        older=_older(shown["path"], rows, "view=all&" if with_replies else ""),
    )


def _html(text: str) -> Markup:
    """What somebody wrote of herself, in whatever language."""
    return Markup(paragraphs(text, None))  # noqa: S704 - sanitised when taken in


async def _relation(call: PageCall, actor_id: int) -> Any:
    if call.viewer_id is None or call.viewer_id == actor_id:
        return None
    rows = await relationship_rows(call.node.db, call.viewer_id, [actor_id], call.node.clock())
    return rows[0]


def _older(path: str, rows: Sequence[Row], kept: str = "") -> str:
    return f"{path}?{kept}max_id={rows[-1]['id']}" if len(rows) >= POSTS else ""


async def tag_page(call: PageCall) -> Response:
    """GET /tags/:name: the same for a tag that nobody used and for one that one may not see."""
    name = tags.read_name(call.path_text("name"))
    if name is None:
        raise NotFound("page.none")
    page = Page(limit=POSTS, max_id=call.query.id("max_id"))
    rows = await timelines.tag(call.node.db, call.who, name, page, now_ms=call.node.clock())
    return show(
        call,
        "tag.html",
        name=name,
        is_followed=await _follows(call, name),
        is_older=page.max_id is not None,
        posts=await posts(call, rows, "public"),
        older=_older(tag_path(name), rows),
    )


async def _follows(call: PageCall, name: str) -> bool:
    known = await tags.find(call.node.db, name) if call.session is not None else None
    if known is None:
        return False
    return bool((await tag_entities(call, [known]))[0]["following"])
