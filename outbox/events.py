"""The events of a status: that it is there, changed, or gone, said to open streams by its id."""

from collections.abc import Sequence

from federation.database import Row, Transaction
from federation.events import READERS_MAX, Event
from federation.node import Node
from outbox.visibility import PUBLIC_KINDS

# Of the statuses of an actor that goes: two pages.
ERASED_MAX = 80


def announce_status(node: Node, tx: Transaction, status: Row) -> None:
    """Tell of a status or boost that was stored just now."""
    node.events.announce(tx, Event("status", id=status["id"], actor_id=status["actor_id"]))


def announce_edit(node: Node, tx: Transaction, status: Row) -> None:
    """Tell of a status that changed: its text, its media, or the figures of its poll."""
    node.events.announce(tx, Event("edit", id=status["id"], actor_id=status["actor_id"]))


async def announce_gone(node: Node, tx: Transaction, status: Row) -> None:
    """Tell that a status, still there, goes with this work, and so do its boosts.

    Once it is gone nobody can be asked who could see it, so the event says it; by ids.
    """
    await _announce_gone(node, tx, status, ())


async def announce_erased(node: Node, tx: Transaction, actor: Row) -> None:
    """Tell that an actor goes with this work, and so do the newest of its statuses.

    No more than what may still stand on somebody's screen; of its followers as many as fit.
    """
    follows = await tx.rows(
        "SELECT f.follower_id AS id FROM follow f JOIN account a ON a.actor_id = f.follower_id"
        " WHERE f.target_id = ? AND f.state = 'accepted' ORDER BY f.follower_id LIMIT ?",
        actor["id"],
        READERS_MAX,
    )
    newest = await tx.rows(
        "SELECT * FROM status WHERE actor_id = ? ORDER BY id DESC LIMIT ?",
        actor["id"],
        ERASED_MAX,
    )
    for status in newest:
        await _announce_gone(node, tx, status, [row["id"] for row in follows])


async def _announce_gone(
    node: Node, tx: Transaction, status: Row, followers: Sequence[int]
) -> None:
    boosts = await tx.rows(
        "SELECT * FROM status WHERE reblog_of_id = ? ORDER BY id LIMIT ?",
        status["id"],
        READERS_MAX,
    )
    tags = await tx.rows("SELECT tag_id FROM status_tag WHERE status_id = ?", status["id"])
    for row in (*boosts, status):
        readers = await _readers(tx, row)
        node.events.announce(
            tx,
            Event(
                "gone",
                id=row["id"],
                actor_id=row["actor_id"],
                audience_kind=row["audience_kind"],
                readers=readers,
                followers=tuple(followers[: READERS_MAX - len(readers)]) if row is status else (),
                tag_ids=tuple(tag["tag_id"] for tag in tags) if row is status else (),
                is_local=bool(row["is_local"]),
                is_reply=row["in_reply_to_uri"] is not None,
                is_boost=row["reblog_of_id"] is not None,
            ),
        )


async def _readers(tx: Transaction, status: Row) -> tuple[int, ...]:
    """The people of this node whom a status that is not public names."""
    if status["audience_kind"] in PUBLIC_KINDS:
        return ()
    rows = await tx.rows(
        "SELECT a.id FROM actor a WHERE a.is_local AND a.id IN"
        " (SELECT m.actor_id FROM mention m WHERE m.status_id = ?"
        " UNION SELECT am.actor_id FROM audience_member am WHERE am.audience_id = ?)"
        " ORDER BY a.id LIMIT ?",
        status["id"],
        status["audience_id"],
        READERS_MAX,
    )
    return tuple(row["id"] for row in rows)
