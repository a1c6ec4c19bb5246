"""The shape of each entity as strict clients decode it: every key that must be there, its type.

`str | None` means that the key is there and may be null.
"""

import re
from types import NoneType, UnionType
from typing import Any, get_args

ID = re.compile(r"^\d{1,19}$")
TS = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
DATE = re.compile(r"^\d{4}-\d\d-\d\d$")
URL = re.compile(r"^https?://")

Shape = dict[str, Any]

ACCOUNT: Shape = {
    "id": ID, "username": str, "acct": str, "display_name": str, "locked": bool, "bot": bool,
    "discoverable": bool | None, "indexable": bool, "group": bool, "created_at": TS, "note": str,
    "url": URL, "uri": URL, "avatar": URL, "avatar_static": URL, "header": URL,
    "header_static": URL, "avatar_description": str, "header_description": str,
    "followers_count": int, "following_count": int, "statuses_count": int,
    "last_status_at": (DATE, None), "hide_collections": bool | None, "show_media": bool,
    "show_media_replies": bool, "show_featured": bool, "emojis": list, "fields": list,
    "feature_approval": {"automatic": list, "manual": list, "current_user": str},
}  # fmt: skip
ROLE: Shape = {"id": str, "name": str, "permissions": str, "color": str, "highlighted": bool}
CREDENTIAL_ACCOUNT: Shape = ACCOUNT | {
    "source": {
        "privacy": str, "sensitive": bool, "language": str | None, "note": str, "fields": list,
        "follow_requests_count": int, "hide_collections": bool | None,
        "discoverable": bool | None, "indexable": bool, "attribution_domains": list,
        "quote_policy": str,
    },
    "role": ROLE,
}  # fmt: skip
STATUS: Shape = {
    "id": ID, "created_at": TS, "in_reply_to_id": (ID, None), "in_reply_to_account_id": (ID, None),
    "sensitive": bool, "spoiler_text": str, "visibility": str, "language": str | None, "uri": URL,
    "url": (URL, None), "replies_count": int, "reblogs_count": int, "favourites_count": int,
    "quotes_count": int, "edited_at": (TS, None), "content": str, "reblog": (dict, None),
    "account": ACCOUNT, "media_attachments": list, "mentions": list, "tags": list,
    "emojis": list, "tagged_collections": list, "card": (dict, None), "poll": (dict, None),
    "quote": (dict, None), "application": (dict, None),
    "quote_approval": {"automatic": list, "manual": list, "current_user": str},
    "audience": {"id": ID, "kind": str, "words": str},
}  # fmt: skip
OWN_FLAGS: Shape = {
    "favourited": bool, "reblogged": bool, "muted": bool, "bookmarked": bool, "filtered": list,
}  # fmt: skip
MENTION: Shape = {"id": ID, "username": str, "url": URL, "acct": str}
TAG: Shape = {"id": ID, "name": str, "url": URL, "history": list}
FIELD: Shape = {"name": str, "value": str, "verified_at": (TS, None)}
ATTACHMENT: Shape = {
    "id": ID, "type": str, "url": (URL, None), "preview_url": (URL, None),
    "remote_url": (URL, None), "preview_remote_url": (URL, None), "text_url": (URL, None),
    "meta": (dict, None), "description": str | None, "blurhash": str | None,
}  # fmt: skip
POLL: Shape = {
    "id": ID, "expires_at": (TS, None), "expired": bool, "multiple": bool, "votes_count": int,
    "voters_count": int | None, "options": list, "emojis": list, "voted": bool, "own_votes": list,
}  # fmt: skip
RELATIONSHIP: Shape = {
    "id": ID, "following": bool, "showing_reblogs": bool, "notifying": bool,
    "languages": (list, None), "followed_by": bool, "blocking": bool, "blocked_by": bool,
    "muting": bool, "muting_notifications": bool, "muting_expires_at": (TS, None),
    "requested": bool, "requested_by": bool, "domain_blocking": bool, "endorsed": bool,
    "note": str,
}  # fmt: skip
NOTIFICATION: Shape = {
    "id": ID, "type": str, "created_at": TS, "group_key": str, "account": ACCOUNT,
}  # fmt: skip
APPLICATION: Shape = {
    "id": ID, "name": str, "website": (URL, None), "scopes": list, "redirect_uris": list,
    "redirect_uri": str, "vapid_key": str,
}  # fmt: skip
CREDENTIAL_APPLICATION: Shape = APPLICATION | {
    "client_id": str, "client_secret": str, "client_secret_expires_at": int,
}  # fmt: skip
TOKEN: Shape = {"access_token": str, "token_type": str, "scope": str, "created_at": int}
ACCESS: Shape = {"local": str, "remote": str}
STATUSES_LIMITS: Shape = {
    "max_characters": int, "max_media_attachments": int, "characters_reserved_per_url": int,
}  # fmt: skip
MEDIA_LIMITS: Shape = {
    "supported_mime_types": list, "description_limit": int, "image_size_limit": int,
    "image_matrix_limit": int, "video_size_limit": int, "video_frame_rate_limit": int,
    "video_matrix_limit": int,
}  # fmt: skip
POLLS_LIMITS: Shape = {
    "max_options": int, "max_characters_per_option": int, "min_expiration": int,
    "max_expiration": int,
}  # fmt: skip
INSTANCE_V2: Shape = {
    "domain": str, "title": str, "version": str, "source_url": URL, "description": str,
    "usage": {"users": {"active_month": int}}, "thumbnail": {"url": URL, "description": str},
    "icon": list, "languages": list,
    "configuration": {
        "urls": {
            "streaming": re.compile("^wss?://"), "status": str | None, "about": URL,
            "privacy_policy": str | None, "terms_of_service": str | None,
        },
        "vapid": {"public_key": str},
        "accounts": {
            "max_featured_tags": int, "max_pinned_statuses": int,
            "max_display_name_length": int, "max_note_length": int,
            "max_avatar_description_length": int, "max_header_description_length": int,
            "max_profile_fields": int, "profile_field_name_limit": int,
            "profile_field_value_limit": int,
        },
        "statuses": STATUSES_LIMITS, "media_attachments": MEDIA_LIMITS, "polls": POLLS_LIMITS,
        "translation": {"enabled": bool},
        "timelines_access": {
            "live_feeds": ACCESS, "hashtag_feeds": ACCESS, "trending_link_feeds": ACCESS,
        },
        "limited_federation": bool,
    },
    "registrations": {
        "enabled": bool, "approval_required": bool, "reason_required": bool,
        "message": str | None, "min_age": int | None, "url": str | None,
    },
    "api_versions": {"mastodon": int}, "contact": {"email": str, "account": (dict, None)},
    "rules": list, "wrapstodon": int | None,
}  # fmt: skip
INSTANCE_V1: Shape = {
    "uri": re.compile("^[^/]+$"), "title": str, "short_description": str, "description": str,
    "email": str, "version": str, "urls": {"streaming_api": re.compile("^wss?://")},
    "stats": {"user_count": int, "status_count": int, "domain_count": int},
    "thumbnail": (URL, None), "languages": list, "registrations": bool,
    "approval_required": bool, "invites_enabled": bool,
    "configuration": {
        "accounts": {"max_featured_tags": int}, "statuses": STATUSES_LIMITS,
        "media_attachments": MEDIA_LIMITS, "polls": POLLS_LIMITS,
    },
    "contact_account": (dict, None), "rules": list,
}  # fmt: skip
PREFERENCES: Shape = {
    "posting:default:visibility": str, "posting:default:sensitive": bool,
    "posting:default:language": str | None, "posting:default:quote_policy": str,
    "reading:expand:media": str, "reading:expand:spoilers": bool, "reading:autoplay:gifs": bool,
}  # fmt: skip
SEARCH: Shape = {"accounts": list, "statuses": list, "hashtags": list, "collections": list}
ERROR: Shape = {"error": str}


def assert_shape(value: Any, shape: Shape, where: str = "") -> None:
    """Every key of `shape` is in `value`, each of its type."""
    assert isinstance(value, dict), f"{where} is no object: {value!r}"
    for key, expected in shape.items():
        assert key in value, f"{where}.{key} is missing"
        _assert_value(value[key], expected, f"{where}.{key}")


def _assert_value(value: Any, expected: Any, where: str) -> None:
    if expected in (dict, list):
        assert isinstance(value, expected), f"{where} is {value!r}"
    elif isinstance(expected, tuple):
        if value is not None:
            _assert_value(value, expected[0], where)
    elif isinstance(expected, dict):
        assert_shape(value, expected, where)
    elif isinstance(expected, re.Pattern):
        assert isinstance(value, str), f"{where} is {value!r}"
        assert expected.match(value), f"{where} is {value!r}"
    else:
        kinds = get_args(expected) if isinstance(expected, UnionType) else (expected,)
        assert type(value) in (*kinds, *([NoneType] if None in kinds else [])), (
            f"{where} is {value!r}"
        )
