"""Uploads: a file becomes media of its sender, or nothing at all.

Images and documents are made while their sender waits. Films are looked at then, and made by a
loop: their row is the queue, their file waits in the work folder, and a node that stops in
between takes them up again.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from federation.database import Row, Transaction
from federation.errors import Invalid, NotFound, TooLarge, describe
from federation.node import Node
from federation.storage import file_name
from outbox import films
from outbox.images import made_by
from outbox.sniffing import START_BYTES, Kind, kind_of
from outbox.workers import WorkerFailed

DESCRIPTION_CHARACTERS_MAX = 1500
FILE_NAME_CHARACTERS_MAX = 100
LOOSE_MS = 86_400_000
CLAIM_MS = 20 * 60_000
ATTEMPTS_MAX = 2

describe(
    {
        "media.type": "{field} is of a type that is not accepted here; images, films, sounds, PDF,"
        " office documents and plain text are.",
        "media.too_large": "{field} is larger than {max} bytes.",
        "media.broken": "{field} cannot be read: it is broken, or not whole.",
        "media.pixels": "{field} has too many pixels.",
        "media.frame_rate": "{field} has more than {max} pictures a second.",
        "media.bomb": "{field} unpacks to far more than it should.",
        "media.macros": "{field} holds macros; save it without them.",
        "media.archive": "{field} is an archive of a form that is not accepted.",
        "media.description": "{field} has more than {max} characters.",
        "media.not_wanted": "{field} came for media that take no other picture.",
    }
)


@dataclass(frozen=True, slots=True)
class About:
    """What a person says of her file."""

    description: str | None = None
    focus: tuple[float, float] | None = None
    file_name: str | None = None


@dataclass(slots=True)
class Made:
    """What became of a file: its columns, and the files to keep by purpose."""

    columns: dict[str, Any]
    files: dict[str, tuple[Path, str]] = field(default_factory=dict[str, tuple[Path, str]])


@asynccontextmanager
async def work_folder(node: Node) -> AsyncGenerator[Path]:
    """A folder for one piece of work, gone with all that is in it at the end."""
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=node.storage.work))
    try:
        yield folder
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def sniff(node: Node, path: Path, name: str = "file") -> Kind:
    """What the file is; Invalid naming the field when it is nothing accepted, or too large."""

    def look() -> tuple[bytes, int]:
        with path.open("rb") as file:
            return file.read(START_BYTES), path.stat().st_size

    start, size = await asyncio.to_thread(look)
    kind = kind_of(start)
    if kind is None:
        raise Invalid("media.type", field=name)
    options = node.options.media
    limit = options.bytes_max if kind.family == "film" else options.image_bytes_max
    if size > limit:
        raise MediaTooLarge("media.too_large", field=name, max=str(limit))
    return kind


class MediaTooLarge(TooLarge):
    """413: the file of `field` has more bytes than are accepted."""


async def take_in(node: Node, actor_id: int, path: Path, about: About, *, at_once: bool) -> Row:
    """Make media of a file, which may be moved or changed; return the row of the upload.

    Films are pending in it unless `at_once`. Raises Invalid naming `file` or `description`;
    then nothing is stored.
    """
    if about.description and len(about.description) > DESCRIPTION_CHARACTERS_MAX:
        most = str(DESCRIPTION_CHARACTERS_MAX)
        raise Invalid("media.description", field="description", max=most)
    kind = await sniff(node, path)
    async with work_folder(node) as folder:
        made = await _at_once(node, path, kind, folder)
        if made is not None:
            media_id = node.ids.next()
            await _insert(node, media_id, actor_id, about, made.columns, claimed=True)
            try:
                await finish(node, media_id, made)
            except BaseException:
                await forget(node, media_id)
                raise
            return await get(node, media_id)
    if not films.are_installed():
        raise Invalid("media.type", field="file")
    film = await films.probe(node, path, kind)
    columns = {"type": "video" if film.video else "audio", "media_type": kind.media_type}
    if kind.demuxer == "gif":
        columns["type"] = "gifv"
    # The file first: a row without its file cannot be made.
    media_id = node.ids.next()
    await asyncio.to_thread(shutil.move, path, waiting_file(node, media_id))
    await _insert(node, media_id, actor_id, about, columns, claimed=at_once)
    if at_once:
        await make_film(node, media_id)
    else:
        node.media_wake.set()
    return await get(node, media_id)


def waiting_file(node: Node, media_id: int) -> Path:
    """Where the file of a pending upload waits."""
    return node.storage.work / "incoming" / str(media_id)


async def _at_once(node: Node, path: Path, kind: Kind, folder: Path) -> Made | None:
    """What an image or a document becomes; None for films, and for images that move."""
    if kind.family == "film":
        return None
    if kind.family == "document":
        extension, media_type = kind.extension, kind.media_type
        if kind.act:
            said = await made_by(node, kind.act, path, folder)
            extension, media_type = said["extension"], said["media_type"]
        kept = folder / f"original.{extension}"
        await asyncio.to_thread(shutil.copyfile, path, kept)
        columns = {"type": "unknown", "media_type": media_type}
        return Made(columns, {"attachment": (kept, media_type)})
    said = await made_by(node, "attachment", path, folder)
    if said.get("animated"):
        return None
    files = {
        "attachment": (folder / said["file"], said["media_type"]),
        "preview": (folder / said["preview"], "image/webp"),
    }
    names = ("width", "height", "preview_width", "preview_height", "blurhash", "media_type")
    return Made({"type": "image"} | {name: said[name] for name in names}, files)


async def _insert(
    node: Node,
    media_id: int,
    actor_id: int,
    about: About,
    columns: dict[str, Any],
    *,
    claimed: bool,
) -> None:
    now = node.clock()
    focus = about.focus or (None, None)
    row: dict[str, Any] = {
        "id": media_id,
        "actor_id": actor_id,
        "progress": "pending",
        "claimed_until": now + CLAIM_MS if claimed else None,
        "attempts": 1 if claimed else 0,
        "kept_until": now + LOOSE_MS,
        "description": about.description or None,
        "focus_x": focus[0],
        "focus_y": focus[1],
        "file_name": plain_file_name(about.file_name),
        "created_at": now,
        **columns,
    }

    async def work(tx: Transaction) -> None:
        names, places = ", ".join(row), ", ".join("?" * len(row))
        await tx.execute(f"INSERT INTO attachment ({names}) VALUES ({places})", *row.values())

    await node.db.write(work)


def plain_file_name(name: str | None) -> str | None:
    """A name to offer when the file is saved again: no folders, nothing that does not print."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isprintable()).strip(". ")
    return kept[:FILE_NAME_CHARACTERS_MAX] or None


async def finish(node: Node, media_id: int, made: Made) -> None:
    """Put the files into the store, and say that the upload is done.

    The rows of the files come first, so that no file is ever without a row.
    """
    names = {purpose: file_name(path.suffix[1:]) for purpose, (path, _) in made.files.items()}
    await node.db.write(lambda tx: _insert_files(node, tx, media_id, made, names))
    for purpose, (path, media_type) in made.files.items():
        await node.storage.put(names[purpose], path, media_type)
    columns = made.columns | {"progress": "done", "claimed_until": None, "failure": None}
    for purpose, column in (("attachment", "url"), ("preview", "preview_url")):
        if purpose in names:
            columns[column] = node.uris.media(names[purpose])

    async def work(tx: Transaction) -> None:
        settings = ", ".join(f"{name} = ?" for name in columns)
        await tx.execute(
            f"UPDATE attachment SET {settings} WHERE id = ?", *columns.values(), media_id
        )

    await node.db.write(work)


async def _insert_files(
    node: Node, tx: Transaction, media_id: int, made: Made, names: dict[str, str]
) -> None:
    if await tx.value("SELECT 1 FROM attachment WHERE id = ?", media_id) is None:
        # It was taken back meanwhile.
        raise NotFound("record.not_found")
    await insert_files(node, tx, "attachment_id", media_id, made, names)


async def insert_files(
    node: Node, tx: Transaction, owner: str, owner_id: int, made: Made, names: dict[str, str]
) -> None:
    """Record files before they are put into the store; `owner` is the column that has them."""
    await tx.many(
        f"INSERT INTO media_file (name, purpose, {owner}, media_type, bytes, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            (names[purpose], purpose, owner_id, media_type, path.stat().st_size, node.clock())
            for purpose, (path, media_type) in made.files.items()
        ],
    )


async def make_film(node: Node, media_id: int) -> None:
    """Make the film that waits for this upload; what cannot be made is written down as failed."""
    row = await node.db.row("SELECT * FROM attachment WHERE id = ?", media_id)
    if row is None:
        return
    path = waiting_file(node, media_id)
    try:
        async with work_folder(node) as folder:
            made = await _film(node, path, folder)
            chosen = await node.db.row(
                "SELECT preview_width, preview_height, blurhash FROM attachment"
                " WHERE id = ? AND preview_url IS NOT NULL",
                media_id,
            )
            if chosen is not None:
                # A person who chose a picture of her own keeps it.
                made.files.pop("preview", None)
                made.columns |= dict(chosen)
            await finish(node, media_id, made)
    except (WorkerFailed, Invalid, FileNotFoundError) as error:
        code = error.code if isinstance(error, Invalid) else "media.broken"
        await _fail(node, media_id, code)
    except NotFound:
        # Taken back while it was made.
        node.media_wake.set()
    await asyncio.to_thread(path.unlink, missing_ok=True)


async def _film(node: Node, path: Path, folder: Path) -> Made:
    kind = await sniff(node, path)
    film = await films.probe(node, path, kind)
    moving = kind.demuxer == "gif"
    if film.video is None:
        sound, media_type, made = await films.make_sound(node, path, kind, film, folder)
        columns = {"type": "audio", "media_type": media_type} | _figures(made)
        return Made(columns, {"attachment": (sound, media_type)})
    video, made = await films.make_video(node, path, kind, film, folder, silent=moving)
    columns: dict[str, Any] = {
        "type": "gifv" if moving else "video",
        "media_type": "video/mp4",
        "width": made.width,
        "height": made.height,
        "frame_rate": made.frame_rate,
    }
    frame = await films.make_frame(node, video, folder)
    said = await made_by(node, "preview", frame, folder)
    columns |= {name: said[name] for name in ("preview_width", "preview_height", "blurhash")}
    files = {
        "attachment": (video, "video/mp4"),
        "preview": (folder / said["preview"], "image/webp"),
    }
    return Made(columns | _figures(made), files)


def _figures(film: films.Film) -> dict[str, Any]:
    return {"duration_s": film.duration_s, "bitrate": film.bitrate}


async def _fail(node: Node, media_id: int, code: str) -> None:
    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE attachment SET progress = 'failed', failure = ?, claimed_until = NULL"
            " WHERE id = ?",
            code,
            media_id,
        )

    await node.db.write(work)


async def forget(node: Node, media_id: int) -> None:
    """Forget an upload that no status has; its files go after the commit."""

    async def work(tx: Transaction) -> None:
        await tx.execute("DELETE FROM attachment WHERE id = ? AND status_id IS NULL", media_id)

    await node.db.write(work)
    await asyncio.to_thread(waiting_file(node, media_id).unlink, missing_ok=True)
    node.media_wake.set()


async def get(node: Node, media_id: int) -> Row:
    """The row of an upload that was just made."""
    row = await node.db.row("SELECT * FROM attachment WHERE id = ?", media_id)
    assert row is not None, "it was just written"
    return row
