"""Push messages on their way: each is claimed, judged and sent once, or tried again later.

A device that is gone (404, 410) loses its subscription; what no push service takes within two
days is old news and is dropped. Outside a person's hours her messages wait, and their two days
begin when they may leave; an essential announcement never waits.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from actors.hours import hours_of
from federation.client_errors import ClientError
from federation.database import Row, Transaction
from federation.node import Node
from federation.origins import origin_of
from federation.web_push import message, read_keys
from inbox.filter_matching import FilterMemory
from inbox.push_key import PushKey, load_push_key
from inbox.push_messages import PushMessage, auth_place, essential_message, push_message

AT_ONCE = 8
DUE_MAX = 64
TTL_S = 2 * 86_400
DEADLINE_S = 10.0
# Longer than DUE_MAX take, AT_ONCE together, when each waits for its deadline.
CLAIM_MS = 180_000
FIRST_WAIT_MS = 30_000
WAIT_MS_MAX = 6 * 3_600_000
LOOK_S = 30.0
ALSO_LATER = frozenset({408, 425, 429})
GONE = frozenset({404, 410})

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sender:
    """What sending takes: the node, its key, and the filters it has read."""

    node: Node
    key: PushKey
    filters: FilterMemory


async def push_loop(node: Node) -> None:
    """Send what is due whenever something was queued, and look twice a minute."""
    if not node.options.push.enabled:
        return
    filters = FilterMemory()
    while True:
        try:
            while await send_due_once(node, filters):
                pass
        except Exception:  # noqa: BLE001 - the rows are still there; the next round finds them
            _log.exception("push_failed")
        await node.push_wake.wait(LOOK_S)


async def send_due_once(node: Node, filters: FilterMemory | None = None) -> int:
    """Try all that is due, at most 64; return how many were tried."""
    rows = await _claimed(node)
    if not rows:
        return 0
    sender = Sender(node, await load_push_key(node), filters or FilterMemory())
    places = asyncio.Semaphore(AT_ONCE)

    async def one(row: Row) -> None:
        async with places:
            await _try(sender, row)

    await asyncio.gather(*map(one, rows))
    return len(rows)


async def _claimed(node: Node) -> Sequence[Row]:
    """What is due, and from now on nobody else's: another process finds it due later only.

    What a process that ended held is due again after CLAIM_MS.
    """
    now = node.clock()
    due = "next_attempt_at <= ? ORDER BY next_attempt_at, id LIMIT ?"
    while await node.db.row(f"SELECT id FROM push WHERE {due}", now, 1) is not None:
        rows = await node.db.write(
            lambda tx: tx.rows(
                "UPDATE push SET next_attempt_at = ? WHERE next_attempt_at <= ?"
                f" AND id IN (SELECT id FROM push WHERE {due}) RETURNING *",
                now + CLAIM_MS,
                now,
                now,
                DUE_MAX,
            )
        )
        # None: PostgreSQL chose those that the other process was just claiming. There may be more.
        if rows:
            return rows
    return []


async def _try(sender: Sender, row: Row) -> None:
    node = sender.node
    if node.clock() - row["created_at"] > TTL_S * 1000:
        await _drop(node, row["id"])
        return
    subscription_id = row["subscription_id"]
    if row["announcement_id"] is not None:
        made = await essential_message(node, subscription_id, row["announcement_id"])
    elif await _is_her_hour(node, row):
        made = await push_message(node, sender.filters, subscription_id, row["notification_id"])
    else:
        return
    if made is None:
        await _drop(node, row["id"])
        return
    status = await _post(sender, made, row)
    if status in GONE:
        await _unsubscribe(node, row["subscription_id"])
    elif status == 0 or status >= 500 or status in ALSO_LATER:
        await _later(node, row)
    else:
        # Taken, or refused for good: trying the same again would not change the answer.
        if status >= 300:
            _log.warning("push_refused", status=status, push_id=row["id"])
        await _drop(node, row["id"])


async def _is_her_hour(node: Node, row: Row) -> bool:
    """Whether a person may be told now; else her message waits, or goes if she never is."""
    account_id = await node.db.value(
        "SELECT account.id FROM push_subscription s JOIN account ON account.actor_id = s.actor_id"
        " WHERE s.id = ?",
        row["subscription_id"],
    )
    now = node.clock()
    opens_at = (await hours_of(node, account_id)).opens_at(now) if account_id else now
    if opens_at is None:
        await _drop(node, row["id"])
    elif opens_at > now:
        await node.db.write(
            lambda tx: tx.execute(
                "UPDATE push SET next_attempt_at = ?, created_at = ? WHERE id = ?",
                opens_at,
                opens_at,
                row["id"],
            )
        )
    return opens_at == now


async def _post(sender: Sender, made: PushMessage, row: Row) -> int:
    """The status of the push service's answer; 0 when there was none."""
    node, subscription = sender.node, made.subscription
    assert node.push_client is not None, "a node that runs its loops has one"
    auth = node.keyring.unseal(
        auth_place(subscription["access_token_id"]), bytes(subscription["auth_sealed"])
    )
    url = subscription["endpoint_url"]
    body, headers = message(
        read_keys(subscription["p256dh"], auth.decode()),
        made.plain,
        standard=bool(subscription["standard"]),
        vapid=sender.key.token(node, origin_of(url)),
        server_key=sender.key.public,
    )
    left_s = TTL_S - (node.clock() - row["created_at"]) // 1000
    sent = {
        **headers,
        "Content-Type": "application/octet-stream",
        "TTL": str(left_s),
        "Urgency": "normal" if row["announcement_id"] is None else "high",
    }
    try:
        answer = await node.push_client.post(url, body=body, headers=sent, deadline_s=DEADLINE_S)
    except ClientError as error:
        # The address is as secret as a password: whoever has it can wake the device.
        _log.info("push_unsent", reason=error.reason, push_id=row["id"])
        return 400 if error.reason in ("refused_address", "redirect") else 0
    return answer.status


async def _drop(node: Node, push_id: int) -> None:
    await node.db.write(lambda tx: tx.execute("DELETE FROM push WHERE id = ?", push_id))


async def _unsubscribe(node: Node, subscription_id: int) -> None:
    await node.db.write(
        lambda tx: tx.execute("DELETE FROM push_subscription WHERE id = ?", subscription_id)
    )


async def _later(node: Node, row: Row) -> None:
    wait_ms = min(FIRST_WAIT_MS * 2 ** min(row["attempts"], 20), WAIT_MS_MAX)

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE push SET attempts = attempts + 1, next_attempt_at = ? WHERE id = ?",
            node.clock() + wait_ms,
            row["id"],
        )

    await node.db.write(work)
