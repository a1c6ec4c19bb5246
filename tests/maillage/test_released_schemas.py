"""A database of an earlier release, with rows in every table, becomes what a fresh one is."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from federation.database import Transaction
from maillage import migrate as migrations_module
from maillage.database import NodeDatabase
from maillage.migrate import migrate, migrations

RELEASED = (1, 11, 13, 26)
ROWS = 3
# A push is of a notification or of an announcement, never of both.
LEFT_EMPTY = {("push", "announcement_id")}
MIGRATIONS = Path(str(migrations_module.FOLDER))
SCHEMA = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    " ORDER BY type, name",
    "postgres": "SELECT table_name, column_name, data_type, is_nullable, column_default"
    " FROM information_schema.columns WHERE table_schema = 'public'"
    " ORDER BY table_name, column_name",
}
INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and the table and column of its parent if it has one."""

    name: str
    kind: str
    parent: tuple[str, str] | None


Tables = dict[str, list[Column]]


def tables_of(release: int) -> Tables:
    """The tables of a release in the order in which they were made, but the index of words."""
    with closing(sqlite3.connect(":memory:")) as shape:
        for number, _, text in migrations("sqlite"):
            if number <= release:
                shape.executescript(text)
        names = [
            row[0]
            for row in shape.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
                " AND name NOT LIKE 'status_words%' ORDER BY rowid"
            )
        ]
        return {name: _columns(shape, name) for name in names}


def _columns(shape: sqlite3.Connection, table: str) -> list[Column]:
    keys = shape.execute('SELECT "from", "table", "to" FROM pragma_foreign_key_list(?)', [table])
    parents = {column: (parent, key) for column, parent, key in keys}
    found = shape.execute("SELECT name, type FROM pragma_table_info(?)", [table])
    return [Column(name, kind, parents.get(name)) for name, kind in found]


def value_of(column: Column, table: str, number: int) -> Any:
    """What row `number` of a table has in a column: its parent's key where it has a parent."""
    if (table, column.name) in LEFT_EMPTY:
        return None
    if column.parent:
        return value_of(Column(column.parent[1], column.kind, None), column.parent[0], number)
    values: dict[str, Any] = {
        "TEXT": f"{column.name} {number}",
        "BLOB": f"{table} {number}".encode(),
        "INTEGER": number,
        "BIGINT": number,
        "BOOLEAN": bool(number % 2),
        "DOUBLE PRECISION": number / 2,
    }
    return values[column.kind]


async def fill(tx: Transaction, tables: Tables) -> None:
    for table, columns in tables.items():
        names = ", ".join(column.name for column in columns)
        rows = [
            tuple(value_of(column, table, number) for column in columns)
            for number in range(1, ROWS + 1)
        ]
        marks = ", ".join("?" * len(columns))
        await tx.execute(f"DELETE FROM {table}")
        await tx.many(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


async def contents(database: NodeDatabase, tables: Tables) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table, columns in tables.items():
        names = [column.name for column in columns]
        rows = await database.rows(f"SELECT {', '.join(names)} FROM {table}")
        # SQLite keeps truth as a number.
        plain = [tuple(_plain(row[name]) for name in names) for row in rows]
        found[table] = sorted(plain, key=repr)
    return found


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


async def schema_of(database: NodeDatabase) -> list[tuple[Any, ...]]:
    found = [
        tuple(row.values()) for row in map(dict, await database.rows(SCHEMA[database.dialect]))
    ]
    if database.dialect == "postgres":
        found += [tuple(row.values()) for row in map(dict, await database.rows(INDEXES))]
    return found


def copy_until(release: int, folder: Path) -> None:
    """Put the migrations of a release into `folder`."""
    folder.mkdir()
    for path in MIGRATIONS.glob("*.sql"):
        if int(path.name[:4]) <= release:
            shutil.copy2(path, folder)


@pytest.mark.parametrize("release", RELEASED)
async def test_rows_of_a_released_schema_survive_into_this_one(
    release: int,
    database: NodeDatabase,
    empty_database: NodeDatabase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fresh = await schema_of(database)
    folder = tmp_path / "released"
    tables = tables_of(release)
    copy_until(release, folder)
    monkeypatch.setattr(migrations_module, "FOLDER", folder)
    await migrate(empty_database.engine)
    assert len(tables) > 30
    await empty_database.write(lambda tx: fill(tx, tables))
    before = await contents(empty_database, tables)
    assert all(len(rows) == ROWS for rows in before.values())

    monkeypatch.setattr(migrations_module, "FOLDER", MIGRATIONS)
    assert await migrate(empty_database.engine)

    assert await contents(empty_database, tables) == before
    assert await schema_of(empty_database) == fresh
