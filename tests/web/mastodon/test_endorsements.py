"""What one says of others: featured people, familiar followers, private notes, languages."""

from tests.conftest import FakeClock
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.test_relationships import relation
from tests.web.mastodon.test_timelines import publish


async def test_people_one_follows_are_featured(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    path = f"/api/v1/accounts/{site.id_of('bob')}"
    for deed in ("endorse", "pin"):
        refused = await ada.post(f"{path}/{deed}")
        assert (refused.status, list(refused.json["details"])) == (422, ["id"])
    await site.follow(ada, "bob")
    own, shown = "/api/v1/endorsements", f"/api/v1/accounts/{site.id_of('ada')}/endorsements"
    for do, undo in (("endorse", "unendorse"), ("pin", "unpin")):
        assert (await ada.post(f"{path}/{do}")).json["endorsed"] is True
        assert (await ada.post(f"{path}/{do}")).status == 200
        assert [one["username"] for one in (await ada.get(own)).json] == ["bob"]
        assert [one["username"] for one in (await bob.get(shown)).json] == ["bob"]
        assert (await bob.get(own)).json == []
        assert (await ada.post(f"{path}/{undo}")).json["endorsed"] is False
        assert (await bob.get(shown)).json == []
    await ada.post(f"{path}/endorse")
    assert (await ada.post(f"{path}/unfollow")).json["endorsed"] is False
    assert (await ada.get(own)).json == []


async def test_a_note_is_for_its_author_alone(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    path = f"/api/v1/accounts/{site.id_of('bob')}/note"
    assert (await ada.post(path, {"comment": "Équipe de nuit"})).json["note"] == "Équipe de nuit"
    assert (await relation(ada, site.id_of("bob")))["note"] == "Équipe de nuit"
    assert (await relation(bob, site.id_of("bob")))["note"] == ""
    too_long = await ada.post(path, {"comment": "x" * 2_001})
    assert (too_long.status, list(too_long.json["details"])) == (422, ["comment"])
    assert (await relation(ada, site.id_of("bob")))["note"] == "Équipe de nuit"
    assert (await ada.post(path, {"comment": ""})).json["note"] == ""
    assert await site.node.db.value("SELECT COUNT(*) FROM private_note") == 0


async def test_familiar_followers_are_those_one_follows_unless_hidden(site: Site) -> None:
    ada, bob, eve, zoe = [await site.person(name) for name in ("ada", "bob", "eve", "zoe")]
    for follower, name in ((ada, "bob"), (ada, "eve"), (bob, "zoe"), (eve, "zoe")):
        await site.follow(follower, name)

    async def familiar() -> list[list[str]]:
        ids = [site.id_of("zoe"), "123"]
        path = "/api/v1/accounts/familiar_followers"
        found = (await ada.ask("GET", path, query={"id[]": ids})).json
        assert [one["id"] for one in found] == [site.id_of("zoe")]
        return [sorted(who["username"] for who in one["accounts"]) for one in found]

    async def hide(client: object, hidden: str) -> None:
        path = "/api/v1/accounts/update_credentials"
        reply = await client.ask("PATCH", path, form={"hide_collections": hidden})  # type: ignore[attr-defined]
        assert reply.status == 200

    assert await familiar() == [["bob", "eve"]]
    await hide(eve, "true")
    assert await familiar() == [["bob"]]
    await hide(zoe, "true")
    assert await familiar() == [[]]
    followers = f"/api/v1/accounts/{site.id_of('zoe')}/followers"
    assert (await ada.get(followers)).json == []
    assert len((await zoe.get(followers)).json) == 2


async def test_a_follow_says_in_which_languages_one_reads(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.follow(ada, "bob")
    path = f"/api/v1/accounts/{site.id_of('bob')}/follow"
    made = {code: await publish(bob, str(code), language=code) for code in ("fr", "en")}
    plain = await publish(bob, "?")
    home = "/api/v1/timelines/home"
    assert len((await ada.get(home)).json) == 3
    assert (await ada.post(path, {"languages": ["fr", "fr"]})).json["languages"] == ["fr"]
    assert [one["id"] for one in (await ada.get(home)).json] == [plain, made["fr"]]
    await bob.post(f"/api/v1/statuses/{made['en']}/reblog")
    assert [one["id"] for one in (await ada.get(home)).json] == [plain, made["fr"]]
    wrong = await ada.post(path, {"languages": ["<b>"]})
    assert (wrong.status, list(wrong.json["details"])) == (422, ["languages"])
    assert (await ada.post(path, {"notify": True})).json["languages"] == ["fr"]
    assert (await ada.post(path, {"languages": []})).json["languages"] is None
    assert len((await ada.get(home)).json) == 4


async def test_a_mute_ends_by_itself(site: Site, clock: FakeClock) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.follow(ada, "bob")
    await publish(bob, "x")
    await ada.post(f"/api/v1/accounts/{site.id_of('bob')}/mute", {"duration": 60})
    assert (await ada.get("/api/v1/timelines/home")).json == []
    assert (await ada.get("/api/v1/mutes")).json[0]["mute_expires_at"] is not None
    clock.advance(61)
    assert len((await ada.get("/api/v1/timelines/home")).json) == 1
    assert (await relation(ada, site.id_of("bob")))["muting"] is False
    assert (await ada.get("/api/v1/mutes")).json == []
