"""Structured field dictionaries (RFC 8941, RFC 9651): read strictly, written canonically.

Only what HTTP message signatures need: dictionaries whose members are items or inner lists, with
parameters. Reading and writing again gives the canonical text, over which signatures are made.
"""

import re
from base64 import b64encode
from binascii import Error as Base64Error
from binascii import a2b_base64
from dataclasses import dataclass

_KEY = re.compile(r"[a-z*][a-z0-9_.*-]*")
_NUMBER = re.compile(r"-?(?:[0-9]{1,12}\.[0-9]{1,3}|[0-9]{1,15})(?![0-9.])")
_STRING = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
_TOKEN = re.compile(r"[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*")
_BYTES = re.compile(r":([A-Za-z0-9+/=]*):")
_BOOLEAN = re.compile(r"\?([01])")
_ESCAPED = re.compile(r'\\(["\\])')
_SPACES = re.compile(r" *")
_BLANKS = re.compile(r"[ \t]*")


class Token(str):
    """A word without quotes, distinct from a string."""

    __slots__ = ()


class Decimal(str):
    """A number with a fraction, kept in its canonical text."""

    __slots__ = ()


BareItem = int | bool | str | bytes
Parameters = dict[str, BareItem]


@dataclass(frozen=True, slots=True)
class Item:
    """One value with its parameters."""

    value: BareItem
    params: Parameters


@dataclass(frozen=True, slots=True)
class InnerList:
    """A list of items in parentheses, with its own parameters."""

    items: tuple[Item, ...]
    params: Parameters


def serialise_string(text: str) -> str:
    """Return `text` quoted; raise ValueError for what is not printable ASCII."""
    if not (text.isascii() and (text == "" or text.isprintable())):
        raise ValueError("a string may hold printable ASCII only")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _serialise_bare(value: BareItem) -> str:
    match value:
        case bool():
            return "?1" if value else "?0"
        case int() | Token() | Decimal():
            return str(value)
        case bytes():
            return f":{b64encode(value).decode('ascii')}:"
        case str():
            return serialise_string(value)


def serialise_params(params: Parameters) -> str:
    """Return ``;name=value`` for each parameter, in order."""
    return "".join(
        f";{name}" if value is True else f";{name}={_serialise_bare(value)}"
        for name, value in params.items()
    )


def serialise_item(item: Item) -> str:
    """Return the canonical text of an item."""
    return _serialise_bare(item.value) + serialise_params(item.params)


def serialise_list(inner: InnerList) -> str:
    """Return the canonical text of an inner list."""
    return f"({' '.join(map(serialise_item, inner.items))}){serialise_params(inner.params)}"


def _decimal(text: str) -> Decimal:
    whole, _, fraction = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole.lstrip("-").lstrip("0") or "0"
    return Decimal(f"{sign}{digits}.{fraction.rstrip('0') or '0'}")


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.at)
        if found is not None:
            self.at = found.end()
        return found

    def skip(self, char: str) -> bool:
        if self.text.startswith(char, self.at):
            self.at += 1
            return True
        return False

    def key(self) -> str:
        found = self.take(_KEY)
        if found is None:
            raise ValueError(f"a name is missing at character {self.at}")
        return found[0]

    def bare(self) -> BareItem:
        if found := self.take(_STRING):
            return _ESCAPED.sub(r"\1", found[1])
        if found := self.take(_NUMBER):
            return _decimal(found[0]) if "." in found[0] else int(found[0])
        if found := self.take(_BYTES):
            return _bytes(found[1])
        if found := self.take(_TOKEN):
            return Token(found[0])
        if found := self.take(_BOOLEAN):
            return found[1] == "1"
        raise ValueError(f"no value at character {self.at}")

    def params(self) -> Parameters:
        params: Parameters = {}
        while self.skip(";"):
            self.take(_SPACES)
            name = self.key()
            # The specification lets the last one win. Two readers could differ on that, so a
            # signature that says a thing twice says nothing.
            if name in params:
                raise ValueError(f"the parameter {name} occurs twice")
            params[name] = self.bare() if self.skip("=") else True
        return params

    def item(self) -> Item:
        return Item(self.bare(), self.params())

    def inner_list(self) -> InnerList:
        items: list[Item] = []
        self.take(_SPACES)
        while not self.skip(")"):
            items.append(self.item())
            spaces = self.take(_SPACES)
            if not self.text.startswith(")", self.at) and not (spaces and spaces[0]):
                raise ValueError(f"a space or a parenthesis is missing at character {self.at}")
        return InnerList(tuple(items), self.params())

    def member(self) -> Item | InnerList:
        if not self.skip("="):
            return Item(value=True, params=self.params())
        return self.inner_list() if self.skip("(") else self.item()


def parse_dictionary(text: str) -> dict[str, Item | InnerList]:
    """Return the members of a dictionary field; raise ValueError when it is malformed.

    Stricter than RFC 8941 in one point: a key or parameter that occurs twice is an error.
    """
    reader = _Reader(text.strip(" "))
    members: dict[str, Item | InnerList] = {}
    while reader.at < len(reader.text):
        name = reader.key()
        if name in members:
            raise ValueError(f"the member {name} occurs twice")
        members[name] = reader.member()
        reader.take(_BLANKS)
        if reader.at == len(reader.text):
            break
        if not reader.skip(","):
            raise ValueError(f"a comma is missing at character {reader.at}")
        reader.take(_BLANKS)
        if reader.at == len(reader.text):
            raise ValueError("it ends with a comma")
    return members


def _bytes(text: str) -> bytes:
    bare = text.rstrip("=")
    # Padding may be missing (RFC 9651, 4.2.7), and is nothing but padding.
    padding = len(text) - len(bare)
    if padding > 2 or (padding and not bare):
        raise ValueError("base64 is broken")
    try:
        return a2b_base64(bare + "=" * (-len(bare) % 4), strict_mode=True)
    except Base64Error as error:
        raise ValueError("base64 is broken") from error
