"""Who may follow, who reads by default, who may quote, and how far a person is found."""

from typing import Any

import orjson
from starlette.responses import Response

from actors.directory import REACHES, choice_of, choose
from actors.profiles import ProfileChanges, update_profile
from federation.errors import NodeError
from outbox.profiles import publish_profile
from outbox.quotes import POLICIES
from web.mastodon.audiences import WORDS
from web.mastodon.params import Params
from web.mastodon.preferences import Defaults, own_defaults, read_defaults, store_defaults
from web.pages import letter_readers
from web.pages.callers import PageCall
from web.pages.forms import read_form
from web.pages.letters import Letter
from web.pages.settings.frame import PATH, problem_of, saved, show_settings
from web.translations import say

PRIVACY_PATH = f"{PATH}/privacy"
FOLLOWS = ("anybody", "asked")
KINDS = {word: kind for kind, word in WORDS.items()}
SHARED_READ_MAX = 20
PLACES = {name: name for name in ("reach", "shared", "quote_policy", "audience")}


async def privacy_page(call: PageCall) -> Response:
    """GET /settings/privacy."""
    actor, choice = await call.viewer(), await choice_of(call.node.db, call.actor_id)
    typed = {
        "follows": FOLLOWS[bool(actor["locked"])],
        "audience": await letter_readers.usual(call),
        "quote_policy": (await own_defaults(call)).get("quote_policy", "public"),
        "hide_collections": bool(actor["hide_collections"]),
        "indexable": bool(actor["indexable"]),
        "reach": choice.reach,
        "shared": list(choice.shared),
    }
    return await _form(call, typed)


async def _form(
    call: PageCall, typed: dict[str, Any], problems: dict[str, str] | None = None
) -> Response:
    actor = await call.viewer()
    return show_settings(
        call,
        "settings_privacy.html",
        problems,
        typed=typed,
        audiences=await _audiences(call),
        policies=POLICIES,
        reaches=REACHES,
        fields=[field["name"] for field in orjson.loads(actor["fields"])],
        path=PRIVACY_PATH,
    )


async def _audiences(call: PageCall) -> list[dict[str, Any]]:
    # Partners are named for each letter; nobody has a default among them.
    found = await letter_readers.choices(call, Letter())
    return [one for one in found if one["word"] != "named_partners"]


async def change_privacy(call: PageCall) -> Response:
    """POST /settings/privacy."""
    form = await read_form(call.request)
    typed = _read(form)
    actor, problems = await call.viewer(), dict[str, str]()
    for name, allowed in (
        ("follows", FOLLOWS),
        ("audience", [one["word"] for one in await _audiences(call)]),
        ("quote_policy", POLICIES),
        ("reach", REACHES),
    ):
        if typed[name] not in allowed:
            problems[name] = say(call.page_language, "settings.choose")
    if problems:
        return await _form(call, typed, problems)
    try:
        await call.node.db.write(
            lambda tx: choose(call.node, tx, actor, typed["reach"], typed["shared"])
        )
    except NodeError as error:
        return await _form(call, typed, problem_of(call, error, PLACES, "reach"))
    await store_defaults(call, _defaults(typed))
    changes: ProfileChanges = {
        "locked": typed["follows"] == "asked",
        "hide_collections": typed["hide_collections"],
        "indexable": typed["indexable"],
    }
    changed = await update_profile(call.node, actor, changes)
    if changed["updated_at"] != actor["updated_at"]:
        await publish_profile(call.node, changed)
    return saved(PRIVACY_PATH)


def _read(form: Params) -> dict[str, Any]:
    typed: dict[str, Any] = {
        name: form.text(name, 40) or "" for name in ("follows", "audience", "quote_policy", "reach")
    }
    for name in ("hide_collections", "indexable"):
        typed[name] = bool(form.flag(name))
    typed["shared"] = form.texts("shared", SHARED_READ_MAX)
    return typed


def _defaults(typed: dict[str, Any]) -> Defaults:
    kind = KINDS[typed["audience"]]
    source = {"quote_policy": typed["quote_policy"]}
    # The words of Mastodon say these two; all others are audiences of ours.
    source["privacy" if kind in ("public", "unlisted") else "audience"] = kind
    return read_defaults(Params(source))
