"""Images and documents, read by a confined program; what it refuses is refused by field."""

import sys
from pathlib import Path
from typing import Any

import orjson

from federation.errors import Invalid
from federation.node import Node
from outbox.workers import Bounds, WorkerFailed, run

BOUNDS = Bounds(cpu_s=30, wall_s=60, memory_bytes=1_000_000_000, file_bytes=100_000_000)


async def made_by(
    node: Node, act: str, path: Path, folder: Path, field: str = "file"
) -> dict[str, Any]:
    """Let `outbox/image_program.py` do `act`; return what it says.

    Raises Invalid naming the field for what it refuses, and for what ends it.
    """
    pixels_max = str(node.options.media.pixels_max)
    program = (sys.executable, "-I", "-m", "outbox.image_program", act, str(path))
    try:
        said = await run(node, (*program, str(folder), pixels_max), folder, BOUNDS)
        found = orjson.loads(said.output)
    except (WorkerFailed, orjson.JSONDecodeError) as error:
        raise Invalid("media.broken", field=field) from error
    if "refused" in found:
        raise Invalid(found["refused"], field=field)
    return found
