from typing import Any

import pytest

from inbox import notification_groups
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.seen import check

GROUPS = "/api/v2/notifications"
PARTIAL = {"id", "acct", "url", "avatar", "avatar_static", "locked", "bot"}
NAMES = ("bob", "eve", "leo")


async def a_day(site: Site) -> tuple[Client, str]:
    """Three people follow Ada, thank her for her post, and two of them boost it."""
    ada = await site.person("ada")
    made = (await ada.post("/api/v1/statuses", {"status": "Bonjour"})).json["id"]
    others = [await site.person(name) for name in NAMES]
    for other in others:
        await site.follow(other, "ada")
    for other in others:
        await other.post(f"/api/v1/statuses/{made}/favourite")
        await site.settle()
    await others[0].post("/api/v1/statuses", {"status": "@ada oui", "in_reply_to_id": made})
    for other in others[:2]:
        await other.post(f"/api/v1/statuses/{made}/reblog")
        await site.settle()
    return ada, made


async def groups(client: Client, **query: Any) -> list[dict[str, Any]]:
    reply = await client.get(GROUPS, **query)
    assert reply.status == 200, reply.text
    return reply.json["notification_groups"]


def told(found: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(group["type"], group["notifications_count"]) for group in found]


async def test_what_belongs_together_is_one_group(site: Site) -> None:
    ada, made = await a_day(site)
    reply = await ada.get(GROUPS)
    found = reply.json["notification_groups"]
    assert told(found) == [("reblog", 2), ("mention", 1), ("favourite", 3), ("follow", 3)]
    reblog, mention, favourite, follow = found
    flat = (await ada.get("/api/v1/notifications")).json
    keys = {one["group_key"] for one in flat}
    assert keys == {group["group_key"] for group in found}
    assert reblog["group_key"].startswith(f"reblog-{made}-")
    assert follow["group_key"].startswith("follow-")
    assert mention["group_key"] == f"ungrouped-{mention['most_recent_notification_id']}"
    latest = [one for one in flat if one["type"] == "favourite"]
    assert favourite["most_recent_notification_id"] == int(latest[0]["id"])
    assert (favourite["page_max_id"], favourite["page_min_id"]) == (
        latest[0]["id"],
        latest[-1]["id"],
    )
    assert favourite["latest_page_notification_at"] == latest[0]["created_at"]
    assert favourite["sample_account_ids"] == [site.id_of(name) for name in NAMES[::-1]]
    assert (favourite["status_id"], "status_id" in follow) == (made, False)
    assert [one["id"] for one in reply.json["statuses"]] == [made, mention["status_id"]]
    assert {one["id"] for one in reply.json["accounts"]} == {site.id_of(name) for name in NAMES}
    for account in reply.json["accounts"]:
        check("Account", account)
    assert "partial_accounts" not in reply.json


async def test_partial_avatars_and_types(site: Site) -> None:
    ada, _ = await a_day(site)
    reply = await ada.get(GROUPS, expand_accounts="partial_avatars", **{"types[]": ["favourite"]})
    assert told(reply.json["notification_groups"]) == [("favourite", 3)]
    assert [one["id"] for one in reply.json["accounts"]] == [site.id_of("leo")]
    assert [set(one) for one in reply.json["partial_accounts"]] == [PARTIAL, PARTIAL]
    assert (await ada.get(GROUPS, expand_accounts="all")).status == 422
    alone = await groups(ada, **{"grouped_types[]": ["follow"], "exclude_types[]": ["mention"]})
    assert told(alone) == [("reblog", 1)] * 2 + [("favourite", 1)] * 3 + [("follow", 3)]
    assert await groups(ada, account_id=site.id_of("ada")) == []
    assert told(await groups(ada, account_id=site.id_of("leo"))) == [
        ("favourite", 1),
        ("follow", 1),
    ]


async def test_large_groups_are_told_as_small_ones(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, _ = await a_day(site)
    since = (await groups(ada))[2]["page_min_id"]

    async def pages() -> list[Any]:
        return [await groups(ada), await groups(ada, since_id=since), await groups(ada, limit=3)]

    small = await pages()
    monkeypatch.setattr(notification_groups, "FEW", 1)
    assert await pages() == small
    monkeypatch.setattr(notification_groups, "SAMPLE", 2)
    favourite = (await groups(ada))[2]
    assert (favourite["notifications_count"], len(favourite["sample_account_ids"])) == (3, 2)


async def test_pages_of_groups_in_both_directions(site: Site) -> None:
    ada, _ = await a_day(site)
    first = await ada.get(GROUPS, limit=2)
    assert told(first.json["notification_groups"]) == [("reblog", 2), ("mention", 1)]
    second = await ada.get(first.links["next"])
    assert told(second.json["notification_groups"]) == [("favourite", 3), ("follow", 3)]
    # What is left of the last group comes again under its key, as clients expect.
    third = await ada.get(second.links["next"])
    (rest,) = third.json["notification_groups"]
    follow = second.json["notification_groups"][1]
    assert (rest["group_key"], rest["page_min_id"]) == (
        follow["group_key"],
        (await ada.get("/api/v1/notifications")).json[-1]["id"],
    )
    assert "next" not in third.links
    up = await ada.get(second.links["prev"])
    assert [g["type"] for g in up.json["notification_groups"]] == ["reblog", "mention"]
    # Since a moment in the middle of a group, only what is newer bounds the page.
    favourite = second.json["notification_groups"][0]
    since = await groups(ada, since_id=favourite["page_min_id"])
    assert [g["type"] for g in since] == ["reblog", "mention", "favourite"]
    assert int(since[2]["page_min_id"]) > int(favourite["page_min_id"])
    for wrong in ({"max_id": "x"}, {"limit": -1}, {"min_id": "1" * 30}):
        assert (await ada.get(GROUPS, **wrong)).status == 422


async def test_one_group_its_people_and_its_end(site: Site) -> None:
    ada, _ = await a_day(site)
    eve = await site.person("eve")
    _, mention, favourite, _ = await groups(ada)
    for group in (mention, favourite):
        path = f"{GROUPS}/{group['group_key']}"
        one = (await ada.get(path)).json
        (found,) = one["notification_groups"]
        assert found == {k: v for k, v in group.items() if "page" not in k}
        assert [a["id"] for a in (await ada.get(f"{path}/accounts")).json] == group[
            "sample_account_ids"
        ]
        # Nobody else's, and none at all, are the same.
        foreign, unknown = await eve.get(path), await eve.get(f"{GROUPS}/favourite-1-1")
        assert (foreign.status, foreign.body) == (404, unknown.body)
        assert (await eve.get(f"{path}/accounts")).json == []
        assert (await eve.post(f"{path}/dismiss")).json == {}
        assert (await ada.get(path)).status == 200
        assert (await ada.post(f"{path}/dismiss")).json == {}
        assert (await ada.get(path)).status == 404
    page = await ada.get(f"{GROUPS}/{(await groups(ada))[1]['group_key']}/accounts", limit=2)
    assert [a["username"] for a in page.json] == ["leo", "eve"]
    assert [a["username"] for a in (await ada.get(page.links["next"])).json] == ["bob"]
    assert told(await groups(ada)) == [("reblog", 2), ("follow", 3)]
    assert (await ada.post(f"{GROUPS}/clear")).json == {}
    assert await groups(ada) == []


@pytest.mark.parametrize("key", ["ungrouped-", "ungrouped-x", "ungrouped-" + "9" * 40, "%00", "x"])
async def test_what_is_no_key(site: Site, key: str) -> None:
    ada, _ = await a_day(site)
    before = await groups(ada)
    key = key.replace("%00", "\0")
    assert (await ada.get(f"{GROUPS}/{key}")).status == 404
    assert (await ada.get(f"{GROUPS}/{key}/accounts")).json == []
    assert (await ada.post(f"{GROUPS}/{key}/dismiss")).status == 200
    assert await groups(ada) == before


async def test_unread_is_counted_in_groups_up_to_a_limit(site: Site) -> None:
    ada, _ = await a_day(site)

    async def counts(**query: Any) -> tuple[int, int]:
        new = await ada.get(f"{GROUPS}/unread_count", **query)
        old = await ada.get("/api/v1/notifications/unread_count", **query)
        return new.json["count"], old.json["count"]

    assert await counts() == (4, 9)
    assert await counts(limit=3) == (3, 3)
    assert await counts(**{"types[]": ["favourite", "mention"]}) == (2, 4)
    assert await counts(**{"grouped_types[]": ["follow"]}) == (7, 9)
    read = (await groups(ada))[1]["page_max_id"]
    await ada.post("/api/v1/markers", {"notifications": {"last_read_id": read}})
    assert await counts() == (1, 2)
    assert (await ada.get(f"{GROUPS}/unread_count", limit="x")).status == 422


async def test_a_group_ends_after_twelve_hours(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    made = (await ada.post("/api/v1/statuses", {"status": "Bonjour"})).json["id"]
    others = [bob, await site.person("eve"), await site.person("leo")]
    for other, hours in zip(others, (0, 11, 13), strict=True):
        site.node.clock.advance(hours * 3600)  # pyright: ignore[reportFunctionMemberAccess]
        await other.post(f"/api/v1/statuses/{made}/favourite")
        await site.settle()
    assert told(await groups(ada)) == [("favourite", 1), ("favourite", 2)]
    assert (await ada.get(GROUPS)).json["statuses"][0]["id"] == made
    assert len((await ada.get(GROUPS)).json["statuses"]) == 1


async def test_what_is_hidden_again_leaves_its_group(site: Site) -> None:
    """SEC-176."""
    ada, _ = await a_day(site)
    mention = (await groups(ada))[1]
    await (await site.person("bob")).ask("DELETE", f"/api/v1/statuses/{mention['status_id']}")
    await site.settle()
    assert told(await groups(ada)) == [("reblog", 2), ("favourite", 3), ("follow", 3)]
    assert (await ada.get(f"{GROUPS}/{mention['group_key']}")).status == 404
