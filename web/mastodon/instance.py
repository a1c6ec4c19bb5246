"""What this node says of itself to clients, also to those without an account on a closed node.

Only what this release can do is announced.
"""

from collections.abc import Awaitable, Callable

import orjson
from starlette.responses import Response

from actors.profiles import DESCRIPTION_CHARACTERS_MAX
from actors.queries import local_by_username
from federation import VERSION
from federation.database import Reader
from federation.node import Node
from inbox.figures import PERSONS_MIN, WEEK_MS, all_written, finished_weeks, writers
from inbox.push_key import server_key
from inbox.site_facts import site_facts
from outbox.attachments import DESCRIPTION_CHARACTERS_MAX as MEDIA_DESCRIPTION_MAX
from outbox.attachments import OWN_MAX
from outbox.films import FRAME_RATE_MAX, MATRIX_MAX, supported
from outbox.pins import PINS_MAX
from outbox.polls import LASTS_S_MAX, LASTS_S_MIN, OWN_OPTIONS_MAX, OWN_TITLE_CHARACTERS_MAX
from outbox.tags import FEATURED_MAX
from web.mastodon.call import Call, Entry, answer
from web.mastodon.entities import account
from web.mastodon.serializers import Entity
from web.mastodon.site_texts import rule_entity, rules_of, text_of
from web.translations import LANGUAGES, say

# Clients take the first number for the version of Mastodon whose API they may use.
COMPATIBLE = f"4.5.0 (compatible; Maillage {VERSION})"
API_VERSIONS = {"mastodon": 7}
CHARACTERS_RESERVED_PER_URL = 23
FIGURES_KEPT_MS = 6 * 3_600_000


async def instance_v2(call: Call) -> Response:
    """GET /api/v2/instance."""
    node = call.node
    return answer(
        {
            "domain": node.host,
            "title": node.name,
            "version": COMPATIBLE,
            "source_url": f"{node.origin}/",
            "description": await _description(node),
            "usage": {"users": {"active_month": await _active_month(call)}},
            "thumbnail": {
                "url": f"{node.origin}/static/header.png",
                "blurhash": None,
                "versions": {},
                "description": "",
            },
            "icon": [{"src": f"{node.origin}/static/avatar.png", "size": "400x400"}],
            "languages": list(LANGUAGES),
            "configuration": _configuration(node, await server_key(node)),
            "registrations": _registrations(call),
            "api_versions": API_VERSIONS,
            "contact": await _contact(call),
            "rules": [rule_entity(rule) for rule in rules_of(node)],
            "wrapstodon": None,
        }
    )


async def instance_v1(call: Call) -> Response:
    """GET /api/v1/instance: the older form, which several clients ask for the version."""
    node = call.node
    configuration, contact = _configuration(node), await _contact(call)
    registrations = _registrations(call)
    about = text_of(node, "about", call.language)
    return answer(
        {
            "uri": node.host,
            "title": node.name,
            "short_description": await _description(node),
            "description": about.html,
            "email": contact["email"],
            "version": COMPATIBLE,
            "urls": {"streaming_api": _streaming_url(node)},
            "stats": await _stats(call),
            "thumbnail": f"{node.origin}/static/header.png",
            "languages": list(LANGUAGES),
            "registrations": registrations["enabled"],
            "approval_required": registrations["approval_required"],
            "invites_enabled": node.options.registrations.mode == "invitation",
            "configuration": {
                "accounts": {"max_featured_tags": FEATURED_MAX},
                **{
                    name: configuration[name] for name in ("statuses", "media_attachments", "polls")
                },
            },
            "contact_account": contact["account"],
            "rules": [rule_entity(rule) for rule in rules_of(node)],
        }
    )


async def _description(node: Node) -> str:
    """One line about the site: that of its settings, else what it says it is for."""
    return node.options.instance.description or (await site_facts(node.db)).purpose


def _configuration(node: Node, push_key: str = "") -> Entity:
    access = "authenticated" if node.is_closed else "public"
    feeds = {"local": access, "remote": "authenticated"}
    return {
        "urls": {
            "streaming": _streaming_url(node),
            "status": node.options.instance.status_url or None,
            "about": f"{node.origin}/about",
            "privacy_policy": f"{node.origin}/privacy",
            "terms_of_service": None,
        },
        "vapid": {"public_key": push_key},
        "accounts": {
            "max_featured_tags": FEATURED_MAX,
            "max_pinned_statuses": PINS_MAX,
            "max_display_name_length": 100,
            "max_note_length": 2000,
            "max_avatar_description_length": DESCRIPTION_CHARACTERS_MAX,
            "max_header_description_length": DESCRIPTION_CHARACTERS_MAX,
            "max_profile_fields": 8,
            "profile_field_name_limit": 255,
            "profile_field_value_limit": 255,
        },
        "statuses": {
            "max_characters": node.limits.status_characters_max,
            "max_media_attachments": OWN_MAX,
            "characters_reserved_per_url": CHARACTERS_RESERVED_PER_URL,
        },
        "media_attachments": {
            "supported_mime_types": supported(),
            "description_limit": MEDIA_DESCRIPTION_MAX,
            "image_size_limit": node.options.media.image_bytes_max,
            "image_matrix_limit": node.options.media.pixels_max,
            "video_size_limit": node.options.media.bytes_max,
            "video_frame_rate_limit": FRAME_RATE_MAX,
            "video_matrix_limit": MATRIX_MAX,
        },
        "polls": {
            "max_options": OWN_OPTIONS_MAX,
            "max_characters_per_option": OWN_TITLE_CHARACTERS_MAX,
            "min_expiration": LASTS_S_MIN,
            "max_expiration": LASTS_S_MAX,
        },
        "translation": {"enabled": bool(node.options.translation.url)},
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


def _is_member(call: Call) -> bool:
    """Whether somebody calls who lives here, and may use her login."""
    token = call.token
    return (
        token is not None
        and token.actor_id is not None
        and not token.is_disabled
        and token.waits_for is None
    )


async def _stats(call: Call) -> Entity:
    node = call.node
    if node.is_closed and not _is_member(call):
        # A closed node tells strangers neither its size nor its partners.
        return {"user_count": 0, "status_count": 0, "domain_count": 0}
    people = await node.db.value(
        "SELECT COUNT(*) FROM account WHERE disabled_at IS NULL AND is_approved AND is_confirmed"
    )
    return {
        "user_count": people if people >= PERSONS_MIN else 0,
        "status_count": await _kept(call, "statuses", all_written),
        "domain_count": await node.db.value("SELECT COUNT(*) FROM peer WHERE policy <> 'blocked'"),
    }


async def _active_month(call: Call) -> int:
    """How many wrote for the whole site in the last finished week: nobody's visits are counted."""
    if call.node.is_closed and not _is_member(call):
        return 0

    async def count(reader: Reader, now_ms: int) -> int:
        weeks = finished_weeks(now_ms, now_ms - 5 * WEEK_MS, now_ms)
        return max((await writers(reader, weeks)).values(), default=0)

    return await _kept(call, "active_month", count)


async def _kept(call: Call, name: str, count: Callable[[Reader, int], Awaitable[int]]) -> int:
    """A figure of the whole site, counted a few times a day at most."""
    now = call.node.clock()
    until, value = call.memory.figures.get(name, (0, 0))
    if until <= now:
        value = await count(call.node.db, now)
        call.memory.figures[name] = (now + FIGURES_KEPT_MS, value)
    return value


async def _contact(call: Call) -> Entity:
    said = call.node.options.instance
    shown: orjson.Fragment | None = None
    if said.contact_account and not (call.node.is_closed and not _is_member(call)):
        actor = await local_by_username(
            call.node, call.node.db, said.contact_account.removeprefix("@")
        )
        shown = None if actor is None else orjson.Fragment(await account(call, actor))
    return {"email": said.contact_email, "account": shown}


def _registrations(call: Call) -> Entity:
    chosen = call.node.options.registrations
    return {
        "enabled": chosen.mode in ("approval", "open"),
        "approval_required": chosen.mode == "approval",
        "reason_required": chosen.mode == "approval" and chosen.reason_required,
        "message": f"<p>{say(call.language, f'registrations.{chosen.mode}')}</p>",
        "min_age": None,
        "url": None,
    }


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/instance", "anybody", None, instance_v1),
    Entry("GET", "/api/v2/instance", "anybody", None, instance_v2),
)
