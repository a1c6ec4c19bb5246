"""Polls: a Question's options and figures, and the votes of its readers."""

from dataclasses import dataclass
from typing import Any

from federation.activity import text, time_ms, values
from federation.database import Row, Transaction
from federation.node import Node
from federation.vocabulary import Document

OPTIONS_MAX = 20
TITLE_CHARACTERS_MAX = 500
COUNT_MAX = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Poll:
    """What a Question says: options with their votes, in order."""

    options: tuple[tuple[str, int], ...]
    multiple: bool
    ends_at: int | None
    voters_count: int | None


def read_poll(document: Document) -> Poll:
    """The poll of a Question; options beyond the limit are left out."""
    multiple = "anyOf" in document
    options: list[tuple[str, int]] = []
    for item in values(document, "anyOf" if multiple else "oneOf")[:OPTIONS_MAX]:
        title = text(item, "name") if isinstance(item, dict) else None
        if title:
            replies = item.get("replies")
            total = replies.get("totalItems") if isinstance(replies, dict) else 0
            options.append((title[:TITLE_CHARACTERS_MAX], _count(total) or 0))
    ends_at = time_ms(document.get("endTime")) or time_ms(document.get("closed"))
    return Poll(tuple(options), multiple, ends_at, _count(document.get("votersCount")))


def _count(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return max(0, min(value, COUNT_MAX))


async def store_poll(node: Node, tx: Transaction, status_id: int, poll: Poll) -> None:
    """Record the poll of a status."""
    poll_id = node.ids.next()
    await tx.execute(
        "INSERT INTO poll (id, status_id, multiple, ends_at, voters_count) VALUES (?, ?, ?, ?, ?)",
        poll_id,
        status_id,
        poll.multiple,
        poll.ends_at,
        poll.voters_count,
    )
    await tx.many(
        "INSERT INTO poll_option (poll_id, position, title, votes_count) VALUES (?, ?, ?, ?)",
        [(poll_id, place, title, votes) for place, (title, votes) in enumerate(poll.options)],
    )


async def store_tally(tx: Transaction, status_id: int, poll: Poll) -> None:
    """Take over the figures of a poll elsewhere; its options do not change."""
    poll_id = await tx.value("SELECT id FROM poll WHERE status_id = ?", status_id)
    if poll_id is None:
        return
    await tx.execute(
        "UPDATE poll SET voters_count = ?, ends_at = ? WHERE id = ?",
        poll.voters_count,
        poll.ends_at,
        poll_id,
    )
    await tx.many(
        "UPDATE poll_option SET votes_count = ? WHERE poll_id = ? AND title = ?",
        [(votes, poll_id, title) for title, votes in poll.options],
    )


async def vote(
    node: Node, tx: Transaction, status: Row, actor_id: int, title: str, uri: str
) -> str:
    """Count one vote on a poll of this node; returns the outcome's code.

    Once for each option, one option only unless several are allowed, never after the end.
    """
    poll = await tx.row("SELECT * FROM poll WHERE status_id = ?", status["id"])
    if poll is None:
        return "vote.no_poll"
    if poll["ends_at"] is not None and poll["ends_at"] <= node.clock():
        return "vote.ended"
    choice = await tx.value(
        "SELECT position FROM poll_option WHERE poll_id = ? AND title = ?", poll["id"], title
    )
    if choice is None:
        return "vote.unknown_option"
    earlier = await tx.value(
        "SELECT count(*) FROM poll_vote WHERE poll_id = ? AND actor_id = ?", poll["id"], actor_id
    )
    if earlier and not poll["multiple"]:
        return "vote.twice"
    fresh = await tx.value(
        "INSERT INTO poll_vote (id, poll_id, actor_id, choice, uri, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1",
        node.ids.next(),
        poll["id"],
        actor_id,
        choice,
        uri,
        node.clock(),
    )
    if fresh is None:
        return "vote.twice"
    await tx.execute(
        "UPDATE poll_option SET votes_count = votes_count + 1 WHERE poll_id = ? AND position = ?",
        poll["id"],
        choice,
    )
    if not earlier:
        await tx.execute(
            "UPDATE poll SET voters_count = COALESCE(voters_count, 0) + 1 WHERE id = ?", poll["id"]
        )
    return "vote.counted"
