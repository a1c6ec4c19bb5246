"""Accept: the one who was asked lets somebody of this node follow, or quote."""

from actors import follows
from federation.activity import Activity
from federation.database import Row, Transaction
from federation.node import Node
from inbox.handlers.answers import answered_follow
from inbox.handlers.quote_answers import on_answer
from inbox.outcome import Outcome
from inbox.past_requests import ask_past


async def on_accept(
    node: Node, tx: Transaction, sender: Row, activity: Activity, found: object
) -> Outcome:
    """Make a pending follow count, or let a quote stand; accepted again, nothing changes.

    A Follow that we do not know, or that was withdrawn, gains nothing by being accepted.
    """
    answered = await on_answer(node, tx, sender, activity, found)
    if answered is not None:
        return answered
    row = await answered_follow(tx, sender, activity)
    if row is None:
        return Outcome.ignored("ignored.unknown_follow")
    await follows.accept(tx, row)
    await ask_past(node, tx, sender["id"])
    return Outcome.done("accept.done")
