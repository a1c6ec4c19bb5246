"""Proves what a narrowing of `follow` to none means: nothing flows by follows any more, until it is
granted again; in one direction, the other one going on.

Alice of the one and Bruno of the other follow each other; Alice has named Carla in a post.
"""

from dataclasses import replace

import pytest

from actors import follows
from actors.queries import account_of_actor, by_uri
from federation.database import Row, Transaction
from inbox import pairing
from inbox.ledger import ask_due_once, repeat_deletes_once
from inbox.partnership_acts import narrow
from inbox.reconciling import reconcile_once
from maillage.incarnation import say_restored
from maillage.judge import judge_of
from outbox import documents, relations, statuses
from outbox.statuses import Draft
from tests.conftest import Start
from tests.nodes.partners import BY, FREELY, both, paired, post_as
from tests.nodes.test_ended_meanwhile import put_back
from tests.nodes.test_partner_ending import acquainted
from tests.nodes.test_partners_in_force import has, person, write
from tests.nodes.test_reinstalled import followed
from tests.nodes.test_scope import at, handle
from tests.serving import Running, eventually

Sites = tuple[Running, Running]
NO_FOLLOW = replace(FREELY, follow="none")
TOLD = "SELECT COUNT(*) FROM notification WHERE type = 'severed_relationships'"


@pytest.fixture
async def sites(start_node: Start, no_greetings: None) -> Sites:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other)
    return one, other


async def names(one: Running, alice: Row, other: Running) -> Row:
    """Alice writes to her followers, and names Carla."""
    carla = await person(other, "carla")
    await at(one, carla)
    account = await account_of_actor(one.node.db, alice["id"])
    assert account is not None
    text = f"Avec {handle(other, carla)}"
    return await statuses.create(one.node, alice, account["id"], Draft(text, "private"))


async def are_known(sites: Sites, bruno: Row, alice: Row, *, state: str | None) -> bool:
    return [await followed(site, bruno, alice) for site in sites] == [state, state]


async def count(site: Running, sql: str) -> int:
    return await site.node.db.value(sql)


async def test_nothing_flows_by_follows_that_are_granted_no_more(sites: Sites) -> None:
    one, other = sites
    alice, bruno = await acquainted(sites)
    before, named = await write(one, alice, "Avant"), await names(one, alice, other)
    for status in (before, named):
        await eventually(lambda status=status: has(other, status))
    waits = await one.node.db.row("SELECT * FROM delivery WHERE object_uri = ?", before["uri"])
    assert waits is not None
    assert await judge_of(one.node)(waits) is None
    await narrow(one.node, other.origin, NO_FOLLOW, BY)
    # What waited already stays, and nothing new goes; what goes the other way comes.
    assert await judge_of(one.node)(waits) == "delivery.not_for_them"
    await eventually(lambda: are_known(sites, bruno, alice, state=None))
    assert await are_known(sites, alice, bruno, state="accepted")
    after, back = await write(one, alice, "Après"), await write(other, bruno, "Retour")
    await eventually(lambda: has(one, back))
    sql = "SELECT COUNT(*) FROM delivery WHERE object_uri = ?"
    assert await one.node.db.value(sql, after["uri"]) == 0
    # The other side takes nothing either, should it be sent all the same.
    row = await one.node.db.row("SELECT * FROM status WHERE id = ?", after["id"])
    assert row is not None
    sent = documents.create_document(await documents.note_document(one.node, one.node.db, row))
    assert (await post_as(one.node, other, sent, "/inbox"))[0] == 202

    async def settled() -> str | None:
        sql = "SELECT outcome_code FROM activity WHERE object_uri = ?"
        return await other.node.db.value(sql, after["uri"])

    assert await eventually(settled) == "ignored.not_for_us"
    assert not await has(other, after)
    # Each was told once, by her own site; the counts are right.
    for site, who in ((one, alice), (other, bruno)):
        assert await count(site, TOLD) == 1
        known = await by_uri(site.node.db, who["uri"])
        assert known is not None
        figures = known["followers_count"], known["following_count"]
        assert figures == ((0, 1) if who is alice else (1, 0))


async def test_what_only_followers_could_read_is_taken_back(sites: Sites) -> None:
    """What names somebody there stays, and so does all after she has merely left."""
    one, other = sites
    alice, bruno = await acquainted(sites)
    before, named = await write(one, alice, "Avant"), await names(one, alice, other)
    await eventually(lambda: has(other, named))
    await relations.unfollow(other.node, bruno, await at(other, alice))
    await eventually(lambda: are_known(sites, bruno, alice, state=None))

    async def compared() -> None:
        await one.node.db.write(
            lambda tx: tx.execute("UPDATE partnership SET compared_at = 0, ask_after = 0")
        )
        await ask_due_once(one.node)
        await repeat_deletes_once(one.node)

    await compared()
    state = "SELECT state FROM held WHERE object_uri = ?"
    assert await one.node.db.value(state, before["uri"]) == "held"
    await narrow(one.node, other.origin, NO_FOLLOW, BY)
    await compared()

    async def gone() -> bool:
        return not await has(other, before)

    await eventually(gone)
    assert await has(other, named)
    assert await one.node.db.value(state, named["uri"]) == "held"


async def test_who_followed_comes_back_when_it_is_granted_again(sites: Sites) -> None:
    one, other = sites
    alice, bruno = await acquainted(sites)
    await one.node.db.write(lambda tx: tx.execute("UPDATE actor SET locked = TRUE"))
    before = await write(one, alice, "Avant")
    await eventually(lambda: has(other, before))
    await narrow(one.node, other.origin, NO_FOLLOW, BY)
    await eventually(lambda: are_known(sites, bruno, alice, state=None))
    await ask_due_once(one.node)
    await repeat_deletes_once(one.node)

    async def gone() -> bool:
        return not await has(other, before)

    await eventually(gone)
    during = await write(one, alice, "Pendant")
    await pairing.renew(one.node, other.origin, BY, ours=FREELY)

    async def arrived() -> bool:
        _, there = await both(one, other)
        return there.awaits_us

    await eventually(arrived)
    assert await are_known(sites, bruno, alice, state=None), "not before it is confirmed"
    await pairing.confirm(other.node, one.origin, BY)
    await eventually(lambda: are_known(sites, bruno, alice, state="accepted"))
    # Without asking anew; with what was said meanwhile, and what was taken back.
    for status in (before, during):
        await eventually(lambda status=status: has(other, status))
    for site in sites:
        assert await count(site, TOLD) == 0
        assert await count(site, "SELECT COUNT(*) FROM lost_follow") == 0
        assert await count(site, "SELECT COUNT(*) FROM follow WHERE state = 'accepted'") == 2
    after = await write(one, alice, "Après")
    await eventually(lambda: has(other, after))


async def test_who_asks_when_it_is_granted_no_more_asks_in_vain(sites: Sites) -> None:
    """A request that waits is no follow that was lost: it does not come back by itself."""
    one, other = sites
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await one.node.db.write(lambda tx: tx.execute("UPDATE actor SET locked = TRUE"))
    await relations.follow(other.node, bruno, await at(other, alice))
    await eventually(lambda: are_known(sites, bruno, alice, state=follows.PENDING))
    await narrow(one.node, other.origin, NO_FOLLOW, BY)
    await eventually(lambda: are_known(sites, bruno, alice, state=None))
    for site in sites:
        assert await count(site, "SELECT COUNT(*) FROM notification") == 0
        assert await count(site, "SELECT COUNT(*) FROM lost_follow") == 0


async def test_a_restored_site_takes_the_narrowing_and_keeps_what_it_lost(sites: Sites) -> None:
    one, other = sites
    alice, bruno = await acquainted(sites)
    agreed = await other.node.db.row("SELECT * FROM partnership")
    known = await by_uri(other.node.db, alice["uri"])
    assert agreed is not None
    assert known is not None
    await narrow(one.node, other.origin, NO_FOLLOW, BY)
    await eventually(lambda: are_known(sites, bruno, alice, state=None))

    async def forget(tx: Transaction) -> None:
        uri = f"{bruno['uri']}/follows/before"
        await follows.ask(other.node, tx, bruno, known, uri, follows.ACCEPTED)
        await tx.execute("DELETE FROM lost_follow")

    await put_back(other, "partnership", agreed, "origin")
    await other.node.db.write(forget)
    await say_restored(other.node)
    await reconcile_once(other.node)
    mine, yours = await both(one, other)
    assert mine.agreement == yours.agreement
    assert await are_known(sites, bruno, alice, state=None)
    assert await count(other, "SELECT COUNT(*) FROM lost_follow") == 1
