"""What a person says of herself on this node: checked, bounded and turned into HTML."""

from typing import Any, TypedDict

import orjson

from actors import queries
from federation.database import Row, Transaction
from federation.errors import Invalid, describe
from federation.html import clean_name, line_html, text_html
from federation.node import Node

describe(
    {
        "profile.too_long": "{field} has more than {expected} characters.",
        "profile.fields": "A profile has at most {expected} fields, each with name and value.",
    }
)

NAME_CHARACTERS_MAX = 100
SUMMARY_CHARACTERS_MAX = 2000
PROFILE_FIELDS_MAX = 8
FIELD_CHARACTERS_MAX = 255


class ProfileChanges(TypedDict, total=False):
    """What a person may change of a profile; texts are plain, and become HTML here."""

    display_name: str
    summary: str
    fields: list[dict[str, str]]
    locked: bool
    discoverable: bool
    indexable: bool
    bot: bool
    icon_url: str | None
    image_url: str | None


async def update_profile(node: Node, actor: Row, changes: ProfileChanges) -> Row:
    """Change what `changes` names and return the actor as it is now; publishes nothing.

    Raises Invalid naming `display_name`, `note` or `fields_attributes`, as the API calls them.
    """
    columns = _columns(changes)
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
        return await queries.get_by_id(tx, actor["id"])

    return await node.db.write(work)


def _columns(changes: ProfileChanges) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if "display_name" in changes:
        name = clean_name(changes["display_name"])
        columns["display_name"] = _bounded("display_name", name, NAME_CHARACTERS_MAX)
    if "summary" in changes:
        summary = _bounded("note", changes["summary"], SUMMARY_CHARACTERS_MAX)
        columns["summary_html"] = text_html(summary)
    if "fields" in changes:
        columns["fields"] = _fields(changes["fields"])
    for name in ("locked", "discoverable", "indexable"):
        if name in changes:
            columns[name] = bool(changes.get(name))
    for name in ("icon_url", "image_url"):
        if name in changes:
            columns[name] = changes.get(name)
    return columns


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
