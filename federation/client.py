"""The guarded client: the only way by which the node asks another machine anything.

Every hop of every request is judged by the same policy before a socket exists, and each
request ends within its time and size, whatever the other side does. Redirects are followed
here and nowhere else: aiohttp would carry one host's signature to the next.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal

import aiohttp

from federation.bodies import copy_whole, read_note, read_whole
from federation.client_errors import ClientError, client_error, is_unanswered
from federation.connections import Attempt, Connections
from federation.errors import Malformed
from federation.networks import Networks
from federation.resolver import Lookup
from federation.targets import Target, read_target, redirect_target

Signer = Callable[[str, str, bytes | None], Awaitable[dict[str, str]]]
"""Make the signature headers of one request: method, URL, body."""

FETCH_BYTES_MAX = 1_000_000
FETCH_DEADLINE_S = 10.0
POST_DEADLINE_S = 20.0
REDIRECTS_MAX = 3

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What was made for one origin is not shown to another.
_BOUND_TO_ORIGIN = frozenset(
    {
        "authorization",
        "content-digest",
        "cookie",
        "date",
        "digest",
        "host",
        "signature",
        "signature-input",
    }
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What another machine answered. `url` is the last one asked; header names ignore case."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Request:
    method: Literal["GET", "POST"]
    target: Target
    headers: Mapping[str, str]
    body: bytes | None = None
    limit_bytes: int = 0
    into: BinaryIO | None = None


class GuardedClient:
    """One pool of connections under one policy.

    Invariants
        No connection is opened to an address that `networks` refuses; https is always
        verified; plain http goes to loopback literals only, and only with `allow_http`.
        With a proxy, names are resolved by it and literals are still judged here.
    """

    def __init__(
        self,
        *,
        networks: Networks,
        user_agent: str,
        ca_file: Path | None = None,
        proxy: str | None = None,
        allow_http: bool = False,
        lookup: Lookup | None = None,
    ) -> None:
        """Open nothing yet. `ca_file` (PEM) is trusted besides the system's authorities."""
        self._networks = networks
        self._proxy = proxy
        self._allow_http = allow_http
        self._connections = Connections(None if proxy else networks, user_agent, ca_file, lookup)

    def origin_at(self, authority: str) -> str:
        """Return the origin of the `host[:port]` of a handle: https, but on loopback.

        Raises Malformed for what is no authority.
        """
        target = read_target(f"https://{authority}")
        if self._allow_http and target.address is not None and target.address.is_loopback:
            return read_target(f"http://{authority}").origin
        return target.origin

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        sign: Signer | None = None,
        limit_bytes: int = FETCH_BYTES_MAX,
        deadline_s: float = FETCH_DEADLINE_S,
        redirects: int = REDIRECTS_MAX,
        into: BinaryIO | None = None,
    ) -> Answer:
        """Fetch a URL, signing each hop for its own host; raise ClientError.

        `deadline_s` covers everything from the lookup of the name to the last byte,
        `limit_bytes` the body after decompression. The body of an answer that is not a
        success is cut to 2 kB. `into` is an empty file that takes the body in place of memory.
        """
        first = _Request("GET", self._admit(url), headers, None, limit_bytes, into)
        target = first.target
        try:
            async with asyncio.timeout(deadline_s):
                return await self._follow(first, sign, redirects)
        except (aiohttp.ClientError, OSError) as error:
            raise client_error(target.url, error) from error

    async def post(
        self,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str],
        deadline_s: float = POST_DEADLINE_S,
        limit_bytes: int = 0,
    ) -> Answer:
        """Send a body once, headers already signed; never follow a redirect; raise ClientError.

        The answer's body is cut to 2 kB, unless a success is wanted whole, `limit_bytes` at
        most. A pooled connection that turns out to be dead is replaced once, so a receiver may
        in rare cases see the same request twice.
        """
        target = self._admit(url)
        try:
            async with asyncio.timeout(deadline_s):
                return await self._send(_Request("POST", target, headers, body, limit_bytes))
        except (aiohttp.ClientError, OSError) as error:
            raise client_error(target.url, error) from error

    async def certificate_ends_at(
        self, url: str, deadline_s: float = FETCH_DEADLINE_S
    ) -> int | None:
        """When the certificate at an https URL ends (ms); None for plain http. Raise ClientError.

        A new connection is opened for it, verified as every other.
        """
        target = self._admit(url)
        if not target.is_https:
            return None
        try:
            async with (
                asyncio.timeout(deadline_s),
                self._connections.fresh.get(
                    target.wire,
                    allow_redirects=False,
                    proxy=self._proxy,
                    trace_request_ctx=Attempt(),
                ) as response,
            ):
                return _ends_at(response)
        except (aiohttp.ClientError, OSError) as error:
            raise client_error(target.url, error) from error

    def check(self, url: str) -> None:
        """Raise ClientError when policy would refuse the URL as it is written.

        Names are judged when they are resolved, so what passes may still be refused.
        """
        self._admit(url)

    async def close(self) -> None:
        """Close every connection; the client may be used again and then opens new ones."""
        await self._connections.close()

    def _admit(self, url: str) -> Target:
        try:
            return self._judge(read_target(url))
        except Malformed as error:
            raise ClientError("refused_address", url, str(error)) from error

    def _judge(self, target: Target) -> Target:
        """Return the target when policy lets it be asked; names are judged once resolved."""
        # aiohttp does not ask its resolver for literal addresses.
        if target.address is not None and not self._networks.permits(target.address):
            raise ClientError("refused_address", target.url, "the network is not permitted")
        loopback = target.address is not None and target.address.is_loopback
        if not target.is_https and not (self._allow_http and loopback):
            raise ClientError("refused_address", target.url, "only https is used")
        return target

    async def _follow(self, first: _Request, sign: Signer | None, redirects: int) -> Answer:
        target = first.target
        start, asked = target.origin, {target.url}
        while True:
            sent = {
                name: value
                for name, value in first.headers.items()
                if target.origin == start or name.lower() not in _BOUND_TO_ORIGIN
            }
            if sign is not None:
                sent.update(await sign("GET", target.url, None))
            answer = await self._send(replace(first, target=target, headers=sent))
            location = answer.headers.get("Location")
            if answer.status not in _REDIRECTS or location is None:
                return answer
            target = self._hop(target, location)
            if target.url in asked or len(asked) > redirects:
                raise ClientError("redirect", target.url, f"after {len(asked)} redirects")
            asked.add(target.url)

    def _hop(self, here: Target, location: str) -> Target:
        try:
            return self._judge(redirect_target(here, location))
        except Malformed as error:
            raise ClientError("refused_address", here.url, str(error)) from error

    async def _send(self, request: _Request) -> Answer:
        """Ask once; once more on a new connection when the pooled one was dead all along."""
        attempt = Attempt()
        try:
            return await self._ask(self._connections.pooled, request, attempt)
        except aiohttp.ClientError as error:
            if attempt.answered or not attempt.reused or not is_unanswered(error):
                raise
        return await self._ask(self._connections.fresh, request, attempt)

    async def _ask(
        self, session: aiohttp.ClientSession, request: _Request, attempt: Attempt
    ) -> Answer:
        async with session.request(
            request.method,
            request.target.wire,
            data=request.body,
            headers=request.headers,
            allow_redirects=False,
            proxy=self._proxy,
            trace_request_ctx=attempt,
        ) as response:
            attempt.answered = True
            whole = request.method == "GET" or request.limit_bytes > 0
            if request.into is not None and 200 <= response.status < 300:
                await copy_whole(response, request.limit_bytes, request.into)
                body = b""
            elif whole and 200 <= response.status < 300:
                body = await read_whole(response, request.limit_bytes)
            else:
                body = await read_note(response)
            return Answer(response.status, request.target.url, response.headers, body)


def _ends_at(response: aiohttp.ClientResponse) -> int | None:
    connection = response.connection
    transport = None if connection is None else connection.transport
    certificate = None if transport is None else transport.get_extra_info("peercert")
    return int(ssl.cert_time_to_seconds(certificate["notAfter"])) * 1000 if certificate else None
