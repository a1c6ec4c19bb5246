"""What holds for every request: Host, sizes, rates, headers, and errors in the right form."""

import asyncio
from typing import Any

import orjson
import pytest

from federation.errors import TooMany
from federation.node import Limits
from federation.options import Options, RatesOptions
from maillage import protocol
from tests.conftest import FakeClock
from tests.serving import Running, Start
from tests.web.conftest import Reply, ask
from web.addresses import Addresses, grouped
from web.rates import PER_ADDRESS, Rate, Rates


async def raw(running: Running, request: bytes) -> bytes:
    """Send bytes as they are and read until the other side closes."""
    port = int(running.origin.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()


async def test_another_host_is_misdirected(start_node: Start) -> None:
    node = await start_node()
    for path in ("/actor", "/inbox", "/api/v1/instance", "/", "/.well-known/nodeinfo"):
        for host in ("evil.example", "127.0.0.1:1", "127.0.0.1.evil.example"):
            reply = await ask(node, "GET", path, headers={"Host": host, "Accept-Language": "en"})
            assert reply.status == 421, (path, host)
            assert b"evil" not in reply.body or b"evil.example is not served" in reply.body
    for host in (node.node.host, "127.0.0.1"):
        assert (await ask(node, "GET", "/actor", headers={"Host": host})).status == 200
    assert (await ask(node, "GET", "/healthz", headers={"Host": "10.0.0.3"})).status == 200
    forwarded = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    assert b"evil" not in (await ask(node, "GET", "/actor", headers=forwarded)).body


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET /actor HTTP/1.1\r\nHost: %h\r\nHost: %h\r\n",
        b"GET /actor HTTP/1.1\r\n",
        b"POST /inbox HTTP/1.1\r\nHost: %h\r\nContent-Length: 3\r\nContent-Length: 4\r\n",
        b"POST /inbox HTTP/1.1\r\nHost: %h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        b"GET /actor HTTP/1.1\r\nHost: %h\r\nX: a\r\n b\r\n",
    ],
    ids=["two hosts", "no host", "two lengths", "length and chunked", "folded"],
)
async def test_ambiguous_requests_are_refused(start_node: Start, request_head: bytes) -> None:
    """SEC-217."""
    node = await start_node()
    head = request_head.replace(b"%h", node.node.host.encode())
    reply = await raw(node, head + b"Connection: close\r\n\r\nabc")
    assert reply.startswith(b"HTTP/1.1 400"), reply[:200]


async def test_every_answer_has_the_protecting_headers(start_node: Start) -> None:
    node = await start_node()
    for path in ("/actor", "/users/1", "/api/v1/instance", "/api/nothing", "/nothing", "/healthz"):
        reply = await ask(node, "GET", path)
        assert reply.headers["x-content-type-options"] == "nosniff", path
        assert reply.headers["x-frame-options"] == "DENY"
        policy = reply.headers["content-security-policy"]
        assert "unsafe-inline" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "server" not in reply.headers
    secure = await start_node()
    assert "strict-transport-security" not in (await ask(secure, "GET", "/actor")).headers


async def test_errors_speak_to_who_reads_them(start_node: Start) -> None:
    node = await start_node()
    api = await ask(node, "GET", "/api/v1/does/not/exist")
    assert api.status == 404
    assert orjson.loads(api.body) == {"error": "Record not found"}
    assert api.headers["access-control-allow-origin"] == "*"
    wrong_method = await ask(node, "DELETE", "/api/v1/instance")
    assert wrong_method.status == 404
    for language, word in (("fr", "page"), ("en", "page")):
        page = await ask(node, "GET", "/rien", headers={"Accept-Language": language})
        assert page.status == 404
        assert f'lang="{language}"'.encode() in page.body
        assert word.encode() in page.body.lower()
    # What the gate itself refuses looks like every other page, and says nothing of who asked.
    browser = {"Accept": "text/html", "Accept-Language": "fr"}
    gone = [await ask(node, "GET", f"/users/{n}", headers=browser) for n in (1, 2)]
    assert gone[0].status == gone[1].status
    assert gone[0].body == gone[1].body
    other = await ask(node, "GET", "/", headers={**browser, "Host": "evil.example"})
    assert other.status == 421
    for page in (*gone, other):
        assert b'<link rel="stylesheet" href="/static/maillage.css">' in page.body
        assert b"<h1" in page.body
        assert "set-cookie" not in page.headers
    for path in ("/api/v1/../../admin", "/api/v1/%2e%2e/%2e%2e/admin", "//api//v1", "/a;b"):
        assert (await ask(node, "GET", node.origin + path)).status == 404


async def test_pages_of_other_origins_may_use_the_api(start_node: Start) -> None:
    node = await start_node()
    asked = {
        "Origin": "https://client.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, idempotency-key",
    }
    for path in ("/api/v1/statuses", "/oauth/token", "/.well-known/webfinger", "/nodeinfo/2.0"):
        reply = await ask(node, "OPTIONS", path, headers=asked)
        assert reply.status == 204, path
        assert reply.headers["access-control-allow-origin"] == "*"
        assert reply.headers["access-control-allow-headers"] == "authorization, idempotency-key"
        assert "PATCH" in reply.headers["access-control-allow-methods"]
        assert "access-control-allow-credentials" not in reply.headers
    unauthorised = await ask(node, "GET", "/api/v1/accounts/verify_credentials")
    assert unauthorised.status == 401
    assert "Link" in unauthorised.headers["access-control-expose-headers"]
    page = await ask(node, "GET", "/", headers=asked)
    assert "access-control-allow-origin" not in page.headers


async def test_large_bodies_are_refused(start_node: Start) -> None:
    node = await start_node(limits=Limits(body_bytes_max=20_000))
    announced = await raw(
        node,
        f"POST /api/v1/statuses HTTP/1.1\r\nHost: {node.node.host}\r\nConnection: close\r\n"
        "Content-Length: 20001\r\n\r\n".encode(),
    )
    assert announced.startswith(b"HTTP/1.1 413")

    async def chunks() -> Any:
        for _ in range(5):
            yield b"a=" + b"x" * 9_000

    for path in ("/api/v1/apps", "/oauth/token"):
        reply = await ask(
            node,
            "POST",
            path,
            data=chunks(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert reply.status == 413, (path, reply)


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke", "/oauth/userinfo"])
async def test_a_slash_at_the_end_changes_nothing(start_node: Start, path: str) -> None:
    node = await start_node()
    replies = [await ask(node, "POST", path + end) for end in ("", "/")]
    assert replies[0].status == replies[1].status in (400, 401)
    assert orjson.loads(replies[0].body) == orjson.loads(replies[1].body)
    for reply in replies:
        assert reply.headers["access-control-allow-origin"] == "*"
    for method in ("GET", "POST"):
        pages = [await ask(node, method, f"/oauth/authorize{end}") for end in ("", "/")]
        assert pages[0].status == pages[1].status in (400, 415)
    assert (await ask(node, "GET", "/api/v2/instance/")).status == 200


async def test_an_address_has_one_bucket_whatever_it_asks(start_node: Start) -> None:
    """SEC-153, SEC-158: neither headers nor spellings of a path give another bucket."""
    node = await start_node()
    paths = ["/api/v1/instance", "/api/v2/instance", "/api/v1/instance.json", "/api/v1/instance/"]
    headers = ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Client-IP"]
    replies: list[Reply] = []
    for number in range(8):
        reply = await ask(
            node,
            "GET",
            paths[number % 4],
            headers={
                headers[number % 4]: f"10.1.1.{number}",
                "Authorization": f"Bearer made-up-token-number-{number}",
            },
        )
        replies.append(reply)
    left = [int(reply.headers["x-ratelimit-remaining"]) for reply in replies]
    assert left == list(range(299, 291, -1))
    assert replies[0].headers["x-ratelimit-limit"] == "300"
    assert replies[0].headers["x-ratelimit-reset"].endswith("Z")


async def test_too_many_is_429_with_retry_after_and_can_be_switched_off(
    start_node: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.app.REFUSED_PER_ADDRESS", Rate(3, 300_000))
    node = await start_node(options=Options(rates=RatesOptions(per_address=3)))
    replies = [await ask(node, "GET", "/api/v1/instance") for _ in range(4)]
    assert [reply.status for reply in replies] == [200, 200, 200, 429]
    assert int(replies[3].headers["retry-after"]) > 0
    assert replies[3].headers["x-ratelimit-remaining"] == "0"
    assert "error" in orjson.loads(replies[3].body)
    assert replies[3].headers["access-control-allow-origin"] == "*"
    refused = [await ask(node, "GET", "/users/1") for _ in range(4)]
    assert [reply.status for reply in refused] == [401, 401, 401, 429]
    free = await start_node(limits=Limits(rate_limits=False))
    assert {(await ask(free, "GET", "/api/v1/instance")).status for _ in range(6)} == {200}


def test_buckets_fill_again_steadily(clock: FakeClock) -> None:
    rates = Rates(clock)
    for left in range(299, -1, -1):
        assert rates.spend("a", PER_ADDRESS).left == left
    with pytest.raises(TooMany) as refused:
        rates.spend("a", PER_ADDRESS)
    assert refused.value.retry_after_s == 2
    rates.spend("b", PER_ADDRESS)
    clock.advance(2)
    assert rates.spend("a", PER_ADDRESS).left == 1
    clock.advance(600)
    assert rates.spend("a", PER_ADDRESS).left == 299


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "expected"),
    [
        ((), "10.0.0.1", "1.2.3.4", "10.0.0.1"),
        (("10.0.0.1",), "10.0.0.1", "1.2.3.4", "1.2.3.4"),
        (("10.0.0.1",), "10.0.0.2", "1.2.3.4", "10.0.0.2"),
        (("10.0.0.0/8",), "10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"),
        (("10.0.0.1",), "10.0.0.1", "garbage", "10.0.0.1"),
        (("10.0.0.1",), "10.0.0.1", "", "10.0.0.1"),
        (("::1",), "::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_only_a_trusted_proxy_speaks_for_others(
    trusted: tuple[str, ...], peer: str, forwarded: str, expected: str
) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    scope = {"client": (peer, 1), "headers": headers}
    assert Addresses(trusted).of(scope) == expected
    assert grouped("::ffff:10.0.0.1") == "10.0.0.1"


async def test_slow_heads_are_closed_and_others_served(
    start_node: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC-103, REL-037."""
    monkeypatch.setattr(protocol, "HEAD_S", 0.5)
    node = await start_node()
    port = int(node.origin.rpartition(":")[2])
    slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(100)]
    for _, writer in slow:
        writer.write(b"GET /actor HTTP/1.1\r\nHo")
    assert (await ask(node, "GET", "/healthz")).status == 200
    async with asyncio.timeout(5):
        ends = await asyncio.gather(*(reader.read() for reader, _ in slow))
    assert all(end == b"" for end in ends)
    for _, writer in slow:
        writer.close()
    assert (await ask(node, "GET", "/actor")).status == 200


async def test_a_slow_body_ends_with_408(
    start_node: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.raw.BODY_DEADLINE_S", 0.3)
    node = await start_node(federation_mode="open")
    head = (
        f"POST /inbox HTTP/1.1\r\nHost: {node.node.host}\r\nConnection: close\r\n"
        "Content-Type: application/activity+json\r\nContent-Length: 9\r\n"
        'Signature: keyId="http://127.0.0.1:9/actor#main-key",signature="aa"\r\n\r\n{'
    )
    assert (await raw(node, head.encode())).startswith(b"HTTP/1.1 408")
