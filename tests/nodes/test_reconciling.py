"""Proves that two partners come to know the same again, whatever one of them has lost."""

from pathlib import Path
from typing import Any

import pytest

from actors import follows
from actors.queries import account_of_actor, by_uri
from actors.remote import ensure_actor
from federation.database import Row, Transaction
from federation.errors import Unavailable
from federation.fetch import FetchBudget
from federation.holds import held_for, hold_all
from federation.message_signatures import sign_message
from federation.scopes import Scope
from inbox import ledger, relation_lists
from inbox.comparisons import own_number
from inbox.partnership_acts import narrow
from inbox.reconciling import reconcile_once
from maillage.incarnation import FILE_NAME, check_in, mark_once, say_restored
from outbox import relations, statuses
from tests.conftest import Start
from tests.nodes.partners import BY, FREELY, both, paired
from tests.nodes.test_partners_in_force import Sites, follow, has, person, write
from tests.serving import Running, eventually


@pytest.fixture
async def partners(start_node: Start) -> Sites:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other)
    return one, other


async def change(at: Running, sql: str, *args: Any) -> None:
    async def work(tx: Transaction) -> None:
        await tx.execute(sql, *args)

    await at.node.db.write(work)


async def compare(at: Running, *, lost: bool = False) -> None:
    """Let a night pass at one side."""
    of = at.node.db
    await eventually(lambda: of.row("SELECT 1 FROM reconciliation"))
    await change(at, "UPDATE held SET last_at = 0 WHERE state = 'handed_over'")
    await change(at, "UPDATE reconciliation SET next_at = 0, lost = ?", lost)
    await reconcile_once(at.node)
    assert await of.value("SELECT note FROM reconciliation") is None


async def status_of(by: Running, at: Running, path: str) -> int:
    """What one node's signed GET of an address is answered."""
    key = await by.node.keyring.instance_ed25519()
    headers = sign_message(key, "GET", at.origin + path, None, at.node.clock())
    accept = {"Accept": "application/activity+json"}
    async with at.http.get(at.origin + path, headers=headers | accept) as answer:
        return answer.status


async def acquainted(partners: Sites) -> tuple[Row, Row]:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    # Her past is fetched: nothing of what a test loses comes back by that.
    sql = "SELECT 1 FROM backfill WHERE done_at IS NOT NULL"
    await eventually(lambda: other.node.db.value(sql))
    return alice, bruno


async def is_follower(at: Running, who: Row, whom: Row) -> str | None:
    one, two = await by_uri(at.node.db, who["uri"]), await by_uri(at.node.db, whom["uri"])
    assert one is not None
    assert two is not None
    row = await follows.find(at.node.db, one["id"], two["id"])
    return None if row is None else row["state"]


async def test_what_was_lost_is_sent_again_once(partners: Sites) -> None:
    one, other = partners
    alice, _ = await acquainted(partners)
    status = await write(one, alice, "Le minibus passe à 14 h 30")
    await eventually(lambda: has(other, status))
    await change(other, "DELETE FROM status WHERE uri = ?", status["uri"])
    await compare(one)
    await eventually(lambda: has(other, status))
    sql = "SELECT count(*) FROM delivery WHERE activity_type = 'Create'"
    assert await one.node.db.value(sql) == 2
    # What both know needs no list, and is not sent a third time.
    await compare(one)
    assert await one.node.db.value(sql) == 2


async def test_what_was_deleted_is_not_sent_again(partners: Sites) -> None:
    one, other = partners
    alice, _ = await acquainted(partners)
    status = await write(one, alice, "À effacer")
    await eventually(lambda: has(other, status))
    await statuses.delete(one.node, alice, status)

    async def is_gone() -> bool:
        return not await has(other, status)

    await eventually(is_gone)
    await compare(one)
    await compare(other)
    assert not await has(other, status)
    assert await one.node.db.value("SELECT 1 FROM status WHERE uri = ?", status["uri"]) is None


async def test_a_deletion_that_a_partner_missed_reaches_it(partners: Sites) -> None:
    one, other = partners
    alice, _ = await acquainted(partners)
    status = await write(one, alice, "À effacer aussi")
    await eventually(lambda: has(other, status))
    # Deleted here, and the Delete never came to the other side.
    now = one.node.clock()
    await change(one, "INSERT INTO tombstone (uri, former_type, actor_uri, deleted_at)"
                 " VALUES (?, 'Note', ?, ?)", status["uri"], alice["uri"], now)  # fmt: skip
    await change(one, "DELETE FROM status WHERE uri = ?", status["uri"])
    await compare(other, lost=True)
    assert not await has(other, status)


async def test_a_lost_accept_leaves_nobody_waiting_for_ever(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await acquainted(partners)
    await change(other, "UPDATE follow SET state = 'pending'")
    await change(other, "UPDATE actor SET following_count = 0 WHERE uri = ?", bruno["uri"])
    await compare(other)
    assert await is_follower(other, bruno, alice) == "accepted"
    # The request itself was lost: after a day it is said again.
    await change(other, "UPDATE follow SET state = 'pending', created_at = 0")
    await change(one, "DELETE FROM follow")
    await compare(other)

    async def accepted() -> bool:
        return await is_follower(other, bruno, alice) == "accepted"

    await eventually(accepted)
    assert await is_follower(one, bruno, alice) == "accepted"


async def test_diverged_followers_come_to_what_both_have(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await acquainted(partners)
    # The side that is followed has removed her, and she was never told.
    await change(one, "DELETE FROM follow")
    await compare(other)
    assert await is_follower(other, bruno, alice) is None
    await follow(other, bruno, alice)
    # She follows no more, and that never came.
    await change(other, "DELETE FROM follow")
    await compare(one)
    assert await is_follower(one, bruno, alice) is None


async def test_who_was_sent_away_after_a_restore_is_not_brought_back_by_the_comparison(
    partners: Sites,
) -> None:
    one, other = partners
    alice, bruno = await acquainted(partners)
    # The node that was put back compares later: its word to bruno waits for that.
    sql = "UPDATE reconciliation SET held_for = 'restored', next_at = ?"
    await eventually(lambda: one.node.db.row("SELECT 1 FROM reconciliation"))
    await change(one, sql, one.node.clock() + 86_400_000)
    there = await by_uri(one.node.db, bruno["uri"])
    assert there is not None
    await relations.reject_follow(one.node, alice, there)
    await compare(other, lost=True)
    assert await is_follower(other, bruno, alice) is None
    assert await is_follower(one, bruno, alice) is None
    # What it only lost is asked for again.
    await change(one, "UPDATE reconciliation SET held_for = NULL")
    await change(one, "DELETE FROM delivery WHERE activity_type = 'Reject'")
    await follow(other, bruno, alice)
    await change(one, "DELETE FROM follow")
    await compare(other, lost=True)

    async def is_back() -> bool:
        return await is_follower(one, bruno, alice) == "accepted"

    await eventually(is_back)


async def test_a_held_node_sends_and_shows_nothing_until_it_compared(partners: Sites) -> None:
    one, other = partners
    alice, _ = await acquainted(partners)
    path = alice["uri"].removeprefix(one.origin)
    assert await status_of(other, one, path) == 200
    # The partner does not answer: the node waits, and says so.
    await change(other, "UPDATE partnership SET state = 'paused'")
    await change(one, "UPDATE reconciliation SET next_at = 0")
    await say_restored(one.node)
    await reconcile_once(one.node)
    assert await held_for(one.node.db, other.origin) == "restored"
    status = await write(one, alice, "Pas encore")
    assert await status_of(other, one, path) == 503
    assert await status_of(other, one, f"{path}/outbox") == 503
    assert await status_of(other, one, "/actor/comparison?number=1") == 200
    assert await status_of(other, one, "/actor/comparison?number=x") == 400
    assert await status_of(other, one, "/actor/relations?since=-1") == 400
    assert not await has(other, status)
    await change(other, "UPDATE partnership SET state = 'active'")
    await change(one, "UPDATE reconciliation SET next_at = 0")
    await reconcile_once(one.node)
    assert await held_for(one.node.db, other.origin) is None
    await eventually(lambda: has(other, status))
    assert await status_of(other, one, path) == 200


async def test_nobody_else_reads_a_comparison(partners: Sites, start_node: Start) -> None:
    one, other = partners
    stranger = await start_node(name="Ailleurs")
    for path in ("/actor/comparison", "/actor/relations"):
        assert await status_of(stranger, one, path) in {401, 403}
        async with one.http.get(one.origin + path) as answer:
            assert answer.status == 401
        assert await status_of(other, one, path) == 200


async def test_a_restored_node_takes_the_higher_revision(partners: Sites) -> None:
    one, other = partners
    first, _ = await both(one, other)
    await narrow(one.node, other.origin, Scope(audiences=False, follow="free"), BY)

    async def agreed() -> bool:
        mine, yours = await both(one, other)
        return mine.agreement == yours.agreement and mine.agreement.revision == 2

    await eventually(agreed)
    # As the backup had it: the first revision, which gave more.
    await change(
        one, "UPDATE partnership SET agreement = ?, revision = 1, digest = ?,"
        " gives_audiences = TRUE", first.agreement.to_bytes(), first.agreement.digest,
    )  # fmt: skip
    await say_restored(one.node)
    await reconcile_once(one.node)
    mine, yours = await both(one, other)
    assert mine.agreement == yours.agreement
    assert mine.agreement.revision == 2
    row = await one.node.db.row("SELECT gives_audiences FROM partnership")
    assert row is not None
    assert not row["gives_audiences"]


async def test_a_restored_node_keeps_what_a_partner_was_made_to_give_back(partners: Sites) -> None:
    one, other = partners
    alice, _ = await acquainted(partners)
    account = await account_of_actor(one.node.db, alice["id"])
    assert account is not None
    drafts = [statuses.Draft(text, visibility="partners") for text in ("Reste ici", "À effacer")]
    kept, gone = [await statuses.create(one.node, alice, account["id"], d) for d in drafts]
    await eventually(lambda: has(other, gone))
    await statuses.delete(one.node, alice, gone)
    await narrow(one.node, other.origin, Scope(audiences=False, follow="free"), BY)

    await ledger.compare(one.node, other.origin)
    assert await ledger.repeat_deletes_once(one.node) >= 1

    async def are_gone() -> bool:
        return not await has(other, kept) and not await has(other, gone)

    await eventually(are_gone)
    # A backup from before both: the partner knows that one was deleted, and the other not.
    await change(
        one,
        "INSERT INTO status (id, uri, actor_id, audience_id, audience_kind, is_local, type,"
        " content_html, summary, sensitive, emojis, thread_root_id, published_at)"
        " SELECT id + 1, ?, actor_id, audience_id, audience_kind, is_local, type, content_html,"
        " summary, sensitive, emojis, id + 1, published_at FROM status WHERE id = ?",
        gone["uri"],
        kept["id"],
    )
    await change(one, "DELETE FROM tombstone")
    await say_restored(one.node)
    await reconcile_once(one.node)
    assert await has(one, kept)
    assert not await has(one, gone)


async def test_a_revision_without_its_proofs_is_not_taken(partners: Sites) -> None:
    one, other = partners
    mine, _ = await both(one, other)
    wider = mine.agreement.with_grant(one.origin, FREELY_AND_MORE)
    await change(
        other, "UPDATE partnership SET agreement = ?, revision = 2, digest = ?",
        wider.to_bytes(), wider.digest,
    )  # fmt: skip
    await say_restored(one.node)
    await reconcile_once(one.node)
    after, _ = await both(one, other)
    assert after.agreement.revision == 1
    assert await held_for(one.node.db, other.origin) == "restored"
    note = await one.node.db.value("SELECT note FROM reconciliation")
    assert note == "partner.widening"


async def test_a_number_that_a_partner_knows_better_means_restored(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await acquainted(partners)
    await follow(one, alice, bruno)
    await compare(one)
    seen = await other.node.db.value("SELECT number FROM reconciliation")
    assert seen == await own_number(one.node.db) > 0
    await change(other, "UPDATE reconciliation SET number = 500")
    # She blocked him after the backup: the block comes back, the follows do not.
    target = await by_uri(one.node.db, bruno["uri"])
    assert target is not None
    await relations.block(one.node, alice, target)

    async def blocked() -> Any:
        return await other.node.db.value("SELECT 1 FROM block")

    await eventually(blocked)
    await change(one, "DELETE FROM block")
    await compare(one)
    assert await own_number(one.node.db) == 501
    assert await one.node.db.value("SELECT count(*) FROM block") == 1
    assert await is_follower(one, alice, bruno) is None


async def test_a_block_comes_back_of_whom_the_backup_has_never_heard(
    partners: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = partners
    alice, carla = await person(one, "alice"), await person(other, "carla")
    met = await ensure_actor(one.node, carla["uri"], budget=FetchBudget())
    await relations.block(one.node, alice, met)

    async def blocked() -> Any:
        return await other.node.db.value("SELECT 1 FROM block")

    await eventually(blocked)
    await change(one, "DELETE FROM block")
    await change(one, "DELETE FROM actor WHERE uri = ?", carla["uri"])
    await say_restored(one.node)
    with monkeypatch.context() as patch:
        patch.setattr(relation_lists, "ensure_actor", _nobody_answers)
        await reconcile_once(one.node)
    assert await held_for(one.node.db, other.origin) == "restored", "not before it is whole"
    await change(one, "UPDATE reconciliation SET next_at = 0")
    await reconcile_once(one.node)
    assert await held_for(one.node.db, other.origin) is None
    for site in partners:
        row = await site.node.db.row(
            "SELECT a.uri AS who, b.uri AS whom FROM block k JOIN actor a ON a.id = k.actor_id"
            " JOIN actor b ON b.id = k.target_id"
        )
        assert row is not None
        assert (row["who"], row["whom"]) == (alice["uri"], carla["uri"])
    # And it is not taken for one that was ended, by the comparison of the night after.
    await compare(one)
    assert await blocked()


async def _nobody_answers(*_: Any, **__: Any) -> Any:
    raise Unavailable("client.timeout", retry_after_s=60)


async def test_the_file_tells_an_older_database(partners: Sites, tmp_path: Path) -> None:
    one, other = partners
    # Its own folder, which no minute of the running node marks meanwhile.
    folder = tmp_path / "beside"
    folder.mkdir()
    (folder / FILE_NAME).write_text("1\n")
    assert await check_in(one.node, folder) is None
    before = await one.node.db.row("SELECT number, marked_at FROM incarnation")
    assert before is not None
    await mark_once(one.node, folder)
    assert int((folder / FILE_NAME).read_text()) == before["number"] + 1
    await change(one, "UPDATE incarnation SET number = ?", before["number"])
    assert await check_in(one.node, folder) == "restored"
    assert await held_for(one.node.db, other.origin) == "restored"
    # And it never falls behind again.
    assert await own_number(one.node.db) == before["number"] + 2
    await eventually(lambda: _released(one, other))
    await change(one, "UPDATE incarnation SET marked_at = 0")
    assert await check_in(one.node, folder) == "away"
    await eventually(lambda: _released(one, other))
    (folder / FILE_NAME).unlink()
    assert await check_in(one.node, folder) == "restored"
    # What is held as restored is not made less of.
    now = one.node.clock()
    await one.node.db.write(lambda tx: hold_all(tx, "away", now))
    assert await held_for(one.node.db, other.origin) in {"restored", None}


async def _released(at: Running, of: Running) -> bool:
    return await held_for(at.node.db, of.origin) is None


FREELY_AND_MORE = Scope(
    follow="free", messages="anyone", resharing="site", directory="sync", media="copy"
)
assert FREELY_AND_MORE != FREELY
