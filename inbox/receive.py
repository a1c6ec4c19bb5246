"""The door: an activity is on disk before its sender hears 202, and comes in once for ever.

What makes it the same activity is its digest (`federation.seen`), which is never forgotten; the
row with its body is. A second inbox of this node adds an arrival only: effects depend on whom the
object is for, not on the door it came by, so one effect serves everybody.
"""

from federation.activity import Activity, read_activity, text
from federation.database import Transaction
from federation.errors import Refused, describe
from federation.http_signatures import SignedActivity
from federation.node import Node
from federation.origins import origin_of
from federation.seen import digest_of, take_back, take_in
from federation.vocabulary import Document
from inbox.handlers import HANDLERS
from inbox.undone import undone_digests

describe(
    {
        "activity.foreign_id": "The activity {came} is by an actor of {expected}; an activity's id"
        " is on its actor's own origin.",
        "activity.own_actor": "The activity is by an actor of this node, which sends nothing to"
        " itself.",
    }
)


async def receive(node: Node, signed: SignedActivity, inbox: str = "") -> bool:
    """Store a signed activity and where it arrived; say whether it is new.

    `inbox` is empty for the shared inbox, else the uri of the actor it was sent to. Durable
    on return. Raises Malformed for what is no activity, Refused for an id of another origin
    than its actor's (it would keep the real one out), Unavailable when it cannot be stored.
    """
    activity = _read(signed.activity)
    origin = origin_of(activity.actor_uri)
    if origin == node.origin:
        raise Refused("activity.own_actor")
    if origin_of(activity.uri) != origin:
        raise Refused("activity.foreign_id", came=activity.uri, expected=origin)
    digest = digest_of(activity.uri, activity.type, activity.actor_uri, activity.document)

    async def work(tx: Transaction) -> bool:
        if not await take_in(tx, digest, signed.signed_at_ms):
            await _arrive_again(tx, activity, inbox)
            return False
        if activity.type == "Undo":
            await take_back(tx, undone_digests(activity), digest, signed.signed_at_ms)
        await _store(node, tx, activity, signed.body, inbox)
        return True

    fresh = await node.db.write(work)
    if fresh:
        node.inbox_wake.set()
    return fresh


def _read(document: Document) -> Activity:
    """The activity; of a type without a handler it needs no object (snac sends Pings)."""
    if document.get("object") is None and text(document, "type") not in HANDLERS:
        return read_activity(document | {"object": ""})
    return read_activity(document)


async def _store(node: Node, tx: Transaction, activity: Activity, body: bytes, inbox: str) -> None:
    activity_id = node.ids.next()
    now = node.clock()
    await tx.execute(
        "INSERT INTO activity (id, uri, type, actor_uri, object_uri, origin, body, progress,"
        " next_attempt_at, created_at) VALUES (?, ?, ?, ?, ?, 'remote', ?, 'pending', ?, ?)",
        activity_id,
        activity.uri,
        activity.type,
        activity.actor_uri,
        activity.object_uri,
        body,
        now,
        now,
    )
    await tx.execute("INSERT INTO arrival (activity_id, inbox) VALUES (?, ?)", activity_id, inbox)


async def _arrive_again(tx: Transaction, activity: Activity, inbox: str) -> None:
    """Note another inbox, as long as the activity's row has not been pruned."""
    await tx.execute(
        "INSERT INTO arrival (activity_id, inbox) SELECT id, CAST(? AS TEXT) FROM activity"
        " WHERE id = (SELECT max(id) FROM activity WHERE uri = ? AND type = ?)"
        " ON CONFLICT DO NOTHING",
        inbox,
        activity.uri,
        activity.type,
    )
