"""What a person reads: what she may see, in order, without those she does not want to read."""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from actors import follows
from federation.database import Row, Transaction
from inbox.timelines import Page, account, home, public, tag
from outbox.audience import store_audience
from outbox.visibility import Anyone, Person
from tests.inbox.world import World


class Shelf:
    """Statuses put straight into the tables, by short names."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.names: dict[int, str] = {}
        self.ids: dict[str, int] = {}

    async def put(self, name: str, author: Row, kind: str = "public", **columns: Any) -> int:
        node = self.world.node
        status_id = node.ids.next()

        async def work(tx: Transaction) -> None:
            audience_id = await store_audience(node, tx, kind, author, [author["id"]])
            given = {
                "id": status_id,
                "uri": f"https://x.example/{name}",
                "actor_id": author["id"],
                "audience_id": audience_id,
                "audience_kind": kind,
                "is_local": bool(author["is_local"]),
                "type": "Note",
                "thread_root_id": status_id,
                "published_at": node.clock(),
            } | columns
            marks = ", ".join("?" * len(given))
            await tx.execute(
                f"INSERT INTO status ({', '.join(given)}) VALUES ({marks})", *given.values()
            )

        await node.db.write(work)
        self.names[status_id] = name
        self.ids[name] = status_id
        return status_id

    async def boost(self, name: str, author: Row, of: str) -> int:
        return await self.put(name, author, reblog_of_id=self.ids[of], type="Announce")

    async def answer(self, name: str, author: Row, to: str, whose: Row | None) -> int:
        return await self.put(
            name,
            author,
            in_reply_to_uri=f"https://x.example/{to}",
            in_reply_to_id=self.ids.get(to),
            in_reply_to_actor_id=whose["id"] if whose else None,
        )

    def read(self, rows: Sequence[Row]) -> list[str]:
        return [self.names[row["id"]] for row in rows]

    async def home(self, **page: int) -> list[str]:
        world = self.world
        who = Person(world.claire["id"])
        now = world.clock()
        return self.read(await home(world.node.db, who, Page(**page), now_ms=now))


@pytest.fixture
async def shelf(world: World) -> Shelf:
    return Shelf(world)


async def test_home_is_what_those_one_follows_wrote_and_oneself(shelf: Shelf) -> None:
    world = shelf.world
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await world.follow(world.claire, bob)
    for name, author, kind in (
        ("own", world.claire, "public"),
        ("own-direct", world.claire, "named"),
        ("bob", bob, "public"),
        ("bob-quiet", bob, "unlisted"),
        ("bob-followers", bob, "followers"),
        ("bob-to-others", bob, "named"),
        ("eve", eve, "public"),
    ):
        await shelf.put(name, author, kind)
    assert await shelf.home() == ["bob-followers", "bob-quiet", "bob", "own-direct", "own"]


async def test_whoever_asked_to_follow_in_vain_reads_nothing(shelf: Shelf) -> None:
    """SEC-159."""
    world = shelf.world
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob, "pending")
    await shelf.put("bob", bob, "followers")
    assert await shelf.home() == []
    await world.follow(world.claire, bob, "accepted")
    assert await shelf.home() == ["bob"]


async def test_answers_are_shown_among_those_one_follows(shelf: Shelf) -> None:
    world = shelf.world
    bob, dan, eve = [await world.roses.person(name) for name in ("bob", "dan", "eve")]
    for followed in (bob, dan):
        await world.follow(world.claire, followed)
    for name, author in (("b", bob), ("d", dan), ("e", eve), ("c", world.claire)):
        await shelf.put(name, author)
    for name, to, whose in (
        ("to-himself", "b", bob),
        ("to-dan", "d", dan),
        ("to-me", "c", world.claire),
        ("to-eve", "e", eve),
        ("to-nobody-known", "z", None),
    ):
        await shelf.answer(name, bob, to, whose)
    assert await shelf.home() == ["to-me", "to-dan", "to-himself", "c", "d", "b"]


async def test_boosts_are_shown_unless_the_follow_says_no(shelf: Shelf) -> None:
    world = shelf.world
    bob, dan, eve = [await world.roses.person(name) for name in ("bob", "dan", "eve")]
    rows = [await world.follow(world.claire, followed) for followed in (bob, dan)]
    await shelf.put("e", eve)
    await shelf.put("e-closed", eve, "followers")
    await shelf.boost("bob-boosts", bob, "e")
    await shelf.boost("dan-boosts", dan, "e")
    await shelf.boost("dan-leaks", dan, "e-closed")
    assert await shelf.home() == ["dan-boosts", "bob-boosts"]
    await world.node.db.write(lambda tx: follows.set_options(tx, rows[0]["id"], show_reblogs=False))
    assert await shelf.home() == ["dan-boosts"]


@pytest.mark.parametrize("how", ["block", "blocked-by", "mute"])
async def test_the_blocked_and_muted_appear_nowhere(shelf: Shelf, how: str) -> None:
    world = shelf.world
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    for followed in (bob, eve):
        await world.follow(world.claire, followed)
    await shelf.put("e", eve)
    await shelf.put("b", bob)
    await shelf.boost("bob-boosts", bob, "e")
    await shelf.answer("to-eve", bob, "e", eve)
    who = Person(world.claire["id"])
    assert await shelf.home() == ["to-eve", "bob-boosts", "b", "e"]
    claire_id, eve_id = world.claire["id"], eve["id"]

    async def work(tx: Transaction) -> None:
        if how == "mute":
            await follows.mute(world.node, tx, claire_id, eve_id)
        else:
            pair = (claire_id, eve_id) if how == "block" else (eve_id, claire_id)
            await follows.block(world.node, tx, *pair, "https://x.example/blocks/1")

    await world.node.db.write(work)
    assert await shelf.home() == ["b"]
    rows = await public(world.node.db, who, Page(), now_ms=world.clock())
    assert shelf.read(rows) == ["b"]


async def test_pages_follow_each_other_without_a_hole(shelf: Shelf) -> None:
    world = shelf.world
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await world.follow(world.claire, bob)
    for n in range(100):
        await shelf.put(f"{n}", bob if n % 9 == 0 else eve)
    wanted = [f"{n}" for n in reversed(range(0, 100, 9))]
    assert await shelf.home() == wanted
    first = await shelf.home(limit=5)
    second = await shelf.home(limit=5, max_id=shelf.ids[first[-1]])
    third = await shelf.home(limit=5, max_id=shelf.ids[second[-1]])
    assert first + second + third == wanted
    assert await shelf.home(limit=5, min_id=shelf.ids[third[-1]]) == wanted[-6:-1][-5:]
    assert await shelf.home(limit=5, since_id=shelf.ids[third[-1]]) == wanted[:5]
    newest = await shelf.home(min_id=shelf.ids[wanted[1]])
    assert newest == wanted[:1]


@pytest.mark.parametrize("seed", range(6))
async def test_home_equals_a_plain_search_in_any_world(shelf: Shelf, seed: int) -> None:
    """The nearest statuses are tried first: whatever the world, nothing may be missing."""
    world = shelf.world
    choose = random.Random(seed)
    people = [await world.roses.person(f"p{n}") for n in range(6)]
    followed = people[: choose.randrange(1, 4)]
    for person in followed:
        await world.follow(world.claire, person)
    names: list[str] = []
    for n in range(60):
        author = choose.choice([*people, *[people[5]] * choose.choice((0, 20))])
        kind = choose.choice(["public", "unlisted", "followers", "named", "named"])
        await shelf.put(f"{n}", author, kind)
        if author in followed and kind != "named":
            names.insert(0, f"{n}")
    for limit in (1, 3, 40):
        read: list[str] = []
        while page := await shelf.home(
            limit=limit, **({"max_id": shelf.ids[read[-1]]} if read else {})
        ):
            read += page
        assert read == names


async def test_limits_are_clamped_and_huge_ids_are_no_error(shelf: Shelf) -> None:
    """SEC-094."""
    world = shelf.world
    for n in range(45):
        await shelf.put(f"{n}", world.claire)
    assert len(await shelf.home(limit=1_000_000)) == 40
    assert len(await shelf.home(limit=-1)) == 1
    assert len(await shelf.home(max_id=10**30)) == 20
    assert await shelf.home(max_id=-5) == []


async def test_the_public_timeline_is_what_is_for_everybody(shelf: Shelf) -> None:
    world = shelf.world
    bob = await world.roses.person("bob")
    for name, author, kind in (
        ("here", world.claire, "public"),
        ("for-the-site", world.claire, "site"),
        ("quiet", world.claire, "unlisted"),
        ("closed", world.claire, "followers"),
        ("there", bob, "public"),
    ):
        await shelf.put(name, author, kind)
    await shelf.boost("boost", bob, "here")
    await shelf.answer("answer", bob, "here", world.claire)
    await shelf.answer("thread", bob, "there", bob)

    async def read(who: Any, **where: Any) -> list[str]:
        rows = await public(world.node.db, who, Page(), now_ms=world.clock(), **where)
        return shelf.read(rows)

    await world.execute("UPDATE actor SET reachable = ?", True)
    member, guest = Person(world.claire["id"]), Person(bob["id"], is_guest=True)
    assert await read(member) == ["thread", "there", "for-the-site", "here"]
    assert await read(member, local=True) == ["for-the-site", "here"]
    assert await read(member, remote=True) == ["thread", "there"]
    assert await read(guest, local=True) == ["here"]
    assert await read(Anyone()) == []
    assert await read(Anyone(public_is_open=True)) == ["here"]


async def test_a_tag_finds_what_is_for_everybody_and_carries_it(shelf: Shelf) -> None:
    world = shelf.world
    bob = await world.roses.person("bob")
    carried = {
        "a": ["repas"],
        "b": ["repas", "menu"],
        "c": ["menu"],
        "d": ["repas"],
        "s": ["repas"],
    }
    for name, kind in (("a", "public"), ("b", "public"), ("c", "public"), ("d", "unlisted")):
        await shelf.put(name, bob, kind)
    await shelf.put("s", world.claire, "site")
    for place, word in enumerate(("repas", "menu"), start=1):
        await world.execute("INSERT INTO tag (id, name) VALUES (?, ?)", place, word)
        for name, words in carried.items():
            if word in words:
                await world.execute(
                    "INSERT INTO status_tag (tag_id, status_id) VALUES (?, ?)",
                    place,
                    shelf.ids[name],
                )

    async def read(name: str, **more: Any) -> list[str]:
        who = Person(world.claire["id"])
        rows = await tag(world.node.db, who, name, Page(), now_ms=world.clock(), **more)
        return shelf.read(rows)

    assert await read("#Repas") == ["s", "b", "a"]
    assert await read("repas", remote=True) == ["b", "a"]
    assert await read("repas", local=True) == ["s"]
    assert await read("repas", any_of=["menu"]) == ["s", "c", "b", "a"]
    assert await read("repas", all_of=["menu"]) == ["b"]
    assert await read("repas", none_of=["menu"]) == ["s", "a"]
    assert await read("repas", all_of=["inconnu"]) == await read("inconnu") == []


async def test_an_accounts_statuses_with_every_filter(shelf: Shelf) -> None:
    world = shelf.world
    bob, eve = await world.roses.person("bob"), await world.roses.person("eve")
    await shelf.put("e", eve)
    for name, kind in (("plain", "public"), ("closed", "followers"), ("media", "public")):
        await shelf.put(name, bob, kind)
    await shelf.boost("boost", bob, "e")
    await shelf.answer("to-eve", bob, "e", eve)
    await shelf.answer("to-himself", bob, "plain", bob)
    await world.execute(
        "INSERT INTO attachment (id, status_id, actor_id, type, created_at)"
        " VALUES (1, ?, ?, 'image', 0)",
        shelf.ids["media"],
        bob["id"],
    )
    for place, name in enumerate(("plain", "closed", "media")):
        await world.execute(
            "INSERT INTO pin (actor_id, status_id, created_at) VALUES (?, ?, ?)",
            bob["id"],
            shelf.ids[name],
            place,
        )

    async def read(**filters: Any) -> list[str]:
        who = Person(world.claire["id"])
        return shelf.read(await account(world.node.db, who, bob["id"], Page(), **filters))

    assert await read() == ["to-himself", "to-eve", "boost", "media", "plain"]
    assert await read(exclude_replies=True) == ["to-himself", "boost", "media", "plain"]
    assert await read(exclude_reblogs=True) == ["to-himself", "to-eve", "media", "plain"]
    assert await read(only_media=True) == ["media"]
    assert await read(pinned=True) == ["media", "plain"]
    assert await read(tagged="rien") == []
    await world.follow(world.claire, bob)
    assert await read(pinned=True) == ["media", "closed", "plain"]
