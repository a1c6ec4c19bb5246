"""Statuses for later: kept as drafts, and published once, when their moment has come.

Publishing and forgetting the draft are one write, so that a crash leaves the one or the other.
Nothing of a draft can be asked for by anybody but its author before that.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson
import structlog

from actors.queries import by_id
from federation.database import Reader, Row, Transaction
from federation.errors import Invalid, NotFound, describe
from federation.node import Node
from outbox.attachments import unattached
from outbox.circles import ACROSS_SITES
from outbox.drafts import Draft, PollDraft, Ready, prepare
from outbox.statuses import publish_ready

AHEAD_MS_MIN = 5 * 60_000
AHEAD_MS_MAX = 5 * 366 * 86_400_000
DAY_MS = 86_400_000
TOTAL_MAX = 300
PER_DAY_MAX = 25
# Longer than the moment itself: a node that was stopped publishes late.
MEDIA_KEPT_MS = 30 * DAY_MS
BATCH = 50
EVERY_S = 2.0
# The visibility that says the same as a kind of audience.
_VISIBILITY = {
    "public": "public",
    "unlisted": "unlisted",
    "followers": "private",
    "named": "direct",
    "site": "local",
    **{kind: kind for kind in ACROSS_SITES},
}

_log = structlog.get_logger(__name__)

describe(
    {
        "scheduled.too_soon": "{field} must be at least five minutes from now.",
        "scheduled.too_late": "{field} is more than five years from now.",
        "scheduled.too_many": "You have {max} scheduled posts already.",
        "scheduled.too_many_a_day": "You have {max} posts scheduled for that day already.",
    }
)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A draft that waits, with the media that wait with it."""

    id: int
    scheduled_at: int
    draft: Draft
    media: tuple[Row, ...]


async def schedule(
    node: Node, author: Row, account_id: int, draft: Draft, scheduled_at: int
) -> Scheduled:
    """Keep a draft that is published at `scheduled_at` (ms); the same key keeps it once.

    It is checked as if it were published now. Raises Invalid naming the field; NotFound for a
    parent that the author may not see.
    """
    check_moment(node, scheduled_at)
    ready = await prepare(node, author, draft)
    # What a reply is narrowed to holds, whatever becomes of the status it answers.
    kept = replace(ready.draft, visibility=_VISIBILITY[ready.kind])

    async def work(tx: Transaction) -> int:
        if draft.idempotency_key:
            known = await tx.value(
                "SELECT id FROM scheduled_status WHERE account_id = ? AND idempotency_key = ?",
                account_id,
                draft.idempotency_key,
            )
            if known is not None:
                return known
        await _check_count(tx, account_id, scheduled_at, 0)
        scheduled_id = node.ids.next()
        await tx.execute(
            "INSERT INTO scheduled_status (id, account_id, scheduled_at, draft, idempotency_key,"
            " created_at) VALUES (?, ?, ?, ?, ?, ?)",
            scheduled_id,
            account_id,
            scheduled_at,
            orjson.dumps(asdict(kept)).decode(),
            draft.idempotency_key,
            node.clock(),
        )
        await _keep_media(tx, author["id"], scheduled_id, scheduled_at, kept)
        return scheduled_id

    scheduled_id = await node.db.write(work)
    return await get(node.db, account_id, scheduled_id)


def check_moment(node: Node, scheduled_at: int) -> None:
    """Refuse a moment that is less than five minutes ahead, or years."""
    ahead = scheduled_at - node.clock()
    if ahead < AHEAD_MS_MIN:
        raise Invalid("scheduled.too_soon", field="scheduled_at")
    if ahead > AHEAD_MS_MAX:
        raise Invalid("scheduled.too_late", field="scheduled_at")


async def _check_count(tx: Transaction, account_id: int, scheduled_at: int, own_id: int) -> None:
    day = scheduled_at // DAY_MS * DAY_MS
    row = await tx.row(
        "SELECT count(*) AS total, COALESCE(sum(CASE WHEN scheduled_at >= ? AND scheduled_at < ?"
        " THEN 1 ELSE 0 END), 0) AS that_day FROM scheduled_status"
        " WHERE account_id = ? AND id <> ?",
        day,
        day + DAY_MS,
        account_id,
        own_id,
    )
    assert row is not None, "an aggregate always has a row"
    if row["total"] >= TOTAL_MAX:
        raise Invalid("scheduled.too_many", field="scheduled_at", max=str(TOTAL_MAX))
    if row["that_day"] >= PER_DAY_MAX:
        raise Invalid("scheduled.too_many_a_day", field="scheduled_at", max=str(PER_DAY_MAX))


async def _keep_media(
    tx: Transaction, actor_id: int, scheduled_id: int, scheduled_at: int, draft: Draft
) -> None:
    for position, row in enumerate(await unattached(tx, actor_id, draft.media_ids)):
        await tx.execute(
            "INSERT INTO scheduled_attachment (attachment_id, scheduled_id, position)"
            " VALUES (?, ?, ?)",
            row["id"],
            scheduled_id,
            position,
        )
        await tx.execute(
            "UPDATE attachment SET kept_until = ? WHERE id = ?",
            scheduled_at + MEDIA_KEPT_MS,
            row["id"],
        )


async def get(reader: Reader, account_id: int, scheduled_id: int) -> Scheduled:
    """One waiting draft of an account; NotFound for anybody else's."""
    row = await reader.row(
        "SELECT * FROM scheduled_status WHERE id = ? AND account_id = ?", scheduled_id, account_id
    )
    if row is None:
        raise NotFound("record.not_found")
    return await read(reader, row)


async def read(reader: Reader, row: Row) -> Scheduled:
    """A waiting draft from its row."""
    media = await reader.rows(
        "SELECT a.* FROM scheduled_attachment w JOIN attachment a ON a.id = w.attachment_id"
        " WHERE w.scheduled_id = ? ORDER BY w.position",
        row["id"],
    )
    return Scheduled(row["id"], row["scheduled_at"], draft_of(row["draft"]), tuple(media))


def draft_of(text: str) -> Draft:
    """The draft from the JSON in which it is kept."""
    fields: dict[str, Any] = orjson.loads(text)
    poll: dict[str, Any] | None = fields.get("poll")
    if poll is not None:
        poll["options"] = tuple(poll["options"])
        fields["poll"] = PollDraft(**poll)
    for name in ("media_ids", "partners"):
        fields[name] = tuple(fields.get(name, ()))
    return Draft(**fields)


async def move(node: Node, account_id: int, scheduled_id: int, scheduled_at: int) -> Scheduled:
    """Publish a draft at another moment; Invalid and NotFound as for a new one."""
    check_moment(node, scheduled_at)

    async def work(tx: Transaction) -> None:
        await get(tx, account_id, scheduled_id)
        await _check_count(tx, account_id, scheduled_at, scheduled_id)
        await tx.execute(
            "UPDATE scheduled_status SET scheduled_at = ? WHERE id = ?", scheduled_at, scheduled_id
        )
        await tx.execute(
            "UPDATE attachment SET kept_until = ? WHERE id IN"
            " (SELECT attachment_id FROM scheduled_attachment WHERE scheduled_id = ?)",
            scheduled_at + MEDIA_KEPT_MS,
            scheduled_id,
        )

    await node.db.write(work)
    return await get(node.db, account_id, scheduled_id)


async def cancel(node: Node, account_id: int, scheduled_id: int) -> None:
    """Forget a draft; its media are its author's to use again. NotFound for anybody else's."""

    async def work(tx: Transaction) -> None:
        await get(tx, account_id, scheduled_id)
        await _forget(tx, scheduled_id)

    await node.db.write(work)


async def _forget(tx: Transaction, scheduled_id: int) -> bool:
    """Remove a draft, and say whether it was still there."""
    await tx.execute(
        "UPDATE attachment SET kept_until = NULL WHERE id IN"
        " (SELECT attachment_id FROM scheduled_attachment WHERE scheduled_id = ?)",
        scheduled_id,
    )
    await tx.execute("DELETE FROM scheduled_attachment WHERE scheduled_id = ?", scheduled_id)
    return bool(await tx.execute("DELETE FROM scheduled_status WHERE id = ?", scheduled_id))


async def publish_due(node: Node) -> int:
    """Publish what is due, the oldest first; return how many statuses there are more."""
    rows = await node.db.rows(
        "SELECT s.*, a.actor_id, a.disabled_at FROM scheduled_status s"
        " JOIN account a ON a.id = s.account_id"
        " WHERE s.scheduled_at <= ? ORDER BY s.scheduled_at, s.id LIMIT ?",
        node.clock(),
        BATCH,
    )
    made = 0
    for row in rows:
        try:
            made += await _publish(node, row)
        except Invalid as error:
            await _drop(node, row["id"], error.code)
    return made


async def _publish(node: Node, row: Row) -> bool:
    author = await by_id(node.db, row["actor_id"])
    ready: Ready | None = None
    if author is not None and _may_publish(row, author):
        ready = await _ready(node, author, await _draft(node, row))
    if ready is None or author is None:
        await _drop(node, row["id"], "account")
        return False

    async def work(tx: Transaction) -> bool:
        moment = await tx.value("SELECT scheduled_at FROM scheduled_status WHERE id = ?", row["id"])
        disabled = await tx.value("SELECT disabled_at FROM account WHERE id = ?", row["account_id"])
        if moment is None or moment > node.clock() or disabled is not None:
            return False
        if not await _forget(tx, row["id"]):
            return False
        await publish_ready(node, tx, author, row["account_id"], ready)
        return True

    return await node.db.write(work)


def _may_publish(row: Row, author: Row) -> bool:
    """Whether the account is still one that may speak."""
    return (
        row["disabled_at"] is None
        and author["deleted_at"] is None
        and author["suspended_at"] is None
        and author["moved_to_uri"] is None
    )


async def _draft(node: Node, row: Row) -> Draft:
    """The draft with the media that are still there; its key has done its work."""
    waiting = await read(node.db, row)
    media_ids = tuple(media["id"] for media in waiting.media)
    return replace(waiting.draft, idempotency_key=None, media_ids=media_ids)


async def _ready(node: Node, author: Row, draft: Draft) -> Ready:
    """The draft as it can be published now: for itself when what it answers is gone."""
    try:
        return await prepare(node, author, draft)
    except NotFound:
        alone = replace(draft, in_reply_to_id=None)
        if draft.visibility in ACROSS_SITES and draft.in_reply_to_id is not None:
            # The sites of a conversation are not those of an audience that begins here.
            alone = replace(alone, visibility="local", partners=())
        return await prepare(node, author, alone)


async def _drop(node: Node, scheduled_id: int, reason: str) -> None:
    _log.warning("scheduled.dropped", scheduled_id=scheduled_id, reason=reason)
    await node.db.write(lambda tx: _forget(tx, scheduled_id))


async def scheduled_loop(node: Node) -> None:
    """Publish what is due every few seconds, until cancelled."""
    while True:
        try:
            while await publish_due(node) == BATCH:
                pass
        except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
            _log.exception("scheduled.failed")
        await node.schedule_wake.wait(EVERY_S)
