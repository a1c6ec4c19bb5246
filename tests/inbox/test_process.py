"""From a pending row to its effects: whole or nothing, once, and nobody waits for another."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from federation.client_errors import ClientError
from federation.errors import Unavailable
from federation.peers import block
from inbox import effects
from inbox.handlers import HANDLERS
from inbox.process import inbox_loop, process_due
from inbox.receive import receive
from tests.inbox.world import World

Monkey = pytest.MonkeyPatch


async def test_every_end_is_a_stored_outcome_and_unknown_types_are_no_error(world: World) -> None:
    bob = await world.roses.person("bob")
    view = world.roses.activity("View", bob, "https://x.example/1")
    row = await world.deliver(view)
    assert (row["progress"], row["outcome_code"]) == ("done", "ignored.unknown_type")
    ping = world.roses.activity("Ping", bob, None)
    assert await world.outcome(ping) == "ignored.unknown_type"
    assert await world.outcome(world.roses.activity("Dislike", bob, world.claire["uri"])) == (
        "ignored.dislike"
    )


async def test_a_handler_that_fails_after_writing_leaves_nothing_and_succeeds_later_once(
    world: World, monkeypatch: Monkey
) -> None:
    bob = await world.roses.person("bob")
    whole = HANDLERS["Follow"]
    assert whole.apply is not None
    apply = whole.apply

    async def broken(*args: Any) -> Any:
        await apply(*args)
        raise RuntimeError

    monkeypatch.setitem(HANDLERS, "Follow", replace(whole, apply=broken))
    follow = world.roses.activity("Follow", bob, world.claire["uri"])
    row = await world.deliver(follow)
    assert (row["progress"], row["attempts"]) == ("pending", 1)
    assert await world.count("follow") == await world.count("notification") == 0
    monkeypatch.setitem(HANDLERS, "Follow", whole)
    world.clock.advance(31)
    await process_due(world.node)
    assert (await world.record(follow))["outcome_code"] == "follow.accepted"
    assert await world.count("follow") == 1


async def test_poison_is_put_aside_after_three_tries_and_others_proceed(
    world: World, monkeypatch: Monkey
) -> None:
    bob = await world.roses.person("bob")

    async def poison(*_: Any) -> Any:
        raise ZeroDivisionError

    whole = HANDLERS["Like"]
    monkeypatch.setitem(HANDLERS, "Like", replace(whole, check=None, apply=poison))
    like = world.roses.activity("Like", bob, world.claire["uri"])
    await world.deliver(like)
    follow = world.roses.activity("Follow", bob, world.claire["uri"])
    assert await world.outcome(follow) == "follow.accepted"
    for _ in range(4):
        world.clock.advance(3_600)
        await process_due(world.node)
    row = await world.record(like)
    assert (row["progress"], row["outcome_code"], row["attempts"]) == (
        "failed",
        "handler.error",
        3,
    )


async def test_what_fails_for_a_passing_reason_is_tried_again_later(
    world: World, monkeypatch: Monkey
) -> None:
    bob = await world.roses.person("bob")
    answers: list[Exception | None] = [
        ClientError("timeout", "https://x.example/"),
        Unavailable("fetch.unavailable", retry_after_s=5),
        None,
    ]
    whole = HANDLERS["Follow"]

    async def gather(*_: Any) -> None:
        if (error := answers.pop(0)) is not None:
            raise error

    monkeypatch.setitem(HANDLERS, "Follow", replace(whole, gather=gather))
    follow = world.roses.activity("Follow", bob, world.claire["uri"])
    for code in ("client.timeout", "fetch.unavailable", "follow.accepted"):
        row = await (world.deliver(follow) if not await _known(world, follow) else _again(world))
        row = await world.record(follow)
        assert row["outcome_code"] == code
    assert row["progress"] == "done"


async def _known(world: World, document: dict[str, Any]) -> bool:
    return await world.count("activity", "uri = ?", document["id"]) > 0


async def _again(world: World) -> Any:
    world.clock.advance(3_600)
    await process_due(world.node)


async def test_a_hanging_handler_is_let_go_and_has_one_effect_later(
    world: World, monkeypatch: Monkey
) -> None:
    bob = await world.roses.person("bob")
    whole = HANDLERS["Follow"]

    async def hang(*_: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(effects, "SECONDS_MAX", 0.05)
    monkeypatch.setitem(HANDLERS, "Follow", replace(whole, gather=hang))
    follow = world.roses.activity("Follow", bob, world.claire["uri"])
    assert (await world.deliver(follow))["progress"] == "pending"
    monkeypatch.setitem(HANDLERS, "Follow", whole)
    world.clock.advance(3_600)
    await process_due(world.node)
    assert (await world.record(follow))["outcome_code"] == "follow.accepted"


async def test_two_workers_that_take_the_same_activity_have_one_effect(world: World) -> None:
    bob = await world.roses.person("bob")
    note = world.roses.note(bob, to=[world.claire["uri"]], cc=[])
    create = world.roses.create(bob, note)
    await receive(world.node, await world.roses.sign(create))
    await asyncio.gather(process_due(world.node), process_due(world.node))
    assert (await world.record(create))["progress"] == "done"
    assert len(await world.told()) == 1


async def test_who_is_shut_out_meanwhile_can_only_take_back(world: World) -> None:
    bob = await world.roses.person("bob")
    follow = world.roses.activity("Follow", bob, world.claire["uri"])
    await world.deliver(follow)
    post = await world.post()
    like = world.roses.activity("Like", bob, post["uri"])
    undo = world.roses.activity("Undo", bob, follow)
    for document in (like, undo):
        await receive(world.node, await world.roses.sign(document))
    await world.node.db.write(lambda tx: block(tx, world.roses.origin, world.clock()))
    await process_due(world.node)
    assert (await world.record(like))["outcome_code"] == "refused.stranger"
    assert (await world.record(undo))["outcome_code"] == "undo.done"


async def test_a_suspended_actor_has_no_effect(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.execute("UPDATE actor SET suspended_at = 1 WHERE id = ?", bob["id"])
    follow = world.roses.activity("Follow", bob, world.claire["uri"])
    row = await world.deliver(follow)
    assert (row["progress"], row["outcome_code"]) == ("refused", "refused.suspended")
    assert await world.count("follow") == 0


async def test_an_unknown_sender_is_fetched_only_when_it_matters(world: World) -> None:
    world.roses.serve(world.roses.actor_document("eve"))
    eve = {"uri": world.roses.uri("users/eve"), "followers_url": None}
    create = world.roses.create(eve, world.roses.note(eve, cc=[]))
    assert await world.outcome(create) == "ignored.not_for_us"
    assert world.roses.asked == []
    follow = world.roses.activity("Follow", eve, world.claire["uri"])
    assert await world.outcome(follow) == "follow.accepted"
    assert world.roses.asked == ["/users/eve", "/.well-known/webfinger"]


async def test_a_lane_that_waits_keeps_nobody_else_waiting(
    world: World, monkeypatch: Monkey
) -> None:
    bob, carol = await world.roses.person("bob"), await world.roses.person("carol")
    whole = HANDLERS["Follow"]
    release = asyncio.Event()

    async def gather(_node: Any, sender: Any, *_: Any) -> None:
        if sender["id"] == bob["id"]:
            await release.wait()

    monkeypatch.setitem(HANDLERS, "Follow", replace(whole, gather=gather))
    loop = asyncio.create_task(inbox_loop(world.node))
    try:
        for person in (bob, carol):
            document = world.roses.activity("Follow", person, world.claire["uri"])
            await receive(world.node, await world.roses.sign(document))
        await _until(lambda: world.follow_state(carol, world.claire), "accepted")
        assert await world.follow_state(bob, world.claire) is None
        release.set()
        await _until(lambda: world.follow_state(bob, world.claire), "accepted")
    finally:
        loop.cancel()
        await asyncio.wait([loop])
    assert loop.cancelled()


async def test_activities_of_one_actor_keep_their_order(world: World) -> None:
    bob = await world.roses.person("bob")
    follow = world.roses.activity("Follow", bob, world.claire["uri"])
    undo = world.roses.activity("Undo", bob, follow)
    again = world.roses.activity("Follow", bob, world.claire["uri"])
    for document in (follow, undo, again):
        await receive(world.node, await world.roses.sign(document))
    assert await process_due(world.node) == 3
    assert await world.follow_state(bob, world.claire) == "accepted"


async def _until(found: Any, wanted: Any) -> None:
    async with asyncio.timeout(5):
        while await found() != wanted:  # noqa: ASYNC110 - no event tells of a commit
            await asyncio.sleep(0.01)
