from typing import Any

from tests.web.mastodon.conftest import Site


async def a_busy_day(site: Site) -> tuple[Any, Any, str]:
    """Ada was followed, thanked, boosted and answered by Bob."""
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.follow(bob, "ada")
    made = (await ada.post("/api/v1/statuses", {"status": "hello"})).json["id"]
    await bob.post(f"/api/v1/statuses/{made}/favourite")
    await bob.post(f"/api/v1/statuses/{made}/reblog")
    await bob.post("/api/v1/statuses", {"status": "@ada yes", "in_reply_to_id": made})
    await site.settle()
    return ada, bob, made


async def kinds(client: Any, **query: Any) -> list[str]:
    reply = await client.ask("GET", "/api/v1/notifications", query=query)
    assert reply.status == 200, reply.text
    return [one["type"] for one in reply.json]


async def test_they_are_chosen_by_type_and_sender(site: Site) -> None:
    ada, _, _ = await a_busy_day(site)
    assert await kinds(ada) == ["mention", "reblog", "favourite", "follow"]
    assert await kinds(ada, **{"types[]": ["mention", "follow"]}) == ["mention", "follow"]
    assert await kinds(ada, **{"exclude_types[]": ["mention", "follow"]}) == ["reblog", "favourite"]
    assert await kinds(ada, **{"types[]": ["poll"]}) == []
    assert await kinds(ada, account_id=site.id_of("ada")) == []
    assert len(await kinds(ada, account_id=site.id_of("bob"))) == 4


async def test_they_page_like_timelines(site: Site) -> None:
    ada, _, _ = await a_busy_day(site)
    first = await ada.get("/api/v1/notifications", limit=3)
    assert [one["type"] for one in first.json] == ["mention", "reblog", "favourite"]
    second = await ada.get(first.links["next"])
    assert [one["type"] for one in second.json] == ["follow"]
    assert "next" not in second.links
    assert first.json[0]["group_key"] == f"ungrouped-{first.json[0]['id']}"
    assert second.json[0]["group_key"].startswith("follow-")


async def test_what_is_hidden_again_is_not_shown_in_them(site: Site) -> None:
    """SEC-176."""
    ada, bob, _ = await a_busy_day(site)
    direct = await bob.post("/api/v1/statuses", {"status": "@ada psst", "visibility": "direct"})
    await site.settle()
    assert len(await kinds(ada)) == 5
    await bob.ask("DELETE", f"/api/v1/statuses/{direct.json['id']}")
    assert len(await kinds(ada)) == 4
    await bob.post(f"/api/v1/accounts/{site.id_of('ada')}/block")
    assert "mention" not in await kinds(ada)


async def test_they_are_dismissed_and_cleared_and_counted(site: Site) -> None:
    ada, bob, _ = await a_busy_day(site)
    told = (await ada.get("/api/v1/notifications")).json
    assert (await ada.get("/api/v1/notifications/unread_count")).json == {"count": 4}
    moved = await ada.post("/api/v1/markers", {"notifications": {"last_read_id": told[1]["id"]}})
    assert moved.json["notifications"]["last_read_id"] == told[1]["id"]
    assert (await ada.get("/api/v1/notifications/unread_count")).json == {"count": 1}
    assert (await ada.post(f"/api/v1/notifications/{told[0]['id']}/dismiss")).json == {}
    assert len(await kinds(ada)) == 3
    await ada.post("/api/v1/notifications/clear")
    assert await kinds(ada) == []
    assert (await bob.get("/api/v1/notifications/unread_count")).json == {"count": 0}


async def test_markers_count_their_moves_and_are_ones_own(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    assert (await ada.get("/api/v1/markers", **{"timeline[]": "home"})).json == {}
    for last in ("5", "9"):
        moved = await ada.post("/api/v1/markers", form={"home[last_read_id]": last})
    assert (moved.json["home"]["last_read_id"], moved.json["home"]["version"]) == ("9", 2)
    query = {"timeline[]": ["home", "notifications"]}
    assert list((await ada.ask("GET", "/api/v1/markers", query=query)).json) == ["home"]
    assert (await bob.ask("GET", "/api/v1/markers", query=query)).json == {}
    assert (await ada.post("/api/v1/markers", {"home": {"last_read_id": "x"}})).status == 422
