from typing import Any

import pytest

from tests.web.mastodon.conftest import Site


async def relation(client: Any, account_id: str) -> dict[str, Any]:
    reply = await client.ask("GET", "/api/v1/accounts/relationships", query={"id[]": [account_id]})
    return reply.json[0]


async def test_a_follow_of_an_open_account_is_accepted_by_its_own_door(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    path = f"/api/v1/accounts/{site.id_of('ada')}"
    asked = (await bob.post(f"{path}/follow", {"notify": True})).json
    assert (asked["requested"], asked["following"]) == (True, False)
    await site.settle()
    now = await relation(bob, site.id_of("ada"))
    assert (now["requested"], now["following"], now["notifying"]) == (False, True, True)
    assert (await relation(ada, site.id_of("bob")))["followed_by"] is True
    for listed, client in (("followers", ada), ("following", bob)):
        owner = site.id_of("ada" if listed == "followers" else "bob")
        found = (await client.get(f"/api/v1/accounts/{owner}/{listed}")).json
        assert len(found) == 1
    ended = (await bob.post(f"{path}/unfollow")).json
    assert (ended["following"], ended["requested"]) == (False, False)


async def test_a_locked_account_answers_its_requests(site: Site) -> None:
    ada, bob, eve = [await site.person(name) for name in ("ada", "bob", "eve")]
    await ada.ask("PATCH", "/api/v1/accounts/update_credentials", form={"locked": "true"})
    await site.follow(bob, "ada")
    await site.follow(eve, "ada")
    requests = (await ada.get("/api/v1/follow_requests")).json
    assert [one["username"] for one in requests] == ["eve", "bob"]
    own = (await ada.get("/api/v1/accounts/verify_credentials")).json
    assert own["source"]["follow_requests_count"] == 2
    path = "/api/v1/follow_requests"
    assert (await ada.post(f"{path}/{site.id_of('bob')}/authorize")).json["followed_by"] is True
    assert (await ada.post(f"{path}/{site.id_of('eve')}/reject")).json["followed_by"] is False
    await site.settle()
    assert (await relation(bob, site.id_of("ada")))["following"] is True
    assert (await relation(eve, site.id_of("ada")))["requested"] is False
    # There is nothing left to answer, nor ever was for others.
    assert (await ada.post(f"{path}/{site.id_of('bob')}/authorize")).status == 404
    assert (await bob.post(f"{path}/{site.id_of('ada')}/authorize")).status == 404


async def test_a_block_ends_what_was_and_a_mute_hides(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.follow(bob, "ada")
    bob_path = f"/api/v1/accounts/{site.id_of('bob')}"
    assert (await ada.post(f"{bob_path}/block")).json["blocking"] is True
    assert (await relation(bob, site.id_of("ada")))["blocked_by"] is True
    assert (await relation(bob, site.id_of("ada")))["following"] is False
    assert (await bob.post(f"/api/v1/accounts/{site.id_of('ada')}/follow")).status == 403
    assert [one["username"] for one in (await ada.get("/api/v1/blocks")).json] == ["bob"]
    assert (await ada.post(f"{bob_path}/unblock")).json["blocking"] is False
    muted = (await ada.post(f"{bob_path}/mute", {"duration": 60, "notifications": False})).json
    assert (muted["muting"], muted["muting_notifications"]) == (True, False)
    assert muted["muting_expires_at"] is not None
    listed = (await ada.get("/api/v1/mutes")).json
    assert listed[0]["mute_expires_at"] == muted["muting_expires_at"]
    assert (await ada.post(f"{bob_path}/unmute")).json["muting"] is False
    assert (await ada.get("/api/v1/mutes")).json == []


@pytest.mark.parametrize("deed", ["follow", "block", "mute"])
async def test_nobody_follows_blocks_or_mutes_herself_or_nobody(site: Site, deed: str) -> None:
    ada = await site.person("ada")
    reply = await ada.post(f"/api/v1/accounts/{site.id_of('ada')}/{deed}")
    assert (reply.status, list(reply.json["details"])) == (422, ["id"])
    assert (await ada.post(f"/api/v1/accounts/123/{deed}")).status == 404


async def test_a_follower_is_removed(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    path = f"/api/v1/accounts/{site.id_of('bob')}/remove_from_followers"
    assert (await ada.post(path)).json["followed_by"] is False
    await site.follow(bob, "ada")
    assert (await relation(ada, site.id_of("bob")))["followed_by"] is True
    assert (await ada.post(path)).json["followed_by"] is False


async def test_relationships_come_in_the_order_asked(site: Site) -> None:
    ada = await site.person("ada")
    for name in ("bob", "eve"):
        await site.person(name)
    ids = [site.id_of("eve"), "123", "x", site.id_of("bob"), site.id_of("eve")]
    for key in ("id[]", "id"):
        reply = await ada.ask("GET", "/api/v1/accounts/relationships", query={key: ids})
        wanted = [site.id_of("eve"), site.id_of("bob")] if key == "id[]" else [site.id_of("eve")]
        assert [one["id"] for one in reply.json] == wanted


async def test_a_profile_is_changed_and_bounded(site: Site) -> None:
    ada = await site.person("ada")
    path = "/api/v1/accounts/update_credentials"
    sent = {
        "display_name": "Ada L.", "note": "Nuit <b>calme</b>", "locked": "1", "bot": "true",
        "discoverable": "false", "fields_attributes[0][name]": "Ward",
        "fields_attributes[0][value]": "East",
    }  # fmt: skip
    changed = (await ada.ask("PATCH", path, form=sent)).json
    assert (changed["display_name"], changed["locked"], changed["bot"]) == ("Ada L.", True, True)
    assert "&lt;b&gt;" in changed["note"]
    assert changed["source"]["note"] == "Nuit <b>calme</b>"
    assert [(f["name"], f["value"]) for f in changed["fields"]] == [("Ward", "East")]
    for wrong, field in (
        ({"display_name": "x" * 101}, "display_name"), ({"note": "x" * 2001}, "note"),
        ({"locked": "perhaps"}, "locked"), ({"source[privacy]": "all"}, "source[privacy]"),
        ({"fields_attributes": "x"}, "fields_attributes"), ({"avatar": "x"}, "avatar"),
    ):  # fmt: skip
        reply = await ada.ask("PUT", path, form=wrong)
        assert (reply.status, list(reply.json["details"])) == (422, [field])
    assert (await ada.get("/api/v1/accounts/verify_credentials")).json == changed
