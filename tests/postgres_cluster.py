"""A private PostgreSQL cluster for one test process: made in a temporary folder, never shared."""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import asyncpg

SETTINGS = "-c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=32MB"


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

    def url(self, name: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, template: str = "template0") -> str:
        asyncio.run(self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        return self.url(name)

    async def create_now(self, name: str, template: str) -> str:
        await self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        # The user postgres must be able to reach what it owns.
        folder.parent.chmod(0o711)
    data = folder / "data"
    _run(
        "initdb",
        "-D",
        str(data),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
        "--locale=C.UTF-8",
    )
    options = f"{SETTINGS} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    _run(
        "pg_ctl",
        "-D",
        str(data),
        "-w",
        "-l",
        str(folder / "log"),
        "-o",
        f"{options} -p {port}",
        "start",
    )
    return Cluster(folder, port)


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
