"""Lists: whose they are, who may stand on them, and what is read through them."""

from typing import Any

import pytest

from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.test_timelines import publish

LISTS = "/api/v1/lists"


async def new_list(client: Client, title: str = "Nuit", **more: Any) -> str:
    reply = await client.post(LISTS, {"title": title, **more})
    assert reply.status == 200, reply.text
    return reply.json["id"]


async def put_on(client: Client, list_id: str, *ids: str) -> int:
    sent = {"account_ids": list(ids)}
    return (await client.post(f"{LISTS}/{list_id}/accounts", sent)).status


async def read(client: Client, path: str) -> list[str]:
    return [one["id"] for one in (await client.get(path)).json]


async def test_a_list_is_made_changed_and_deleted_by_its_owner_alone(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    list_id = await new_list(ada)
    made = {"id": list_id, "title": "Nuit", "replies_policy": "list", "exclusive": False}
    assert (await ada.get(LISTS)).json == [made]
    assert (await ada.get(f"{LISTS}/{list_id}")).json == made
    for method in ("PUT", "PATCH"):
        sent = {"title": method, "replies_policy": "none", "exclusive": True}
        changed = (await ada.ask(method, f"{LISTS}/{list_id}", json=sent)).json
        assert changed == {"id": list_id} | sent
    kept = (await ada.ask("PUT", f"{LISTS}/{list_id}", json={"title": "Jour"})).json
    assert (kept["replies_policy"], kept["exclusive"]) == ("none", True)
    assert (await bob.get(LISTS)).json == []
    for method, path, sent in (
        ("GET", "", None), ("PUT", "", {"title": "x"}), ("DELETE", "", None),
        ("GET", "/accounts", None), ("POST", "/accounts", {"account_ids": [site.id_of("bob")]}),
        ("DELETE", "/accounts", {"account_ids": [site.id_of("bob")]}),
    ):  # fmt: skip
        assert (await bob.ask(method, f"{LISTS}/{list_id}{path}", json=sent)).status == 404
    assert (await bob.get(f"/api/v1/timelines/list/{list_id}")).status == 404
    assert (await ada.ask("DELETE", f"{LISTS}/{list_id}")).json == {}
    assert (await ada.get(LISTS)).json == []


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "title"), ({"title": "  "}, "title"), ({"title": "x" * 256}, "title"),
        ({"title": ["a"]}, "title"), ({"title": "x", "replies_policy": "all"}, "replies_policy"),
        ({"title": "x", "exclusive": "perhaps"}, "exclusive"),
    ],
)  # fmt: skip
async def test_what_is_no_list_is_not_stored(site: Site, sent: Any, field: str) -> None:
    ada = await site.person("ada")
    reply = await ada.post(LISTS, sent)
    assert (reply.status, list(reply.json["details"])) == (422, [field])
    assert (await ada.get(LISTS)).json == []


async def test_there_are_at_most_fifty_lists(site: Site) -> None:
    ada = await site.person("ada")
    for number in range(50):
        await new_list(ada, f"n{number}")
    assert (await ada.post(LISTS, {"title": "one more"})).status == 422
    assert len((await ada.get(LISTS)).json) == 50


async def test_only_people_one_follows_stand_on_a_list(site: Site) -> None:
    ada = await site.person("ada")
    for name in ("bob", "eve", "zoe"):
        await site.person(name)
    await site.follow(ada, "bob")
    await site.follow(ada, "zoe")
    list_id = await new_list(ada)
    members = f"{LISTS}/{list_id}/accounts"
    assert await put_on(ada, list_id, site.id_of("bob"), site.id_of("eve")) == 404
    assert (await ada.get(members)).json == []
    assert await put_on(ada, list_id, "123") == 404
    assert await put_on(ada, list_id) == 422
    assert await put_on(ada, list_id, site.id_of("bob"), site.id_of("zoe")) == 200
    assert await put_on(ada, list_id, site.id_of("bob")) == 422
    assert len((await ada.get(members, limit=1)).json) == 1
    both = await ada.get(members, limit=0)
    assert {one["username"] for one in both.json} == {"bob", "zoe"}
    assert both.links == {}
    of_bob = f"/api/v1/accounts/{site.id_of('bob')}"
    assert [one["id"] for one in (await ada.get(f"{of_bob}/lists")).json] == [list_id]
    await ada.post(f"{of_bob}/unfollow")
    assert [one["username"] for one in (await ada.get(members)).json] == ["zoe"]
    assert (await ada.get(f"{of_bob}/lists")).json == []
    gone = await ada.ask("DELETE", members, query={"account_ids[]": [site.id_of("zoe")]})
    assert (gone.status, (await ada.get(members)).json) == (200, [])
    await put_on(ada, list_id, site.id_of("zoe"), site.id_of("ada"))
    sent = {"account_ids": [site.id_of("zoe"), site.id_of("ada"), "123"]}
    gone = await ada.ask("DELETE", members, json=sent)
    assert (gone.status, (await ada.get(members)).json) == (200, [])


async def test_a_list_holds_what_its_members_wrote_for_the_reader(site: Site) -> None:
    ada, bob, eve = [await site.person(name) for name in ("ada", "bob", "eve")]
    await site.follow(ada, "bob")
    await site.follow(ada, "eve")
    list_id = await new_list(ada)
    await put_on(ada, list_id, site.id_of("bob"))
    seen = [await publish(bob, "public"), await publish(bob, "private", visibility="private")]
    await publish(bob, "direct", visibility="direct")
    await publish(eve, "elsewhere")
    path = f"/api/v1/timelines/list/{list_id}"
    assert await read(ada, path) == seen[::-1]
    first = await ada.get(path, limit=1)
    assert [one["id"] for one in first.json] == [seen[1]]
    assert await read(ada, first.links["next"]) == [seen[0]]
    await ada.post(f"/api/v1/accounts/{site.id_of('bob')}/mute")
    assert await read(ada, path) == []


async def test_the_reply_policy_says_which_answers_a_list_shows(site: Site) -> None:
    ada, bob, eve, zoe = [await site.person(name) for name in ("ada", "bob", "eve", "zoe")]
    for name in ("bob", "eve"):
        await site.follow(ada, name)
    list_id = await new_list(ada)
    await put_on(ada, list_id, site.id_of("bob"))
    own = {
        name: await publish(client, name)
        for name, client in (("ada", ada), ("bob", bob), ("eve", eve), ("zoe", zoe))
    }
    to = {name: await publish(bob, f"to {name}", in_reply_to_id=own[name]) for name in own}
    shown = {
        "followed": {"ada", "bob", "eve"}, "list": {"ada", "bob"}, "none": {"ada", "bob"},
    }  # fmt: skip
    for policy, answered in shown.items():
        await ada.ask("PUT", f"{LISTS}/{list_id}", json={"replies_policy": policy})
        found = set(await read(ada, f"/api/v1/timelines/list/{list_id}"))
        assert found == {own["bob"]} | {to[name] for name in answered}, policy


async def test_who_stands_on_an_exclusive_list_is_not_in_the_home_timeline(site: Site) -> None:
    ada, bob, eve = [await site.person(name) for name in ("ada", "bob", "eve")]
    await site.follow(ada, "bob")
    await site.follow(ada, "eve")
    of_bob, of_eve = await publish(bob, "of bob"), await publish(eve, "of eve")
    list_id = await new_list(ada)
    await put_on(ada, list_id, site.id_of("bob"))
    home = "/api/v1/timelines/home"
    assert await read(ada, home) == [of_eve, of_bob]
    await ada.ask("PUT", f"{LISTS}/{list_id}", json={"exclusive": "1"})
    assert await read(ada, home) == [of_eve]
    assert await read(ada, f"/api/v1/timelines/list/{list_id}") == [of_bob]
    to_bob = await publish(eve, "to bob", in_reply_to_id=of_bob)
    assert await read(ada, home) == [to_bob, of_eve]
