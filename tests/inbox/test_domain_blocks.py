"""A domain that one person blocked: nothing of it reaches her, and others are not concerned."""

import pytest

from actors import domain_blocks, follows
from actors.relationships import relationship_rows
from federation.errors import Invalid, Refused
from inbox.timelines import Page, context, home, public, tag
from outbox.domain_blocks import block_domain
from outbox.relations import follow
from outbox.visibility import Person
from tests.inbox.conftest import StartOrigin
from tests.inbox.world import World


async def test_what_tied_her_to_the_domain_ends_and_its_people_are_told(world: World) -> None:
    bob, dan, eve = [await world.roses.person(name) for name in ("bob", "dan", "eve")]
    zoe = await world.local("zoe")
    host = bob["handle_host"]
    for one in (bob, zoe):
        await world.follow(world.claire, one)
    await world.follow(dan, world.claire)
    await world.follow(eve, world.claire, "pending")
    await world.follow(zoe, bob)
    assert await domain_blocks.relations_with(world.node.db, world.claire["id"], host) == (1, 1)
    await world.deliver(world.roses.activity("Like", bob, (await world.post())["uri"]))
    assert [kind for kind, _, _ in await world.told()] == ["favourite"]
    await block_domain(world.node, world.claire, host)
    assert await world.told() == []
    assert await world.follow_state(world.claire, bob) is None
    assert await world.follow_state(dan, world.claire) is None
    assert await world.follow_state(eve, world.claire) is None
    assert await world.follow_state(world.claire, zoe) == "accepted"
    assert await world.follow_state(zoe, bob) == "accepted"
    sent = sorted(item["type"] for item in await world.sent() if item["type"] != "Create")
    assert sent == ["Reject", "Reject", "Undo"]
    row = await relationship_rows(world.node.db, world.claire["id"], [bob["id"], zoe["id"]])
    assert [one["domain_blocking"] for one in row] == [True, False]
    with pytest.raises(Refused):
        await follow(world.node, world.claire, bob)
    again = world.roses.activity("Follow", dan, world.claire["uri"])
    assert await world.outcome(again) == "refused.follow_rejected"
    assert await follows.find(world.node.db, dan["id"], world.claire["id"]) is None


async def test_nothing_of_the_domain_is_read_or_told(
    world: World, start_origin: StartOrigin
) -> None:
    bob, zoe = await world.roses.person("bob"), await world.local("zoe")
    other = await start_origin("127.0.0.4")
    dan = await other.person("dan")
    for one in (bob, dan):
        await world.follow(world.claire, one)
        await world.follow(zoe, one)
    tagged = {"tag": [{"type": "Hashtag", "name": "#nuit"}]}
    note = world.roses.note(bob, "<p>Nuit</p>", **tagged)
    await world.deliver(world.roses.create(bob, note))
    boost = other.activity(
        "Announce", dan, note["id"], to=["https://www.w3.org/ns/activitystreams#Public"]
    )
    await world.deliver(boost, other)
    await block_domain(world.node, world.claire, bob["handle_host"])
    now = world.clock()
    for reader, seen in ((world.claire, 0), (zoe, 1)):
        who, db = Person(reader["id"]), world.node.db
        assert len(await home(db, who, Page(), now_ms=now)) == 2 * seen
        assert len(await public(db, who, Page(), now_ms=now)) == seen
        assert len(await tag(db, who, "nuit", Page(), now_ms=now)) == seen
    post = await world.post("@zoe Bonjour")
    answer = world.roses.note(
        bob,
        inReplyTo=post["uri"],
        tag=[{"type": "Mention", "href": one["uri"]} for one in (world.claire, zoe)],
        cc=[world.claire["uri"], zoe["uri"]],
    )
    await world.deliver(world.roses.create(bob, answer))
    assert await world.told() == []
    assert "mention" in [kind for kind, who, _ in await world.told(zoe) if who == bob["id"]]
    for reader, seen in ((world.claire, 0), (zoe, 1)):
        _, below = await context(world.node.db, Person(reader["id"]), post, now_ms=now)
        assert len(below) == seen


@pytest.mark.parametrize("wrong", ["", " ", "a b", "https://x.example", "x" * 300, "-x", "é" * 99])
async def test_what_is_no_domain_is_refused(world: World, wrong: str) -> None:
    with pytest.raises(Invalid) as error:
        domain_blocks.read_domain(world.node, wrong)
    assert error.value.field == "domain"
    with pytest.raises(Invalid):
        domain_blocks.read_domain(world.node, world.node.host)


async def test_a_domain_is_written_in_many_ways(world: World) -> None:
    for text, domain in (
        ("@Roses.Example.", "roses.example"), ("été.example", "xn--t-9ga9a.example"),
        ("127.0.0.1:99", "127.0.0.1:99"),
    ):  # fmt: skip
        read = domain_blocks.read_domain(world.node, text)
        assert read == domain or read.startswith("xn--"), text
