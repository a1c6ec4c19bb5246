"""What the answers of a walk showed of each key: a value, null, or that it can be absent.

A key that no answer ever showed with a value proves nothing about itself, so it counts as a
failure unless a reason why it has none is written down.
"""

from collections import defaultdict
from typing import Any

from jsonschema import Draft202012Validator

from tests.web.mastodon.contract.notation import PERSONAL, Schema
from tests.web.mastodon.contract.schemas import BASES, DEFS, schema_of

_VALIDATORS: dict[tuple[str, bool], Draft202012Validator] = {}


def check(name: str, value: Any, *, is_person: bool = True) -> None:
    """Fail with the first mistakes when `value` is not what `name` says to such a reader."""
    key = (name, is_person)
    if key not in _VALIDATORS:
        _VALIDATORS[key] = Draft202012Validator(schema_of(name, is_person=is_person))
    mistakes = sorted(_VALIDATORS[key].iter_errors(value), key=lambda m: str(m.json_path))
    assert not mistakes, "\n".join(f"{m.json_path}: {m.message[:300]}" for m in mistakes[:8])


class Seen:
    """What was seen of each key, as `Entity.key.key`: value, null, absent."""

    def __init__(self) -> None:
        self.keys: dict[str, set[str]] = defaultdict(set)

    def take(self, name: str, value: Any, *, is_person: bool = True) -> None:
        """Check an answer and remember what it shows."""
        check(name, value, is_person=is_person)
        entity = name.strip("[]")
        for one in value if name.startswith("[") else [value]:
            self._walk(DEFS[entity], one, entity)

    def _walk(self, schema: Schema, value: Any, path: str) -> None:
        if "$ref" in schema:
            self.keys[path].add("value")
            entity = schema["$ref"].rpartition("/")[2]
            self._walk(DEFS[entity], value, entity)
        elif "anyOf" in schema and value is not None:
            self._walk(schema["anyOf"][0], value, path)
            self.keys[path].add("value")
        elif "properties" in schema:
            self._walk_object(schema["properties"], value, path)
        else:
            if value is None or value not in ("", []):
                self.keys[path].add("null" if value is None else "value")
            for one in (value or ()) if schema.get("type") == "array" else ():
                self._walk(schema["items"], one, path)

    def _walk_object(self, properties: dict[str, Schema], value: Any, path: str) -> None:
        self.keys[path].add("value")
        base = BASES.get(path, path)
        shared = DEFS.get(base, {}).get("properties", {})
        for key, inner in properties.items():
            if key in value:
                self._walk(inner, value[key], f"{base if key in shared else path}.{key}")
            else:
                self.keys[f"{base if key in shared else path}.{key}"].add("absent")

    def unseen(self, reasons: dict[str, str]) -> list[str]:
        """The keys, `a.b`, `a.b = null` or `a.b = absent`, that no answer showed.

        Those for which a reason stands are left out.
        """
        missing: list[str] = []
        for key in (key for name in DEFS for key in _keys_of(name)):
            path, _, mark = key.partition(" = ")
            if (mark or "value") not in self.keys[path] and key not in reasons:
                missing.append(key)
        return missing

    def table(self, reasons: dict[str, str]) -> str:
        """One line for each key: what was seen of it, or why not."""
        missing = set(self.unseen(reasons))
        lines = [
            f"{'MISSING' if key in missing else reasons.get(key, 'seen')}: {key}"
            for name in DEFS
            for key in _keys_of(name)
        ]
        return "\n".join(sorted(lines))

    def needless(self, reasons: dict[str, str]) -> list[str]:
        """Reasons for keys that were seen after all."""
        missing = set(self.unseen({}))
        return [key for key in reasons if key not in missing]


def _keys_of(name: str) -> list[str]:
    """All keys of an entity that are not its base's."""
    shared = DEFS[BASES[name]]["properties"] if name in BASES else {}
    own = _keys(DEFS[name], name)
    return [key for key in own if key.partition(" = ")[0].split(".")[1] not in shared]


def _keys(schema: Schema, path: str) -> list[str]:
    """All keys of a schema; one that may be null or absent stands there more than once."""
    if "$ref" in schema:
        return []
    if "anyOf" in schema:
        return [*_keys(schema["anyOf"][0], path), f"{path} = null"]
    if schema.get("type") == "array":
        return _keys(schema["items"], path)
    found: list[str] = []
    for key, inner in schema.get("properties", {}).items():
        own = f"{path}.{key}" if inner.get("type") != "null" else f"{path}.{key} = null"
        found += [own, *_keys(inner, f"{path}.{key}")]
        if key not in {*schema.get("required", schema["properties"]), *schema.get(PERSONAL, ())}:
            found.append(f"{path}.{key} = absent")
    return found
