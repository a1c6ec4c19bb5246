"""The end of an actor of this node: its peers are told to forget it, and it is erased here."""

from actors.deletion import mark_deleted
from federation.database import Row, Transaction
from federation.node import Node
from federation.vocabulary import PUBLIC
from outbox.audience import follower_recipients, holders, holders_of_all
from outbox.classes import keep_official
from outbox.events import announce_erased
from outbox.publish import publish


async def delete_actor(node: Node, tx: Transaction, actor: Row) -> None:
    """Erase an actor, and send its `Delete` to its followers' sites and whoever holds anything."""
    recipients = {r.inbox_url: r for r in await follower_recipients(node, tx, actor["id"])}
    for recipient in await holders(node, tx, actor["uri"]):
        recipients.setdefault(recipient.inbox_url, recipient)
    kept = await erase_actor(node, tx, actor)
    for recipient in await holders_of_all(node, tx, actor["uri"]):
        recipients.setdefault(recipient.inbox_url, recipient)
    # What stays here in the name of the site stands elsewhere in hers, and goes there.
    for status_id in kept:
        for recipient in await holders(node, tx, node.uris.status(status_id)):
            recipients.setdefault(recipient.inbox_url, recipient)
    await publish(
        node,
        tx,
        {
            "id": f"{actor['uri']}#delete",
            "type": "Delete",
            "actor": actor["uri"],
            "to": [PUBLIC],
            "object": actor["uri"],
        },
        sender=actor,
        recipients=list(recipients.values()),
        local=False,
    )


async def erase_actor(node: Node, tx: Transaction, actor: Row) -> list[int]:
    """Erase an actor and its statuses here, and tell open streams; idempotent, sends nothing.

    What an actor of this node wrote officially stays, as written by the site: returns the ids.
    """
    kept = await keep_official(node, tx, actor) if actor["is_local"] else []
    await announce_erased(node, tx, actor)
    await mark_deleted(node, tx, actor)
    return kept
