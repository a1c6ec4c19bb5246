"""Create: a status comes, or votes do.

The object is its sender's own and on its sender's origin, whatever the activity says; it is
stored once for each id, with the audience it states, and its parent is looked for afterwards.
"""

from dataclasses import dataclass

from federation.activity import Activity, text, uri_of, values
from federation.database import Row, Transaction, marks
from federation.errors import Gone
from federation.fetch import FetchBudget
from federation.node import Node
from federation.vocabulary import STATUS_TYPES, Document
from inbox.fetching import fetch_signed, meet
from inbox.notifications import notify_readers
from inbox.outcome import Outcome
from inbox.quote_notifications import notify_quoted
from inbox.relevance import (
    addressed,
    any_ours,
    check_author,
    concerns_us,
    may_react,
    mentioned,
)
from outbox.agreed import not_to_be_written_to
from outbox.audience import read_kind
from outbox.circles import stated
from outbox.polls import vote
from outbox.received import upsert_remote
from outbox.received_edits import keep_earlier
from outbox.statuses import by_uri

OBJECTS_MAX = 20
# Direct messages of another protocol inside this one: nobody here could answer them.
_NOT_TAKEN = frozenset({"ChatMessage"})


@dataclass(frozen=True, slots=True)
class Found:
    """The objects of the activity, fetched when only an id was given."""

    objects: tuple[Document, ...] = ()


def embedded(activity: Activity) -> list[Document]:
    """The objects inside an activity, bounded."""
    return list(activity.objects())[:OBJECTS_MAX]


async def check_create(node: Node, sender: Row | None, activity: Activity) -> Outcome | None:
    """Refuse or ignore before anything is fetched; None to go on."""
    if sender is not None and sender["is_local"]:
        return None
    objects = embedded(activity)
    for document in objects:
        refused = check_author(document, activity.actor_uri)
        if refused is not None:
            return refused
    for document in objects or [{}]:
        if await concerns_us(node, sender, document, activity.document):
            return None
    return Outcome.ignored("ignored.not_for_us")


async def gather(node: Node, sender: Row, activity: Activity, budget: FetchBudget) -> Found:
    """Fetch the object when the activity only names it, and the people of a closed circle."""
    if sender["is_local"]:
        return Found()
    objects = embedded(activity)
    uri = activity.object_uri
    if not objects and uri is not None:
        if check_author({"id": uri, "attributedTo": sender["uri"]}, sender["uri"]):
            return Found()
        objects = [await fetch_signed(node, uri, budget)]
    closed = [one for one in objects if _is_for_few(node, one, activity, sender)]
    await meet(node, [uri for document in closed for uri in mentioned(document)], budget)
    return Found(tuple(objects))


def _is_for_few(node: Node, document: Document, activity: Activity, sender: Row) -> bool:
    kind, _ = read_kind(document, activity.document, sender)
    return kind in ("named", "followers") and not is_vote(node, document)


async def on_create(
    node: Node, tx: Transaction, sender: Row, activity: Activity, found: Found
) -> Outcome:
    """Store what was created and tell those it names; idempotent by the object's id."""
    if sender["is_local"]:
        return await _tell_of_local(node, tx, sender, activity)
    outcome = Outcome.refused("refused.object_id")
    for document in found.objects:
        outcome = check_author(document, sender["uri"]) or (
            await _vote(node, tx, sender, document)
            if is_vote(node, document)
            else await store(node, tx, sender, document, activity.document)
        )
    return outcome


async def _tell_of_local(node: Node, tx: Transaction, sender: Row, activity: Activity) -> Outcome:
    status = await by_uri(tx, activity.object_uri or "")
    if status is None or status["actor_id"] != sender["id"]:
        return Outcome.ignored("ignored.gone")
    await notify_readers(node, tx, status)
    await notify_quoted(node, tx, status)
    return Outcome.done("create.stored")


async def store(
    node: Node, tx: Transaction, sender: Row, document: Document, wrapper: Document
) -> Outcome:
    """Store one status of `sender` and tell its readers here."""
    kind = text(document, "type") or ""
    if kind not in STATUS_TYPES or kind in _NOT_TAKEN:
        return Outcome.ignored("ignored.object_type", type=kind)
    agreed = await _without_refused(node, tx, sender, document, wrapper)
    if agreed is None:
        return Outcome.refused("refused.scope_messages")
    document, wrapper = agreed
    try:
        status, fresh = await upsert_remote(node, tx, document, sender, wrapper=wrapper)
        if not fresh:
            await keep_earlier(node, tx, document, status)
    except Gone:
        uri = uri_of(document.get("id")) or ""
        return Outcome.refused("refused.deleted", object=uri)
    names_ours = any_ours(node, [*addressed(document, wrapper), *mentioned(document)])
    await notify_readers(node, tx, status, names_ours=names_ours)
    await notify_quoted(node, tx, status)
    is_orphan = status["in_reply_to_uri"] is not None and status["in_reply_to_id"] is None
    return Outcome(
        "done",
        "create.stored" if fresh else "create.known",
        orphan_id=status["id"] if is_orphan else None,
    )


async def _without_refused(
    node: Node, tx: Transaction, sender: Row, document: Document, wrapper: Document
) -> tuple[Document, Document] | None:
    """What a partner may write to people here: without those whom its agreement keeps from it.

    None when nobody is left of those it was for.
    """
    kind, named = read_kind(document, wrapper, sender)
    if stated(document) is not None:
        return document, wrapper
    ours = [uri for uri in (*named, *mentioned(document)) if node.uris.is_ours(uri)]
    if not ours:
        return document, wrapper
    people = await tx.rows(
        f"SELECT id, uri, origin FROM actor WHERE uri IN ({marks(ours)}) AND is_local", *ours
    )
    refused = await not_to_be_written_to(tx, sender, people, kind, "receiving")
    if not refused:
        return document, wrapper
    if kind == "named" and len(refused) == len(people):
        return None
    uris = {person["uri"] for person in people if person["id"] in refused}
    return _without(document, uris), _without(wrapper, uris)


def _without(document: Document, uris: set[str]) -> Document:
    """The document addressed to everybody it names but these, and without their tags."""
    kept: Document = dict(document)
    for name in ("to", "cc", "audience", "tag"):
        if name in document:
            kept[name] = [one for one in values(document, name) if _meant(one) not in uris]
    return kept


def _meant(value: object) -> str | None:
    tagged = value.get("href") if isinstance(value, dict) else value
    return uri_of(tagged)


def is_vote(node: Node, document: Document) -> bool:
    """Whether a Note is a vote on a poll of this node: a name and no content, answering it."""
    return (
        text(document, "type") == "Note"
        and text(document, "name") is not None
        and not document.get("content")
        and not document.get("contentMap")
        and node.uris.is_ours(uri_of(document.get("inReplyTo")) or "")
    )


async def _vote(node: Node, tx: Transaction, sender: Row, document: Document) -> Outcome:
    """Count a vote of somebody who may see the poll, not of its author (SEC-189, SEC-200)."""
    status = await by_uri(tx, uri_of(document.get("inReplyTo")) or "")
    if status is None or not await may_react(node, tx, sender, "see", status):
        return Outcome.refused("refused.not_visible")
    title, uri = text(document, "name") or "", uri_of(document.get("id")) or ""
    code = await vote(node, tx, status, sender["id"], title, uri)
    return Outcome.done(code) if code == "vote.counted" else Outcome.ignored(f"ignored.{code}")
