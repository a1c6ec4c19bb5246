"""What devices are still to be told: one row for each subscription and notification.

Written with the notification in one transaction, so neither is without the other. Whether it
is sent, and what it says, is decided when it is sent. An essential announcement stands there for
every subscription.
"""

from typing import Literal, get_args

import orjson

from federation.database import Row, Transaction
from federation.node import Node

Alert = Literal[
    "mention",
    "status",
    "reblog",
    "follow",
    "follow_request",
    "favourite",
    "poll",
    "update",
    "quote",
    "quoted_update",
    "admin.sign_up",
    "admin.report",
]
ALERTS: tuple[Alert, ...] = get_args(Alert)
POLICIES = ("all", "followed", "follower", "none")


async def queue_pushes(
    node: Node, tx: Transaction, notification_id: int, recipient_id: int, kind: str
) -> None:
    """Have the devices of a person told of a notification, as far as she asked for its kind."""
    if not node.options.push.enabled or kind not in ALERTS:
        return
    found = await tx.rows(
        "SELECT id, alerts, policy FROM push_subscription WHERE actor_id = ?", recipient_id
    )
    wanted = [row["id"] for row in found if wants(row, kind)]
    now = node.clock()
    for subscription_id in wanted:
        await tx.execute(
            "INSERT INTO push (id, subscription_id, notification_id, next_attempt_at, created_at)"
            " VALUES (?, ?, ?, ?, ?)",
            node.ids.next(),
            subscription_id,
            notification_id,
            now,
            now,
        )
    if wanted:
        tx.after_commit(node.push_wake.set)


async def queue_essential(node: Node, tx: Transaction, announcement_id: int) -> None:
    """Have every device of everybody here told of an announcement, whatever its switches say."""
    if not node.options.push.enabled:
        return
    found = await tx.rows("SELECT id FROM push_subscription ORDER BY id")
    now = node.clock()
    await tx.many(
        "INSERT INTO push (id, subscription_id, announcement_id, next_attempt_at, created_at)"
        " VALUES (?, ?, ?, ?, ?)",
        [(node.ids.next(), row["id"], announcement_id, now, now) for row in found],
    )
    tx.after_commit(node.push_wake.set)


def wants(subscription: Row, kind: str) -> bool:
    """Whether the switches of a subscription let a kind of notification through."""
    return subscription["policy"] != "none" and alerts_of(subscription).get(kind, False)


def alerts_of(subscription: Row) -> dict[str, bool]:
    """The switches that the application sent, and no others."""
    return orjson.loads(subscription["alerts"])
