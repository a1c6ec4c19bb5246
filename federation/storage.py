"""What the packages may ask of the store that holds media, wherever it stands.

A name is what `file_name` makes: nobody can guess it, and it cannot lead out of the store.
"""

import re
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from federation.errors import Unavailable, describe

_NAME = re.compile(r"[A-Za-z0-9_-]{32}\.[a-z0-9]{2,5}")
RETRY_AFTER_S = 30

describe({"storage.unavailable": "The store of media does not answer; try again later."})


class StorageDown(Unavailable):
    """503: the store cannot be read or written now."""

    def __init__(self) -> None:
        """Ask to come back in half a minute."""
        super().__init__("storage.unavailable", retry_after_s=RETRY_AFTER_S)


def file_name(extension: str) -> str:
    """A new name: 192 random bits, and an extension that says the type."""
    return f"{secrets.token_urlsafe(24)}.{extension}"


def is_file_name(text: str) -> bool:
    """Whether this could be the name of a file of ours; every other text is refused (SEC-207)."""
    return _NAME.fullmatch(text) is not None


class Storage(Protocol):
    """The store of one node's media.

    Invariants
        `work` is a folder of this machine for files on their way, on the disk that holds the
        node; what is in it is of no use after a restart except what is in `work/incoming`.
    """

    @property
    def work(self) -> Path:
        """The folder for files on their way, made at its first use."""
        ...

    async def put(self, name: str, path: Path, media_type: str) -> None:
        """Take the file at `path` into the store under `name`; raise StorageDown.

        It is there for good when this returns.
        """
        ...

    def read(self, name: str, start: int, length: int) -> AsyncIterator[bytes]:
        """Read `length` bytes from `start`; raise NotFound or StorageDown before the first."""
        ...

    async def delete(self, name: str) -> None:
        """Remove a file; one that is not there is no error. Raise StorageDown."""
        ...
