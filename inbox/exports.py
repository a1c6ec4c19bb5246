"""Copies that people ask for of all that is theirs: asked, written by a loop, kept a week.

The database says what is to be written, so that whatever stops a node is taken up again; one
copy is written at a time, and a person has one at most.
"""

import asyncio
import shutil
import tempfile
from pathlib import Path

import structlog

from federation.database import Reader, Row, Transaction
from federation.errors import NodeError, NotFound, Refused, describe
from federation.node import Node
from federation.storage import file_name
from inbox.export_archive import write_archive

DAY_MS = 86_400_000
KEPT_MS = 7 * DAY_MS
CLAIM_MS = 5 * 60_000
BEAT_MS = 60_000
ATTEMPTS_MAX = 5
FIRST_WAIT_MS = 60_000
LOOK_S = 60.0
MEDIA_TYPE = "application/zip"

_log = structlog.get_logger(__name__)

describe(
    {
        "export.daily": "Your last copy is less than a day old; use it, or ask again tomorrow.",
        "export.none": "There is no copy of yours under this address.",
    }
)


async def ask(node: Node, tx: Transaction, account_id: int) -> int:
    """Ask for a copy and return its number; the same while one is being written.

    Raises Refused within a day after the last one.
    """
    last = await current(tx, account_id)
    if last is not None and last["progress"] == "pending":
        return last["id"]
    is_new = last is not None and last["created_at"] > node.clock() - DAY_MS
    if last is not None and last["progress"] == "done" and is_new:
        raise Refused("export.daily")
    number = node.ids.next()
    await tx.execute(
        "INSERT INTO export (id, account_id, progress, created_at) VALUES (?, ?, 'pending', ?)",
        number,
        account_id,
        node.clock(),
    )
    tx.after_commit(node.export_wake.set)
    return number


async def current(reader: Reader, account_id: int) -> Row | None:
    """The newest copy of a person, in whatever state; None when she has none."""
    return await reader.row(
        "SELECT export.* FROM export WHERE account_id = ? ORDER BY id DESC LIMIT 1", account_id
    )


async def ready(node: Node, reader: Reader, account_id: int, export_id: int) -> Row:
    """A copy that can be fetched by this person; NotFound for any other one."""
    row = await reader.row(
        "SELECT export.* FROM export WHERE id = ? AND account_id = ? AND progress = 'done'"
        " AND done_at > ?",
        export_id,
        account_id,
        node.clock() - KEPT_MS,
    )
    if row is None:
        raise NotFound("export.none")
    return row


def ends_at(row: Row) -> int:
    """Until when a copy that is there is kept (ms)."""
    return row["done_at"] + KEPT_MS


# The loop ---------------------------------------------------------------------------------------


async def exports_once(node: Node) -> int:
    """Write the copies that wait and remove the old ones; return how many were written."""
    written = 0
    while (row := await _claim(node)) is not None:
        written += await _write(node, row)
    await _forget(node)
    return written


_DUE = (
    "SELECT export.* FROM export WHERE progress = 'pending' AND account_id IS NOT NULL"
    " AND claimed_until < ? ORDER BY id LIMIT 1"
)


async def _claim(node: Node) -> Row | None:
    async def work(tx: Transaction) -> Row | None:
        row = await tx.row(_DUE, node.clock())
        if row is None:
            return None
        # The file has its name before it is there.
        await tx.execute(
            "UPDATE export SET claimed_until = ?, attempts = attempts + 1,"
            " file_name = CASE WHEN file_name = '' THEN ? ELSE file_name END WHERE id = ?",
            node.clock() + CLAIM_MS,
            file_name("zip"),
            row["id"],
        )
        return await tx.row("SELECT export.* FROM export WHERE id = ?", row["id"])

    if await node.db.row(_DUE, node.clock()) is None:
        return None
    return await node.db.write(work)


async def _write(node: Node, row: Row) -> bool:
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=node.storage.work))
    try:
        actor_id = await node.db.value(
            "SELECT actor_id FROM account WHERE id = ?", row["account_id"]
        )
        if actor_id is None:
            return False
        path = folder / "copy.zip"
        size = await write_archive(node, actor_id, path, _Beat(node, row["id"]))
        await node.storage.put(row["file_name"], path, MEDIA_TYPE)
    except (NodeError, OSError) as error:
        _log.warning("export.not_written", export=row["id"], error=type(error).__name__)
        await node.db.write(lambda tx: _put_off(node, tx, row))
        return False
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    await node.db.write(lambda tx: _done(node, tx, row["id"], size))
    return True


class _Beat:
    """Says that a copy is still being written, once a minute."""

    def __init__(self, node: Node, export_id: int) -> None:
        self._node, self._id, self._last = node, export_id, node.clock()

    async def __call__(self) -> None:
        now = self._node.clock()
        if now - self._last >= BEAT_MS:
            self._last = now
            await self._node.db.write(lambda tx: _claim_on(tx, self._id, now + CLAIM_MS))


async def _claim_on(tx: Transaction, export_id: int, until: int) -> None:
    await tx.execute("UPDATE export SET claimed_until = ? WHERE id = ?", until, export_id)


async def _put_off(node: Node, tx: Transaction, row: Row) -> None:
    is_over = row["attempts"] >= ATTEMPTS_MAX
    await tx.execute(
        "UPDATE export SET claimed_until = ?, progress = ?, done_at = CAST(? AS BIGINT)"
        " WHERE id = ?",
        node.clock() + (FIRST_WAIT_MS << row["attempts"]),
        "failed" if is_over else "pending",
        node.clock() if is_over else None,
        row["id"],
    )


async def _done(node: Node, tx: Transaction, export_id: int, size: int) -> None:
    await tx.execute(
        "UPDATE export SET progress = 'done', bytes = ?, done_at = ? WHERE id = ?",
        size,
        node.clock(),
        export_id,
    )


async def _forget(node: Node) -> None:
    """Remove what is a week old, was replaced, or belongs to nobody any more: first the file."""
    rows = await node.db.rows(
        "SELECT e.id, e.file_name FROM export e WHERE e.done_at <= ?"
        " OR (e.account_id IS NULL AND e.claimed_until < ?)"
        " OR (e.progress <> 'pending' AND EXISTS (SELECT 1 FROM export n"
        " WHERE n.account_id = e.account_id AND n.id > e.id AND n.progress = 'done'))",
        node.clock() - KEPT_MS,
        node.clock(),
    )
    for row in rows:
        if row["file_name"]:
            await node.storage.delete(row["file_name"])
        await node.db.write(lambda tx, row=row: _remove(tx, row["id"]))


async def _remove(tx: Transaction, export_id: int) -> None:
    await tx.execute("DELETE FROM export WHERE id = ?", export_id)


async def exports_loop(node: Node) -> None:
    """Write copies when somebody asks, and look every minute, until cancelled."""
    while True:
        try:
            await exports_once(node)
        except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
            _log.exception("exports.loop_rests")
        await node.export_wake.wait(LOOK_S)
