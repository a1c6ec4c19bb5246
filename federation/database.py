"""What the packages may ask of the database, whichever engine stands behind it.

SQL is written once with `?` placeholders and words both engines know. Reading goes through
read-only connections; every write is a function handed to `write`, which runs it in the one
writer, in a savepoint of its own, together with the other writes that came meanwhile, and
answers after their common commit. So a caller that got its answer has it on disk, and no
two writes ever wait for each other's locks.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from operator import itemgetter
from typing import Any, Literal, Protocol, TypeVar

T = TypeVar("T")
Row = Mapping[str, Any]
# The highest number that a column holds: an id below it is any id, a limit of it is none.
ID_MAX = (1 << 63) - 1


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

    def after_commit(self, call: Callable[[], object]) -> None:
        """Call `call` once what this work wrote is durable; never when it is undone.

        It is called in the writer's own task, so it neither waits nor writes: it wakes a loop
        or tells who listens. What it raises is logged.
        """
        ...


class AfterCommit:
    """What the works of one batch want called after their common commit, in their order."""

    def __init__(self) -> None:
        self._calls: list[Callable[[], object]] = []

    def after_commit(self, call: Callable[[], object]) -> None:
        """Remember `call` for the end of the batch."""
        self._calls.append(call)

    def place(self) -> int:
        """Where a work begins, for `forget_from`."""
        return len(self._calls)

    def forget_from(self, place: int) -> None:
        """Forget what was asked since `place`: that work was undone."""
        del self._calls[place:]

    def take(self) -> list[Callable[[], object]]:
        """All that is to be called, which is then forgotten here."""
        calls, self._calls = self._calls, []
        return calls


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


def marks(values: Collection[Any]) -> str:
    """The placeholders of an IN list: `?, ?, ?` (an empty list matches nothing: NULL)."""
    return ", ".join("?" * len(values)) or "NULL"


_VALUES = itemgetter(slice(None))


def values_of(rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    """The values of each row, in the order in which the query names the columns."""
    return [_VALUES(row) for row in rows]
