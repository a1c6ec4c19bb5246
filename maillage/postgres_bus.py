"""LISTEN and NOTIFY of PostgreSQL as the bus, on a connection of its own."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import asyncpg

from maillage.bus import Link

CONNECT_S = 5
STATEMENT_S = 5.0


class PostgresLink:
    """One connection that listens and notifies."""

    def __init__(self, connection: Any, channel: str) -> None:
        self._connection = connection
        self._channel = channel

    async def send(self, text: str) -> None:
        """Notify the channel."""
        await self._connection.execute(
            "SELECT pg_notify($1, $2)", self._channel, text, timeout=STATEMENT_S
        )

    async def check(self) -> None:
        """Ask the server for nothing."""
        await self._connection.execute("SELECT 1", timeout=STATEMENT_S)


def connector(
    url: str, channel: str
) -> Callable[[Callable[[str], None]], AbstractAsyncContextManager[Link]]:
    """What opens a connection to the channel in the database of this url."""

    @asynccontextmanager
    async def connect(receive: Callable[[str], None]) -> AsyncGenerator[Link]:
        def heard(_: Any, __: int, ___: str, payload: object) -> None:
            receive(str(payload))

        connection = await asyncpg.connect(
            url.replace("postgresql://", "postgres://", 1), timeout=CONNECT_S
        )
        try:
            await connection.add_listener(channel, heard)
            yield PostgresLink(connection, channel)
        finally:
            connection.terminate()

    return connect
