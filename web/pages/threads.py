"""The page of one status: what it answers, itself, what answers it, and where one answers.

What may not be seen, what is not there and what stands under another name answer the same.
"""

from starlette.responses import Response

from actors.queries import by_handle, by_id
from federation.database import Row
from federation.errors import NotFound
from inbox.timelines import context
from outbox.audience_members import learn_members
from outbox.circles import ACROSS_SITES
from outbox.classes import allowed
from outbox.reach import reach_of
from outbox.unfinished import new_key
from outbox.visibility import visible
from web.mastodon.accounts import is_shown
from web.mastodon.audiences import WORDS
from web.mastodon.params import read_id
from web.pages import letter_readers
from web.pages.callers import PageCall
from web.pages.members import show
from web.pages.posts import Shown, posts
from web.pages.received import received
from web.translations import say

LEVELS_MAX = 2


async def actor_named(call: PageCall, acct: str) -> Row:
    """The actor of `user` or `user@host`, if the reader may know of it; NotFound for all else."""
    username, _, host = acct.partition("@")
    row = await by_handle(call.node.db, username, host or call.node.host)
    if row is None or not is_shown(call, row):
        raise NotFound("page.none")
    return row


async def status_named(call: PageCall) -> Row:
    """The status of /@user/:id that the reader may see; NotFound for everything else."""
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
    return row


async def thread_page(call: PageCall) -> Response:
    """GET /@user/:id."""
    row = await status_named(call)
    above, below = await context(call.node.db, call.who, row, now_ms=call.node.clock())
    shown = (await posts(call, [row]))[0]
    if call.account is not None:
        role = call.account["role"]
        shown["classing"] = allowed(call.actor_id, role, row, shown["class"].name)
    answers = await posts(call, below, "thread")
    done = [one for one in ("published", "changed") if one in call.request.query_params]
    return show(
        call,
        "thread.html",
        post=shown,
        above=await posts(call, above, "thread"),
        answers=[(answer, level) for answer, level in _levels(shown["id"], answers)],
        reply=await reply_form(call, row, shown) if call.session is not None else None,
        received=await received(call, row) if shown["is_own"] else None,
        done=f"thread.{done[0]}" if done else "",
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


async def reply_form(call: PageCall, parent: Row, shown: Shown) -> Shown:
    """What a form to answer says: the audience that the answer inherits, and its button."""
    await learn_members(call.node, parent)
    kind = parent["audience_kind"]
    far = await reach_of(call.node, call.node.db, kind, parent, call.actor_id)
    told = await letter_readers.who_reads(call, far)
    language = call.page_language
    name = shown["author"]["name"]
    return {
        "id": shown["id"],
        "key": new_key(),
        "name": name,
        "word": WORDS[far.kind],
        "audience": told["badge"],
        "sites": ", ".join(site["name"] for site in told["sites"]),
        "left_out": told["left_out"] if far.kind in ACROSS_SITES else [],
        "button": say(language, f"reply.to_{far.kind}", site=call.node.name, name=name),
        "inherited": say(language, "reply.same" if far.kind == kind else "reply.narrower"),
    }
