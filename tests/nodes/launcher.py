"""Starts `maillage` processes for the tests: the same command, its modules loaded only once.

It reads one JSON request from each line of its standard input, starts the command in a fork of
its own and answers with the pid; how a process ended is written into the file `exit` that the
request names. Two variables of a request change the world around a process:

MAILLAGE_TEST_CLOCK    a file with how many ms the clock is ahead (8 bytes); may change any time
MAILLAGE_TEST_DIES_AT  `execute:TEXT` the process kills itself before the first written statement
                       that starts with TEXT; `commit:TEXT` before the commit of a transaction
                       with such a statement; `committed:TEXT` just after it
"""

import contextlib
import importlib
import json
import mmap
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from maillage.cli import main
from maillage.database import MODELS, NodeDatabase

_exits: dict[int, Path] = {}


def _move_clock(path: Path) -> None:
    real = time.time_ns
    with path.open("r+b") as file:
        ahead = mmap.mmap(file.fileno(), 8, prot=mmap.PROT_READ)
    time.time_ns = lambda: real() + int.from_bytes(ahead[:8], "big", signed=True) * 1_000_000


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class _Watched:
    """The writing connection of a node; `see` is told each statement before it is executed."""

    def __init__(self, writer: Any, see: Callable[[str], None]) -> None:
        self._writer = writer
        self._see = see

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._writer, name)
        if name not in {"rows", "row", "value", "execute", "many"}:
            return found

        async def call(sql: str, *args: Any) -> Any:
            self._see(sql)
            return await found(sql, *args)

        return call


def _die_at(moment: str, start: str) -> None:
    opened = NodeDatabase.open

    async def open_watched(database: NodeDatabase) -> None:
        await opened(database)
        engine: Any = database.engine
        seen = False

        def see(sql: str) -> None:
            nonlocal seen
            if sql.lstrip().startswith(start):
                seen = True
                if moment == "execute":
                    _die()

        async def commit() -> None:
            if seen and moment == "commit":
                _die()
            await committed()
            if seen:
                _die()

        committed = engine.commit
        engine.commit = commit
        engine.writer = _Watched(engine.writer, see)

    NodeDatabase.open = open_watched  # type: ignore[method-assign]


def _become(request: dict[str, Any]) -> int:
    """Be the process that was asked for; return its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.environ.clear()
    os.environ.update(request["environment"])
    if clock := os.environ.get("MAILLAGE_TEST_CLOCK"):
        _move_clock(Path(clock))
    if dies_at := os.environ.get("MAILLAGE_TEST_DIES_AT"):
        _die_at(*dies_at.split(":", 1))
    sys.argv = ["maillage", *request["words"]]
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    return 0


def _note_exits(*_: object) -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            path = _exits.pop(pid)
            path.with_suffix(".part").write_text(str(os.waitstatus_to_exitcode(status)))
            path.with_suffix(".part").rename(path)


def _launch() -> None:
    for name in MODELS:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, _note_exits)
    for line in sys.stdin:
        request = json.loads(line)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        pid = os.fork()
        if pid == 0:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            os._exit(_become(request))
        _exits[pid] = Path(request["exit"])
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
    for pid in list(_exits):
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    _launch()
