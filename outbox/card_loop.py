"""Looks up the links that wait for a card, one after the other, and sends the cards after them.

The card goes to partners of this software alone, in an Update that changes nothing else: other
servers look links up for themselves, or not at all.
"""

import asyncio
from pathlib import Path

import structlog

from federation.client import ClientError
from federation.database import Row, Transaction
from federation.errors import NodeError
from federation.node import Node
from federation.storage import file_name
from outbox import documents
from outbox.audience import recipients
from outbox.cards import may_be_asked, put_card
from outbox.events import announce_edit
from outbox.link_pages import read_page
from outbox.previews import made_of
from outbox.publish import publish
from outbox.uploads import Made, insert_files, sniff, work_folder

PAGE_BYTES_MAX = 1_000_000
PICTURE_BYTES_MAX = 5_000_000
DEADLINE_S = 10.0
EVERY_S = 60.0
HTML_TYPES = ("text/html", "application/xhtml+xml")

_log = structlog.get_logger(__name__)


async def cards_once(node: Node) -> int:
    """Look up every link that waits; return how many cards came of it."""
    made = 0
    while (wanted := await _take(node)) is not None:
        try:
            made += await _look_up(node, wanted)
        except (NodeError, ValueError) as error:
            _log.info("card.none", status_id=wanted["status_id"], reason=type(error).__name__)
    return made


async def _take(node: Node) -> Row | None:
    """The next link; it is asked for once, whatever comes of it."""
    first = "SELECT * FROM card_wanted ORDER BY status_id LIMIT 1"
    if await node.db.row(first) is None:
        return None

    async def work(tx: Transaction) -> Row | None:
        row = await tx.row(first)
        if row is not None:
            await tx.execute("DELETE FROM card_wanted WHERE status_id = ?", row["status_id"])
        return row

    return await node.db.write(work)


async def _look_up(node: Node, wanted: Row) -> int:
    status = await node.db.row("SELECT * FROM status WHERE id = ?", wanted["status_id"])
    if status is None or not may_be_asked(node, status["audience_kind"], wanted["url"]):
        return 0
    listed = not may_be_asked(node, status["audience_kind"], "")
    # A host that is listed does not send us on to one that is not.
    answer = await node.client.get(
        wanted["url"],
        headers={"Accept": "text/html, application/xhtml+xml;q=0.9"},
        limit_bytes=PAGE_BYTES_MAX,
        deadline_s=DEADLINE_S,
        redirects=0 if listed else 3,
    )
    content_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if answer.status != 200 or content_type not in HTML_TYPES:
        return 0
    text = answer.body.decode("utf-8", "replace")
    card = await asyncio.to_thread(read_page, text, answer.url)
    if card is None:
        return 0
    async with work_folder(node) as folder:
        picture = None
        image_url = card.pop("image_url")
        if isinstance(image_url, str) and may_be_asked(node, status["audience_kind"], image_url):
            picture = await _picture(node, image_url, folder, redirects=0 if listed else 3)
        return await _store(node, status, card, picture)


async def _picture(node: Node, url: str, folder: Path, *, redirects: int) -> Made | None:
    """The picture of a page, made anew; None when there is none that can be used."""
    path = folder / "picture"
    try:
        with path.open("w+b") as file:
            answer = await node.client.get(
                url,
                headers={"Accept": "image/*"},
                limit_bytes=PICTURE_BYTES_MAX,
                deadline_s=DEADLINE_S,
                redirects=redirects,
                into=file,
            )
        if answer.status != 200 or (await sniff(node, path)).family != "image":
            return None
        return await made_of(node, path, folder, "file")
    except (ClientError, NodeError):
        return None


async def _store(node: Node, status: Row, card: dict[str, object], picture: Made | None) -> int:
    name = file_name("webp")
    if picture is not None:
        made = picture

        async def record(tx: Transaction) -> None:
            await insert_files(node, tx, "status_id", status["id"], made, {"preview": name})

        await node.db.write(record)
        await node.storage.put(name, *picture.files["preview"])
        card |= {
            "image_url": node.uris.media(name),
            "image_width": picture.columns["preview_width"],
            "image_height": picture.columns["preview_height"],
            "blurhash": picture.columns["blurhash"],
        }

    async def work(tx: Transaction) -> int:
        current = await tx.row("SELECT * FROM status WHERE id = ?", status["id"])
        if current is None or current["content_html"] != status["content_html"]:
            return 0
        await put_card(node, tx, current, card)
        announce_edit(node, tx, current)
        await _tell(node, tx, status["id"])
        return 1

    return await node.db.write(work)


async def card_loop(node: Node) -> None:
    """Look up links when woken and every minute, until cancelled."""
    while True:
        try:
            await cards_once(node)
        except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
            _log.exception("card.failed")
        await node.card_wake.wait(EVERY_S)


async def _tell(node: Node, tx: Transaction, status_id: int) -> None:
    status = await tx.row("SELECT * FROM status WHERE id = ?", status_id)
    assert status is not None, "read in this write"
    author = await tx.row("SELECT * FROM actor WHERE id = ?", status["actor_id"])
    assert author is not None, "a status has its author by foreign key"
    # Only nodes of this software say that they take the instance's Ed25519 key.
    alike = {row["origin"] for row in await tx.rows("SELECT origin FROM peer WHERE takes_ed25519")}
    to = [one for one in await recipients(node, tx, status) if one.origin in alike]
    if not to:
        return
    note = await documents.note_document(node, tx, status)
    await publish(
        node,
        tx,
        documents.update_document(note, author["uri"], node.ids.next(), note["to"]),
        sender=author,
        recipients=to,
        local=False,
        audience_kind=status["audience_kind"],
    )
