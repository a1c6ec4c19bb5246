"""Media in an S3-compatible store, by obstore; loaded only when the settings name one."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from obstore.exceptions import BaseError
from obstore.store import S3Store

from federation.errors import NotFound
from federation.options import MediaOptions
from federation.storage import StorageDown, is_file_name
from maillage.disk import prepare_work

PIECE_BYTES = 1_048_576
PREFIX = "media/"
TIMEOUT = timedelta(seconds=30)


class S3Storage:
    """The store in one bucket; files are private there and reach readers through this node."""

    def __init__(self, folder: Path, options: MediaOptions) -> None:
        """Connect to nothing yet; `folder` holds files on their way."""
        self._folder = folder
        self._work: Path | None = None
        self._store = S3Store(
            options.s3_bucket,
            endpoint=options.s3_url,
            region=options.s3_region,
            access_key_id=options.s3_key,
            secret_access_key=options.s3_secret,
            virtual_hosted_style_request=False,
            client_options={
                "allow_http": options.s3_url.startswith("http://"),
                "timeout": TIMEOUT,
            },
            retry_config={"max_retries": 2, "retry_timeout": TIMEOUT},
        )

    @property
    def work(self) -> Path:
        """The folder for files on their way."""
        if self._work is None:
            self._work = prepare_work(self._folder)
        return self._work

    @staticmethod
    def _key(name: str) -> str:
        assert is_file_name(name), "names are ours"
        return f"{PREFIX}{name[:2]}/{name}"

    async def put(self, name: str, path: Path, media_type: str) -> None:
        """Send a file, in parts when it is large; then it is removed here."""
        try:
            await self._store.put_async(
                self._key(name), path, attributes={"Content-Type": media_type}
            )
        except (BaseError, OSError) as error:
            raise StorageDown from error
        await asyncio.to_thread(path.unlink, missing_ok=True)

    async def read(self, name: str, start: int, length: int) -> AsyncIterator[bytes]:
        """Read a part of a file, a piece at a time."""
        end = start + length
        try:
            while start < end:
                piece = await self._store.get_range_async(
                    self._key(name), start=start, end=min(start + PIECE_BYTES, end)
                )
                yield bytes(piece)
                start += len(piece)
        except FileNotFoundError as error:
            raise NotFound("record.not_found") from error
        except BaseError as error:
            raise StorageDown from error

    async def delete(self, name: str) -> None:
        """Remove a file."""
        try:
            await self._store.delete_async(self._key(name))
        except FileNotFoundError:
            return
        except BaseError as error:
            raise StorageDown from error
