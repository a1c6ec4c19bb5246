"""The one writer of a node and its read-only side, over either engine.

Writes queue up; the writer takes all that wait, runs each in a savepoint of one transaction
(what waits alone needs none), commits once, and only then answers. While a commit is on its way
to the disk the next batch gathers, so the busier the node the cheaper a write.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal, Protocol, TypeVar

import structlog
from tortoise.context import TortoiseContext, get_current_context

from federation.database import Database, Reader, Row, Transaction
from federation.errors import Unavailable
from maillage.adapters import load_engine

T = TypeVar("T")
BATCH_MAX = 200
_log = structlog.get_logger(__name__)
MODELS = ["federation.models", "actors.models", "outbox.models", "inbox.models", "web.models"]


class Writer(Transaction, Protocol):
    """The writing connection: a transaction that remembers what follows its commit."""

    def place(self) -> int: ...
    def forget_from(self, place: int) -> None: ...
    def take(self) -> list[Callable[[], object]]: ...


class Engine(Protocol):
    """What an engine must give: a reader, and a writer connection with savepoints."""

    dialect: Literal["sqlite", "postgres"]
    reader: Reader
    writer: Writer
    orm_writer: Any

    def orm_config(self) -> dict[str, Any]: ...
    async def open(self, orm_client: Any) -> None: ...
    async def close(self) -> None: ...
    async def begin(self) -> None: ...
    async def commit(self) -> None: ...
    async def rollback(self) -> None: ...
    async def savepoint(self) -> None: ...
    async def release(self) -> None: ...
    async def rollback_to(self) -> None: ...
    async def script(self, sql: str) -> None: ...
    async def tables(self) -> set[str]: ...


Work = Callable[[Transaction], Awaitable[Any]]
Job = tuple[Work, "asyncio.Future[Any]"]
Answer = tuple["asyncio.Future[Any]", Any, BaseException | None]


class NodeDatabase(Database):
    """The database of a running node or command; `open` before use, `close` after."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = load_engine(url)
        self.dialect = self.engine.dialect
        self._jobs: asyncio.Queue[Job | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._accepting = False
        self._orm = TortoiseContext()

    async def open(self) -> None:
        """Connect, register the models and start the writer.

        The first open database of a process is the one that ORM calls outside `write` read;
        inside a write they always take part in it.
        """
        # Tortoise keeps the statements of a model by the name of the connection: one per engine.
        first = get_current_context() is None
        config = {
            "connections": {self.dialect: self.engine.orm_config()},
            "apps": {"models": {"models": MODELS, "default_connection": self.dialect}},
        }
        with self._orm:
            await self._orm.init(config=config, _enable_global_fallback=first)
        await self.engine.open(self._orm.connections.get(self.dialect))
        self._accepting = True
        self._task = asyncio.create_task(self._write_loop(), name="database-writer")

    async def close(self) -> None:
        """Finish the writes that wait, then disconnect."""
        if self._task is not None:
            self._accepting = False
            self._jobs.put_nowait(None)
            await self._task
            self._task = None
        await self._orm.close_connections()
        await self.engine.close()

    async def rows(self, sql: str, *args: Any) -> Sequence[Row]:
        return await self.engine.reader.rows(sql, *args)

    async def row(self, sql: str, *args: Any) -> Row | None:
        return await self.engine.reader.row(sql, *args)

    async def value(self, sql: str, *args: Any) -> Any:
        return await self.engine.reader.value(sql, *args)

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        if asyncio.current_task() is self._task:
            raise RuntimeError("a write inside a write would wait for itself: pass the transaction")
        if not self._accepting:
            raise Unavailable("database.closed", retry_after_s=5)
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put_nowait((work, future))
        return await future

    async def _write_loop(self) -> None:
        self._orm.__enter__()
        self._orm.connections.set(self.dialect, self.engine.orm_writer)
        stopping = False
        while not stopping:
            batch: list[Job] = []
            job = await self._jobs.get()
            while True:
                if job is None:
                    stopping = True
                else:
                    batch.append(job)
                if len(batch) >= BATCH_MAX or self._jobs.empty():
                    break
                job = self._jobs.get_nowait()
            if batch:
                await self._run(batch)

    async def _run(self, batch: list[Job]) -> None:
        try:
            answers = await self._together(batch)
        except Exception as error:  # noqa: BLE001 - told to all who wait
            self.engine.writer.take()
            with contextlib.suppress(Exception):
                await self.engine.rollback()
            answers = [(future, None, error) for _, future in batch]
        for call in self.engine.writer.take():
            try:
                call()
            except Exception:  # noqa: BLE001 - what is durable stays so, whoever fails to hear
                _log.exception("after_commit_failed")
        for future, result, error in answers:
            if future.done():
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

    async def _together(self, batch: list[Job]) -> list[Answer]:
        """What became of each work of a batch, committed; raises when nothing of it is."""
        await self.engine.begin()
        # What is alone needs no savepoint: to undo it is to undo the transaction.
        attempt = self._beside_others if len(batch) > 1 else self._alone
        answers = [await attempt(*job) for job in batch if not job[1].cancelled()]
        await self.engine.commit()
        return answers

    async def _alone(self, work: Work, future: "asyncio.Future[Any]") -> Answer:
        return future, await work(self.engine.writer), None

    async def _beside_others(self, work: Work, future: "asyncio.Future[Any]") -> Answer:
        await self.engine.savepoint()
        place = self.engine.writer.place()
        try:
            result = await work(self.engine.writer)
            await self.engine.release()
        except Exception as error:  # noqa: BLE001 - told to whoever asked for the work
            self.engine.writer.forget_from(place)
            await self.engine.rollback_to()
            return future, None, error
        return future, result, None
