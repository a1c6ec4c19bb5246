"""What a pause, an end, a narrowing and a deletion do to audiences of several sites."""

from federation.database import Row
from federation.lanes import HELD
from federation.node import Node
from inbox.holdings import Holding
from inbox.ledger import keep
from maillage.judge import judge_of
from outbox.circles import forget_member, keep_members
from outbox.documents import note_document
from outbox.drafts import Draft
from outbox.statuses import create, delete
from outbox.visibility import Origin, Person
from tests.outbox.circle_world import TOKEN, change, goes_to, said, seen, take
from tests.outbox.conftest import ROSES, VALMONT, MakePerson


async def test_a_narrowing_a_pause_or_the_end_stops_what_waits(
    node: Node, person: MakePerson, partners: dict[str, Row]
) -> None:
    alice, account_id = await person("alice")
    await create(node, alice, account_id, Draft("bonjour", "partners"))
    delivery = await node.db.row("SELECT * FROM delivery WHERE origin = ?", VALMONT)
    assert delivery is not None
    judge = judge_of(node)
    assert await judge(delivery) is None
    for changes in ({"gives_audiences": False}, {"state": "paused"}, {"state": "ended"}):
        await change(node, VALMONT, **changes)
        assert await judge(delivery) is not None, changes
    # Also what an edit says is for the audience alone, whoever holds what it said before.
    await node.db.write(
        lambda tx: tx.execute(
            "INSERT INTO held (object_uri, origin, first_at, last_at, state)"
            " VALUES (?, ?, 1, 1, 'handed_over')",
            delivery["object_uri"],
            VALMONT,
        )
    )
    update = {**dict(delivery), "activity_type": "Update"}
    await change(node, VALMONT, gives_audiences=False)
    assert await judge(update) == "delivery.not_for_them"
    await change(node, VALMONT)
    assert await judge(update) is None
    assert await judge(delivery) is None


async def test_what_is_said_during_a_pause_waits_for_its_end(
    node: Node, person: MakePerson, partners: dict[str, Row]
) -> None:
    alice, account_id = await person("alice")
    await change(node, VALMONT, state="paused")
    await create(node, alice, account_id, Draft("bonjour", "partners"))
    delivery = await node.db.row("SELECT * FROM delivery WHERE origin = ?", VALMONT)
    assert delivery is not None
    judge = judge_of(node)
    assert await judge(delivery) == HELD
    await change(node, VALMONT)
    assert await judge(delivery) is None


async def test_a_pause_asks_nothing_back_and_a_narrowing_does(
    node: Node, person: MakePerson, partners: dict[str, Row]
) -> None:
    alice, account_id = await person("alice")
    status = await create(node, alice, account_id, Draft("bonjour", "partners"))
    answer = [Holding(status["uri"], "held", node.clock())]
    found: list[str] = []
    for changes in ({"state": "paused"}, {"gives_audiences": False}):
        await change(node, VALMONT, **changes)
        await node.db.write(lambda tx: keep(node, tx, VALMONT, answer))
        found.append(await node.db.value("SELECT state FROM held WHERE origin = ?", VALMONT))
    assert found == ["held", "delete_sent"]


async def begun_at_roses(node: Node, roses: Row) -> Row:
    """A post that began a conversation there, of which Valmont was found to be a member."""
    first = await take(node, said(roses, f"{ROSES}/audiences/{TOKEN}"), roses)
    await node.db.write(lambda tx: keep_members(tx, first["audience_id"], [VALMONT], []))
    return first


async def said_by(node: Node, author: Row, account_id: int, first: Row) -> tuple[Row, Row]:
    """Her answer to that post, and a post of her own for Valmont."""
    draft = Draft("suite", "partners", in_reply_to_id=first["id"])
    answer = await create(node, author, account_id, draft)
    own = await create(node, author, account_id, Draft("à vous", "named_partners", (VALMONT,)))
    return answer, own


async def test_in_a_pause_nobody_is_taken_for_a_member_of_what_began_elsewhere(
    node: Node, person: MakePerson, partners: dict[str, Row]
) -> None:
    alice, account_id = await person("alice")
    first = await begun_at_roses(node, partners[ROSES])
    await change(node, VALMONT, state="paused")
    answer, own = await said_by(node, alice, account_id, first)
    # It may have been taken out of that audience since; of our own we know.
    assert await goes_to(node, answer) == {ROSES}
    assert await goes_to(node, own) == {ROSES, VALMONT}


async def test_an_answer_that_crosses_the_deletion_of_its_conversation_keeps_its_audience(
    node: Node, person: MakePerson, partners: dict[str, Row]
) -> None:
    alice, account_id = await person("alice")
    status = await create(node, alice, account_id, Draft("bonjour", "partners"))
    uri = (await note_document(node, node.db, status))["audience"]
    await delete(node, alice, status)
    answer = await take(node, said(partners[VALMONT], uri), partners[VALMONT])
    assert (answer["audience_kind"], answer["audience_id"]) == ("partners", status["audience_id"])
    assert await seen(node, Person(alice["id"]), answer)
    # Nobody is let in by an audience that never was.
    made_up = f"{node.origin}/audiences/{TOKEN}"
    stray = await take(node, said(partners[VALMONT], made_up, 2), partners[VALMONT])
    assert not await seen(node, Person(alice["id"]), stray)


async def test_a_new_agreement_finds_nobody_in_an_audience_of_elsewhere_before_it_is_asked(
    node: Node, person: MakePerson, partners: dict[str, Row]
) -> None:
    alice, account_id = await person("alice")
    first = await begun_at_roses(node, partners[ROSES])
    answer, own = await said_by(node, alice, account_id, first)
    assert await goes_to(node, answer) == {ROSES, VALMONT}
    await change(node, VALMONT, state="ended")
    await node.db.write(lambda tx: forget_member(node, tx, VALMONT))
    await change(node, VALMONT)
    assert await goes_to(node, answer) == {ROSES}
    assert not await seen(node, Origin(VALMONT), answer)
    assert await goes_to(node, own) == {ROSES, VALMONT}
