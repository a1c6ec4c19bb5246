"""The page of one status: what it answers, itself, what answers it, and where one answers.

What may not be seen, what is not there and what stands under another name answer the same.
"""

from starlette.responses import Response

from actors.queries import by_handle, by_id
from federation.database import Row
from federation.errors import NotFound
from inbox.timelines import context
from outbox.audience import narrowed
from outbox.visibility import visible
from web.mastodon.accounts import is_shown
from web.mastodon.params import read_id
from web.pages.callers import PageCall
from web.pages.letters import new_key
from web.pages.members import show
from web.pages.posts import Shown, badge, posts
from web.translations import say

LEVELS_MAX = 2


async def actor_named(call: PageCall, acct: str) -> Row:
    """The actor of `user` or `user@host`, if the reader may know of it; NotFound for all else."""
    username, _, host = acct.partition("@")
    row = await by_handle(call.node.db, username, host or call.node.host)
    if row is None or not is_shown(call, row):
        raise NotFound("page.none")
    return row


async def thread_page(call: PageCall) -> Response:
    """GET /@user/:id."""
    status_id = read_id(call.path_text("id"))
    row = None if status_id is None else await visible(call.node.db, call.who, status_id)
    if row is not None and row["reblog_of_id"] is not None:
        row = await visible(call.node.db, call.who, row["reblog_of_id"])
    if row is None:
        raise NotFound("page.none")
    author = await by_id(call.node.db, row["actor_id"])
    named = await actor_named(call, call.path_text("acct"))
    if author is None or named["id"] not in (author["id"], await _booster(call, status_id)):
        raise NotFound("page.none")
    above, below = await context(call.node.db, call.who, row, now_ms=call.node.clock())
    shown = (await posts(call, [row]))[0]
    answers = await posts(call, below, "thread")
    return show(
        call,
        "thread.html",
        post=shown,
        above=await posts(call, above, "thread"),
        answers=[(answer, level) for answer, level in _levels(shown["id"], answers)],
        reply=reply_form(call, row, shown) if call.session is not None else None,
        was_published="published" in call.request.query_params,
    )


async def _booster(call: PageCall, status_id: int | None) -> int | None:
    """Who passed it on, when the address is that of a boost."""
    boost = None if status_id is None else await visible(call.node.db, call.who, status_id)
    return None if boost is None else boost["actor_id"]


def _levels(root_id: str, answers: list[Shown]) -> list[tuple[Shown, int]]:
    """Each answer with how deep it is drawn."""
    depth = {root_id: 0}
    found: list[tuple[Shown, int]] = []
    for answer in answers:
        level = min(depth.get(answer["parent_id"] or "", 0) + 1, LEVELS_MAX)
        depth[answer["id"]] = level
        found.append((answer, level))
    return found


def reply_form(call: PageCall, parent: Row, shown: Shown) -> Shown:
    """What a form to answer says: the audience that the answer inherits, and its button."""
    kind = narrowed(parent["audience_kind"], parent, call.actor_id)
    language = call.page_language
    name = shown["author"]["name"]
    return {
        "id": shown["id"],
        "key": new_key(),
        "name": name,
        "audience": badge(call, kind, own=True),
        "button": say(language, f"reply.to_{kind}", site=call.node.name, name=name),
        "inherited": say(
            language,
            "reply.same" if kind == parent["audience_kind"] else "reply.narrower",
        ),
    }
