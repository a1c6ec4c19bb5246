"""Acts of the plain peer: it says things under addresses of audiences, and reads what it can."""

import orjson

from federation.activity import iso
from tests.leaks.acts import NOTHING, Act, Kinds, known_kinds, living, note, one_of, one_of_a_kind
from tests.leaks.marks import TAG, marks_in, new_mark
from tests.leaks.model import ACROSS, KINDS, PEER, Mark, Said
from tests.leaks.surfaces import read_by
from tests.leaks.world import ZOE, LeakError, World


async def forge(world: World) -> Kinds:
    """Zoe says something for the members of Tilleuls, with which her site has no agreement.

    Under an address of her own site, or under one that a conversation here really has.
    """
    site, word = world.sites["tilleuls"], new_mark(world.chance)
    kind = world.chance.choice(ACROSS)
    sql = "SELECT uri FROM audience WHERE kind = ? AND owner = ? ORDER BY id"
    known = await site.node.db.rows(sql, kind, site.origin)
    own = f"{world.peer.origin}/audiences/{word[3:23]}AA"
    circle = own
    if known and world.chance.random() < 0.5:
        circle = world.chance.choice(known)["uri"]
    text = f"{word} #{TAG}"
    forged = world.peer.note("zoe", text, [circle], audience=circle, audienceKind="organisation")
    forged["published"] = iso(site.node.clock())
    note(world, f"zoe forges under {'her own' if circle == own else 'a real'} {kind} audience")
    said = Said(len(world.model.said), ZOE, "named", forged["id"], [Mark(word, {PEER, "tilleuls"})])
    said.changed = world.model.moment
    world.model.said.append(said)
    got = await world.peer.post(site, world.peer.create(forged))  # type: ignore[arg-type]
    assert got.status in (202, 403), got.body
    return [kind]


async def spy(world: World) -> Kinds:
    """Zoe asks Tilleuls for what she knows the address of."""
    sayings = [said for said in living(world, newest=200) if said.home == "tilleuls"]
    said = one_of_a_kind(world, sayings)
    if said is None:
        return NOTHING
    note(world, f"zoe asks for {said.label}")
    got = await read_by(world, PEER, said.uri)
    if marks_in(got.body) & said.words and PEER not in world.model.sites_of(said):
        msg = f"zoe is served {said.label}"
        raise LeakError(msg)
    return known_kinds([said])


async def answer_back(world: World) -> Kinds:
    """Zoe answers what she was sent, to everybody: that is her act, and shows nothing more."""
    sayings = [said for said in living(world) if PEER in said.allowed and said.home == "tilleuls"]
    said = one_of(world, sayings)
    if said is None:
        return NOTHING
    site, word = world.sites["tilleuls"], new_mark(world.chance)
    made = world.peer.note("zoe", f"{word} #{TAG}", inReplyTo=said.uri)
    made["published"] = iso(site.node.clock())
    note(world, f"zoe answers {said.label} to everybody")
    answer = Said(len(world.model.said), ZOE, "public", made["id"], [Mark(word)], said)
    answer.changed = world.model.moment
    world.model.said.append(answer)
    world.model.refresh()
    got = await world.peer.post(site, world.peer.create(made))  # type: ignore[arg-type]
    assert got.status == 202, got.body
    assert orjson.dumps(made)
    return known_kinds([said])


ACTS = (
    Act("forge", 2, forge, ACROSS),
    Act("spy", 5, spy, KINDS),
    Act("answer back", 2, answer_back, ("followers", "public", "unlisted")),
)
