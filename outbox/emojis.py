"""This site's own emojis: a shortcode and a small picture, for whoever writes here.

The picture's kind is read from its first bytes; whatever is no PNG, GIF or WebP is refused.
"""

import re
from collections.abc import Iterable, Sequence

import orjson

from federation.database import Reader, Row, Transaction, marks
from federation.errors import Invalid, describe
from federation.node import Node
from federation.vocabulary import Document

SHORTCODE = re.compile(r"[A-Za-z0-9_]{2,50}")
WRITTEN = re.compile(r"(?<![\w:]):([A-Za-z0-9_]{2,50}):(?![\w:])")
CONTENT_BYTES_MAX = 256_000
CODES_MAX = 50

describe(
    {
        "emoji.shortcode": "{came} is no shortcode; use 2 to 50 letters, digits and underscores.",
        "emoji.picture": "The picture must be a PNG, GIF or WebP of at most {max} bytes.",
        "emoji.unknown": "There is no emoji {came} here.",
    }
)


async def add(
    node: Node, tx: Transaction, shortcode: str, content: bytes, category: str | None = None
) -> None:
    """Store an emoji, in the place of one of the same name; Invalid names what is wrong."""
    if not SHORTCODE.fullmatch(shortcode):
        raise Invalid("emoji.shortcode", field="shortcode", came=shortcode)
    media_type = kind_of(content)
    if media_type is None or len(content) > CONTENT_BYTES_MAX:
        raise Invalid("emoji.picture", field="picture", max=str(CONTENT_BYTES_MAX))
    await tx.execute(
        "INSERT INTO custom_emoji (shortcode, media_type, content, category, created_at)"
        " VALUES (?, ?, ?, CAST(? AS TEXT), ?) ON CONFLICT (shortcode) DO UPDATE SET"
        " media_type = excluded.media_type, content = excluded.content,"
        " category = excluded.category, is_disabled = FALSE, created_at = excluded.created_at",
        shortcode,
        media_type,
        content,
        category,
        node.clock(),
    )


async def remove(tx: Transaction, shortcode: str) -> None:
    """Offer an emoji no longer; where it was used it is still shown. Invalid for an unknown one."""
    if not await tx.execute(
        "UPDATE custom_emoji SET is_disabled = TRUE WHERE shortcode = ?", shortcode
    ):
        raise Invalid("emoji.unknown", field="shortcode", came=shortcode)


def kind_of(content: bytes) -> str | None:
    """The media type of a picture by its first bytes; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def codes_in(text: str) -> list[str]:
    """The shortcodes that a text may mean, each once."""
    return list(dict.fromkeys(WRITTEN.findall(text)))[:CODES_MAX]


async def offered(reader: Reader) -> Sequence[Row]:
    """The emojis one can write here, by name; without their pictures."""
    return await reader.rows(
        "SELECT shortcode, media_type, category, created_at FROM custom_emoji"
        " WHERE NOT is_disabled ORDER BY shortcode"
    )


async def known(reader: Reader, shortcodes: Iterable[str]) -> Sequence[Row]:
    """Those of these that are emojis of this site."""
    wanted = list(dict.fromkeys(shortcodes))
    if not wanted:
        return []
    return await reader.rows(
        "SELECT shortcode, media_type, category, created_at FROM custom_emoji"
        f" WHERE shortcode IN ({marks(wanted)}) AND NOT is_disabled ORDER BY shortcode",
        *wanted,
    )


async def keep_emojis(node: Node, tx: Transaction, status_id: int, text: str) -> None:
    """Write down which of this site's emojis a status of ours uses."""
    rows = await known(tx, codes_in(text)) if ":" in text else []
    kept = [{"shortcode": row["shortcode"], "url": picture_url(node, row)} for row in rows]
    if kept or ":" in text:
        await tx.execute(
            "UPDATE status SET emojis = ? WHERE id = ?", orjson.dumps(kept).decode(), status_id
        )


def tags_of(status: Row) -> list[Document]:
    """The `Emoji` tags of a status of ours, from what was written down."""
    return [
        {
            "id": item["url"],
            "type": "Emoji",
            "name": f":{item['shortcode']}:",
            "icon": {"type": "Image", "url": item["url"]},
        }
        for item in orjson.loads(status["emojis"])
    ]


def picture_url(node: Node, row: Row) -> str:
    """Where the picture is; the moment in it lets it be kept for ever."""
    return f"{node.origin}/emojis/{row['shortcode']}?{row['created_at']}"


async def picture(reader: Reader, shortcode: str) -> Row | None:
    """The picture of an emoji: `content` and `media_type`."""
    return await reader.row(
        "SELECT content, media_type FROM custom_emoji WHERE shortcode = ?", shortcode
    )
