"""The connections under the guarded client: how they are opened, kept and verified.

The last look at an address is here, when its socket is made: whatever led to it, a literal,
a cached name or a redirect, nothing connects past this point.
"""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp

from federation.networks import AddressNotPermittedError, Networks
from federation.resolver import CheckedResolver, Lookup

_CONNECTIONS_MAX = 256
_PER_HOST_MAX = 2
# A new TLS connection costs three RSA signatures: keep what is open, yet let a fan-out to
# thousands of hosts give its sockets back.
_KEEP_ALIVE_S = 120.0
# Addresses are pinned for the connection; the cache only spares lookups in a burst.
_NAMES_KEPT_S = 30


@dataclass(slots=True)
class Attempt:
    """What is learned while one request is made."""

    reused: bool = False
    answered: bool = False


class Connections:
    """The sessions of one policy, opened when first needed.

    Invariants
        Certificates are always verified; the environment names no proxy; no cookie is kept.
    """

    def __init__(
        self,
        networks: Networks | None,
        user_agent: str,
        ca_file: Path | None,
        lookup: Lookup | None,
    ) -> None:
        """Judge addresses by `networks`; None when only the operator's proxy is connected to."""
        self._networks = networks
        self._user_agent = user_agent
        self._ca_file = ca_file
        self._resolver = CheckedResolver(networks, lookup)
        self._tls: ssl.SSLContext | None = None
        self._pooled: aiohttp.ClientSession | None = None
        self._fresh: aiohttp.ClientSession | None = None

    @property
    def pooled(self) -> aiohttp.ClientSession:
        """The session that keeps connections open between requests."""
        if self._pooled is None:
            self._pooled = self._open(once=False)
        return self._pooled

    @property
    def fresh(self) -> aiohttp.ClientSession:
        """The session that makes a new connection for each request."""
        if self._fresh is None:
            self._fresh = self._open(once=True)
        return self._fresh

    async def close(self) -> None:
        """Close all connections; used again, new ones are opened."""
        sessions = (self._pooled, self._fresh)
        self._pooled = self._fresh = None
        for session in sessions:
            if session is not None:
                await session.close()
        await self._resolver.close()

    def _open(self, *, once: bool) -> aiohttp.ClientSession:
        if self._tls is None:
            self._tls = ssl.create_default_context()
            self._tls.set_alpn_protocols(["http/1.1"])
            if self._ca_file is not None:
                self._tls.load_verify_locations(self._ca_file)
        connector = aiohttp.TCPConnector(
            ssl=self._tls,
            resolver=self._resolver,
            ttl_dns_cache=_NAMES_KEPT_S,
            limit=_CONNECTIONS_MAX,
            limit_per_host=_PER_HOST_MAX,
            force_close=once,
            socket_factory=_socket_maker(self._networks),
            keepalive_timeout=None if once else _KEEP_ALIVE_S,
        )
        reuse = aiohttp.TraceConfig()
        reuse.on_connection_reuseconn.append(_note_reuse)
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._user_agent, "Accept-Encoding": "gzip"},
            timeout=aiohttp.ClientTimeout(total=None),
            trace_configs=[reuse],
        )


async def _note_reuse(
    _: aiohttp.ClientSession,
    context: SimpleNamespace,
    _params: aiohttp.TraceConnectionReuseconnParams,
) -> None:
    attempt: Attempt = context.trace_request_ctx
    attempt.reused = True


def _socket_maker(networks: Networks | None) -> Callable[[tuple[Any, ...]], socket.socket]:
    def make(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, where = info
        if networks is not None and not networks.permits(where[0]):
            raise AddressNotPermittedError(f"{where[0]} is not permitted")
        return socket.socket(family, kind, protocol)

    return make
