"""Network addresses that staff refused: none of their requests is answered, or no sign-up.

The list is short and seldom changes, so it is read again every few seconds and compared in
memory; an act of staff in this process counts at once.
"""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Literal

from federation.errors import NodeError, Refused, describe
from federation.node import Node

Severity = Literal["sign_up_requires_approval", "sign_up_block", "no_access"]
SEVERITIES: tuple[Severity, ...] = ("sign_up_requires_approval", "sign_up_block", "no_access")
READ_AGAIN_MS = 10_000

describe({"address.refused": "This network address may not use this site."})


class IpBlocks:
    """The blocks of one node, as this process knows them."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._blocks: list[tuple[IPv4Network | IPv6Network, Severity]] = []
        self._read_at = -READ_AGAIN_MS

    async def check_access(self, address: str) -> None:
        """Raise Refused for an address that has no access at all."""
        if self._node.clock() - self._read_at >= READ_AGAIN_MS:
            await self._read()
        if self._blocks and self._worst(address) == "no_access":
            raise Refused("address.refused")

    def of(self, address: str) -> Severity | None:
        """The strictest block that covers an address."""
        return self._worst(address) if self._blocks else None

    def forget(self) -> None:
        """Read the list again at the next request."""
        self._read_at = -READ_AGAIN_MS

    async def _read(self) -> None:
        now = self._node.clock()
        self._read_at = now
        try:
            rows = await self._node.db.rows(
                "SELECT network, severity FROM ip_block WHERE expires_at IS NULL OR expires_at > ?",
                now,
            )
        except NodeError:
            # While the store is away the list stays as it was; what needs the store says so.
            return
        self._blocks = [(ip_network(row["network"]), row["severity"]) for row in rows]

    def _worst(self, address: str) -> Severity | None:
        try:
            asked = ip_network(address)
        except ValueError:
            return None
        found = {
            severity
            for network, severity in self._blocks
            if network.version == asked.version and network.overlaps(asked)
        }
        return next((severity for severity in reversed(SEVERITIES) if severity in found), None)
