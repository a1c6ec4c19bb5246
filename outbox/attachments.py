"""Media of statuses: described on the wire, and those of this node given to a status of ours.

An attachment keeps its author; in `status_id` it has the one status it belongs to, if any.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from federation.activity import text, url_of, values
from federation.admission import rejects_media
from federation.database import Reader, Row, Transaction, marks
from federation.errors import Invalid, describe
from federation.node import Node
from federation.origins import origin_of
from federation.vocabulary import Document

describe(
    {
        "media.unusable": "{field} names a file that is not yours, or is in use already.",
        "media.too_many": "{field} names more than {max} files.",
        "media.not_processed": "{field} names a file that is still being processed; ask for it"
        " again until it is ready.",
        "media.not_made": "{field} names a file that could not be processed; send it again.",
    }
)

ATTACHMENTS_MAX = 16
OWN_MAX = 4
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
    preview_url: str | None = None


def read_attachments(document: Document) -> list[Media]:
    """The media of an object: `attachment`, and what a Video, Audio or Image itself is."""
    found = [media for item in values(document, "attachment") if (media := _read(item))]
    kind = MEDIA_OBJECTS.get(text(document, "type") or "")
    if kind and not found:
        url = url_of(document.get("url"), f"{kind}/")
        if url:
            found = [Media(kind, None, url, None, None, None, None)]
    return found[:ATTACHMENTS_MAX]


async def taken_attachments(reader: Reader, document: Document, author: Row) -> list[Media]:
    """The media of an object of somebody else, without what staff does not take from there.

    Neither from the author's origin, whatever serves its files, nor from one that serves them.
    """
    media = read_attachments(document)
    if not media or await rejects_media(reader, author["origin"]):
        return []
    origins = {origin_of(item.url) for item in media} - {author["origin"]}
    rejected = {origin for origin in origins if await rejects_media(reader, origin)}
    return [item for item in media if origin_of(item.url) not in rejected]


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
        _preview(item, url),
    )


def _preview(item: Document, url: str) -> str | None:
    """A smaller picture of it (`icon`), when it stands beside it."""
    icon = item.get("icon")
    found = url_of(icon.get("url"), "image/") if isinstance(icon, dict) else None
    return found if found and origin_of(found) == origin_of(url) else None


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
        " remote_url, preview_url, description, blurhash, focus_x, focus_y, width, height,"
        " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                item.preview_url,
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


async def unattached(reader: Reader, actor_id: int, media_ids: Sequence[int]) -> list[Row]:
    """The media of an actor that are in no status and in no scheduled one, as asked for.

    Raises Invalid naming `media_ids` when one of them is none of these, or there are too many.
    """
    wanted = list(dict.fromkeys(media_ids))
    if not wanted:
        return []
    if len(wanted) > OWN_MAX:
        raise Invalid("media.too_many", field="media_ids", max=str(OWN_MAX))
    rows = await reader.rows(
        f"SELECT * FROM attachment WHERE id IN ({marks(wanted)}) AND actor_id = ?"
        " AND status_id IS NULL AND NOT EXISTS (SELECT 1 FROM scheduled_attachment w"
        " WHERE w.attachment_id = attachment.id)",
        *wanted,
        actor_id,
    )
    found = {row["id"]: row for row in rows}
    if len(found) < len(wanted):
        raise Invalid("media.unusable", field="media_ids")
    if any(row["progress"] == "pending" for row in rows):
        raise Invalid("media.not_processed", field="media_ids")
    if any(row["progress"] == "failed" for row in rows):
        raise Invalid("media.not_made", field="media_ids")
    return [found[media_id] for media_id in wanted]


async def claim_media(
    tx: Transaction, actor_id: int, status_id: int, media_ids: Sequence[int]
) -> None:
    """Give a status media of its author that nothing else uses, in this order.

    Raises Invalid as `unattached` does.
    """
    for position, row in enumerate(await unattached(tx, actor_id, media_ids)):
        await tx.execute(
            "UPDATE attachment SET status_id = ?, position = ? WHERE id = ?",
            status_id,
            position,
            row["id"],
        )


async def release_media(tx: Transaction, status_id: int) -> None:
    """Take the media off a status of this node: their author may use them again."""
    await tx.execute(
        "UPDATE attachment SET status_id = NULL, kept_until = NULL WHERE status_id = ?", status_id
    )
