"""Media in the node's own folder: a file for each, spread over folders by its name."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

from federation.errors import NotFound
from federation.storage import StorageDown, is_file_name

PIECE_BYTES = 262_144


def prepare_work(folder: Path) -> Path:
    """Make the folder for files on their way, for its owner only; return it."""
    work = folder / "work"
    (work / "incoming").mkdir(parents=True, exist_ok=True)
    for path in (folder, work):
        path.chmod(0o700)
    return work


class DiskStorage:
    """The store in one folder of this machine."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, which is made when the first file comes: a command makes none."""
        self.folder = folder
        self._work: Path | None = None

    @property
    def work(self) -> Path:
        """The folder for files on their way."""
        if self._work is None:
            self._work = prepare_work(self.folder)
        return self._work

    def path(self, name: str) -> Path:
        """Where the file with this name stands."""
        assert is_file_name(name), "names are ours"
        return self.folder / "files" / name[:2] / name

    async def put(self, name: str, path: Path, media_type: str) -> None:
        """Move a file into its place, on the disk before this returns."""
        del media_type
        try:
            await asyncio.to_thread(_move, path, self.path(name))
        except OSError as error:
            raise StorageDown from error

    async def read(self, name: str, start: int, length: int) -> AsyncIterator[bytes]:
        """Read a part of a file."""
        try:
            file = await asyncio.to_thread(self.path(name).open, "rb")
        except FileNotFoundError as error:
            raise NotFound("record.not_found") from error
        except OSError as error:
            raise StorageDown from error
        with file:
            await asyncio.to_thread(file.seek, start)
            while length > 0:
                piece = await asyncio.to_thread(file.read, min(PIECE_BYTES, length))
                if not piece:
                    return
                length -= len(piece)
                yield piece

    async def delete(self, name: str) -> None:
        """Remove a file."""
        try:
            await asyncio.to_thread(self.path(name).unlink, missing_ok=True)
        except OSError as error:
            raise StorageDown from error


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as file:
        os.fsync(file.fileno())
    source.chmod(0o600)
    source.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
