"""Names become addresses here, and every address is judged before anything may use it.

aiohttp connects to exactly the addresses this returns, so there is no second lookup between
the check and the connection that a name server could answer differently.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult

from federation.networks import AddressNotPermittedError, Networks

Lookup = Callable[[str], Awaitable[Sequence[str]]]
"""Ask for all addresses of a name; raise OSError when there is none."""

# getaddrinfo blocks its thread for as long as a dead name server takes. With threads of its own
# that delays other unknown names at worst, never the database or the signatures.
_THREADS_MAX = 16


class CheckedResolver(AbstractResolver):
    """Resolve for one policy; a name with a single refused address is refused as a whole.

    A public name that also answers with a private address is a rebinding attempt or a broken
    zone: in both cases the address that happens to be tried first must not decide.
    """

    def __init__(self, networks: Networks | None, lookup: Lookup | None = None) -> None:
        """Judge by `networks`; None judges nothing (the operator's own proxy is resolved)."""
        self._networks = networks
        self._lookup = lookup or self._ask_system
        self._threads: ThreadPoolExecutor | None = None

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002
    ) -> list[ResolveResult]:
        """Return all addresses of a name; raise AddressNotPermittedError or another OSError."""
        addresses = await self._lookup(host.rstrip("."))
        if not addresses:
            raise OSError(f"the name {host} has no address")
        for address in addresses:
            if self._networks is not None and not self._networks.permits(address):
                raise AddressNotPermittedError(f"{host} is at {address}, which is not permitted")
        return [_result(host, address, port) for address in addresses]

    async def close(self) -> None:
        """Let the lookup threads end; a lookup under way is not waited for."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    async def _ask_system(self, host: str) -> Sequence[str]:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_THREADS_MAX, thread_name_prefix="names")
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _addresses, host)
        return list(dict.fromkeys(found))


def _addresses(host: str) -> list[str]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return [str(sockaddr[0]) for *_, sockaddr in found]


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=0, flags=flags
    )
