"""The loop that watches over agreements: what runs out, whose keys change, whom to ask again."""

import asyncio

import structlog

from federation.activity import iso
from federation.database import Transaction
from federation.node import Node
from inbox.key_changes import announce_once, forget_retired_once
from inbox.partner_directory import sync_once
from inbox.partner_notices import tell
from inbox.partnership_acts import expire_once

LOOK_S = 30.0
DAY_MS = 86_400_000
REMIND_DAYS = (30, 7)
_log = structlog.get_logger(__name__)


async def partners_loop(node: Node) -> None:
    """Do what is due, until cancelled."""
    while True:
        for work in (expire_once, remind_once, announce_once, forget_retired_once, sync_once):
            try:
                await work(node)
            except Exception:  # noqa: BLE001 - the store may be away; the loop outlives it
                _log.exception("partners.loop_rests", work=work.__name__)
        await asyncio.sleep(LOOK_S)


async def remind_once(node: Node) -> int:
    """Tell staff of each agreement that ends within 30 days, and again within 7; how many."""
    now = node.clock()
    rows = await node.db.rows(
        "SELECT origin, ends_at FROM partnership WHERE kind = 'partner'"
        " AND state IN ('active', 'paused') AND ends_at > ? AND ends_at <= ? ORDER BY origin",
        now,
        now + max(REMIND_DAYS) * DAY_MS,
    )
    told = 0
    for row in rows:
        left = row["ends_at"] - now
        days = min(days for days in REMIND_DAYS if left <= days * DAY_MS)

        async def work(
            tx: Transaction, origin: str = row["origin"], ends: int = row["ends_at"],
            step: int = days, left: int = left,
        ) -> bool:  # fmt: skip
            rest = str(max(1, -(-left // DAY_MS)))
            about = f"{ends} {step}"
            return await tell(node, tx, origin, "ends_soon", about, days=rest, ends=iso(ends)[:10])

        if not await _was_told(node, row["origin"], row["ends_at"], days):
            told += await node.db.write(work)
    return told


async def _was_told(node: Node, origin: str, ends: int, days: int) -> bool:
    about = f"ends_soon {origin} {ends} {days}"
    return bool(await node.db.value("SELECT 1 FROM partner_notice WHERE about = ?", about))
