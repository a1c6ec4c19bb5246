"""Proves erasure across sites: who was handed something is asked, and what each says is told."""

from typing import Any

import pytest

from actors.queries import account_of_actor
from federation.database import Row
from inbox.erasure_loop import erasures_once
from inbox.erasure_sites import CALM_MS, Site, sites, waiting_partners
from inbox.erasures import ask, erase_now
from inbox.export_tables import tables
from inbox.partnership_acts import pause, resume
from outbox.visibility import Person
from tests.conftest import Start
from tests.nodes.partners import BY, paired
from tests.nodes.test_holdings import change, state_at
from tests.nodes.test_partners_in_force import follow, has, person, write
from tests.serving import Running, eventually

World = tuple[Running, Running, Running, Running]


@pytest.fixture
async def world(start_node: Start) -> World:
    """A site, two partners of it, and a plain peer with which there is no agreement."""
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    third, plain = await start_node(name="Les Lilas"), await start_node(name="Un pair")
    await paired(one, other)
    await paired(one, third)
    await one.allow(plain)
    await plain.allow(one)
    return one, other, third, plain


async def spread(world: World) -> tuple[Row, Row]:
    """Alice, whom somebody follows everywhere, and what she wrote and everybody holds."""
    one, *others = world
    alice = await person(one, "alice")
    for number, site in enumerate(others):
        await follow(site, await person(site, f"bruno{number}"), alice)
    status = await write(one, alice, "Un mot gardé partout")
    for site in others:
        await eventually(lambda site=site: has(site, status))
        # A site holds it a moment before its answer is back and written in the ledger.
        await eventually(lambda site=site: state_at(one, status, site))
    return alice, status


async def table(one: Running) -> dict[str, Site]:
    """The table of the only erasure, by origin, as it is when all was looked at once more."""
    await erasures_once(one.node)
    await change(one, "UPDATE erasure_site SET next_at = 0")
    await erasures_once(one.node)
    row = await one.node.db.row("SELECT erasure.* FROM erasure")
    assert row is not None
    return {site.origin: site for site in await sites(one.node, one.node.db, row)}


async def becomes(one: Running, site: Running, state: str) -> Site:
    async def is_so() -> Any:
        return (await table(one))[site.origin].state == state

    await eventually(is_so)
    return (await table(one))[site.origin]


async def test_each_site_is_asked_and_says_so_itself(world: World) -> None:
    one, other, third, plain = world
    alice, status = await spread(world)
    bystander = await person(one, "bystander")
    await follow(other, await person(other, "eva"), bystander)
    kept = await write(one, bystander, "Reste")
    await eventually(lambda: has(other, kept))
    await pause(one.node, third.origin, BY)
    assert await waiting_partners(one.node.db) == [("Les Lilas", third.origin.partition("//")[2])]
    asked = await one.node.db.write(lambda tx: ask(one.node, tx, alice, is_own=True))
    assert await has(other, status), "nobody is asked before two weeks are over"
    assert await one.node.db.value("SELECT COUNT(*) FROM erasure_site") == 0
    await change(one, "UPDATE erasure SET due_at = 1 WHERE id = ?", asked.number)
    one.node.erasure_wake.set()

    async def gone() -> bool:
        return not await has(other, status) and not await has(plain, status)

    await eventually(gone)
    confirmed = await becomes(one, other, "confirmed")
    assert confirmed.confirmed_at is not None
    assert (await becomes(one, plain, "unknowable")).confirmed_at is None
    waiting = (await table(one))[third.origin]
    assert (waiting.state, waiting.why, waiting.asked_at) == ("waiting", "paused", None)
    assert await has(third, status)
    assert await has(other, kept), "what is another person's stays"
    await resume(one.node, third.origin, BY)
    await becomes(one, third, "confirmed")
    assert not await has(third, status)
    states = await one.node.db.rows("SELECT DISTINCT state FROM held WHERE object_uri = ?",
                                    status["uri"])  # fmt: skip
    assert {row["state"] for row in states} == {"deleted", "delete_sent"}


async def test_a_partner_that_still_holds_something_is_not_taken_for_confirmed(
    world: World,
) -> None:
    one, other, _, _ = world
    alice, status = await spread(world)
    await one.node.db.write(lambda tx: erase_now(one.node, tx, alice))

    async def gone() -> bool:
        return not await has(other, status)

    await eventually(gone)
    # A backup put back: it is there again, whatever the partner has said.
    author = await person(other, "nobody2")
    back = await write(other, author, "x")
    await change(other, "DELETE FROM tombstone WHERE uri = ?", status["uri"])
    fake = "INSERT INTO actor (id, uri, type, origin, is_local, username, handle_host, inbox_url,"
    await change(
        other,
        f"{fake} created_at, updated_at) VALUES (1, ?, 'Person', ?, FALSE, 'again', 'a.test', ?,"
        " 1, 1)",
        f"{one.origin}/users/again",
        one.origin,
        f"{one.origin}/inbox",
    )
    await change(
        other,
        "UPDATE status SET uri = ?, actor_id = 1, is_local = FALSE WHERE id = ?",
        status["uri"],
        back["id"],
    )
    held = await becomes(one, other, "held")
    assert (held.still_held, held.confirmed_at) == (1, None)


async def test_a_site_that_has_the_ledger_alone_is_asked_too(world: World) -> None:
    one, other, _, _ = world
    alice, status = await spread(world)
    # Nobody there follows her any more: what it holds is known by the ledger.
    await change(one, "DELETE FROM follow WHERE target_id = ?", alice["id"])
    await one.node.db.write(lambda tx: erase_now(one.node, tx, alice))

    async def gone() -> bool:
        return not await has(other, status)

    await eventually(gone)
    await becomes(one, other, "confirmed")
    assert CALM_MS > 0


async def test_a_copy_says_what_each_site_was_handed(world: World) -> None:
    one, other, third, plain = world
    alice, status = await spread(world)
    found = {name: content async for name, content in tables(one.node, alice, Person(alice["id"]))}
    lines = found["sites.csv"].decode()
    for site in (other, third, plain):
        assert f"{status['uri']},{site.origin}," in lines
    eva = await person(one, "eva")
    assert await account_of_actor(one.node.db, eva["id"])
    of_eva = {name: content async for name, content in tables(one.node, eva, Person(eva["id"]))}
    assert status["uri"].encode() not in b"".join(of_eva.values())
