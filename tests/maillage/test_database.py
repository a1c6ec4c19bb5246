"""The one writer and the read-only side, on both engines."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from tortoise.exceptions import OperationalError

from federation.database import Transaction, marks
from federation.errors import Unavailable
from federation.models import Peer
from maillage.database import NodeDatabase
from maillage.migrate import migrate
from tests.postgres_cluster import Cluster

Work = Callable[[Transaction], Any]


def add_peer(origin: str) -> Work:
    async def work(tx: Transaction) -> int:
        return await tx.execute(
            "INSERT INTO peer (origin, policy, created_at) VALUES (?, ?, ?)", origin, "allowed", 1
        )

    return work


async def origins(database: NodeDatabase) -> list[str]:
    rows = await database.rows("SELECT origin FROM peer ORDER BY origin")
    return [row["origin"] for row in rows]


async def test_a_write_reads_what_it_wrote_and_is_there_when_it_answers(
    database: NodeDatabase,
) -> None:
    seen_outside: list[Any] = []

    async def work(tx: Transaction) -> str:
        assert await add_peer("https://a.example")(tx) == 1
        row = await tx.row("SELECT * FROM peer WHERE origin = ?", "https://a.example")
        assert row is not None
        assert row["policy"] == "allowed"
        assert bool(row["takes_ed25519"]) is False
        seen_outside.append(await database.value("SELECT count(*) FROM peer"))
        return row["origin"]

    assert await database.write(work) == "https://a.example"
    assert seen_outside == [0]
    assert await origins(database) == ["https://a.example"]


async def test_orm_takes_part_in_a_write_and_reads_only_what_is_committed(
    database: NodeDatabase,
) -> None:
    async def work(tx: Transaction) -> None:
        await Peer.create(origin="https://orm.example", policy="blocked", created_at=5)
        found = await Peer.get(origin="https://orm.example")
        assert found.policy == "blocked"
        assert await tx.value("SELECT policy FROM peer WHERE created_at = ?", 5) == "blocked"
        await Peer.filter(origin="https://orm.example").update(note="seen")
        seen = asyncio.get_running_loop().create_task(read_outside(), context=outside)
        assert await seen is None

    async def read_outside() -> Peer | None:
        return await Peer.get_or_none(origin="https://orm.example")

    import contextvars

    outside = contextvars.copy_context()
    await database.write(work)
    after = await Peer.get_or_none(origin="https://orm.example")
    assert after is not None
    assert after.note == "seen"


async def test_orm_write_outside_a_write_is_refused(database: NodeDatabase) -> None:
    with pytest.raises(Exception, match=r"readonly|read-only"):
        await Peer.create(origin="https://no.example", policy="blocked", created_at=5)
    assert await origins(database) == []
    with pytest.raises(Exception, match=r"readonly|read-only"):
        await database.rows("DELETE FROM peer")


async def test_a_failing_work_undoes_itself_alone(database: NodeDatabase) -> None:
    async def failing(tx: Transaction) -> None:
        await add_peer("https://bad.example")(tx)
        await Peer.create(origin="https://worse.example", policy="x", created_at=1)
        raise ValueError("no")

    async def duplicate(tx: Transaction) -> None:
        await add_peer("https://first.example")(tx)

    results = await asyncio.gather(
        database.write(add_peer("https://first.example")),
        database.write(failing),
        database.write(duplicate),
        database.write(add_peer("https://last.example")),
        return_exceptions=True,
    )
    assert results[0] == 1
    assert isinstance(results[1], ValueError)
    assert "unique" in str(results[2]).lower()
    assert results[3] == 1
    assert await origins(database) == ["https://first.example", "https://last.example"]


async def test_a_failing_work_that_is_alone_undoes_itself_without_a_savepoint(
    database: NodeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    savepoints, heard = 0, list[str]()
    savepoint = database.engine.savepoint

    async def counted() -> None:
        nonlocal savepoints
        savepoints += 1
        await savepoint()

    async def failing(tx: Transaction) -> None:
        await add_peer("https://bad.example")(tx)
        tx.after_commit(lambda: heard.append("bad"))
        raise ValueError("no")

    monkeypatch.setattr(database.engine, "savepoint", counted)
    with pytest.raises(ValueError, match="no"):
        await database.write(failing)
    await database.write(add_peer("https://next.example"))
    assert (await origins(database), heard, savepoints) == (["https://next.example"], [], 0)

    results = await asyncio.gather(
        database.write(failing),
        database.write(add_peer("https://beside.example")),
        return_exceptions=True,
    )
    assert (isinstance(results[0], ValueError), results[1]) == (True, 1)
    assert await origins(database) == ["https://beside.example", "https://next.example"]
    assert (heard, savepoints) == ([], 2)


async def test_waiting_writes_share_one_commit(
    database: NodeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = 0
    commit = database.engine.commit

    async def counted() -> None:
        nonlocal commits
        commits += 1
        await commit()

    monkeypatch.setattr(database.engine, "commit", counted)
    await asyncio.gather(*(database.write(add_peer(f"https://{n}.example")) for n in range(100)))
    assert len(await origins(database)) == 100
    assert commits <= 3


async def test_a_commit_that_fails_is_told_to_all_who_wait(
    database: NodeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = database.engine.commit

    async def failing() -> None:
        raise OSError("disk full")

    monkeypatch.setattr(database.engine, "commit", failing)
    with pytest.raises(OSError, match="disk full"):
        await database.write(add_peer("https://lost.example"))
    monkeypatch.setattr(database.engine, "commit", commit)
    await database.write(add_peer("https://kept.example"))
    assert await origins(database) == ["https://kept.example"]


async def test_a_caller_that_goes_away_does_not_stop_the_others(database: NodeDatabase) -> None:
    started = asyncio.Event()

    async def slow(tx: Transaction) -> None:
        started.set()
        await asyncio.sleep(0.05)
        await add_peer("https://slow.example")(tx)

    gone = asyncio.create_task(database.write(slow))
    await started.wait()
    behind = asyncio.create_task(database.write(add_peer("https://behind.example")))
    gone.cancel()
    assert await behind == 1
    assert await origins(database) == ["https://behind.example", "https://slow.example"]


async def test_a_write_inside_a_write_is_an_error(database: NodeDatabase) -> None:
    async def outer(_: Transaction) -> None:
        await database.write(add_peer("https://inner.example"))

    with pytest.raises(RuntimeError, match="inside a write"):
        await database.write(outer)
    assert await origins(database) == []


async def test_close_finishes_what_waits_and_refuses_what_comes(database_url: str) -> None:
    database = NodeDatabase(database_url)
    await database.open()
    await migrate(database.engine)
    waiting = [
        asyncio.create_task(database.write(add_peer(f"https://{n}.example"))) for n in range(20)
    ]
    await asyncio.sleep(0)
    await database.close()
    assert [await task for task in waiting] == [1] * 20
    with pytest.raises(Unavailable):
        await database.write(add_peer("https://late.example"))
    again = NodeDatabase(database_url)
    await again.open()
    assert len(await origins(again)) == 20
    await again.close()


async def test_many_rows_lists_and_values(database: NodeDatabase) -> None:
    async def work(tx: Transaction) -> None:
        await tx.many(
            "INSERT INTO seen (digest) VALUES (?)", [(bytes([n]) * 32,) for n in range(5)]
        )
        assert await tx.execute("DELETE FROM seen WHERE digest = ?", bytes(32)) == 1
        assert await tx.execute("DELETE FROM seen WHERE digest = ?", bytes(32)) == 0

    await database.write(work)
    wanted = [bytes([n]) * 32 for n in (1, 2, 77)]
    rows = await database.rows(
        f"SELECT digest FROM seen WHERE digest IN ({marks(wanted)}) ORDER BY digest", *wanted
    )
    assert [bytes(row["digest"]) for row in rows] == wanted[:2]
    none = await database.rows(f"SELECT digest FROM seen WHERE digest IN ({marks([])})")
    assert list(none) == []
    assert await database.value("SELECT digest FROM seen WHERE digest = ?", bytes(32)) is None
    assert await database.row("SELECT digest FROM seen WHERE digest = ?", bytes(32)) is None


async def test_two_databases_in_one_process_stay_apart(
    database: NodeDatabase, tmp_path: Any
) -> None:
    if database.dialect != "sqlite":
        return
    other = NodeDatabase(f"sqlite://{tmp_path / 'other.db'}")
    await other.open()
    await migrate(other.engine)

    async def by_orm(_: Transaction) -> None:
        await Peer.create(origin="https://other.example", policy="allowed", created_at=1)

    await other.write(by_orm)
    await database.write(add_peer("https://mine.example"))
    assert await origins(other) == ["https://other.example"]
    assert await origins(database) == ["https://mine.example"]
    await other.close()


class Lock:
    """Holds the file's write lock from another connection, as another process would."""

    def __init__(self, path: Any) -> None:
        self._path = path
        self._held, self._enough = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold)
        self._thread.start()
        assert self._held.wait(30)

    async def release(self) -> None:
        self._enough.set()
        await asyncio.to_thread(self._thread.join)

    def _hold(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        self._held.set()
        self._enough.wait(60)
        connection.execute("ROLLBACK")
        connection.close()


async def test_sqlite_locked_by_another_process(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REL-030: stored after the wait, or a clear 503 and nothing; then it goes on by itself."""
    path = tmp_path / "store.db"
    database = NodeDatabase(f"sqlite://{path}")
    await database.open()
    await migrate(database.engine)

    monkeypatch.setattr("maillage.sqlite.LOCK_PATIENCE_S", 60.0)
    lock = Lock(path)
    write = asyncio.create_task(database.write(add_peer("https://waited.example")))
    # The loop goes on and reads while the writer waits.
    for _ in range(20):
        await asyncio.sleep(0.01)
        assert not write.done()
        assert await origins(database) == []
    await lock.release()
    assert await write == 1
    assert await origins(database) == ["https://waited.example"]

    monkeypatch.setattr("maillage.sqlite.LOCK_PATIENCE_S", 0.3)
    lock = Lock(path)
    with pytest.raises(Unavailable) as refused:
        await database.write(add_peer("https://refused.example"))
    assert (refused.value.status, refused.value.retry_after_s) == (503, 5)
    await lock.release()
    await database.write(add_peer("https://after.example"))
    assert await origins(database) == ["https://after.example", "https://waited.example"]
    await database.close()


async def test_two_processes_write_one_after_the_other(
    postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await postgres.create_now(f"shared_{uuid4().hex}", "template0")
    one, other = NodeDatabase(url), NodeDatabase(url)
    for database in (one, other):
        await database.open()
        await migrate(database.engine)
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def if_missing(tx: Transaction) -> None:
        if await tx.value("SELECT COUNT(*) FROM peer") == 0:
            begun.set()
            await goes_on.wait()
            await add_peer("https://once.example")(tx)

    first = asyncio.create_task(one.write(if_missing))
    await begun.wait()
    second = asyncio.create_task(other.write(if_missing))
    await asyncio.sleep(0.1)
    assert await origins(other) == [], "who reads does not wait"
    goes_on.set()
    await asyncio.gather(first, second)
    assert await origins(other) == ["https://once.example"]

    monkeypatch.setattr("maillage.postgres.LOCK_PATIENCE_S", 0.3)
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def long(_: Transaction) -> None:
        begun.set()
        await goes_on.wait()

    held = asyncio.create_task(one.write(long))
    await begun.wait()
    with pytest.raises(Unavailable) as refused:
        await other.write(add_peer("https://refused.example"))
    assert (refused.value.code, refused.value.retry_after_s) == ("database.locked", 5)
    goes_on.set()
    await held
    await other.write(add_peer("https://after.example"))
    assert await origins(one) == ["https://after.example", "https://once.example"]
    for database in (one, other):
        await database.close()


async def test_orm_errors_do_not_break_the_writer(database: NodeDatabase) -> None:
    async def broken(tx: Transaction) -> None:
        await tx.execute("INSERT INTO no_such_table (x) VALUES (?)", 1)

    with pytest.raises(Exception, match="no_such_table"):
        await database.write(broken)
    assert issubclass(OperationalError, Exception)
    assert await database.write(add_peer("https://next.example")) == 1


async def test_a_restarted_postgres_is_found_again(postgres: Cluster) -> None:
    """REL-031."""
    url = await postgres.create_now(f"restarted_{uuid4().hex}", "template0")
    database = NodeDatabase(url)
    await database.open()
    await migrate(database.engine)
    await database.write(add_peer("https://before.example"))
    await postgres.disconnect_now(url)
    await database.write(add_peer("https://after.example"))
    assert await origins(database) == ["https://after.example", "https://before.example"]

    async def cut_off(tx: Transaction) -> None:
        await add_peer("https://lost.example")(tx)
        await postgres.disconnect_now(url)
        await tx.value("SELECT 1")

    with pytest.raises(Unavailable):
        await database.write(cut_off)
    await database.write(add_peer("https://next.example"))
    assert "https://lost.example" not in await origins(database)
    await database.close()
