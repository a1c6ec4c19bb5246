"""Conversations, as applications ask for them."""

from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.seen import check
from tests.web.mastodon.test_edits import publish

PATH = "/api/v1/conversations"


async def test_a_conversation_for_each_of_those_named(site: Site) -> None:
    ada, bob, eve = [await site.person(name) for name in ("ada", "bob", "eve")]
    await publish(ada, "@bob pour tous")
    first = await publish(ada, "@bob entre nous", visibility="direct")
    (mine,) = (await ada.get(PATH)).json
    (theirs,) = (await bob.get(PATH)).json
    for entry in (mine, theirs):
        check("Conversation", entry)
        check("Account", entry["accounts"][0])
        assert entry["last_status"]["id"] == first["id"]
    assert (mine["unread"], theirs["unread"]) == (False, True)
    assert [account["username"] for account in mine["accounts"]] == ["bob"]
    assert [account["username"] for account in theirs["accounts"]] == ["ada"]
    assert (await eve.get(PATH)).json == []
    alone = await publish(eve, "note à moi-même", visibility="direct")
    (only,) = (await eve.get(PATH)).json
    assert (only["accounts"], only["last_status"]["id"]) == ([], alone["id"])


async def test_read_unread_and_hidden_until_the_next_message(site: Site) -> None:
    ada, bob, eve = [await site.person(name) for name in ("ada", "bob", "eve")]
    first = await publish(ada, "@bob bonjour", visibility="direct")
    (entry,) = (await bob.get(PATH)).json
    path = f"{PATH}/{entry['id']}"
    assert (await bob.post(f"{path}/read")).json == entry | {"unread": False}
    assert (await bob.post(f"{path}/unread")).json == entry
    for client in (eve, ada):
        for method, where in (("POST", f"{path}/read"), ("POST", f"{path}/unread"),
                              ("DELETE", path)):  # fmt: skip
            refused = await client.ask(method, where)
            assert refused.status == 404
            nowhere = where.replace(entry["id"], "117000000000000000")
            assert refused.body == (await client.ask(method, nowhere)).body
    assert (await bob.get(PATH)).json == [entry]
    assert (await bob.ask("DELETE", path)).json == {}
    assert (await bob.get(PATH)).json == []
    assert (await bob.post(f"{path}/read")).status == 404
    assert len((await ada.get(PATH)).json) == 1
    more = await publish(ada, "@bob encore", visibility="direct", in_reply_to_id=first["id"])
    (again,) = (await bob.get(PATH)).json
    assert (again["last_status"]["id"], again["unread"]) == (more["id"], True)


async def test_the_list_comes_in_pages_by_the_last_message(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    made = [await publish(ada, f"@bob {n}", visibility="direct") for n in range(5)]
    await publish(bob, "@ada oui", visibility="direct", in_reply_to_id=made[0]["id"])
    path, found = f"{PATH}?limit=2", []
    while path:
        reply = await bob.get(path)
        found += [entry["last_status"]["content"][-6:-4] for entry in reply.json]
        path = reply.links.get("next", "")
    assert found == ["ui", " 4", " 3", " 2", " 1"]


async def test_a_message_taken_back_leaves_the_one_before_it(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    first = await publish(ada, "@bob un", visibility="direct")
    second = await publish(ada, "@bob deux", visibility="direct", in_reply_to_id=first["id"])
    await ada.ask("DELETE", f"/api/v1/statuses/{second['id']}")
    (entry,) = (await bob.get(PATH)).json
    assert entry["last_status"]["id"] == first["id"]
    await ada.ask("DELETE", f"/api/v1/statuses/{first['id']}")
    assert (await bob.get(PATH)).json == (await ada.get(PATH)).json == []
