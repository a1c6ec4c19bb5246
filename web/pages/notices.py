"""What concerns a person, in groups and without a counter; and what she kept, and searching.

What the site announced stands before it all, until she has read it, while it holds and for a month
at most.
"""

from typing import Any

import orjson
from starlette.responses import Response

from federation.activity import time_ms
from federation.database import Transaction
from federation.errors import Invalid
from inbox import announcements
from web.mastodon import grouped_notifications, search, timelines
from web.mastodon.notification_parts import OF_NODE
from web.pages.callers import PageCall
from web.pages.content import shown_html, tag_path
from web.pages.dates import when
from web.pages.links import next_page
from web.pages.members import show
from web.pages.posts import entities_shown, person, post
from web.translations import say, sentence

SHOWN_MS = 30 * announcements.DAY_MS


async def notices_page(call: PageCall) -> Response:
    """GET /notifications: what is new since the last look, then what was there before."""
    answer = await grouped_notifications.listing(call)
    found: dict[str, Any] = orjson.loads(bytes(answer.body))
    people = {one["id"]: person(call, one) for one in found["accounts"]}
    about = {one["id"]: one for one in found["statuses"]}
    groups = found["notification_groups"]
    read_id = await _read_until(call, groups)
    notices = [_notice(call, group, people, about) for group in groups]
    fresh = [
        notice
        for notice, group in zip(notices, groups, strict=True)
        if group["most_recent_notification_id"] > read_id
    ]
    return show(
        call,
        "notices.html",
        here="notices",
        announced=await announced(call),
        site_language=call.node.language,
        fresh=fresh,
        earlier=notices[len(fresh) :],
        older=next_page(answer, "/notifications"),
    )


async def announced(call: PageCall) -> list[dict[str, Any]]:
    """The announcements of the last month that she has not said she read: essential, then new."""
    node, now = call.node, call.node.clock()
    found = [
        {
            "id": row["id"],
            "is_essential": row["essential_reason"] is not None,
            "html": shown_html(node, row["content_html"], [], None),
            "when": when(call.page_language, row["published_at"], now),
        }
        for row in reversed(await announcements.shown(node, call.account_id or 0))
        if row["published_at"] > now - SHOWN_MS
    ]
    return sorted(found, key=lambda one: not one["is_essential"])


async def _read_until(call: PageCall, groups: list[Any]) -> int:
    """Up to where she had read; what is shown now counts as read for her applications too."""
    read_id = await call.node.db.value(
        "SELECT last_read_id FROM marker WHERE account_id = ? AND timeline = 'notifications'",
        call.account_id,
    )
    newest = groups[0]["most_recent_notification_id"] if groups else 0

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO marker (account_id, timeline, last_read_id, version, updated_at)"
            " VALUES (?, 'notifications', ?, 1, ?) ON CONFLICT (account_id, timeline) DO UPDATE"
            " SET last_read_id = excluded.last_read_id, version = marker.version + 1,"
            " updated_at = excluded.updated_at WHERE excluded.last_read_id > marker.last_read_id",
            call.account_id,
            newest,
            call.node.clock(),
        )

    if newest > (read_id or 0):
        await call.node.db.write(work)
    return read_id or 0


def _notice(
    call: PageCall, group: dict[str, Any], people: dict[str, Any], about: dict[str, Any]
) -> dict[str, Any]:
    language, kind = call.page_language, group["type"]
    who = [people[one] for one in group["sample_account_ids"] if one in people]
    others = group["notifications_count"] - 1
    words = "one" if others == 1 else "many"
    at_ms = time_ms(group["latest_page_notification_at"]) or call.node.clock()
    status = about.get(group.get("status_id", ""))
    of_node = kind in OF_NODE
    return {
        "type": kind,
        "from": None if of_node or not who else who[0],
        "others": say(language, f"notice.{words}_other", n=str(others)) if others else "",
        "text": say(language, f"notice.{kind}_many" if others else f"notice.{kind}"),
        "said": group.get("moderation_warning", {}).get("text", ""),
        "when": when(language, at_ms, call.node.clock()),
        "iso": group["latest_page_notification_at"][:16] + "Z",
        "post": None if status is None else post(call, status),
    }


async def kept_page(call: PageCall) -> Response:
    """GET /bookmarks: what she kept and may still see."""
    answer = await timelines.bookmarks(call)
    return show(
        call,
        "kept.html",
        here="kept",
        posts=await entities_shown(call, orjson.loads(bytes(answer.body))),
        older=next_page(answer, "/bookmarks"),
        is_older=call.query.id("max_id") is not None,
    )


async def search_page(call: PageCall) -> Response:
    """GET /search: people, tags and texts for `q`; the form has a whole address asked for."""
    text = (call.query.text("q", search.QUERY_CHARACTERS_MAX) or "").strip()
    found: dict[str, Any] = {"accounts": [], "statuses": [], "hashtags": []}
    problem = ""
    if text:
        try:
            answer = await search.search(call)
        except Invalid as error:
            field = say(call.page_language, "search.label")
            problem = sentence(call.page_language, error.code, {**error.params, "field": field})
        else:
            found = orjson.loads(bytes(answer.body))
    return show(
        call,
        "search.html",
        here="search",
        text=text,
        problem=problem,
        people=[person(call, one) for one in found["accounts"]],
        tags=[{"name": one["name"], "path": tag_path(one["name"])} for one in found["hashtags"]],
        posts=await entities_shown(call, found["statuses"]),
    )
