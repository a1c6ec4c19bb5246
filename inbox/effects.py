"""From a stored activity to its effects: each one once, in order for each actor.

A pending row is read, checked, what it needs is fetched, and then one write has all effects
and records the outcome; a crash before that commit leaves the row pending, after it done.
What fails for a passing reason is tried again later; what raises three times is put aside as
failed, with its reason, and nothing else waits for it.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import structlog

from actors.remote import ensure_actor
from federation.activity import Activity, parse_json_object, read_activity
from federation.client_errors import ClientError
from federation.database import Row, Transaction
from federation.errors import NodeError, TooMany, Unavailable, describe
from federation.fetch import FetchBudget
from federation.node import Node
from inbox.handlers import HANDLERS, Handler
from inbox.outcome import Outcome

describe({"activity.slow": "What the activity needs could not be had within {limit_s} s."})

SECONDS_MAX = 30
BROKEN_MAX = 3
ATTEMPTS_MAX = 24
FIRST_WAIT_MS = 30_000
WAIT_MS_MAX = 3_600_000
# What a partner that was shut out may still say: that something of its own is gone.
ALWAYS_HEARD = frozenset({"Delete", "Undo", "Reject"})

_log = structlog.get_logger(__name__)


class _AlreadyDoneError(Exception):
    """Another process recorded the outcome first: undo everything."""


@dataclass(frozen=True, slots=True)
class Origins:
    """What the checks of one activity need to know about where it comes from."""

    sender: Row | None
    is_admitted: bool


async def process(node: Node, record: Row, known: Origins) -> Outcome | None:
    """Bring one pending activity to its end; None when it stays pending for now.

    Never raises for what peers send. Raises Unavailable when the store itself fails: then
    nothing happened.
    """
    try:
        async with asyncio.timeout(SECONDS_MAX):
            return await _process(node, record, known)
    except _AlreadyDoneError:
        return None
    except TimeoutError:
        error = Unavailable("activity.slow", retry_after_s=60, limit_s=str(SECONDS_MAX))
        return await _try_later(node, record, error)
    except NodeError as error:
        if isinstance(error, ClientError | Unavailable | TooMany):
            return await _try_later(node, record, error)
        outcome = Outcome.refused(error.code, **error.params)
        await node.db.write(lambda tx: _settle(tx, record, outcome))
        return outcome
    except Exception as error:  # noqa: BLE001 - one bad activity must not stop the others
        # Ids only: what the activity says is nobody's business but its readers'.
        _log.exception("activity_failed", activity_id=record["id"], type=record["type"])
        return await _put_aside(node, record, error)


async def _process(node: Node, record: Row, known: Origins) -> Outcome:
    if record["type"] not in HANDLERS:
        outcome = Outcome.ignored("ignored.unknown_type", type=record["type"])
        await node.db.write(lambda tx: _settle(tx, record, outcome))
        return outcome
    activity = read_activity(parse_json_object(bytes(record["body"])))
    handler, ended, sender = await _check(node, record, known, activity)
    budget = FetchBudget()
    found: Any = None
    if ended is None:
        if sender is None:
            sender = await ensure_actor(node, activity.actor_uri, budget=budget)
        ended = _check_sender(sender)
        if ended is None and handler.gather is not None:
            found = await handler.gather(node, sender, activity, budget)
    outcome = await node.db.write(
        lambda tx: _apply(node, tx, record, handler, (sender, activity, found), ended)
    )
    return outcome


async def _check(
    node: Node, record: Row, known: Origins, activity: Activity
) -> tuple[Handler, Outcome | None, Row | None]:
    """All that reading can tell: the handler, the outcome if that is the end, the sender."""
    handler = HANDLERS[activity.type]
    is_local = record["origin"] == "local"
    if not is_local and not known.is_admitted and activity.type not in ALWAYS_HEARD:
        return handler, Outcome.refused("refused.stranger"), None
    sender = known.sender
    if sender is not None and bool(sender["is_local"]) != is_local:
        return handler, Outcome.refused("refused.own_actor"), None
    if handler.check is not None:
        ended = await handler.check(node, sender, activity)
        if ended is not None:
            return handler, ended, None
    return handler, None, sender


def _check_sender(sender: Row) -> Outcome | None:
    if sender["deleted_at"] is not None:
        return Outcome.refused("refused.sender_deleted")
    if sender["suspended_at"] is not None:
        return Outcome.refused("refused.suspended")
    return None


async def _apply(
    node: Node,
    tx: Transaction,
    record: Row,
    handler: Handler,
    what: tuple[Row | None, Activity, Any],
    ended: Outcome | None,
) -> Outcome:
    sender, activity, found = what
    outcome = ended
    if outcome is None:
        assert sender is not None, "found by _process"
        assert handler.apply is not None, "a handler without effects ends in its check"
        outcome = await handler.apply(node, tx, sender, activity, found)
    await _settle(tx, record, outcome)
    return outcome


async def _settle(tx: Transaction, record: Row, outcome: Outcome) -> None:
    """Record the outcome together with the effects, unless somebody else did."""
    settled = await tx.execute(
        "UPDATE activity SET progress = ?, outcome_code = ?, outcome_params = ?,"
        " next_attempt_at = NULL WHERE id = ? AND progress = 'pending'",
        outcome.progress,
        outcome.code,
        outcome.stored_params,
        record["id"],
    )
    if settled == 0:
        raise _AlreadyDoneError


async def _try_later(node: Node, record: Row, error: NodeError) -> Outcome | None:
    attempts = record["attempts"] + 1
    if attempts >= ATTEMPTS_MAX:
        await _fail(node, record, error.code, error.params)
        return None
    await _postpone(node, record, attempts, error.code)
    return None


async def _put_aside(node: Node, record: Row, error: Exception) -> None:
    attempts = record["attempts"] + 1
    if attempts >= BROKEN_MAX:
        await _fail(node, record, "handler.error", {"error": type(error).__name__})
    else:
        await _postpone(node, record, attempts, "handler.error")


async def _postpone(node: Node, record: Row, attempts: int, code: str) -> None:
    wait_ms = min(FIRST_WAIT_MS * 2 ** min(attempts - 1, 20), WAIT_MS_MAX)
    at = node.clock() + wait_ms

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE activity SET attempts = ?, next_attempt_at = ?, outcome_code = ?"
            " WHERE id = ? AND progress = 'pending'",
            attempts,
            at,
            code,
            record["id"],
        )

    await node.db.write(work)


async def _fail(node: Node, record: Row, code: str, params: dict[str, str]) -> None:
    outcome = Outcome.done(code, **params)

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE activity SET progress = 'failed', attempts = attempts + 1, outcome_code = ?,"
            " outcome_params = ?, next_attempt_at = NULL WHERE id = ? AND progress = 'pending'",
            code,
            outcome.stored_params,
            record["id"],
        )

    await node.db.write(work)
