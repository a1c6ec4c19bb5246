"""What a node has on disk, read beside it by another connection, on either engine."""

import asyncio
import contextlib
import sqlite3
from typing import Any

import asyncpg

from maillage.postgres import numbered

Row = dict[str, Any]


class Store:
    """Reads and, where a test makes a fault, writes the database of a node."""

    def __init__(self, url: str) -> None:
        self.url = url

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite://")

    async def rows(self, sql: str, *args: Any) -> list[Row]:
        if self.is_sqlite:
            return await asyncio.to_thread(self._sqlite, sql, args)
        connection = await asyncpg.connect(self.url)
        try:
            return [dict(row) for row in await connection.fetch(numbered(sql), *args)]
        finally:
            await connection.close()

    def _sqlite(self, sql: str, args: tuple[Any, ...]) -> list[Row]:
        path = self.url.removeprefix("sqlite://")
        with contextlib.closing(sqlite3.connect(path, timeout=20)) as connection, connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, args)]

    async def insert(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        """Write many rows at once, where a test makes a past."""
        if self.is_sqlite:
            path = self.url.removeprefix("sqlite://")
            with contextlib.closing(sqlite3.connect(path, timeout=20)) as connection, connection:
                connection.executemany(sql, rows)
            return
        connection = await asyncpg.connect(self.url)
        try:
            await connection.executemany(numbered(sql), rows)
        finally:
            await connection.close()

    async def value(self, sql: str, *args: Any) -> Any:
        found = await self.rows(sql, *args)
        return next(iter(found[0].values())) if found else None

    async def unprocessed(self) -> int:
        """How many accepted activities have not come to an end."""
        return await self.value("SELECT count(*) FROM activity WHERE progress = 'pending'")

    async def undelivered(self) -> int:
        """How many deliveries still wait."""
        return await self.value("SELECT count(*) FROM delivery WHERE progress = 'pending'")
