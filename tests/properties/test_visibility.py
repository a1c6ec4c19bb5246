"""In random worlds: the SQL and the Python form of `may see` agree for every reader, and an
origin may read exactly what `recipients` would deliver to it.

A world has people here and at two other origins, follows, blocks, agreements in every state,
and audiences that began here, at either origin, or at a third one.
"""

from dataclasses import dataclass, field, replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation.database import Row, Transaction
from federation.node import Node
from outbox.audience import recipients
from outbox.circles import ACROSS_SITES
from outbox.visibility import (
    PUBLIC_KINDS,
    Anyone,
    Facts,
    Origin,
    Person,
    Visitor,
    Who,
    may_see_sql,
    sees,
)
from tests.agreements import agree

KINDS = ("public", "unlisted", "followers", "named", "site", *ACROSS_SITES)
PEERS = ("https://roses.example", "https://valmont.example")
OTHERS = (*PEERS, "https://glycines.example")
STATES = ("offered", "asked", "active", "paused", "ended", "expired", "key_changed")
# Actors 1-3 live here, 4-5 at the first peer, 6 at the second.
HOMES = {1: None, 2: None, 3: None, 4: PEERS[0], 5: PEERS[0], 6: PEERS[1]}

pairs = st.sets(st.tuples(st.sampled_from([*HOMES]), st.sampled_from([*HOMES])), max_size=8)
people = st.sets(st.sampled_from([*HOMES]), max_size=4)


@dataclass(frozen=True)
class Post:
    author: int
    kind: str
    mentioned: frozenset[int]
    named: frozenset[int]
    # Where its conversation began, if it is for several sites: 0 at its author's, 1 here, …
    began: int = 0
    members: frozenset[str] = frozenset()
    # Of which of them it was no more known whether they are, before or after it was said.
    unsure: dict[str, str] = field(default_factory=dict[str, str])
    # Which post it boosts, by its place among those before it; 0 for none.
    boosts: int = 0

    @property
    def owner(self) -> str | None:
        """The origin where its conversation began; None for here."""
        return HOMES[self.author] if self.began == 0 else (None, *OTHERS)[self.began - 1]


posts = st.lists(
    st.builds(
        Post,
        author=st.sampled_from([*HOMES]),
        kind=st.one_of(st.sampled_from(KINDS), st.sampled_from(ACROSS_SITES)),
        mentioned=people.map(frozenset),
        named=people.map(frozenset),
        began=st.integers(0, 4),
        members=st.sets(st.sampled_from(OTHERS), max_size=2).map(frozenset),
        unsure=st.dictionaries(st.sampled_from(OTHERS), st.sampled_from(("before", "after"))),
        boosts=st.integers(0, 5),
    ),
    min_size=1,
    max_size=6,
)


@dataclass(frozen=True)
class Agreed:
    kind: str
    state: str
    gives: bool
    takes: bool

    @property
    def receives(self) -> bool:
        return self.state in ("active", "paused") and (self.kind == "site" or self.gives)

    @property
    def stands(self) -> bool:
        return self.state in ("active", "paused") and (self.kind == "site" or self.takes)


agreements = st.dictionaries(
    st.sampled_from(OTHERS),
    min_size=1,
    values=st.builds(
        Agreed,
        kind=st.sampled_from(("partner", "site")),
        # Half of them stand, or there would be little to see.
        state=st.one_of(st.just("active"), st.sampled_from(STATES)),
        gives=st.booleans(),
        takes=st.booleans(),
    ),
)


@dataclass(frozen=True)
class World:
    follows: frozenset[tuple[int, int]]
    pending: frozenset[tuple[int, int]]
    blocks: frozenset[tuple[int, int]]
    suspended: frozenset[int]
    unreachable: frozenset[int]
    silenced: frozenset[int]
    agreements: dict[str, Agreed]
    software: dict[str, str]
    posts: tuple[Post, ...]


worlds = st.builds(
    World,
    follows=pairs.map(frozenset),
    pending=pairs.map(frozenset),
    blocks=pairs.map(frozenset),
    suspended=st.sets(st.sampled_from([*HOMES]), max_size=2).map(frozenset),
    unreachable=st.sets(st.sampled_from([1, 2, 3]), max_size=2).map(frozenset),
    silenced=st.sets(st.sampled_from([*HOMES]), max_size=2).map(frozenset),
    agreements=agreements,
    software=st.dictionaries(
        st.sampled_from(PEERS), st.sampled_from(("mastodon", "pixelfed", "nobody-knows-it"))
    ),
    posts=posts.map(tuple),
)

READERS: list[Who] = [
    *(Person(actor) for actor in (1, 2, 3)),
    Person(3, is_guest=True),
    *(Visitor(actor, opened) for actor in (4, 5, 6) for opened in (False, True)),
    *(Origin(peer, opened) for peer in PEERS for opened in (False, True)),
    Anyone(public_is_open=False),
    Anyone(public_is_open=True),
]


async def build(node: Node, tx: Transaction, world: World) -> None:
    for table in (
        *("status", "audience_member", "audience", "follow", "block", "actor", "peer"),
        "partnership",
    ):
        await tx.execute(f"DELETE FROM {table}")
    for peer in OTHERS:
        await tx.execute(
            "INSERT INTO peer (origin, policy, software, created_at)"
            " VALUES (?, 'allowed', CAST(? AS TEXT), 0)",
            peer,
            world.software.get(peer),
        )
    for origin, agreed in world.agreements.items():
        await agree(
            tx,
            origin,
            kind=agreed.kind,
            state=agreed.state,
            gives_audiences=agreed.gives,
            takes_audiences=agreed.takes,
        )
    await tx.execute(
        "INSERT INTO actor (id, uri, type, origin, is_local, username, handle_host, inbox_url,"
        " created_at, updated_at) VALUES (100, ?, 'Application', ?, ?, 'node', '', '', 0, 0)",
        node.uris.instance_actor,
        node.origin,
        True,
    )
    for actor, home in HOMES.items():
        origin = home or node.origin
        uri = f"{origin}/users/{actor}"
        await tx.execute(
            "INSERT INTO actor (id, uri, type, origin, is_local, username, handle_host,"
            " inbox_url, shared_inbox_url, followers_url, reachable, suspended_at, silenced_at,"
            " created_at, updated_at) VALUES (?, ?, 'Person', ?, ?, ?, ?, ?, ?, ?, ?,"
            " CAST(? AS BIGINT), CAST(? AS BIGINT), 0, 0)",
            actor,
            uri,
            origin,
            home is None,
            f"a{actor}",
            origin,
            f"{uri}/inbox",
            f"{origin}/inbox",
            f"{uri}/followers",
            actor not in world.unreachable,
            1 if actor in world.suspended else None,
            1 if actor in world.silenced else None,
        )
    for number, (follower, target) in enumerate(sorted(world.follows | world.pending)):
        await tx.execute(
            "INSERT INTO follow (id, follower_id, target_id, uri, state, created_at)"
            " VALUES (?, ?, ?, ?, ?, 0)",
            number,
            follower,
            target,
            f"urn:{number}",
            "accepted" if (follower, target) in world.follows else "pending",
        )
    for number, (actor, target) in enumerate(sorted(world.blocks)):
        await tx.execute(
            "INSERT INTO block (id, actor_id, target_id, uri, created_at) VALUES (?, ?, ?, '', 0)",
            number,
            actor,
            target,
        )
    for number, post in enumerate(world.posts, 1):
        await _add_post(node, tx, number, post, boosted(world, number))


def boosted(world: World, number: int) -> int | None:
    """The number of the post that this one boosts; nobody boosts a boost."""
    target = world.posts[number - 1].boosts
    if not 0 < target < number or boosted(world, target) is not None:
        return None
    author = world.posts[number - 1].author
    earlier = [n for n in range(1, number) if boosted(world, n) == target]
    return None if any(world.posts[n - 1].author == author for n in earlier) else target


async def _add_post(
    node: Node, tx: Transaction, number: int, post: Post, boosts: int | None
) -> None:
    await tx.execute(
        "INSERT INTO audience (id, kind, owner, created_at) VALUES (?, ?, ?, 0)",
        number,
        post.kind,
        (post.owner or node.origin) if post.kind in ACROSS_SITES else "",
    )
    unsure_from = {"before": number, "after": number + 1}
    await tx.many(
        "INSERT INTO audience_member (audience_id, origin, unsure_from)"
        " VALUES (?, ?, CAST(? AS BIGINT))",
        [(number, one, unsure_from.get(post.unsure.get(one, ""))) for one in post.members],
    )
    await tx.execute(
        "INSERT INTO status (id, uri, actor_id, audience_id, audience_kind, is_local, type,"
        " thread_root_id, reblog_of_id, published_at)"
        " VALUES (?, ?, ?, ?, ?, ?, 'Note', ?, CAST(? AS BIGINT), 0)",
        number,
        f"urn:status:{number}",
        post.author,
        number,
        post.kind,
        HOMES[post.author] is None,
        number,
        boosts,
    )
    await tx.many(
        "INSERT INTO mention (status_id, actor_id) VALUES (?, ?)",
        [(number, actor) for actor in post.mentioned],
    )
    await tx.many(
        "INSERT INTO audience_member (audience_id, actor_id) VALUES (?, ?)",
        [(number, actor) for actor in post.named],
    )


def facts(world: World, post: Post, who: Who) -> Facts:
    """The relations of a reader to a post, straight from the world's description."""
    match who:
        case Person(actor) | Visitor(actor):
            ids = {actor}
            blocked = (post.author, actor) in world.blocks
        case Origin(origin):
            ids = {actor for actor, home in HOMES.items() if home == origin}
            blocked = False
        case Anyone():
            ids, blocked = set(), False
    # For its origin, whom the author blocks is named no more, but where everybody may read it.
    named = {one for one in ids if (post.author, one) not in world.blocks}
    mentioned = ids if post.kind in PUBLIC_KINDS else named
    return Facts(
        kind=post.kind,
        is_local=HOMES[post.author] is None,
        is_author=isinstance(who, Person) and post.author == who.actor_id,
        author_active=post.author not in world.suspended,
        author_reachable=post.author not in world.unreachable,
        follows=any((reader, post.author) in world.follows for reader in ids),
        mentioned=bool(mentioned & post.mentioned),
        named=bool(named & post.named),
        blocked=blocked,
        author_silenced=post.author in world.silenced,
        taken=_taken(world, post),
        received=isinstance(who, Origin) and _received(world, post, who.origin),
        only_public=_software(world, who) in ("pixelfed", "nobody-knows-it"),
    )


def _software(world: World, who: Who) -> str | None:
    match who:
        case Visitor(actor):
            return world.software.get(HOMES[actor] or "")
        case Origin(origin):
            return world.software.get(origin)
        case _:
            return None


def _taken(world: World, post: Post) -> bool:
    """Whether what came from elsewhere for several sites is for the members of this one."""
    home, owner = HOMES[post.author], post.owner
    with_author = home is not None and home in world.agreements and world.agreements[home].stands
    with_owner = owner is None or (owner in world.agreements and world.agreements[owner].stands)
    return with_author and (owner == home or with_owner)


def _received(world: World, post: Post, origin: str) -> bool:
    """Whether an origin belongs to the audience of what is said here."""
    agreed, owner = world.agreements.get(origin), post.owner
    if agreed is None or not agreed.receives:
        return False
    # Of a member that could not be asked, what was said before that is for it.
    known = origin in post.members and post.unsure.get(origin) != "before"
    if origin == owner or known:
        return True
    if owner is None:
        return agreed.kind == "site" or post.kind == "partners"
    theirs = world.agreements.get(owner)
    inside = theirs is not None and theirs.kind == "site" and theirs.state in ("active", "paused")
    return agreed.kind == "site" and inside


def expected(world: World, number: int, who: Who) -> bool:
    """Whether a reader may see a post, boost or not."""
    target = boosted(world, number)
    if not sees(who, facts(world, world.posts[number - 1], who)):
        return False
    if target is None:
        return True
    original = world.posts[target - 1]
    elsewhere = not isinstance(who, Person) and original.kind in ("public", "unlisted")
    return elsewhere or sees(who, facts(world, original, who))


async def seen_ids(node: Node, who: Who) -> set[int]:
    condition, args = may_see_sql(who)
    rows: list[Row] = list(await node.db.rows(f"SELECT id FROM status WHERE {condition}", *args))
    return {row["id"] for row in rows}


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(world=worlds)
async def test_sql_and_python_agree_for_every_reader(node: Node, world: World) -> None:
    await node.db.write(lambda tx: build(node, tx, world))
    for who in READERS:
        found = {
            number for number in range(1, len(world.posts) + 1) if expected(world, number, who)
        }
        assert await seen_ids(node, who) == found, who


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(world=worlds)
async def test_an_origin_reads_exactly_what_it_would_be_sent(node: Node, world: World) -> None:
    # A suspended reader is sent nothing, yet its origin still stands for the others there.
    world = replace(world, suspended=frozenset(world.suspended & {1, 2, 3}))
    # Of whom it is not sure, what is sent waits and is judged again.
    world = replace(world, posts=tuple(replace(post, unsure={}) for post in world.posts))
    await node.db.write(lambda tx: build(node, tx, world))
    for peer in PEERS:
        sent: set[int] = set()
        for number, post in enumerate(world.posts, 1):
            target = boosted(world, number)
            if post.author in world.suspended or not _could_be_boosted(world, target):
                continue
            status = await node.db.row("SELECT * FROM status WHERE id = ?", number)
            assert status is not None
            if any(r.origin == peer for r in await recipients(node, node.db, status)):
                sent.add(number)
        possible = {
            number
            for number in range(1, len(world.posts) + 1)
            if _could_be_boosted(world, boosted(world, number))
        }
        assert await seen_ids(node, Origin(peer)) & possible == sent


def _could_be_boosted(world: World, target: int | None) -> bool:
    """Whether there can be such a boost: others than the public are boosted by nobody else."""
    return target is None or world.posts[target - 1].kind in ("public", "unlisted")
