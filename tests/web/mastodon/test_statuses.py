import asyncio
from typing import Any

import pytest

from tests.web.mastodon.conftest import Site


async def publish(client: Any, text: str = "Bonjour", **more: Any) -> dict[str, Any]:
    reply = await client.post("/api/v1/statuses", {"status": text, **more})
    assert reply.status == 200, reply.text
    return reply.json


async def test_a_status_is_written_read_and_taken_back_with_its_text(site: Site) -> None:
    ada = await site.person("ada")
    made = await publish(
        ada, "Le <b>jardin</b> ouvre #Demain", spoiler_text="jardin", language="fr"
    )
    assert made["content"].startswith("<p>Le &lt;b&gt;jardin")
    assert (made["spoiler_text"], made["sensitive"], made["language"]) == ("jardin", True, "fr")
    assert made["tags"] == [{"name": "demain", "url": f"{site.node.origin}/tags/demain"}]
    read = await ada.get(f"/api/v1/statuses/{made['id']}")
    assert read.json == made
    gone = await ada.ask("DELETE", f"/api/v1/statuses/{made['id']}")
    assert gone.json["text"] == "Le <b>jardin</b> ouvre #Demain"
    assert (await ada.get(f"/api/v1/statuses/{made['id']}")).status == 404


@pytest.mark.parametrize(
    ("sent", "visibility", "kind"),
    [
        ({"visibility": "public"}, "public", "public"),
        ({"visibility": "unlisted"}, "unlisted", "unlisted"),
        ({"visibility": "private"}, "private", "followers"),
        ({"visibility": "direct"}, "direct", "named"),
        ({"visibility": "local"}, "private", "site"),
        ({"local_only": "true", "visibility": "public"}, "private", "site"),
    ],
)
async def test_visibilities_are_told_in_the_words_of_clients_and_in_ours(
    site: Site, sent: dict[str, str], visibility: str, kind: str
) -> None:
    ada = await site.person("ada")
    made = await publish(ada, **sent)
    assert (made["visibility"], made["audience"]["kind"]) == (visibility, kind)


async def test_the_audience_is_said_in_the_language_of_the_reader(site: Site) -> None:
    ada = await site.person("ada", locale="fr")
    bob = await site.person("bob", locale="en")
    made = await publish(ada, visibility="local")
    assert made["audience"]["words"] == "Mon site seulement"
    read = await bob.get(f"/api/v1/statuses/{made['id']}")
    assert read.json["audience"]["words"] == "My site only"


async def test_the_same_idempotency_key_is_one_status_also_at_once(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    key = {"Idempotency-Key": "once"}
    replies = await asyncio.gather(
        *(ada.post("/api/v1/statuses", {"status": "hello"}, headers=key) for _ in range(5))
    )
    assert {reply.status for reply in replies} == {200}
    assert len({reply.json["id"] for reply in replies}) == 1
    other = await bob.post("/api/v1/statuses", {"status": "hello"}, headers=key)
    assert other.json["id"] != replies[0].json["id"]
    assert await site.node.db.value("SELECT COUNT(*) FROM status") == 2


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "status"),
        ({"status": "  "}, 422, "status"),
        ({"status": ["a"]}, 422, "status"),
        ({"status": "a\0b"}, 422, "status"),
        ({"status": "a" * 5001}, 422, "status"),
        ({"status": "a", "visibility": "everyone"}, 422, "visibility"),
        ({"status": "a", "in_reply_to_id": "x"}, 422, "in_reply_to_id"),
        ({"status": "a", "in_reply_to_id": "123"}, 404, None),
        ({"status": "a", "language": "f" * 30}, 422, "language"),
        ({"status": "a", "media_ids": ["1"]}, 422, "media_ids"),
        ({"status": "a", "poll": {"options": ["a", "b"]}}, 422, "poll[expires_in]"),
        ({"status": "a", "media_ids": ["x"]}, 422, "media_ids"),
        ({"status": "a", "scheduled_at": "demain"}, 422, "scheduled_at"),
    ],
)
async def test_a_wrong_status_names_its_field_and_leaves_nothing(
    site: Site, body: dict[str, Any], status: int, field: str | None
) -> None:
    ada = await site.person("ada")
    reply = await ada.post("/api/v1/statuses", body)
    assert reply.status == status
    assert isinstance(reply.json["error"], str)
    assert list(reply.json.get("details", {})) == ([field] if field else [])
    assert await site.node.db.value("SELECT COUNT(*) FROM status") == 0
    # Its twin: what is empty or absent is accepted.
    await publish(ada, media_ids=[], poll=None, in_reply_to_id=None)


async def test_defaults_of_the_person_stand_where_nothing_is_said(site: Site) -> None:
    ada = await site.person("ada")
    changed = await ada.ask(
        "PATCH",
        "/api/v1/accounts/update_credentials",
        form={"source[privacy]": "private", "source[language]": "en", "source[sensitive]": "1"},
    )
    assert changed.json["source"]["privacy"] == "private"
    made = await publish(ada)
    assert (made["visibility"], made["language"], made["sensitive"]) == ("private", "en", True)
    assert (await publish(ada, visibility="public"))["visibility"] == "public"


async def test_thanks_boosts_and_bookmarks_and_their_undo(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    made = await publish(ada)
    path = f"/api/v1/statuses/{made['id']}"
    for deed, flag, count in (
        ("favourite", "favourited", "favourites_count"),
        ("bookmark", "bookmarked", None),
    ):
        for _ in range(2):
            done = (await bob.post(f"{path}/{deed}")).json
            assert done[flag] is True
            assert count is None or done[count] == 1
        undone = (await bob.post(f"{path}/un{deed}")).json
        assert undone[flag] is False
        assert count is None or undone[count] == 0
    boost = (await bob.post(f"{path}/reblog")).json
    assert boost["id"] != made["id"]
    assert boost["reblog"]["id"] == made["id"]
    assert boost["reblog"]["reblogged"] is True
    assert boost["account"]["username"] == "bob"
    assert boost["reblog"]["account"]["username"] == "ada"
    assert [who["username"] for who in (await ada.get(f"{path}/reblogged_by")).json] == ["bob"]
    undone = (await bob.post(f"{path}/unreblog")).json
    assert (undone["id"], undone["reblogged"], undone["reblogs_count"]) == (made["id"], False, 0)
    await bob.post(f"{path}/favourite")
    assert [who["username"] for who in (await ada.get(f"{path}/favourited_by")).json] == ["bob"]
    assert [s["id"] for s in (await bob.get("/api/v1/favourites")).json] == [made["id"]]


async def test_only_its_author_passes_a_followers_status_on(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.follow(bob, "ada")
    made = await publish(ada, visibility="private")
    path = f"/api/v1/statuses/{made['id']}/reblog"
    assert (await bob.post(path)).status == 422
    assert (await ada.post(path)).status == 200


async def test_nobody_deletes_or_reads_the_source_of_anothers_status(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    made = await publish(ada)
    assert (await bob.ask("DELETE", f"/api/v1/statuses/{made['id']}")).status == 404
    assert (await bob.get(f"/api/v1/statuses/{made['id']}/source")).status == 404
    source = await ada.get(f"/api/v1/statuses/{made['id']}/source")
    assert source.json == {"id": made["id"], "text": "Bonjour", "spoiler_text": ""}


async def test_a_thread_is_told_from_above_and_below(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    root = await publish(ada, "root")
    middle = await publish(bob, "middle", in_reply_to_id=root["id"])
    leaf = await publish(ada, "leaf", in_reply_to_id=middle["id"])
    assert middle["in_reply_to_account_id"] == site.id_of("ada")
    thread = (await ada.get(f"/api/v1/statuses/{middle['id']}/context")).json
    assert [s["id"] for s in thread["ancestors"]] == [root["id"]]
    assert [s["id"] for s in thread["descendants"]] == [leaf["id"]]


async def test_several_at_once_leave_out_what_one_may_not_see(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    public, private = await publish(ada), await publish(ada, visibility="private")
    ids = [public["id"], private["id"], "1"]
    reply = await bob.ask("GET", "/api/v1/statuses", query={"id[]": ids})
    assert [s["id"] for s in reply.json] == [public["id"]]
    reply = await ada.ask("GET", "/api/v1/statuses", query={"id[]": ids})
    assert [s["id"] for s in reply.json] == [public["id"], private["id"]]
