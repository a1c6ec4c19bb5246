"""What a pause, an end, a narrowing and a deletion do to audiences of several sites."""

from types import SimpleNamespace
from typing import Any

import pytest

from federation.client import GuardedClient
from federation.database import Row
from federation.errors import Unavailable
from federation.lanes import HELD, UNSURE
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
    await node.db.write(lambda tx: keep_members(node, tx, first["audience_id"], [VALMONT], []))
    return first


async def said_by(node: Node, author: Row, account_id: int, first: Row) -> tuple[Row, Row]:
    """Her answer to that post, and a post of her own for Valmont."""
    draft = Draft("suite", "partners", in_reply_to_id=first["id"])
    answer = await create(node, author, account_id, draft)
    own = await create(node, author, account_id, Draft("à vous", "named_partners", (VALMONT,)))
    return answer, own


@pytest.mark.parametrize("status", [200, 404, None])
@pytest.mark.parametrize("is_ours", [True, False])
async def test_who_cannot_be_asked_says_whether_it_is_still_a_member_before_it_gets_an_answer(
    node: Node,
    person: MakePerson,
    partners: dict[str, Row],
    monkeypatch: pytest.MonkeyPatch,
    status: int | None,
    *,
    is_ours: bool,
) -> None:
    asked: list[str] = []
    says: int | None = 200

    async def ask(_: GuardedClient, url: str, **__: Any) -> Any:
        asked.append(url)
        if says is None:
            raise Unavailable("client.timeout", retry_after_s=60)
        return SimpleNamespace(status=says)

    monkeypatch.setattr(GuardedClient, "get", ask)
    alice, account_id = await person("alice")
    first = await begun_at_roses(node, partners[ROSES])
    before, _ = await said_by(node, alice, account_id, first)
    # The pause is ours, which the door keeps, or theirs, of which we hear only that it answers 503.
    if is_ours:
        await change(node, VALMONT, state="paused")
    else:
        says = 503
    answer, own = await said_by(node, alice, account_id, first)
    await change(node, VALMONT)
    assert await goes_to(node, answer) == await goes_to(node, own) == {ROSES, VALMONT}
    assert [await seen(node, Origin(VALMONT), one) for one in (before, answer, own)] == [
        True,
        False,
        True,
    ]
    # It is over: now it says what it is.
    asked.clear()
    says, judge = status, judge_of(node)
    sql = "SELECT * FROM delivery WHERE origin = ? AND object_uri = ?"
    rows = [await node.db.row(sql, VALMONT, one["uri"]) for one in (before, own, answer)]
    judged = [await judge(row) for row in rows if row is not None]
    expected = {200: None, 404: "delivery.not_for_them", None: UNSURE}[status]
    assert judged == [None, None, expected]
    assert len(asked) == 1, "it alone, and of the one answer alone"
    assert await seen(node, Origin(VALMONT), answer) == (status == 200)
    assert await seen(node, Origin(ROSES), answer)


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
