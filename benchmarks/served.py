"""One node in a process of its own, driven by its commands, its memory and time observed."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil

MAILLAGE = Path(sys.executable).with_name("maillage")
ENVIRONMENT = {**os.environ, "MAILLAGE_RATE_LIMITS": "off"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Served:
    """A node below `directory`; `start` it, then ask for processor time and memory."""

    def __init__(self, directory: Path, *, database: str | None = None) -> None:
        self.data = directory / "node"
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        options = ["--database", database] if database else []
        self.command(
            "init", "--origin", self.origin, "--federation", "open", "--name", "Banc", *options
        )

    def command(self, *words: str) -> str:
        """Run a documented command on this node and return what it printed."""
        done = subprocess.run(
            [str(MAILLAGE), *words, "--data", str(self.data)],
            env=ENVIRONMENT,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def account(self, name: str) -> str:
        """Make an account and return a token for it."""
        secret = self.data / f"{name}.password"
        secret.write_text("un mot de passe assez long\n")
        secret.chmod(0o600)
        self.command("account", "create", name, "--password-file", str(secret))
        return self.command("token", "create", name, "--scopes", "read write follow push")

    def start(self) -> float:
        """Start serving; return the seconds until the first answer."""
        begun = time.perf_counter()
        log = (self.data / "log").open("ab")
        self._process = subprocess.Popen(
            [str(MAILLAGE), "serve", "--data", str(self.data), "--bind", f"127.0.0.1:{self.port}"],
            env=ENVIRONMENT,
            stdout=log,
            stderr=log,
        )
        while True:
            try:
                with urllib.request.urlopen(f"{self.origin}/healthz", timeout=1):
                    break
            except OSError:
                if self._process.poll() is not None:
                    text = (self.data / "log").read_text()
                    raise RuntimeError(f"the node did not start:\n{text}") from None
                time.sleep(0.01)
        self._observed = psutil.Process(self._process.pid)
        return time.perf_counter() - begun

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(15)

    def processes(self) -> list[psutil.Process]:
        return [self._observed, *self._observed.children(recursive=True)]

    def cpu_s(self) -> float:
        """Processor seconds, user and system, of all processes of the node so far."""
        times = [process.cpu_times() for process in self.processes()]
        return sum(t.user + t.system for t in times)

    def memory_mb(self) -> float:
        """Resident memory of all processes of the node."""
        return sum(process.memory_info().rss for process in self.processes()) / 1e6
