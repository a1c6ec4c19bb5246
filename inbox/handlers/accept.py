"""Accept: the one who was asked lets somebody of this node follow."""

from actors import follows
from federation.activity import Activity
from federation.database import Row, Transaction
from federation.node import Node
from inbox.handlers.answers import answered_follow
from inbox.outcome import Outcome


async def on_accept(
    _node: Node, tx: Transaction, sender: Row, activity: Activity, _found: object
) -> Outcome:
    """Make a pending follow count; accepted again, nothing changes.

    A Follow that we do not know, or that was withdrawn, gains nothing by being accepted.
    """
    row = await answered_follow(tx, sender, activity)
    if row is None:
        return Outcome.ignored("ignored.unknown_follow")
    await follows.accept(tx, row)
    return Outcome.done("accept.done")
