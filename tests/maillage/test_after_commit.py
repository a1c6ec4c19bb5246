"""What follows a commit: only for what is durable, in order, and never in anybody's way."""

import asyncio

import pytest

from federation.database import Transaction
from federation.events import Event
from federation.node import Node
from maillage.database import NodeDatabase

SQL = "INSERT INTO tombstone (uri, former_type, actor_uri, deleted_at) VALUES (?, 'x', 'x', 1)"


async def _leave(node: Node, uri: str, told: list[str], *, fails: bool = False) -> None:
    async def work(tx: Transaction) -> None:
        tx.after_commit(lambda: told.append(uri))
        await tx.execute(SQL, uri)
        if fails:
            raise ValueError(uri)

    await node.db.write(work)


async def test_it_is_called_once_the_work_is_durable(node: Node) -> None:
    seen: list[object] = []

    async def work(tx: Transaction) -> None:
        tx.after_commit(lambda: seen.append("told"))
        await tx.execute(SQL, "one")
        assert seen == []

    await node.db.write(work)
    assert seen == ["told"]
    await _leave(node, "two", told := [])
    assert (seen, told) == (["told"], ["two"])


async def test_work_that_fails_in_a_batch_is_not_told_and_the_others_are(node: Node) -> None:
    told: list[str] = []
    answers = await asyncio.gather(
        *(_leave(node, f"n{i}", told, fails=i % 3 == 1) for i in range(9)), return_exceptions=True
    )
    assert [isinstance(a, ValueError) for a in answers] == [i % 3 == 1 for i in range(9)]
    assert told == [f"n{i}" for i in range(9) if i % 3 != 1]


async def test_nothing_is_told_of_a_commit_that_fails(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(node.db, NodeDatabase)
    told: list[str] = []

    async def broken() -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(node.db.engine, "commit", broken)
        with pytest.raises(OSError, match="disk full"):
            await _leave(node, "lost", told)
    assert told == []
    await _leave(node, "kept", told)
    assert told == ["kept"]
    assert await node.db.value("SELECT COUNT(*) FROM tombstone") == 1


async def test_a_call_that_fails_harms_neither_the_write_nor_the_next_call(node: Node) -> None:
    told: list[int] = []

    async def work(tx: Transaction) -> str:
        tx.after_commit(lambda: 1 // 0)
        tx.after_commit(lambda: told.append(1))
        return "done"

    assert await node.db.write(work) == "done"
    assert told == [1]


async def test_events_reach_listeners_and_the_bus_after_the_commit(node: Node) -> None:
    heard: list[Event] = []
    sent: list[Event] = []

    def deaf(_: Event) -> None:
        raise RuntimeError("this listener fails")

    node.events.listen(deaf)
    stop = node.events.listen(heard.append)
    node.events.forward = sent.append
    event = Event("gone", id=7, actor_id=8, audience_kind="named", readers=(1, 2), tag_ids=(3,))

    async def work(tx: Transaction) -> None:
        node.events.announce(tx, event)
        assert heard == []

    await node.db.write(work)
    assert (heard, sent) == ([event], [event])
    assert Event.from_json(event.to_json()) == event
    node.events.receive(Event("status", id=9))
    assert sent == [event]
    stop()
    node.events.tell(Event("status", id=10))
    assert [one.id for one in heard] == [7, 9]
    assert [one.id for one in sent] == [7, 10]
    with pytest.raises(TypeError):
        Event.from_json('{"content": "words"}')
