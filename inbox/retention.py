"""How long what is written here stays: by class, as the site has decided, and how it ends.

What is past its time is taken back as its author would: gone here, a Delete to whoever has it.
What is official is never taken by itself; after a visa, somebody takes it back by hand.
"""

import asyncio

import structlog

from actors.queries import by_id
from federation.database import Reader, Row, Transaction
from federation.errors import Invalid, NotFound, Refused, describe
from federation.node import Node
from inbox.audit import REASON_CHARACTERS_MAX, record
from inbox.site_facts import site_facts
from outbox.classes import classes_of
from outbox.statuses import take_back

# A twelfth of a year of 365.25 days.
MONTH_MS = 2_629_800_000
DURATIONS = (6, 12, 24, 36, 60)
TIMED = ("conversation", "knowledge")
# A preview says a number of so many at least.
POSTS_MIN = 5
BATCH = 50
EVERY_S = 60.0
PAUSE_S = 2.0

_log = structlog.get_logger(__name__)

describe(
    {
        "visa.own": "A visa for one's own post is given by somebody else.",
        "visa.reason": "Say why this may be destroyed.",
        "visa.missing": "There is no visa for this post: it stays.",
        "visa.sure": "Tick the box: what is destroyed does not come back.",
    }
)

# What its author pinned is kept like knowledge, and what an open report is about waits for it.
_DUE = (
    "s.is_local AND s.reblog_of_id IS NULL AND s.id < ? AND COALESCE("
    "(SELECT c.class FROM status_class c WHERE c.status_id = s.id),"
    " CASE WHEN EXISTS (SELECT 1 FROM pin p WHERE p.status_id = s.id)"
    " THEN 'knowledge' ELSE 'conversation' END) = ?"
    " AND NOT EXISTS (SELECT 1 FROM report r WHERE r.target_id = s.actor_id"
    " AND r.action_taken_at IS NULL AND r.status_ids LIKE '%' || CAST(s.id AS TEXT) || '%')"
)


def _before(node: Node, months: int) -> int:
    """The first id that is young enough to stay: an id begins with the ms of its making."""
    return max(node.clock() - months * MONTH_MS, 0) << 16


async def would_go(node: Node, class_name: str, months: int) -> int:
    """How many statuses of a class are older than so many months now."""
    return await node.db.value(
        f"SELECT COUNT(*) FROM status s WHERE {_DUE}", _before(node, months), class_name
    )


async def retention_once(node: Node) -> int:
    """Take back what is past its time, the oldest first, a batch at most; return how many.

    Each is one write, in which it is asked once more whether its time is over: what was marked
    meanwhile stays, and after a crash the rest is still due.
    """
    facts = await site_facts(node.db)
    gone = 0
    for name, months in zip(TIMED, (facts.keep_conversation, facts.keep_knowledge), strict=True):
        if months is None:
            continue
        due = (_before(node, months), name)
        rows = await node.db.rows(
            f"SELECT s.id FROM status s WHERE {_DUE} ORDER BY s.id LIMIT ?", *due, BATCH - gone
        )
        for row in rows:
            gone += await node.db.write(
                lambda tx, number=row["id"], due=due: _end(node, tx, number, due)
            )
    return gone


async def _end(node: Node, tx: Transaction, status_id: int, due: tuple[int, str]) -> int:
    status = await tx.row(f"SELECT s.* FROM status s WHERE s.id = ? AND {_DUE}", status_id, *due)
    author = None if status is None else await by_id(tx, status["actor_id"])
    if status is None or author is None:
        return 0
    await take_back(node, tx, author, status, keep_media=False)
    return 1


async def retention_loop(node: Node) -> None:
    """Take back what is past its time, a little each minute, until cancelled."""
    while True:
        gone = 0
        try:
            gone = await retention_once(node)
            if gone:
                _log.info("retention.done", statuses=gone)
        except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
            _log.exception("retention.failed")
        await asyncio.sleep(PAUSE_S if gone == BATCH else EVERY_S)


# What is official ---------------------------------------------------------------------------------


async def visa_of(reader: Reader, status_id: int) -> Row | None:
    """The line of an official status, with its visa if there is one; None for others."""
    return await reader.row(
        "SELECT status_class.* FROM status_class WHERE status_id = ? AND class = 'official'",
        status_id,
    )


async def give_visa(node: Node, tx: Transaction, staff: Row, status: Row, reason: str) -> None:
    """Allow that an official status is destroyed; given again, the first one stands.

    Raises Invalid without a reason or for a post that is not official, Refused for one's own.
    """
    found = await visa_of(tx, status["id"])
    if found is None:
        raise NotFound("record.not_found")
    if status["actor_id"] == staff["id"]:
        raise Refused("visa.own")
    if not reason:
        raise Invalid("visa.reason", field="reason")
    if found["visa_at"] is not None:
        return
    await tx.execute(
        "UPDATE status_class SET visa_by_uri = ?, visa_reason = ?, visa_at = ? WHERE status_id = ?",
        staff["uri"],
        reason[:REASON_CHARACTERS_MAX],
        node.clock(),
        status["id"],
    )
    await record(node, tx, staff["uri"], "official.visa", status["uri"], reason)


async def destroy(node: Node, tx: Transaction, staff: Row, status: Row) -> None:
    """Take back an official status for which there is a visa; Refused for one without.

    Raises NotFound for what is not official: that is its author's.
    """
    current = (await classes_of(tx, [status["id"]])).get(status["id"])
    if current is None or current.name != "official":
        raise NotFound("record.not_found")
    if current.is_protected:
        raise Refused("visa.missing")
    author = await by_id(tx, status["actor_id"])
    assert author is not None, "a status has its author by foreign key"
    await take_back(node, tx, author, status, keep_media=False)
    await record(node, tx, staff["uri"], "official.destroy", status["uri"])
