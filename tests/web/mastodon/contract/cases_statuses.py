"""Statuses, what belongs to them, and where they are read: each entry asked at least once."""

from typing import Any

from tests.web.mastodon.contract.case import Case, delete, get, ids, post, put
from tests.web.mastodon.files import film, picture

_S = "v1/statuses"
_LATER = "2026-12-24T20:00:00Z"
_POLL: dict[str, Any] = {"options": ["un", "deux"], "expires_in": 600}

STATUSES: tuple[Case, ...] = (
    *(
        get(f"{_S}/{{{name}}}", "Status")
        for name in (
            "post", "reply", "boost", "told", "mustard", "private", "site", "unlisted", "direct",
            "muted", "with_image", "with_film", "asked_briefly", "asked", "quoting",
            "quoting_more", "unwanted", "over_unwanted", "remote", "remote_poll", "remote_card",
            "remote_short_card", "remote_guarded", "by_followers", "official", "below",
        )
    ),
    get(_S, "[Status]", **ids("post", "remote")),
    *(get(f"{_S}/{{{name}}}/context", "Context") for name in ("post", "reply", "below")),
    get(f"{_S}/{{post}}/history", "[StatusEdit]"),
    get(f"{_S}/{{with_image}}/history", "[StatusEdit]"),
    get(f"{_S}/{{asked_too}}/history", "[StatusEdit]"),
    get(f"{_S}/{{with_image}}/source", "StatusSource"),
    get(f"{_S}/{{post}}/favourited_by", "[Account]"),
    get(f"{_S}/{{post}}/reblogged_by", "[Account]"),
    get(f"{_S}/{{post}}/quotes", "[Status]"),
    get("v1/polls/{poll}", "Poll"),
    get("v1/media/{loose}", "MediaAttachment"),
    get("v1/media/{film}", "MediaAttachment"),
    get("v1/scheduled_statuses", "[ScheduledStatus]"),
    get("v1/scheduled_statuses/{scheduled}", "ScheduledStatus"),
    get("v1/scheduled_statuses/{scheduled_media}", "ScheduledStatus"),
    get("v1/scheduled_statuses", "[ScheduledStatus]", by="bob"),
    get("v1/timelines/home", "[Status]", limit="40"),
    get("v1/timelines/public", "[Status]", limit="40"),
    get("v1/timelines/tag/nuit", "[Status]"),
    get("v1/favourites", "[Status]"),
    get("v1/bookmarks", "[Status]"),
    get("v1/conversations", "[Conversation]"),
)  # fmt: skip
# The order matters: what is done is undone in the next call.
DEEDS: tuple[Case, ...] = (
    *(
        post(f"{_S}/{{reply}}/{deed}", "Status")
        for deed in (
            "favourite", "unfavourite", "bookmark", "unbookmark", "reblog", "unreblog", "mute",
            "unmute",
        )
    ),
    post(f"{_S}/{{unlisted}}/pin", "Status"),
    post(f"{_S}/{{unlisted}}/unpin", "Status"),
    post(f"{_S}/{{post}}/translate", "Translation", {"lang": "en"}),
    post(f"{_S}/{{asked}}/translate", "Translation", {"lang": "en"}),
    post(f"{_S}/{{with_image}}/translate", "Translation", {"lang": "en"}),
    post(f"{_S}/{{mustard}}/translate", "Translation", {"lang": "en"}),
    post(f"{_S}/{{post}}/quotes/{{quoting_still}}/revoke", "Status"),
    put(f"{_S}/{{post}}/interaction_policy", "Status", {"quote_approval_policy": "nobody"}),
    put(f"{_S}/{{post}}", "Status", {"status": "Bonne nuit"}),
    post("v1/polls/{open_poll}/votes", "Poll", {"choices": [1]}),
    post(_S, "Status", {"status": "Un mot", "poll": _POLL}, keep="new_status"),
    delete(f"{_S}/{{new_status}}", "DeletedStatus"),
    post(_S, "Error", {"status": ""}, status=422),
    post(_S, "ScheduledStatus", {"status": "Un mot", "scheduled_at": _LATER}, keep="new_later"),
    put("v1/scheduled_statuses/{new_later}", "ScheduledStatus", {"scheduled_at": _LATER}),
    delete("v1/scheduled_statuses/{new_later}"),
    post("v1/media", "MediaAttachment", parts=(("file", "a.png", picture()),)),
    post("v2/media", "MediaAttachment", parts=(("file", "a.mp4", film()),), status=202),
    put("v1/media/{spare}", "MediaAttachment", {"description": "Un arbre", "focus": "0,0"}),
    delete("v1/media/{spare}"),
    post("v1/conversations/{conversation}/read", "Conversation"),
    post("v1/conversations/{conversation}/unread", "Conversation"),
    delete("v1/conversations/{other_conversation}"),
)  # fmt: skip
_LINES = "text/event-stream"

STREAMS: tuple[Case, ...] = (
    get("v1/streaming", _LINES, stream="user"),
    *(
        get(f"v1/streaming/{name}", _LINES)
        for name in (
            "user", "user/notification", "public", "public/local", "public/remote", "direct",
        )
    ),
    get("v1/streaming/hashtag", _LINES, tag="nuit"),
    get("v1/streaming/hashtag/local", _LINES, tag="nuit"),
    get("v1/streaming/list", _LINES, list="{list}"),
    get("v1/streaming/health", "text/plain"),
)  # fmt: skip
