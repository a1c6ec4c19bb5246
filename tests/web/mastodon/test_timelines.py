from typing import Any

import pytest

from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site


async def publish(client: Client, text: str, **more: Any) -> str:
    reply = await client.post("/api/v1/statuses", {"status": text, **more})
    assert reply.status == 200, reply.text
    return reply.json["id"]


async def walk(client: Client, path: str, relation: str) -> tuple[list[str], list[Reply]]:
    """All ids from a page on, following the Link header only."""
    ids: list[str] = []
    pages: list[Reply] = []
    address: str | None = path
    while address is not None and len(pages) < 30:
        page = await client.get(address)
        assert page.status == 200, page.text
        found = [item["id"] for item in page.json]
        ids += found if relation == "next" else found[::-1]
        pages.append(page)
        address = page.links.get(relation)
    return ids, pages


@pytest.mark.parametrize("limit", [1, 3, 7])
async def test_pages_follow_each_other_without_hole_or_double(site: Site, limit: int) -> None:
    ada = await site.person("ada")
    ids = [await publish(ada, f"number {n}") for n in range(7)]
    found, pages = await walk(ada, f"/api/v1/timelines/home?limit={limit}&x=1", "next")
    assert found == ids[::-1]
    assert all(len(page.json) <= limit for page in pages)
    # Where pages are full to the end, the last one is empty; an empty one leads nowhere.
    assert pages[-1].links == {} or "next" not in pages[-1].links
    assert pages[0].links["prev"].startswith(f"{site.node.origin}/api/v1/timelines/home?")
    assert "x=1" in pages[0].links["prev"]
    oldest = ids[0]
    upwards, _ = await walk(ada, f"/api/v1/timelines/home?limit={limit}&min_id={oldest}", "prev")
    assert upwards == ids[1:]


async def test_the_three_cursors_mean_what_clients_expect(site: Site) -> None:
    ada = await site.person("ada")
    ids = [await publish(ada, f"number {n}") for n in range(5)]

    async def page(**query: Any) -> list[str]:
        return [s["id"] for s in (await ada.get("/api/v1/timelines/home", **query)).json]

    assert await page(max_id=ids[2]) == [ids[1], ids[0]]
    assert await page(since_id=ids[1], limit=2) == [ids[4], ids[3]]
    assert await page(min_id=ids[1], limit=2) == [ids[3], ids[2]]
    assert await page(limit=1000) == ids[::-1]
    assert await page(limit=0) == ids[::-1]
    for wrong in ({"limit": "-1"}, {"limit": "x"}, {"max_id": "x"}, {"max_id": "9" * 19 + "9"}):
        assert (await ada.get("/api/v1/timelines/home", **wrong)).status == 422


async def test_home_holds_those_one_follows_and_their_boosts(site: Site) -> None:
    ada, bob, eve = [await site.person(name) for name in ("ada", "bob", "eve")]
    await site.follow(bob, "ada")
    seen = await publish(ada, "seen", visibility="private")
    other = await publish(eve, "not followed")
    assert [s["id"] for s in (await bob.get("/api/v1/timelines/home")).json] == [seen]
    await ada.post(f"/api/v1/statuses/{other}/reblog")
    home = (await bob.get("/api/v1/timelines/home")).json
    assert home[0]["reblog"]["id"] == other
    assert home[0]["account"]["username"] == "ada"
    await bob.post(f"/api/v1/accounts/{site.id_of('ada')}/follow", {"reblogs": False})
    assert [s["id"] for s in (await bob.get("/api/v1/timelines/home")).json] == [seen]


async def test_public_and_tag_timelines_show_members_what_is_for_the_site(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    public = await publish(ada, "one #nuit")
    inside = await publish(ada, "two #nuit", visibility="local")
    await publish(ada, "three #nuit", visibility="private")
    for path in ("/api/v1/timelines/public?local=true", "/api/v1/timelines/tag/Nuit"):
        assert [s["id"] for s in (await bob.get(path)).json] == [inside, public]
    assert (await bob.get("/api/v1/timelines/public?remote=1")).json == []


async def as_a_stranger(site: Site) -> tuple[list[Reply], str, str]:
    """What somebody without a token gets from both timelines and one status of the site."""
    ada = await site.person("ada")
    public = await publish(ada, "one #nuit")
    await publish(ada, "two #nuit", visibility="private")
    inside = await publish(ada, "three #nuit", visibility="local")
    nobody = site.client()
    assert (await nobody.get("/api/v1/timelines/home")).status == 401
    paths = ("/api/v1/timelines/public", "/api/v1/timelines/tag/nuit", f"/api/v1/statuses/{inside}")
    return [await nobody.get(path) for path in paths], public, inside


async def test_strangers_read_what_an_open_node_makes_public(open_site: Site) -> None:
    (feed, tagged, inside), public, _ = await as_a_stranger(open_site)
    for reply in (feed, tagged):
        assert [s["id"] for s in reply.json] == [public]
        assert "favourited" not in reply.json[0]
    assert inside.status == 404


async def test_strangers_read_nothing_on_a_closed_node(site: Site) -> None:
    replies, _, _ = await as_a_stranger(site)
    assert {reply.status for reply in replies} == {401}


@pytest.mark.parametrize("kind", ["favourite", "bookmark"])
async def test_kept_lists_page_by_their_own_order_and_forget_what_is_hidden(
    site: Site, kind: str
) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.follow(bob, "ada")
    ids = [await publish(ada, f"n {n}", visibility="private") for n in range(5)]
    order = [ids[2], ids[0], ids[4], ids[1], ids[3]]
    for status_id in order:
        assert (await bob.post(f"/api/v1/statuses/{status_id}/{kind}")).status == 200
    found, _ = await walk(bob, f"/api/v1/{kind}s?limit=2", "next")
    assert found == order[::-1]
    await bob.post(f"/api/v1/accounts/{site.id_of('ada')}/unfollow")
    assert (await bob.get(f"/api/v1/{kind}s")).json == []


async def test_an_accounts_statuses_are_those_its_reader_may_see(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    public = await publish(ada, "public")
    reply = await publish(ada, "reply", in_reply_to_id=await publish(bob, "x"))
    private = await publish(ada, "private", visibility="private")
    path = f"/api/v1/accounts/{site.id_of('ada')}/statuses"
    assert [s["id"] for s in (await bob.get(path)).json] == [reply, public]
    assert [s["id"] for s in (await ada.get(path)).json] == [private, reply, public]
    # toot writes the truth of Python.
    assert [s["id"] for s in (await bob.get(path, exclude_replies="True")).json] == [public]
