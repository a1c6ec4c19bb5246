"""Edits, pins, muted threads and taking back, as applications ask for them."""

from typing import Any

import pytest

from federation.database import Transaction
from tests.conftest import FakeClock
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.seen import check

POLL = {"options": ["oui", "non"], "expires_in": 3600}


async def publish(client: Any, text: str = "Bonjour", **more: Any) -> dict[str, Any]:
    reply = await client.post("/api/v1/statuses", {"status": text, **more})
    assert reply.status == 200, reply.text
    return reply.json


async def upload(site: Site, name: str, description: str = "le jardin") -> str:
    """A picture that this person has and that stands nowhere yet."""
    media_id = site.node.ids.next()

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO attachment (id, actor_id, type, media_type, url, description, created_at)"
            " VALUES (?, ?, 'image', 'image/webp', ?, ?, 0)",
            media_id,
            site.people[name]["id"],
            f"{site.node.origin}/media/{media_id}",
            description,
        )

    await site.node.db.write(work)
    return str(media_id)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_an_edit_with_its_history(site: Site, clock: FakeClock, method: str) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    media = [await upload(site, "ada") for _ in range(2)]
    made = await publish(ada, "un", media_ids=media[:1], language="fr")
    path = f"/api/v1/statuses/{made['id']}"
    assert [m["id"] for m in made["media_attachments"]] == media[:1]
    clock.advance(60)
    change = {
        "status": "deux",
        "spoiler_text": "attention",
        "media_ids": media[::-1],
        "media_attributes": [{"id": media[0], "description": "la cour", "focus": "0.5,-0.5"}],
    }
    edited = (await ada.ask(method, path, json=change)).json
    assert (edited["content"], edited["spoiler_text"], edited["language"]) == (
        "<p>deux</p>",
        "attention",
        "fr",
    )
    assert edited["edited_at"] is not None
    assert [m["id"] for m in edited["media_attachments"]] == media[::-1]
    assert edited["media_attachments"][1]["description"] == "la cour"
    assert edited["media_attachments"][1]["meta"]["focus"] == {"x": 0.5, "y": -0.5}
    assert (await bob.get(path)).json["content"] == "<p>deux</p>"
    first, second = (await bob.get(f"{path}/history")).json
    for entry in (first, second):
        check("StatusEdit", entry)
        check("MediaAttachment", entry["media_attachments"][0])
    assert [m["description"] for m in first["media_attachments"]] == ["le jardin"]
    assert (first["content"], first["created_at"]) == ("<p>un</p>", made["created_at"])
    assert (second["content"], second["created_at"]) == ("<p>deux</p>", edited["edited_at"])
    source = (await ada.get(f"{path}/source")).json
    assert (source["text"], source["spoiler_text"]) == ("deux", "attention")


async def test_a_status_never_edited_has_one_version_and_a_poll_its_options(site: Site) -> None:
    ada = await site.person("ada")
    made = await publish(ada, poll=POLL)
    (only,) = (await ada.get(f"/api/v1/statuses/{made['id']}/history")).json
    assert only["poll"] == {"options": [{"title": "oui"}, {"title": "non"}]}
    changed = await ada.ask("PUT", f"/api/v1/statuses/{made['id']}", json={"status": "sans"})
    assert changed.json["poll"] is None
    _, last = (await ada.get(f"/api/v1/statuses/{made['id']}/history")).json
    assert "poll" not in last


async def test_only_its_readers_see_the_history_and_only_its_author_edits(site: Site) -> None:
    ada, bob, eve = [await site.person(name) for name in ("ada", "bob", "eve")]
    await site.follow(bob, "ada")
    made = await publish(ada, "un", visibility="private")
    path = f"/api/v1/statuses/{made['id']}"
    nowhere = "/api/v1/statuses/117000000000000000"
    change = {"status": "deux", "visibility": "public"}
    for client, seen in ((bob, 200), (eve, 404), (site.client(), 401)):
        assert (await client.get(f"{path}/history")).status == seen
        refused = await client.ask("PUT", path, json=change)
        assert refused.status in {401, 404}
        assert refused.body == (await client.ask("PUT", nowhere, json=change)).body
    # Its own author does not make it wider by an edit either.
    edited = (await ada.ask("PUT", path, json=change)).json
    assert (edited["visibility"], edited["content"]) == ("private", "<p>deux</p>")
    assert (await eve.get(path)).status == 404
    boost = (await ada.post(f"{path}/reblog")).json
    assert (await ada.ask("PUT", f"/api/v1/statuses/{boost['id']}", json=change)).status == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, "status"),
        ({"status": " "}, "status"),
        ({"status": "a", "media_ids": ["9"]}, "media_ids"),
        ({"status": "a", "media_ids": ["x"]}, "media_ids"),
        ({"status": "a", "media_attributes": [{"description": "b"}]}, "media_attributes[0][id]"),
        ({"status": "a", "media_attributes": [{"id": "9"}]}, "media_attributes"),
        ({"status": "a", "media_attributes": [{"id": "9", "focus": "2,0"}]},
         "media_attributes[0][focus]"),
        ({"status": "a", "poll": {"options": ["b", "c"]}}, "poll[expires_in]"),
        ({"status": "a", "language": "f" * 30}, "language"),
        ({"status": ["a"]}, "status"),
    ],
)  # fmt: skip
async def test_a_wrong_edit_names_its_field_and_changes_nothing(
    site: Site, change: dict[str, Any], field: str
) -> None:
    ada = await site.person("ada")
    made = await publish(ada)
    reply = await ada.ask("PUT", f"/api/v1/statuses/{made['id']}", json=change)
    assert (reply.status, list(reply.json["details"])) == (422, [field])
    assert (await ada.get(f"/api/v1/statuses/{made['id']}")).json == made


async def test_whoever_passed_it_on_or_asked_is_told_of_the_last_edit(
    site: Site, clock: FakeClock
) -> None:
    ada, bob, eve, dan = [await site.person(name) for name in ("ada", "bob", "eve", "dan")]
    await site.follow(dan, "ada")
    await eve.post(f"/api/v1/accounts/{site.id_of('ada')}/follow", {"notify": True})
    await site.settle()
    made = await publish(ada, "un")
    path = f"/api/v1/statuses/{made['id']}"
    await bob.post(f"{path}/reblog")
    for text in ("deux", "trois"):
        clock.advance(60)
        await ada.ask("PUT", path, json={"status": text})
        await site.settle()
    for client, told in ((bob, 1), (eve, 1), (dan, 0), (ada, 0)):
        found = (await client.get("/api/v1/notifications", types=["update"])).json
        assert [entry["status"]["content"] for entry in found] == ["<p>trois</p>"] * told


async def test_pinned_is_said_of_ones_own_and_stands_on_the_profile(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    made, message = await publish(ada), await publish(ada, "@bob", visibility="direct")
    path = f"/api/v1/statuses/{made['id']}"
    assert made["pinned"] is False
    assert "pinned" not in message
    for _ in range(2):
        assert (await ada.post(f"{path}/pin")).json["pinned"] is True
    assert (await ada.get(path)).json["pinned"] is True
    assert "pinned" not in (await bob.get(path)).json
    profile = f"/api/v1/accounts/{site.id_of('ada')}/statuses"
    assert [s["id"] for s in (await bob.get(profile, pinned="true")).json] == [made["id"]]
    assert (await bob.post(f"{path}/pin")).status == 422
    assert (await ada.post(f"/api/v1/statuses/{message['id']}/pin")).status == 422
    assert (await ada.post(f"{path}/unpin")).json["pinned"] is False
    assert (await bob.get(profile, pinned="true")).json == []


async def test_sec_176_a_pin_shows_nobody_what_she_may_not_see(site: Site) -> None:
    ada, bob, eve = [await site.person(name) for name in ("ada", "bob", "eve")]
    await site.follow(bob, "ada")
    made = await publish(ada, visibility="private")
    assert (await ada.post(f"/api/v1/statuses/{made['id']}/pin")).json["pinned"] is True
    profile = f"/api/v1/accounts/{site.id_of('ada')}/statuses"
    for client, seen in ((ada, 1), (bob, 1), (eve, 0)):
        assert len((await client.get(profile, pinned="true")).json) == seen


async def test_muted_is_said_of_the_whole_thread_to_who_muted_it(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    root = await publish(ada)
    leaf = await publish(bob, "@ada oui", in_reply_to_id=root["id"])
    muted = await ada.post(f"/api/v1/statuses/{leaf['id']}/mute")
    assert (muted.json["id"], muted.json["muted"]) == (leaf["id"], True)
    for client, flag in ((ada, True), (bob, False)):
        for status in (root, leaf):
            found = (await client.get(f"/api/v1/statuses/{status['id']}")).json
            assert found["muted"] is flag
    await publish(bob, "@ada encore", in_reply_to_id=leaf["id"])
    await site.settle()
    assert (await ada.get("/api/v1/notifications")).json == []
    assert (await ada.post(f"/api/v1/statuses/{root['id']}/unmute")).json["muted"] is False
    await publish(bob, "@ada enfin", in_reply_to_id=leaf["id"])
    await site.settle()
    assert len((await ada.get("/api/v1/notifications")).json) == 1
    private = await publish(ada, visibility="private")
    for deed in ("mute", "unmute", "pin", "unpin"):
        assert (await bob.post(f"/api/v1/statuses/{private['id']}/{deed}")).status == 404


async def test_what_is_taken_back_can_be_written_again_with_its_media_or_poll(site: Site) -> None:
    ada = await site.person("ada")
    media_id = await upload(site, "ada")
    made = await publish(ada, "Le <b>jardin</b>", media_ids=[media_id], spoiler_text="vert")
    gone = (await ada.ask("DELETE", f"/api/v1/statuses/{made['id']}")).json
    assert "content" not in gone
    assert (gone["text"], gone["spoiler_text"]) == ("Le <b>jardin</b>", "vert")
    assert [m["id"] for m in gone["media_attachments"]] == [media_id]
    again = await publish(ada, gone["text"], media_ids=[media_id])
    assert again["content"] == made["content"]
    path = f"/api/v1/statuses/{again['id']}"
    await ada.ask("DELETE", path, query={"delete_media": "true"})
    refused = await ada.post("/api/v1/statuses", {"status": "a", "media_ids": [media_id]})
    assert list(refused.json["details"]) == ["media_ids"]
    asked = await publish(ada, poll=POLL)
    gone = (await ada.ask("DELETE", f"/api/v1/statuses/{asked['id']}")).json
    assert [option["title"] for option in gone["poll"]["options"]] == ["oui", "non"]


async def test_media_of_somebody_else_or_in_use_are_refused(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    media_id = await upload(site, "ada")
    sent = {"status": "a", "media_ids": [media_id]}
    assert (await bob.post("/api/v1/statuses", sent)).status == 422
    await publish(ada, "", media_ids=[media_id])
    assert (await ada.post("/api/v1/statuses", sent)).status == 422
    theirs = await publish(bob)
    assert (await bob.ask("PUT", f"/api/v1/statuses/{theirs['id']}", json=sent)).status == 422
    many = [await upload(site, "ada") for _ in range(5)]
    refused = await ada.post("/api/v1/statuses", {"status": "a", "media_ids": many})
    assert list(refused.json["details"]) == ["media_ids"]
    both = {"status": "a", "media_ids": many[:1], "poll": POLL}
    assert list((await ada.post("/api/v1/statuses", both)).json["details"]) == ["poll"]


async def test_a_warning_without_a_text_is_the_text(site: Site) -> None:
    ada = await site.person("ada")
    made = await publish(ada, "", spoiler_text="seul")
    assert (made["content"], made["spoiler_text"], made["sensitive"]) == ("<p>seul</p>", "", True)
    edited = await ada.ask(
        "PUT", f"/api/v1/statuses/{made['id']}", json={"status": "", "spoiler_text": "autre"}
    )
    assert (edited.json["content"], edited.json["spoiler_text"]) == ("<p>autre</p>", "")


@pytest.mark.parametrize("deed", ["favourite", "reblog"])
async def test_who_thanked_and_who_passed_on_come_in_pages(site: Site, deed: str) -> None:
    ada = await site.person("ada")
    made = await publish(ada)
    names = [f"p{n}" for n in range(5)]
    for name in names:
        await (await site.person(name)).post(f"/api/v1/statuses/{made['id']}/{deed}")
    by = "favourited_by" if deed == "favourite" else "reblogged_by"
    path, found = f"/api/v1/statuses/{made['id']}/{by}?limit=2", []
    while path:
        reply = await ada.get(path)
        found += [account["username"] for account in reply.json]
        path = reply.links.get("next", "")
    assert found == names[::-1]
    previous = (await ada.get(f"/api/v1/statuses/{made['id']}/{by}", limit=2)).links["prev"]
    assert (await ada.get(previous)).json == []


async def history_media(client: Any, status_id: str) -> list[Any]:
    """The one medium of the first version."""
    versions = (await client.get(f"/api/v1/statuses/{status_id}/history")).json
    (media,) = versions[0]["media_attachments"]
    check("MediaAttachment", media)
    return [media["id"], media["url"], media["preview_url"], media["description"]]


async def test_what_was_taken_off_has_an_address_for_its_author_alone(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    media_id = await upload(site, "ada")
    made = await publish(ada, "un", media_ids=[media_id])
    path = f"/api/v1/statuses/{made['id']}"
    await ada.ask("PUT", path, json={"status": "deux", "media_ids": [media_id]})
    assert str((await history_media(bob, made["id"]))[1]).startswith(site.node.origin)
    await ada.ask("PUT", path, json={"status": "trois"})
    assert await history_media(bob, made["id"]) == [media_id, None, None, "le jardin"]
    assert str((await history_media(ada, made["id"]))[1]).startswith(site.node.origin)


async def test_media_of_elsewhere_are_found_again_by_their_place(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    media_id = await upload(site, "ada")
    made = await publish(ada, "un", media_ids=[media_id])
    place = "https://roses.example/1.png"

    async def from_elsewhere(tx: Transaction) -> None:
        await tx.execute("UPDATE attachment SET remote_url = ?, url = ?", place, place)

    async def brought_anew(tx: Transaction) -> None:
        await tx.execute("UPDATE attachment SET id = 5")

    await site.node.db.write(from_elsewhere)
    edited = {"status": "deux", "media_ids": [media_id]}
    await ada.ask("PUT", f"/api/v1/statuses/{made['id']}", json=edited)
    await site.node.db.write(brought_anew)
    number, url, *_ = await history_media(bob, made["id"])
    assert (number, url.partition("?")[0]) == ("5", f"{site.node.origin}/proxy/media/5/original")


async def test_each_version_says_what_it_quotes(site: Site) -> None:
    ada = await site.person("ada")
    quoted = await publish(ada, "la source")
    made = await publish(ada, "un", quoted_status_id=quoted["id"])
    path = f"/api/v1/statuses/{made['id']}"
    await ada.ask("PUT", path, json={"status": "deux"})
    versions = (await ada.get(f"{path}/history")).json
    assert len(versions) == 2
    for version in versions:
        check("StatusEdit", version)
        assert version["quote"]["quoted_status"]["id"] == quoted["id"]
    assert "quote" not in (await ada.get(f"/api/v1/statuses/{quoted['id']}/history")).json[0]
