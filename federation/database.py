"""What the packages may ask of the database, whichever engine stands behind it.

SQL is written once with `?` placeholders and words both engines know. Reading goes through
read-only connections; every write is a function handed to `write`, which runs it in the one
writer, in a savepoint of its own, together with the other writes that came meanwhile, and
answers after their common commit. So a caller that got its answer has it on disk, and no
two writes ever wait for each other's locks.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeVar

T = TypeVar("T")
Row = Mapping[str, Any]


class Reader(Protocol):
    """Statements that only read."""

    async def rows(self, sql: str, *args: Any) -> Sequence[Row]:
        """All rows of a query."""
        ...

    async def row(self, sql: str, *args: Any) -> Row | None:
        """The first row, or None."""
        ...

    async def value(self, sql: str, *args: Any) -> Any:
        """The first column of the first row, or None."""
        ...


class Transaction(Reader, Protocol):
    """One write in progress: reads see what it wrote; ORM calls inside take part in it."""

    async def execute(self, sql: str, *args: Any) -> int:
        """Run one statement and return how many rows it touched."""
        ...

    async def many(self, sql: str, args: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each row of arguments."""
        ...


class Database(Reader, Protocol):
    """The database of one node."""

    dialect: Literal["sqlite", "postgres"]

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` and return its result once it is durable.

        `work` must only touch the transaction: no network, no other `write`. What it raises
        undoes it alone and is raised here. Unavailable (503) when the store cannot be
        written within its patience; then nothing of it has happened.
        """
        ...


def marks(values: Sequence[Any]) -> str:
    """The placeholders of an IN list: `?, ?, ?` (an empty list matches nothing: NULL)."""
    return ", ".join("?" * len(values)) or "NULL"
