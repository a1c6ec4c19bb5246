"""Ids in fields and queries: what is somebody else's counts as what does not exist (SEC-161)."""

import re
from typing import Any

import pytest

from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.world import World
from tests.web.mastodon.owned_world import owned_world, rows_of
from tests.web.mastodon.push_service import PushService
from web.mastodon.routes import TABLE

STATUSES = "/api/v1/statuses"
LATER = {"scheduled_at": "2030-01-01T00:00:00Z"}
# What the caller may know, and what is hers: everything else is filled with ids of nothing.
KNOWN = ("alice", "mine", "my_list", "my_filter")
CASES: list[tuple[str, str, Any, int]] = [
    ("POST", STATUSES, {"status": "x", "in_reply_to_id": "{private}"}, 404),
    ("POST", STATUSES, {"status": "x", "quoted_status_id": "{private}"}, 404),
    ("POST", STATUSES, {"status": "x", "media_ids": ["{media}"]}, 422),
    ("POST", STATUSES, {"status": "x", "in_reply_to_id": "{direct}", **LATER}, 404),
    ("POST", STATUSES, {"status": "x", "quoted_status_id": "{direct}", **LATER}, 404),
    ("POST", STATUSES, {"status": "x", "media_ids": ["{media}"], **LATER}, 422),
    ("PUT", f"{STATUSES}/{{mine}}", {"status": "x", "media_ids": ["{media}"]}, 422),
    ("PUT", f"{STATUSES}/{{mine}}", {
        "status": "x", "media_attributes": [{"id": "{media}", "description": "y"}],
    }, 422),
    ("POST", "/api/v1/reports", {"account_id": "{alice}", "status_ids": ["{private}"]}, 404),
    ("POST", "/api/v2/filters/{my_filter}/statuses", {"status_id": "{private}"}, 404),
    ("PUT", "/api/v2/filters/{my_filter}", {
        "keywords_attributes": [{"id": "{keyword}", "keyword": "x"}],
    }, 404),
    ("PUT", "/api/v2/filters/{my_filter}", {
        "keywords_attributes": [{"id": "{keyword}", "_destroy": True}],
    }, 404),
    ("POST", "/api/v1/notifications/requests/accept", {"id": ["{request}"]}, 200),
    ("POST", "/api/v1/notifications/requests/dismiss", {"id": ["{request}"]}, 200),
    ("GET", f"{STATUSES}?id[]={{private}}&id[]={{direct}}", None, 200),
    ("GET", "/api/v1/streaming/list?list={list}", None, 404),
]  # fmt: skip


@pytest.fixture
async def world(site: Site, clock: FakeClock) -> World:
    made = await owned_world(site, clock)
    for name in ("sonia", "boris", "paula"):
        await made.publish(name, f"{name}_mine")
        await made.post(name, "/api/v1/lists", {"title": "A"}, f"{name}_my_list")
        sent = {"title": "A", "context": ["home"]}
        await made.post(name, "/api/v2/filters", sent, f"{name}_my_filter")
    return made


def without_others(value: Any) -> Any:
    """The same with an id of nothing wherever something of somebody else is named."""
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda m: m[0] if m[1] in KNOWN else "999999", value)
    if isinstance(value, dict):
        return {name: without_others(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [without_others(inner) for inner in value]
    return value


async def asked(world: World, by: str, method: str, path: str, sent: Any) -> Reply:
    for name in ("mine", "my_list", "my_filter"):
        world.names[name] = world.names[f"{by}_{name}"]
    return await world.clients[by].ask(method, world.filled(path), json=world.filled(sent))


@pytest.mark.parametrize("by", ["sonia", "boris", "paula"])
async def test_what_is_somebody_elses_counts_as_nothing(world: World, by: str) -> None:
    before = await rows_of(world.site.node)
    for method, path, sent, status in CASES:
        for language in ("fr", "en"):
            world.clients[by].language = language
            reply = await asked(world, by, method, path, sent)
            absent = await asked(world, by, method, without_others(path), without_others(sent))
            assert reply.status == status, (method, path, sent, reply.text)
            assert (reply.status, reply.body) == (absent.status, absent.body), (path, sent)
            assert reply.raw_headers == absent.raw_headers, (path, sent)
            assert await rows_of(world.site.node) == before, (method, path, sent)


OWN: list[tuple[str, str, Any]] = [
    ("POST", STATUSES, {
        "status": "x", "in_reply_to_id": "{private}", "media_ids": ["{media}"],
        "visibility": "private",
    }),
    ("POST", STATUSES, {
        "status": "x", "quoted_status_id": "{private}", "visibility": "private", **LATER,
    }),
    ("PUT", f"{STATUSES}/{{public}}", {"status": "x", "media_ids": ["{media_again}"]}),
    ("PUT", f"{STATUSES}/{{public}}", {
        "status": "x", "media_ids": ["{media_again}"],
        "media_attributes": [{"id": "{media_again}", "description": "y"}],
    }),
    ("POST", "/api/v1/reports", {"account_id": "{flora}", "status_ids": ["{answer}"]}),
    ("POST", "/api/v2/filters/{filter}/statuses", {"status_id": "{private}"}),
    ("PUT", "/api/v2/filters/{filter}", {
        "keywords_attributes": [
            {"id": "{keyword}", "keyword": "x"}, {"id": "{filter_v1}", "_destroy": True},
        ],
    }),
    ("POST", "/api/v1/notifications/requests/accept", {"id": ["{request}"]}),
    ("POST", "/api/v1/notifications/requests/dismiss", {"id": ["{request_too}"]}),
]  # fmt: skip


async def test_the_same_fields_are_taken_from_whose_they_are(world: World) -> None:
    for method, path, sent in OWN:
        before = await rows_of(world.site.node)
        await world.do("alice", method, path, sent)
        assert await rows_of(world.site.node) != before, (method, path, sent)
    read = await world.clients["alice"].ask("GET", world.filled(CASES[-2][1]))
    assert [one["id"] for one in read.json] == [world.names["private"], world.names["direct"]]


async def test_whom_somebody_who_blocks_me_knows_is_not_told(world: World) -> None:
    """boris follows flora, who follows alice; alice blocks boris."""
    path = "/api/v1/accounts"
    shown = {"paula": 1, "boris": 0}
    await world.post("paula", f"{path}/{{flora}}/follow")
    await world.settle()
    for by, number in shown.items():
        for part in ("followers", "following", "endorsements"):
            assert len(await world.do(by, "GET", f"{path}/{{alice}}/{part}")) == number, part
        query = {"id[]": "{alice}"}
        common = await world.do(by, "GET", f"{path}/familiar_followers", **query)
        assert len(common[0]["accounts"]) == number


async def test_a_subscription_belongs_to_its_token(world: World) -> None:
    """SEC-169: neither another person nor another application of the same one has it."""
    path, service = "/api/v1/push/subscription", PushService("http://127.0.0.1:9")
    await world.post("alice", path, service.asked())
    world.clients["other"] = world.site.client(await world.site.token("alice", "push"))
    before = await rows_of(world.site.node)
    for by in ("sonia", "other"):
        for method, sent in (("GET", None), ("PUT", {"data": {"alerts": {"mention": False}}})):
            assert (await world.ask(by, method, path, sent)).status == 404
        assert (await world.ask(by, "DELETE", path)).status == 200
        assert await rows_of(world.site.node) == before
    assert (await world.do("alice", "GET", path))["alerts"]["mention"] is True


async def test_on_an_open_node_nobody_in_particular_reads_what_is_public(
    open_site: Site, clock: FakeClock
) -> None:
    """What a reader may call without a token answers for the rest as if it were not there."""
    world = await owned_world(open_site, clock)
    nobody = world.clients["nobody"]
    places = {"/statuses/{id}": ("private", "direct"), "/polls/{id}": ("private_poll",)}
    tried = 0
    for entry in TABLE:
        kinds = next((names for place, names in places.items() if place in entry.path), ())
        for name in kinds if entry.access == "reader" else ():
            reply = await nobody.get(entry.path.replace("{id}", world.names[name]))
            absent = await nobody.get(entry.path.replace("{id}", "999999"))
            assert reply.status == 404, entry.path
            assert (reply.body, reply.raw_headers) == (absent.body, absent.raw_headers)
            shown = world.names[name.replace("private", "public").replace("direct", "public")]
            assert (await nobody.get(entry.path.replace("{id}", shown))).status == 200
            tried += 1
    assert tried >= 13
