"""The guarded client as its callers know it: asking, signing, redirects, connections, TLS."""

import asyncio
from collections.abc import Awaitable

import pytest

from federation.client import GuardedClient, Signer
from federation.client_errors import ClientError
from federation.errors import Malformed
from federation.networks import Networks
from tests.federation.other_machines import Asked, MakeClient, Reply, StartPeer

NOBODY = Networks()
LOOPBACK = "127.0.0.0/8"
ACCEPT = {"Accept": "application/activity+json"}


def recording_signer(signed: list[tuple[str, str, bytes | None]]) -> Signer:
    async def sign(method: str, url: str, body: bytes | None) -> dict[str, str]:
        signed.append((method, url, body))
        return {"Signature": f"for {url}", "Date": "Tue, 20 Apr 2021 02:07:55 GMT"}

    return sign


async def reason(answer: Awaitable[object]) -> str:
    with pytest.raises(ClientError) as failed:
        await answer
    return failed.value.reason


async def test_a_get_is_signed_and_answers_with_the_document(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer = await start_peer()
    url = peer.says("/u?b=2&a=%7E1", {"id": "x"})
    signed: list[tuple[str, str, bytes | None]] = []
    answer = await make_client(LOOPBACK).get(url, headers=ACCEPT, sign=recording_signer(signed))
    assert (answer.status, answer.url, answer.body) == (200, url, b'{"id":"x"}')
    assert answer.headers["content-type"] == "application/activity+json"
    assert signed == [("GET", url, None)]
    (asked,) = peer.hits
    assert (asked.method, asked.target) == ("GET", "/u?b=2&a=%7E1")
    assert asked.headers["accept"] == "application/activity+json"
    assert asked.headers["user-agent"] == "tests"
    assert asked.headers["signature"] == f"for {url}"
    assert asked.headers["host"] == peer.authority


async def test_without_a_signer_nothing_is_signed(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer = await start_peer()
    await make_client(LOOPBACK).get(peer.says("/u", {}), headers=ACCEPT)
    assert "signature" not in peer.hits[0].headers


@pytest.mark.parametrize(
    "path", ["/a/../b", "/%7Eme", "/a%2fb", "/x?y=%20+%C3%A9&z", "/@me@else.example", "/a;b=c,d"]
)
async def test_what_is_signed_is_what_is_sent(
    start_peer: StartPeer, make_client: MakeClient, path: str
) -> None:
    peer = await start_peer()
    signed: list[tuple[str, str, bytes | None]] = []
    await make_client(LOOPBACK).get(
        peer.origin + path + "#part", headers=ACCEPT, sign=recording_signer(signed)
    )
    assert signed[0][1] == peer.origin + path
    assert peer.targets == [path]


async def test_a_post_sends_body_and_headers_as_given(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer = await start_peer()
    url = peer.sends("/inbox", b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok")
    headers = {"Content-Type": "application/activity+json", "Digest": "SHA-256=x"}
    answer = await make_client(LOOPBACK).post(url, body=b'{"a":1}', headers=headers)
    assert (answer.status, answer.body) == (202, b"ok")
    (asked,) = peer.hits
    assert (asked.method, asked.body) == ("POST", b'{"a":1}')
    assert asked.headers["content-type"] == "application/activity+json"
    assert asked.headers["digest"] == "SHA-256=x"


async def test_a_post_never_follows_a_redirect(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer, other = await start_peer(), await start_peer()
    for status in (301, 302, 303, 307, 308):
        url = peer.redirects("/inbox", other.origin + "/inbox", status)
        answer = await make_client(LOOPBACK).post(url, body=b"{}", headers={})
        assert answer.status == status
        assert answer.headers["Location"] == other.origin + "/inbox"
    assert other.hits == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_each_hop_of_a_get_is_signed_for_its_own_host(
    start_peer: StartPeer, make_client: MakeClient, status: int
) -> None:
    first, second = await start_peer(), await start_peer()
    final = second.says("/actor", {"id": "x"})
    url = first.redirects("/old", final, status)
    signed: list[tuple[str, str, bytes | None]] = []
    headers = {**ACCEPT, "Authorization": "Bearer secret", "Cookie": "a=b", "X-Kind": "kept"}
    answer = await make_client(LOOPBACK).get(url, headers=headers, sign=recording_signer(signed))
    assert (answer.status, answer.url) == (200, final)
    assert [asked_url for _, asked_url, _ in signed] == [url, final]
    assert first.hits[0].headers["authorization"] == "Bearer secret"
    seen = second.hits[0].headers
    assert seen["signature"] == f"for {final}"
    assert seen["host"] == second.authority
    assert seen["x-kind"] == "kept"
    assert "authorization" not in seen
    assert "cookie" not in seen


async def test_a_signature_given_as_a_header_stays_at_its_origin(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    first, second = await start_peer(), await start_peer()
    second.says("/new", {})
    first.redirects("/a", "/b")
    first.redirects("/b", second.origin + "/new")
    given = {"Signature": "mine", "SIGNATURE-INPUT": "mine", "Date": "now"}
    await make_client(LOOPBACK).get(first.origin + "/a", headers=given)
    assert [asked.headers.get("signature") for asked in first.hits] == ["mine", "mine"]
    assert not {"signature", "signature-input", "date"} & second.hits[0].headers.keys()


async def test_relative_redirects_and_their_limit(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer = await start_peer()
    client = make_client(LOOPBACK)
    for number in range(5):
        peer.redirects(f"/{number}", f"../{number + 1}?q#f")
        peer.replies[f"/{number}?q"] = peer.replies[f"/{number}"]
    peer.says("/3?q", {})
    assert (await client.get(peer.origin + "/0", headers={})).url == peer.origin + "/3?q"
    assert await reason(client.get(peer.origin + "/0", headers={}, redirects=2)) == "redirect"
    assert (await client.get(peer.origin + "/2", headers={}, redirects=1)).status == 200
    assert await reason(client.get(peer.origin + "/2", headers={}, redirects=0)) == "redirect"


async def test_redirects_in_a_circle_end(start_peer: StartPeer, make_client: MakeClient) -> None:
    # SEC-089
    peer = await start_peer()
    client = make_client(LOOPBACK)
    itself = peer.redirects("/key", peer.origin + "/key#main-key")
    assert await reason(client.get(itself, headers={}, redirects=50)) == "redirect"
    assert len(peer.hits) == 1
    peer.redirects("/a", "/b")
    peer.redirects("/b", "/a")
    assert await reason(client.get(peer.origin + "/a", headers={}, redirects=50)) == "redirect"
    assert peer.targets[1:] == ["/a", "/b"]


async def test_a_redirect_without_location_is_an_answer(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer = await start_peer()
    url = peer.sends("/x", b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")
    assert (await make_client(LOOPBACK).get(url, headers={})).status == 302


async def test_connections_are_kept_and_cookies_are_not(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer = await start_peer()
    said = b"HTTP/1.1 200 OK\r\nSet-Cookie: id=1; Path=/\r\nContent-Length: 0\r\n\r\n"
    url = peer.sends("/x", said)
    client = make_client(LOOPBACK)
    for _ in range(5):
        await client.get(url, headers={})
        await client.post(url, body=b"{}", headers={})
    assert peer.connections == 1
    assert all("cookie" not in asked.headers for asked in peer.hits)


async def test_at_most_two_connections_to_one_host(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer = await start_peer()

    async def slowly(_asked: object, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.02)
        writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")

    url = peer.sends("/inbox", slowly)
    client = make_client(LOOPBACK)
    await asyncio.gather(*(client.post(url, body=b"{}", headers={}) for _ in range(8)))
    assert peer.connections == 2


def closing_after(answers: int) -> Reply:
    """Answer the first requests of each connection, then close without a byte."""
    counts: dict[int, int] = {}

    async def reply(asked: Asked, writer: asyncio.StreamWriter) -> None:
        counts[asked.connection] = counts.get(asked.connection, 0) + 1
        if counts[asked.connection] > answers:
            writer.close()
        else:
            writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")

    return reply


async def test_a_dead_pooled_connection_is_replaced_once(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    # protocol: stale pooled connections fail, and that is no failure of the peer
    peer = await start_peer()
    url = peer.sends("/inbox", closing_after(1))
    client = make_client(LOOPBACK)
    for _ in range(3):
        assert (await client.post(url, body=b'{"a":1}', headers={})).status == 202
    assert [asked.body for asked in peer.hits] == [b'{"a":1}'] * len(peer.hits)
    peer.hits.clear()
    assert (await client.get(url, headers={})).status == 202


async def test_a_new_connection_that_breaks_is_a_failure(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer = await start_peer()
    url = peer.sends("/inbox", closing_after(0))
    client = make_client(LOOPBACK)
    assert await reason(client.post(url, body=b"{}", headers={})) == "broken"
    assert len(peer.hits) == 1


async def test_an_answer_that_has_begun_is_not_asked_for_again(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer = await start_peer()
    client = make_client(LOOPBACK)
    url = peer.says("/inbox", {})
    await client.post(url, body=b"{}", headers={})

    async def half(_asked: object, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Le")
        await writer.drain()
        writer.close()

    peer.sends("/inbox", half)
    assert await reason(client.post(url, body=b"{}", headers={})) == "broken"
    assert len(peer.hits) == 2


async def test_a_closed_client_opens_anew(start_peer: StartPeer, make_client: MakeClient) -> None:
    peer = await start_peer()
    client = make_client(LOOPBACK)
    url = peer.says("/x", {})
    await client.close()
    await client.get(url, headers={})
    await client.close()
    await client.get(url, headers={})
    assert peer.connections == 2


async def test_being_cancelled_is_not_an_answer(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer = await start_peer()
    arrived = asyncio.Event()

    async def never(_asked: object, _writer: object) -> None:
        arrived.set()
        await asyncio.sleep(60)

    client = make_client(LOOPBACK)
    for asking in (
        client.get(peer.sends("/x", never), headers={}),
        client.post(peer.sends("/x", never), body=b"", headers={}),
    ):
        arrived.clear()
        task = asyncio.create_task(asking)
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_only_a_certificate_that_holds_is_talked_to(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    # SEC-213: each refusal beside the same request with the certificate that is right
    names = {"good.example": ["127.0.0.1"], "deep.good.example": ["127.0.0.1"]}
    client = make_client(LOOPBACK, names=names)
    good = await start_peer(tls="good")
    good.says("/x", {})
    assert (await client.get(f"https://good.example:{good.port}/x", headers={})).status == 200
    wrong_name = f"https://deep.good.example:{good.port}/x"
    assert await reason(client.get(wrong_name, headers={})) == "tls"
    assert await reason(client.get(f"https://127.0.0.1:{good.port}/x", headers={})) == "tls"
    for kind in ("expired", "self-signed"):
        bad = await start_peer(tls=kind)
        url = f"https://good.example:{bad.port}/x"
        assert await reason(client.get(url, headers={})) == "tls"
        assert await reason(client.post(url, body=b"secret", headers={})) == "tls"
        assert bad.hits == []
    stranger = make_client(LOOPBACK, names=names, ca_file=None)
    assert await reason(stranger.get(f"https://good.example:{good.port}/x", headers={})) == "tls"
    assert len(good.hits) == 1


async def test_failures_to_connect_have_their_own_reasons(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    client = make_client(LOOPBACK, names={"empty.example": []})
    gone = await start_peer()
    assert await reason(client.get("https://unknown.example/", headers={})) == "dns"
    assert await reason(client.get("https://empty.example/", headers={})) == "dns"
    assert await reason(client.get("http://127.0.0.1:1/", headers={})) == "connect"
    garbage = gone.sends("/x", b"SSH-2.0-OpenSSH\r\n\r\n")
    assert await reason(client.get(garbage, headers={})) == "broken"


async def test_https_is_not_spoken_to_a_server_that_speaks_plainly(make_client: MakeClient) -> None:
    async def plainly(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(plainly, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = make_client(LOOPBACK)
    assert await reason(client.get(f"https://127.0.0.1:{port}/", headers={})) == "tls"
    assert (await client.get(f"http://127.0.0.1:{port}/", headers={})).status == 400
    server.close()
    await server.wait_closed()


async def test_errors_say_which_url_and_why(make_client: MakeClient) -> None:
    with pytest.raises(ClientError) as failed:
        await make_client().get("https://unknown.example/x", headers={})
    assert failed.value.code == "client.dns"
    assert failed.value.status == 503
    assert "https://unknown.example/x" in str(failed.value)


@pytest.mark.parametrize(
    ("authority", "origin"),
    [
        ("good.example", "https://good.example"),
        ("GOOD.example:8443", "https://good.example:8443"),
        ("bücher.example", "https://xn--bcher-kva.example"),
        ("127.0.0.1:8471", "http://127.0.0.1:8471"),
        ("127.0.0.1", "http://127.0.0.1"),
        ("[::1]:8471", "http://[::1]:8471"),
        ("localhost:8471", "https://localhost:8471"),
        ("10.0.0.1", "https://10.0.0.1"),
    ],
)
def test_handles_are_asked_about_over_https_but_on_loopback(authority: str, origin: str) -> None:
    def client(*, allow_http: bool) -> GuardedClient:
        return GuardedClient(networks=NOBODY, user_agent="tests", allow_http=allow_http)

    assert client(allow_http=True).origin_at(authority) == origin
    assert client(allow_http=False).origin_at(authority).startswith("https://")


def test_what_is_no_authority_is_malformed() -> None:
    client = GuardedClient(networks=NOBODY, user_agent="tests")
    for text in ("", "a b", "user@good.example", "good.example:0", "good.example:x", "127.1"):
        with pytest.raises(Malformed):
            client.origin_at(text)
