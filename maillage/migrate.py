"""Brings a database to the schema of this release: numbered files, in order, backup first.

Each file is one transaction together with its number, so a crash leaves the old schema or the
new one. On SQLite foreign keys are off while a file runs and checked before it commits, since
a rebuilt table must not take its children with it.
"""

import re
import sqlite3
import time
from contextlib import closing
from importlib.resources import files
from typing import Any

FOLDER = files("maillage").joinpath("migrations")
FILE = re.compile(r"^(\d{4})_[a-z_]+(?:\.(sqlite|postgres))?\.sql$")


class MigrationError(Exception):
    """A migration did not apply; the database is as it was before it."""


def migrations(dialect: str) -> list[tuple[int, str, str]]:
    """(number, name, text) of the files that concern this engine, in order."""
    found: list[tuple[int, str, str]] = []
    for entry in FOLDER.iterdir():
        match = FILE.match(entry.name)
        if match and match[2] in (None, dialect):
            found.append((int(match[1]), entry.name, _in(dialect, entry.read_text("utf-8"))))
    return sorted(found)


def _in(dialect: str, text: str) -> str:
    """The text in the words of one engine.

    On SQLite only an INTEGER key is the place of the row itself; any other word costs each
    table a second index.
    """
    if dialect == "postgres":
        return text.replace(" BYTES", " BYTEA")
    return text.replace(" BYTES", " BLOB").replace(" BIGINT PRIMARY KEY", " INTEGER PRIMARY KEY")


async def waiting(engine: Any) -> list[tuple[int, str, str]]:
    """What has not been applied yet to this database, in order."""
    if "schema_version" not in await engine.tables():
        return migrations(engine.dialect)
    done = await _applied(engine)
    return [migration for migration in migrations(engine.dialect) if migration[0] not in done]


async def _applied(engine: Any) -> set[int]:
    return {row["number"] for row in await engine.writer.rows("SELECT number FROM schema_version")}


async def migrate(engine: Any) -> list[str]:
    """Apply what is missing; return the names applied here. The engine is open.

    Of several processes that begin at the same moment each file is applied by one.
    """
    applied: list[str] = []
    for number, name, text in await waiting(engine):
        if await _apply(engine, number, name, text, backs_up=not applied):
            applied.append(name)
    return applied


async def _apply(engine: Any, number: int, name: str, text: str, *, backs_up: bool) -> bool:
    """Whether it was applied here; it was not when another process did so meanwhile."""
    sqlite = engine.dialect == "sqlite"
    if sqlite:
        await engine.script("PRAGMA foreign_keys = OFF")
    try:
        await engine.begin()
        await engine.script(
            "CREATE TABLE IF NOT EXISTS schema_version"
            " (number BIGINT PRIMARY KEY, applied_at BIGINT NOT NULL)"
        )
        done = await _applied(engine)
        if number in done:
            await engine.rollback()
            return False
        if sqlite and done and backs_up:
            _backup(engine, max(done))
        await engine.script(text)
        if sqlite and await engine.writer.row("PRAGMA foreign_key_check"):
            raise MigrationError(  # noqa: TRY301 - undone by the same path as any other failure
                f"{name}: rows without their parent; nothing was changed"
            )
        await engine.writer.execute(
            "INSERT INTO schema_version (number, applied_at) VALUES (?, ?)",
            number,
            int(time.time() * 1000),
        )
        await engine.commit()
    except Exception:
        await engine.rollback()
        raise
    finally:
        if sqlite:
            await engine.script("PRAGMA foreign_keys = ON")
    return True


def _backup(engine: Any, version: int) -> None:
    """Copy the database beside itself, as it is for whoever reads: nobody else writes now."""
    target = engine.path.with_suffix(f".before-{version + 1:04d}.db")
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    with closing(sqlite3.connect(target)) as copy:
        engine.reader.connection.backup(copy)
