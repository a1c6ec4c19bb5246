"""SQLite as the store: statements run inline, since a thread hop costs five times a query.

Only what may wait for the disk or for another process (BEGIN when the file is locked, COMMIT)
leaves the event loop. WAL with synchronous=FULL: what was committed survives a power cut.
"""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Literal

from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionWrapper

from federation.database import AfterCommit, Row
from federation.errors import Unavailable

LOCK_PATIENCE_S = 5.0
PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -8000",
    "PRAGMA temp_store = MEMORY",
)


class Statements(AfterCommit):
    """One sqlite3 connection behind the Reader and Transaction protocols."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__()
        self.connection = connection

    async def rows(self, sql: str, *args: Any) -> Sequence[Row]:
        return self.connection.execute(sql, args).fetchall()

    async def row(self, sql: str, *args: Any) -> Row | None:
        return self.connection.execute(sql, args).fetchone()

    async def value(self, sql: str, *args: Any) -> Any:
        row = self.connection.execute(sql, args).fetchone()
        return None if row is None else row[0]

    async def execute(self, sql: str, *args: Any) -> int:
        return self.connection.execute(sql, args).rowcount

    async def many(self, sql: str, args: Sequence[Sequence[Any]]) -> None:
        self.connection.executemany(sql, args)


Errand = tuple[Callable[[], object], "asyncio.Future[None]", asyncio.AbstractEventLoop]


class DiskThread:
    """One thread for what may wait for the disk; a trip to it costs half of one to a pool."""

    def __init__(self) -> None:
        self._errands: SimpleQueue[Errand | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="disk", daemon=True)
        self._thread.start()

    async def run(self, call: Callable[[], object]) -> None:
        """Return once `call` has returned there, or raise what it raised."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._errands.put((call, done, loop))
        await done

    def close(self) -> None:
        """Let the thread end, after what it was asked before."""
        self._errands.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (errand := self._errands.get()) is not None:
            call, done, loop = errand
            error: Exception | None = None
            try:
                call()
            except Exception as raised:  # noqa: BLE001 - raised where it was asked for
                error = raised
            # The loop may have ended meanwhile; then nobody waits.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_settle, done, error)


def _settle(done: "asyncio.Future[None]", error: Exception | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)


class InlineConnection:
    """The part of aiosqlite's connection that Tortoise calls, without its thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._conn = connection

    @property
    def total_changes(self) -> int:
        return self._conn.total_changes

    async def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
        return self._conn.execute(sql, values or ())

    async def executemany(self, sql: str, values: Any) -> sqlite3.Cursor:
        return self._conn.executemany(sql, values)

    async def execute_insert(self, sql: str, values: Any) -> tuple[int | None]:
        return (self._conn.execute(sql, values).lastrowid,)

    async def execute_fetchall(self, sql: str, values: Any = ()) -> Sequence[Any]:
        return self._conn.execute(sql, values or ()).fetchall()

    async def close(self) -> None:
        """The engine owns the connection and closes it."""


class ReadOnlyClient(SqliteClient):
    """Tortoise's connection outside a write: SQLite itself refuses to change anything on it."""

    async def create_connection(self, with_db: bool) -> None:  # noqa: ARG002
        if not self._connection:
            connection = connect(Path(self.filename), read_only=True)
            self._connection = InlineConnection(connection)  # type: ignore[assignment]

    async def close(self) -> None:
        if self._connection:
            self._connection._conn.close()  # noqa: SLF001
            self._connection = None


client_class = ReadOnlyClient


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Open the file in autocommit; rows answer to column names."""
    mode = "ro" if read_only else "rwc"
    connection = sqlite3.connect(
        f"file:{path}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=LOCK_PATIENCE_S,
        cached_statements=400,
    )
    connection.row_factory = sqlite3.Row
    for pragma in PRAGMAS:
        connection.execute(pragma)
    if not read_only:
        # Counts only before the first table: pages that are freed can be given back later.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        # From here on nobody waits inside the event loop; `begin` has its own patience.
        connection.execute("PRAGMA busy_timeout = 0")
    return connection


class SqliteEngine:
    """The engine of `sqlite:///path` urls."""

    dialect: Literal["sqlite"] = "sqlite"

    def __init__(self, url: str) -> None:
        self.path = Path(url.removeprefix("sqlite://"))

    def orm_config(self) -> dict[str, Any]:
        return {"engine": "maillage.sqlite", "credentials": {"file_path": str(self.path)}}

    async def open(self, orm_client: Any) -> None:
        self._writing = connect(self.path, read_only=False)
        self.writer = Statements(self._writing)
        self.reader = Statements(connect(self.path, read_only=True))
        self._disk = DiskThread()
        await orm_client.create_connection(with_db=True)
        self.orm_writer: Any = SqliteTransactionWrapper(orm_client)
        self.orm_writer._connection = InlineConnection(self._writing)  # noqa: SLF001

    async def close(self) -> None:
        self._disk.close()
        self.reader.connection.close()
        self._writing.close()

    async def begin(self) -> None:
        try:
            self._writing.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not _is_busy(error):
                raise
            await self._disk.run(self._begin_patiently)

    def _begin_patiently(self) -> None:
        self._writing.execute(f"PRAGMA busy_timeout = {int(LOCK_PATIENCE_S * 1000)}")
        try:
            self._writing.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if _is_busy(error):
                raise Unavailable("database.locked", retry_after_s=5) from error
            raise
        finally:
            self._writing.execute("PRAGMA busy_timeout = 0")

    async def commit(self) -> None:
        await self._disk.run(partial(self._writing.execute, "COMMIT"))

    async def rollback(self) -> None:
        if self._writing.in_transaction:
            self._writing.execute("ROLLBACK")

    async def savepoint(self) -> None:
        self._writing.execute("SAVEPOINT work")

    async def release(self) -> None:
        self._writing.execute("RELEASE work")

    async def rollback_to(self) -> None:
        self._writing.execute("ROLLBACK TO work")
        self._writing.execute("RELEASE work")

    async def script(self, sql: str) -> None:
        for statement in split_statements(sql):
            self._writing.execute(statement)

    async def tables(self) -> set[str]:
        rows = self._writing.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {row["name"] for row in rows}


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return "locked" in str(error) or "busy" in str(error)


def split_statements(sql: str) -> list[str]:
    """The single statements of a migration text; the `;` inside a trigger ends none."""
    lines = [line for line in sql.splitlines() if not line.lstrip().startswith("--")]
    found: list[str] = []
    statement = ""
    for part in "\n".join(lines).split(";"):
        statement += part
        if not statement.strip():
            statement = ""
        elif sqlite3.complete_statement(statement + ";"):
            found.append(statement.strip())
            statement = ""
        else:
            statement += ";"
    return found
