"""Which addresses the node may open a connection to, decided from the number alone.

Public unicast space is open; every special range of the IANA registries is closed unless the
operator named it. What an address is called, or who said it, never counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from federation.errors import Invalid, describe

Address = IPv4Address | IPv6Address

describe(
    {
        "networks.not_a_range": "{field} holds {came}, which is no range of addresses; write them"
        " as 10.20.0.0/16 or fd00:1234::/32.",
    }
)

# IANA IPv4 special-purpose registry, with multicast and class E, which it lists apart.
_CLOSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network: Linux takes 0.0.0.0 for loopback
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared between a carrier and its customers
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local: the metadata service of clouds lives here
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Global unicast is one eighth of IPv6; all that lies outside it is closed without being listed:
# ::/96, ::1, ::ffff:0:0/96, 64:ff9b::/96, 64:ff9b:1::/48, 100::/64, 5f00::/16, fc00::/7,
# fe80::/10, fec0::/10, ff00::/8.
_UNICAST_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID, AS112, AMT
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")


class AddressNotPermittedError(OSError):
    """An address that a connection was about to be opened to and that policy closes."""


@dataclass(frozen=True, slots=True, init=False)
class Networks:
    """Where peers may live: public space, and the private ranges that the operator named."""

    allowed: tuple[IPv4Network | IPv6Network, ...]

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        """Read ranges such as `10.20.0.0/16`; raise Invalid for what is not one."""
        object.__setattr__(self, "allowed", tuple(_range(text) for text in allowed))

    def permits(self, address: str | Address) -> bool:
        """Say whether a connection to this address may be opened; text that is none may not.

        An address that carries an IPv4 one inside is judged by both: naming a translator's
        prefix does not open what lies behind it.
        """
        try:
            judged = ip_address(address) if isinstance(address, str) else address
        except ValueError:
            return False
        if isinstance(judged, IPv4Address):
            return self._names(judged) or not any(judged in closed for closed in _CLOSED_V4)
        if judged.scope_id is not None:
            return False
        if judged.ipv4_mapped is not None:
            return self._names(judged.ipv4_mapped)
        if self._names(judged):
            inner = _inner_v4(judged)
            return inner is None or self.permits(inner)
        return judged in _UNICAST_V6 and not any(judged in closed for closed in _CLOSED_V6)

    def _names(self, address: Address) -> bool:
        return any(address in network for network in self.allowed)


def literal_address(host: str) -> Address | None:
    """Read a URL's host (IPv6 without brackets) as an address; None for a name.

    Raise ValueError for spellings that resolvers take for an address and careful parsers do
    not: `127.1`, `0x7f.0.0.1`, `2130706433`, `0177.0.0.1`, `127.0.0.1.` (the WHATWG rule: a
    last label that is a number makes the whole host one).
    """
    if ":" in host:
        return ip_address(host)
    last = host.removesuffix(".").rpartition(".")[2].lower()
    hexadecimal = last.startswith("0x") and all(c in "0123456789abcdef" for c in last[2:])
    if last.isdecimal() or hexadecimal:
        return IPv4Address(host)
    return None


def is_loopback_literal(host: str) -> bool:
    """Say whether a host is itself a loopback address; `localhost` is a name, so it is not."""
    try:
        address = literal_address(host)
    except ValueError:
        return False
    return address is not None and address.is_loopback


def _range(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise Invalid("networks.not_a_range", field="federation.networks", came=text) from error


def _inner_v4(address: IPv6Address) -> IPv4Address | None:
    """Find the IPv4 address that a translator or tunnel would take out of this one."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _SIX_TO_FOUR:
        return address.sixtofour
    return address.teredo[1] if address.teredo is not None else None
