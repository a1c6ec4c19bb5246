"""Proves that an agreement that ended while one side was away, or is restored, ends on both."""

from functools import partial

import pytest

from actors.queries import account_of_actor, by_uri
from federation import lanes
from federation.database import Row, Transaction
from federation.holds import held_for
from federation.node import Node
from federation.payloads import Payload
from federation.retry import Verdict
from federation.sending import Sent
from inbox.ends_repeated import DAY_MS, repeat_ends_once
from inbox.partnership_acts import end
from inbox.purging import purge_once
from inbox.reconciling import reconcile_once
from maillage.incarnation import say_restored
from outbox.drafts import Draft, PollDraft
from outbox.interactions import add_boost, bookmark, favourite
from outbox.reactions import add_reaction
from outbox.statuses import create
from outbox.tallies import cast_votes
from tests.conftest import Start
from tests.nodes.partners import BY, all_said, becomes, both, paired, post_as, state_of
from tests.nodes.test_partners_in_force import follow, has, like, person, write
from tests.nodes.test_reinstalled import followed
from tests.serving import Running, eventually

Sites = tuple[Running, Running]


@pytest.fixture
async def partners(start_node: Start, no_greetings: None) -> Sites:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other)
    return one, other


async def change(at: Running, sql: str) -> None:
    await at.node.db.write(lambda tx: tx.execute(sql))


async def put_back(at: Running, table: str, row: Row, key: str) -> None:
    """Have a row be again as a backup has it."""
    names = [name for name in row.keys() if name != key]  # noqa: SIM118 - a row of a database

    async def work(tx: Transaction) -> None:
        await tx.execute(
            f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in names)} WHERE {key} = ?",
            *(row[name] for name in names),
            row[key],
        )

    await at.node.db.write(work)


async def test_who_is_restored_to_before_an_end_hears_of_it_again(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    kept = await write(one, alice, "Gardé là-bas")
    await eventually(lambda: has(other, kept))
    backup = {
        table: await other.node.db.row(f"SELECT * FROM {table} WHERE origin = ?", one.origin)
        for table in ("partnership", "peer")
    }
    await end(one.node, other.origin, BY)
    await becomes(other, one, "ended")
    for table, row in backup.items():
        assert row is not None
        await put_back(other, table, row, "origin")
    await change(other, "DELETE FROM parting")
    assert await state_of(other, one) == "active"
    await say_restored(other.node)
    # Restored, it is held; and whatever it says, here the agreement is over.
    assert await held_for(other.node.db, one.origin) == "restored"
    assert (await post_as(other.node, one, like(bruno["uri"]), "/inbox"))[0] == 403
    await reconcile_once(other.node)
    # It is said again once a day at most.
    await eventually(lambda: all_said(one))
    await change(one, "UPDATE parting SET repeated_at = 0")
    await repeat_ends_once(one.node)
    await becomes(other, one, "ended")
    assert await state_of(one, other) == "ended"
    for site in partners:
        assert await followed(site, bruno, alice) is None
    # One clear state: a new code begins anew, and what was lost comes back.
    await paired(one, other)
    mine, yours = await both(one, other)
    assert mine.agreement == yours.agreement
    for site in partners:
        await eventually(partial(_is_back, site, bruno, alice))


async def _is_back(at: Running, who: Row, whom: Row) -> bool:
    return await followed(at, who, whom) == "accepted"


async def test_an_end_whose_word_was_lost_is_said_again(
    partners: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)

    async def lost(_: Node, delivery: Row, __: Payload) -> Sent:
        assert delivery["origin"] == other.origin
        return Sent(Verdict.DONE, 202)

    # The other side says that it took the word, and loses it.
    with monkeypatch.context() as patch:
        patch.setattr(lanes, "send", lost)
        await end(one.node, other.origin, BY)
        await eventually(lambda: all_said(one))
    assert (await state_of(one, other), await state_of(other, one)) == ("ended", "active")
    assert (await post_as(other.node, one, like(bruno["uri"]), "/inbox"))[0] == 403
    # Once a day, and not before.
    assert await repeat_ends_once(one.node) == 0
    await change(one, f"UPDATE parting SET repeated_at = repeated_at - {DAY_MS}")
    assert await repeat_ends_once(one.node) == 1
    await becomes(other, one, "ended")
    for site in partners:
        assert await followed(site, bruno, alice) is None


async def at(site: Running, status: Row) -> Row:
    row = await site.node.db.row("SELECT * FROM status WHERE uri = ?", status["uri"])
    assert row is not None
    return row


async def figures(site: Running, status: Row) -> tuple[int, ...]:
    """Thanks, boosts, then votes by option and voters."""
    row = await at(site, status)
    poll = await site.node.db.row("SELECT * FROM poll WHERE status_id = ?", row["id"])
    assert poll is not None
    options = await site.node.db.rows(
        "SELECT votes_count FROM poll_option WHERE poll_id = ? ORDER BY position", poll["id"]
    )
    votes = [option["votes_count"] for option in options]
    return row["favourites_count"], row["reblogs_count"], *votes, poll["voters_count"]


async def react(site: Running, who: Row, status: Row) -> None:
    """All that somebody can do with a poll without a word."""
    node, here = site.node, await at(site, status)
    await favourite(node, who, here)
    await bookmark(node, who, here)
    await cast_votes(node, who, here, [0, 1])


async def test_what_people_did_with_what_was_said_goes_with_it(partners: Sites) -> None:
    """Of theirs everything, of ours what hangs on theirs; what our people did with ours stays."""
    one, other = partners
    alice, carla = await person(one, "alice"), await person(one, "carla")
    bruno = await person(other, "bruno")
    await follow(other, bruno, alice)
    await follow(one, carla, alice)
    ours, theirs = [
        await publish(site, who, Draft(
            "Quand ?", "private" if site is one else "partners",
            poll=PollDraft(("lundi", "mardi"), 600, multiple=True)))
        for site, who in ((one, alice), (other, bruno))
    ]  # fmt: skip
    await eventually(lambda: has(other, ours))
    await eventually(lambda: has(one, theirs))
    await react(other, bruno, ours)
    await react(one, carla, ours)
    await react(one, carla, theirs)
    await eventually(lambda: seen(one, ours, (2, 0, 2, 2, 2)))
    await eventually(lambda: seen(other, theirs, (1, 0, 1, 1, 1)))
    there = await by_uri(one.node.db, bruno["uri"])
    assert there is not None
    boost_uri, here = f"{bruno['uri']}/boosts/1", await at(one, ours)

    async def more(tx: Transaction) -> None:
        # As from the time before an agreement restricted it.
        await add_boost(one.node, tx, there, here, boost_uri, "followers", one.node.ids.next())
        await add_reaction(one.node, tx, there["id"], here["id"], f"{boost_uri}/r", "🎉")

    await one.node.db.write(more)
    assert await figures(one, ours) == (2, 1, 2, 2, 2)
    await one.node.db.write(lambda tx: tx.execute("UPDATE poll SET tally_due_at = NULL"))
    await end(one.node, other.origin, BY)
    await becomes(other, one, "ended")
    for site in partners:
        await purge_once(site.node)
    assert await figures(one, ours) == (1, 0, 1, 1, 1)
    assert await figures(other, theirs) == (0, 0, 0, 0, 0)
    for table, count in (("favourite", 1), ("bookmark", 1), ("poll_vote", 2), ("reaction", 0)):
        rows = await one.node.db.rows(f"SELECT actor_id FROM {table}")
        assert [row["actor_id"] for row in rows] == [carla["id"]] * count, table
        assert await other.node.db.value(f"SELECT COUNT(*) FROM {table}") == 0, table
    assert await one.node.db.value("SELECT COUNT(*) FROM poll WHERE tally_due_at IS NOT NULL") == 1


async def seen(site: Running, status: Row, expected: tuple[int, ...]) -> bool:
    return await figures(site, status) == expected


async def publish(site: Running, who: Row, draft: Draft) -> Row:
    account = await account_of_actor(site.node.db, who["id"])
    assert account is not None
    return await create(site.node, who, account["id"], draft)
