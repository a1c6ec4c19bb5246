"""Programs that read others' files: each in a process of its own, few at once, within limits.

A file that makes a program crash, run for ever or ask for all memory ends that process and
nothing else; the next file gets a new one.
"""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from federation.errors import NodeError, describe
from federation.node import Node

_CONFINED = str(Path(__file__).with_name("confined.py"))
_SAID_BYTES_MAX = 1_000_000
_ENVIRONMENT = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8"}

describe({"media.worker": "The file could not be processed ({reason})."})


class WorkerFailed(NodeError):
    """A program ended badly: crashed, refused the file, or went over a limit."""

    status = 422


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one process may use: seconds of CPU and of the clock, memory, and bytes written."""

    cpu_s: int
    wall_s: float
    memory_bytes: int = 1_000_000_000
    file_bytes: int = 400_000_000


@dataclass(frozen=True, slots=True)
class Said:
    """What a program said: its output, and its complaints."""

    output: bytes
    complaints: str


async def run(node: Node, program: Sequence[str], folder: Path, bounds: Bounds) -> Said:
    """Run a program in `folder` within `bounds`; wait for a free place first.

    Raises WorkerFailed when it ends badly or in time's name is ended, with all it started.
    """
    output, complaints = folder / "output", folder / "complaints"
    # Into files, whose size has a limit; a pipe has none.
    async with node.media_places:
        with output.open("wb") as out, complaints.open("wb") as err:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", _CONFINED),
                *(str(bounds.cpu_s), str(bounds.memory_bytes), str(bounds.file_bytes)),
                *program,
                cwd=folder,
                env=_ENVIRONMENT,
                stdin=DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(bounds.wall_s):
                await process.wait()
        except TimeoutError as error:
            raise WorkerFailed("media.worker", reason="it took too long") from error
        finally:
            await _end(process)
    if process.returncode:
        raise WorkerFailed("media.worker", reason=f"it ended with {process.returncode}")
    return Said(_start_of(output), _start_of(complaints).decode("utf-8", "replace"))


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_SAID_BYTES_MAX)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Leave nothing running: neither the program nor what it started."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
