"""Reactions with an emoji, as other software sends them: kept with it, counted as one favourite."""

from federation.activity import text
from federation.database import Row, Transaction
from federation.node import Node
from federation.vocabulary import Document
from outbox.interactions import add_favourite, remove_favourite

EMOJI_CHARACTERS_MAX = 100
# By one actor to one status; more are one that was sent too often.
REACTIONS_MAX = 20


def read_emoji(document: Document) -> str | None:
    """The emoji of a reaction: a character or `:name:`; None where there is none."""
    emoji = text(document, "content") or text(document, "_misskey_reaction") or ""
    # The host of a custom emoji is said by its tag.
    emoji = emoji.strip()
    if not emoji or len(emoji) > EMOJI_CHARACTERS_MAX or not emoji.isprintable():
        return None
    return None if any(mark in emoji for mark in "<>&\"'") else emoji


async def add_reaction(
    node: Node, tx: Transaction, actor_id: int, status_id: int, uri: str, emoji: str
) -> bool:
    """Record a reaction; the first of an actor to a status counts as a favourite.

    False when it was there already, or there are too many.
    """
    count = await tx.value(
        "SELECT COUNT(*) FROM reaction WHERE actor_id = ? AND status_id = ?", actor_id, status_id
    )
    if count >= REACTIONS_MAX:
        return False
    fresh = await tx.value(
        "INSERT INTO reaction (id, actor_id, status_id, uri, emoji, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1",
        node.ids.next(),
        actor_id,
        status_id,
        uri,
        emoji,
        node.clock(),
    )
    await add_favourite(node, tx, actor_id, status_id, uri)
    return fresh is not None


async def reaction_by_uri(tx: Transaction, uri: str) -> Row | None:
    """The reaction that came under this id."""
    return await tx.row("SELECT * FROM reaction WHERE uri = ?", uri)


async def remove_reaction(tx: Transaction, reaction: Row) -> None:
    """Take one reaction back; the favourite stays while another stands for it."""
    actor_id, status_id = reaction["actor_id"], reaction["status_id"]
    await tx.execute("DELETE FROM reaction WHERE id = ?", reaction["id"])
    await remove_like(tx, actor_id, status_id, reaction["uri"])


async def remove_like(tx: Transaction, actor_id: int, status_id: int, uri: str) -> None:
    """Take the favourite that came under this id back, unless a reaction goes on standing for it.

    Nothing happens when something else is what counts.
    """
    counted = await tx.value(
        "SELECT uri FROM favourite WHERE actor_id = ? AND status_id = ?", actor_id, status_id
    )
    if counted != uri:
        return
    other = await tx.value(
        "SELECT uri FROM reaction WHERE actor_id = ? AND status_id = ? ORDER BY id LIMIT 1",
        actor_id,
        status_id,
    )
    if other is None:
        await remove_favourite(tx, actor_id, status_id)
        return
    await tx.execute(
        "UPDATE favourite SET uri = ? WHERE actor_id = ? AND status_id = ?",
        other,
        actor_id,
        status_id,
    )


async def undo_reactions(tx: Transaction, actor_id: int, status_id: int, emoji: str | None) -> bool:
    """Take back what an actor did to a status, all of it or what has this emoji; say if any."""
    rows = await tx.rows(
        "SELECT * FROM reaction WHERE actor_id = ? AND status_id = ? ORDER BY id",
        actor_id,
        status_id,
    )
    wanted = [row for row in rows if emoji is None or row["emoji"] == emoji]
    for row in wanted:
        await remove_reaction(tx, row)
    if emoji is not None and rows:
        return bool(wanted)
    return await remove_favourite(tx, actor_id, status_id) is not None or bool(wanted)
