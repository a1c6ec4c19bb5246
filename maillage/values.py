"""What each setting may be: a check per kind of value, which returns it read or says what is right.

Variables of the environment are texts: numbers, switches and lists (comma-separated) are read
from text as well.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from actors.hours import read_minutes
from federation.admission import host_of
from federation.errors import Invalid, NodeError
from federation.networks import Networks, is_loopback_literal
from federation.origins import origin_of

TOKEN_CHARACTERS_MIN = 16
PORT_MAX = 65_535
MAIL_ADDRESS = re.compile(r"[^\s@<>\",]+@[^\s@<>\",]+")


class Wrong(Exception):
    """A value is not what is expected; `code` names the sentence that says what is."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Context:
    """What a check may need to know besides the value."""

    data: Path
    is_loopback: bool


Check = Callable[[Any, Context], Any]


def text(value: Any, _: Context) -> str:
    """Any text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise Wrong("expected.text")
    return value.strip()


def texts(value: Any, _: Context) -> tuple[str, ...]:
    """A list of texts; in a variable, with commas between."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if not isinstance(value, list):
        raise Wrong("expected.texts")
    items = cast(list[Any], value)
    if not all(isinstance(item, str) for item in items):
        raise Wrong("expected.texts")
    return tuple(items)


def one_of(*choices: str) -> Check:
    """Exactly one of these words."""

    def check(value: Any, _: Context) -> str:
        if value not in choices:
            raise Wrong("expected.choice", choices=" | ".join(f'"{choice}"' for choice in choices))
        return value

    return check


def hours(value: Any, _: Context) -> tuple[int, int] | None:
    """From when to when, as `07:00-20:00`, in minutes of the day; None for `always`."""
    if value == "always":
        return None
    first, dash, last = value.partition("-") if isinstance(value, str) else ("", "", "")
    try:
        span = read_minutes(first), read_minutes(last)
    except Invalid as error:
        raise Wrong("expected.hours") from error
    if not dash or span[0] == span[1]:
        raise Wrong("expected.hours")
    return span


def number(least: int, most: int) -> Check:
    """A whole number within bounds."""

    def check(value: Any, _: Context) -> int:
        if isinstance(value, str) and value.isdecimal():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Wrong("expected.number", least=str(least), most=str(most))
        return value

    return check


def switch(value: Any, _: Context) -> bool:
    """On or off."""
    if isinstance(value, str) and value.lower() in {"on", "true", "off", "false"}:
        return value.lower() in {"on", "true"}
    if not isinstance(value, bool):
        raise Wrong("expected.switch")
    return value


def is_loopback_origin(value: Any) -> bool:
    """Whether an origin's host is a loopback address: what permits plain http."""
    try:
        return isinstance(value, str) and is_loopback_literal(host_of(origin_of(value)))
    except NodeError:
        return False


def origin(value: Any, context: Context) -> str:
    """scheme://host[:port] in its one spelling; plain http on loopback only."""
    try:
        read = origin_of(value) if isinstance(value, str) else ""
    except NodeError:
        read = ""
    if not read or str(value).rstrip("/").lower() != read:
        raise Wrong("expected.origin")
    if read.startswith("http://") and not context.is_loopback:
        raise Wrong("expected.origin")
    return read


def networks(value: Any, context: Context) -> tuple[str, ...]:
    """Ranges of addresses where peers may live; loopback ones on loopback only."""
    read = texts(value, context)
    try:
        Networks(read)
        reaches = any(Networks([item]).permits("127.0.0.1") for item in read)
        reaches = reaches or any(ip_network(item).is_loopback for item in read)
    except (NodeError, ValueError) as error:
        raise Wrong("expected.network") from error
    if reaches and not context.is_loopback:
        raise Wrong("expected.network")
    return read


def existing_file(value: Any, context: Context) -> Path:
    """A file that is there; relative paths start at the node's folder."""
    path = context.data / text(value, context)
    if not path.is_file():
        raise Wrong("expected.file")
    return path


def proxy(value: Any, context: Context) -> str:
    """The outgoing proxy: an http URL with a host."""
    read = text(value, context)
    parts = urlsplit(read)
    if parts.scheme != "http" or not parts.hostname:
        raise Wrong("expected.proxy")
    return read


def database(value: Any, context: Context) -> str:
    """The url of the database; a relative SQLite path starts at the node's folder."""
    read = text(value, context)
    scheme, _, rest = read.partition("://")
    if scheme == "sqlite" and rest.strip("/"):
        return f"sqlite://{context.data / rest}"
    parts = urlsplit(read)
    if scheme not in {"postgres", "postgresql"} or not parts.hostname or len(parts.path) < 2:
        raise Wrong("expected.database")
    return read


def bus(value: Any, context: Context) -> str:
    """How processes tell each other what happened: memory, postgres, or a redis:// address."""
    read = text(value, context)
    parts = urlsplit(read)
    if read not in {"memory", "postgres"} and (
        parts.scheme not in {"redis", "rediss", "unix"} or not (parts.hostname or parts.path)
    ):
        raise Wrong("expected.bus")
    return read


def bind(value: Any, context: Context) -> str:
    """address:port to listen on."""
    read = text(value, context)
    host, _, port = read.rpartition(":")
    if not host or not port.isdecimal() or not 0 <= int(port) <= PORT_MAX:
        raise Wrong("expected.bind")
    return read


def proxies(value: Any, context: Context) -> tuple[str, ...]:
    """The addresses or ranges of reverse proxies whose X-Forwarded-For counts."""
    read = texts(value, context)
    try:
        for item in read:
            ip_network(item)
    except ValueError as error:
        raise Wrong("expected.proxies") from error
    return read


def token(value: Any, context: Context) -> str:
    """A secret that cannot be guessed."""
    read = text(value, context)
    if len(read) < TOKEN_CHARACTERS_MIN:
        raise Wrong("expected.token")
    return read


def web_address(value: Any, context: Context) -> str:
    """An address of a page: https, or http."""
    read = text(value, context)
    try:
        parts = urlsplit(read)
        has_place = parts.scheme in {"https", "http"} and parts.hostname is not None
    except ValueError:
        has_place = False
    if not has_place or not read.isprintable() or " " in read:
        raise Wrong("expected.web_address")
    return read


def service(value: Any, context: Context) -> str:
    """The address of a service of the organisation: https, or http on this machine."""
    read = web_address(value, context).rstrip("/")
    host = urlsplit(read).hostname or ""
    if "?" in read or "#" in read or "@" in read:
        raise Wrong("expected.service")
    if read.startswith("http://") and not is_loopback_literal(host):
        raise Wrong("expected.service")
    return read


def mail_server(value: Any, context: Context) -> str:
    """The server that takes letters: smtp:// (STARTTLS) or smtps:// with a host."""
    read = text(value, context)
    parts = urlsplit(read)
    try:
        has_place = parts.hostname is not None and (parts.port is None or parts.port > 0)
    except ValueError:
        has_place = False
    if parts.scheme not in {"smtp", "smtps"} or not has_place or parts.path.strip("/"):
        raise Wrong("expected.mail_server")
    return read


def mail_sender(value: Any, context: Context) -> str:
    """The address that letters come from."""
    read = text(value, context)
    if not read.isprintable() or not read.isascii() or not MAIL_ADDRESS.fullmatch(read):
        raise Wrong("expected.mail_sender")
    return read
