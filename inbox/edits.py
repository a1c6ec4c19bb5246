"""Who of this node hears of an edit: whoever passed the status on or asked to hear of its author.

An older notification of the same edit gives way to the new one. Whom the text names for the
first time is told as by a new status.
"""

from federation.database import Row, Transaction
from federation.node import Node
from inbox.notifications import forget, named_here, notify, notify_all
from inbox.quote_notifications import notify_quoters


async def tell_of_edit(node: Node, tx: Transaction, status: Row) -> None:
    """Tell those concerned that a status, as it is stored now, says something else."""
    author_id, status_id = status["actor_id"], status["id"]
    named = await named_here(tx, status)
    await notify_all(node, tx, named, "mention", author_id, status_id)
    await notify_quoters(node, tx, status)
    if status["audience_kind"] == "named":
        return
    rows = await tx.rows(
        "SELECT s.actor_id AS id FROM status s JOIN actor r ON r.id = s.actor_id"
        " WHERE s.reblog_of_id = ? AND r.is_local"
        " UNION SELECT f.follower_id FROM follow f JOIN actor r ON r.id = f.follower_id"
        " WHERE f.target_id = ? AND f.state = 'accepted' AND f.notify AND r.is_local"
        " ORDER BY id",
        status_id,
        author_id,
    )
    for row in rows:
        if row["id"] in named:
            continue
        await forget(tx, row["id"], ("update",), author_id, status_id)
        await notify(node, tx, row["id"], "update", author_id, status_id)
