"""Follow: somebody wants to read somebody of this node.

Answered at once by Accept unless the target decides herself; a Follow that comes again is
accepted again, since the first answer may have been lost.
"""

from actors import domain_blocks, follows
from actors.queries import by_uri
from federation.activity import Activity
from federation.database import Row, Transaction
from federation.node import Node
from inbox.lost_follows import was_lost
from inbox.notifications import forget, notify
from inbox.outcome import Outcome
from inbox.undone import is_undone
from outbox.agreed import follow_granted
from outbox.relations import answer_follow


async def check_follow(node: Node, _sender: Row | None, activity: Activity) -> Outcome | None:
    """Ignore a Follow of anybody who is not here, before the follower is fetched."""
    uri = activity.object_uri
    if uri is None:
        return Outcome.refused("refused.object_id")
    if not node.uris.is_ours(uri):
        return Outcome.ignored("ignored.not_for_us")
    target = await by_uri(node.db, uri)
    if target is None or not target["is_local"] or target["deleted_at"] is not None:
        return Outcome.refused("refused.unknown_target", object=uri)
    return None


async def on_follow(
    node: Node, tx: Transaction, sender: Row, activity: Activity, _found: object
) -> Outcome:
    """Record the follow and answer it, or ask the target; idempotent by the two actors."""
    target = await by_uri(tx, activity.object_uri or "")
    if target is None or target["id"] == sender["id"]:
        return Outcome.refused("refused.unknown_target")
    known = await follows.find(tx, sender["id"], target["id"])
    if await _is_withdrawn(tx, sender, activity, known):
        return Outcome.ignored("ignored.undone")
    if await follows.find_block(tx, sender["id"], target["id"]):
        # Nobody follows whom she blocks: this Follow was sent before the Block.
        return Outcome.ignored("ignored.blocking")
    granted = await follow_granted(tx, sender)
    if granted == "none" or await _must_reject(node, tx, sender, target):
        await follows.remove(tx, sender["id"], target["id"])
        await answer_follow(node, tx, target, sender, {"uri": activity.uri}, "Reject")
        code = "refused.scope_follow" if granted == "none" else "refused.follow_rejected"
        return Outcome.refused(code)
    asks = granted == "approval" or bool(target["locked"])
    is_back = await was_lost(tx, sender, target)
    if asks and not is_back and (known is None or known["state"] == follows.PENDING):
        await follows.ask(node, tx, sender, target, activity.uri, follows.PENDING)
        await notify(node, tx, target["id"], "follow_request", sender["id"])
        return Outcome.done("follow.asked")
    row = await follows.ask(node, tx, sender, target, activity.uri, follows.ACCEPTED)
    if known is None or known["state"] == follows.PENDING:
        await forget(tx, target["id"], ("follow_request",), sender["id"], 0)
        if not is_back:
            await notify(node, tx, target["id"], "follow", sender["id"])
    await answer_follow(node, tx, target, sender, row, "Accept")
    return Outcome.done("follow.accepted")


async def _is_withdrawn(
    tx: Transaction, sender: Row, activity: Activity, known: Row | None
) -> bool:
    """Whether the Follow was taken back already; of somebody here, her follow's row says."""
    if sender["is_local"]:
        return known is None or known["uri"] != activity.uri
    return await is_undone(tx, activity.uri, sender["uri"])


async def _must_reject(node: Node, tx: Transaction, sender: Row, target: Row) -> bool:
    """Who may not follow, and whom nobody may: the blocked, the suspended, the moved, and
    instance actors, of either side (a whole server is no reader)."""
    if sender["type"] == "Application":
        return True
    if target["uri"] == node.uris.instance_actor or target["suspended_at"] is not None:
        return True
    if target["moved_to_uri"] is not None:
        return True
    if await domain_blocks.blocks(tx, target["id"], sender):
        return True
    return await follows.find_block(tx, target["id"], sender["id"]) is not None
