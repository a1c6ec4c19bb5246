"""Who is told of a quote: whom it quotes once it stands, and who quoted when that changes."""

from federation.database import Row, Transaction
from federation.node import Node
from inbox.notifications import forget, notify


async def notify_quoted(node: Node, tx: Transaction, status: Row) -> None:
    """Tell the person of this node whose status this one quotes, if the quote stands."""
    if status["quote_uri"] is None:
        return
    author_id = await tx.value(
        "SELECT o.actor_id FROM status s JOIN status o ON o.id = s.quote_of_id"
        " WHERE s.id = ? AND s.quote_state = 'accepted' AND o.is_local",
        status["id"],
    )
    if author_id is not None:
        await notify(node, tx, author_id, "quote", status["actor_id"], status["id"])


async def notify_quoters(node: Node, tx: Transaction, status: Row) -> None:
    """Tell the people of this node who quote a status that it says something else now."""
    rows = await tx.rows(
        "SELECT DISTINCT s.actor_id FROM status s JOIN actor r ON r.id = s.actor_id"
        " WHERE s.quote_of_id = ? AND s.quote_state = 'accepted' AND r.is_local"
        " ORDER BY s.actor_id",
        status["id"],
    )
    author_id, status_id = status["actor_id"], status["id"]
    for row in rows:
        await forget(tx, row["actor_id"], ("quoted_update",), author_id, status_id)
        await notify(node, tx, row["actor_id"], "quoted_update", author_id, status_id)
