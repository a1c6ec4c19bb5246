"""Reports that leave the node: passed on to the other site in the name of this one.

The instance actor speaks, so nobody there learns who reported; only what that site already
holds or may read is named.
"""

from collections.abc import Sequence

from actors import queries
from federation.database import Row, Transaction
from federation.node import Node
from outbox.agreed import may_report_to
from outbox.publish import publish, to_actor


async def forward_report(
    node: Node, tx: Transaction, target: Row, statuses: Sequence[Row], comment: str
) -> bool:
    """Send a Flag about an actor of another origin to it.

    False for one who lives here, or where an agreement says that reports are not taken. The
    caller has checked that the statuses are the target's own.
    """
    if target["is_local"] or not await may_report_to(tx, target["origin"]):
        return False
    sender = await queries.by_uri(tx, node.uris.instance_actor)
    assert sender is not None, "a node is prepared with its instance actor"
    flag = {
        "id": node.uris.activity(node.ids.next()),
        "type": "Flag",
        "actor": sender["uri"],
        "to": [target["uri"]],
        "object": [target["uri"], *(status["uri"] for status in statuses)],
        "content": comment,
    }
    await publish(node, tx, flag, sender=sender, recipients=to_actor(target), local=False)
    return True
