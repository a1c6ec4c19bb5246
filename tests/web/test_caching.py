"""What may be kept by others, what may not, and who is counted where."""

from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from federation.node import Node
from federation.options import Options, RatesOptions
from tests.conftest import FakeClock
from tests.serving import Start
from tests.web.conftest import ask
from web.addresses import Addresses
from web.buckets import Buckets
from web.caching import OPEN_PATHS, has_tag, tag_of
from web.rates import Over, Rates
from web.security import common_headers
from web.tokens import Token

AUTHORISED = {"Authorization": "Bearer made-up-token-that-is-none"}


async def test_what_is_everybodys_has_a_tag_and_need_not_come_twice(start_node: Start) -> None:
    node = await start_node(federation_mode="open")
    paths = [
        "/api/v1/instance",
        "/api/v2/instance",
        "/api/v1/instance/rules",
        "/.well-known/oauth-authorization-server",
        "/.well-known/nodeinfo",
        "/nodeinfo/2.1",
        "/actor",
        "/static/maillage.css",
    ]
    for path in paths:
        first = await ask(node, "GET", path)
        assert first.status == 200, path
        assert first.headers["cache-control"].startswith("public, max-age="), path
        tag = first.headers["etag"]
        for given in (tag, f'W/{tag}, "other"', "*"):
            again = await ask(node, "GET", path, headers={"If-None-Match": given})
            assert (again.status, again.body) == (304, b""), (path, given)
            assert again.headers["etag"] == tag
        other = await ask(node, "GET", path, headers={"If-None-Match": '"other"'})
        assert (other.status, other.body) == (200, first.body)


async def test_what_depends_on_who_asks_is_kept_by_nobody(start_node: Start) -> None:
    node = await start_node(federation_mode="open")
    for path in ("/api/v1/timelines/public", "/api/v1/accounts/verify_credentials"):
        reply = await ask(node, "GET", path, headers={"If-None-Match": "*"})
        assert reply.status != 304
        assert reply.headers["cache-control"] == "private, no-store"
        assert "etag" not in reply.headers
    for path in ("/sign-in", "/password/forgotten"):
        assert (await ask(node, "GET", path)).headers["cache-control"] == "no-store"
    asked = await ask(node, "GET", "/api/v1/instance", headers=AUTHORISED)
    assert asked.headers["cache-control"] == "private, no-store"
    missing = await ask(node, "GET", "/api/v1/instance/nothing")
    assert "etag" not in missing.headers
    assert all(path.startswith(("/api/", "/.well-known/")) for path in OPEN_PATHS)


def test_an_unlisted_proxy_is_told_of_once(node: Node) -> None:
    """SEC-153, SEC-154: its headers count for nothing until the settings name it."""
    scope: dict[str, Any] = {
        "client": ("10.0.0.9", 1),
        "headers": [(b"x-forwarded-for", b"203.0.113.7")],
    }
    with capture_logs() as logs:
        for trusted, expected in (((), "10.0.0.9"), (("10.0.0.1",), "10.0.0.9")):
            addresses = Addresses(trusted)
            assert [addresses.of(scope) for _ in range(3)] == [expected] * 3
        assert Addresses(("10.0.0.9",)).of(scope) == "203.0.113.7"
    assert [line["event"] for line in logs] == ["proxy.not_trusted"] * 2
    assert node.trusted_proxies == ()


def test_only_https_is_asked_for_again_as_https(node: Node) -> None:
    names = {name for name, _ in common_headers(replace(node, origin="https://site.example"))}
    assert b"strict-transport-security" in names
    assert b"strict-transport-security" not in {name for name, _ in common_headers(node)}


@pytest.mark.parametrize(
    ("given", "expected"), [('"a", {}', True), ("{}x", False), ("", False), ("W/{}", True)]
)
def test_tags_are_compared_as_the_header_says(given: str, expected: bool) -> None:
    tag = tag_of(b"body")
    assert has_tag(given.replace("{}", tag.decode()), tag) is expected


def token(token_id: int, account_id: int | None = 1) -> Token:
    return Token(
        token_id=token_id,
        application_id=1,
        account_id=account_id,
        actor_id=account_id,
        scopes=frozenset({"read"}),
        is_guest=False,
        locale=None,
        role=None,
        is_disabled=False,
    )


@pytest.mark.parametrize(
    ("method", "path", "query", "expected"),
    [
        ("GET", "/api/v1/statuses/1", b"", {"token:5": 300, "person:1": 1500}),
        (
            "POST",
            "/api/v2/media",
            b"",
            {"token:5": 300, "person:1": 1500, "media:person:1": 30},
        ),
        (
            "DELETE",
            "/api/v1/statuses/12",
            b"",
            {"token:5": 300, "person:1": 1500, "deletions:person:1": 30},
        ),
        (
            "POST",
            "/api/v1/statuses/12/unreblog",
            b"",
            {"token:5": 300, "person:1": 1500, "deletions:person:1": 30},
        ),
        (
            "GET",
            "/api/v1/timelines/home",
            b"limit=40&max%5Fid=3",
            {"token:5": 300, "person:1": 1500, "paging:person:1": 300},
        ),
    ],
)
def test_each_call_is_counted_where_mastodon_counts_it(
    method: str, path: str, query: bytes, expected: dict[str, int]
) -> None:
    found = Buckets(RatesOptions()).of_call(method, path, query, "10.0.0.1", token(5))
    assert {name: rate.requests for name, rate in found} == expected


def test_who_has_no_token_is_counted_by_address() -> None:
    buckets = Buckets(RatesOptions())
    found = dict(buckets.of_call("GET", "/api/v1/x", b"max_id=1", "10.0.0.1", None))
    assert set(found) == {"address:10.0.0.1", "paging:address:10.0.0.1"}
    own = dict(buckets.of_call("GET", "/api/v1/x", b"", "10.0.0.1", token(7, None)))
    assert set(own) == {"token:7"}


def test_an_empty_bucket_refuses_and_none_is_drawn_from(clock: FakeClock) -> None:
    rates = Rates(clock)
    buckets = Buckets(RatesOptions(media=2))

    def spend(path: str) -> Any:
        return rates.spend_all(buckets.of_call("POST", path, b"", "10.0.0.1", token(5)))

    assert spend("/api/v2/media").left == 1
    assert spend("/api/v1/media").left == 0
    with pytest.raises(Over) as over:
        spend("/api/v2/media")
    assert (over.value.state.limit, over.value.state.left) == (2, 0)
    assert dict(over.value.state.headers())[b"x-ratelimit-remaining"] == b"0"
    assert spend("/api/v1/statuses").left == 297


async def test_the_settings_size_the_buckets(start_node: Start) -> None:
    node = await start_node(options=Options(rates=RatesOptions(per_address=7)))
    assert (await ask(node, "GET", "/api/v1/instance")).headers["x-ratelimit-limit"] == "7"
