"""A conversation: what one may see of it, in its shape."""

from actors import follows
from inbox.threads import context
from outbox.visibility import Person
from tests.inbox.world import World


async def _thread(world: World) -> dict[str, dict[str, object]]:
    """root ← a ← b, a ← private ← below, root ← c."""
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    notes: dict[str, dict[str, object]] = {}
    for name, parent, to in (
        ("root", None, None),
        ("a", "root", None),
        ("c", "root", None),
        ("private", "a", ["https://x.example/users/1"]),
        ("b", "a", None),
        ("below", "private", None),
    ):
        note = world.roses.note(bob, f"<p>{name}</p>")
        if parent:
            note["inReplyTo"] = notes[parent]["id"]
        if to:
            note |= {"to": [*to, world.claire["uri"]], "cc": []}
        notes[name] = note
        await world.deliver(world.roses.create(bob, note))
    return notes


async def _read(world: World, note: dict[str, object], who: Person) -> tuple[str, str]:
    status = await world.status(str(note["id"]))
    assert status is not None
    above, below = await context(world.node.db, who, status, now_ms=world.clock())

    def names(rows: list[object]) -> str:
        return " ".join(row["content_html"][3:-4] for row in rows)  # type: ignore[index]

    return names(list(above)), names(list(below))


async def test_a_thread_in_its_shape_and_only_what_one_may_see(world: World) -> None:
    notes = await _thread(world)
    claire = Person(world.claire["id"])
    denis = Person((await world.local("denis"))["id"])
    assert await _read(world, notes["root"], claire) == ("", "a private below b c")
    assert await _read(world, notes["root"], denis) == ("", "a below b c")
    assert await _read(world, notes["below"], claire) == ("root a private", "")
    assert await _read(world, notes["below"], denis) == ("root a", "")
    assert await _read(world, notes["a"], denis) == ("root", "below b")


async def test_answers_of_the_muted_are_left_out(world: World) -> None:
    notes = await _thread(world)
    eve = await world.roses.person("eve")
    note = world.roses.note(eve, "<p>eve</p>", inReplyTo=notes["root"]["id"])
    note["tag"] = [{"type": "Mention", "href": world.claire["uri"]}]
    note["cc"] = [world.claire["uri"]]
    await world.deliver(world.roses.create(eve, note))
    claire = Person(world.claire["id"])
    assert "eve" in (await _read(world, notes["root"], claire))[1]
    await world.node.db.write(
        lambda tx: follows.mute(world.node, tx, world.claire["id"], eve["id"])
    )
    assert "eve" not in (await _read(world, notes["root"], claire))[1]
