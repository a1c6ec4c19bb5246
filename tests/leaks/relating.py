"""Acts between people and between sites: follows, blocks, agreements, and the life of a node."""

from dataclasses import replace
from typing import Any

from federation.database import Transaction
from federation.node import Node
from inbox import partnership_acts
from inbox.purging import purge_once
from inbox.reconciling import reconcile_once
from tests.leaks.acts import NOTHING, Act, Kinds, known_kinds, living, note, one_of
from tests.leaks.model import KINDS, PEER, SITES, Link, Someone
from tests.leaks.world import PEOPLE, World, agree, follow, is_following, see_follows
from tests.nodes.partners import BY, becomes, both
from tests.serving import eventually

AGREEING = tuple(name for name in SITES if name != "ortie")


# People -----------------------------------------------------------------------------------------


def _of(world: World, person: Someone) -> Kinds:
    return known_kinds(said for said in living(world) if said.author == person)


async def befriend(world: World) -> Kinds:
    """Somebody follows somebody, who accepts."""
    one, other = world.chance.sample(PEOPLE, 2)
    model = world.model
    if (one, other) in model.follows or not model.is_open(one.site, other.site):
        return NOTHING
    if (one, other) in model.blocks or (other, one) in model.blocks:
        return NOTHING
    note(world, f"{one.name} follows {other.name}")
    if await follow(world, one, other):
        model.follows.add((one, other))
    return _of(world, other)


async def leave(world: World) -> Kinds:
    """Somebody follows somebody no longer."""
    chosen = one_of(world, sorted(world.model.follows, key=lambda p: (p[0].name, p[1].name)))
    if chosen is None or PEER in (chosen[0].site, chosen[1].site):
        return NOTHING
    one, other = chosen
    if not world.model.is_open(one.site, other.site):
        return NOTHING
    note(world, f"{one.name} leaves {other.name}")
    account_id = await world.actor_id(other, one.site)
    got = await world.call(one, "POST", f"/api/v1/accounts/{account_id}/unfollow")
    assert got.status == 200, got.body
    world.model.follows.discard(chosen)
    return _of(world, other)


async def send_away(world: World) -> Kinds:
    """Somebody lets a follower follow no longer, whether the other's site can be told or not."""
    pairs = sorted(world.model.follows, key=lambda p: (p[0].name, p[1].name))
    away = [p for p in pairs if p[0].site != p[1].site and PEER not in (p[0].site, p[1].site)]
    chosen = one_of(world, away)
    if chosen is None:
        return NOTHING
    one, other = chosen
    note(world, f"{other.name} sends {one.name} away")
    account_id = await world.actor_id(one, other.site)
    path = f"/api/v1/accounts/{account_id}/remove_from_followers"
    got = await world.call(other, "POST", path)
    assert got.status == 200, got.body
    world.model.follows.discard(chosen)
    return _of(world, other)


async def block(world: World) -> Kinds:
    """Somebody blocks somebody, or forgives."""
    model = world.model
    blocked = sorted(model.blocks, key=lambda p: (p[0].name, p[1].name))
    one, other = (
        world.chance.choice(blocked)
        if len(blocked) > 2 or (blocked and world.chance.random() < 0.5)
        else world.chance.sample(PEOPLE, 2)
    )
    account_id = await world.actor_id(other, one.site)
    if account_id is None or not model.is_open(one.site, other.site):
        return NOTHING
    forgives = (one, other) in model.blocks
    note(world, f"{one.name} {'forgives' if forgives else 'blocks'} {other.name}")
    word = "unblock" if forgives else "block"
    got = await world.call(one, "POST", f"/api/v1/accounts/{account_id}/{word}")
    assert got.status == 200, got.body
    if forgives:
        del model.blocks[one, other]
    else:
        model.blocks[one, other] = True
        model.follows -= {(one, other), (other, one)}
    return _of(world, one)


# Sites ------------------------------------------------------------------------------------------


def _across(world: World, *sites: str) -> Kinds:
    return known_kinds(said for said in living(world) if said.home in sites)


def _pairs(world: World, *, in_force: bool) -> list[tuple[str, str, Link]]:
    found = [
        (min(pair), max(pair), link)
        for pair, link in world.model.links.items()
        if link.kind == "partner" and link.in_force == in_force
    ]
    return sorted(found, key=lambda item: item[:2])


async def pair(world: World) -> Kinds:
    """Two sites agree, for the first time or again."""
    model = world.model
    free = [
        (one, other)
        for n, one in enumerate(AGREEING)
        for other in AGREEING[n + 1 :]
        if not ((link := model.link(one, other)) and link.in_force)
    ]
    chosen = one_of(world, free)
    if chosen is None:
        return NOTHING
    one, other = world.chance.sample(chosen, 2)
    note(world, f"{one} and {other} agree")
    await agree(world, one, other)
    before = model.link(one, other)
    model.links[frozenset(chosen)] = Link("partner")
    await world.calm()
    for follower, followed in () if before is None else before.lost:
        if await is_following(world, follower, followed):
            model.follows.add((follower, followed))
    return _across(world, one, other)


async def pause(world: World) -> Kinds:
    """A site pauses a partner."""
    paused = sum(1 for link in world.model.links.values() if link.paused)
    pairs = [found for found in _pairs(world, in_force=True) if len(found[2].paused) < 2]
    chosen = one_of(world, pairs)
    if chosen is None or paused >= 2:
        return NOTHING
    *names, link = chosen
    side = world.chance.choice([name for name in names if name not in link.paused])
    (other,) = set(names) - {side}
    note(world, f"{side} pauses {other}")
    await partnership_acts.pause(world.sites[side].node, world.origin(other), BY)
    link.paused.add(side)
    return _across(world, side, other)


async def resume(world: World) -> Kinds:
    """A site goes on with a partner."""
    chosen = one_of(world, [found for found in _pairs(world, in_force=True) if found[2].paused])
    if chosen is None:
        return NOTHING
    *names, link = chosen
    side = world.chance.choice(sorted(link.paused))
    (other,) = set(names) - {side}
    note(world, f"{side} resumes {other}")
    await partnership_acts.resume(world.sites[side].node, world.origin(other), BY)
    link.paused.discard(side)
    if link.is_open:
        await world.calm()
        await _compared(world, side, other)
        await see_follows(world, side, other)
    return _across(world, side, other)


async def _compared(world: World, *names: str) -> None:
    """Let two sites compare: one of them may have been put back in their pause."""
    for name, other in (names, names[::-1]):
        node, origin = world.sites[name].node, world.origin(other)

        async def due(tx: Transaction, origin: str = origin) -> None:
            await tx.execute("UPDATE reconciliation SET next_at = 0 WHERE origin = ?", origin)

        async def done(node: Node = node, origin: str = origin) -> bool:
            await reconcile_once(node)
            sql = "SELECT held_for IS NULL AND NOT lost AND next_at > 0 FROM reconciliation"
            return bool(await node.db.value(f"{sql} WHERE origin = ?", origin))

        await node.db.write(due)
        await eventually(done, 60.0)
        await world.calm()


async def narrow(world: World) -> Kinds:
    """A site grants a partner less."""
    chosen = one_of(world, _pairs(world, in_force=True))
    if chosen is None:
        return NOTHING
    *names, link = chosen
    side = world.chance.choice(names)
    (other,) = set(names) - {side}
    fields = {"audiences": link.silent, "follow": link.no_follows, "messages": link.no_messages}
    field = world.chance.choice(("audiences", "audiences", *fields))
    if side in fields[field]:
        return NOTHING
    here, origin = world.sites[side], world.origin(other)
    known, _ = await both(here.at, world.sites[other].at)
    values: dict[str, Any] = {"audiences": False, "follow": "none", "messages": "none"}
    ours = replace(known.ours, **{field: values[field]})
    note(world, f"{side} narrows {field} for {other}")
    await partnership_acts.narrow(here.node, origin, ours, BY)
    fields[field].add(side)
    if field == "follow":
        gone = {(a, b) for a, b in world.model.follows if (a.site, b.site) == (other, side)}
        link.lost |= gone
        world.model.follows -= gone
    return _across(world, side)


async def end(world: World) -> Kinds:
    """A site ends an agreement."""
    pairs = _pairs(world, in_force=True)
    # What waits about an old agreement would stand before the Accept of the next one.
    chosen = one_of(world, [found for found in pairs if found[2].is_open])
    if chosen is None or len(pairs) < 3:
        return NOTHING
    *names, link = chosen
    side = world.chance.choice(names)
    (other,) = set(names) - {side}
    kinds = _across(world, side, other)
    note(world, f"{side} ends with {other}")
    await partnership_acts.end(world.sites[side].node, world.origin(other), BY)
    link.in_force = False
    link.paused.clear()
    model = world.model
    ended = {(a, b) for a, b in model.follows if {a.site, b.site} == {side, other}}
    link.lost |= ended
    model.follows -= ended
    await becomes(world.sites[other].at, world.sites[side].at, "ended")
    for name in names:
        await purge_once(world.sites[name].node)
    return kinds


async def restart(world: World) -> Kinds:
    """A node is stopped and started."""
    name = world.chance.choice(SITES)
    note(world, f"{name} restarts")
    await world.stop(name)
    await world.start(name)

    async def answers() -> bool:
        return (await world.sites[name].ask("GET", "/healthz", {})).status == 200

    await eventually(answers)
    return _across(world, name)


ACTS = (
    Act("follow", 5, befriend, KINDS),
    Act("unfollow", 3, leave, KINDS),
    Act("send away", 2, send_away, KINDS),
    Act("block", 3, block, KINDS),
    Act("pair", 4, pair, KINDS),
    Act("pause", 4, pause, KINDS),
    Act("resume", 5, resume, KINDS),
    Act("narrow", 2, narrow, KINDS),
    Act("end", 2, end, KINDS),
    Act("restart", 1, restart, KINDS),
)
