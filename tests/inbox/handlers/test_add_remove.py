"""Add and Remove: one's own statuses in one's own featured collection."""

from tests.inbox.world import World


async def test_what_is_ones_own_is_pinned_and_taken_off(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob)
    await world.deliver(world.roses.create(bob, note))
    for kind, code, pins in (("Add", "add.pinned", 1), ("Remove", "remove.unpinned", 0)):
        for _ in range(2):
            document = world.roses.activity(kind, bob, note["id"], target=bob["featured_url"])
            assert await world.outcome(document) == code
        assert await world.count("pin") == pins


async def test_nobody_pins_what_is_anothers_or_elsewhere(world: World) -> None:
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob)
    await world.deliver(world.roses.create(bob, note))
    for target, uri, code in (
        (eve["featured_url"], note["id"], "refused.not_author"),
        (bob["featured_url"], note["id"], "ignored.collection"),
        (eve["featured_url"], world.roses.uri("notes/88"), "ignored.unknown_object"),
        (None, note["id"], "ignored.collection"),
    ):
        add = world.roses.activity("Add", eve, uri, target=target)
        assert await world.outcome(add) == code
    remove = world.roses.activity("Remove", eve, note["id"], target=bob["featured_url"])
    assert await world.outcome(remove) == "ignored.collection"
    assert await world.count("pin") == 0
