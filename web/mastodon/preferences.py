"""What a person set for her writing: visibility, sensitivity and language by default."""

from typing import TypedDict

import orjson
from starlette.responses import Response

from federation.database import Transaction
from federation.errors import Invalid, describe
from federation.node import Node
from outbox.quotes import POLICIES
from web.mastodon.call import Call, Entry, answer
from web.mastodon.params import Params

VISIBILITIES = ("public", "unlisted", "private", "direct")
# What somebody may choose as her default, beside the words of Mastodon.
AUDIENCES = ("site", "organisation", "partners", "followers", "named")
_KINDS = {"public": "public", "unlisted": "unlisted", "private": "followers", "direct": "named"}
_CLOSEST = {"public": "public", "unlisted": "unlisted", "named": "direct"}
LANGUAGE_CHARACTERS_MAX = 20
LANGUAGES_MAX = 50

describe({"status.language": "{field} must be a language code such as fr or en-GB."})


class Defaults(TypedDict, total=False):
    """The settings of an account that this API reads and writes."""

    privacy: str
    audience: str
    sensitive: bool
    language: str
    quote_policy: str


async def own_defaults(call: Call) -> Defaults:
    """What the caller set."""
    text = await call.node.db.value("SELECT settings FROM account WHERE id = ?", call.account_id)
    return orjson.loads(text) if text else {}


def audience_word(node: Node, defaults: Defaults) -> str:
    """The kind of audience of a status of which its author says nothing more."""
    if chosen := defaults.get("audience"):
        return chosen
    if privacy := defaults.get("privacy"):
        return _KINDS[privacy]
    return node.options.posting.default_audience


def shown_visibility(node: Node, defaults: Defaults) -> str:
    """The default in the words of Mastodon, in which applications send it back.

    An audience of sites is *private* to them, unless it is what they mean by *public* here.
    """
    kind, posting = audience_word(node, defaults), node.options.posting
    if node.is_closed and kind == posting.widest_by_app and kind != "site":
        return "public"
    return _CLOSEST.get(kind, "private")


def read_defaults(source: Params) -> Defaults:
    """The defaults that the fields of `source[…]` set; Invalid naming what is no value."""
    found: Defaults = {}
    if privacy := source.choice("privacy", VISIBILITIES):
        found |= {"privacy": privacy, "audience": ""}
    if audience := source.choice("audience", AUDIENCES):
        found["audience"] = audience
    if policy := source.choice("quote_policy", POLICIES):
        found["quote_policy"] = policy
    if (sensitive := source.flag("sensitive")) is not None:
        found["sensitive"] = sensitive
    if language := read_language_code(source):
        found["language"] = language
    return found


async def store_defaults(call: Call, changes: Defaults) -> None:
    """Keep the changes beside what else is set."""

    async def work(tx: Transaction) -> None:
        text = await tx.value("SELECT settings FROM account WHERE id = ?", call.account_id)
        merged = (orjson.loads(text) if text else {}) | changes
        await tx.execute(
            "UPDATE account SET settings = ? WHERE id = ?",
            orjson.dumps(merged).decode(),
            call.account_id,
        )

    await call.node.db.write(work)


def read_language_code(params: Params) -> str | None:
    """The `language` field, a code such as `fr` or `en-GB`; None when absent, Invalid else."""
    code = (params.text("language") or "").replace("_", "-")
    return _language_code(code, params.label("language")) if code else None


def read_language_codes(params: Params, name: str) -> list[str]:
    """The codes of a list field, each once; Invalid naming the field for what is no code."""
    codes = [code.replace("_", "-") for code in params.texts(name, LANGUAGES_MAX)]
    return list(dict.fromkeys(_language_code(code, params.label(name)) for code in codes))


def _language_code(code: str, field: str) -> str:
    if len(code) > LANGUAGE_CHARACTERS_MAX or not (
        code.isascii() and code.replace("-", "").isalnum()
    ):
        raise Invalid("status.language", field=field)
    return code


async def preferences(call: Call) -> Response:
    """GET /api/v1/preferences."""
    defaults = await own_defaults(call)
    return answer(
        {
            "posting:default:visibility": shown_visibility(call.node, defaults),
            "posting:default:sensitive": defaults.get("sensitive", False),
            "posting:default:language": defaults.get("language"),
            "posting:default:quote_policy": defaults.get("quote_policy", "public"),
            "reading:expand:media": "default",
            "reading:expand:spoilers": False,
            "reading:autoplay:gifs": False,
        }
    )


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/preferences", "person", "read:accounts", preferences),
)
