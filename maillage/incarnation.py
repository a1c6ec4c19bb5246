"""How far a node has come, written in its database and in a file beside it: a backup shows.

The number rises at each start and each minute, in the database first and in the file afterwards.
A database that is behind the file is an older one, put back; one that was not marked for a
while may have been put back together with its file, so its partners are asked.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from federation.database import Row, Transaction
from federation.holds import Reason, hold_all
from federation.node import Node

FILE_NAME = "incarnation"
MARK_S = 60.0
AWAY_MS = 10 * 60_000

_log = structlog.get_logger(__name__)


async def check_in(node: Node, folder: Path) -> Reason | None:
    """Mark a start; hold the partners of a node that was restored, or away for a while.

    Called before anything is served or sent. Says why they are held, None when they are not.
    """
    path = folder / FILE_NAME
    row = await node.db.row("SELECT number, marked_at FROM incarnation WHERE id = 1")
    reason = _judge(node, row, _read(path))
    known = max(0 if row is None else row["number"], _read(path) or 0)

    async def work(tx: Transaction) -> int:
        await _write(tx, known + 1, node.clock())
        return 0 if reason is None else await hold_all(tx, reason, node.clock())

    held = await node.db.write(work)
    _keep(path, known + 1)
    if held:
        _log.warning("partners.held", reason=reason, partners=held)
    node.reconcile_wake.set()
    return reason if held else None


def _judge(node: Node, row: Row | None, in_file: int | None) -> Reason | None:
    if row is None:
        # A new database beside a file that knew another one.
        return None if in_file is None else "restored"
    if in_file is None or in_file > row["number"]:
        return "restored"
    return "away" if node.clock() - row["marked_at"] > AWAY_MS else None


async def mark_once(node: Node, folder: Path) -> int:
    """Mark that the node has come further; return its number."""

    async def work(tx: Transaction) -> int:
        row = await tx.row("SELECT number, marked_at FROM incarnation WHERE id = 1")
        number = (0 if row is None else row["number"]) + 1
        await _write(tx, number, node.clock())
        return number

    number = await node.db.write(work)
    _keep(folder / FILE_NAME, number)
    return number


async def say_restored(node: Node) -> int:
    """Hold every partner because an administrator says that a backup was put back; how many."""
    return await node.db.write(lambda tx: hold_all(tx, "restored", node.clock()))


@asynccontextmanager
async def marking(node: Node, folder: Path) -> AsyncGenerator[None]:
    """Mark every minute that the node goes on, until left."""
    task = asyncio.create_task(_mark(node, folder), name="incarnation")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _mark(node: Node, folder: Path) -> None:
    while True:
        await asyncio.sleep(MARK_S)
        try:
            await mark_once(node, folder)
        except Exception:  # noqa: BLE001 - the store may be away; the loop outlives it
            _log.exception("incarnation.not_marked")


async def _write(tx: Transaction, number: int, now: int) -> None:
    await tx.execute(
        "INSERT INTO incarnation (id, number, marked_at) VALUES (1, ?, ?) ON CONFLICT (id)"
        " DO UPDATE SET number = excluded.number, marked_at = excluded.marked_at",
        number,
        now,
    )


def _read(path: Path) -> int | None:
    try:
        text = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _keep(path: Path, number: int) -> None:
    """Write the file in one step: a stop in the middle leaves the former one."""
    part = path.with_suffix(".part")
    part.write_text(f"{number}\n", "ascii")
    part.replace(path)
