"""What this node says of itself to clients, also to those without an account on a closed node.

Only what this release can do is announced.
"""

from starlette.responses import Response

from federation import VERSION
from federation.node import Node
from web.mastodon.call import Call, Entry, answer
from web.mastodon.serializers import Entity

# Clients take the first number for the version of Mastodon whose API they may use.
COMPATIBLE = f"4.5.0 (compatible; Maillage {VERSION})"
# 2 would promise grouped notifications, 6 and 7 quotes: none of these exist here yet.
API_VERSIONS = {"mastodon": 1}
CHARACTERS_RESERVED_PER_URL = 23


async def instance_v2(call: Call) -> Response:
    """GET /api/v2/instance."""
    node = call.node
    return answer(
        {
            "domain": node.host,
            "title": node.name,
            "version": COMPATIBLE,
            "source_url": f"{node.origin}/",
            "description": "",
            "usage": {"users": {"active_month": (await _stats(node))["user_count"]}},
            "thumbnail": {
                "url": f"{node.origin}/static/header.png",
                "blurhash": None,
                "versions": {},
                "description": "",
            },
            "icon": [{"src": f"{node.origin}/static/avatar.png", "size": "400x400"}],
            "languages": [node.language],
            "configuration": _configuration(node),
            "registrations": {
                "enabled": False,
                "approval_required": False,
                "reason_required": False,
                "message": None,
                "min_age": None,
                "url": None,
            },
            "api_versions": API_VERSIONS,
            "contact": {"email": "", "account": None},
            "rules": [],
            "wrapstodon": None,
        }
    )


async def instance_v1(call: Call) -> Response:
    """GET /api/v1/instance: the older form, which several clients ask for the version."""
    node = call.node
    configuration = _configuration(node)
    return answer(
        {
            "uri": node.host,
            "title": node.name,
            "short_description": "",
            "description": "",
            "email": "",
            "version": COMPATIBLE,
            "urls": {"streaming_api": _streaming_url(node)},
            "stats": await _stats(node),
            "thumbnail": f"{node.origin}/static/header.png",
            "languages": [node.language],
            "registrations": False,
            "approval_required": False,
            "invites_enabled": False,
            "configuration": {
                name: configuration[name]
                for name in ("accounts", "statuses", "media_attachments", "polls")
            },
            "contact_account": None,
            "rules": [],
        }
    )


def _configuration(node: Node) -> Entity:
    access = "authenticated" if node.is_closed else "public"
    feeds = {"local": access, "remote": "authenticated"}
    return {
        "urls": {
            "streaming": _streaming_url(node),
            "status": None,
            "about": f"{node.origin}/",
            "privacy_policy": None,
            "terms_of_service": None,
        },
        "vapid": {"public_key": ""},
        "accounts": {
            "max_featured_tags": 0,
            "max_pinned_statuses": 0,
            "max_display_name_length": 100,
            "max_note_length": 2000,
            "max_avatar_description_length": 0,
            "max_header_description_length": 0,
            "max_profile_fields": 8,
            "profile_field_name_limit": 255,
            "profile_field_value_limit": 255,
        },
        "statuses": {
            "max_characters": node.limits.status_characters_max,
            "max_media_attachments": 0,
            "characters_reserved_per_url": CHARACTERS_RESERVED_PER_URL,
        },
        "media_attachments": {
            "supported_mime_types": [],
            "description_limit": 1500,
            "image_size_limit": 0,
            "image_matrix_limit": 0,
            "video_size_limit": 0,
            "video_frame_rate_limit": 0,
            "video_matrix_limit": 0,
        },
        "polls": {
            "max_options": 0,
            "max_characters_per_option": 0,
            "min_expiration": 0,
            "max_expiration": 0,
        },
        "translation": {"enabled": False},
        "timelines_access": {
            "live_feeds": feeds,
            "hashtag_feeds": feeds,
            "trending_link_feeds": {"local": "disabled", "remote": "disabled"},
        },
        "limited_federation": node.is_closed,
    }


def _streaming_url(node: Node) -> str:
    scheme, _, host = node.origin.partition("://")
    return f"{'wss' if scheme == 'https' else 'ws'}://{host}"


async def _people(node: Node) -> int:
    """How many accounts there are; nobody's visits are counted."""
    return await node.db.value("SELECT COUNT(*) FROM account WHERE disabled_at IS NULL")


async def _stats(node: Node) -> Entity:
    if node.is_closed:
        # A closed node tells strangers neither its size nor its partners.
        return {"user_count": 0, "status_count": 0, "domain_count": 0}
    return {
        "user_count": await _people(node),
        # PostgreSQL sums into a decimal.
        "status_count": int(
            await node.db.value("SELECT COALESCE(SUM(statuses_count), 0) FROM actor WHERE is_local")
        ),
        "domain_count": await node.db.value("SELECT COUNT(*) FROM peer WHERE policy <> 'blocked'"),
    }


async def empty_list(_call: Call) -> Response:
    """A list that has nothing in it on this node: emojis, rules, announcements, filters."""
    return answer([])


async def extended_description(_call: Call) -> Response:
    """GET /api/v1/instance/extended_description."""
    return answer({"updated_at": None, "content": ""})


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/instance", "anybody", None, instance_v1),
    Entry("GET", "/api/v2/instance", "anybody", None, instance_v2),
    Entry("GET", "/api/v1/instance/rules", "anybody", None, empty_list),
    Entry("GET", "/api/v1/instance/extended_description", "anybody", None, extended_description),
    Entry("GET", "/api/v1/custom_emojis", "anybody", None, empty_list),
    Entry("GET", "/api/v1/announcements", "person", None, empty_list),
    Entry("GET", "/api/v1/filters", "person", "read:filters", empty_list),
    Entry("GET", "/api/v2/filters", "person", "read:filters", empty_list),
    Entry("GET", "/api/v1/lists", "person", "read:lists", empty_list),
)
