"""The nodes of the demonstration as processes, and the people who speak HTTP to them.

Whatever is started here is in `Processes` and ends with it, whatever happens.
"""

import ctypes
import http.client
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

HOST = "127.0.0.1"
REQUEST_TIMEOUT_S = 20
STOP_TIMEOUT_S = 15
# A server may close a connection that nobody used for a few seconds.
IDLE_S = 2
SCOPES = "read write follow push"
# Without letters and digits that look alike.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_DEATH_SIGNAL = 1


class UnexpectedError(Exception):
    """A command or an answer was not what the story needs; the text says what came."""


def free_ports(count: int, first: int | None = None) -> list[int]:
    """Ports where nobody listens: from `first` on as far as they are free, else any."""
    wanted = list(range(first, first + count)) if first else []
    # Below those that outgoing connections take, so that none is lost before it is used.
    others = random.sample(range(20_000, 32_000), 200)
    found = [port for port in wanted if _is_free(port)]
    found += [port for port in others if _is_free(port)][: count - len(found)]
    if len(found) < count:
        raise UnexpectedError("no free port")
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def new_password() -> str:
    """A password of sixteen letters, easy to copy."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def _environment() -> Mapping[str, str]:
    # The settings of another node on this machine do not leak into these.
    return {name: value for name, value in os.environ.items() if not name.startswith("MAILLAGE_")}


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGTERM)


@dataclass
class Processes:
    """Every process that was started; as a context it ends them all."""

    command: list[str]
    running: list[subprocess.Popen[str]] = field(default_factory=list[subprocess.Popen[str]])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for process in self.running:
            if process.poll() is None:
                process.terminate()
        end = time.monotonic() + STOP_TIMEOUT_S
        for process in self.running:
            try:
                process.communicate(timeout=max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()

    def start(self, *words: str, log: Path | None = None) -> subprocess.Popen[str]:
        """Start `maillage` with these words; its output goes to `log`, or can be read."""
        with (log or Path(os.devnull)).open("ab") as target:
            process = subprocess.Popen(
                [*self.command, *words],
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=target if log else subprocess.PIPE,
                stderr=target if log else subprocess.PIPE,
                text=True,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - this program has one thread
            )
            self.running.append(process)
        return process

    def output(self, process: subprocess.Popen[str]) -> str:
        """Wait for a command and return what it printed; UnexpectedError when it failed."""
        printed, complaint = process.communicate()
        self.running.remove(process)
        if process.returncode != 0:
            raise UnexpectedError(f"{(complaint or printed).strip()} (exit {process.returncode})")
        return printed.strip()


@dataclass
class Site:
    """One establishment and its node: its data directory, address and process."""

    key: str
    name: str
    data: Path
    port: int
    processes: Processes
    server: subprocess.Popen[str] | None = None

    @property
    def host(self) -> str:
        """Where the node listens, and the part of handles after the second @."""
        return f"{HOST}:{self.port}"

    @property
    def origin(self) -> str:
        """The node's origin; plain http, since it never leaves this machine."""
        return f"http://{self.host}"

    @property
    def log(self) -> Path:
        """Where the server's output goes."""
        return self.data / "serve.log"

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """Start a documented command on this node."""
        return self.processes.start(*words, "--data", str(self.data))

    def say(self, *words: str) -> str:
        """Run a documented command on this node and return what it printed."""
        return self.processes.output(self.begin(*words))

    def serve(self) -> None:
        """Start the server; `is_ready` says when it answers."""
        words = ("serve", "--data", str(self.data), "--bind", self.host)
        self.server = self.processes.start(*words, log=self.log)

    def has_stopped(self) -> bool:
        """Whether the server was started and is no more."""
        return self.server is not None and self.server.poll() is not None

    def is_ready(self) -> bool:
        """Whether the server takes requests; UnexpectedError when it has ended."""
        if self.has_stopped():
            raise UnexpectedError(self.log_end())
        try:
            with closing(Caller(self.host)) as caller:
                return caller.ask("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def log_end(self, lines: int = 8) -> str:
        """The last lines that the server wrote."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])


@dataclass
class Caller:
    """Somebody who speaks HTTP to one node over a connection that is kept."""

    host: str
    headers: dict[str, str] = field(default_factory=dict[str, str])
    connection: http.client.HTTPConnection | None = None
    used_at: float = 0.0

    def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        content_type: str = "application/json",
    ) -> tuple[int, Any]:
        """Return status and document (None when it is no JSON) of one request."""
        data = None if body is None else json.dumps(body).encode()
        headers = self.headers | ({"Content-Type": content_type} if data else {})
        if self.connection is None or time.monotonic() - self.used_at > IDLE_S:
            self.close()
            self.connection = http.client.HTTPConnection(self.host, timeout=REQUEST_TIMEOUT_S)
        try:
            self.connection.request(method, path, data, headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        self.used_at = time.monotonic()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, None

    def close(self) -> None:
        """End the connection; the next request opens another."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


@dataclass
class Person:
    """A person with an account on one site, and the client that acts for her."""

    site: Site
    username: str
    name: str
    job: str
    password: str
    caller: Caller = field(default_factory=lambda: Caller(""))

    @property
    def handle(self) -> str:
        """How others find this person, without the leading @."""
        return f"{self.username}@{self.site.host}"

    @property
    def password_file(self) -> Path:
        """Where the password stands while the account is made."""
        return self.site.data / f"{self.username}.password"

    def log_in(self, token: str) -> None:
        """Act from now on with this token."""
        self.caller = Caller(self.site.host, {"Authorization": f"Bearer {token}"})

    def get(self, path: str) -> Any:
        """The document at a path of the client API; UnexpectedError when it is not given."""
        return self._done("GET", path)

    def post(self, path: str, **body: Any) -> Any:
        """What a POST to the client API answers; UnexpectedError when it is refused."""
        return self._done("POST", path, body)

    def patch(self, path: str, **body: Any) -> Any:
        """What a PATCH to the client API answers; UnexpectedError when it is refused."""
        return self._done("PATCH", path, body)

    def delete(self, path: str) -> Any:
        """What a DELETE to the client API answers; UnexpectedError when it is refused."""
        return self._done("DELETE", path)

    def _done(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        status, document = self.caller.ask(method, path, body)
        if status >= 400:
            raise UnexpectedError(f"{method} {self.site.origin}{path}: {status} {document}")
        return document
