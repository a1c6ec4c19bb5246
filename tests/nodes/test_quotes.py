"""A quote is approved and taken back between two nodes, by HTTP alone."""

from typing import Any

from inbox.quote_checks import check_quotes_once
from tests.nodes.test_follow_and_post import call, person
from tests.nodes.test_polls import follow, found_at_home
from tests.serving import Running, eventually


async def test_a_quote_is_approved_and_revoked_between_two_nodes(
    two_nodes: tuple[Running, Running],
) -> None:
    one, other = two_nodes
    alice, bob = await person(one, "alice"), await person(other, "bob")
    carla, dora = await person(other, "carla"), await person(one, "dora")
    await follow(other, bob, one, "alice")
    await follow(other, carla, other, "bob")
    await follow(one, dora, other, "bob")
    status = await call(one, "POST", "v1/statuses", json={"status": "Bonjour"}, headers=alice)
    seen = await found_at_home(other, bob, status["uri"])
    assert seen["quote_approval"]["current_user"] == "automatic"

    sent = {"status": "À lire", "quoted_status_id": seen["id"]}
    quote = await call(other, "POST", "v1/statuses", json=sent, headers=bob)
    assert quote["quote"] == {"state": "pending", "quoted_status": None}

    async def stands() -> Any:
        now = await call(other, "GET", f"v1/statuses/{quote['id']}", headers=bob)
        return now["quote"]["state"] == "accepted" and now["quote"]

    assert (await eventually(stands))["quoted_status"]["uri"] == status["uri"]

    # Its readers see it too, and who is quoted is told.
    async def told() -> Any:
        return await call(one, "GET", "v1/notifications?types[]=quote", headers=alice)

    notification = (await eventually(told))[0]
    assert notification["status"]["uri"] == quote["uri"]
    at_dora = await found_at_home(one, dora, quote["uri"])
    counted = await call(one, "GET", f"v1/statuses/{status['id']}", headers=alice)
    assert (at_dora["quote"]["state"], counted["quotes_count"]) == ("accepted", 1)

    path = f"v1/statuses/{status['id']}/quotes"
    listed = await call(one, "GET", path, headers=alice)
    assert [item["uri"] for item in listed] == [quote["uri"]]
    revoked = await call(one, "POST", f"{path}/{listed[0]['id']}/revoke", headers=alice)
    assert revoked["quote"] == {"state": "revoked", "quoted_status": None}

    async def gone() -> Any:
        await check_quotes_once(other.node)
        now = await call(other, "GET", f"v1/statuses/{quote['id']}", headers=bob)
        return now["quote"]["state"] == "revoked" and now["quote"]["quoted_status"] is None

    await eventually(gone)
    assert await call(one, "GET", path, headers=alice) == []
