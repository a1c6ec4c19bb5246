"""Rows → the entities of the client API. Pure: what is not in the rows is not asked for.

Keys are never left out where clients decode strictly; null says what is not known. An entity
that is joined from parts is made of a head (what seldom changes, kept as bytes) and counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

from federation.database import Row
from federation.node import Node

Entity = dict[str, Any]

VISIBILITIES = {"public": "public", "unlisted": "unlisted", "named": "direct"}
GROUP_TYPES = frozenset({"Group", "Organization"})
BOT_TYPES = frozenset({"Application", "Service"})
MEDIA_TYPES = frozenset({"image", "gifv", "video", "audio"})
DAY_MS = 86_400_000


def timestamp(at_ms: int) -> str:
    """`2026-01-31T12:34:56.789Z`."""
    text = datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{at_ms % 1000:03d}Z"


def maybe_timestamp(at_ms: int | None) -> str | None:
    """A timestamp, or None."""
    return None if at_ms is None else timestamp(at_ms)


def date(at_ms: int | None) -> str | None:
    """`2026-01-31`, or None."""
    return None if at_ms is None else _day(at_ms // DAY_MS)


@lru_cache(maxsize=256)
def _day(days: int) -> str:
    return datetime.fromtimestamp(days * DAY_MS // 1000, UTC).strftime("%Y-%m-%d")


def acct(actor: Row) -> str:
    """`user` here, `user@host` elsewhere."""
    if actor["is_local"]:
        return actor["username"]
    return f"{actor['username']}@{actor['handle_host']}"


def account_head(node: Node, actor: Row) -> Entity:
    """An Account without its counts."""
    avatar = _web_url(actor["icon_url"]) or f"{node.origin}/static/avatar.png"
    header = _web_url(actor["image_url"]) or f"{node.origin}/static/header.png"
    head: Entity = {
        "id": str(actor["id"]),
        "username": actor["username"],
        "acct": acct(actor),
        "display_name": actor["display_name"],
        "locked": bool(actor["locked"]),
        "bot": actor["type"] in BOT_TYPES,
        "discoverable": bool(actor["discoverable"]),
        "indexable": bool(actor["indexable"]),
        "group": actor["type"] in GROUP_TYPES,
        "created_at": timestamp(actor["created_at"] // DAY_MS * DAY_MS),
        "note": actor["summary_html"],
        "url": _web_url(actor["url"]) or actor["uri"],
        "uri": actor["uri"],
        "avatar": avatar,
        "avatar_static": avatar,
        "avatar_description": "",
        "header": header,
        "header_static": header,
        "header_description": "",
        "hide_collections": None,
        "show_media": True,
        "show_media_replies": True,
        "show_featured": True,
        "emojis": emojis(actor["emojis"]),
        "fields": fields(actor["fields"]),
        "feature_approval": {"automatic": [], "manual": [], "current_user": "denied"},
    }
    if actor["is_local"]:
        head |= {"roles": [], "noindex": not actor["indexable"]}
    if actor["suspended_at"] is not None:
        head["suspended"] = True
    return head


def account_counts(actor: Row) -> Entity:
    """The part of an Account that changes with every post and follow."""
    return {
        "followers_count": actor["followers_count"],
        "following_count": actor["following_count"],
        "statuses_count": actor["statuses_count"],
        "last_status_at": date(actor["last_status_at"]),
    }


def fields(text: str) -> list[Entity]:
    """The fields of a profile, from the JSON in which they are stored."""
    return [
        {
            "name": str(item.get("name", "")),
            "value": str(item.get("value", "")),
            "verified_at": None,
        }
        for item in _list(text)
        if isinstance(item, Mapping)
    ]


def emojis(text: str) -> list[Entity]:
    """Custom emojis, from the JSON in which they are stored."""
    return [
        {
            "shortcode": item["shortcode"],
            "url": item["url"],
            "static_url": item["url"],
            "visible_in_picker": False,
            "category": None,
        }
        for item in _list(text)
        if isinstance(item, Mapping) and "shortcode" in item and _web_url(item.get("url"))
    ]


def status_head(
    node: Node,
    status: Row,
    *,
    mentions: Iterable[Row] = (),
    tags: Iterable[str] = (),
    media: Iterable[Row] = (),
    application: Row | None = None,
) -> Entity:
    """A Status without author, boost, counts, poll, audience's words and the viewer's flags."""
    boosts = status["reblog_of_id"] is not None
    reply_to, reply_actor = status["in_reply_to_id"], status["in_reply_to_actor_id"]
    return {
        "id": str(status["id"]),
        "created_at": timestamp(status["published_at"]),
        "in_reply_to_id": None if reply_to is None else str(reply_to),
        "in_reply_to_account_id": None if reply_actor is None else str(reply_actor),
        "sensitive": bool(status["sensitive"]),
        "spoiler_text": status["summary"],
        "visibility": VISIBILITIES.get(status["audience_kind"], "private"),
        "language": status["language"],
        "uri": status["uri"],
        "url": _web_url(status["url"]) or (None if boosts else status["uri"]),
        "edited_at": maybe_timestamp(status["edited_at"]),
        "content": status["content_html"],
        "application": None if application is None else application_badge(application),
        "media_attachments": [attachment(row) for row in media],
        "mentions": [mention(row) for row in mentions],
        "tags": [{"name": name, "url": node.uris.tag_page(name)} for name in tags],
        "emojis": emojis(status["emojis"]),
        "tagged_collections": [],
        "card": None,
        "quote": None,
        "quotes_count": 0,
        "quote_approval": {"automatic": [], "manual": [], "current_user": "denied"},
    }


def application_badge(application: Row) -> Entity:
    """The application under a status: its name and page, nothing that identifies a person."""
    return {"name": application["name"], "website": _web_url(application["website"])}


def mention(actor: Row) -> Entity:
    """A Mention, from the row of the actor named."""
    return {
        "id": str(actor["id"]),
        "username": actor["username"],
        "url": _web_url(actor["url"]) or actor["uri"],
        "acct": acct(actor),
    }


def attachment(row: Row) -> Entity:
    """A MediaAttachment; sizes only when they are known."""
    kind = row["type"] if row["type"] in MEDIA_TYPES else "unknown"
    url = _web_url(row["url"])
    return {
        "id": str(row["id"]),
        "type": kind,
        "url": url,
        "preview_url": _web_url(row["preview_url"]) or (url if kind == "image" else None),
        "remote_url": _web_url(row["remote_url"]),
        "preview_remote_url": None,
        "text_url": None,
        "meta": _meta(row),
        "description": row["description"],
        "blurhash": row["blurhash"],
    }


def _meta(row: Row) -> Entity | None:
    meta: Entity = {}
    width, height = row["width"], row["height"]
    if width and height:
        size = {"width": width, "height": height, "size": f"{width}x{height}"}
        meta["original"] = size | {"aspect": width / height}
    if row["focus_x"] is not None and row["focus_y"] is not None:
        meta["focus"] = {"x": row["focus_x"], "y": row["focus_y"]}
    return meta or None


def poll(row: Row, options: Sequence[Row], now_ms: int, own: Sequence[int] | None) -> Entity:
    """A Poll; `own` are the viewer's choices, None when nobody in particular reads."""
    expired = row["ends_at"] is not None and row["ends_at"] <= now_ms
    hidden = bool(row["hide_totals"]) and not expired
    entity: Entity = {
        "id": str(row["id"]),
        "expires_at": maybe_timestamp(row["ends_at"]),
        "expired": expired,
        "multiple": bool(row["multiple"]),
        "votes_count": sum(option["votes_count"] for option in options),
        "voters_count": row["voters_count"],
        "options": [
            {"title": o["title"], "votes_count": None if hidden else o["votes_count"]}
            for o in options
        ],
        "emojis": [],
    }
    if own is not None:
        entity |= {"voted": bool(own), "own_votes": list(own)}
    return entity


def tag(node: Node, row: Row, *, personal: bool) -> Entity:
    """A Tag; its history is empty days, since nobody's use is counted here."""
    entity: Entity = {
        "id": str(row["id"]),
        "name": row["name"],
        "url": node.uris.tag_page(row["name"]),
        "history": [],
    }
    return entity | {"following": False, "featuring": False} if personal else entity


def _list(text: str) -> list[Any]:
    value = orjson.loads(text) if text and text != "[]" else []
    return value if isinstance(value, list) else []


def _web_url(url: str | None) -> str | None:
    """The address if it is a web address: no other scheme ever reaches a client."""
    return url if url and url.startswith(("https://", "http://")) else None
