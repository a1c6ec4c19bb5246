"""Collections on the wire: what somebody hides is hidden there too, and her tags are told."""

from typing import Any

import orjson

from actors.profiles import update_profile
from outbox import tags
from tests.serving import Running
from tests.web.conftest import ask, new_person, signed
from tests.web.test_activitypub import follow


async def items(sender: Running, to: Running, path: str) -> tuple[int, list[Any]]:
    reply = await signed(sender, to, path)
    assert reply.status == 200
    found = orjson.loads(reply.body)
    return found["totalItems"], found.get("orderedItems", found.get("items", []))


async def test_who_hides_her_followers_hides_them_from_their_own_site(
    two_nodes: tuple[Running, Running],
) -> None:
    one, other = two_nodes
    ada = await new_person(one, "ada")
    await follow(one, ada, f"{other.origin}/users/9", other.origin)
    await one.node.db.write(
        lambda tx: tx.execute("UPDATE actor SET followers_count = 1 WHERE id = ?", ada["id"])
    )
    path = f"/users/{ada['id']}/followers"
    assert await items(other, one, path) == (1, [f"{other.origin}/users/9"])
    await update_profile(one.node, ada, {"hide_collections": True})
    assert await items(other, one, path) == (1, [])


async def test_featured_tags_are_told_to_who_may_know_the_actor(
    two_nodes: tuple[Running, Running],
) -> None:
    one, other = two_nodes
    ada = await new_person(one, "ada")

    async def work(tx: Any) -> None:
        row = await tags.ensure(one.node, tx, "nuit")
        await tags.feature(one.node, tx, ada["id"], row["id"])

    await one.node.db.write(work)
    actor = orjson.loads((await signed(other, one, f"/users/{ada['id']}")).body)
    path = f"/users/{ada['id']}/tags"
    assert actor["featuredTags"] == one.origin + path
    total, found = await items(other, one, path)
    assert (total, [(tag["type"], tag["name"]) for tag in found]) == (1, [("Hashtag", "#nuit")])
    accept = {"Accept": "application/activity+json"}
    assert (await ask(one, "GET", path, headers=accept)).status in (401, 403, 404)
