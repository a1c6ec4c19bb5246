"""Link cards: what a link leads to, looked up by the author's node alone and sent with the status.

Whoever reads never makes anybody ask the linked site. Looked up are links in what everybody may
read, and links to hosts that the site lists: no other host learns what is written here.
"""

import re
from html import unescape
from urllib.parse import urlsplit

from actors.addresses import held_status
from federation.activity import iso, text, time_ms, url_of
from federation.database import Reader, Row, Transaction
from federation.errors import NodeError
from federation.html import clean_name
from federation.node import Node
from federation.origins import origin_of
from federation.vocabulary import Document
from outbox.visibility import PUBLIC_KINDS

URL_CHARACTERS_MAX = 2_000
TITLE_CHARACTERS_MAX = 300
DESCRIPTION_CHARACTERS_MAX = 1_000
NAME_CHARACTERS_MAX = 200
SIDE_PIXELS_MAX = 100_000
_LINK = re.compile(r"<a\s[^>]*>")
_HREF = re.compile(r'\bhref="(https?://[^"]+)"')
# Mentions and tags are links, too.
_OTHER = re.compile(r'\bclass="[^"]*\b(mention|hashtag)\b|\brel="[^"]*\btag\b')


def first_link(html: str) -> str | None:
    """The first link in a text that is neither a mention nor a tag."""
    for anchor in _LINK.findall(html):
        href = _HREF.search(anchor)
        if href and not _OTHER.search(anchor):
            url = unescape(href[1])
            return url if len(url) <= URL_CHARACTERS_MAX else None
    return None


def may_be_asked(node: Node, audience_kind: str, url: str) -> bool:
    """Whether the host of a link may learn that somebody here wrote of it."""
    options = node.options.media
    host = (urlsplit(url).hostname or "").lower()
    if host in options.card_hosts:
        return True
    return options.cards and not node.is_closed and audience_kind in PUBLIC_KINDS


async def want_card(node: Node, tx: Transaction, status: Row) -> None:
    """Let the loop look up the link of a status that has no card, or none any more."""
    url = first_link(status["content_html"])
    if url is None or node.uris.is_ours(url):
        return
    held = await held_status(tx, url)
    if held is not None and held[1] not in PUBLIC_KINDS:
        # Its author's server would learn that somebody here has the address.
        return
    if may_be_asked(node, status["audience_kind"], url):
        await tx.execute(
            "INSERT INTO card_wanted (status_id, url, created_at) VALUES (?, ?, ?)",
            status["id"],
            url,
            node.clock(),
        )
        tx.after_commit(node.card_wake.set)


async def drop_card(tx: Transaction, status_id: int) -> None:
    """Take the card off a status; the file of its picture belongs to nothing from then on."""
    await tx.execute("DELETE FROM card_wanted WHERE status_id = ?", status_id)
    await tx.execute("UPDATE media_file SET status_id = NULL WHERE status_id = ?", status_id)
    if await tx.execute("DELETE FROM card WHERE status_id = ?", status_id):
        await tx.execute("UPDATE status SET card_at = NULL WHERE id = ?", status_id)


async def put_card(node: Node, tx: Transaction, status: Row, card: dict[str, object]) -> None:
    """Give a status its card, in place of one it may have."""
    now = max(node.clock(), (status["card_at"] or 0) + 1)
    row = {"status_id": status["id"], "created_at": now, **card}
    names, places = ", ".join(row), ", ".join("?" * len(row))
    await tx.execute("DELETE FROM card WHERE status_id = ?", status["id"])
    await tx.execute(f"INSERT INTO card ({names}) VALUES ({places})", *row.values())
    await tx.execute("UPDATE status SET card_at = ? WHERE id = ?", now, status["id"])


async def card_part(reader: Reader, status: Row) -> Document:
    """The `preview` of a status's document; nothing when it has no card."""
    if status["card_at"] is None:
        return {}
    row = await reader.row("SELECT * FROM card WHERE status_id = ?", status["id"])
    if row is None:
        return {}
    page: Document = {
        "type": "Page",
        "url": row["url"],
        "name": row["title"],
        "summary": row["description"] or None,
    }
    if row["author_name"]:
        page["attributedTo"] = {"type": "Person", "name": row["author_name"]}
    if row["provider_name"]:
        page["generator"] = {"type": "Application", "name": row["provider_name"]}
    if row["published_at"] is not None:
        page["published"] = iso(row["published_at"])
    if row["image_url"]:
        page["image"] = {
            "type": "Image",
            "mediaType": "image/webp",
            "url": row["image_url"],
            "name": row["image_description"] or None,
            "width": row["image_width"],
            "height": row["image_height"],
            "blurhash": row["blurhash"],
        }
    return {"preview": page}


async def store_received(
    node: Node, tx: Transaction, status: Row, document: Document, author: Row
) -> bool:
    """Keep the card that came with a status of somebody else's, or take off the one it had.

    Returns whether there was one or is one now.
    """
    read = read_card(document, author["origin"])
    if read is not None:
        await put_card(node, tx, status, read)
    elif status["card_at"] is not None:
        await drop_card(tx, status["id"])
    return read is not None or status["card_at"] is not None


def read_card(document: Document, origin: str) -> dict[str, object] | None:
    """The card in a received document; None when there is none that can be shown.

    Its picture counts only from the author's own node: a reader's node asks nobody else.
    """
    page = document.get("preview")
    if not isinstance(page, dict) or page.get("type") != "Page":
        return None
    url, title = url_of(page.get("url")), _words(page, "name", TITLE_CHARACTERS_MAX)
    if url is None or not title or len(url) > URL_CHARACTERS_MAX:
        return None
    image = page.get("image")
    return {
        "url": url,
        "title": title,
        "description": _words(page, "summary", DESCRIPTION_CHARACTERS_MAX),
        "author_name": _name(page.get("attributedTo")),
        "provider_name": _name(page.get("generator")),
        "published_at": time_ms(page.get("published")),
        **(_image(image, origin) if isinstance(image, dict) else {}),
    }


def _image(image: Document, origin: str) -> dict[str, object]:
    url = url_of(image.get("url"))
    try:
        own = url is not None and origin_of(url) == origin
    except NodeError:
        own = False
    if not own:
        return {}
    blurhash = text(image, "blurhash")
    return {
        "image_url": url,
        "image_description": _words(image, "name", DESCRIPTION_CHARACTERS_MAX),
        "image_width": _pixels(image.get("width")),
        "image_height": _pixels(image.get("height")),
        "blurhash": blurhash if blurhash and len(blurhash) <= 100 else None,
    }


def _pixels(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 < value <= SIDE_PIXELS_MAX else None


def _name(value: object) -> str:
    return _words(value, "name", NAME_CHARACTERS_MAX) if isinstance(value, dict) else ""


def _words(document: Document, name: str, characters_max: int) -> str:
    return clean_name(text(document, name) or "")[:characters_max]
