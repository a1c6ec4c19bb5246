"""Where one's own status went, site by site, in words; and what it said before."""

from collections import Counter
from typing import Any

import orjson
from starlette.responses import Response

from federation.activity import time_ms
from federation.database import Row
from outbox.readers import handed
from web.mastodon import edits
from web.pages.callers import PageCall
from web.pages.content import shown_html
from web.pages.dates import when
from web.pages.members import show
from web.pages.posts import Shown, initials, media_shown, person
from web.translations import say

HUES = {"held": "good", "handed_over": "good", "refused": "bad", "waiting": "warn"}
ICONS = {"good": "good", "bad": "bad", "warn": "clock"}


async def received(call: PageCall, row: Row) -> Shown:
    """The sites that a status of the reader went to, each with its state and since when."""
    language, now = call.page_language, call.node.clock()
    sites: list[Shown] = []
    for one in await handed(call.node.db, row["uri"]):
        hue = HUES.get(one.state, "idle")
        name = one.name or one.origin.partition("://")[2]
        state = say(language, f"handed.{one.state}")
        sites.append(
            {
                "name": name,
                "initials": initials(name),
                "hue": hue,
                "icon": ICONS.get(hue, "clock"),
                "words": say(language, "received.since", state=state,
                             when=when(language, one.at, now)),
                "state": one.state,
            }
        )  # fmt: skip
    states = Counter(one["state"] for one in sites)
    count = say(
        language,
        "received.count",
        n=str(states["held"] + states["handed_over"]),
        all=str(len(sites)),
        held=str(states["held"]),
    )
    return {"sites": sites, "count": count if sites else say(language, "received.none")}


async def history(call: PageCall, row: Row, shown: Shown) -> Response:
    """The page of all that a status said, the oldest first."""
    call.scope["path_params"]["id"] = str(row["id"])
    answer = await edits.history(call)
    found: list[dict[str, Any]] = orjson.loads(bytes(answer.body))
    language, now = call.page_language, call.node.clock()
    versions = [
        {
            "iso": one["created_at"][:16] + "Z",
            "when": when(language, time_ms(one["created_at"]) or now, now),
            "warning": one["spoiler_text"],
            "html": shown_html(call.node, one["content"], (), shown["language"]),
            "media": [media_shown(call, item) for item in one["media_attachments"] if item["url"]],
            "options": [item["title"] for item in (one.get("poll") or {}).get("options", ())],
        }
        for one in found
    ]
    author = person(call, found[-1]["account"])
    return show(call, "history.html", post=shown, author=author, versions=versions)
