"""Whose request it is, by network address: only a trusted proxy may speak for somebody else."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import structlog
from starlette.types import Scope

LISTED_MAX = 50
_log = structlog.get_logger(__name__)


class Addresses:
    """Finds the address of who asks, behind the proxies that the administrator named."""

    def __init__(self, trusted_proxies: tuple[str, ...]) -> None:
        self._trusted = tuple(ip_network(text, strict=False) for text in trusted_proxies)
        self._warned = False

    def of(self, scope: Scope) -> str:
        """The client's address; IPv6 as its /64, since one machine has a whole one.

        Headers such as X-Forwarded-For from an address that is not trusted are ignored
        (SEC-153), and the administrator is told once.
        """
        client = scope.get("client")
        peer = client[0] if client else ""
        if not self._trusted:
            if not self._warned:
                self._warn_if_forwarded(scope, peer)
            return grouped(peer)
        if not self._is_trusted(peer):
            self._warn_if_forwarded(scope, peer)
            return grouped(peer)
        return grouped(self._forwarded(scope) or peer)

    def _forwarded(self, scope: Scope) -> str | None:
        """The last address that no trusted proxy added itself."""
        listed = [
            part.strip()
            for name, value in scope["headers"]
            if name == b"x-forwarded-for"
            for part in value.decode("latin-1").split(",")
        ]
        for text in reversed(listed[-LISTED_MAX:]):
            if _address(text) is None:
                return None
            if not self._is_trusted(text):
                return text
        return None

    def _is_trusted(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(
            address.version == network.version and address in network for network in self._trusted
        )

    def _warn_if_forwarded(self, scope: Scope, peer: str) -> None:
        if self._warned:
            return
        if any(name in {b"x-forwarded-for", b"forwarded"} for name, _ in scope["headers"]):
            self._warned = True
            _log.warning("proxy.not_trusted", address=peer, setting="server.trusted_proxies")


@lru_cache(maxsize=4096)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found


@lru_cache(maxsize=4096)
def grouped(text: str) -> str:
    """What is counted as one client."""
    address = _address(text)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return text if address is None else str(address)
