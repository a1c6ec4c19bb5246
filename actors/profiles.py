"""What a person says of herself on this node: checked, bounded and turned into HTML."""

import re
from typing import Any, TypedDict

import orjson

from actors import queries
from actors.link_checks import ask_for_proofs, kept_proofs
from actors.words import name_words
from federation.database import Row, Transaction
from federation.errors import Invalid, describe
from federation.html import clean_name, line_html, text_html
from federation.node import Node

describe(
    {
        "profile.too_long": "{field} has more than {expected} characters.",
        "profile.domains": "At most {expected} domains, each written as in example.org.",
        "profile.fields": "A profile has at most {expected} fields, each with name and value.",
    }
)

NAME_CHARACTERS_MAX = 100
SUMMARY_CHARACTERS_MAX = 2000
PROFILE_FIELDS_MAX = 8
FIELD_CHARACTERS_MAX = 255
DESCRIPTION_CHARACTERS_MAX = 1_500
DOMAINS_MAX = 100

_DOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]*[a-z0-9])*")
_FLAGS = (
    "locked",
    "discoverable",
    "indexable",
    "hide_collections",
    "show_media",
    "show_media_replies",
    "show_featured",
)


class ProfileChanges(TypedDict, total=False):
    """What a person may change of a profile; texts are plain, and become HTML here."""

    display_name: str
    summary: str
    fields: list[dict[str, str]]
    locked: bool
    discoverable: bool
    indexable: bool
    bot: bool
    hide_collections: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    attribution_domains: list[str]
    icon_description: str
    image_description: str
    icon_url: str | None
    image_url: str | None


async def update_profile(node: Node, actor: Row, changes: ProfileChanges) -> Row:
    """Change what `changes` names and return the actor as it is now; publishes nothing.

    Raises Invalid naming the field as the API calls it: `note`, `fields_attributes`…
    A field that stays as it is keeps its proof; the links of all others are to be looked at.
    """
    columns = _columns(changes)
    if "display_name" in columns:
        columns["search_words"] = name_words(actor["username"], columns["display_name"])
    if "fields" in columns:
        columns["fields"] = kept_proofs(actor["fields"], columns["fields"])
    if "bot" in changes and actor["type"] in ("Person", "Service"):
        columns["type"] = "Service" if changes["bot"] else "Person"
    changed = {name: value for name, value in columns.items() if actor[name] != value}

    async def work(tx: Transaction) -> Row:
        if changed:
            settings = ", ".join(f"{name} = ?" for name in changed)
            await tx.execute(
                f"UPDATE actor SET {settings}, updated_at = ? WHERE id = ?",
                *changed.values(),
                max(node.clock(), actor["updated_at"] + 1),
                actor["id"],
            )
        if "fields" in changed:
            await ask_for_proofs(node, tx, actor["id"], changed["fields"])
        return await queries.get_by_id(tx, actor["id"])

    return await node.db.write(work)


def _columns(changes: ProfileChanges) -> dict[str, Any]:
    """The columns that the changes mean, checked."""
    columns = _texts(changes)
    if "fields" in changes:
        columns["fields"] = _fields(changes["fields"])
    if "attribution_domains" in changes:
        columns["attribution_domains"] = _domains(changes["attribution_domains"])
    for name in _FLAGS:
        if name in changes:
            columns[name] = bool(changes.get(name))
    for name in ("icon_url", "image_url"):
        if name in changes:
            columns[name] = changes.get(name)
    return columns


def _texts(changes: ProfileChanges) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if "display_name" in changes:
        name = clean_name(changes["display_name"])
        columns["display_name"] = _bounded("display_name", name, NAME_CHARACTERS_MAX)
    if "summary" in changes:
        summary = _bounded("note", changes["summary"], SUMMARY_CHARACTERS_MAX)
        columns["summary_html"] = text_html(summary)
    for name, field in (
        ("icon_description", "avatar_description"),
        ("image_description", "header_description"),
    ):
        if name in changes:
            columns[name] = _bounded(field, changes[name], DESCRIPTION_CHARACTERS_MAX)
    return columns


def _domains(given: list[str]) -> str:
    """Return the sites that may name this person as an author, as they are stored."""
    texts = [text.strip().lower() for text in given if text.strip()]
    bare = (text.removeprefix("https://").removeprefix("*.").rstrip("/") for text in texts)
    hosts = list(dict.fromkeys(bare))
    if len(hosts) > DOMAINS_MAX or not all(map(_DOMAIN.fullmatch, hosts)):
        expected = str(DOMAINS_MAX)
        raise Invalid("profile.domains", field="attribution_domains", expected=expected)
    return orjson.dumps(hosts).decode()


def _bounded(field: str, text: str, characters_max: int) -> str:
    if len(text) > characters_max:
        raise Invalid("profile.too_long", field=field, expected=str(characters_max))
    return text


def _fields(given: list[dict[str, str]]) -> str:
    """Return the fields as they are stored; those without name and value are left out."""
    kept: list[dict[str, Any]] = []
    for field in given:
        name, value = clean_name(field.get("name", "")), clean_name(field.get("value", ""))
        if name or value:
            _bounded("fields_attributes", name, FIELD_CHARACTERS_MAX)
            _bounded("fields_attributes", value, FIELD_CHARACTERS_MAX)
            kept.append({"name": name, "value": line_html(value), "verified_at": None})
    if len(kept) > PROFILE_FIELDS_MAX:
        expected = str(PROFILE_FIELDS_MAX)
        raise Invalid("profile.fields", field="fields_attributes", expected=expected)
    return orjson.dumps(kept).decode()
