"""The address policy, as tables: each closed range with the open space beside it."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import Invalid
from federation.networks import Networks, is_loopback_literal, literal_address

# First and last address of every special range of the IANA registries (SEC-056, 064, 078).
CLOSED = [
    ("0.0.0.0", "0.255.255.255"),
    ("10.0.0.0", "10.255.255.255"),
    ("100.64.0.0", "100.127.255.255"),
    ("127.0.0.0", "127.255.255.255"),
    ("169.254.0.0", "169.254.255.255"),
    ("172.16.0.0", "172.31.255.255"),
    ("192.0.0.0", "192.0.0.255"),
    ("192.0.2.0", "192.0.2.255"),
    ("192.31.196.0", "192.31.196.255"),
    ("192.52.193.0", "192.52.193.255"),
    ("192.88.99.0", "192.88.99.255"),
    ("192.168.0.0", "192.168.255.255"),
    ("192.175.48.0", "192.175.48.255"),
    ("198.18.0.0", "198.19.255.255"),
    ("198.51.100.0", "198.51.100.255"),
    ("203.0.113.0", "203.0.113.255"),
    ("224.0.0.0", "239.255.255.255"),
    ("240.0.0.0", "255.255.255.255"),
    ("::", "::1"),  # SEC-065
    ("::127.0.0.1", "::255.255.255.255"),
    ("::ffff:0:0", "::ffff:255.255.255.255"),
    ("64:ff9b::", "64:ff9b::255.255.255.255"),
    ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"),
    ("100::", "100::ffff:ffff:ffff:ffff"),
    ("100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff"),
    ("2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001:1::1", "2001:1::3"),
    ("2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff"),
    ("2001:3::", "2001:3:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001:4:112::", "2001:4:112:ffff:ffff:ffff:ffff:ffff"),
    ("2001:10::", "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001:20::", "2001:3f:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff"),
    ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
]
OPEN = [
    *("1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"),
    *("128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0"),
    *("192.0.1.0", "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0"),
    *("8.8.8.8", "93.184.216.34", "203.0.112.255", "203.0.114.0", "223.255.255.255"),
    *("2000::1", "2001:200::1", "2001:4860:4860::8888", "2003::1", "2606:4700::1111"),
    *("2a00:1450:4007::1", "3ffe:ffff::1", "3fff:1000::1"),
]


@pytest.mark.parametrize(("first", "last"), CLOSED)
def test_special_ranges_are_closed_until_named(first: str, last: str) -> None:
    middle = type_of(first)((int(type_of(first)(first)) + int(type_of(last)(last))) // 2)
    for address in (first, last, str(middle)):
        assert not Networks().permits(address)
    if "ff9b::" not in first and first not in {"::ffff:0:0", "2001::", "2002::"}:
        assert Networks([f"{first}/{len(middle.packed) * 8}"]).permits(first)


@pytest.mark.parametrize("address", OPEN)
def test_public_unicast_is_open(address: str) -> None:
    assert Networks().permits(address)
    assert Networks(["10.0.0.0/8"]).permits(address)


def type_of(address: str) -> type[IPv4Address] | type[IPv6Address]:
    return IPv6Address if ":" in address else IPv4Address


@given(st.ip_addresses(v=4))
def test_what_is_open_is_global_also_for_the_standard_library(address: IPv4Address) -> None:
    permitted = Networks().permits(address)
    assert permitted == Networks().permits(str(address))
    if permitted:
        assert address.is_global
        assert not address.is_multicast
        assert not Networks().permits(f"::ffff:{address}")
        assert not Networks().permits(f"64:ff9b::{address}")


@given(st.ip_addresses(v=6))
def test_open_ipv6_is_global_unicast(address: IPv6Address) -> None:
    if Networks().permits(address):
        assert address.is_global
        assert not address.is_multicast
        assert int(address) >> 125 == 1


def test_named_ranges_open_what_they_name_and_nothing_else() -> None:
    networks = Networks(["10.20.0.0/16", "fd00:1234::/32", "127.0.0.0/8"])
    for address in ("10.20.0.1", "10.20.255.255", "fd00:1234::7", "127.0.0.1"):
        assert networks.permits(address)
    for address in ("10.19.255.255", "10.21.0.0", "fd00:1235::7", "::1", "192.168.1.1"):
        assert not networks.permits(address)


def test_mapped_addresses_are_judged_by_the_named_v4_range() -> None:
    # SEC-066; a public address in this form has no honest use either.
    for address in ("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8"):
        assert not Networks().permits(address)
    assert Networks(["10.0.0.0/8"]).permits("::ffff:10.0.0.1")
    assert not Networks(["10.0.0.0/8"]).permits("::ffff:127.0.0.1")


def test_naming_a_translator_does_not_open_what_lies_behind_it() -> None:
    nat64 = Networks(["64:ff9b::/96"])
    assert nat64.permits("64:ff9b::8.8.8.8")
    assert not nat64.permits("64:ff9b::127.0.0.1")
    assert not nat64.permits("64:ff9b::169.254.169.254")
    assert Networks(["64:ff9b::/96", "10.0.0.0/8"]).permits("64:ff9b::10.0.0.1")
    assert Networks(["2002::/16"]).permits("2002:808:808::1")
    assert not Networks(["2002::/16"]).permits("2002:7f00:1::1")
    assert not Networks(["2001::/32"]).permits("2001:0:808:808:0:0:80ff:fffe")  # to 127.0.0.1
    assert not Networks(["2001::/32"]).permits("2001:0:808:808:0:0:f5ff:fffe")  # to 10.0.0.1


def test_an_address_of_one_interface_is_never_open() -> None:
    assert not Networks(["fe80::/10"]).permits("fe80::1%eth0")
    assert Networks(["fe80::/10"]).permits("fe80::1")


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f000001", "1.2.3", "good.example"])
def test_what_is_no_address_is_not_permitted(text: str) -> None:
    assert not Networks(["0.0.0.0/0", "::/0"]).permits(text)


@pytest.mark.parametrize(
    "text", ["10.0.0.0/33", "10.0.0.1/8", "localhost", "", "10.0.0.0-10.1.0.0"]
)
def test_a_range_that_is_none_names_the_setting(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        Networks([text])
    assert refused.value.field == "federation.networks"
    assert Networks(["10.0.0.0/8"]).allowed


def test_networks_are_values() -> None:
    assert Networks(["10.0.0.0/8"]) == Networks(["10.0.0.0/8"])
    assert hash(Networks()) == hash(Networks([]))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.8.7", "::1"])
def test_loopback_literals(host: str) -> None:
    assert is_loopback_literal(host)


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost.evil", "127.1", "127.0.0.1.evil", "10.0.0.1", "::", "127.0.0.1."],
)
def test_what_only_looks_like_loopback_is_not(host: str) -> None:
    # SEC-069: no comparison by prefix, no name.
    assert not is_loopback_literal(host)


@pytest.mark.parametrize(
    "host",
    [
        *("127.1", "0x7f.0.0.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.0.0.0x1"),
        *("127.0.0.1.", "1.2.3.4.5", "256.1.1.1", "good.example.1", "::1::", "0x"),
    ],
)
def test_odd_spellings_of_numbers_are_errors(host: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        literal_address(host)


def test_names_and_addresses_are_told_apart() -> None:
    assert literal_address("93.184.216.34") == IPv4Address("93.184.216.34")
    assert literal_address("2a00::1") == IPv6Address("2a00::1")
    for name in ("good.example", "1.good.example", "0xcafe.example", "127-0-0-1.example", "dead"):
        assert literal_address(name) is None
