from typing import Any

import pytest

from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.seen import check

POLICY = "/api/v2/notifications/policy"
OLD_POLICY = "/api/v1/notifications/policy"
REQUESTS = "/api/v1/notifications/requests"
ACCEPTED = dict.fromkeys(
    ("for_not_following", "for_not_followers", "for_new_accounts", "for_private_mentions"),
    "accept",
)


async def wary(site: Site, **fields: str) -> tuple[Client, Client]:
    """Ada, who follows nobody and filters whom she does not follow, and Bob."""
    ada, bob = await site.person("ada"), await site.person("bob")
    reply = await ada.ask("PATCH", POLICY, json=fields or {"for_not_following": "filter"})
    assert reply.status == 200, reply.text
    return ada, bob


async def say(site: Site, client: Client, text: str, **more: Any) -> str:
    made = await client.post("/api/v1/statuses", {"status": text, **more})
    assert made.status == 200, made.text
    await site.settle()
    return made.json["id"]


async def kinds(client: Client, **query: Any) -> list[str]:
    return [one["type"] for one in (await client.get("/api/v1/notifications", **query)).json]


async def test_a_policy_in_both_shapes(site: Site) -> None:
    ada = await site.person("ada")
    empty = {"pending_requests_count": 0, "pending_notifications_count": 0}
    both = {"for_limited_accounts": "filter", "for_bots": "accept", "summary": empty}
    assert (await ada.get(POLICY)).json == ACCEPTED | both
    changed = {"for_not_following": "drop", "for_private_mentions": "filter"}
    reply = await ada.ask("PATCH", POLICY, json=changed)
    assert reply.json == (await ada.get(POLICY)).json == ACCEPTED | both | changed
    old = {
        "filter_not_following": True,
        "filter_not_followers": False,
        "filter_new_accounts": False,
        "filter_private_mentions": True,
        "summary": empty,
    }
    assert (await ada.get(OLD_POLICY)).json == old
    sent = {"filter_not_following": "true", "filter_private_mentions": "0"}
    reply = await ada.ask("PUT", OLD_POLICY, form=list(sent.items()))
    assert reply.json == old | {"filter_private_mentions": False}
    # An app that knows two answers leaves the third as it is.
    after = (await ada.get(POLICY)).json
    assert (after["for_not_following"], after["for_private_mentions"]) == ("drop", "accept")


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        (POLICY, "for_not_following", "maybe"),
        (POLICY, "for_new_accounts", ["drop"]),
        (POLICY, "for_bots", {"a": "drop"}),
        (OLD_POLICY, "filter_new_accounts", "maybe"),
        (OLD_POLICY, "filter_not_followers", [True]),
    ],
)
async def test_what_is_no_policy(site: Site, path: str, field: str, value: Any) -> None:
    ada = await site.person("ada")
    before = (await ada.get(path)).json
    reply = await ada.ask("PUT", path, json={field: value})
    assert reply.status == 422
    assert field in reply.json["error"]
    assert (await ada.get(path)).json == before


async def test_what_is_held_back_waits_as_a_request(site: Site) -> None:
    ada, bob = await wary(site)
    mine = await say(site, ada, "Bonjour")
    await bob.post(f"/api/v1/statuses/{mine}/favourite")
    last = await say(site, bob, "@ada oui")
    assert await kinds(ada) == []
    assert (await ada.get("/api/v2/notifications")).json["notification_groups"] == []
    assert (await ada.get("/api/v1/notifications/unread_count")).json == {"count": 0}
    assert await kinds(ada, include_filtered="true") == ["mention", "favourite"]
    held = (await ada.get("/api/v1/notifications", account_id=site.id_of("bob"))).json
    assert [one["filtered"] for one in held] == [True, True]
    summary = (await ada.get(POLICY)).json["summary"]
    assert summary == {"pending_requests_count": 1, "pending_notifications_count": 2}
    (one,) = (await ada.get(REQUESTS)).json
    check("Account", one["account"])
    assert one | {"account": None, "last_status": None} == {
        "id": held[-1]["id"],
        "created_at": held[-1]["created_at"],
        "updated_at": held[0]["created_at"],
        "notifications_count": "2",
        "account": None,
        "last_status": None,
    }
    assert (one["account"]["username"], one["last_status"]["id"]) == ("bob", last)
    assert (await ada.get(f"{REQUESTS}/{one['id']}")).json == one


async def test_accepting_brings_back_what_was_held(site: Site) -> None:
    ada, bob = await wary(site)
    await say(site, bob, "@ada oui")
    (one,) = (await ada.get(REQUESTS)).json
    assert (await ada.post(f"{REQUESTS}/{one['id']}/accept")).json == {}
    assert (await ada.get(REQUESTS)).json == []
    assert (await ada.get(f"{REQUESTS}/merged")).json == {"merged": True}
    told = (await ada.get("/api/v1/notifications")).json
    assert [(n["type"], "filtered" in n) for n in told] == [("mention", False)]
    await say(site, bob, "@ada encore")
    assert await kinds(ada) == ["mention", "mention"]
    assert (await ada.post(f"{REQUESTS}/{one['id']}/accept")).status == 404


async def test_dismissing_forgets_and_goes_on_holding_back(site: Site) -> None:
    ada, bob = await wary(site)
    await say(site, bob, "@ada oui")
    (one,) = (await ada.get(REQUESTS)).json
    assert (await ada.post(f"{REQUESTS}/{one['id']}/dismiss")).json == {}
    assert (await ada.get(REQUESTS)).json == []
    assert await kinds(ada, include_filtered="1") == []
    await say(site, bob, "@ada encore")
    assert await kinds(ada) == []
    assert len((await ada.get(REQUESTS)).json) == 1


async def test_several_at_once_and_pages(site: Site) -> None:
    ada, _ = await wary(site)
    for name in ("bob", "eve", "leo"):
        await say(site, await site.person(name), "@ada oui")
    first = await ada.get(REQUESTS, limit=2)
    assert [one["account"]["username"] for one in first.json] == ["leo", "eve"]
    rest = await ada.get(first.links["next"])
    assert [one["account"]["username"] for one in rest.json] == ["bob"]
    leo, eve = (one["id"] for one in first.json)
    assert (await ada.post(f"{REQUESTS}/accept", {"id": [leo, "1", "x"]})).json == {}
    form = [("id[]", eve)]
    assert (await ada.ask("POST", f"{REQUESTS}/dismiss", form=form)).json == {}
    assert [one["account"]["username"] for one in (await ada.get(REQUESTS)).json] == ["bob"]
    assert await kinds(ada) == ["mention"]
    for empty in ({}, {"id": []}, {"id": ["nobody"]}):
        assert (await ada.post(f"{REQUESTS}/accept", empty)).json == {}
    assert len((await ada.get(REQUESTS)).json) == 1


async def test_requests_are_their_recipients_alone(site: Site) -> None:
    ada, bob = await wary(site)
    await say(site, bob, "@ada oui")
    (one,) = (await ada.get(REQUESTS)).json
    for other in (bob, await site.person("eve")):
        for method, path in (
            ("GET", one["id"]),
            ("POST", f"{one['id']}/accept"),
            ("POST", f"{one['id']}/dismiss"),
        ):
            foreign = await other.ask(method, f"{REQUESTS}/{path}")
            unknown = await other.ask(method, f"{REQUESTS}/{path.replace(one['id'], '1')}")
            assert (foreign.status, foreign.body) == (404, unknown.body)
        for word in ("accept", "dismiss"):
            reply = await other.post(f"{REQUESTS}/{word}", {"id": [one["id"]]})
            assert reply.json == {}
        assert (await other.get(REQUESTS)).json == []
    assert (await ada.get(REQUESTS)).json == [one]
    assert (await ada.post(f"{REQUESTS}/{one['id']}/accept")).status == 200


async def test_what_is_dropped_is_never_there(site: Site) -> None:
    ada, bob = await wary(site, for_not_followers="drop", for_not_following="filter")
    await say(site, bob, "@ada oui")
    assert await kinds(ada, include_filtered="true") == []
    assert (await ada.get(REQUESTS)).json == []
    await ada.ask("PATCH", POLICY, json={"for_not_followers": "accept"})
    await say(site, bob, "@ada encore")
    assert await kinds(ada, include_filtered="true") == ["mention"]
