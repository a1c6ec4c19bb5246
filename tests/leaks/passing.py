"""Acts with what others said: to pass on, to quote, to thank, to keep, to vote, to look up."""

from urllib.parse import quote as quoted_url

import orjson

from tests.leaks.acts import NOTHING, Act, Kinds, held_by, living, note, one_of, one_of_a_kind
from tests.leaks.marks import marks_in
from tests.leaks.model import KINDS, OPEN, PEER, Said, Someone
from tests.leaks.world import PEOPLE, LeakError, World
from tests.leaks.writing import WRITERS, say


async def _pick(world: World) -> tuple[Someone, Said, int] | None:
    """Somebody, and something that her node holds, whether she may read it or not."""
    said = one_of_a_kind(world, living(world))
    if said is None:
        return None
    sites = [p for p in WRITERS if p.site in said.allowed]
    person = one_of(world, sites)
    if person is None:
        return None
    status_id = await held_by(world, person, said)
    return None if status_id is None else (person, said, status_id)


async def boost(world: World) -> Kinds:
    """Somebody passes something on: what is not public, its author alone."""
    picked = await _pick(world)
    if picked is None:
        return NOTHING
    person, said, status_id = picked
    if said.home != PEER and world.chance.random() < 0.4:
        person, status_id = said.author, await held_by(world, said.author, said) or status_id
    note(world, f"{person.name} boosts {said.label}")
    got = await world.call(person, "POST", f"/api/v1/statuses/{status_id}/reblog")
    if got.status == 200 and said.kind not in OPEN and person != said.author:
        msg = f"{person.name} is let to pass {said.label} on"
        raise LeakError(msg)
    return [said.kind]


async def quote(world: World) -> Kinds:
    """Somebody quotes something: what is not public, its author alone, to the same audience."""
    picked = await _pick(world)
    if picked is None:
        return NOTHING
    person, said, _ = picked
    if said.kind not in OPEN and said.home != PEER and world.chance.random() < 0.6:
        person = said.author
    kind = said.kind if said.kind not in OPEN else "public"
    partners = tuple(sorted(said.partners)) if kind == "named_partners" else ()
    note(world, f"{person.name} quotes {said.label}")
    made = await say(world, person, kind, partners=partners, quoted=said, plain=True)
    if made is None:
        return [said.kind]
    if said.kind not in OPEN and person != said.author:
        msg = f"{person.name} is let to quote {said.label}"
        raise LeakError(msg)
    # Whoever is quoted reads the quote.
    made.named |= {said.author}
    world.model.refresh()
    return [said.kind]


async def thank(world: World) -> Kinds:
    """Somebody thanks for something and keeps it, or is told that there is nothing."""
    picked = await _pick(world)
    if picked is None:
        return NOTHING
    person, said, status_id = picked
    note(world, f"{person.name} thanks for {said.label}")
    may = world.model.may_read(person, said)
    for word in ("favourite", "bookmark"):
        got = await world.call(person, "POST", f"/api/v1/statuses/{status_id}/{word}")
        if got.status == 200 and may is False:
            msg = f"{person.name} is let to {word} {said.label}"
            raise LeakError(msg)
    return [said.kind]


async def vote(world: World) -> Kinds:
    """Somebody votes, or is told that there is nothing."""
    said = one_of_a_kind(world, [s for s in living(world, newest=200) if s.has_poll])
    others = [p for p in WRITERS if said and p.site in said.allowed and p != said.author]
    person = one_of(world, others)
    if said is None or person is None:
        return NOTHING
    db = world.site_of(person).node.db
    sql = "SELECT p.status_id FROM poll p JOIN status s ON s.id = p.status_id WHERE s.uri = ?"
    poll_id = await db.value(sql, said.uri)
    if poll_id is None:
        return NOTHING
    note(world, f"{person.name} votes on {said.label}")
    path = f"/api/v1/polls/{poll_id}"
    got = await world.call(person, "POST", f"{path}/votes", choices=[0])
    shown = await world.call(person, "GET", path)
    if world.model.may_read(person, said) is False and (
        got.status == 200 or marks_in(shown.body) & said.words
    ):
        msg = f"{person.name} is let to vote on {said.label}"
        raise LeakError(msg)
    return [said.kind]


async def look_up(world: World) -> Kinds:
    """Somebody asks by the address of something, which she may have from anywhere."""
    said = one_of_a_kind(world, world.model.said[-40:])
    if said is None:
        return NOTHING
    person = world.chance.choice(PEOPLE)
    note(world, f"{person.name} looks {said.label} up")
    path = f"/api/v2/search?resolve=true&q={quoted_url(said.uri, safe='')}"
    got = await world.call(person, "GET", path)
    if marks_in(got.body) & said.words and world.model.may_read(person, said) is False:
        msg = f"{person.name} is shown {said.label} by its address"
        raise LeakError(msg)
    found = orjson.loads(got.body)["statuses"]
    if not found and world.model.must_read(person, said):
        msg = f"{person.name} does not find {said.label} by its address"
        raise LeakError(msg)
    return [said.kind]


ACTS = (
    Act("boost", 6, boost, KINDS),
    Act("quote", 5, quote, KINDS),
    Act("thank", 5, thank, KINDS),
    Act("vote", 6, vote, KINDS),
    Act("look up", 6, look_up, KINDS),
)
