"""Reject: the one who was asked refuses a follower or a quote of this node, or ends one."""

from actors import follows
from federation.activity import Activity
from federation.database import Row, Transaction
from federation.node import Node
from inbox.handlers.answers import answered_follow
from inbox.handlers.quote_answers import on_answer
from inbox.outcome import Outcome


async def on_reject(
    node: Node, tx: Transaction, sender: Row, activity: Activity, _found: object
) -> Outcome:
    """End a follow or a quote, pending or accepted; what is not followed needs no ending."""
    answered = await on_answer(node, tx, sender, activity, None)
    if answered is not None:
        return answered
    row = await answered_follow(tx, sender, activity)
    if row is None:
        return Outcome.ignored("ignored.unknown_follow")
    await follows.remove(tx, row["follower_id"], row["target_id"])
    return Outcome.done("reject.done")
