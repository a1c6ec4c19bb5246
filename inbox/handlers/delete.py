"""Delete: a status, an actor or the stamp of a quote is gone, on the word of its author.

A Delete that overtakes its Create leaves a tombstone, so that what comes late stays away; only
for ids of the sender's own origin, so that nobody keeps out what is another's (SEC-050).
"""

from federation.activity import Activity, text
from federation.database import Row, Transaction
from federation.node import Node
from inbox.handlers.quote_answers import on_stamp_deleted
from inbox.outcome import Outcome
from inbox.relevance import same_origin
from inbox.undone import mark_undone
from outbox.circles import FOR_NOBODY, TAKEN_BACK, WIRE_KIND
from outbox.farewell import erase_actor
from outbox.statuses import by_uri, remove


async def check_delete(_node: Node, sender: Row | None, activity: Activity) -> Outcome | None:
    """Refuse what is not the sender's; nothing is stored or fetched for an unknown actor."""
    uri = activity.object_uri
    if uri is None:
        return Outcome.refused("refused.object_id")
    if sender is None:
        return Outcome.ignored("ignored.unknown_actor")
    if not same_origin(uri, sender["uri"]):
        return Outcome.refused("refused.not_author", object=uri, actor=sender["uri"])
    return None


def _is_taken_back(activity: Activity) -> bool:
    """Whether it is only for this site no more, and lives on for others."""
    return text(activity.object or {}, WIRE_KIND) == FOR_NOBODY


async def _rename(tx: Transaction, uri: str, former: str, now: str) -> None:
    await tx.execute(
        "UPDATE tombstone SET former_type = ? WHERE uri = ? AND former_type = ?", now, uri, former
    )


async def on_delete(
    node: Node, tx: Transaction, sender: Row, activity: Activity, _found: object
) -> Outcome:
    """Erase the sender's status, or the sender; remember what is not here yet as deleted."""
    uri = activity.object_uri or ""
    if uri == sender["uri"]:
        if not sender["is_local"]:
            await erase_actor(node, tx, sender)
        return Outcome.done("delete.actor")
    status = await by_uri(tx, uri)
    if status is not None:
        if status["actor_id"] != sender["id"]:
            return Outcome.refused("refused.not_author", object=uri, actor=sender["uri"])
        await remove(node, tx, status)
        if _is_taken_back(activity):
            await _rename(tx, uri, status["type"], TAKEN_BACK)
        return Outcome.done("delete.done")
    ended = await on_stamp_deleted(node, tx, sender, uri)
    if ended is not None:
        return ended
    if await tx.value("SELECT 1 FROM actor WHERE uri = ?", uri):
        return Outcome.refused("refused.not_author", object=uri, actor=sender["uri"])
    if not sender["is_local"]:
        await _remember(node, tx, sender, activity, uri)
    return Outcome.done("delete.before")


async def _remember(node: Node, tx: Transaction, sender: Row, activity: Activity, uri: str) -> None:
    """Let what comes late under this id stay away."""
    if _is_taken_back(activity):
        await mark_undone(node, tx, uri, TAKEN_BACK, sender)
        return
    document = activity.object or {}
    former = text(document, "formerType") or text(document, "type") or "Object"
    # It may have been taken back from here alone before: now its author has deleted it.
    await _rename(tx, uri, TAKEN_BACK, former[:40])
    await mark_undone(node, tx, uri, former, sender)
