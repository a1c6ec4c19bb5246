"""Pins: up to five statuses of her own that a person keeps at the top of her profile.

Followers elsewhere are told by Add and Remove of the featured collection; what is for this
site alone is pinned for its members only, and told to nobody elsewhere.
"""

from federation.database import Row, Transaction
from federation.errors import Invalid, describe
from federation.node import Node
from outbox import documents
from outbox.audience import follower_recipients
from outbox.circles import ACROSS_SITES
from outbox.publish import publish

PINS_MAX = 5

describe(
    {
        "pin.not_own": "Only your own posts can be pinned.",
        "pin.circle": "A message to named people cannot be pinned.",
        "pin.too_many": "You have pinned {max} posts already; unpin one first.",
    }
)


async def pin(node: Node, actor: Row, status: Row) -> None:
    """Pin a status; pinned again, nothing changes. Invalid for what cannot be pinned."""
    if status["actor_id"] != actor["id"] or status["reblog_of_id"] is not None:
        raise Invalid("pin.not_own", field="id")
    if status["audience_kind"] == "named":
        raise Invalid("pin.circle", field="id")

    async def work(tx: Transaction) -> None:
        pinned = await tx.rows("SELECT status_id FROM pin WHERE actor_id = ?", actor["id"])
        ids = {row["status_id"] for row in pinned}
        if status["id"] in ids:
            return
        if len(ids) >= PINS_MAX:
            raise Invalid("pin.too_many", field="id", max=str(PINS_MAX))
        if not await tx.value("SELECT 1 FROM status WHERE id = ?", status["id"]):
            return
        await tx.execute(
            "INSERT INTO pin (actor_id, status_id, created_at) VALUES (?, ?, ?)",
            actor["id"],
            status["id"],
            node.clock(),
        )
        await _tell(node, tx, "Add", actor, status)

    await node.db.write(work)


async def unpin(node: Node, actor: Row, status: Row) -> None:
    """Take a status off one's profile; not pinned, nothing changes."""

    async def work(tx: Transaction) -> None:
        gone = await tx.execute(
            "DELETE FROM pin WHERE actor_id = ? AND status_id = ?", actor["id"], status["id"]
        )
        if gone:
            await _tell(node, tx, "Remove", actor, status)

    await node.db.write(work)


async def _tell(node: Node, tx: Transaction, kind: str, actor: Row, status: Row) -> None:
    if status["audience_kind"] in ("site", *ACROSS_SITES):
        # Followers live elsewhere as well: they are not told of what is not for them.
        return
    await publish(
        node,
        tx,
        documents.featured_document(kind, node.uris.activity(node.ids.next()), actor, status),
        sender=actor,
        recipients=await follower_recipients(node, tx, actor["id"]),
        local=False,
        audience_kind="followers",
    )
