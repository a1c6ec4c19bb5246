"""Reject: the one who was asked refuses a follower of this node, or removes one."""

from actors import follows
from federation.activity import Activity
from federation.database import Row, Transaction
from federation.node import Node
from inbox.handlers.answers import answered_follow
from inbox.outcome import Outcome


async def on_reject(
    _node: Node, tx: Transaction, sender: Row, activity: Activity, _found: object
) -> Outcome:
    """End a follow, pending or accepted; what is not followed needs no ending."""
    row = await answered_follow(tx, sender, activity)
    if row is None:
        return Outcome.ignored("ignored.unknown_follow")
    await follows.remove(tx, row["follower_id"], row["target_id"])
    return Outcome.done("reject.done")
