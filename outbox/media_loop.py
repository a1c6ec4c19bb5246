"""The loop behind media: films are made, and files that belong to nothing any more are removed.

The database says what is to be done, so whatever stops a node is taken up where it was.
"""

import asyncio
import shutil
import time

import structlog

from federation.database import Row, Transaction
from federation.errors import NodeError
from federation.node import Node
from outbox.copies import trim
from outbox.uploads import ATTEMPTS_MAX, CLAIM_MS, LOOSE_MS, make_film, waiting_file

EVERY_S = 60.0
BATCH = 200
LEFT_S = 86_400.0
WORKED_ON_S = 7_200.0

_log = structlog.get_logger(__name__)

# Due is what nobody works on.
_DUE = (
    "SELECT id, attempts FROM attachment WHERE progress = 'pending'"
    " AND (claimed_until IS NULL OR claimed_until < ?) ORDER BY id LIMIT 1"
)
# A scheduled status has its media, too.
_LOOSE = (
    "status_id IS NULL AND NOT EXISTS (SELECT 1 FROM scheduled_attachment w"
    " WHERE w.attachment_id = attachment.id)"
)
_FILES = (
    "SELECT name FROM media_file WHERE attachment_id IS NULL AND status_id IS NULL"
    " AND (actor_id IS NULL OR (created_at <= ? AND NOT EXISTS (SELECT 1 FROM actor"
    " WHERE actor.id = media_file.actor_id"
    " AND (actor.icon_url = CAST(? AS TEXT) || media_file.name"
    " OR actor.image_url = CAST(? AS TEXT) || media_file.name)))) ORDER BY name LIMIT ?"
)
# A picture is put into the store a moment before its actor has it.
_PICTURE_SETTLES_MS = 60_000


async def media_once(node: Node) -> int:
    """Make the films that wait, forget uploads that nobody used, remove files of nothing.

    Returns how many films and files were dealt with.
    """
    dealt = 0
    while (row := await _claim(node)) is not None:
        if row["attempts"] < ATTEMPTS_MAX:
            await make_film(node, row["id"])
        else:
            await _give_up(node, row["id"])
        dealt += 1
    await _forget_unused(node)
    await trim(node)
    return dealt + await _remove_files(node)


async def _claim(node: Node) -> Row | None:
    async def work(tx: Transaction) -> Row | None:
        row = await tx.row(_DUE, node.clock())
        if row is not None:
            await tx.execute(
                "UPDATE attachment SET claimed_until = ?, attempts = attempts + 1 WHERE id = ?",
                node.clock() + CLAIM_MS,
                row["id"],
            )
        return row

    if await node.db.row(_DUE, node.clock()) is None:
        return None
    return await node.db.write(work)


async def _give_up(node: Node, media_id: int) -> None:
    """Twice a process ended in the middle of it: it is not tried a third time."""

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE attachment SET progress = 'failed', failure = 'media.broken' WHERE id = ?",
            media_id,
        )

    await node.db.write(work)
    await asyncio.to_thread(waiting_file(node, media_id).unlink, missing_ok=True)


async def _forget_unused(node: Node) -> None:
    """Forget uploads that no status took within a day; what left its status has another day."""
    now = node.clock()
    due = f"SELECT id FROM attachment WHERE {_LOOSE} AND kept_until < ? LIMIT ?"
    new = f"SELECT 1 FROM attachment WHERE {_LOOSE} AND kept_until IS NULL LIMIT 1"
    ids = [row["id"] for row in await node.db.rows(due, now, BATCH)]
    if not ids and await node.db.value(new) is None:
        return

    async def work(tx: Transaction) -> None:
        await tx.execute(
            f"UPDATE attachment SET kept_until = ? WHERE {_LOOSE} AND kept_until IS NULL",
            now + LOOSE_MS,
        )
        await tx.many(
            f"DELETE FROM attachment WHERE id = ? AND {_LOOSE} AND kept_until < ?",
            [(media_id, now) for media_id in ids],
        )

    await node.db.write(work)
    for media_id in ids:
        await asyncio.to_thread(waiting_file(node, media_id).unlink, missing_ok=True)


async def _remove_files(node: Node) -> int:
    """Remove the files whose rows belong to nothing, then the rows; what fails stays for later."""
    prefix = node.uris.picture("")
    settled = node.clock() - _PICTURE_SETTLES_MS
    rows = await node.db.rows(_FILES, settled, prefix, prefix, BATCH)
    gone: list[str] = []
    for row in rows:
        try:
            await node.storage.delete(row["name"])
        except NodeError:
            _log.warning("media.not_removed", name=row["name"])
            break
        gone.append(row["name"])
    if gone:

        async def work(tx: Transaction) -> None:
            await tx.many("DELETE FROM media_file WHERE name = ?", [(name,) for name in gone])

        await node.db.write(work)
    return len(gone)


def clear_work(node: Node) -> None:
    """Remove what a stop left in the work folder; files that wait for their turn stay a day."""
    now = time.time()
    for path in (node.storage.work / "incoming").iterdir():
        if path.stat().st_mtime < now - LEFT_S:
            path.unlink(missing_ok=True)
    for folder in node.storage.work.iterdir():
        # Nothing is worked on for so long, by another process of this node either.
        if folder.name != "incoming" and folder.stat().st_mtime < now - WORKED_ON_S:
            shutil.rmtree(folder, ignore_errors=True)


async def media_loop(node: Node) -> None:
    """Do what is due when woken and every minute, until cancelled."""
    await asyncio.to_thread(clear_work, node)
    while True:
        try:
            await media_once(node)
        except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
            _log.exception("media.failed")
        await node.media_wake.wait(EVERY_S)
