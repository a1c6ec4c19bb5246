"""The caller's own profile as it is written and as it is shown, for editing (Mastodon 4.6)."""

import orjson
from starlette.responses import Response

from actors.profiles import update_profile
from federation.database import Row
from federation.html import plain_text
from outbox.profiles import publish_profile
from web.mastodon.accounts import changes_in
from web.mastodon.call import Call, Entry, answer
from web.mastodon.entities import account
from web.mastodon.pictures import pictures_in
from web.mastodon.serializers import Entity
from web.mastodon.tags import featured_of
from web.mastodon.uploads import sent

# What an Account and a Profile say alike.
_SHARED = (
    "id",
    "display_name",
    "avatar_description",
    "header_description",
    "locked",
    "bot",
    "hide_collections",
    "discoverable",
    "indexable",
    "show_media",
    "show_media_replies",
    "show_featured",
)


async def show(call: Call) -> Response:
    """GET /api/v1/profile."""
    return answer(await _entity(call, await call.viewer()))


async def change(call: Call) -> Response:
    """PATCH /api/v1/profile: as update_credentials, without the defaults for posts."""
    async with sent(call) as came:
        changes = changes_in(came.params)
        changes |= await pictures_in(call, came)
    actor = await call.viewer()
    changed = await update_profile(call.node, actor, changes) if changes else actor
    if changed["updated_at"] != actor["updated_at"]:
        await publish_profile(call.node, changed)
    return answer(await _entity(call, changed))


async def _entity(call: Call, actor: Row) -> Entity:
    shown: Entity = orjson.loads(await account(call, actor))
    entity: Entity = {name: shown[name] for name in _SHARED}
    for name, stored in (("avatar", "icon_url"), ("header", "image_url")):
        for key in (name, f"{name}_static"):
            entity[key] = shown[key] if actor[stored] else None
    return entity | {
        "note": plain_text(actor["summary_html"]),
        "fields": [field | {"value": plain_text(field["value"])} for field in shown["fields"]],
        "formatted_note": shown["note"],
        "formatted_fields": shown["fields"],
        "attribution_domains": orjson.loads(actor["attribution_domains"]),
        "featured_tags": await featured_of(call, actor),
    }


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/profile", "person", "profile", show),
    Entry("PUT PATCH", "/api/v1/profile", "person", "write:accounts", change),
)
