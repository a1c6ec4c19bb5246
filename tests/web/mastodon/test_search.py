"""Search: what is known, what is fetched, and what is neither shown nor asked for."""

from typing import Any

import pytest

from federation.client import GuardedClient
from tests.serving import Running, eventually
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site
from web.app import build_app


async def found(client: Client, q: str, **more: Any) -> dict[str, list[Any]]:
    reply = await client.get("/api/v2/search", q=q, **more)
    assert reply.status == 200, reply.text
    return reply.json


async def test_people_are_found_by_the_beginning_of_a_name(site: Site) -> None:
    ada, _ = await site.person("ada"), await site.person("adam", display_name="Le Premier")
    await site.person("a_c")
    names = [one["username"] for one in (await found(ada, "ad"))["accounts"]]
    assert names == ["ada", "adam"]
    assert [one["username"] for one in (await found(ada, "premier"))["accounts"]] == ["adam"]
    for text in ("a_", "%", "_", "\\", "' OR 1=1 --"):
        wild = [one["username"] for one in (await found(ada, text))["accounts"]]
        assert wild == (["a_c"] if text == "a_" else [])
    both = await ada.get("/api/v1/accounts/search", q="ad", limit=1, offset=1)
    assert [one["username"] for one in both.json] == ["adam"]
    handle = f"@ADA@{site.node.host}"
    assert [one["username"] for one in (await found(ada, handle))["accounts"]] == ["ada"]
    looked_up = await ada.get("/api/v1/accounts/lookup", acct=f"ada@{site.node.host}")
    assert looked_up.json["username"] == "ada"
    assert (await ada.get("/api/v1/accounts/lookup", acct="nobody")).status == 404


async def test_a_tag_is_found_when_something_one_sees_carries_it(site: Site) -> None:
    """SEC-177, and no tag of a hidden status is told."""
    ada, eve = await site.person("ada"), await site.person("eve")
    await ada.post("/api/v1/statuses", {"status": "#nuit", "visibility": "public"})
    await ada.post("/api/v1/statuses", {"status": "#nuitsecrete", "visibility": "private"})
    assert [t["name"] for t in (await found(eve, "#nuit"))["hashtags"]] == ["nuit"]
    assert [t["name"] for t in (await found(ada, "nuit"))["hashtags"]] == ["nuit", "nuitsecrete"]
    assert (await found(eve, "nu%"))["hashtags"] == []


async def test_own_statuses_are_found_by_their_address_if_seen(site: Site) -> None:
    ada, eve = await site.person("ada"), await site.person("eve")
    for visibility, seen in (("public", 1), ("private", 0)):
        sent = {"status": "x", "visibility": visibility}
        made = (await ada.post("/api/v1/statuses", sent)).json
        for address in (made["uri"], made["url"]):
            assert len((await found(eve, address, resolve="true"))["statuses"]) == seen
            assert len((await found(ada, address))["statuses"]) == 1


@pytest.mark.parametrize("wrong", [{"q": ""}, {}, {"q": "x", "type": "all"}, {"q": "x" * 1001}])
async def test_a_search_needs_a_text_of_a_known_kind(site: Site, wrong: dict[str, str]) -> None:
    ada = await site.person("ada")
    assert (await ada.get("/api/v2/search", **wrong)).status == 422


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that any node asks another for, as they are asked."""
    addresses: list[str] = []
    get = GuardedClient.get

    async def watched(self: GuardedClient, url: str, **more: Any) -> Any:
        addresses.append(url)
        return await get(self, url, **more)

    monkeypatch.setattr(GuardedClient, "get", watched)
    return addresses


async def test_people_and_statuses_of_a_partner_are_fetched_when_asked(
    two_nodes: tuple[Running, Running],
) -> None:
    here, there = (Site(one.node, build_app(one.node)) for one in two_nodes)
    ada, bob = await there.person("ada"), await here.person("bob")
    handle = f"ada@{there.node.host}"
    assert (await found(bob, handle))["accounts"] == []
    resolved = (await found(bob, f"@{handle}", resolve="true"))["accounts"]
    assert [one["acct"] for one in resolved] == [handle]
    assert (await found(bob, handle))["accounts"][0]["id"] == resolved[0]["id"]
    by_page = (await found(bob, there.people["ada"]["url"], resolve="true"))["accounts"]
    assert [one["id"] for one in by_page] == [resolved[0]["id"]]
    await bob.post(f"/api/v1/accounts/{resolved[0]['id']}/follow")

    async def is_followed() -> Any:
        return (await ada.get(f"/api/v1/accounts/{there.id_of('ada')}/followers")).json

    await eventually(is_followed)
    made = (await ada.post("/api/v1/statuses", {"status": "public"})).json

    async def has_come() -> Any:
        return (await found(bob, made["uri"]))["statuses"]

    assert (await eventually(has_come))[0]["content"] == made["content"]
    nobody = (await found(bob, f"nobody@{there.node.host}", resolve="true"))["accounts"]
    assert nobody == []


async def test_what_is_held_for_somebody_else_is_neither_shown_nor_asked_for(
    no_greetings: None, two_nodes: tuple[Running, Running], asked: list[str]
) -> None:
    """SEC-161."""
    here, there = (Site(one.node, build_app(one.node)) for one in two_nodes)
    ada, bob, eve = await there.person("ada"), await here.person("bob"), await here.person("eve")
    handle = f"ada@{there.node.host}"
    target = (await found(bob, handle, resolve="true"))["accounts"][0]["id"]
    await bob.post(f"/api/v1/accounts/{target}/follow")

    async def is_followed() -> Any:
        return (await ada.get(f"/api/v1/accounts/{there.id_of('ada')}/followers")).json

    await eventually(is_followed)
    sent = {"status": "for followers", "visibility": "private"}
    made = (await ada.post("/api/v1/statuses", sent)).json

    async def has_come() -> Any:
        return (await found(bob, made["uri"]))["statuses"]

    await eventually(has_come)

    async def is_filled_in() -> bool:
        waits = "SELECT COUNT(*) FROM backfill WHERE done_at IS NULL"
        return await here.node.db.value(waits) == 0

    await eventually(is_filled_in)
    asked.clear()
    for address in (made["uri"], made["url"]):
        hidden = await eve.get("/api/v2/search", q=address, resolve="true", type="statuses")
        assert hidden.json["statuses"] == []
        known = await here.client(bob.token).get("/api/v2/search", q=address, resolve="true")
        assert len(known.json["statuses"]) == 1
    assert asked == []


async def test_what_was_fetched_for_one_who_may_not_see_it_is_not_shown(
    two_nodes: tuple[Running, Running],
) -> None:
    here, there = (Site(one.node, build_app(one.node)) for one in two_nodes)
    ada, bob, eve = await there.person("ada"), await here.person("bob"), await here.person("eve")
    sent = {"status": "before", "visibility": "private"}
    made = (await ada.post("/api/v1/statuses", sent)).json
    target = (await found(bob, f"ada@{there.node.host}", resolve="true"))["accounts"][0]["id"]
    await bob.post(f"/api/v1/accounts/{target}/follow")

    async def is_followed() -> Any:
        return (await ada.get(f"/api/v1/accounts/{there.id_of('ada')}/followers")).json

    await eventually(is_followed)
    # The partner gives it to this node, because Bob follows; Eve does not.
    assert (await found(eve, made["uri"], resolve="true"))["statuses"] == []

    async def is_shown_to_bob() -> Any:
        # As soon as his own node, too, knows that he follows.
        return (await found(bob, made["uri"], resolve="true"))["statuses"]

    assert len(await eventually(is_shown_to_bob)) == 1
    assert (await found(eve, made["uri"], resolve="true"))["statuses"] == []


async def test_strangers_are_not_asked(two_nodes: tuple[Running, Running], start_node: Any) -> None:
    stranger = await start_node(federation_mode="open")
    here = Site(two_nodes[0].node, build_app(two_nodes[0].node))
    outside = Site(stranger.node, build_app(stranger.node))
    await outside.person("eve")
    bob = await here.person("bob")
    for q in (f"eve@{outside.node.host}", outside.people["eve"]["url"], f"{outside.node.origin}/x"):
        result = await found(bob, q, resolve="true")
        assert result == {"accounts": [], "statuses": [], "hashtags": [], "collections": []}
