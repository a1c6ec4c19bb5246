"""What an answer may cost: time, bytes, headers; and the outgoing proxy."""

import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable

import pytest

from federation.client_errors import ClientError
from tests.federation.other_machines import Asked, MakeClient, StartPeer

LOOPBACK = "127.0.0.0/8"
Behaviour = Callable[[object, asyncio.StreamWriter], Awaitable[None]]
JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\n"


async def reason(asking: Awaitable[object]) -> str:
    with pytest.raises(ClientError) as failed:
        await asking
    return failed.value.reason


async def dripping(_asked: object, writer: asyncio.StreamWriter) -> None:
    """Say a byte now and then, for ever: no single read ever times out."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.02)


async def dripping_headers(_asked: object, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.02)


async def silent(_asked: object, _writer: object) -> None:
    await asyncio.sleep(60)


@pytest.mark.parametrize("behaviour", [dripping, dripping_headers, silent])
async def test_the_whole_fetch_has_one_deadline(
    start_peer: StartPeer, make_client: MakeClient, behaviour: Behaviour
) -> None:
    # SEC-082
    peer = await start_peer()
    client = make_client(LOOPBACK)
    url = peer.sends("/slow", behaviour)
    started = time.monotonic()
    assert await reason(client.get(url, headers={}, deadline_s=0.2)) == "timeout"
    assert time.monotonic() - started < 5
    assert (await client.get(peer.says("/x", {}), headers={}, deadline_s=5)).status == 200


@pytest.mark.parametrize("behaviour", [dripping_headers, silent])
async def test_a_delivery_has_one_deadline(
    start_peer: StartPeer, make_client: MakeClient, behaviour: Behaviour
) -> None:
    # SEC-082
    peer = await start_peer()
    client = make_client(LOOPBACK)
    url = peer.sends("/inbox", behaviour)
    started = time.monotonic()
    assert await reason(client.post(url, body=b"{}", headers={}, deadline_s=0.2)) == "timeout"
    assert time.monotonic() - started < 5
    url = peer.sends("/inbox", b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
    assert (await client.post(url, body=b"{}", headers={}, deadline_s=5)).status == 202


async def test_the_deadline_covers_all_hops_and_the_signatures(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer = await start_peer()

    async def slow_redirect(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.15)
        location = f"/{int(asked.target[1:]) + 1}".encode()
        writer.write(b"HTTP/1.1 302 F\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n")

    peer.sends("*", slow_redirect)
    client = make_client(LOOPBACK)
    asking = client.get(peer.origin + "/1", headers={}, deadline_s=0.4, redirects=20)
    assert await reason(asking) == "timeout"

    async def slow_signature(*_: object) -> dict[str, str]:
        await asyncio.sleep(5)
        return {}

    url = peer.says("/x", {})
    assert await reason(client.get(url, headers={}, sign=slow_signature, deadline_s=0.1)) == (
        "timeout"
    )


async def test_a_status_is_worth_more_than_the_rest_of_its_body(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer = await start_peer()

    async def accepted_then_drips(_asked: object, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 9\r\n\r\nok")
        await asyncio.sleep(60)

    async def refused_then_breaks(_asked: object, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nno")
        await writer.drain()
        writer.close()

    client = make_client(LOOPBACK)
    for behaviour, expected in (
        (accepted_then_drips, (202, b"ok")),
        (refused_then_breaks, (403, b"no")),
    ):
        url = peer.sends("/inbox", behaviour)
        answer = await client.post(url, body=b"{}", headers={})
        assert (answer.status, answer.body) == expected


async def test_of_a_refusal_only_the_beginning_is_kept(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer = await start_peer()
    client = make_client(LOOPBACK)
    for length in (10, 30_000):
        url = peer.sends(
            "/inbox", b"HTTP/1.1 500 E\r\nContent-Length: %d\r\n\r\n" % length + b"e" * length
        )
        assert (await client.post(url, body=b"{}", headers={})).body == b"e" * min(length, 2000)
        assert (await client.get(url, headers={})).body == b"e" * min(length, 2000)
    assert peer.connections == 1


async def endless(_asked: object, writer: asyncio.StreamWriter) -> None:
    writer.write(JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")
        await writer.drain()


async def endless_until_closed(_asked: object, writer: asyncio.StreamWriter) -> None:
    writer.write(JSON_HEAD + b"Connection: close\r\n\r\n")
    while True:
        writer.write(b"a" * 0x10000)
        await writer.drain()


@pytest.mark.parametrize("behaviour", [endless, endless_until_closed])
async def test_an_endless_body_is_left(
    start_peer: StartPeer, make_client: MakeClient, behaviour: Behaviour
) -> None:
    # SEC-098
    peer = await start_peer()
    client = make_client(LOOPBACK)
    assert await reason(client.get(peer.sends("/x", behaviour), headers={})) == "too_large"
    # A refusal or a delivery is answered by its status; its endless body is not waited for.
    assert (await client.post(peer.origin + "/x", body=b"", headers={})).status == 200


async def test_a_huge_announced_length_is_not_begun(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    # SEC-098
    peer = await start_peer()
    url = peer.sends("/x", JSON_HEAD + b"Content-Length: 10000000000\r\n\r\n{")
    client = make_client(LOOPBACK)
    assert await reason(client.get(url, headers={}, deadline_s=2)) == "too_large"


async def test_the_limit_is_exact(start_peer: StartPeer, make_client: MakeClient) -> None:
    peer = await start_peer()
    client = make_client(LOOPBACK)
    at = peer.sends("/at", JSON_HEAD + b"Content-Length: 1000\r\n\r\n" + b"a" * 1000)
    over = peer.sends("/over", JSON_HEAD + b"Content-Length: 1001\r\n\r\n" + b"a" * 1001)
    assert len((await client.get(at, headers={}, limit_bytes=1000)).body) == 1000
    assert await reason(client.get(over, headers={}, limit_bytes=1000)) == "too_large"


def zipped(body: bytes) -> bytes:
    packed = gzip.compress(body, compresslevel=1)
    head = JSON_HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    return head + packed


async def test_a_gzip_bomb_is_counted_unpacked(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    # SEC-098
    peer = await start_peer()
    client = make_client(LOOPBACK)
    packed = zipped(b"\0" * 200_000_000)
    started = time.process_time()
    gzip.decompress(packed.partition(b"\r\n\r\n")[2])
    whole_s = time.process_time() - started
    bomb = peer.sends("/bomb", packed)
    started = time.process_time()
    assert await reason(client.get(bomb, headers={})) == "too_large"
    assert (await client.post(bomb, body=b"", headers={})).status == 200
    assert time.process_time() - started < whole_s / 2
    honest = peer.sends("/x", zipped(b'{"id":1}' + b" " * 500_000))
    assert len((await client.get(honest, headers={})).body) == 500_008
    assert peer.hits[0].headers["accept-encoding"] == "gzip"


async def test_a_body_that_is_not_what_it_says_is_broken(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer = await start_peer()
    client = make_client(LOOPBACK)
    for encoding in (b"gzip", b"deflate", b"br", b"zstd"):
        said = b"Content-Encoding: " + encoding + b"\r\nContent-Length: 4\r\n\r\nnope"
        url = peer.sends("/x", JSON_HEAD + said)
        assert await reason(client.get(url, headers={})) == "broken"

    async def cut(_asked: object, writer: asyncio.StreamWriter) -> None:
        writer.write(JSON_HEAD + b"Content-Length: 100\r\n\r\n{}")
        await writer.drain()
        writer.close()

    assert await reason(client.get(peer.sends("/x", cut), headers={})) == "broken"
    assert (await client.get(peer.says("/x", {}), headers={})).body == b"{}"


@pytest.mark.parametrize(
    "lines",
    [
        b"X-Long: " + b"a" * 20_000 + b"\r\n",
        b"".join(b"X-%d: a\r\n" % number for number in range(500)),
        b"Content-Length: 2\r\nContent-Length: 3\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
    ],
)
async def test_headers_are_bounded_and_unambiguous(
    start_peer: StartPeer, make_client: MakeClient, lines: bytes
) -> None:
    peer = await start_peer()
    url = peer.sends("/x", JSON_HEAD + lines + b"Connection: close\r\n\r\n{}")
    assert await reason(make_client(LOOPBACK).get(url, headers={}, deadline_s=2)) == "broken"
    fine = peer.sends("/x", JSON_HEAD + b"X-Short: a\r\nContent-Length: 2\r\n\r\n{}")
    assert (await make_client(LOOPBACK).get(fine, headers={})).body == b"{}"


async def proxy_at(asked_for: list[str], port: int) -> asyncio.Server:
    """Start an HTTP proxy that leads every tunnel to one port of this machine."""

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked_for.append(head.decode().partition("\r\n")[0])
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await asyncio.gather(pump(reader, there_writer), pump(there_reader, writer))

    return await asyncio.start_server(serve, "127.0.0.1", 0)


async def test_with_a_proxy_it_resolves_and_literals_are_still_judged(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer = await start_peer(tls="good")
    peer.says("/x", {})
    peer.redirects("/inside", "https://10.0.0.1/canary")
    asked_for: list[str] = []
    proxy = await proxy_at(asked_for, peer.port)
    url = f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
    # The proxy is the operator's choice: no range has to be named for it.
    client = make_client(proxy=url, names={})
    assert (await client.get("https://good.example/x", headers={})).status == 200
    assert asked_for == ["CONNECT good.example:443 HTTP/1.1"]
    for refused in ("https://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/"):
        assert await reason(client.get(refused, headers={})) == "refused_address"
    inside = "https://good.example/inside"
    assert await reason(client.get(inside, headers={})) == "refused_address"
    assert await reason(client.get("https://wrong.name.test/x", headers={})) == "tls"
    assert all("10.0.0.1" not in line for line in asked_for)
    await client.close()
    proxy.close()
    await proxy.wait_closed()


async def test_a_proxy_that_is_away_or_refuses_is_a_failed_connection(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    peer = await start_peer()
    peer.sends("*", b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
    for proxy in ("http://127.0.0.1:1", peer.origin):
        client = make_client(proxy=proxy)
        assert await reason(client.get("https://good.example/x", headers={})) == "connect"
