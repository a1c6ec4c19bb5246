"""Acts on a whole node: it is copied, and later put back as it was, while the others went on.

What only the node knew and lost is asked of nobody any more; that it compares with its partners
before it says or shows them anything is what these acts are about.
"""

from dataclasses import dataclass

from inbox.ends_repeated import repeat_ends_once
from inbox.purging import purge_once
from inbox.reconciling import reconcile_once
from tests.leaks.acts import NOTHING, Act, Kinds, known_kinds, living, note, one_of
from tests.leaks.model import KINDS, SITES, Someone
from tests.leaks.world import World, fresh_folder, see_follows
from tests.serving import eventually

PATIENCE_S = 60.0


@dataclass(frozen=True)
class Copy:
    """What the model was when a node was copied: what was said and agreed until then."""

    moment: int
    agreements: frozenset[tuple[frozenset[str], int]]
    paused: frozenset[str]
    """The partners that the node had paused."""
    waiting: frozenset[str]
    """The partners whose words waited for the end of a pause, of either side."""
    blocks: frozenset[tuple[Someone, Someone]]


def _agreements(world: World, name: str) -> frozenset[tuple[frozenset[str], int]]:
    return frozenset((p, id(link)) for p, link in world.model.links.items() if name in p)


async def keep(world: World) -> Kinds:
    """A node is stopped, copied and started."""
    name = world.chance.choice(SITES)
    note(world, f"{name} is copied")
    await world.stop(name)
    await world.sites[name].keep(fresh_folder(world))
    await world.start(name)
    model = world.model
    world.copies[name] = Copy(
        model.moment,
        _agreements(world, name),
        frozenset(o for o in model.partners_of(name) if _has_paused(world, name, o)),
        frozenset(o for o in model.partners_of(name) if not model.is_open(name, o)),
        frozenset(model.blocks),
    )
    return known_kinds(said for said in living(world) if name in said.allowed)


def _has_paused(world: World, name: str, other: str) -> bool:
    link = world.model.link(name, other)
    return link is not None and name in link.paused


async def restore(world: World) -> Kinds:
    """A node is put back as it was; with whom it agrees now it agreed then."""
    able = [n for n, copy in world.copies.items() if copy.agreements == _agreements(world, n)]
    name = one_of(world, sorted(able))
    if name is None:
        return NOTHING
    kinds = known_kinds(said for said in living(world) if name in said.allowed)
    note(world, f"{name} is restored")
    copy: Copy = world.copies[name]
    await world.stop(name)
    await world.sites[name].put_back(fresh_folder(world))
    _forget(world, name, copy)
    await world.start(name)
    await _compared(world, name)
    for other in SITES:
        await see_follows(world, name, other)
    return kinds


def _forget(world: World, name: str, copy: Copy) -> None:
    """Take from the model what the node cannot know."""
    model = world.model
    for said in model.said:
        if said.changed >= copy.moment or said.home in copy.waiting:
            said.forgotten.add(name)
    for other in model.partners_of(name):
        link = model.link(name, other)
        if link is not None:
            link.paused -= {name}
            link.paused |= {name} & ({name} if other in copy.paused else set())
    for pair in set(model.blocks) ^ copy.blocks:
        if name in (pair[0].site, pair[1].site):
            model.blocks[pair] = False


async def _compared(world: World, name: str) -> None:
    """Wait until the node has compared with every partner that it can reach."""
    node = world.sites[name].node
    near = [o for o in world.model.partners_of(name) if world.model.is_open(name, o)]

    async def done() -> bool:
        await reconcile_once(node)
        rows = await node.db.rows("SELECT origin FROM reconciliation WHERE held_for IS NOT NULL")
        return not {world.name_of(row["origin"]) for row in rows} & set(near)

    await eventually(done, PATIENCE_S)
    await _a_day_passes(world)

    await world.calm()
    await purge_once(node)


async def _a_day_passes(world: World) -> None:
    """Let ends be said again to whoever was put back and goes on as if there were none."""
    for site in world.sites.values():
        node = site.node
        await node.db.write(lambda tx: tx.execute("UPDATE parting SET repeated_at = 0"))
        await repeat_ends_once(node)


ACTS = (
    Act("copy", 2, keep, KINDS),
    Act("restore", 2, restore, KINDS),
)
