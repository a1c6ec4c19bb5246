"""A poll is voted on from another node, and its figures come back, by HTTP alone."""

from typing import Any

from inbox.poll_ends import polls_once
from tests.nodes.test_follow_and_post import call, person
from tests.serving import Running, eventually


async def follow(there: Running, headers: dict[str, str], here: Running, name: str) -> str:
    """Let somebody `there` follow the person `name` here; her id over there."""
    handle = f"@{name}@{here.node.host}"
    query = {"q": handle, "resolve": "true", "type": "accounts"}
    found = await call(there, "GET", "v2/search", params=query, headers=headers)
    account_id = found["accounts"][0]["id"]
    await call(there, "POST", f"v1/accounts/{account_id}/follow", headers=headers)

    async def followed() -> Any:
        sent = {"id[]": account_id}
        relations = await call(
            there, "GET", "v1/accounts/relationships", params=sent, headers=headers
        )
        return relations[0]["following"]

    await eventually(followed)
    return account_id


async def found_at_home(there: Running, headers: dict[str, str], uri: str) -> Any:
    async def read() -> Any:
        home = await call(there, "GET", "v1/timelines/home", headers=headers)
        return next((status for status in home if status["uri"] == uri), None)

    return await eventually(read)


async def test_a_vote_from_another_node_counts_and_the_figures_come_back(
    two_nodes: tuple[Running, Running],
) -> None:
    one, other = two_nodes
    alice, bob = await person(one, "alice"), await person(other, "bob")
    carla = await person(other, "carla")
    await follow(other, bob, one, "alice")
    await follow(other, carla, one, "alice")
    poll = {"options": ["mardi", "jeudi"], "expires_in": 3600}
    sent = {"status": "Jour de réunion ?", "visibility": "private", "poll": poll}
    status = await call(one, "POST", "v1/statuses", json=sent, headers=alice)
    seen = (await found_at_home(other, bob, status["uri"]))["poll"]
    assert [option["title"] for option in seen["options"]] == ["mardi", "jeudi"]
    assert seen["voted"] is False

    path = f"v1/polls/{seen['id']}"
    voted = await call(other, "POST", f"{path}/votes", json={"choices": [1]}, headers=bob)
    assert (voted["own_votes"], voted["votes_count"]) == ([1], 1)

    async def counted() -> Any:
        there = await call(one, "GET", f"v1/polls/{status['poll']['id']}", headers=alice)
        return there["votes_count"] == 1 and there

    figures = await eventually(counted)
    assert [option["votes_count"] for option in figures["options"]] == [0, 1]

    # Another reader there learns it by the figures that come back, from nobody's own vote.
    await other.node.db.write(lambda tx: tx.execute("UPDATE poll_option SET votes_count = 0", *()))

    async def told() -> Any:
        await polls_once(one.node)
        there = await call(other, "GET", path, headers=carla)
        return [option["votes_count"] for option in there["options"]] == [0, 1]

    await eventually(told)
