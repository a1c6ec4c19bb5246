"""What holds for every answer and every request, whatever it is about: headers, Host, CORS."""

from federation.errors import Malformed, NodeError, describe
from federation.node import Node
from federation.origins import authority_of
from web.raw import Header

describe(
    {
        "host.missing": "The request needs exactly one Host header.",
        "host.other": "This node is {expected}; {came} is not served here.",
    }
)

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
COMMON: list[Header] = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
]
HTTPS_ONLY: Header = (b"strict-transport-security", b"max-age=31536000")
OPENER: Header = (b"cross-origin-opener-policy", b"same-origin")
# Probes of the machine that runs the node do not know its name.
ANY_HOST = frozenset({"/healthz", "/readyz"})

EXPOSED = (
    "Link, X-RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining, X-Request-Id,"
    " Mastodon-Async-Refresh"
)
METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
CROSS_ORIGIN: list[Header] = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", EXPOSED.encode()),
]
CROSS_ORIGIN_PATHS = ("/api/", "/.well-known/", "/nodeinfo/")
CROSS_ORIGIN_EXACT = frozenset({"/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/nodeinfo"})
ASKED_HEADERS_MAX = 1_000


class Misdirected(NodeError):
    """421: the request was meant for another host."""

    status = 421


def common_headers(node: Node) -> list[Header]:
    """The headers of every answer of a node."""
    return [*COMMON, HTTPS_ONLY] if node.origin.startswith("https:") else list(COMMON)


def hosts_of(node: Node) -> frozenset[bytes]:
    """The Host values that mean this node: Mastodon leaves the port out."""
    authority = authority_of(node.origin)
    host = authority.rpartition(":")[0] if authority.rpartition(":")[2].isdigit() else authority
    port = "443" if node.origin.startswith("https:") else "80"
    names = {authority, host, f"{host}:{port}"} if host == authority else {authority, host}
    return frozenset(name.encode() for name in names)


def check_host(headers: list[Header], hosts: frozenset[bytes], path: str) -> None:
    """Raise unless the request names this node, once (SEC-217, SEC-218)."""
    found: bytes | None = None
    for name, value in headers:
        if name == b"host":
            if found is not None:
                raise Malformed("host.missing")
            found = value
    if path in ANY_HOST:
        return
    if found is None:
        raise Malformed("host.missing")
    if found not in hosts and found.lower() not in hosts:
        expected = min(hosts).decode()
        raise Misdirected("host.other", expected=expected, came=found.decode("latin-1"))


def is_cross_origin(path: str) -> bool:
    """Whether pages of other origins may read this address."""
    return path.startswith(CROSS_ORIGIN_PATHS) or path.rstrip("/") in CROSS_ORIGIN_EXACT


def preflight_headers(asked: str) -> list[Header]:
    """What an OPTIONS from a page of another origin is told."""
    allowed = asked[:ASKED_HEADERS_MAX] if asked.isprintable() else ""
    return [
        *CROSS_ORIGIN,
        (b"access-control-allow-methods", METHODS.encode()),
        (b"access-control-allow-headers", (allowed or "*").encode("latin-1", "replace")),
        (b"access-control-max-age", b"86400"),
    ]
