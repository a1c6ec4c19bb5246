"""Tags: followed, featured, and counted only in what the whole site reads."""

from typing import Any

import pytest

from tests.conftest import FakeClock
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.seen import check
from tests.web.mastodon.test_timelines import publish


async def test_use_is_counted_only_in_what_the_whole_site_reads(
    site: Site, clock: FakeClock
) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await publish(ada, "#Nuit calme")
    await publish(ada, "#nuit pour nous", visibility="local")
    await publish(ada, "#nuit discrète", visibility="unlisted")
    await publish(ada, "#nuit pour mes abonnés", visibility="private")
    clock.advance(86_400)
    await publish(bob, "#nuit")
    for client in (ada, bob):
        tag = (await client.get("/api/v1/tags/Nuit")).json
        check("Tag", tag)
        assert len(tag["history"]) == 7
        assert all(type(value) is str for day in tag["history"] for value in day.values())
        used = [(day["uses"], day["accounts"]) for day in tag["history"]]
        assert used == [("1", "1"), ("2", "1"), *[("0", "0")] * 5]
        assert int(tag["history"][0]["day"]) % 86_400 == 0
    clock.advance(7 * 86_400)
    late = (await ada.get("/api/v1/tags/nuit")).json
    assert {day["uses"] for day in late["history"]} == {"0"}


async def test_an_unused_tag_is_shown_and_no_tag_is_not(site: Site) -> None:
    ada = await site.person("ada")
    unused = (await ada.get("/api/v1/tags/inconnu")).json
    check("Tag", unused)
    assert await site.node.db.value("SELECT COUNT(*) FROM tag") == 0
    for name in ("12", "a%20b", "a-b", "x" * 101):
        assert (await ada.get(f"/api/v1/tags/{name}")).status == (404)
        assert (await ada.post(f"/api/v1/tags/{name}/follow")).status == 404


async def test_a_followed_tag_is_read_in_the_home_timeline(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    seen = [await publish(bob, "#nuit"), await publish(bob, "#nuit", visibility="local")]
    await publish(bob, "#nuit", visibility="unlisted")
    await publish(bob, "#nuit", visibility="private")
    await publish(bob, "#jour")
    home = "/api/v1/timelines/home"
    assert (await ada.get(home)).json == []
    followed = (await ada.post("/api/v1/tags/Nuit/follow")).json
    assert (followed["following"], followed["featuring"]) == (True, False)
    assert (await ada.post("/api/v1/tags/nuit/follow")).status == 200
    assert [one["id"] for one in (await ada.get(home)).json] == seen[::-1]
    own = await publish(ada, "#nuit aussi")
    assert [one["id"] for one in (await ada.get(home, limit=2)).json] == [own, seen[1]]
    assert [one["id"] for one in (await ada.get(home, min_id=seen[0])).json] == [own, seen[1]]
    listed = await ada.get("/api/v1/followed_tags")
    assert [tag["name"] for tag in listed.json] == ["nuit"]
    check("Tag", listed.json[0])
    assert (await bob.get("/api/v1/followed_tags")).json == []
    await ada.post(f"/api/v1/accounts/{site.id_of('bob')}/block")
    assert [one["id"] for one in (await ada.get(home)).json] == [own]
    await ada.post(f"/api/v1/accounts/{site.id_of('bob')}/unblock")
    assert (await ada.post("/api/v1/tags/nuit/unfollow")).json["following"] is False
    assert [one["id"] for one in (await ada.get(home)).json] == [own]


async def test_followed_tags_are_paged(site: Site) -> None:
    ada = await site.person("ada")
    for name in ("un", "deux", "trois"):
        await ada.post(f"/api/v1/tags/{name}/follow")
    page = await ada.get("/api/v1/followed_tags", limit=2)
    assert [tag["name"] for tag in page.json] == ["trois", "deux"]
    rest = await ada.get(page.links["next"])
    assert [tag["name"] for tag in rest.json] == ["un"]


async def test_tags_are_featured_on_a_profile(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await publish(ada, "#nuit")
    await publish(ada, "#nuit", visibility="private")
    path = "/api/v1/featured_tags"
    suggested = (await ada.get(f"{path}/suggestions")).json
    assert [tag["name"] for tag in suggested] == ["nuit"]
    made = (await ada.post(path, {"name": "#Nuit"})).json
    check("FeaturedTag", made)
    assert (made["name"], made["statuses_count"]) == ("nuit", "1")
    assert made["last_status_at"] is not None
    assert (await ada.post(path, {"name": "nuit"})).status == 422
    assert (await ada.get(f"{path}/suggestions")).json == []
    assert (await ada.post("/api/v1/tags/jour/feature")).json["featuring"] is True
    of_ada = f"/api/v1/accounts/{site.id_of('ada')}/featured_tags"
    for client, where in ((ada, path), (bob, of_ada)):
        listed = (await client.get(where)).json
        assert [(tag["name"], tag["statuses_count"]) for tag in listed] == [
            ("nuit", "1"), ("jour", "0"),
        ]  # fmt: skip
    assert (await bob.ask("DELETE", f"{path}/{made['id']}")).status == 404
    assert (await ada.ask("DELETE", f"{path}/{made['id']}")).json == {}
    assert (await ada.post("/api/v1/tags/jour/unfeature")).json["featuring"] is False
    assert (await ada.get(path)).json == []


@pytest.mark.parametrize("name", ["", "a b", "12", "x" * 101, ["a"]])
async def test_what_is_no_tag_is_not_featured(site: Site, name: Any) -> None:
    ada = await site.person("ada")
    reply = await ada.post("/api/v1/featured_tags", {"name": name})
    assert (reply.status, list(reply.json["details"])) == (422, ["name"])
    assert (await ada.get("/api/v1/featured_tags")).json == []


async def test_at_most_ten_tags_are_featured(site: Site) -> None:
    ada = await site.person("ada")
    for number in range(10):
        assert (await ada.post(f"/api/v1/tags/n{number}/feature")).status == 200
    assert (await ada.post("/api/v1/tags/more/feature")).status == 422
