"""Where tests keep their files: in memory, where the system has a folder there."""

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")
MEMORY_BYTES_MIN = 2 * 1024**3


def memory_folder() -> Path | None:
    """A folder in memory with room for databases: nothing of a test must survive a power cut."""
    try:
        roomy = shutil.disk_usage(MEMORY).free >= MEMORY_BYTES_MIN
    except OSError:
        return None
    return MEMORY if roomy and os.access(MEMORY, os.W_OK) else None
