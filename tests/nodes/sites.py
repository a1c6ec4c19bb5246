"""A real node for the tests: `maillage serve` in a process of its own, behind a fault proxy.

The node's origin is the port of the proxy; the server listens on another one, at which the
tests' own clients call it, past all faults.
"""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from tests.nodes.door import Door, transparent, upstream
from tests.nodes.store import Store

MAILLAGE = Path(sys.executable).with_name("maillage")
LAUNCHER = Path(__file__).with_name("launcher.py")
ROOT = Path(__file__).parents[2]
START_PATIENCE_S = 30.0
END_PATIENCE_S = 30.0


def environment(**extra: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAILLAGE_")}
    openly = {
        "MAILLAGE_POSTING_DEFAULT_AUDIENCE": "public",
        "MAILLAGE_POSTING_WIDEST_BY_APP": "public",
    }
    return {**kept, "MAILLAGE_RATE_LIMITS": "off", "PYTHONPATH": str(ROOT), **openly, **extra}


def run(data: Path, *words: str, **variables: str) -> str:
    """Run a documented command on a node; return what it printed."""
    done = subprocess.run(
        [str(MAILLAGE), *words, "--data", str(data)],
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"maillage {' '.join(words)}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


class Launcher:
    """Starts processes that run `maillage`, without loading its modules for each of them."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(LAUNCHER)],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def start(self, words: list[str], notes: Path, variables: dict[str, str]) -> int:
        """Start a command that logs to `notes/log`; return its pid.

        `notes/exit` appears when it has ended.
        """
        (notes / "exit").unlink(missing_ok=True)
        request = {
            "words": words,
            "log": str(notes / "log"),
            "exit": str(notes / "exit"),
            "environment": variables,
        }
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(request).encode() + b"\n")
        stdin.flush()
        return int(stdout.readline())

    def close(self) -> None:
        """End the launcher and whatever it started."""
        self._process.communicate(timeout=10)


@dataclass
class Site:
    """One node. `origin_port` is where the world finds it, `port` where its process listens."""

    name: str
    data: Path
    origin_port: int
    port: int
    database_url: str
    session: aiohttp.ClientSession
    launcher: Launcher
    proxy: Door = field(init=False)
    pid: int | None = None

    def __post_init__(self) -> None:
        self.proxy = Door(self.origin_port, transparent, upstream(self.port))

    @property
    def notes(self) -> Path:
        """The folder of what is noted about the process: its log, and how it ended."""
        return self.data

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.origin_port}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.origin_port}"

    @property
    def store(self) -> Store:
        return Store(self.database_url)

    @property
    def log(self) -> str:
        path = self.notes / "log"
        return path.read_text() if path.exists() else ""

    async def command(self, *words: str) -> str:
        """Run a documented command, while the node runs or not."""
        extra: dict[str, str] = {}
        if not self.database_url.startswith("sqlite:"):
            extra["MAILLAGE_DATABASE_URL"] = self.database_url
        return await asyncio.to_thread(run, self.data, *words, **extra)

    async def start(self, *, dies_at: str = "") -> None:
        """Open the door, start the server and wait until it answers.

        `dies_at` is a moment of `launcher`: the process kills itself there, as kill -9 would.
        """
        extra = {"MAILLAGE_TEST_CLOCK": str(self.data / "clock")}
        if dies_at:
            extra["MAILLAGE_TEST_DIES_AT"] = dies_at
        if not self.database_url.startswith("sqlite:"):
            extra["MAILLAGE_DATABASE_URL"] = self.database_url
        # The door is open first: at its start a node asks others, who ask it for its keys.
        await self.proxy.open()
        words = ["serve", "--data", str(self.data), "--bind", f"127.0.0.1:{self.port}"]
        self.pid = self.launcher.start(words, self.notes, environment(**extra))
        deadline = time.monotonic() + START_PATIENCE_S
        while not await self.answers():
            assert self.exit_code is None, f"{self.name} did not start:\n{self.log}"
            assert time.monotonic() < deadline, f"{self.name} does not answer:\n{self.log}"
            await asyncio.sleep(0.01)

    @property
    def exit_code(self) -> int | None:
        """How the process ended; None while it runs."""
        path = self.notes / "exit"
        return int(path.read_text()) if path.exists() else None

    async def answers(self, path: str = "/healthz") -> bool:
        with contextlib.suppress(aiohttp.ClientError, OSError):
            async with self.session.get(f"http://127.0.0.1:{self.port}{path}") as answer:
                return answer.status == 200
        return False

    async def kill(self) -> None:
        """kill -9, and nothing of the process is left."""
        assert self.pid is not None, "it was started"
        os.kill(self.pid, signal.SIGKILL)
        await self.ended()

    async def ended(self) -> int:
        """Wait until the process has ended; return its exit code, -9 when it was killed."""
        deadline = time.monotonic() + END_PATIENCE_S
        while (code := self.exit_code) is None:
            assert time.monotonic() < deadline, f"{self.name} does not end:\n{self.log}"
            await asyncio.sleep(0.005)
        self.pid = None
        # Where nobody listens, connections are refused.
        await self.proxy.close()
        return code

    def terminate(self) -> None:
        """SIGTERM."""
        assert self.pid is not None, "it was started"
        os.kill(self.pid, signal.SIGTERM)

    async def stop(self) -> None:
        """SIGTERM, and wait for the end."""
        if self.pid is not None and self.exit_code is None:
            self.terminate()
            assert await self.ended() == 0, self.log
        self.pid = None
        await self.proxy.close()

    def set_clock(self, ahead_ms: int) -> None:
        """Move this node's clock, also while it runs."""
        write_clock(self.data / "clock", ahead_ms)

    async def request(self, method: str, target: str, **options: Any) -> "Got":
        """Ask the process itself, past the proxy, as if by its name."""
        headers = {"Host": self.host, **options.pop("headers", {})}
        url = f"http://127.0.0.1:{self.port}{target}"
        async with self.session.request(
            method, url, headers=headers, allow_redirects=False, **options
        ) as answer:
            return Got(answer.status, dict(answer.headers), await answer.read())


@dataclass(frozen=True, slots=True)
class Got:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes


def write_clock(path: Path, ahead_ms: int) -> None:
    """The eight bytes that `launcher` reads: replaced in place, since it keeps the file open."""
    with path.open("r+b" if path.exists() else "wb") as file:
        file.write(ahead_ms.to_bytes(8, "big", signed=True))
