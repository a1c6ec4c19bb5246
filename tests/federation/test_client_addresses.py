"""Where the guarded client does not go: each door that advisories name, with a canary behind it."""

import aiohttp
import pytest

from federation.client import GuardedClient
from federation.client_errors import ClientError
from federation.connections import Attempt, Connections
from federation.networks import AddressNotPermittedError, Networks
from federation.resolver import CheckedResolver
from tests.federation.other_machines import MakeClient, StartPeer


async def refused(client: GuardedClient, url: str) -> None:
    """Expect GET and POST of a URL to be refused for the address."""
    for asking in (client.get(url, headers={}), client.post(url, body=b"{}", headers={})):
        with pytest.raises(ClientError) as failed:
            await asking
        assert failed.value.reason == "refused_address"


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.53", "::1"])
async def test_literal_addresses_are_judged(
    start_peer: StartPeer, make_client: MakeClient, address: str
) -> None:
    # SEC-054: aiohttp does not ask its resolver for these
    canary = await start_peer(address)
    url = canary.says("/canary", {})
    await refused(make_client(), url)
    await refused(make_client("10.0.0.0/8"), url)
    assert canary.connections == 0
    answer = await make_client("127.0.0.0/8", "::1/128").get(url, headers={})
    assert (answer.status, canary.connections) == (200, 1)


@pytest.mark.parametrize(
    "host",
    [
        *("127.1", "127.0.1", "0x7f.0.0.1", "0x7f000001", "2130706433", "0177.0.0.1"),
        *("127.0.0.1.", "①②⑦.0.0.1", "127。0。0。1", "%31%32%37.0.0.1"),
        *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::]", "0.0.0.0", "0"),
        *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1%25lo]", "[::1%25lo]"),
    ],
)
async def test_other_spellings_of_loopback_are_refused(
    start_peer: StartPeer, make_client: MakeClient, host: str
) -> None:
    # SEC-060, SEC-066, SEC-069
    canary = await start_peer()
    for scheme in ("http", "https"):
        await refused(make_client(), f"{scheme}://{host}:{canary.port}/canary")
    assert canary.connections == 0
    assert (await make_client("127.0.0.0/8").get(canary.says("/canary", {}), headers={})).body


SPECIAL = [
    *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1"),
    *("192.0.0.8", "192.168.1.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1"),
    *("64:ff9b:1::1", "2001::1", "2002:7f00:1::1", "fc00::1", "fd12::1", "fe80::1", "ff02::1"),
]


@pytest.mark.parametrize("address", SPECIAL)
async def test_names_of_special_addresses_are_refused(
    start_peer: StartPeer, make_client: MakeClient, address: str
) -> None:
    # SEC-056, SEC-060, SEC-064 to SEC-066, SEC-078
    canary = await start_peer(tls="good")
    canary.says("/canary", {})
    url = f"https://evil.example:{canary.port}/canary"
    await refused(make_client(names={"evil.example": [address]}), url)
    assert canary.connections == 0
    allowed = make_client("127.0.0.0/8", names={"evil.example": ["127.0.0.1"]})
    assert (await allowed.get(url, headers={})).status == 200


async def test_one_private_address_among_public_ones_refuses_the_name(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    # DNS rebinding: which address is tried first must not decide.
    canary = await start_peer(tls="good")
    url = f"https://evil.example:{canary.port}/canary"
    for addresses in (["93.184.216.34", "127.0.0.1"], ["127.0.0.1", "2606:4700::1111"]):
        await refused(make_client(names={"evil.example": addresses}), url)
    assert canary.connections == 0


async def test_a_name_is_looked_up_once_and_its_address_is_pinned(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    # The second answer of a rebinding name server is never what is connected to.
    good = await start_peer("127.0.0.2", tls="good")
    good.says("/x", {})
    answers = [["127.0.0.2"], ["127.0.0.3"]]

    async def rebinding(_name: str) -> list[str]:
        return answers.pop(0)

    client = make_client("127.0.0.2/32", lookup=rebinding)
    url = f"https://evil.example:{good.port}/x"
    assert (await client.get(url, headers={})).status == 200
    assert answers == [["127.0.0.3"]]
    await client.close()
    # The names are kept for half a minute by a pool, not by the client: this one asks again.
    with pytest.raises(ClientError) as failed:
        await client.get(url, headers={})
    assert (failed.value.reason, answers, len(good.hits)) == ("refused_address", [], 1)


async def test_the_socket_itself_is_the_last_look(start_peer: StartPeer) -> None:
    # Were a check before it forgotten, nothing would connect all the same.
    canary = await start_peer()

    async def lookup(_name: str) -> list[str]:
        return ["127.0.0.1"]

    for networks, connects in ((Networks(), False), (Networks(["127.0.0.1/32"]), True)):
        connections = Connections(networks, "tests", None, lookup)
        connections._resolver = CheckedResolver(None, lookup)
        for url in (canary.origin, f"http://evil.example:{canary.port}"):
            asking = connections.pooled.get(url, trace_request_ctx=Attempt())
            if connects:
                async with asking as answer:
                    assert answer.status == 404
            else:
                with pytest.raises(aiohttp.ClientConnectorError) as failed:
                    await asking
                assert isinstance(failed.value.os_error, AddressNotPermittedError)
        await connections.close()
        assert (canary.connections > 0) == connects


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "ip6-localhost", "localhost.evil"])
async def test_names_of_this_machine_are_judged_by_their_address(
    start_peer: StartPeer, make_client: MakeClient, name: str
) -> None:
    # SEC-069: with the system's resolver, where it knows the name
    canary = await start_peer(tls="good")
    client = make_client(lookup=None)
    with pytest.raises(ClientError) as failed:
        await client.get(f"https://{name}:{canary.port}/canary", headers={})
    assert failed.value.reason in {"refused_address", "dns"}
    assert canary.connections == 0


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_to_private_addresses_are_refused(
    start_peer: StartPeer, make_client: MakeClient, status: int, signed: bool
) -> None:
    # SEC-058: permitted first host, private target, also during a signed GET
    public, canary = await start_peer("127.0.0.2"), await start_peer("127.0.0.3")
    client = make_client("127.0.0.2/32", names={"inside.example": ["127.0.0.3"]})
    shown: list[str] = []

    async def sign(_method: str, url: str, _body: bytes | None) -> dict[str, str]:
        shown.append(url)
        return {"Signature": "s"}

    for location in (
        canary.origin + "/canary",
        f"//127.0.0.3:{canary.port}/canary",
        f"https://inside.example:{canary.port}/canary",
        f"http://[::ffff:127.0.0.3]:{canary.port}/canary",
        f"http://127.3:{canary.port}/canary",
        "http://169.254.169.254/latest/meta-data",
    ):
        url = public.redirects("/r", location, status)
        with pytest.raises(ClientError) as failed:
            await client.get(url, headers={}, sign=sign if signed else None)
        assert failed.value.reason == "refused_address"
    assert canary.connections == 0
    # A hop that is named is refused only once it is resolved, so it may have been signed for.
    assert not any("127" in url and "127.0.0.2" not in url for url in shown)
    onward = public.redirects("/r", public.says("/final", {}), status)
    assert (await client.get(onward, headers={}, sign=sign if signed else None)).status == 200


@pytest.mark.parametrize(
    "location",
    [
        *("ftp://127.0.0.2/x", "file:///etc/passwd", "gopher://127.0.0.2/", "data:,x"),
        *("javascript:alert(1)", "https://user:pw@127.0.0.2/", "https://", "http://127.0.0.2:0/"),
        *("http://127.0.0.2:99999/", "http:\\\\127.0.0.3\\", "//[::1", "https://a b/"),
    ],
)
async def test_redirects_that_lead_to_no_web_address_are_refused(
    start_peer: StartPeer, make_client: MakeClient, location: str
) -> None:
    public = await start_peer("127.0.0.2")
    url = public.redirects("/r", location)
    with pytest.raises(ClientError) as failed:
        await make_client("127.0.0.2/32").get(url, headers={})
    assert failed.value.reason == "refused_address"
    assert public.targets == ["/r"]


@pytest.mark.parametrize(
    "url",
    [
        *("", "x", "/inbox", "ftp://good.example/", "file:///etc/passwd", "http:///x"),
        *("https://user@good.example/", "https://u:p@good.example/", "https://@good.example/"),
        *("https://good.example:0/", "https://good.example:65536/", "https://good.example:8a/"),
        *("https://good.example\\@127.0.0.1/", "https://good.example\t/", "https://good.example /"),
        *(
            "https://good.example/a\r\nHost: evil.example",
            "https://good.example/\x00",
            "https://[::1",
        ),
        *("https://good%2eexample/", "https://good..example/", "https://.example/", "//x.example/"),
        "https://good.example/" + "a" * 5000,
    ],
)
async def test_what_is_no_web_address_is_never_asked(make_client: MakeClient, url: str) -> None:
    client = make_client("0.0.0.0/0", names={})
    await refused(client, url)
    with pytest.raises(ClientError) as failed:
        await client.get("https://good.example/", headers={})
    assert failed.value.reason == "dns"


async def test_plain_http_goes_to_loopback_literals_of_a_loopback_node_only(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    # SEC-026: no fallback to http in production
    names = {"good.example": ["127.0.0.1"]}
    peer = await start_peer()
    url = peer.says("/x", {})
    named = f"http://good.example:{peer.port}/x"
    await refused(make_client("127.0.0.0/8", names=names, allow_http=False), url)
    await refused(make_client("127.0.0.0/8", names=names, allow_http=False), named)
    await refused(make_client("127.0.0.0/8", names=names, allow_http=True), named)
    await refused(make_client("10.0.0.0/8", allow_http=True), "http://10.0.0.1/")
    assert peer.connections == 0
    assert (await make_client("127.0.0.0/8", allow_http=True).get(url, headers={})).status == 200


async def test_https_is_not_left_by_a_redirect(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    secure, plain = await start_peer(tls="good"), await start_peer("127.0.0.3")
    client = make_client("127.0.0.1/32", names={"good.example": ["127.0.0.1"]})
    secure.redirects("/r", f"http://good.example:{secure.port}/x")
    with pytest.raises(ClientError) as failed:
        await client.get(f"https://good.example:{secure.port}/r", headers={})
    assert failed.value.reason == "refused_address"
    assert plain.connections == 0
    secure.redirects("/r", "/x")
    secure.says("/x", {})
    assert (await client.get(f"https://good.example:{secure.port}/r", headers={})).status == 200


async def test_the_resolver_gives_exactly_the_judged_addresses() -> None:
    async def lookup(name: str) -> list[str]:
        assert name == "good.example"
        return ["93.184.216.34", "2606:4700::1111"]

    resolver = CheckedResolver(Networks(), lookup)
    found = await resolver.resolve("good.example.", 443)
    assert [(one["host"], one["port"]) for one in found] == [
        ("93.184.216.34", 443),
        ("2606:4700::1111", 443),
    ]
    await resolver.close()


async def test_the_system_is_asked_for_names_that_it_knows() -> None:
    resolver = CheckedResolver(Networks(["127.0.0.0/8", "::1/128"]))
    assert {one["host"] for one in await resolver.resolve("localhost", 80)} <= {"127.0.0.1", "::1"}
    with pytest.raises(OSError, match="not permitted"):
        await CheckedResolver(Networks()).resolve("localhost", 80)
    await resolver.close()
    await resolver.close()
