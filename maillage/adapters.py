"""The one door for what is loaded by name: optional services, large libraries, and the server.

A node on SQLite never imports asyncpg, and a command never imports the HTTP server: memory and
start stay those of what is used.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from federation.errors import Misconfigured, describe
from federation.options import MediaOptions
from federation.storage import Storage
from maillage.disk import DiskStorage

describe(
    {
        "bus.needs_postgres": "streaming.bus is postgres, and the database is not: write memory, or"
        " the address of a Redis or Valkey server.",
        "bus.not_installed": "streaming.bus needs the Python package {package}; install"
        " maillage[redis].",
    }
)

load_module = import_module
"""A module of ours by its name: what needs a large library that most nodes never use."""

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


def load_storage(folder: Path, options: MediaOptions) -> Storage:
    """The store of media: the bucket that the settings name, else `folder` itself."""
    if options.s3_bucket:
        return import_module("maillage.s3").S3Storage(folder, options)
    return DiskStorage(folder)


BUSES = {
    "postgres": "maillage.postgres_bus",
    "postgresql": "maillage.postgres_bus",
    "redis": "maillage.redis_bus",
    "rediss": "maillage.redis_bus",
    "unix": "maillage.redis_bus",
}


def load_bus(url: str, channel: str) -> Any:
    """What connects to a channel of the bus at a url: a PostgreSQL, Redis or Valkey server.

    Misconfigured when there is no such bus, or when what speaks to it is not installed.
    """
    scheme = url.partition(":")[0]
    if scheme not in BUSES:
        raise Misconfigured("bus.needs_postgres")
    try:
        return import_module(BUSES[scheme]).connector(url, channel)
    except ModuleNotFoundError as error:
        raise Misconfigured("bus.not_installed", package=error.name or scheme) from error


def load_server() -> Any:
    """The module that serves a node over HTTP; only `maillage serve` needs it."""
    return import_module("maillage.serve")
