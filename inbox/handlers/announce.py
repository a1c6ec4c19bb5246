"""Announce: somebody passes on a status, or a group what happened in it (FEP-1b12).

The announcer vouches for nothing: what it passes on counts only as it is served by its own,
admitted origin, and only what is public, or the announcer's own, may be passed on. The same
object passed on twice by the same actor, in whatever form, is one boost.
"""

from dataclasses import dataclass
from typing import Literal

from federation.activity import Activity, text, time_ms, uri_of
from federation.database import Row, Transaction
from federation.errors import Gone, NotFound
from federation.fetch import FetchBudget
from federation.node import Node
from federation.vocabulary import STATUS_TYPES, Document
from inbox.fetching import Fetched, check_admitted, fetch_signed, fetch_status
from inbox.handlers.passed_on import (
    PINNINGS,
    REACTIONS,
    Reaction,
    change_pins,
    fetch_reaction,
    react,
    status_meant,
)
from inbox.notifications import notify
from inbox.outcome import Outcome
from inbox.relevance import authors, check_author, is_followed, may_react
from inbox.undone import is_undone
from outbox.agreed import is_reshared_against_us
from outbox.audience import WIDTH, read_kind
from outbox.circles import stated, wire_uri
from outbox.interactions import add_boost, find_boost
from outbox.received import upsert_remote
from outbox.received_edits import update_remote
from outbox.statuses import by_uri, remove
from outbox.visibility import PUBLIC_KINDS

Passed = Literal["status", "update", "delete", "reaction", "pin", "nested", "other"]
_MEANINGS: dict[str, Passed] = {
    "Announce": "nested",
    "Create": "status",
    "Delete": "delete",
    "Update": "update",
    **dict.fromkeys(REACTIONS, "reaction"),
    **dict.fromkeys(PINNINGS, "pin"),
    **dict.fromkeys(("Accept", "Block", "Dislike", "Flag", "Follow", "Lock", "Reject"), "other"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What was fetched: an object that is not here or changed, a reaction; whether it is gone."""

    fetched: Fetched | None = None
    reaction: Reaction | None = None
    is_gone: bool = False


def passed_on(activity: Activity) -> tuple[Passed, str | None]:
    """What an Announce passes on, and the id of the object meant in the end.

    Announce{Create{Note}} means the Note, Announce{Like{Note}} the Note liked.
    """
    inner = activity.object
    kind = text(inner, "type") if inner is not None else None
    meaning = _MEANINGS.get(kind) if kind is not None else None
    if inner is None or meaning is None:
        return "status", activity.object_uri
    if meaning == "reaction":
        return meaning, status_meant(inner)
    return meaning, uri_of(inner.get("object"))


async def check_announce(node: Node, sender: Row | None, activity: Activity) -> Outcome | None:
    """Ignore what nobody here would see: neither ours nor by somebody followed here."""
    if sender is not None and sender["is_local"]:
        return None
    meaning, uri = passed_on(activity)
    # A group that passes on somebody's boost adds nothing to it.
    if meaning in ("nested", "other") or (uri is None and meaning == "reaction"):
        return Outcome.ignored("ignored.inner_activity")
    if uri is None:
        return Outcome.refused("refused.object_id")
    if node.uris.is_ours(uri):
        own = meaning in ("status", "reaction")
        return None if own else Outcome.ignored("ignored.inner_activity")
    if sender is None or not await is_followed(node.db, sender["id"]):
        return Outcome.ignored("ignored.not_for_us")
    return None


async def gather(node: Node, sender: Row, activity: Activity, budget: FetchBudget) -> Found:
    """Fetch what is passed on from its own origin, unless it is here and the same."""
    meaning, uri = passed_on(activity)
    if uri is None or sender["is_local"]:
        return Found()
    if meaning == "reaction":
        inner = activity.object or {}
        return Found(reaction=await fetch_reaction(node, inner, budget))
    if node.uris.is_ours(uri) or meaning == "pin":
        return Found()
    own = activity.object if meaning == "status" else None
    if own is not None and _is_own(own, sender) and await by_uri(node.db, uri) is None:
        # Sent whole, since nobody may fetch it: a private post, boosted by its author.
        return Found(Fetched(own, sender))
    return await _fetch(node, meaning, uri, budget)


def _is_own(document: Document, sender: Row) -> bool:
    """Whether an embedded status is the signer's own, and so proved by the signature."""
    if text(document, "type") not in STATUS_TYPES or sender["uri"] not in authors(document):
        return False
    return check_author(document, sender["uri"]) is None


async def _fetch(node: Node, meaning: Passed, uri: str, budget: FetchBudget) -> Found:
    known = await by_uri(node.db, uri)
    if meaning == "delete":
        return Found(is_gone=known is not None and await _is_gone(node, uri, budget))
    if meaning == "status" and known is not None:
        # What an origin that was blocked since wrote is not passed on either (SEC-191).
        await check_admitted(node, uri)
        return Found()
    if await node.db.value("SELECT 1 FROM tombstone WHERE uri = ?", uri):
        return Found(is_gone=True)
    return Found(await fetch_status(node, uri, budget))


async def _is_gone(node: Node, uri: str, budget: FetchBudget) -> bool:
    try:
        document = await fetch_signed(node, uri, budget)
    except (Gone, NotFound):
        return True
    return text(document, "type") == "Tombstone"


async def on_announce(
    node: Node, tx: Transaction, sender: Row, activity: Activity, found: Found
) -> Outcome:
    """Record a boost, or bring what a group passed on to what its origin says."""
    meaning, uri = passed_on(activity)
    if sender["is_local"]:
        return await _tell_of_local(node, tx, sender, activity)
    if meaning == "delete":
        return await _delete(node, tx, uri or "", found)
    if meaning == "reaction":
        return await react(node, tx, found.reaction)
    if meaning == "pin":
        return await change_pins(node, tx, sender, activity.object or {})
    return await _pass_on(node, tx, sender, activity, found)


async def _pass_on(
    node: Node, tx: Transaction, sender: Row, activity: Activity, found: Found
) -> Outcome:
    meaning, uri = passed_on(activity)
    if await is_undone(tx, activity.uri, sender["uri"]):
        return Outcome.ignored("ignored.undone")
    original = await _original(node, tx, uri or "", found)
    if original is None:
        return Outcome.refused("refused.deleted" if found.is_gone else "refused.object_type")
    is_create = text(activity.object or {}, "type") == "Create"
    if meaning == "update" or (is_create and original["in_reply_to_uri"] is not None):
        # A group passes on every comment: they belong to the thread, not to the home page.
        return Outcome.done("announce.stored")
    return await boost(node, tx, sender, activity, original)


async def _original(node: Node, tx: Transaction, uri: str, found: Found) -> Row | None:
    fetched = found.fetched
    if fetched is None:
        return await by_uri(tx, uri)
    known = await by_uri(tx, fetched.uri)
    if known is None:
        status, _ = await upsert_remote(node, tx, fetched.document, fetched.author, backfill=True)
        return status
    if time_ms(fetched.document.get("updated")) is not None:
        await update_remote(node, tx, fetched.document, fetched.author)
    return known


async def boost(
    node: Node,
    tx: Transaction,
    sender: Row,
    activity: Activity,
    original: Row,
    *,
    past: bool = False,
) -> Outcome:
    """Record that somebody passes on a status, once; what is of the past is news to nobody."""
    if original["reblog_of_id"] is not None:
        return Outcome.refused("refused.object_type")
    kind, _ = read_kind(activity.document, {}, sender)
    circle_uri = stated(activity.document)
    if circle_uri is not None and circle_uri == await wire_uri(tx, original):
        kind = original["audience_kind"]
    refusal = await _may_pass_on(node, tx, sender, original, kind)
    if refusal is not None:
        return refusal
    if await find_boost(tx, sender["id"], original["id"]) is not None:
        return Outcome.done("announce.known")
    published_at = time_ms(activity.document.get("published"))
    boost_id = node.ids.next(published_at if past else None)
    await add_boost(
        node, tx, sender, original, activity.uri, kind, boost_id, published_at, quietly=past
    )
    if original["is_local"] and not past:
        await notify(node, tx, original["actor_id"], "reblog", sender["id"], original["id"])
    return Outcome.done("announce.done")


async def _may_pass_on(
    node: Node, tx: Transaction, sender: Row, original: Row, kind: str
) -> Outcome | None:
    """Refuse what is not public, unless one's own to no wider circle (SEC-012, SEC-195).

    Of ours only what the announcer may see is passed on (SEC-189), and nothing of whom we
    suspended (SEC-191).
    """
    if kind == "named":
        return Outcome.ignored("ignored.announce_audience")
    if original["audience_kind"] not in PUBLIC_KINDS:
        own = original["actor_id"] == sender["id"]
        same = kind == original["audience_kind"]
        if not own or not (same or WIDTH[kind] <= WIDTH.get(original["audience_kind"], 0)):
            return Outcome.refused("refused.not_public")
    if original["is_local"]:
        if not await may_react(node, tx, sender, "reblog", original):
            return Outcome.refused("refused.not_visible")
        if await is_reshared_against_us(tx, sender, original):
            return Outcome.refused("refused.scope_resharing")
    elif await tx.value(
        "SELECT 1 FROM actor WHERE id = ? AND suspended_at IS NOT NULL", original["actor_id"]
    ):
        return Outcome.refused("refused.suspended")
    return None


async def _delete(node: Node, tx: Transaction, uri: str, found: Found) -> Outcome:
    status = await by_uri(tx, uri)
    if status is None:
        return Outcome.done("delete.nothing")
    if not found.is_gone:
        return Outcome.refused("refused.still_there", object=uri)
    await remove(node, tx, status)
    return Outcome.done("delete.done")


async def _tell_of_local(node: Node, tx: Transaction, sender: Row, activity: Activity) -> Outcome:
    original = await by_uri(tx, activity.object_uri or "")
    if original is None or await find_boost(tx, sender["id"], original["id"]) is None:
        return Outcome.ignored("ignored.undone")
    if original["is_local"]:
        await notify(node, tx, original["actor_id"], "reblog", sender["id"], original["id"])
    return Outcome.done("announce.done")
