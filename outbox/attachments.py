"""Media of statuses as they are described on the wire; the files stay where they are."""

from dataclasses import dataclass
from typing import Any

from federation.activity import text, url_of, values
from federation.database import Transaction
from federation.node import Node
from federation.vocabulary import Document

ATTACHMENTS_MAX = 16
DESCRIPTION_CHARACTERS_MAX = 1500
SIDE_PIXELS_MAX = 1_000_000
TYPES = {"image": "image", "video": "video", "audio": "audio"}
MEDIA_OBJECTS = {"Image": "image", "Video": "video", "Audio": "audio"}


@dataclass(frozen=True, slots=True)
class Media:
    """One attachment of somebody else."""

    type: str
    media_type: str | None
    url: str
    description: str | None
    blurhash: str | None
    focus: tuple[float, float] | None
    size: tuple[int, int] | None


def read_attachments(document: Document) -> list[Media]:
    """The media of an object: `attachment`, and what a Video, Audio or Image itself is."""
    found = [media for item in values(document, "attachment") if (media := _read(item))]
    kind = MEDIA_OBJECTS.get(text(document, "type") or "")
    if kind and not found:
        url = url_of(document.get("url"), f"{kind}/")
        if url:
            found = [Media(kind, None, url, None, None, None, None)]
    return found[:ATTACHMENTS_MAX]


def _read(item: Any) -> Media | None:
    if not isinstance(item, dict) or item.get("type") in ("PropertyValue", "Link", "Note"):
        return None
    url = url_of(item.get("url")) or url_of(item.get("href"))
    if url is None:
        return None
    media_type = (text(item, "mediaType") or "")[:100]
    kind = TYPES.get(media_type.partition("/")[0]) or MEDIA_OBJECTS.get(text(item, "type") or "")
    description = text(item, "summary") or text(item, "name")
    blurhash = text(item, "blurhash")
    width, height = item.get("width"), item.get("height")
    sized = (
        (width, height)
        if isinstance(width, int)
        and isinstance(height, int)
        and 0 < width < SIDE_PIXELS_MAX
        and 0 < height < SIDE_PIXELS_MAX
        else None
    )
    return Media(
        kind or "unknown",
        media_type or None,
        url,
        description[:DESCRIPTION_CHARACTERS_MAX] if description else None,
        blurhash if blurhash and len(blurhash) <= 100 else None,
        _focus(item.get("focalPoint")),
        sized,
    )


def _focus(value: Any) -> tuple[float, float] | None:
    if not isinstance(value, list) or len(value) != 2:
        return None
    x, y = value
    if not all(isinstance(n, int | float) and -1 <= n <= 1 for n in (x, y)):
        return None
    return float(x), float(y)


async def store_attachments(
    node: Node, tx: Transaction, status_id: int, actor_id: int, media: list[Media]
) -> None:
    """Record the media of a status in their order."""
    if not media:
        return
    await tx.many(
        "INSERT INTO attachment (id, status_id, actor_id, position, type, media_type, url,"
        " remote_url, description, blurhash, focus_x, focus_y, width, height, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                node.ids.next(),
                status_id,
                actor_id,
                position,
                item.type,
                item.media_type,
                item.url,
                item.url,
                item.description,
                item.blurhash,
                item.focus[0] if item.focus else None,
                item.focus[1] if item.focus else None,
                item.size[0] if item.size else None,
                item.size[1] if item.size else None,
                node.clock(),
            )
            for position, item in enumerate(media)
        ],
    )
