"""Quotes on one node: who may quote what, who sees it, and how it ends."""

from typing import Any

import orjson
import pytest

from tests.web.mastodon.conftest import Site


async def publish(client: Any, text: str = "Bonjour", **more: Any) -> dict[str, Any]:
    reply = await client.post("/api/v1/statuses", {"status": text, **more})
    assert reply.status == 200, reply.text
    return reply.json


async def refused(client: Any, quoted: dict[str, Any], **more: Any) -> tuple[int, list[str]]:
    sent = {"status": "Voyez", "quoted_status_id": quoted["id"], **more}
    reply = await client.post("/api/v1/statuses", sent)
    return reply.status, list(reply.json.get("details", {}))


async def read(client: Any, status: dict[str, Any]) -> dict[str, Any]:
    reply = await client.get(f"/api/v1/statuses/{status['id']}")
    assert reply.status == 200, reply.text
    return reply.json


FIELD = ["quoted_status_id"]


async def test_a_quote_stands_is_counted_listed_and_told(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    quoted = await publish(ada)
    assert quoted["quote_approval"] == {
        "automatic": ["public"],
        "manual": [],
        "current_user": "automatic",
    }
    assert (quoted["quote"], quoted["quotes_count"]) == (None, 0)
    quoting = await publish(bob, "Voyez", quoted_status_id=quoted["id"])
    await site.settle()
    assert quoting["quote"]["state"] == "accepted"
    assert quoting["quote"]["quoted_status"]["id"] == quoted["id"]
    assert quoting["quote"]["quoted_status"]["content"] == "<p>Bonjour</p>"
    assert (await read(ada, quoted))["quotes_count"] == 1
    listed = (await ada.get(f"/api/v1/statuses/{quoted['id']}/quotes")).json
    assert [item["id"] for item in listed] == [quoting["id"]]
    told = (await ada.get("/api/v1/notifications?types[]=quote")).json
    assert [(item["account"]["username"], item["status"]["id"]) for item in told] == [
        ("bob", quoting["id"])
    ]


async def test_inside_a_quoted_status_a_quote_is_named_only(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    first = await publish(ada)
    second = await publish(bob, quoted_status_id=first["id"])
    third = await publish(ada, quoted_status_id=second["id"])
    inner = third["quote"]["quoted_status"]["quote"]
    assert inner == {"state": "accepted", "quoted_status_id": first["id"]}
    # A quote of a boost is a quote of what it boosts.
    boost = (await bob.post(f"/api/v1/statuses/{first['id']}/reblog")).json
    fourth = await publish(ada, quoted_status_id=boost["id"])
    assert fourth["quote"]["quoted_status"]["id"] == first["id"]
    shown = (await bob.post(f"/api/v1/statuses/{third['id']}/reblog")).json
    assert shown["quote"] is None
    assert shown["reblog"]["quote"]["quoted_status"]["id"] == second["id"]


async def test_a_status_may_be_a_quote_and_nothing_else(site: Site) -> None:
    ada = await site.person("ada")
    quoted = await publish(ada)
    assert (await publish(ada, "", quoted_status_id=quoted["id"]))["content"] == ""
    assert (await ada.post("/api/v1/statuses", {"status": ""})).status == 422


@pytest.mark.parametrize("visibility", ["private", "local", "direct"])
async def test_what_is_not_public_is_quoted_by_nobody_else(site: Site, visibility: str) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.follow(bob, "ada")
    quoted = await publish(ada, "Entre nous @bob", visibility=visibility)
    assert (await read(bob, quoted))["quote_approval"]["current_user"] == "denied"
    for wanted in ("public", "unlisted", "private", "local", "direct"):
        assert await refused(bob, quoted, visibility=wanted) == (422, FIELD)
    assert await site.node.db.value("SELECT COUNT(*) FROM status") == 1


@pytest.mark.parametrize("visibility", ["private", "local"])
async def test_an_author_quotes_her_circle_within_the_same_circle(
    site: Site, visibility: str
) -> None:
    ada = await site.person("ada")
    quoted = await publish(ada, visibility=visibility)
    for wanted in {"public", "unlisted", "private", "local", "direct"} - {visibility}:
        assert await refused(ada, quoted, visibility=wanted) == (422, FIELD)
    quoting = await publish(ada, visibility=visibility, quoted_status_id=quoted["id"])
    assert quoting["quote"]["state"] == "accepted"


async def test_a_message_to_named_people_is_not_quoted_even_by_its_author(site: Site) -> None:
    ada = await site.person("ada")
    quoted = await publish(ada, visibility="direct")
    assert await refused(ada, quoted, visibility="direct") == (422, FIELD)


async def test_in_a_message_to_named_people_who_is_quoted_is_named(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    quoted = await publish(ada)
    assert await refused(bob, quoted, visibility="direct") == (422, FIELD)
    sent = {"visibility": "direct", "quoted_status_id": quoted["id"]}
    assert (await publish(bob, "@ada voyez", **sent))["quote"]["state"] == "accepted"


async def test_what_one_may_not_see_is_not_there_to_be_quoted(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    quoted = await publish(ada, visibility="private")
    unseen = await refused(bob, quoted)
    assert unseen == await refused(bob, {"id": "123"}) == (404, [])
    await site.follow(bob, "ada")
    assert await refused(bob, quoted) == (422, FIELD)
    assert await refused(bob, {"id": "x"}) == (422, FIELD)


async def test_a_quote_shows_only_what_its_reader_may_see(site: Site) -> None:
    """SEC-049, SEC-176: asked at each reading, whatever was agreed."""
    ada, bob, carol = [await site.person(name) for name in ("ada", "bob", "carol")]
    quoted = await publish(ada)
    quoting = await publish(bob, quoted_status_id=quoted["id"])
    assert (await read(carol, quoting))["quote"]["quoted_status"]["id"] == quoted["id"]
    assert (await ada.post(f"/api/v1/accounts/{site.id_of('carol')}/block")).status == 200
    nothing = {"state": "unauthorized", "quoted_status": None}
    assert (await read(carol, quoting))["quote"] == nothing
    assert (await read(bob, quoting))["quote"]["state"] == "accepted"
    outer = await publish(bob, quoted_status_id=quoting["id"])
    inner = (await read(carol, outer))["quote"]["quoted_status"]["quote"]
    assert inner == {"state": "unauthorized", "quoted_status_id": None}
    # Her list of quotes has no more than what its reader may see.
    assert (await carol.get(f"/api/v1/statuses/{quoted['id']}/quotes")).status == 404


async def test_an_authors_circle_is_unseen_by_others_inside_her_quotes(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.follow(bob, "ada")
    quoted = await publish(ada, visibility="private")
    quoting = await publish(ada, visibility="private", quoted_status_id=quoted["id"])
    assert (await read(bob, quoting))["quote"]["state"] == "accepted"
    mentioned = await publish(
        ada, "@carol @bob", visibility="private", quoted_status_id=quoted["id"]
    )
    carol = await site.person("carol")
    sql = "INSERT INTO mention (status_id, actor_id) VALUES (?, ?)"
    named = (int(mentioned["id"]), site.people["carol"]["id"])
    await site.node.db.write(lambda tx: tx.execute(sql, *named))
    nothing = {"state": "unauthorized", "quoted_status": None}
    assert (await read(carol, mentioned))["quote"] == nothing


async def test_whom_the_reader_wants_to_be_far_from_is_marked(site: Site) -> None:
    ada, bob, carol = [await site.person(name) for name in ("ada", "bob", "carol")]
    quoted = await publish(ada)
    quoting = await publish(bob, quoted_status_id=quoted["id"])
    for deed, state in (("mute", "muted_account"), ("block", "blocked_account")):
        path = f"/api/v1/accounts/{site.id_of('ada')}"
        assert (await carol.post(f"{path}/{deed}")).status == 200
        assert (await read(carol, quoting))["quote"]["state"] == state
        assert (await carol.post(f"{path}/un{deed}")).status == 200
    assert (await read(carol, quoting))["quote"]["state"] == "accepted"


async def test_policies_say_who_may_quote(site: Site) -> None:
    ada, bob, carol = [await site.person(name) for name in ("ada", "bob", "carol")]
    await site.follow(bob, "ada")
    nobody = await publish(ada, quote_approval_policy="nobody")
    followers = await publish(ada, quote_approval_policy="followers")
    for status, reader, answer in (
        (nobody, ada, "automatic"),
        (nobody, bob, "denied"),
        (followers, bob, "automatic"),
        (followers, carol, "denied"),
    ):
        assert (await read(reader, status))["quote_approval"]["current_user"] == answer
    assert await refused(bob, nobody) == (422, FIELD)
    assert await refused(carol, followers) == (422, FIELD)
    await publish(ada, quoted_status_id=nobody["id"])
    quoting = await publish(bob, quoted_status_id=followers["id"])
    # A policy changes what comes, not what stands.
    path = f"/api/v1/statuses/{followers['id']}/interaction_policy"
    assert (await bob.ask("PUT", path, json={"quote_approval_policy": "public"})).status == 404
    for wrong in ({}, {"quote_approval_policy": "friends"}):
        reply = await ada.ask("PUT", path, json=wrong)
        assert (reply.status, list(reply.json["details"])) == (422, ["quote_approval_policy"])
    changed = await ada.ask("PUT", path, json={"quote_approval_policy": "nobody"})
    assert changed.json["quote_approval"]["automatic"] == []
    assert await refused(bob, followers) == (422, FIELD)
    assert (await read(bob, quoting))["quote"]["state"] == "accepted"


async def test_a_policy_never_opens_what_is_not_public(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.follow(bob, "ada")
    private = await publish(ada, visibility="private", quote_approval_policy="public")
    assert private["quote_approval"]["automatic"] == []
    path = f"/api/v1/statuses/{private['id']}/interaction_policy"
    changed = await ada.ask("PUT", path, json={"quote_approval_policy": "followers"})
    assert changed.json["quote_approval"]["automatic"] == []
    assert await refused(bob, private, visibility="private") == (422, FIELD)


async def test_the_default_policy_is_the_persons_own(site: Site) -> None:
    ada = await site.person("ada")
    path = "/api/v1/accounts/update_credentials"
    form = {"source[quote_policy]": "followers"}
    changed = await ada.ask("PATCH", path, form=form)
    assert changed.json["source"]["quote_policy"] == "followers"
    assert (await publish(ada))["quote_approval"]["automatic"] == ["followers"]
    asked = await publish(ada, quote_approval_policy="public")
    assert asked["quote_approval"]["automatic"] == ["public"]
    wrong = await ada.ask("PATCH", path, form={"source[quote_policy]": "all"})
    assert wrong.status == 422


async def test_who_is_quoted_takes_it_back_and_nobody_else(site: Site) -> None:
    ada, bob, carol = [await site.person(name) for name in ("ada", "bob", "carol")]
    quoted = await publish(ada)
    quoting = await publish(bob, quoted_status_id=quoted["id"])
    other = await publish(carol)
    path = f"/api/v1/statuses/{quoted['id']}/quotes/{quoting['id']}/revoke"
    for client in (bob, carol):
        assert (await client.post(path)).status == 404
    wrong = f"/api/v1/statuses/{quoted['id']}/quotes/{other['id']}/revoke"
    assert (await ada.post(wrong)).status == 404
    assert (await read(carol, quoting))["quote"]["state"] == "accepted"
    gone = {"state": "revoked", "quoted_status": None}
    for _ in range(2):
        assert (await ada.post(path)).json["quote"] == gone
    assert (await read(bob, quoting))["quote"] == gone
    assert (await read(ada, quoted))["quotes_count"] == 0
    assert (await ada.get(f"/api/v1/statuses/{quoted['id']}/quotes")).json == []


async def test_what_is_deleted_leaves_an_empty_quote_and_right_counts(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    quoted = await publish(ada)
    one = await publish(bob, quoted_status_id=quoted["id"])
    two = await publish(bob, quoted_status_id=quoted["id"])
    assert (await bob.ask("DELETE", f"/api/v1/statuses/{one['id']}")).status == 200
    assert (await read(ada, quoted))["quotes_count"] == 1
    assert (await ada.ask("DELETE", f"/api/v1/statuses/{quoted['id']}")).status == 200
    assert (await read(bob, two))["quote"] == {"state": "deleted", "quoted_status": None}


async def test_who_quotes_is_told_of_an_edit(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    quoted = await publish(ada)
    await publish(bob, quoted_status_id=quoted["id"])
    edited = await ada.ask("PUT", f"/api/v1/statuses/{quoted['id']}", json={"status": "Bonsoir"})
    assert edited.status == 200, edited.text
    await site.settle()
    told = (await bob.get("/api/v1/notifications?types[]=quoted_update")).json
    assert [item["status"]["id"] for item in told] == [quoted["id"]]


async def test_quotes_are_paged(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    quoted = await publish(ada)
    made = [await publish(bob, str(n), quoted_status_id=quoted["id"]) for n in range(3)]
    path = f"/api/v1/statuses/{quoted['id']}/quotes"
    first = await ada.get(f"{path}?limit=2")
    assert [item["id"] for item in first.json] == [made[2]["id"], made[1]["id"]]
    assert f"max_id={made[1]['id']}" in first.headers["link"]
    rest = await ada.get(f"{path}?limit=2&max_id={made[1]['id']}")
    assert [item["id"] for item in rest.json] == [made[0]["id"]]


async def test_a_page_with_quotes_takes_as_many_queries_however_many_they_are(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.follow(bob, "ada")
    plain = [await publish(ada, str(n)) for n in range(2)]
    counted: list[str] = []
    rows = type(site.node.db).rows

    async def counting(self: Any, sql: str, *args: Any) -> Any:
        counted.append(sql)
        return await rows(self, sql, *args)

    async def queries() -> int:
        await bob.get("/api/v1/timelines/home")
        counted.clear()
        assert (await bob.get("/api/v1/timelines/home")).status == 200
        return len(counted)

    monkeypatch.setattr(type(site.node.db), "rows", counting)
    without = await queries()
    await publish(ada, quoted_status_id=plain[0]["id"])
    once = await queries()
    for status in plain * 3:
        await publish(ada, quoted_status_id=status["id"])
    assert without < once == await queries() <= without + 2


async def test_a_guest_finds_nothing_of_the_site_to_quote(site: Site) -> None:
    ada = await site.person("ada")
    guest = await site.person("gus", is_guest=True)
    quoted = await publish(ada, visibility="local")
    assert await refused(guest, quoted, visibility="private") == (404, [])
    # Nor is the circle of the site hers to write to.
    assert await refused(guest, quoted, visibility="local") == (422, ["visibility"])
    assert (await refused(guest, await publish(ada), visibility="public"))[0] == 200


async def test_an_edit_may_say_who_may_quote(site: Site) -> None:
    ada = await site.person("ada")
    made = await publish(ada)
    path = f"/api/v1/statuses/{made['id']}"
    sent = {"status": "Bonsoir", "quote_approval_policy": "nobody"}
    edited = (await ada.ask("PUT", path, json=sent)).json
    assert edited["content"] == "<p>Bonsoir</p>"
    assert edited["quote_approval"]["automatic"] == []
    bodies = await site.node.db.rows(
        "SELECT body FROM activity WHERE type = 'Update' AND object_uri = ?", made["uri"]
    )
    policies = [orjson.loads(row["body"])["object"]["interactionPolicy"] for row in bodies]
    author = site.people["ada"]["uri"]
    assert policies == [{"canQuote": {"automaticApproval": [author]}}], "one write, one Update"
    # The same text with another policy is no edit.
    again = await ada.ask("PUT", path, json=sent | {"quote_approval_policy": "public"})
    assert again.json["edited_at"] == edited["edited_at"]
    assert again.json["quote_approval"]["automatic"] == ["public"]
    assert (await ada.ask("PUT", path, json=sent)).json["quote_approval"]["automatic"] == []
    wrong = await ada.ask("PUT", path, json={"status": "x", "quote_approval_policy": "friends"})
    assert (wrong.status, list(wrong.json["details"])) == (422, ["quote_approval_policy"])
    assert (await read(ada, made))["content"] == "<p>Bonsoir</p>"
    # A quote stays what it is when its text changes.
    quoting = await publish(ada, "", quoted_status_id=made["id"])
    changed = await ada.ask("PUT", f"/api/v1/statuses/{quoting['id']}", json={"status": ""})
    assert changed.status == 200
    assert changed.json["quote"]["state"] == "accepted"
