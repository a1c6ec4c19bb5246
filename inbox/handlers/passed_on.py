"""What a group passes on besides statuses: reactions, and what it pins (Lemmy).

A reaction counts as its own origin serves it under its id, as if it had come from there. What
is pinned is the group's own collection, for which it speaks itself.
"""

from dataclasses import dataclass

from actors.remote import ensure_actor
from federation.activity import Activity, read_activity, text, uri_of
from federation.database import Row, Transaction
from federation.fetch import FetchBudget
from federation.node import Node
from federation.vocabulary import Document
from inbox.fetching import fetch_signed
from inbox.handlers.add_remove import pin, unpin
from inbox.handlers.like import on_like
from inbox.handlers.undo import check_undo, on_undo
from inbox.outcome import Outcome
from inbox.relevance import same_origin
from inbox.undone import is_undone
from outbox.interactions import add_favourite
from outbox.statuses import by_uri
from outbox.visibility import PUBLIC_KINDS

LIKES = frozenset({"EmojiReact", "Like"})
REACTIONS = LIKES | {"Undo"}
PINNINGS = frozenset({"Add", "Remove"})


@dataclass(frozen=True, slots=True)
class Reaction:
    """A reaction as its own origin serves it, with who reacted."""

    activity: Activity
    actor: Row


def status_meant(document: Document) -> str | None:
    """The id of the status that a reaction, or the Undo of one, is about."""
    inner = document.get("object")
    if text(document, "type") == "Undo":
        kind = text(inner, "type") if isinstance(inner, dict) else None
        return uri_of(inner.get("object")) if isinstance(inner, dict) and kind in LIKES else None
    return uri_of(inner)


async def fetch_reaction(node: Node, document: Document, budget: FetchBudget) -> Reaction | None:
    """Fetch a reaction from its own origin; None when it is not to a status that is here.

    Raises as `fetch_signed`, and Malformed for what is no activity.
    """
    uri, status_uri = uri_of(document.get("id")), status_meant(document)
    if uri is None or status_uri is None or await by_uri(node.db, status_uri) is None:
        return None
    served = read_activity(await fetch_signed(node, uri, budget))
    if served.type not in REACTIONS or not same_origin(served.actor_uri, served.uri):
        return None
    return Reaction(served, await ensure_actor(node, served.actor_uri, budget=budget))


async def react(node: Node, tx: Transaction, reaction: Reaction | None) -> Outcome:
    """Count a reaction, or take it back, once for each actor and status."""
    if reaction is None:
        return Outcome.ignored("ignored.unknown_object")
    activity, actor = reaction.activity, reaction.actor
    if actor["suspended_at"] is not None or actor["is_local"]:
        return Outcome.refused("refused.suspended")
    status = await by_uri(tx, status_meant(activity.document) or "")
    if status is None:
        return Outcome.ignored("ignored.unknown_object")
    if activity.type == "Undo":
        refused = await check_undo(node, actor, activity)
        return refused or await on_undo(node, tx, actor, activity, None)
    if status["is_local"]:
        return await on_like(node, tx, actor, activity, None)
    return await _count_elsewhere(node, tx, reaction, status)


async def _count_elsewhere(node: Node, tx: Transaction, reaction: Reaction, status: Row) -> Outcome:
    """Count a reaction to a status of elsewhere, of which the group is the only source."""
    activity, actor = reaction.activity, reaction.actor
    if status["audience_kind"] not in PUBLIC_KINDS:
        return Outcome.refused("refused.not_public")
    if await is_undone(tx, activity.uri, actor["uri"]):
        return Outcome.ignored("ignored.undone")
    await add_favourite(node, tx, actor["id"], status["id"], activity.uri)
    return Outcome.done("like.done")


async def change_pins(node: Node, tx: Transaction, group: Row, document: Document) -> Outcome:
    """Pin a status to the group's own featured collection, or take it off."""
    target = uri_of(document.get("target"))
    if target is None or target != group["featured_url"]:
        return Outcome.ignored("ignored.collection", target=target or "")
    status = await by_uri(tx, uri_of(document.get("object")) or "")
    if status is None or status["audience_kind"] not in PUBLIC_KINDS:
        return Outcome.ignored("ignored.unknown_object")
    if text(document, "type") == "Remove":
        return await unpin(tx, group["id"], status["uri"])
    return await pin(node, tx, group["id"], status["id"])
