"""Undo: an actor takes back what it did; taking back what never came is no error.

Only the author of an activity may undo it: the sender is compared with the stored row, never
with what the Undo says. What has not come yet is marked, so that it has no effect later
(REL-026). An Undo of an earlier Follow or Like does not end a later one; but an id that never
came may be one that the peer made up for the Undo (Lemmy does), so then the type and the
object decide.
"""

from collections.abc import Awaitable, Callable

from actors import follows
from actors.queries import by_uri as actor_by_uri
from federation.activity import Activity, text, uri_of
from federation.database import Row, Transaction
from federation.node import Node
from federation.seen import has_come
from federation.vocabulary import Document
from inbox.notifications import forget
from inbox.outcome import Outcome
from inbox.relevance import same_origin
from inbox.undone import mark_undone, undone_digests
from outbox.reactions import (
    reaction_by_uri,
    read_emoji,
    remove_like,
    remove_reaction,
    undo_reactions,
)
from outbox.statuses import by_uri, remove

_LIKES = ("Like", "EmojiReact")
_UNDOABLE = ("Follow", "Announce", "Block", *_LIKES)
_UNKNOWN = "Activity"


async def check_undo(_node: Node, sender: Row | None, activity: Activity) -> Outcome | None:
    """Refuse an Undo of what is another's (SEC-198) or of what cannot be undone."""
    uri, inner = activity.object_uri, activity.object or {}
    if uri is None and not inner:
        return Outcome.refused("refused.object_id")
    stated = uri_of(inner.get("actor"))
    foreign = uri is not None and not same_origin(uri, activity.actor_uri)
    if foreign or (stated is not None and stated != activity.actor_uri):
        return Outcome.refused("refused.not_author", object=uri or "", actor=activity.actor_uri)
    kind = text(inner, "type")
    if kind is not None and kind not in _UNDOABLE:
        return Outcome.ignored("ignored.undo_type", type=kind)
    # Who is unknown here has done nothing here yet: worth no fetch when nothing is named.
    return Outcome.done("undo.nothing") if sender is None and uri is None else None


async def on_undo(
    node: Node, tx: Transaction, sender: Row, activity: Activity, _found: object
) -> Outcome:
    """Take back what the inner activity did, by its id, else by its type and object."""
    uri, inner = activity.object_uri, activity.object or {}
    kind = text(inner, "type")
    if uri is not None:
        owner_id = await _undo_by_uri(node, tx, sender, kind, uri)
        if owner_id is not None:
            if owner_id != sender["id"]:
                return Outcome.refused("refused.not_author", object=uri, actor=sender["uri"])
            return Outcome.done("undo.done")
        if kind == "Block" and await _unblock_compared(tx, sender, inner):
            return Outcome.done("undo.done")
        if await has_come(tx, undone_digests(activity)):
            return Outcome.done("undo.nothing")
        if not sender["is_local"]:
            await mark_undone(node, tx, uri, kind or _UNKNOWN, sender)
    if kind is not None and await _undo_by_object(node, tx, sender, kind, inner):
        return Outcome.done("undo.done")
    return Outcome.done("undo.nothing" if uri is None else "undo.before")


async def _undo_by_uri(
    node: Node, tx: Transaction, sender: Row, kind: str | None, uri: str
) -> int | None:
    """Undo what has this id if it is the sender's; return whose it is, None when unknown."""
    for kinds, find in _BY_URI:
        if kind is None or kind in kinds:
            found = await find(tx, uri)
            if found is None:
                continue
            owner_id, end = found
            if owner_id == sender["id"]:
                await end(node)
            return owner_id
    return None


End = Callable[[Node], Awaitable[object]]


async def _follow(tx: Transaction, uri: str) -> tuple[int, End] | None:
    row = await follows.find_by_uri(tx, uri)
    if row is None:
        return None
    return row["follower_id"], lambda _: _end_follow(tx, row["follower_id"], row["target_id"])


async def _like(tx: Transaction, uri: str) -> tuple[int, End] | None:
    row = await tx.row("SELECT actor_id, status_id FROM favourite WHERE uri = ?", uri)
    if row is None:
        return None
    return row["actor_id"], lambda _: remove_like(tx, row["actor_id"], row["status_id"], uri)


async def _reaction(tx: Transaction, uri: str) -> tuple[int, End] | None:
    row = await reaction_by_uri(tx, uri)
    return None if row is None else (row["actor_id"], lambda _: remove_reaction(tx, row))


async def _boost(tx: Transaction, uri: str) -> tuple[int, End] | None:
    row = await by_uri(tx, uri)
    if row is None or row["reblog_of_id"] is None:
        return None
    return row["actor_id"], lambda node: _end_boost(node, tx, row)


async def _block(tx: Transaction, uri: str) -> tuple[int, End] | None:
    row = await tx.row("SELECT actor_id, target_id FROM block WHERE uri = ?", uri)
    if row is None:
        return None
    return row["actor_id"], lambda _: follows.unblock(tx, row["actor_id"], row["target_id"])


_BY_URI = (
    (("Follow",), _follow),
    (_LIKES, _reaction),
    (_LIKES, _like),
    (("Announce",), _boost),
    (("Block",), _block),
)


async def _unblock_compared(tx: Transaction, sender: Row, inner: Document) -> bool:
    """End a block known from a comparison, whichever of her Blocks the sender takes back."""
    target = await actor_by_uri(tx, uri_of(inner.get("object")) or "")
    known = target and await follows.find_block(tx, sender["id"], target["id"])
    if not target or not known or known["uri"] != follows.compared_block(sender["uri"]):
        return False
    return await follows.unblock(tx, sender["id"], target["id"]) is not None


async def _undo_by_object(
    node: Node, tx: Transaction, sender: Row, kind: str, inner: Document
) -> bool:
    """Undo the sender's one follow, reaction, boost or block of an object."""
    uri = uri_of(inner.get("object")) or ""
    if kind in ("Follow", "Block"):
        target = await actor_by_uri(tx, uri)
        if target is None:
            return False
        if kind == "Follow":
            return await _end_follow(tx, sender["id"], target["id"])
        return await follows.unblock(tx, sender["id"], target["id"]) is not None
    status = await by_uri(tx, uri)
    if status is None:
        return False
    if kind in _LIKES:
        return await undo_reactions(tx, sender["id"], status["id"], read_emoji(inner))
    boost = await tx.row(
        "SELECT * FROM status WHERE reblog_of_id = ? AND actor_id = ?", status["id"], sender["id"]
    )
    if boost is not None:
        await _end_boost(node, tx, boost)
    return boost is not None


async def _end_follow(tx: Transaction, follower_id: int, target_id: int) -> bool:
    ended = await follows.remove(tx, follower_id, target_id)
    await forget(tx, target_id, ("follow", "follow_request"), follower_id, 0)
    return ended is not None


async def _end_boost(node: Node, tx: Transaction, boost: Row) -> None:
    await remove(node, tx, boost)
    if not boost["is_local"]:
        # It came once, which `seen` knows; it may come again under this id (snac2).
        await tx.execute("DELETE FROM tombstone WHERE uri = ?", boost["uri"])
    author_id = await tx.value("SELECT actor_id FROM status WHERE id = ?", boost["reblog_of_id"])
    if author_id is not None:
        await forget(tx, author_id, ("reblog",), boost["actor_id"], boost["reblog_of_id"])
