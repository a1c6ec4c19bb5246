"""Whom the node exchanges with: the one answer to *may this origin take part*.

What is allowed is one exact origin. What is blocked is a host, with everything under it: other
ports, http and https, its sub-domains, however it is written.
"""

from functools import lru_cache
from ipaddress import ip_address
from typing import Literal

from federation.database import Reader, marks
from federation.errors import Malformed
from federation.networks import is_loopback_literal
from federation.origins import authority_of, origin_of

Admission = Literal["admitted", "blocked", "stranger"]

ALLOWED_POLICIES = frozenset({"allowed", "limited"})


def host_of(origin: str) -> str:
    """Return the host of an origin, without brackets and port."""
    authority = authority_of(origin)
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    return authority.partition(":")[0]


@lru_cache(maxsize=2048)
def blocked_at(origin: str) -> str:
    """Return the origin under which a block of `origin` is kept: https, its host, no port.

    On loopback the port stays: there it is what tells nodes apart. Raises Malformed.
    """
    host = host_of(origin_of(origin))
    if is_loopback_literal(host):
        return f"http://{authority_of(origin_of(origin))}"
    return f"https://[{host}]" if ":" in host else f"https://{host}"


@lru_cache(maxsize=2048)
def covering_blocks(origin: str) -> tuple[str, ...]:
    """Return where a block that covers `origin` may be kept: its host, then each parent."""
    here = blocked_at(origin)
    host = host_of(here)
    if _is_address(host):
        return (here,)
    labels = host.split(".")
    return (here, *(f"https://{'.'.join(labels[at:])}" for at in range(1, len(labels))))


def written_plainly(origin: str) -> str | None:
    """Return the origin in its one spelling (case, punycode, port, final dot), or None."""
    authority, slash, rest = origin.partition("://")[2].partition("/")
    host, colon, port = authority.rpartition(":")
    if not colon or "]" in port:
        host, port = authority, ""
    scheme = origin.partition("://")[0]
    try:
        plain = f"{scheme}://{host.rstrip('.')}{':' if port else ''}{port}{slash}{rest}"
        return origin_of(plain)
    except Malformed:
        return None


async def admits(reader: Reader, node_closed: bool, origin: str) -> Admission:
    """Say whether the node exchanges with `origin`, given as `origins.origin_of` returns it.

    Blocked wins over allowed. A closed node admits allowed origins only, an open one all that
    are not blocked. What is not exactly an origin is a stranger, or blocked when it spells one
    that is.
    """
    plain = written_plainly(origin)
    if plain is None:
        return "stranger"
    asked = {plain, *covering_blocks(plain)}
    rows = await reader.rows(
        f"SELECT origin, policy FROM peer WHERE origin IN ({marks(tuple(asked))})", *asked
    )
    policies = {row["origin"]: row["policy"] for row in rows}
    if "blocked" in policies.values():
        return "blocked"
    if plain != origin:
        return "stranger"
    allowed = policies.get(origin) in ALLOWED_POLICIES
    return "admitted" if allowed or not node_closed else "stranger"


async def rejects_reports(reader: Reader, origin: str) -> bool:
    """Whether staff decided that reports from an origin, or from one over it, are not taken."""
    return await _rejects(reader, origin, "reject_reports")


async def rejects_media(reader: Reader, origin: str) -> bool:
    """Whether staff decided that files from an origin, or from one over it, are not taken."""
    return await _rejects(reader, origin, "reject_media")


async def _rejects(reader: Reader, origin: str, column: str) -> bool:
    covering = covering_blocks(origin)
    found = await reader.value(
        f"SELECT 1 FROM domain_decision WHERE origin IN ({marks(covering)}) AND {column}",
        *covering,
    )
    return found is not None


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
