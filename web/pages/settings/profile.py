"""The own profile: name, a few words, fields, and the two pictures with their descriptions."""

from typing import Any

import orjson
from starlette.responses import Response

from actors.profiles import (
    DESCRIPTION_CHARACTERS_MAX,
    FIELD_CHARACTERS_MAX,
    NAME_CHARACTERS_MAX,
    PROFILE_FIELDS_MAX,
    SUMMARY_CHARACTERS_MAX,
    ProfileChanges,
    update_profile,
)
from federation.database import Row
from federation.errors import NodeError
from federation.html import plain_text
from outbox.profiles import publish_profile
from web.mastodon.params import Params
from web.mastodon.pictures import pictures_in
from web.mastodon.uploads import sent
from web.pages.callers import PageCall
from web.pages.forms import check_sent
from web.pages.posts import NO_PICTURE, initials
from web.pages.settings.frame import PATH, problem_of, saved, show_settings
from web.translations import say

PROFILE_PATH = f"{PATH}/profile"
SPARE_FIELDS = 2
TEXT_READ_MAX = 20_000
PLACES = {
    name: name
    for name in ("display_name", "note", "avatar", "header", "avatar_description",
                 "header_description")
} | {"fields_attributes": "fields"}  # fmt: skip
REMOVED: dict[str, ProfileChanges] = {
    "remove-avatar": {"icon_url": None, "icon_description": ""},
    "remove-header": {"image_url": None, "image_description": ""},
}


async def profile_page(call: PageCall) -> Response:
    """GET /settings/profile."""
    actor = await call.viewer()
    fields = [
        {"name": one["name"], "value": plain_text(one["value"])}
        for one in orjson.loads(actor["fields"])
    ]
    typed = {
        "display_name": actor["display_name"],
        "note": plain_text(actor["summary_html"]),
        "avatar_description": actor["icon_description"],
        "header_description": actor["image_description"],
        "discoverable": bool(actor["discoverable"]),
    }
    return _form(call, actor, typed, fields)


def _form(
    call: PageCall,
    actor: Row,
    typed: dict[str, Any],
    fields: list[dict[str, str]],
    problems: dict[str, str] | None = None,
) -> Response:
    spare = min(len(fields) + SPARE_FIELDS, PROFILE_FIELDS_MAX)
    return show_settings(
        call,
        "settings_profile.html",
        problems,
        typed=typed,
        fields=(fields + [{"name": "", "value": ""}] * spare)[:spare],
        initials=initials(actor["display_name"] or actor["username"]),
        pictures={
            "avatar": _path(call, actor["icon_url"]),
            "header": _path(call, actor["image_url"]),
        },
        name_max=NAME_CHARACTERS_MAX,
        note_max=SUMMARY_CHARACTERS_MAX,
        field_max=FIELD_CHARACTERS_MAX,
        alt_max=DESCRIPTION_CHARACTERS_MAX,
        path=PROFILE_PATH,
    )


def _path(call: PageCall, url: str | None) -> str:
    path = (url or "").removeprefix(call.node.origin)
    return "" if path == NO_PICTURE else path


async def change_profile(call: PageCall) -> Response:
    """POST /settings/profile: save what stands in the form, or take one picture off."""
    async with sent(call) as came:
        params = came.params
        await check_sent(call.request, params)
        actor = await call.viewer()
        deed = params.text("do", 20) or "save"
        if deed in REMOVED:
            return await _store(call, actor, REMOVED[deed])
        typed, fields = _read(params)
        problems = _undescribed(call, typed, came, actor)
        if not problems:
            try:
                return await _store(
                    call, actor, _changes(typed, fields) | await pictures_in(call, came)
                )
            except NodeError as error:
                problems = problem_of(call, error, PLACES, "display_name")
    return _form(call, actor, typed, fields, problems)


async def _store(call: PageCall, actor: Row, changes: ProfileChanges) -> Response:
    changed = await update_profile(call.node, actor, changes)
    if changed["updated_at"] != actor["updated_at"]:
        await publish_profile(call.node, changed)
        call.node.media_wake.set()
    return saved(PROFILE_PATH)


def _read(params: Params) -> tuple[dict[str, Any], list[dict[str, str]]]:
    typed: dict[str, Any] = {
        name: (params.text(name, TEXT_READ_MAX) or "").strip()
        for name in ("display_name", "note", "avatar_description", "header_description")
    }
    typed["note"] = typed["note"].replace("\r\n", "\n")
    typed["discoverable"] = bool(params.flag("discoverable"))
    fields = [
        {name: (field.text(name, TEXT_READ_MAX) or "").strip() for name in ("name", "value")}
        for field in params.tables("fields", PROFILE_FIELDS_MAX + 1)
    ]
    return typed, [field for field in fields if any(field.values())]


def _undescribed(call: PageCall, typed: dict[str, Any], came: Any, actor: Row) -> dict[str, str]:
    """Whoever cannot see the picture reads what it shows, so each has its words."""
    found: dict[str, str] = {}
    for picture, column in (("avatar", "icon_url"), ("header", "image_url")):
        has_one = picture in came or bool(_path(call, actor[column]))
        if has_one and not typed[f"{picture}_description"]:
            text = say(call.page_language, "settings.alt_missing")
            found[f"{picture}_description"] = text
    return found


def _changes(typed: dict[str, Any], fields: list[dict[str, str]]) -> ProfileChanges:
    return {
        "display_name": typed["display_name"],
        "summary": typed["note"],
        "icon_description": typed["avatar_description"],
        "image_description": typed["header_description"],
        "discoverable": typed["discoverable"],
        "fields": fields,
    }
