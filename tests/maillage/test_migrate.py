"""Migrations: a fresh schema is what the models say, and a populated one loses nothing."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from federation.database import Transaction
from maillage import migrate as migrations_module
from maillage.database import NodeDatabase
from maillage.migrate import MigrationError, migrate

SECOND = """
-- A table is rebuilt, which on SQLite is the dangerous way, and a column is added.
CREATE TABLE tag_rebuilt (
  id BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  used BIGINT NOT NULL DEFAULT 0
);
INSERT INTO tag_rebuilt (id, name) SELECT id, name FROM tag;
ALTER TABLE peer ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey';
"""
SWAP = {
    "sqlite": "DROP TABLE tag;\nALTER TABLE tag_rebuilt RENAME TO tag;\n",
    "postgres": "DROP TABLE tag_rebuilt;\nALTER TABLE tag ADD COLUMN used BIGINT DEFAULT 0;\n",
}
INDEXES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgres": "SELECT indexname AS name FROM pg_indexes WHERE schemaname = 'public'"
    " AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE '%_key'",
}


async def columns(database: NodeDatabase, table: str) -> set[tuple[str, bool]]:
    """(name, may be null) of each column."""
    if database.dialect == "sqlite":
        rows = await database.rows(f"PRAGMA table_info({table})")
        return {(r["name"], not r["notnull"] and not r["pk"]) for r in rows}
    rows = await database.rows(
        "SELECT column_name, is_nullable FROM information_schema.columns WHERE table_name = ?",
        table,
    )
    return {(r["column_name"], r["is_nullable"] == "YES") for r in rows}


async def test_a_fresh_database_has_the_columns_of_the_models(database: NodeDatabase) -> None:
    apps = database._orm.apps
    assert apps is not None
    models = list(apps.get_models_iterable())
    assert len(models) >= 20
    for model in models:
        described = {
            (field.source_field or name, bool(field.null))
            for name, field in model._meta.fields_map.items()
        }
        assert described == await columns(database, model._meta.db_table), model.__name__


async def test_migrating_twice_changes_nothing(database: NodeDatabase) -> None:
    assert await migrate(database.engine) == []
    assert await database.value("SELECT count(*) FROM schema_version") >= 1


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations to which a test adds its own."""
    copy = tmp_path / "migrations"
    shutil.copytree(Path(str(migrations_module.FOLDER)), copy)
    monkeypatch.setattr(migrations_module, "FOLDER", copy)
    return copy


async def _populate(tx: Transaction) -> None:
    await tx.execute(
        "INSERT INTO actor (id, uri, type, origin, is_local, username, handle_host, inbox_url,"
        " created_at, updated_at) VALUES (1, 'http://a/1', 'Person', 'http://a', ?, 'a', 'a',"
        " 'http://a/1/inbox', 1, 1)",
        True,
    )
    await tx.execute("INSERT INTO audience (id, kind, owner, created_at) VALUES (1, 'x', 'y', 1)")
    await tx.execute(
        "INSERT INTO status (id, uri, actor_id, audience_id, audience_kind, is_local, type,"
        " thread_root_id, published_at) VALUES (1, 'http://a/s', 1, 1, 'public', ?, 'Note', 1, 1)",
        True,
    )
    await tx.many("INSERT INTO tag (id, name) VALUES (?, ?)", [(n, f"t{n}") for n in range(100)])
    await tx.many(
        "INSERT INTO status_tag (tag_id, status_id) VALUES (?, 1)", [(n,) for n in range(100)]
    )
    await tx.execute("INSERT INTO peer (origin, policy, created_at) VALUES ('http://p', 'x', 1)")


async def test_a_populated_database_keeps_rows_children_and_indexes(
    database: NodeDatabase, folder: Path, tmp_path: Path
) -> None:
    await database.write(_populate)
    released = await database.value("SELECT max(number) FROM schema_version")
    indexes = {row["name"] for row in await database.rows(INDEXES[database.dialect])}
    (folder / f"9000_rebuild.{database.dialect}.sql").write_text(SECOND + SWAP[database.dialect])

    assert await migrate(database.engine) == [f"9000_rebuild.{database.dialect}.sql"]

    assert await database.value("SELECT count(*) FROM tag WHERE used = 0") == 100
    assert await database.value("SELECT count(*) FROM status_tag") == 100
    assert await database.value("SELECT colour FROM peer") == "grey"
    after = {row["name"] for row in await database.rows(INDEXES[database.dialect])}
    assert indexes <= after
    if database.dialect == "sqlite":
        assert await database.value("PRAGMA foreign_keys") == 1
        backup = tmp_path / f"store.before-{released + 1:04d}.db"
        assert backup.stat().st_mode & 0o777 == 0o600
        earlier = NodeDatabase(f"sqlite://{backup}")
        await earlier.open()
        assert await earlier.value("SELECT count(*) FROM status_tag") == 100
        assert ("colour", False) not in await columns(earlier, "peer")
        await earlier.close()


@pytest.mark.parametrize(
    "text",
    ["CREATE TABLE new_one (x BIGINT);\nINSERT INTO nowhere VALUES (1);", "DELETE FROM actor;"],
    ids=["fails midway", "would orphan rows"],
)
async def test_a_failing_migration_leaves_the_database_as_it_was(
    database: NodeDatabase, folder: Path, text: str
) -> None:
    await database.write(_populate)
    released = await database.value("SELECT max(number) FROM schema_version")
    (folder / "9000_wrong.sql").write_text(text)
    if database.dialect == "postgres" and text.startswith("DELETE"):
        # There foreign keys stay on and the children would go by design of the schema.
        (folder / "9000_wrong.sql").write_text("DELETE FROM audience;")
    expected: Any = (MigrationError, Exception)
    with pytest.raises(expected):
        await migrate(database.engine)
    assert await database.value("SELECT count(*) FROM status_tag") == 100
    assert await database.value("SELECT max(number) FROM schema_version") == released
    assert "new_one" not in await database.engine.tables()
    (folder / "9000_wrong.sql").unlink()
    assert await migrate(database.engine) == []


async def test_of_two_that_begin_at_once_each_file_is_applied_by_one(
    database_url: str, database: NodeDatabase, folder: Path
) -> None:
    await database.write(_populate)
    released = await database.value("SELECT max(number) FROM schema_version")
    names = [f"900{number}_more.sql" for number in range(4)]
    for name in names:
        (folder / name).write_text(f"CREATE TABLE {name[5:9]}{name[3]} (x BIGINT);\n")
    other = NodeDatabase(database_url)
    await other.open()
    one, two = await asyncio.gather(migrate(database.engine), migrate(other.engine))
    assert sorted(one + two) == names
    assert {"more0", "more1", "more2", "more3"} <= await other.engine.tables()
    await other.close()
    if database.dialect == "sqlite":
        path = database_url.removeprefix("sqlite://")
        before = NodeDatabase(f"sqlite://{path.removesuffix('.db')}.before-{released + 1:04d}.db")
        await before.open()
        assert await before.value("SELECT count(*) FROM status_tag") == 100
        assert "more0" not in await before.engine.tables()
        await before.close()


async def test_two_that_meet_an_empty_database_make_it_once(empty_database: NodeDatabase) -> None:
    other = NodeDatabase(_url_of(empty_database))
    await other.open()
    one, two = await asyncio.gather(migrate(empty_database.engine), migrate(other.engine))
    expected = [name for _, name, _ in migrations_module.migrations(other.dialect)]
    assert sorted(one + two) == expected
    await other.close()


def _url_of(database: NodeDatabase) -> str:
    engine: Any = database.engine
    return engine.url if database.dialect == "postgres" else f"sqlite://{engine.path}"
