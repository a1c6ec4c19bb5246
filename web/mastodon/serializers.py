"""Rows → the entities of the client API. Pure: what is not in the rows is not asked for.

Keys are never left out where clients decode strictly; null says what is not known. An entity
that is joined from parts is made of a head (what seldom changes, kept as bytes) and counts.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

from federation.database import Row
from federation.node import Node
from web.capabilities import picture_mac
from web.mastodon.roles import badges

Entity = dict[str, Any]

VISIBILITIES = {"public": "public", "unlisted": "unlisted", "named": "direct"}
GROUP_TYPES = frozenset({"Group", "Organization"})
BOT_TYPES = frozenset({"Application", "Service"})
MEDIA_TYPES = frozenset({"image", "gifv", "video", "audio"})
DAY_MS = 86_400_000


def timestamp(at_ms: int) -> str:
    """`2026-01-31T12:34:56.789Z`."""
    return f"{_second(at_ms // 1000)}.{at_ms % 1000:03d}Z"


@lru_cache(maxsize=4_096)
def _second(at_s: int) -> str:
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%S")


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
    icon, image = _web_url(actor["icon_url"]), _web_url(actor["image_url"])
    avatar = copied(node, icon) if icon else f"{node.origin}/static/avatar.png"
    header = copied(node, image) if image else f"{node.origin}/static/header.png"
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
        "avatar_description": actor["icon_description"],
        "header": header,
        "header_static": header,
        "header_description": actor["image_description"],
        "hide_collections": bool(actor["hide_collections"]) if actor["is_local"] else None,
        "show_media": bool(actor["show_media"]),
        "show_media_replies": bool(actor["show_media_replies"]),
        "show_featured": bool(actor["show_featured"]),
        "emojis": emojis(node, actor["emojis"]),
        "fields": fields(actor["fields"]),
        "feature_approval": {"automatic": [], "manual": [], "current_user": "denied"},
    }
    if actor["is_local"]:
        head |= {
            "roles": badges(actor["badge"], node.language),
            "noindex": not actor["indexable"],
        }
    if actor["suspended_at"] is not None:
        head["suspended"] = True
    if actor["silenced_at"] is not None:
        head["limited"] = True
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
            "verified_at": maybe_timestamp(item.get("verified_at")),
        }
        for item in _list(text)
        if isinstance(item, Mapping)
    ]


def emojis(node: Node, text: str) -> list[Entity]:
    """Custom emojis, from the JSON in which they are stored; their pictures come through here."""
    return [
        {
            "shortcode": item["shortcode"],
            "url": copied(node, url),
            "static_url": copied(node, url),
            "visible_in_picker": False,
            "category": None,
        }
        for item in _list(text)
        if isinstance(item, Mapping) and "shortcode" in item and (url := _web_url(item.get("url")))
    ]


def copied(node: Node, url: str) -> str:
    """Where a picture is read: here, through this node when it stands elsewhere."""
    if node.uris.is_ours(url):
        return url
    sent = urlsafe_b64encode(url.encode()).rstrip(b"=").decode()
    return f"{node.origin}/proxy/pictures/{picture_mac(node, url)}/{sent}"


def status_head(
    node: Node,
    status: Row,
    *,
    mentions: Iterable[Row] = (),
    tags: Iterable[str] = (),
    media: Sequence[Entity] = (),
    link: Entity | None = None,
    application: Row | None = None,
) -> Entity:
    """A Status without author, boost, counts, poll, quote, audience's words and viewer's flags."""
    boosts = status["reblog_of_id"] is not None
    reply_to, reply_actor = status["in_reply_to_id"], status["in_reply_to_actor_id"]
    return {
        "id": str(status["id"]),
        "created_at": timestamp(status["published_at"]),
        "in_reply_to_id": None if reply_to is None else str(reply_to),
        "in_reply_to_account_id": None if reply_actor is None else str(reply_actor),
        "sensitive": bool(status["sensitive"] or (status["is_covered"] and media)),
        "spoiler_text": status["summary"],
        "visibility": VISIBILITIES.get(status["audience_kind"], "private"),
        "language": status["language"],
        "uri": status["uri"],
        "url": _web_url(status["url"]) or (None if boosts else status["uri"]),
        "edited_at": maybe_timestamp(status["edited_at"]),
        "content": status["content_html"],
        "application": None if application is None else application_badge(application),
        "media_attachments": media,
        "mentions": [mention(row) for row in mentions],
        "tags": [{"name": name, "url": node.uris.tag_page(name)} for name in tags],
        "emojis": emojis(node, status["emojis"]),
        "tagged_collections": [],
        "card": link,
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


def attachment(node: Node, row: Row, place: str, *, is_public: bool) -> Entity:
    """A MediaAttachment; sizes only when they are known.

    What stands elsewhere is read through this node; where it stands is said of public media
    only. `place` follows each address where a capability belongs.
    """
    kind = row["type"] if row["type"] in MEDIA_TYPES else "unknown"
    url, preview_url = _web_url(row["url"]), _web_url(row["preview_url"])
    remote_url = _web_url(row["remote_url"])
    if remote_url:
        copies = f"{node.origin}/proxy/media/{row['id']}"
        preview_url = f"{copies}/preview" if preview_url else None
        url = f"{copies}/original"
    if preview_url is None and kind == "image":
        preview_url = url
    return {
        "id": str(row["id"]),
        "type": kind,
        "url": url and url + place,
        "preview_url": preview_url and preview_url + place,
        "remote_url": remote_url if is_public else None,
        "preview_remote_url": None,
        "text_url": None,
        "meta": _meta(row),
        "description": row["description"],
        "blurhash": row["blurhash"],
    }


def _meta(row: Row) -> Entity | None:
    meta: Entity = {}
    original = _size(row["width"], row["height"])
    if row["frame_rate"]:
        original["frame_rate"] = row["frame_rate"]
    if row["duration_s"] is not None:
        original |= {"duration": row["duration_s"], "bitrate": row["bitrate"]}
    if original:
        meta["original"] = original
    if small := _size(row["preview_width"], row["preview_height"]):
        meta["small"] = small
    if row["focus_x"] is not None and row["focus_y"] is not None:
        meta["focus"] = {"x": row["focus_x"], "y": row["focus_y"]}
    return meta or None


def _size(width: int | None, height: int | None) -> Entity:
    if not width or not height:
        return {}
    size = {"width": width, "height": height, "size": f"{width}x{height}"}
    return size | {"aspect": width / height}


def card(node: Node, row: Row, place: str) -> Entity:
    """A PreviewCard: texts only, and a picture read through this node."""
    image = _web_url(row["image_url"])
    if image and not node.uris.is_ours(image):
        image = f"{node.origin}/proxy/cards/{row['status_id']}"
    author = {"name": row["author_name"], "url": "", "account": None}
    return {
        "url": row["url"],
        "title": row["title"],
        "description": row["description"],
        "language": row["language"],
        "type": "link",
        "author_name": row["author_name"],
        "author_url": "",
        "provider_name": row["provider_name"],
        "provider_url": "",
        "html": "",
        "width": row["image_width"] or 0,
        "height": row["image_height"] or 0,
        "image": image and image + place,
        "image_description": row["image_description"],
        "embed_url": "",
        "blurhash": row["blurhash"],
        "published_at": maybe_timestamp(row["published_at"]),
        "authors": [author] if row["author_name"] else [],
    }


def poll(
    node: Node, row: Row, options: Sequence[Row], now_ms: int, own: Sequence[int] | None
) -> Entity:
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
        "emojis": [
            emoji
            for emoji in emojis(node, row["emojis"])
            if any(f":{emoji['shortcode']}:" in option["title"] for option in options)
        ],
    }
    if own is not None:
        entity |= {"voted": bool(own), "own_votes": list(own)}
    return entity


def _list(text: str) -> list[Any]:
    value = orjson.loads(text) if text and text != "[]" else []
    return value if isinstance(value, list) else []


def _web_url(url: str | None) -> str | None:
    """The address if it is a web address: no other scheme ever reaches a client."""
    return url if url and url.startswith(("https://", "http://")) else None
