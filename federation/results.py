"""What became of each attempt, written down: deliveries, what partners hold, how their lane is.

Every function here is one write, and writes of many lanes share a commit. A crash before it
leaves the delivery pending: it is sent again, and the partner knows the activity by its id.
"""

import zlib
from dataclasses import dataclass

from federation.database import Row, Transaction
from federation.node import Node
from federation.peers import (
    NOTE_ALLOWED,
    NOTE_ASKED,
    NOTE_PARTNER,
    NOTE_SIGNATURE,
    note_accept_signature,
    remember_signature_form,
)
from federation.retry import (
    ERROR_WAIT_MS,
    FIRST_WAIT_MS,
    PARKED_WAIT_MS,
    PARTNER_WAIT_MS,
    SILENCE_MAX_MS,
    Verdict,
    next_attempt,
)
from federation.sending import Sent

NOTE_ALONE = "delivery.alone"
"""The oldest delivery fails, and there is none about something else to compare with."""
SILENT = "delivery.silent_30_days"
PARKED_TOO_LONG = "delivery.parked_30_days"
_GIVEN_UP_AT_ONCE = 500


@dataclass(slots=True)
class Health:
    """What a lane knows of its peer's row when it starts.

    `troubled` when a success has something to clear there, `unreached` when no answer came
    the last time, which may have been this node's own doing.
    """

    troubled: bool
    unreached: bool
    takes_ed25519: bool

    @classmethod
    def of(cls, lane: Row) -> "Health":
        """Read a row of `queries.DUE_LANES`."""
        failing = lane["failing_since"] is not None
        waited = lane["next_attempt_at"] is not None
        note: str = lane["note"] or ""
        return cls(
            troubled=failing or waited or bool(note),
            unreached=failing and note.startswith("client."),
            takes_ed25519=bool(lane["takes_ed25519"]),
        )


def spread_of(node_origin: str, origin: str) -> float:
    """Return a part of a wait, in [0, 1): another for each pair of nodes, always the same."""
    return zlib.crc32(f"{node_origin} {origin}".encode()) / 2**32


async def record_done(
    node: Node, delivery: Row, sent: Sent, health: Health, suspect: Row | None
) -> None:
    """Write that an inbox took a delivery: done, held there, the lane healthy.

    `suspect` is the earlier delivery on which the partner fails while it took this one: that
    one is parked.
    """
    now, origin = node.clock(), delivery["origin"]
    takes = sent.takes_ed25519
    news = None if takes is None or takes == health.takes_ed25519 else takes
    if news and not node.keyring.trusts_ed25519(origin):
        news = None

    async def record(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE delivery SET progress = 'done', done_at = ?, last_status = ?,"
            " attempts = attempts + 1, last_error = NULL, parked = FALSE WHERE id = ?",
            now,
            sent.status,
            delivery["id"],
        )
        if delivery["object_uri"] is not None:
            await _hold(tx, delivery, now)
        if suspect is not None:
            await _park(tx, suspect, now)
        if health.troubled or suspect is not None:
            await tx.execute(
                "UPDATE peer SET failing_since = NULL, attempts = 0, next_attempt_at = NULL,"
                " note = NULL WHERE origin = ?",
                origin,
            )
        if sent.form_is_new and sent.form != "ed25519":
            await remember_signature_form(tx, origin, sent.form, now)
        elif news is not None:
            await note_accept_signature(tx, origin, news, now)

    if sent.form_is_new:
        # Whatever it says in its header, Ed25519 is not what worked.
        node.keyring.distrust_ed25519(origin)
    await node.db.write(record)
    health.troubled = health.unreached = False
    if sent.form_is_new or news is not None:
        health.takes_ed25519 = bool(news) and not sent.form_is_new
        node.keyring.forget_form(origin)


async def record_end(
    node: Node, delivery: Row, progress: str, code: str, status: int | None = None
) -> None:
    """Write that a delivery will not be tried again: `refused` (final) or `failed` (given up)."""
    now = node.clock()

    async def record(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE delivery SET progress = ?, done_at = ?, last_error = ?, last_status = ?,"
            " attempts = attempts + 1, parked = FALSE WHERE id = ?",
            progress,
            now,
            code,
            status,
            delivery["id"],
        )

    await node.db.write(record)


async def record_error(node: Node, delivery: Row, sent: Sent) -> None:
    """Count an error of one delivery, and ask its lane for a short wait while it is young."""
    now, errors = node.clock(), delivery["errors_in_row"] + 1

    async def record(tx: Transaction) -> None:
        await _note_attempt(tx, delivery, sent, errors)
        wait = max(ERROR_WAIT_MS * errors, sent.asked_ms or 0)
        await _set_wait(tx, delivery["origin"], now, now + wait, sent.code)

    await node.db.write(record)


async def record_parked(node: Node, delivery: Row, sent: Sent) -> None:
    """Leave a parked delivery parked for another hour, or give it up after thirty days."""
    now = node.clock()
    if now - delivery["created_at"] >= SILENCE_MAX_MS:
        await record_end(node, delivery, "failed", PARKED_TOO_LONG, sent.status)
        return

    async def record(tx: Transaction) -> None:
        await _note_attempt(tx, delivery, sent, delivery["errors_in_row"] + 1)
        await _park(tx, delivery, now)

    await node.db.write(record)


async def record_wait(node: Node, delivery: Row, sent: Sent, note: str | None = None) -> None:
    """Write that the lane waits, by the partner's word, for the partner, or for its return.

    When the partner was silent for thirty days, everything that waits for it is given up.
    """
    now, origin = node.clock(), delivery["origin"]

    async def record(tx: Transaction) -> bool:
        counted = sent.verdict is Verdict.ERROR
        await _note_attempt(tx, delivery, sent, delivery["errors_in_row"] + counted)
        return await _wait(tx, node, origin, sent, note)

    if not await node.db.write(record):
        await _give_up(node, origin, now)


async def record_alone(node: Node, suspect: Row, sent: Sent) -> None:
    """Write that the lane waits with a delivery that fails and none to compare it with."""

    async def record(tx: Transaction) -> bool:
        return await _wait(tx, node, suspect["origin"], sent, NOTE_ALONE)

    if not await node.db.write(record):
        await _give_up(node, suspect["origin"], node.clock())


async def _hold(tx: Transaction, delivery: Row, now: int) -> None:
    is_delete = delivery["activity_type"] == "Delete"
    await tx.execute(
        "INSERT INTO held (object_uri, origin, first_at, last_at, state, deleting_since)"
        " VALUES (?, ?, ?, ?, ?, CAST(? AS BIGINT))"
        " ON CONFLICT (object_uri, origin) DO UPDATE SET last_at = excluded.last_at,"
        " state = excluded.state,"
        " deleting_since = COALESCE(held.deleting_since, excluded.deleting_since)"
        " WHERE held.state <> 'deleted' AND (held.state <> 'delete_sent'"
        " OR excluded.state = 'delete_sent')",
        delivery["object_uri"],
        delivery["origin"],
        now,
        now,
        "delete_sent" if is_delete else "handed_over",
        now if is_delete else None,
    )


async def _park(tx: Transaction, delivery: Row, now: int) -> None:
    await tx.execute(
        "UPDATE delivery SET parked = TRUE, next_attempt_at = ? WHERE id = ?",
        now + PARKED_WAIT_MS,
        delivery["id"],
    )


async def _note_attempt(tx: Transaction, delivery: Row, sent: Sent, errors: int) -> None:
    await tx.execute(
        "UPDATE delivery SET attempts = attempts + 1, errors_in_row = ?, last_status = ?,"
        " last_error = ? WHERE id = ?",
        errors,
        sent.status,
        sent.code,
        delivery["id"],
    )


async def _wait(tx: Transaction, node: Node, origin: str, sent: Sent, note: str | None) -> bool:
    """Set when the lane is tried again; False when the partner was silent for too long."""
    now = node.clock()
    peer = await tx.row(
        "SELECT failing_since, attempts, next_attempt_at, note FROM peer WHERE origin = ?", origin
    )
    if peer is not None and peer["note"] == NOTE_ALLOWED:
        woken_at = peer["next_attempt_at"]
        if woken_at is not None and sent.began_ms < woken_at <= now:
            # It said that it takes again after this was sent: what it answered is out of date.
            tx.after_commit(node.delivery_wake.set)
            return True
    since = now if peer is None or peer["failing_since"] is None else peer["failing_since"]
    attempts = 0 if peer is None else peer["attempts"]
    spread = spread_of(node.origin, origin)
    at = next_attempt(attempts, now - since, now, sent.asked_ms, spread)
    if at is None:
        return False
    if sent.verdict in {Verdict.FORBIDDEN, Verdict.UNSIGNED}:
        note = NOTE_PARTNER if sent.verdict is Verdict.FORBIDDEN else NOTE_SIGNATURE
        at = now + PARTNER_WAIT_MS + int(FIRST_WAIT_MS * spread)
    elif sent.asked_ms:
        note = NOTE_ASKED
    await _set_wait(tx, origin, now, at, note or sent.code)
    await tx.execute("UPDATE peer SET attempts = attempts + 1 WHERE origin = ?", origin)
    return True


async def _set_wait(tx: Transaction, origin: str, now: int, at: int, note: str) -> None:
    await tx.execute(
        "INSERT INTO peer (origin, policy, failing_since, next_attempt_at, note, created_at)"
        " VALUES (?, 'known', ?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE SET"
        " failing_since = COALESCE(peer.failing_since, excluded.failing_since),"
        " next_attempt_at = excluded.next_attempt_at, note = excluded.note",
        origin,
        now,
        at,
        note,
        now,
    )


async def _give_up(node: Node, origin: str, now: int) -> None:
    """Fail all that waits for a partner, some hundred in each write; what comes later is new."""
    last = await node.db.value(
        "SELECT id FROM delivery WHERE origin = ? AND progress = 'pending'"
        " ORDER BY id DESC LIMIT 1",
        origin,
    )

    async def fail_some(tx: Transaction) -> int:
        return await tx.execute(
            "UPDATE delivery SET progress = 'failed', last_error = ?, done_at = ? WHERE id IN"
            " (SELECT id FROM delivery WHERE origin = ? AND progress = 'pending' AND id <= ?"
            " ORDER BY id LIMIT ?)",
            SILENT,
            now,
            origin,
            last or 0,
            _GIVEN_UP_AT_ONCE,
        )

    while await node.db.write(fail_some) == _GIVEN_UP_AT_ONCE:
        pass

    async def begin_anew(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE peer SET failing_since = NULL, attempts = 0, next_attempt_at = NULL,"
            " note = ? WHERE origin = ?",
            SILENT,
            origin,
        )

    await node.db.write(begin_anew)
