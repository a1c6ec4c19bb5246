"""Block: somebody elsewhere wants nothing more to do with somebody here."""

from actors import follows
from actors.queries import by_uri
from federation.activity import Activity
from federation.database import Row, Transaction
from federation.node import Node
from inbox.notifications import forget
from inbox.outcome import Outcome
from inbox.undone import is_undone


async def check_block(node: Node, _sender: Row | None, activity: Activity) -> Outcome | None:
    """Ignore a Block of anybody who is not here."""
    if not node.uris.is_ours(activity.object_uri or ""):
        return Outcome.ignored("ignored.not_for_us")
    return None


async def on_block(
    node: Node, tx: Transaction, sender: Row, activity: Activity, _found: object
) -> Outcome:
    """End the follows both ways and remember the block, so that nothing is shown or sent."""
    target = await by_uri(tx, activity.object_uri or "")
    if target is None or not target["is_local"] or target["id"] == sender["id"]:
        return Outcome.refused("refused.unknown_target")
    if await is_undone(tx, activity.uri, sender["uri"]):
        return Outcome.ignored("ignored.undone")
    if not await follows.block(node, tx, sender["id"], target["id"], activity.uri):
        await follows.rename_block(tx, sender["id"], target["id"], activity.uri)
    await forget(tx, target["id"], ("follow", "follow_request"), sender["id"], 0)
    return Outcome.done("block.done")
