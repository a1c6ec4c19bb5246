"""Since when a person was not here: two marks per account, of this visit and of the one before.

A visit lasts while pages are opened within half an hour of each other, so that what is new
stays new until it was read in peace. No list of visits is kept.
"""

from dataclasses import dataclass

from federation.database import Row, Transaction
from web.pages.callers import PageCall

GAP_MS = 30 * 60_000
EVERY_MS = 60_000
NOW, BEFORE, APP = "pages.now", "pages.before", "home"


@dataclass(frozen=True, slots=True)
class Since:
    """The newest status of the last visit, and when that was; None at the first visit."""

    status_id: int | None
    at_ms: int | None


async def last_visit(call: PageCall, newest_id: int) -> Since:
    """Where the visit before this one ended; notes that `newest_id` is shown now.

    What an application marked as read meanwhile counts as read.
    """
    rows = await call.node.db.rows(
        "SELECT marker.* FROM marker WHERE account_id = ? AND timeline IN (?, ?, ?)",
        call.account_id,
        NOW,
        BEFORE,
        APP,
    )
    marks = {row["timeline"]: row for row in rows}
    current, now = marks.get(NOW), call.node.clock()
    is_new = current is None or now - current["updated_at"] > GAP_MS
    before = current if is_new else marks.get(BEFORE)
    if (
        current is None
        or newest_id > current["last_read_id"]
        or now - current["updated_at"] > EVERY_MS
    ):
        await _note(call, newest_id, current if is_new else None)
    return _later(before, marks.get(APP))


def _later(before: Row | None, app: Row | None) -> Since:
    found = [row for row in (before, app) if row is not None and row["last_read_id"]]
    if before is None or not found:
        return Since(None, None)
    newest = max(found, key=lambda row: row["last_read_id"])
    return Since(newest["last_read_id"], newest["updated_at"])


async def _note(call: PageCall, newest_id: int, before: Row | None) -> None:
    async def work(tx: Transaction) -> None:
        if before is not None:
            await _put(tx, call.account_id, BEFORE, before["last_read_id"], before["updated_at"])
        await _put(tx, call.account_id, NOW, newest_id, call.node.clock())

    await call.node.db.write(work)


async def _put(tx: Transaction, account_id: int, name: str, read_id: int, at_ms: int) -> None:
    await tx.execute(
        "INSERT INTO marker (account_id, timeline, last_read_id, version, updated_at)"
        " VALUES (?, ?, ?, 1, ?) ON CONFLICT (account_id, timeline) DO UPDATE SET"
        " last_read_id = CASE WHEN excluded.last_read_id > marker.last_read_id"
        " THEN excluded.last_read_id ELSE marker.last_read_id END,"
        " version = marker.version + 1, updated_at = excluded.updated_at",
        account_id,
        name,
        read_id,
        at_ms,
    )
