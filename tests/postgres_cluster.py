"""A private PostgreSQL cluster for one test process: made in a temporary folder, never shared."""

import asyncio
import os
import pwd
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from tests.nodes.ports import take

# Without autovacuum nobody but a test looks into its database, which can so be copied at once.
SETTINGS = (
    "-c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=32MB"
    " -c autovacuum=off -c max_wal_size=256MB -c jit=off"
)
# Below, the only way to copy a database is the one that is asked for from there on.
HAS_STRATEGIES = 15


def program(name: str) -> Path | None:
    """Find a PostgreSQL program in PATH or where Debian keeps it."""
    found = shutil.which(name)
    if found:
        return Path(found).resolve()
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return places[-1] if places else None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster; `url(name)` is a database in it."""

    folder: Path
    port: int
    version: int

    def url(self, name: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, template: str = "template0") -> str:
        """As `create_now`, for fixtures that are no coroutines, whether a loop runs or not."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self.create_now(name, template)).result()

    async def create_now(self, name: str, template: str) -> str:
        # Copying the files beats logging each of their pages: ten times here.
        way = "STRATEGY FILE_COPY" if self.version >= HAS_STRATEGIES else ""
        await self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {way}')
        return self.url(name)

    async def drop_now(self, name: str) -> None:
        await self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def disconnect_now(self, url: str) -> None:
        """End every connection to a database, as a restart of the server does."""
        name = url.rpartition("/")[2]
        await self._run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )

    async def _run(self, sql: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


def start(folder: Path) -> Cluster:
    """Make and start a cluster; as root it runs as the user postgres, which it insists on."""
    folder.mkdir()
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        # The user postgres must be able to reach what it owns.
        folder.parent.chmod(0o711)
    data = str(folder / "data")
    made = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
    _run("initdb", "-D", data, *made)
    # Not one of those that systems give to connections: it would be gone by now, now and then.
    (port,) = take(1)
    options = f"{SETTINGS} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    started = ("-w", "-t", "300", "-l", str(folder / "log"), "-o", f"{options} -p {port}")
    _run("pg_ctl", "-D", data, *started, "start")
    return Cluster(folder, port, int((folder / "data" / "PG_VERSION").read_text()))


def stop(cluster: Cluster) -> None:
    _run("pg_ctl", "-D", str(cluster.folder / "data"), "-m", "immediate", "-w", "stop")


def _run(name: str, *arguments: str) -> None:
    found = program(name)
    assert found is not None, f"{name} is not installed"
    user = "postgres" if os.geteuid() == 0 else None
    subprocess.run(
        [str(found), *arguments],
        check=True,
        user=user,
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        stdout=subprocess.DEVNULL,
    )
