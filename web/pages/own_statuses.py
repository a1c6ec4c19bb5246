"""What is a person's own: what she thanked for, her drafts, what waits, private messages, edits."""

from typing import Any

import orjson
from starlette.responses import Response
from starlette.routing import Route

from federation.errors import NodeError
from outbox import scheduled, unfinished
from outbox.audience import VISIBILITY_KINDS
from outbox.scheduled import Scheduled
from web.mastodon import conversations, timelines
from web.pages.callers import PageCall, for_member, for_reader
from web.pages.content import excerpt
from web.pages.dates import when
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.letter_start import from_draft
from web.pages.letters import Letter, unpacked
from web.pages.links import next_page
from web.pages.members import show
from web.pages.persons import redirect
from web.pages.posts import Shown, badge, entities_shown, person, post, posts
from web.pages.received import history
from web.pages.threads import status_named
from web.translations import say, sentence

SCHEDULED_MAX = 300


async def thanked_page(call: PageCall) -> Response:
    """GET /favourites: what the reader thanked for and may still see."""
    answer = await timelines.favourites(call)
    return show(
        call,
        "thanked.html",
        here="kept",
        posts=await entities_shown(call, orjson.loads(bytes(answer.body))),
        older=next_page(answer, "/favourites"),
        is_older=call.query.id("max_id") is not None,
    )


async def history_page(call: PageCall) -> Response:
    """GET /@user/:id/history: what a status said before, for whoever may read it."""
    row = await status_named(call)
    return await history(call, row, (await posts(call, [row]))[0])


async def drafts_page(call: PageCall) -> Response:
    """GET /drafts: what the reader has begun to write, the last touched first."""
    rows = await unfinished.all_of(call.node.db, call.account_id or 0)
    language, now = call.page_language, call.node.clock()
    drafts = [
        {
            **_told(call, unpacked(row["letter"])),
            "key": row["key"],
            "when": say(language, "drafts.touched", when=when(language, row["updated_at"], now)),
        }
        for row in rows
    ]
    return show(call, "drafts.html", here="kept", drafts=drafts)


def _told(call: PageCall, letter: Letter) -> Shown:
    text = excerpt(letter.warning or letter.text)
    kind = VISIBILITY_KINDS.get(letter.audience)
    return {
        "text": text or say(call.page_language, "drafts.empty_text"),
        "files": len(letter.media_ids),
        "audience": None if kind is None else badge(call, kind, own=True),
    }


async def scheduled_page(call: PageCall) -> Response:
    """GET /scheduled: what will be published by itself, the next first."""
    return await _scheduled(call, {}, {})


async def move_scheduled(call: PageCall) -> Response:
    """POST /scheduled: `id` at another `day` and `hour`; what was typed stays with its error."""
    form = await read_form(call.request)
    number = form.id("id") or 0
    letter = Letter(day=form.text("day", 20) or "", hour=form.text("hour", 20) or "")
    moment, account_id = letter.moment(), call.account_id or 0
    await scheduled.get(call.node.db, account_id, number)
    problem = say(call.page_language, "write.day_missing")
    if moment is not None:
        try:
            await scheduled.move(call.node, account_id, number, moment)
        except NodeError as error:
            field = say(call.page_language, "write.field_day")
            problem = sentence(call.page_language, error.code, {**error.params, "field": field})
        else:
            return redirect("/scheduled")
    return await _scheduled(call, {f"day-{number}": problem}, {number: letter})


async def _scheduled(
    call: PageCall, problems: dict[str, str], typed: dict[int, Letter]
) -> Response:
    db = call.node.db
    rows = await db.rows(
        "SELECT scheduled_status.* FROM scheduled_status WHERE account_id = ?"
        " ORDER BY scheduled_at, id LIMIT ?",
        call.account_id,
        SCHEDULED_MAX,
    )
    waiting = [_waiting(call, await scheduled.read(db, row), typed) for row in rows]
    status = 422 if problems else 200
    return show(
        call, "scheduled.html", here="kept", status=status, waiting=waiting, problems=problems
    )


def _waiting(call: PageCall, kept: Scheduled, typed: dict[int, Letter]) -> Shown:
    letter = from_draft(kept.draft)
    letter.at(kept.scheduled_at)
    shown = typed.get(kept.id, letter)
    language = call.page_language
    at = when(language, kept.scheduled_at, call.node.clock())
    return {
        **_told(call, letter),
        "id": kept.id,
        "at": say(language, "scheduled.at", when=at),
        "day": shown.day,
        "hour": shown.hour,
    }


async def conversations_page(call: PageCall) -> Response:
    """GET /conversations: messages between named people, the last first; opened they are read."""
    answer = await conversations.listing(call)
    found: list[dict[str, Any]] = orjson.loads(bytes(answer.body))
    return show(
        call,
        "conversations.html",
        here="notices",
        talks=[_talk(call, one) for one in found if one["last_status"]],
        older=next_page(answer, "/conversations"),
    )


def _talk(call: PageCall, entity: dict[str, Any]) -> Shown:
    people = [person(call, one) for one in entity["accounts"]]
    names = ", ".join(one["name"] for one in people)
    language = call.page_language
    return {
        "id": entity["id"],
        "unread": entity["unread"],
        "person": people[0] if people else None,
        "names": say(language, "conversations.with", names=names)
        if names
        else say(language, "conversations.alone"),
        "last": post(call, entity["last_status"]),
    }


async def open_conversation(call: PageCall) -> Response:
    """GET /conversations/:id: mark it as read and go on to its last message."""
    answer = await conversations.read(call)
    last = post(call, orjson.loads(bytes(answer.body))["last_status"])
    return redirect(last["path"])


ROUTES: tuple[Route, ...] = (
    Route("/favourites", page(for_member(thanked_page)), methods=["GET"]),
    Route("/drafts", page(for_member(drafts_page)), methods=["GET"]),
    Route("/scheduled", page(for_member(scheduled_page)), methods=["GET"]),
    Route("/scheduled", page(for_member(move_scheduled)), methods=["POST"]),
    Route("/conversations", page(for_member(conversations_page)), methods=["GET"]),
    Route("/conversations/{id}", page(for_member(open_conversation)), methods=["GET"]),
    Route("/@{acct}/{id}/history", page(for_reader(history_page)), methods=["GET"]),
)
