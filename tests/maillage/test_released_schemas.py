"""A database of an earlier release, with rows in every table, becomes what a fresh one is."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from federation.database import Transaction
from maillage import migrate as migrations_module
from maillage.database import NodeDatabase
from maillage.migrate import migrate

RELEASED = (1,)
ROWS = 3
MIGRATIONS = Path(str(migrations_module.FOLDER))
TABLE = re.compile(r"CREATE TABLE (\w+) \((.*?)\n\);", re.DOTALL)
COLUMN = re.compile(r"^\s{2}(\w+) (TEXT|BYTES|BIGINT|BOOLEAN|DOUBLE PRECISION)(.*)$", re.MULTILINE)
PARENT = re.compile(r"REFERENCES (\w+) \((\w+)\)")
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


def tables_of(text: str) -> dict[str, list[tuple[str, str, str]]]:
    """The columns (name, type, rest) of each table of a migration, parents first."""
    return {name: COLUMN.findall(body) for name, body in TABLE.findall(text)}


def value_of(column: tuple[str, str, str], table: str, number: int) -> Any:
    """What row `number` of a table has in a column: its parent's key where it has a parent."""
    name, kind, rest = column
    if parent := PARENT.search(rest):
        return value_of((parent[2], "TEXT" if kind == "TEXT" else kind, ""), parent[1], number)
    values: dict[str, Any] = {
        "TEXT": f"{name} {number}",
        "BYTES": f"{table} {number}".encode(),
        "BIGINT": number,
        "BOOLEAN": bool(number % 2),
        "DOUBLE PRECISION": number / 2,
    }
    return values[kind]


async def fill(tx: Transaction, tables: dict[str, list[tuple[str, str, str]]]) -> None:
    for table, columns in tables.items():
        names = ", ".join(name for name, _, _ in columns)
        rows = [
            tuple(value_of(column, table, number) for column in columns)
            for number in range(1, ROWS + 1)
        ]
        marks = ", ".join("?" * len(columns))
        await tx.execute(f"DELETE FROM {table}")
        await tx.many(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


async def contents(
    database: NodeDatabase, tables: dict[str, list[tuple[str, str, str]]]
) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table, columns in tables.items():
        names = [name for name, _, _ in columns]
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


def copy_until(release: int, folder: Path) -> str:
    """Put the migrations of a release into `folder`, and return their whole text."""
    folder.mkdir()
    paths = [path for path in sorted(MIGRATIONS.glob("*.sql")) if int(path.name[:4]) <= release]
    for path in paths:
        shutil.copy2(path, folder)
    return "".join(path.read_text("utf-8") for path in paths)


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
    tables = tables_of(copy_until(release, folder))
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
