"""Origins: the only place that says which scheme, host and port an address belongs to.

Two addresses have the same origin exactly when `origin_of` returns the same text (FEP-fe34).
"""

import re
from functools import lru_cache
from ipaddress import IPv6Address
from urllib.parse import quote, urlsplit

import idna

from federation.errors import Malformed

URI_CHARS_MAX = 2048

# Browsers read "\" as "/" and drop control characters: an address with one means different hosts
# to different readers.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9_])?")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Everything that may stand in a path or query is kept as it is, "%" included.
_KEPT = "!#$%&'()*+,/:;=?@[]~|^`{}\"<>"


def _host_text(host: str, uri: str) -> str:
    if "%" in host:
        raise Malformed("uri.host", came=uri)
    if ":" in host:
        try:
            return f"[{IPv6Address(host).compressed}]"
        except ValueError as error:
            raise Malformed("uri.host", came=uri) from error
    if not host.isascii():
        try:
            # As the HTTP client does. The codec of the standard library would turn "ß" into "ss",
            # and so give one owner's host the name of another's.
            host = idna.encode(host, uts46=True).decode("ascii").lower()
        except UnicodeError as error:
            raise Malformed("uri.host", came=uri) from error
    if not _HOST.fullmatch(host) or ".." in host:
        raise Malformed("uri.host", came=uri)
    return host


@lru_cache(maxsize=2048)
def origin_of(uri: str) -> str:
    """Return ``scheme://host[:port]`` of `uri`, lower case, in punycode, default port dropped.

    Raises Malformed for anything but http(s) with a host, for user names, bad ports, control
    characters and addresses longer than 2048 characters.
    """
    if len(uri) > URI_CHARS_MAX or _FORBIDDEN.search(uri):
        raise Malformed("uri.malformed", came=repr(uri))
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError as error:
        raise Malformed("uri.malformed", came=uri) from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise Malformed("uri.scheme", came=uri)
    if "@" in parts.netloc:
        raise Malformed("uri.userinfo", came=uri)
    if not host:
        raise Malformed("uri.host", came=uri)
    try:
        port = parts.port
    except ValueError as error:
        raise Malformed("uri.port", came=uri) from error
    if port == 0 or parts.netloc.endswith(":"):
        raise Malformed("uri.port", came=uri)
    origin = f"{parts.scheme}://{_host_text(host, uri)}"
    return origin if port in {None, _DEFAULT_PORTS[parts.scheme]} else f"{origin}:{port}"


@lru_cache(maxsize=2048)
def split_url(url: str) -> tuple[str, str]:
    """Return the origin of `url` and its request target: path and query, percent-encoded.

    The request must be sent with exactly this target. Raises Malformed as `origin_of` does.
    """
    origin = origin_of(url)
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return origin, target if target.isascii() else quote(target, safe=_KEPT)


def authority_of(origin: str) -> str:
    """Return ``host[:port]`` of a value that `origin_of` returned."""
    return origin.partition("://")[2]
