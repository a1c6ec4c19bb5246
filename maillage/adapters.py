"""The one door for optional services: what a setting asks for is loaded by name, nothing else.

A node on SQLite never imports asyncpg; memory and start stay those of what is used.
"""

from importlib import import_module
from typing import Any

ENGINES = {
    "sqlite": ("maillage.sqlite", "SqliteEngine"),
    "postgres": ("maillage.postgres", "PostgresEngine"),
    "postgresql": ("maillage.postgres", "PostgresEngine"),
}


def load_engine(url: str) -> Any:
    """The database engine for a url: `sqlite:///path` or `postgres://user@host/name`."""
    scheme = url.partition(":")[0]
    if scheme not in ENGINES:
        raise ValueError(f"database: expected sqlite:// or postgres://, got {scheme}://")
    module, name = ENGINES[scheme]
    return getattr(import_module(module), name)(url)
