"""Which Follow an Accept or a Reject answers: only the one who is followed may say (SEC-197)."""

from actors import follows
from actors.queries import by_uri
from federation.activity import Activity, text, uri_of
from federation.database import Row, Transaction
from federation.node import Node
from inbox.outcome import Outcome


async def check_answer(_node: Node, sender: Row | None, _activity: Activity) -> Outcome | None:
    """Ignore the answer of an actor we do not know: nobody here can have asked it."""
    return None if sender is not None else Outcome.ignored("ignored.unknown_follow")


async def answered_follow(tx: Transaction, sender: Row, activity: Activity) -> Row | None:
    """The follow of `sender` that the activity means; None when there is none.

    By the Follow's id first, then by its two actors: some peers send the id only, some the
    Follow without its id, some with an id of their own making.
    """
    uri = activity.object_uri
    row = await follows.find_by_uri(tx, uri) if uri else None
    if row is not None:
        return row if row["target_id"] == sender["id"] else None
    document = activity.object
    if document is None or text(document, "type") not in (None, "Follow"):
        return None
    follower_uri = uri_of(document.get("actor"))
    if follower_uri is None or uri_of(document.get("object")) != sender["uri"]:
        return None
    follower = await by_uri(tx, follower_uri)
    if follower is None:
        return None
    return await follows.find(tx, follower["id"], sender["id"])
