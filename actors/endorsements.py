"""Whom a person vouches for on her profile, and what she notes about others for herself."""

from actors.follows import find_block
from federation.database import Reader, Row, Transaction
from federation.errors import Invalid, describe
from federation.node import Node

ENDORSEMENTS_MAX = 100
NOTE_CHARACTERS_MAX = 2_000

describe(
    {
        "endorsement.not_followed": "You can only feature people whom you follow.",
        "endorsement.too_many": "You feature {expected} people already.",
        "note.too_long": "A note has at most {expected} characters.",
    }
)


async def endorse(node: Node, tx: Transaction, actor_id: int, target_id: int) -> None:
    """Vouch for somebody whom the person follows, once; Invalid naming `id` else."""
    follow_id = await tx.value(
        "SELECT id FROM follow WHERE follower_id = ? AND target_id = ? AND state = 'accepted'",
        actor_id,
        target_id,
    )
    if follow_id is None:
        raise Invalid("endorsement.not_followed", field="id")
    count = await tx.value("SELECT COUNT(*) FROM endorsement WHERE actor_id = ?", actor_id)
    if count >= ENDORSEMENTS_MAX:
        raise Invalid("endorsement.too_many", field="id", expected=str(ENDORSEMENTS_MAX))
    await tx.execute(
        "INSERT INTO endorsement (id, actor_id, target_id, follow_id, created_at)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (actor_id, target_id) DO NOTHING",
        node.ids.next(),
        actor_id,
        target_id,
        follow_id,
        node.clock(),
    )


async def unendorse(tx: Transaction, actor_id: int, target_id: int) -> None:
    """Vouch for somebody no longer."""
    await tx.execute(
        "DELETE FROM endorsement WHERE actor_id = ? AND target_id = ?", actor_id, target_id
    )


async def note(tx: Transaction, actor_id: int, target_id: int, comment: str) -> None:
    """Keep a note about somebody for oneself; an empty one takes it away.

    Raises Invalid naming `comment` when it is too long.
    """
    if len(comment) > NOTE_CHARACTERS_MAX:
        raise Invalid("note.too_long", field="comment", expected=str(NOTE_CHARACTERS_MAX))
    if not comment.strip():
        await tx.execute(
            "DELETE FROM private_note WHERE actor_id = ? AND target_id = ?", actor_id, target_id
        )
        return
    await tx.execute(
        "INSERT INTO private_note (actor_id, target_id, comment) VALUES (?, ?, ?)"
        " ON CONFLICT (actor_id, target_id) DO UPDATE SET comment = excluded.comment",
        actor_id,
        target_id,
        comment,
    )


async def familiar_followers(reader: Reader, viewer_id: int, target: Row) -> list[int]:
    """Who of those whom the viewer follows follows this actor too; the newest first.

    Nobody when the actor shows to nobody who follows it, or blocks the viewer; and nobody who
    hides whom he follows.
    """
    if target["hide_collections"] and target["id"] != viewer_id:
        return []
    if await find_block(reader, target["id"], viewer_id) is not None:
        return []
    rows = await reader.rows(
        "SELECT a.id FROM follow mine JOIN follow theirs ON theirs.follower_id = mine.target_id"
        " JOIN actor a ON a.id = mine.target_id"
        " WHERE mine.follower_id = ? AND mine.state = 'accepted' AND theirs.target_id = ?"
        " AND theirs.state = 'accepted' AND NOT a.hide_collections AND a.deleted_at IS NULL"
        " AND a.suspended_at IS NULL ORDER BY theirs.id DESC LIMIT ?",
        viewer_id,
        target["id"],
        ENDORSEMENTS_MAX,
    )
    return [row["id"] for row in rows]
