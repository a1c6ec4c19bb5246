"""Update: a status or an actor changed, and its author says so.

An Update that comes before its Create stands in for it; one older than what is stored changes
nothing, so that the newest wins whatever the order.
"""

from dataclasses import dataclass

from actors.received import ActorFields, read_actor
from actors.remote import ensure_actor, refresh_keys, upsert_actor
from federation.activity import Activity, text, uri_of
from federation.database import Row, Transaction
from federation.fetch import FetchBudget
from federation.node import Node
from federation.vocabulary import ACTOR_TYPES, STATUS_TYPES, Document
from inbox.edits import tell_of_edit
from inbox.fetching import fetch_signed
from inbox.handlers import create
from inbox.outcome import Outcome
from inbox.relevance import check_author, concerns_us
from outbox.received_edits import update_remote
from outbox.statuses import by_uri


@dataclass(frozen=True, slots=True)
class Found:
    """The object as it is now: a status's document, or an actor's fields to store.

    Neither when the actor was fetched anew, and is stored already.
    """

    document: Document | None = None
    fields: ActorFields | None = None


async def check_update(node: Node, sender: Row | None, activity: Activity) -> Outcome | None:
    """Refuse or ignore before anything is fetched; None to go on."""
    if sender is not None and sender["is_local"]:
        return None
    uri = activity.object_uri
    if uri is None:
        return Outcome.refused("refused.object_id")
    if uri == activity.actor_uri:
        # Without a row, it is news of somebody nobody here knows.
        return None if sender is not None else Outcome.ignored("ignored.unknown_actor")
    stated = activity.object or {"id": uri, "attributedTo": activity.actor_uri}
    if text(stated, "type") in ACTOR_TYPES:
        return Outcome.refused("refused.not_author", object=uri, actor=activity.actor_uri)
    return check_author(stated, activity.actor_uri) or await _check_concern(
        node, sender, stated, activity
    )


async def _check_concern(
    node: Node, sender: Row | None, document: Document, activity: Activity
) -> Outcome | None:
    known = await by_uri(node.db, uri_of(document.get("id")) or "")
    if known is not None or await concerns_us(node, sender, document, activity.document):
        return None
    return Outcome.ignored("ignored.not_for_us")


async def gather(node: Node, sender: Row, activity: Activity, budget: FetchBudget) -> Found:
    """Fetch a status that is only named; fetch an actor whose name or address changed.

    A new handle or inbox counts only as WebFinger and the actor's own origin say (SEC-009).
    """
    if sender["is_local"]:
        return Found()
    uri, document = activity.object_uri or "", activity.object
    if uri != sender["uri"]:
        return Found(document or await fetch_signed(node, uri, budget))
    fields = read_actor(document) if document and text(document, "type") in ACTOR_TYPES else None
    if fields is None or _is_rebound(fields, sender):
        await ensure_actor(node, uri, budget=budget, refresh=True)
        return Found()
    # Signed with the old key, so the new one is the actor's own word.
    await refresh_keys(node, document or {})
    return Found(fields=fields)


def _is_rebound(fields: ActorFields, known: Row) -> bool:
    handle = fields.claimed
    same_handle = (handle.username.lower(), handle.host) == (
        known["username"].lower(),
        known["handle_host"],
    )
    return not same_handle or fields.inbox_url != known["inbox_url"]


async def on_update(
    node: Node, tx: Transaction, sender: Row, activity: Activity, found: Found
) -> Outcome:
    """Bring a status or the sender itself to what it says now."""
    if sender["is_local"]:
        return await _tell_of_local(node, tx, sender, activity)
    if activity.object_uri == sender["uri"]:
        if found.fields is not None:
            await upsert_actor(node, tx, found.fields)
        return Outcome.done("update.actor")
    document = found.document or {}
    refused = check_author(document, sender["uri"])
    if refused is not None:
        return refused
    if text(document, "type") not in STATUS_TYPES:
        return Outcome.ignored("ignored.object_type", type=text(document, "type") or "")
    known = await by_uri(tx, uri_of(document.get("id")) or "")
    if known is None:
        return await create.store(node, tx, sender, document, activity.document)
    code = await update_remote(node, tx, document, sender)
    if code == "update.done":
        await tell_of_edit(node, tx, known)
    return Outcome.ignored("ignored.older") if code == "update.older" else Outcome.done(code)


async def _tell_of_local(node: Node, tx: Transaction, sender: Row, activity: Activity) -> Outcome:
    status = await by_uri(tx, activity.object_uri or "")
    if status is not None and status["actor_id"] == sender["id"]:
        await tell_of_edit(node, tx, status)
    return Outcome.done("update.done")
