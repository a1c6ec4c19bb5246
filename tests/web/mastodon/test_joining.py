"""What is kept of a rendered status is told to each reader as hers, and never stays behind."""

from typing import Any

import pytest

from tests.web.mastodon.conftest import Site
from web.mastodon import timelines

HOME = "/api/v1/timelines/home"


async def test_what_is_kept_is_told_to_each_reader_as_hers(site: Site) -> None:
    anna, ben, cora = [await site.person(name) for name in ("anna", "ben", "cora")]
    await site.follow(ben, "anna")
    await site.follow(cora, "anna")
    body = {"status": "réunion", "visibility": "public", "quote_approval_policy": "nobody"}
    made = (await anna.post("/api/v1/statuses", json=body)).json
    await site.settle()
    path = f"/api/v1/statuses/{made['id']}"

    async def told(client: Any) -> dict[str, Any]:
        (status,) = (await client.get(HOME)).json
        assert status["id"] == made["id"]
        return status

    for client in (ben, cora, ben):
        status = await told(client)
        assert status["quote_approval"]["current_user"] == "denied"
        assert "pinned" not in status
        assert not status["favourited"]
    assert (await told(anna))["quote_approval"]["current_user"] == "automatic"
    assert (await told(anna))["pinned"] is False
    # What one does is hers, and the count is everybody's.
    await ben.post(f"{path}/favourite")
    await site.settle()
    assert [(await told(c))["favourited"] for c in (anna, ben, cora)] == [False, True, False]
    assert [(await told(c))["favourites_count"] for c in (anna, ben, cora)] == [1, 1, 1]
    # An edit and a policy that names followers are seen by the next reading.
    await anna.ask("PUT", path, json={"status": "réunion déplacée"})
    assert "déplacée" in (await told(cora))["content"]
    await anna.ask("PUT", f"{path}/interaction_policy", json={"quote_approval_policy": "followers"})
    assert (await told(cora))["quote_approval"]["current_user"] == "automatic"
    stranger = await site.person("dora")
    shown = (await stranger.get(path)).json
    assert shown["quote_approval"]["current_user"] == "denied"
    # The author's new name too.
    await anna.ask("PATCH", "/api/v1/accounts/update_credentials", json={"display_name": "Anna N."})
    assert (await told(ben))["account"]["display_name"] == "Anna N."


async def test_what_may_no_longer_be_seen_is_not_told_from_memory(site: Site) -> None:
    anna, ben = await site.person("anna"), await site.person("ben")
    await site.follow(ben, "anna")
    made = (await anna.post("/api/v1/statuses", json={"status": "x", "visibility": "private"})).json
    await site.settle()
    for _ in range(2):
        assert [s["id"] for s in (await ben.get(HOME)).json] == [made["id"]]
    await anna.post(f"/api/v1/accounts/{site.id_of('ben')}/block")
    assert (await ben.get(HOME)).json == []
    assert (await ben.get(f"/api/v1/statuses/{made['id']}")).status == 404


async def test_a_full_page_has_tagged_statuses_in_their_place(site: Site) -> None:
    anna, ben, cora = [await site.person(name) for name in ("anna", "ben", "cora")]
    await site.follow(ben, "anna")
    await ben.post("/api/v1/tags/jardin/follow")
    ids: list[str] = []
    for number in range(6):
        author, text = ((anna, "x"), (cora, "y #jardin"))[number % 2]
        body = {"status": f"{text} {number}", "visibility": "public"}
        ids.append((await author.post("/api/v1/statuses", json=body)).json["id"])
    await site.settle()

    async def page(**query: object) -> list[str]:
        return [status["id"] for status in (await ben.get(HOME, **query)).json]

    newest_first = ids[::-1]
    assert await page() == newest_first
    assert await page(limit=2) == newest_first[:2]
    assert await page(limit=3, max_id=ids[4]) == newest_first[2:5]
    assert await page(limit=2, min_id=ids[0]) == [ids[2], ids[1]]
    assert await page(limit=2, since_id=ids[1]) == newest_first[:2]


async def test_what_should_not_happen_is_one_answer_without_its_cause(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret of the house")

    ben = await site.person("ben")
    monkeypatch.setattr(timelines.timelines, "home", broken)
    reply = await ben.get(HOME)
    assert reply.status == 500
    assert list(reply.json) == ["error"]
    assert "secret" not in reply.text
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["access-control-allow-origin"] == "*"
