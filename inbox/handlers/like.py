"""Like: somebody thanks for a status.

Only who may see a status may react to it (SEC-189). Reactions to what lives elsewhere are
counted there.
"""

from actors.queries import by_id
from federation.activity import Activity
from federation.database import Row, Transaction
from federation.node import Node
from inbox.notifications import notify
from inbox.outcome import Outcome
from inbox.relevance import may_react
from inbox.undone import is_undone
from outbox.interactions import add_favourite
from outbox.reactions import add_reaction, read_emoji
from outbox.statuses import by_uri


async def check_like(node: Node, sender: Row | None, activity: Activity) -> Outcome | None:
    """Ignore what is about a status of another origin, before its sender is fetched."""
    if sender is not None and sender["is_local"]:
        return None
    if not node.uris.is_ours(activity.object_uri or ""):
        return Outcome.ignored("ignored.not_for_us")
    return None


async def on_like(
    node: Node, tx: Transaction, sender: Row, activity: Activity, _found: object
) -> Outcome:
    """Count a reaction once for each actor and status, with its emoji; tell the author."""
    status = await by_uri(tx, activity.object_uri or "")
    if status is None or status["reblog_of_id"] is not None:
        return Outcome.ignored("ignored.unknown_object")
    if not sender["is_local"]:
        if not await may_react(node, tx, sender, "favourite", status):
            return Outcome.refused("refused.not_visible")
        if await is_undone(tx, activity.uri, sender["uri"]):
            return Outcome.ignored("ignored.undone")
        emoji = read_emoji(activity.document)
        if emoji is None:
            await add_favourite(node, tx, sender["id"], status["id"], activity.uri)
        else:
            await add_reaction(node, tx, sender["id"], status["id"], activity.uri, emoji)
    elif not await _still_stands(tx, sender["id"], status["id"]):
        return Outcome.ignored("ignored.undone")
    author = await by_id(tx, status["actor_id"])
    if author is not None and author["is_local"]:
        await notify(node, tx, author["id"], "favourite", sender["id"], status["id"])
    return Outcome.done("like.done")


async def _still_stands(tx: Transaction, actor_id: int, status_id: int) -> bool:
    return bool(
        await tx.value(
            "SELECT 1 FROM favourite WHERE actor_id = ? AND status_id = ?", actor_id, status_id
        )
    )
