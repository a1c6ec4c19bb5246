"""The one way an activity leaves an actor: activity and deliveries in one transaction.

A local reader gets it by the same door as a remote one: the activity is a row of the same
log, left pending for the inbox when somebody here is concerned.
"""

from collections.abc import Sequence

from federation.database import Row, Transaction
from federation.delivery import enqueue
from federation.node import Node
from federation.seen import digest_of, take_in
from federation.vocabulary import Document
from outbox.audience import Recipient
from outbox.documents import serialise


async def publish(
    node: Node,
    tx: Transaction,
    activity: Document,
    *,
    sender: Row,
    recipients: Sequence[Recipient],
    local: bool,
    audience_kind: str = "named",
) -> int:
    """Store `activity` with one delivery for each recipient; return its row id.

    `local` leaves it pending for this node's own inbox. Idempotent by the activity's id:
    what was published before is not published again. The loops hear of it after the commit.
    """
    item = activity["object"]
    if isinstance(item, list):
        # A Flag names somebody, then statuses.
        item = item[0]
    object_uri = item["id"] if isinstance(item, dict) else item
    row_id = node.ids.next()
    kind = activity["type"]
    if not await take_in(tx, digest_of(activity["id"], kind, sender["uri"], activity)):
        sql = "SELECT id FROM activity WHERE uri = ? AND type = ? ORDER BY id DESC LIMIT 1"
        known = await tx.value(sql, activity["id"], kind)
        return known or 0
    now = node.clock()
    await tx.execute(
        "INSERT INTO activity (id, uri, type, actor_uri, object_uri, origin, body, progress,"
        " next_attempt_at, created_at) VALUES (?, ?, ?, ?, ?, 'local', ?, ?, ?, ?)",
        row_id,
        activity["id"],
        activity["type"],
        sender["uri"],
        object_uri,
        serialise(activity),
        "pending" if local else "done",
        now,
        now,
    )
    if local:
        tx.after_commit(node.inbox_wake.set)
    if recipients:
        tx.after_commit(node.delivery_wake.set)
        await enqueue(
            node,
            tx,
            activity_id=row_id,
            sender_uri=sender["uri"],
            activity_type=activity["type"],
            object_uri=object_uri,
            audience_kind=audience_kind,
            inboxes=[(recipient.inbox_url, recipient.origin) for recipient in recipients],
        )
    return row_id


def to_actor(target: Row) -> list[Recipient]:
    """The recipient of an activity meant for one actor: its own inbox.

    Never everybody's at its host (GoToSocial fails on that); nobody when the actor lives here.
    """
    if target["is_local"]:
        return []
    return [Recipient(target["inbox_url"], target["origin"], target["id"])]
