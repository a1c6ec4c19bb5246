"""The one door for what is loaded by name: optional services, and the server itself.

A node on SQLite never imports asyncpg, and a command never imports the HTTP server: memory and
start stay those of what is used.
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


def load_server() -> Any:
    """The module that serves a node over HTTP; only `maillage serve` needs it."""
    return import_module("maillage.serve")
