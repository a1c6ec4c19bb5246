"""A short way to write JSON Schema (draft 2020-12): entities by name, each key with its schema.

`entity` refuses a key that nobody wrote down, so an answer can neither lack a key nor have one
that clients were never told of.
"""

from typing import Any

Schema = dict[str, Any]
# Where an entity has its keys for persons, each with whether it is always there.
PERSONAL = "personal"

STR: Schema = {"type": "string"}
TEXT: Schema = {"type": "string", "minLength": 1}
BOOL: Schema = {"type": "boolean"}
INT: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
ID: Schema = {"type": "string", "pattern": r"^-?[0-9]{1,19}$"}
TS: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
DATE: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
URL: Schema = {"type": "string", "pattern": r"^https?://"}
SOCKET_URL: Schema = {"type": "string", "pattern": r"^wss?://"}
DIGITS: Schema = {"type": "string", "pattern": r"^[0-9]+$"}
EMPTY: Schema = {"type": "object", "maxProperties": 0}
ANY: Schema = {}


def ref(name: str) -> Schema:
    """The entity of this name."""
    return {"$ref": f"#/$defs/{name}"}


def null(schema: Schema) -> Schema:
    """Present, and perhaps null."""
    return {"anyOf": [schema, {"type": "null"}]}


def many(schema: Schema, most: int | None = None) -> Schema:
    """An array."""
    made: Schema = {"type": "array", "items": schema}
    return made if most is None else made | {"maxItems": most}


def one_of(*words: str) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(words)}


def entity(keys: dict[str, Schema]) -> Schema:
    """An object with these keys and no other.

    A name that ends in `?` may be absent; one that begins with `@` is for persons alone, so it
    is absent when a stranger is answered.
    """
    return {
        "type": "object",
        "properties": {name.strip("@?"): schema for name, schema in keys.items()},
        "required": [name for name in keys if name[0] != "@" and name[-1] != "?"],
        PERSONAL: {name.strip("@?"): name[-1] != "?" for name in keys if name[0] == "@"},
        "additionalProperties": False,
    }


def for_reader(schema: Any, *, is_person: bool) -> Any:
    """The same schema with what is for persons alone: required of theirs, refused elsewhere."""
    if isinstance(schema, list):
        return [for_reader(item, is_person=is_person) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: for_reader(inner, is_person=is_person) for key, inner in schema.items()}
    personal = made.pop(PERSONAL, {})
    if is_person:
        required = [name for name, always in personal.items() if always]
        return made | ({"required": made["required"] + required} if required else {})
    for name in personal:
        del made["properties"][name]
    return made


def keyed(schema: Schema) -> Schema:
    """An object used as a map: any keys, all values alike."""
    return {"type": "object", "additionalProperties": schema}


EMOJI_LIST = many(ref("CustomEmoji"))
ACCOUNTS = many(ref("Account"))
VISIBILITY = one_of("public", "unlisted", "private", "direct")
HISTORY = many(entity({"day": DIGITS, "uses": DIGITS, "accounts": DIGITS}), 7)
