"""Trends, suggestions and the directory: local, honest, and silent about what is for few."""

from typing import Any

from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.seen import check
from tests.web.mastodon.staff import staff
from tests.web.mastodon.test_timelines import publish


async def names(client: Client, path: str, key: str, **query: Any) -> list[str]:
    reply = await client.get(f"/api/v1/{path}", **query)
    assert reply.status == 200, reply.text
    return [one[key] for one in reply.json]


async def test_tags_trend_by_authors_in_what_the_whole_site_reads(
    site: Site, clock: FakeClock
) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    for client, text, kind in (
        (ada, "#nuit", "public"), (bob, "#nuit", "local"), (ada, "#jour", "public"),
        (ada, "#jour", "public"), (ada, "#jour", "public"), (ada, "#secret", "private"),
        (ada, "#secret", "direct"), (ada, "#discret", "unlisted"),
    ):  # fmt: skip
        await publish(client, text, visibility=kind)
    for path in ("trends", "trends/tags"):
        assert await names(bob, path, "name") == ["nuit", "jour"]
    assert await names(bob, "trends/tags", "name", limit=1, offset=1) == ["jour"]
    clock.advance(8 * 86_400)
    assert await names(bob, "trends/tags", "name") == []


async def test_statuses_trend_that_were_thanked_for(site: Site, clock: FakeClock) -> None:
    ada, bob, eve = [await site.person(name) for name in ("ada", "bob", "eve")]
    liked = await publish(ada, "liked")
    boosted = await publish(ada, "both", visibility="public")
    for where, deed in ((liked, "favourite"), (boosted, "favourite"), (boosted, "reblog")):
        await bob.post(f"/api/v1/statuses/{where}/{deed}")
    private = await publish(ada, "private", visibility="private")
    await ada.post(f"/api/v1/statuses/{private}/favourite")
    await publish(ada, "nobody minds")
    reply = await eve.get("/api/v1/trends/statuses")
    assert [one["id"] for one in reply.json] == [boosted, liked]
    check("Status", reply.json[0])
    form = {"discoverable": "false"}
    await ada.ask("PATCH", "/api/v1/accounts/update_credentials", form=form)
    assert await names(eve, "trends/statuses", "id") == []


async def test_links_trend_by_authors_with_a_card_made_of_their_address(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await publish(ada, "https://a.example/x https://a.example/x")
    await publish(bob, "https://b.example/ #nuit @ada", visibility="local")
    await publish(ada, "https://b.example/ #nuit")
    await publish(ada, "https://secret.example/", visibility="private")
    reply = await bob.get("/api/v1/trends/links")
    assert [one["url"] for one in reply.json] == ["https://b.example/", "https://a.example/x"]
    check("TrendLink", reply.json[0])
    used = reply.json[0]["history"]
    assert (len(used), used[0]["uses"], used[0]["accounts"]) == (7, "2", "2")
    assert reply.json[0]["provider_name"] == "b.example"
    assert await names(bob, "trends/links", "url", offset=1) == ["https://a.example/x"]


async def test_staff_read_days_of_a_link_that_tell_of_nobody(site: Site, clock: FakeClock) -> None:
    chief, people = await staff(site), [await site.person(f"p{number}") for number in range(9)]
    url, other = "https://a.example/x", "https://b.example/"

    async def day(text: str, those: list[Client], left: list[Client], more: str) -> None:
        for client in those:
            await publish(client, text)
        for client in left:
            await publish(client, more)
        clock.advance(86_400)

    await day(url, people[:4], people[4:], "quatre seulement")
    # Those who wrote of something else would be all but these.
    await day(url, people[:6], people[6:8], "deux autres")
    await day(url, people[:6], people[6:8], other)
    await day(f"{url}#bas", people[:5], people[4:], "aussi cinq")
    await publish(people[0], f"{url} {url}", visibility="local")
    await day(f"{url} {other}", people[:6], people[6:], f"@p0 {url}")
    await day("#rien", people, people, "ni lien")
    for kind in ("public", "private"):
        for client in people:
            await publish(client, url, visibility=kind)
    status = (await people[0].get("/api/v1/trends/links")).json
    assert status[0]["url"] == url
    newest = await site.node.db.value("SELECT MAX(id) FROM status WHERE audience_kind = 'public'")
    await site.node.db.write(
        lambda tx: tx.execute(
            "INSERT INTO card (status_id, url, title, created_at) VALUES (?, ?, 'T', 0)",
            newest,
            f"{url}#bas",
        )
    )
    listed = (await chief.get("/api/v1/admin/trends/links")).json
    check("AdminTrendLink", listed[0])
    told = [(entry["uses"], entry["accounts"]) for entry in listed[0]["history"]]
    # Today goes on; of the others only two stand for five people and leave as many.
    nothing = ("0", "0")
    assert told == [nothing, nothing, ("10", "9"), ("5", "5"), nothing, nothing, nothing]
    assert listed[0]["history"][0]["day"] == str(clock() // 86_400_000 * 86_400)


async def test_strangers_see_trends_of_what_is_public(open_site: Site) -> None:
    ada, nobody = await open_site.person("ada"), open_site.client()
    await publish(ada, "#public https://a.example/")
    await publish(ada, "#site https://b.example/", visibility="local")
    assert await names(nobody, "trends/tags", "name") == ["public"]
    assert await names(nobody, "trends/links", "url") == ["https://a.example/"]


async def test_suggestions_are_friends_of_friends_then_others(site: Site) -> None:
    ada, bob, eve = [await site.person(name) for name in ("ada", "bob", "eve")]
    await site.person("zoe")
    form = {"discoverable": "false"}
    await (await site.person("hid")).ask("PATCH", "/api/v1/accounts/update_credentials", form=form)
    await site.follow(ada, "bob")
    await site.follow(bob, "eve")
    reply = await ada.get("/api/v2/suggestions")
    found = [(one["account"]["username"], one["sources"]) for one in reply.json]
    assert found == [("eve", ["friends_of_friends"]), ("zoe", ["most_followed"])]
    assert {one["source"] for one in reply.json} == {"past_interactions", "global"}
    check("Account", reply.json[0]["account"])
    assert await names(ada, "suggestions", "username") == ["eve", "zoe"]
    assert await names(ada, "suggestions", "username", limit=1) == ["eve"]
    gone = await ada.ask("DELETE", f"/api/v1/suggestions/{site.id_of('zoe')}")
    assert (gone.status, gone.json) == (200, {})
    assert (await ada.ask("DELETE", "/api/v1/suggestions/123")).status == 200
    assert await names(ada, "suggestions", "username") == ["eve"]
    form = {"hide_collections": "true"}
    await bob.ask("PATCH", "/api/v1/accounts/update_credentials", form=form)
    reply = await ada.get("/api/v2/suggestions")
    assert [one["sources"] for one in reply.json] == [["most_followed"]]
    await eve.post(f"/api/v1/accounts/{site.id_of('ada')}/block")
    assert await names(ada, "suggestions", "username") == []
