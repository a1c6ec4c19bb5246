"""Databases without a node around them, on both engines."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from maillage.database import NodeDatabase
from maillage.migrate import migrate


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("initdb"))])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The url of an empty database of its own."""
    if request.param == "sqlite":
        return f"sqlite://{tmp_path / 'store.db'}"
    return request.getfixturevalue("postgres").create(f"empty_{uuid4().hex}")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[NodeDatabase]:
    """An open database with this release's schema."""
    opened = NodeDatabase(database_url)
    await opened.open()
    await migrate(opened.engine)
    yield opened
    await opened.close()


@pytest.fixture
async def empty_database(
    request: pytest.FixtureRequest, database: NodeDatabase, tmp_path: Path
) -> AsyncIterator[NodeDatabase]:
    """One more open database on the same engine, without any schema."""
    url = f"sqlite://{tmp_path / 'empty.db'}"
    if database.dialect == "postgres":
        url = request.getfixturevalue("postgres").create(f"empty_{uuid4().hex}")
    opened = NodeDatabase(url)
    await opened.open()
    yield opened
    await opened.close()
