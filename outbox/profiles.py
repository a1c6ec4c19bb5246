"""News of an actor itself: its changed profile goes to its followers."""

from actors.documents import actor_document
from federation.database import Row, Transaction
from federation.node import Node
from outbox import documents
from outbox.audience import follower_recipients
from outbox.publish import publish


async def publish_profile(node: Node, actor: Row) -> None:
    """Send an `Update` of a local actor to the origins of its followers."""
    document = await actor_document(node, actor)
    document.pop("@context", None)

    async def work(tx: Transaction) -> None:
        await publish(
            node,
            tx,
            documents.update_document(
                document, actor["uri"], node.ids.next(), [actor["followers_url"]]
            ),
            sender=actor,
            recipients=await follower_recipients(node, tx, actor["id"]),
            local=False,
            audience_kind="followers",
        )

    await node.db.write(work)
