"""A local status reaches local readers by the same door as a remote one."""

from typing import Any

from federation.database import Row
from inbox import timelines
from inbox.process import process_due
from inbox.timelines import Page
from outbox.interactions import favourite, reblog, unfavourite, unreblog
from outbox.relations import accept_follow, follow, unfollow
from outbox.statuses import Draft, create, delete
from outbox.visibility import Person
from tests.inbox.world import World, account_id_of, actor_row


async def test_a_mention_of_a_neighbour_here_is_told_after_processing(world: World) -> None:
    denis = await world.local("denis")
    post = await world.post("Bonjour @denis", visibility="direct")
    assert await world.told(denis) == [("mention", world.claire["id"], post["id"])]
    assert await world.told() == []


async def test_a_post_passes_through_the_inbox_when_somebody_here_is_to_be_told(
    world: World,
) -> None:
    denis, eve = await world.local("denis"), await world.local("eve")
    await follow(world.node, eve, world.claire)
    await process_due(world.node)
    quoted = await create(
        world.node, denis, await account_id_of(world.node, denis), Draft("à citer")
    )

    async def post(text: str, **changes: Any) -> tuple[str, Row]:
        """What was left of a post of Claire's for the inbox, before it was looked at."""
        draft = Draft(text, **changes)
        made = await create(world.node, world.claire, world.claire_account, draft)
        progress = await world.node.db.value(
            "SELECT progress FROM activity WHERE object_uri = ?", made["uri"]
        )
        await process_due(world.node)
        return progress, made

    left, plain = await post("Bonjour")
    assert (left, await world.told(eve)) == ("done", [])
    home = await timelines.home(world.node.db, Person(eve["id"]), Page())
    assert [row["id"] for row in home] == [plain["id"]], "whoever follows reads it all the same"
    left, named = await post("Bonjour @denis")
    assert left == "pending"
    left, quoting = await post("à lire", quoted_status_id=quoted["id"])
    assert left == "pending"
    told = await world.told(denis)
    assert ("mention", world.claire["id"], named["id"]) in told
    assert ("quote", world.claire["id"], quoting["id"]) in told
    await follow(world.node, eve, world.claire, notify=True)
    left, each = await post("Bonsoir")
    assert left == "pending"
    assert ("status", world.claire["id"], each["id"]) in await world.told(eve)


async def test_a_thank_you_and_a_boost_are_told_and_taken_back(world: World) -> None:
    denis = await world.local("denis")
    post = await world.post()
    await favourite(world.node, denis, post)
    await reblog(world.node, denis, post)
    await process_due(world.node)
    kinds = [("favourite", denis["id"], post["id"]), ("reblog", denis["id"], post["id"])]
    assert await world.told() == kinds
    await unfavourite(world.node, denis, post)
    await process_due(world.node)
    assert ("favourite", denis["id"], post["id"]) not in await world.told()


async def test_what_was_taken_back_before_it_was_processed_is_not_told(world: World) -> None:
    denis = await world.local("denis")
    post = await world.post()
    await favourite(world.node, denis, post)
    await unfavourite(world.node, denis, post)
    await reblog(world.node, denis, post)
    await unreblog(world.node, denis, post)
    await follow(world.node, denis, world.claire)
    await unfollow(world.node, denis, world.claire)
    own = await create(
        world.node, denis, await account_id_of(world.node, denis), Draft("Salut @claire")
    )
    await delete(world.node, denis, own)
    await process_due(world.node)
    assert await world.told() == []
    assert await world.count("follow") == await world.count("favourite") == 0


async def test_a_neighbour_is_followed_through_the_inbox(world: World) -> None:
    denis = await world.local("denis")
    await follow(world.node, denis, world.claire)
    assert await world.follow_state(denis, world.claire) == "pending"
    await process_due(world.node)
    assert await world.follow_state(denis, world.claire) == "accepted"
    assert await world.told() == [("follow", denis["id"], 0)]
    assert await world.sent() == []


async def test_who_decides_herself_decides_about_neighbours_too(world: World) -> None:
    eve = await world.local("eve", locked=True)
    await follow(world.node, world.claire, eve)
    await process_due(world.node)
    assert await world.follow_state(world.claire, eve) == "pending"
    assert await world.told(eve) == [("follow_request", world.claire["id"], 0)]
    await accept_follow(world.node, eve, world.claire)
    await process_due(world.node)
    assert await world.follow_state(world.claire, eve) == "accepted"
    assert (await actor_row(world.node, eve["uri"]))["followers_count"] == 1
