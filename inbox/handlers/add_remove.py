"""Add and Remove: an actor pins a status of its own to its profile, or takes it off.

Only its own featured collection counts, and only what is its own and here already.
"""

from federation.activity import Activity, uri_of
from federation.database import Row, Transaction
from federation.node import Node
from inbox.outcome import Outcome
from outbox.statuses import by_uri

PINS_MAX = 20


async def check_target(_node: Node, sender: Row | None, activity: Activity) -> Outcome | None:
    """Ignore every collection but the sender's featured one."""
    target = uri_of(activity.document.get("target"))
    if sender is None or target is None or target != sender["featured_url"]:
        return Outcome.ignored("ignored.collection", target=target or "")
    return None


async def on_add(
    node: Node, tx: Transaction, sender: Row, activity: Activity, _found: object
) -> Outcome:
    """Pin the status; pinned again, nothing changes."""
    status = await by_uri(tx, activity.object_uri or "")
    if status is None:
        return Outcome.ignored("ignored.unknown_object")
    if status["actor_id"] != sender["id"] or status["reblog_of_id"] is not None:
        return Outcome.refused("refused.not_author")
    return await pin(node, tx, sender["id"], status["id"])


async def pin(node: Node, tx: Transaction, actor_id: int, status_id: int) -> Outcome:
    """Pin a status to an actor's profile, up to 20; idempotent."""
    pinned = await tx.value("SELECT count(*) FROM pin WHERE actor_id = ?", actor_id)
    if pinned >= PINS_MAX:
        return Outcome.ignored("ignored.too_many_pins")
    await tx.execute(
        "INSERT INTO pin (actor_id, status_id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        actor_id,
        status_id,
        node.clock(),
    )
    return Outcome.done("add.pinned")


async def on_remove(
    _node: Node, tx: Transaction, sender: Row, activity: Activity, _found: object
) -> Outcome:
    """Take the status off; not pinned, nothing changes."""
    return await unpin(tx, sender["id"], activity.object_uri or "")


async def unpin(tx: Transaction, actor_id: int, uri: str) -> Outcome:
    """Take a status off an actor's profile; idempotent."""
    await tx.execute(
        "DELETE FROM pin WHERE actor_id = ? AND status_id IN (SELECT id FROM status WHERE uri = ?)",
        actor_id,
        uri,
    )
    return Outcome.done("remove.unpinned")
