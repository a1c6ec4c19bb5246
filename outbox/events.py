"""The events of a status: that it is there, changed, or gone, said to open streams by its id."""

from federation.database import Row, Transaction
from federation.events import READERS_MAX, Event
from federation.node import Node
from outbox.visibility import PUBLIC_KINDS


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
    boosts = await tx.rows(
        "SELECT * FROM status WHERE reblog_of_id = ? ORDER BY id LIMIT ?",
        status["id"],
        READERS_MAX,
    )
    tags = await tx.rows("SELECT tag_id FROM status_tag WHERE status_id = ?", status["id"])
    for row in (*boosts, status):
        node.events.announce(
            tx,
            Event(
                "gone",
                id=row["id"],
                actor_id=row["actor_id"],
                audience_kind=row["audience_kind"],
                readers=await _readers(tx, row),
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
