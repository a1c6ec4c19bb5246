"""What a client sent, whatever its form: JSON, urlencoded, multipart, query, or several at once.

Arrays are written `ids[]=1&ids[]=2` or `ids[0]=1`, tables `poll[options][]=a`, lists of tables
`fields_attributes[0][name]=a` or `keywords[][word]=a`. A value of the wrong kind is refused
with the name of its field: an array never stands where a text was asked for.
"""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from federation.database import ID_MAX
from federation.errors import Invalid, Malformed, Unsupported, describe

FIELDS_MAX = 500
DEPTH_MAX = 4
NAME = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
PLACE = re.compile(r"[0-9]{1,9}\Z")
PART = re.compile(r"\[([^\[\]]*)\]")
TRUE = frozenset({"1", "true", "on", "t", "yes"})
FALSE = frozenset({"0", "false", "off", "f", "no", ""})

describe(
    {
        "param.body": "The body cannot be read ({reason}); send JSON, urlencoded or multipart.",
        "param.type": "Bodies of type {came} are not accepted; send application/json,"
        " application/x-www-form-urlencoded or multipart/form-data.",
        "param.too_many": "The request has more than {max} fields.",
        "param.depth": "The field {field} is nested too deeply.",
        "param.missing": "{field} is missing.",
        "param.text": "{field} must be a text.",
        "param.flag": "{field} must be true or false.",
        "param.number": "{field} must be a whole number from {min} to {max}.",
        "param.list": "{field} must be a list.",
        "param.id": "{field} must be an id.",
        "param.choice": "{field} must be one of: {allowed}.",
        "param.too_long": "{field} has more than {max} characters.",
    }
)


class Params:
    """The fields of one request; each reader names the field it refuses."""

    __slots__ = ("_prefix", "_values")

    def __init__(self, values: Mapping[str, Any], prefix: str = "") -> None:
        self._values = values
        self._prefix = prefix

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) is not None

    def label(self, name: str) -> str:
        """The full name of a field, as it is said in errors: `source[privacy]`."""
        return f"{self._prefix}[{name}]" if self._prefix else name

    def text(self, name: str, characters_max: int = 10_000) -> str | None:
        """The text of a field, None when it is absent or null; numbers are read as text."""
        value = self._values.get(name)
        if value is None or isinstance(value, str):
            text = value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            text = str(value)
        else:
            raise Invalid("param.text", field=self.label(name))
        if text is not None and len(text) > characters_max:
            raise Invalid("param.too_long", field=self.label(name), max=str(characters_max))
        if text is not None and "\0" in text:
            raise Invalid("param.text", field=self.label(name))
        return text

    def required(self, name: str, characters_max: int = 10_000) -> str:
        """The text of a field that must be there and not be blank."""
        text = self.text(name, characters_max)
        if text is None or not text.strip():
            raise Invalid("param.missing", field=self.label(name))
        return text

    def choice(self, name: str, allowed: Iterable[str]) -> str | None:
        """One of the words of `allowed`, or None when the field is absent or empty."""
        text = self.text(name)
        words = tuple(allowed)
        if not text:
            return None
        if text not in words:
            raise Invalid("param.choice", field=self.label(name), allowed=", ".join(words))
        return text

    def flag(self, name: str) -> bool | None:
        """True or false in any of the spellings of clients; None when absent."""
        value = self._values.get(name)
        if value is None or isinstance(value, bool):
            return value
        text = str(value).lower() if isinstance(value, str | int) else "?"
        if text in TRUE:
            return True
        if text in FALSE:
            return False
        raise Invalid("param.flag", field=self.label(name))

    def number(self, name: str, least: int = 0, most: int = ID_MAX) -> int | None:
        """A whole number from `least` to `most`; None when absent or empty."""
        text = self.text(name, 30)
        if not text:
            return None
        try:
            value = int(text) if text.isascii() else None
        except ValueError:
            value = None
        if value is None or not least <= value <= most:
            raise Invalid("param.number", field=self.label(name), min=str(least), max=str(most))
        return value

    def id(self, name: str) -> int | None:
        """An id; None when absent or empty."""
        text = self.text(name, 200)
        if not text:
            return None
        value = read_id(text)
        if value is None:
            raise Invalid("param.id", field=self.label(name))
        return value

    def texts(self, name: str, count_max: int = 100) -> list[str]:
        """The texts of a list, without empty ones; a single value is a list of one."""
        items = {str(place): item for place, item in enumerate(self._list(name)[:count_max])}
        found = Params(items, self.label(name))
        return [text for key in items if (text := found.text(key))]

    def ids(self, name: str, count_max: int = 100) -> list[int]:
        """The ids of a list, each once; what is no id stands for nothing and is left out."""
        read = (read_id(text) for text in self.texts(name, count_max))
        return list(dict.fromkeys(value for value in read if value is not None))

    def table(self, name: str) -> "Params":
        """The fields of a table such as `source[privacy]`; an empty one when absent."""
        value = self._values.get(name)
        if value is None:
            return Params({}, self.label(name))
        if not isinstance(value, Mapping):
            raise Invalid("param.list", field=self.label(name))
        return Params(value, self.label(name))  # pyright: ignore[reportUnknownArgumentType]

    def tables(self, name: str, count_max: int = 100) -> list["Params"]:
        """The tables of a list, in order."""
        items = self._list(name)[:count_max]
        if not all(isinstance(item, Mapping) for item in items):
            raise Invalid("param.list", field=self.label(name))
        return [Params(item, f"{self.label(name)}[{n}]") for n, item in enumerate(items)]

    def names(self) -> list[str]:
        """The names of all fields, in the order they came."""
        return list(self._values)

    def pairs(self) -> list[tuple[str, str]]:
        """All texts with their names as forms write them; files are left out."""
        return [pair for name, value in self._values.items() for pair in _flat(name, value)]

    def _list(self, name: str) -> list[Any]:
        value = self._values.get(name)
        if value is None:
            return []
        if isinstance(value, list):
            return value  # pyright: ignore[reportUnknownVariableType]
        # Few digits: more would be no place in a list, and int() refuses very many.
        if isinstance(value, Mapping) and all(PLACE.match(str(key)) for key in value):
            return [value[key] for key in sorted(value, key=int)]
        return [value]


def _flat(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(name, value)]
    if isinstance(value, Mapping):
        inner: Mapping[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
        return [pair for key, one in inner.items() for pair in _flat(f"{name}[{key}]", one)]
    if isinstance(value, list):
        items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        return [pair for one in items for pair in _flat(f"{name}[]", one)]
    return []


def read_id(text: str) -> int | None:
    """The number of an id as clients write it: decimal digits, at most 63 bits; else None."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    value = int(text)
    return value if value <= ID_MAX else None


def read_query(query: bytes) -> dict[str, Any]:
    """The fields of a query string."""
    return nest(_pairs(query)) if query else {}


async def read_body(content_type: str, body: bytes) -> dict[str, Any]:
    """The fields of a body.

    Malformed when it cannot be read, Unsupported when its type is not one of the three; an
    empty body has no fields, whatever its type.
    """
    if not body:
        return {}
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return _read_json(body)
    if kind in ("application/x-www-form-urlencoded", ""):
        return nest(_pairs(body))
    if kind == "multipart/form-data":
        return nest(await _multipart_pairs(content_type, body))
    raise Unsupported("param.type", came=kind)


def _read_json(body: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Malformed("param.body", reason="not JSON") from error
    if not isinstance(value, dict):
        raise Malformed("param.body", reason="not a JSON object")
    return value  # pyright: ignore[reportUnknownVariableType]


def _pairs(text: bytes) -> list[tuple[str, Any]]:
    try:
        return list(
            parse_qsl(
                text.decode(), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_MAX
            )
        )
    except UnicodeDecodeError as error:
        raise Malformed("param.body", reason="not UTF-8") from error
    except ValueError as error:
        raise Malformed("param.too_many", max=str(FIELDS_MAX)) from error


async def _multipart_pairs(content_type: str, body: bytes) -> list[tuple[str, Any]]:
    async def stream() -> AsyncIterator[bytes]:
        yield body

    # The parser takes a body that breaks off for a short one.
    boundary = content_type.partition("boundary=")[2].partition(";")[0].strip('" ')
    if not boundary or f"--{boundary}--".encode("latin-1") not in body:
        raise Malformed("param.body", reason="broken multipart")
    parser = MultiPartParser(
        Headers({"content-type": content_type}),
        stream(),  # pyright: ignore[reportArgumentType]
        max_files=4,
        max_fields=FIELDS_MAX,
        max_part_size=len(body),
    )
    try:
        form = await parser.parse()
        # An empty file field is what browsers and toot send for "none".
        return [
            (name, value)
            for name, value in form.multi_items()
            if not isinstance(value, UploadFile) or value.size
        ]
    except (MultiPartException, KeyError, ValueError) as error:
        raise Malformed("param.body", reason="broken multipart") from error


def nest(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Build the nested fields that bracketed names describe.

    The last of several plain values stands; a name used as two kinds at once is Malformed.
    """
    found: dict[str, Any] = {}
    for name, value in pairs:
        match = NAME.match(name)
        if match is None:
            found[name] = value
            continue
        path = PART.findall(match[2])
        if len(path) > DEPTH_MAX:
            raise Malformed("param.depth", field=match[1])
        _put(found, [match[1], *path], value)
    return found


def _put(table: dict[str, Any], path: list[str], value: Any) -> None:
    name, rest = path[0], path[1:]
    if not rest:
        table[name] = value
    elif rest[0]:
        inner = table.setdefault(name, {})
        if not isinstance(inner, dict):
            raise Malformed("param.body", reason=f"{name} is of two kinds")
        _put(inner, rest, value)  # pyright: ignore[reportUnknownArgumentType]
    else:
        items = table.setdefault(name, [])
        if not isinstance(items, list):
            raise Malformed("param.body", reason=f"{name} is of two kinds")
        _append(items, rest[1:], value)  # pyright: ignore[reportUnknownArgumentType]


def _append(items: list[Any], path: list[str], value: Any) -> None:
    """`a[][x]=1&a[][y]=2&a[][x]=3` makes two tables: a name that comes again begins the next."""
    if not path:
        items.append(value)
        return
    last = items[-1] if items and isinstance(items[-1], dict) else None
    if last is None or (path[0] in last and len(path) == 1):
        last = {}
        items.append(last)
    _put(last, path, value)
