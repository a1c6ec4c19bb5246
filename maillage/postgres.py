"""PostgreSQL as the store, by asyncpg: a read-only pool, and one connection that writes.

As on SQLite one transaction writes at a time, also when several processes and commands are at
work on one node: a write that reads first finds nothing changed under it, and none deadlock.

`?` becomes `$1`, `$2`… once per statement text; the rest of the SQL is the same as SQLite's.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import asyncpg
from tortoise.backends.asyncpg.client import TransactionWrapper

from federation.database import AfterCommit, Row
from federation.errors import Unavailable

POOL_MAX = 8
CONNECT_S = 5
LOCK_PATIENCE_S = 5.0
# Its own bytes as a number: locks of this kind are shared by all who use a database.
_WRITING = int.from_bytes(b"Maillage")
LOST = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.CannotConnectNowError,
)
PLACEHOLDER = re.compile(r"\?")


class _Answering:
    """Turns a server that is away into Unavailable; a statement's own errors pass as they are."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if not isinstance(error, LOST):
            return
        # What is wrong with a statement or its arguments is an InterfaceError too.
        ours = isinstance(error, asyncpg.InterfaceError) and "clos" not in str(error)
        if not ours:
            raise Unavailable("database.unreachable", retry_after_s=5) from error


ANSWERING = _Answering()


@lru_cache(maxsize=2048)
def numbered(sql: str) -> str:
    """The statement with asyncpg's placeholders."""
    count = 0

    def number(_: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"${count}"

    return PLACEHOLDER.sub(number, sql)


def storable(args: Sequence[Any]) -> list[Any]:
    """The arguments with NUL, which PostgreSQL has no place for, shown as U+FFFD.

    SQLite stores it; a stranger's NUL must be neither an error nor equal to its absence.
    """
    return [
        arg.replace("\x00", "\ufffd") if isinstance(arg, str) and "\x00" in arg else arg
        for arg in args
    ]


class Statements:
    """Reads, on the given connection or on any free one of the given pool."""

    def __init__(self, source: Any) -> None:
        self.source = source

    async def rows(self, sql: str, *args: Any) -> Sequence[Row]:
        with ANSWERING:
            return await self.source.fetch(numbered(sql), *storable(args))

    async def row(self, sql: str, *args: Any) -> Row | None:
        with ANSWERING:
            return await self.source.fetchrow(numbered(sql), *storable(args))

    async def value(self, sql: str, *args: Any) -> Any:
        with ANSWERING:
            return await self.source.fetchval(numbered(sql), *storable(args))


class WritingConnection(Statements, AfterCommit):
    """The statements of the one writing connection."""

    def __init__(self, source: Any) -> None:
        Statements.__init__(self, source)
        AfterCommit.__init__(self)

    async def execute(self, sql: str, *args: Any) -> int:
        with ANSWERING:
            tag = await self.source.execute(numbered(sql), *storable(args))
        return int(tag.rpartition(" ")[2]) if tag[-1].isdigit() else 0

    async def many(self, sql: str, args: Sequence[Sequence[Any]]) -> None:
        with ANSWERING:
            await self.source.executemany(numbered(sql), [storable(row) for row in args])


class PostgresEngine:
    """The engine of `postgres://user@host:port/name` urls."""

    dialect: Literal["postgres"] = "postgres"

    def __init__(self, url: str) -> None:
        self.url = url.replace("postgresql://", "postgres://", 1)

    def orm_config(self) -> dict[str, Any]:
        parts = urlsplit(self.url)
        return {
            "engine": "tortoise.backends.asyncpg",
            "credentials": {
                "host": parts.hostname,
                "port": parts.port or 5432,
                "user": unquote(parts.username or "postgres"),
                "password": unquote(parts.password or ""),
                "database": parts.path.lstrip("/"),
                "minsize": 1,
                "maxsize": 2,
                "server_settings": {"default_transaction_read_only": "on"},
            },
        }

    async def open(self, orm_client: Any) -> None:
        self._pool = await asyncpg.create_pool(
            self.url,
            min_size=1,
            max_size=POOL_MAX,
            server_settings={"default_transaction_read_only": "on"},
        )
        self.reader = Statements(self._pool)
        await orm_client.create_connection(with_db=True)
        self.orm_writer = TransactionWrapper(orm_client)
        await self._connect_writer()

    async def _connect_writer(self) -> None:
        self._writing = await asyncpg.connect(self.url, timeout=CONNECT_S)
        self.writer = WritingConnection(self._writing)
        self.orm_writer._connection = self._writing  # noqa: SLF001 - Tortoise offers no other way

    async def close(self) -> None:
        await self._writing.close()
        await self._pool.close()

    async def begin(self) -> None:
        try:
            if self._writing.is_closed():
                await self._connect_writer()
            try:
                await self._begin()
            except LOST:
                self._writing.terminate()
                # The server was restarted since the last write; nothing was under way.
                await self._connect_writer()
                await self._begin()
        except LOST as error:
            raise Unavailable("database.unreachable", retry_after_s=5) from error
        except asyncpg.LockNotAvailableError as error:
            raise Unavailable("database.locked", retry_after_s=5) from error

    async def _begin(self) -> None:
        # The end of the transaction, or of its connection, gives the lock back.
        await self._writing.execute(
            f"BEGIN; SET LOCAL lock_timeout = {int(LOCK_PATIENCE_S * 1000)};"
            f" SELECT pg_advisory_xact_lock({_WRITING}); SET LOCAL lock_timeout = 0"
        )

    async def commit(self) -> None:
        with ANSWERING:
            await self._writing.execute("COMMIT")

    async def rollback(self) -> None:
        try:
            if not self._writing.is_closed():
                await self._writing.execute("ROLLBACK", timeout=CONNECT_S)
        except LOST:
            # The server undoes what it has of it; the next write connects anew.
            self._writing.terminate()
            raise

    async def savepoint(self) -> None:
        with ANSWERING:
            await self._writing.execute("SAVEPOINT work")

    async def release(self) -> None:
        with ANSWERING:
            await self._writing.execute("RELEASE SAVEPOINT work")

    async def rollback_to(self) -> None:
        with ANSWERING:
            await self._writing.execute("ROLLBACK TO SAVEPOINT work; RELEASE SAVEPOINT work")

    async def script(self, sql: str) -> None:
        await self._writing.execute(sql)

    async def tables(self) -> set[str]:
        rows = await self._writing.fetch(
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
        )
        return {row["name"] for row in rows}
