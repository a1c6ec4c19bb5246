from typing import Any

import pytest

from federation.database import Row, Transaction
from inbox.notification_policy import change_policy
from inbox.notifications import notify, notify_severed, notify_warned
from tests.inbox.world import World

DAY_S = 86_400


async def wants(world: World, **fields: Any) -> None:
    await world.node.db.write(lambda tx: change_policy(tx, world.claire["id"], fields))


async def told(world: World, sender: Row, kind: Any = "favourite", status_id: int = 0) -> str:
    """What becomes of one notification to Claire: told, held or dropped."""
    status_id = status_id or world.node.ids.next()
    is_told = await world.node.db.write(
        lambda tx: notify(world.node, tx, world.claire["id"], kind, sender["id"], status_id)
    )
    held = await world.node.db.value(
        "SELECT filtered FROM notification WHERE status_id = ? AND type = ?", status_id, kind
    )
    assert is_told is (held is not None and not held)
    return "dropped" if held is None else ("held" if held else "told")


async def since(world: World, actor: Row, days: int) -> None:
    at = world.clock() - days * DAY_S * 1000
    await world.execute("UPDATE actor SET created_at = ? WHERE id = ?", at, actor["id"])


@pytest.mark.parametrize(("verdict", "outcome"), [("filter", "held"), ("drop", "dropped")])
async def test_whom_one_does_not_follow(world: World, verdict: str, outcome: str) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await world.follow(world.claire, bob)
    assert [await told(world, one) for one in (bob, eve)] == ["told", "told"]
    await wants(world, for_not_following=verdict)
    assert [await told(world, one) for one in (bob, eve)] == ["told", outcome]


async def test_who_does_not_follow_or_not_for_long(world: World) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await wants(world, for_not_followers="filter")
    await world.follow(bob, world.claire)
    assert [await told(world, one) for one in (bob, eve)] == ["held", "held"]
    world.clock.advance(3 * DAY_S)
    assert [await told(world, one) for one in (bob, eve)] == ["told", "held"]


async def test_new_accounts_and_bots_unless_one_follows_them(world: World) -> None:
    new, old = await world.roses.person("new"), await world.roses.person("old")
    robot = await world.roses.person("robot", "Service")
    friend = await world.roses.person("friend", "Service")
    await world.follow(world.claire, friend)
    for one in (old, robot):
        await since(world, one, 31)
    await wants(world, for_new_accounts="filter")
    actors = (new, old, robot, friend)
    assert [await told(world, one) for one in actors] == ["held", "told", "told", "told"]
    await wants(world, for_bots="drop", for_new_accounts="accept")
    assert [await told(world, one) for one in actors] == ["told", "told", "dropped", "told"]


async def test_limited_accounts_wait_from_the_start(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.execute("UPDATE actor SET silenced_at = 1 WHERE id = ?", bob["id"])
    assert await told(world, bob) == "held"
    await world.follow(world.claire, bob)
    assert await told(world, bob) == "told"


async def test_private_mentions_unless_she_wrote_first(world: World) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await wants(world, for_private_mentions="filter")
    first = world.roses.note(bob, to=[world.claire["uri"]], cc=[])
    await world.deliver(world.roses.create(bob, first))
    public = world.roses.note(
        eve, tag=[{"type": "Mention", "href": world.claire["uri"]}], cc=[world.claire["uri"]]
    )
    await world.deliver(world.roses.create(eve, public))
    held = {"bob": 1, "eve": 0}
    for actor in (bob, eve):
        count = await world.count("notification", "filtered AND from_actor_id = ?", actor["id"])
        assert count == held[actor["username"]]
    mine = await world.post("@bob@" + bob["handle_host"] + " Bonjour", visibility="direct")
    answer = world.roses.note(bob, to=[world.claire["uri"]], cc=[], inReplyTo=mine["uri"])
    await world.deliver(world.roses.create(bob, answer))
    assert await world.count("notification", "NOT filtered AND from_actor_id = ?", bob["id"]) == 1
    # The same words from somebody whom she did not write to are held.
    intruder = world.roses.note(eve, to=[world.claire["uri"]], cc=[], inReplyTo=mine["uri"])
    await world.deliver(world.roses.create(eve, intruder))
    assert await world.count("notification", "filtered AND from_actor_id = ?", eve["id"]) == 1


async def test_staff_who_write_and_what_one_asked_for_pass(world: World) -> None:
    await wants(world, for_not_following="drop", for_new_accounts="drop")
    staff, member = await world.local("marie"), await world.local("member")
    await world.execute("UPDATE account SET role = 'moderator' WHERE actor_id = ?", staff["id"])
    assert await told(world, staff, "mention") == "told"
    assert await told(world, member, "mention") == "dropped"
    assert await told(world, staff, "favourite") == "dropped"
    for kind in ("poll", "update", "status", "admin.report", "quoted_update"):
        assert await told(world, member, kind) == "told"


async def test_threads_and_domains_one_does_not_want(world: World) -> None:
    bob, local = await world.roses.person("bob"), await world.local("local")
    mine, other = await world.post(), await world.post("Bonsoir")
    await world.execute(
        "INSERT INTO thread_mute (actor_id, thread_root_id, created_at) VALUES (?, ?, 0)",
        world.claire["id"],
        mine["thread_root_id"],
    )
    assert await told(world, bob, "mention", mine["id"]) == "dropped"
    assert await told(world, bob, "mention", other["id"]) == "told"
    await world.execute(
        "INSERT INTO domain_block (id, actor_id, domain, created_at) VALUES (1, ?, ?, 0)",
        world.claire["id"],
        bob["handle_host"],
    )
    assert await told(world, bob) == "dropped"
    assert await told(world, local) == "told"


async def test_what_the_node_itself_says_comes_through(world: World) -> None:
    bob = await world.roses.person("bob")

    async def say(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO block (id, actor_id, target_id, uri, created_at) VALUES (1, ?, ?, '', 0)",
            world.claire["id"],
            bob["id"],
        )
        await notify_severed(
            world.node,
            tx,
            world.claire["id"],
            "domain_block",
            "roses.test",
            followers_count=2,
            following_count=1,
        )
        await notify_warned(world.node, tx, world.claire["id"], 7)
        assert await notify(world.node, tx, world.claire["id"], "admin.report", bob["id"], 8)
        assert not await notify(world.node, tx, world.claire["id"], "follow", bob["id"])
        # Nobody is told what she does herself.
        own = world.claire["id"]
        assert not await notify(world.node, tx, own, "favourite", own, 9)

    await world.node.db.write(say)
    kinds = [kind for kind, _, _ in await world.told()]
    assert kinds == ["severed_relationships", "moderation_warning", "admin.report"]
