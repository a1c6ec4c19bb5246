"""Polls: a Question's options and figures, and the votes of its readers.

A vote counts once, for an option there is, before the end. Where the figures go is decided in
`outbox.tallies`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from federation.activity import text, time_ms, values
from federation.database import Row, Transaction
from federation.errors import Invalid, describe
from federation.node import Node
from federation.vocabulary import Document

describe(
    {
        "poll.options": "A poll has from {min} to {max} options.",
        "poll.option_twice": "Two options of a poll say the same.",
        "poll.option_long": "An option has at most {max} characters.",
        "poll.expires": "A poll lasts from {min} to {max} seconds.",
        "vote.ended": "The poll has ended.",
        "vote.no_poll": "There is no poll here.",
        "vote.own": "You cannot vote in your own poll.",
        "vote.several": "This poll takes one choice only.",
        "vote.twice": "You have voted already.",
        "vote.unknown_option": "The poll has no such option.",
    }
)

# Of others.
OPTIONS_MAX = 20
TITLE_CHARACTERS_MAX = 500
COUNT_MAX = 1_000_000_000
# Of our own people.
OWN_OPTIONS_MIN, OWN_OPTIONS_MAX = 2, 8
OWN_TITLE_CHARACTERS_MAX = 100
LASTS_S_MIN, LASTS_S_MAX = 300, 31 * 86_400
TALLY_EVERY_MS = 60_000


@dataclass(frozen=True, slots=True)
class Poll:
    """What a Question says: options with their votes, in order."""

    options: tuple[tuple[str, int], ...]
    multiple: bool
    ends_at: int | None
    voters_count: int | None
    hide_totals: bool = False


def new_poll(
    options: Sequence[str],
    lasts_s: int | None,
    now_ms: int,
    *,
    multiple: bool = False,
    hide_totals: bool = False,
) -> Poll:
    """The poll that a person of this node asks for, from now; Invalid names what is wrong."""
    titles = [title.strip() for title in options]
    titles = [title for title in titles if title]
    if not OWN_OPTIONS_MIN <= len(titles) <= OWN_OPTIONS_MAX:
        bounds = {"min": str(OWN_OPTIONS_MIN), "max": str(OWN_OPTIONS_MAX)}
        raise Invalid("poll.options", field="poll[options]", **bounds)
    if max(map(len, titles)) > OWN_TITLE_CHARACTERS_MAX:
        limit = str(OWN_TITLE_CHARACTERS_MAX)
        raise Invalid("poll.option_long", field="poll[options]", max=limit)
    if len(set(titles)) < len(titles):
        raise Invalid("poll.option_twice", field="poll[options]")
    if lasts_s is None or not LASTS_S_MIN <= lasts_s <= LASTS_S_MAX:
        bounds = {"min": str(LASTS_S_MIN), "max": str(LASTS_S_MAX)}
        raise Invalid("poll.expires", field="poll[expires_in]", **bounds)
    ends_at = now_ms + lasts_s * 1000
    return Poll(tuple((title, 0) for title in titles), multiple, ends_at, 0, hide_totals)


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
        "INSERT INTO poll (id, status_id, multiple, hide_totals, ends_at, voters_count)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        poll_id,
        status_id,
        poll.multiple,
        poll.hide_totals,
        poll.ends_at,
        poll.voters_count,
    )
    await _store_options(tx, poll_id, poll)


async def _store_options(tx: Transaction, poll_id: int, poll: Poll) -> None:
    await tx.many(
        "INSERT INTO poll_option (poll_id, position, title, votes_count) VALUES (?, ?, ?, ?)",
        [(poll_id, place, title, votes) for place, (title, votes) in enumerate(poll.options)],
    )


async def replace_poll(node: Node, tx: Transaction, status_id: int, poll: Poll | None) -> bool:
    """Give a status this poll in place of the one it has, or none; say whether votes are void.

    Votes stay while the options and how many one may choose are the same; else all are
    forgotten, since nobody voted for what stands there now.
    """
    kind = "Note" if poll is None else "Question"
    await tx.execute("UPDATE status SET type = ? WHERE id = ?", kind, status_id)
    known = await tx.row("SELECT * FROM poll WHERE status_id = ?", status_id)
    if known is None or poll is None:
        await tx.execute("DELETE FROM poll WHERE status_id = ?", status_id)
        if poll is not None:
            await store_poll(node, tx, status_id, poll)
        return known is not None
    await tx.execute(
        "UPDATE poll SET ends_at = ?, hide_totals = ?, multiple = ?,"
        " ended_at = CASE WHEN CAST(? AS BIGINT) > ? THEN NULL ELSE ended_at END WHERE id = ?",
        poll.ends_at,
        poll.hide_totals,
        poll.multiple,
        poll.ends_at,
        node.clock(),
        known["id"],
    )
    titles = await _titles(tx, known["id"])
    if bool(known["multiple"]) == poll.multiple and titles == [t for t, _ in poll.options]:
        return False
    await tx.execute("DELETE FROM poll_vote WHERE poll_id = ?", known["id"])
    await tx.execute("DELETE FROM poll_option WHERE poll_id = ?", known["id"])
    await tx.execute(
        "UPDATE poll SET voters_count = ? WHERE id = ?", poll.voters_count, known["id"]
    )
    await _store_options(tx, known["id"], poll)
    return True


async def _titles(tx: Transaction, poll_id: int) -> list[str]:
    rows = await tx.rows(
        "SELECT title FROM poll_option WHERE poll_id = ? ORDER BY position", poll_id
    )
    return [row["title"] for row in rows]


async def store_tally(node: Node, tx: Transaction, status_id: int, poll: Poll) -> None:
    """Take over the figures of a poll elsewhere; other options make it another poll."""
    if not await tx.value("SELECT 1 FROM poll WHERE status_id = ?", status_id) or not poll.options:
        return
    await replace_poll(node, tx, status_id, poll)
    poll_id = await tx.value("SELECT id FROM poll WHERE status_id = ?", status_id)
    await tx.execute("UPDATE poll SET voters_count = ? WHERE id = ?", poll.voters_count, poll_id)
    await tx.many(
        "UPDATE poll_option SET votes_count = ? WHERE poll_id = ? AND title = ?",
        [(votes, poll_id, title) for title, votes in poll.options],
    )


async def vote(
    node: Node, tx: Transaction, status: Row, actor_id: int, title: str, uri: str
) -> str:
    """Count one vote on a poll; returns the outcome's code.

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
    if status["is_local"] and not poll["hide_totals"]:
        await _want_tally(node, tx, poll)
    return "vote.counted"


async def withdraw_votes(node: Node, tx: Transaction, poll_id: int, actor_id: int) -> None:
    """Take back all that somebody voted in a poll of this node, out of its figures as well."""
    await tx.execute(
        "UPDATE poll_option SET votes_count = votes_count - 1 WHERE poll_id = ? AND position IN"
        " (SELECT choice FROM poll_vote v WHERE v.poll_id = ? AND v.actor_id = ?)",
        poll_id,
        poll_id,
        actor_id,
    )
    sql = "DELETE FROM poll_vote WHERE poll_id = ? AND actor_id = ?"
    if not await tx.execute(sql, poll_id, actor_id):
        return
    await tx.execute("UPDATE poll SET voters_count = voters_count - 1 WHERE id = ?", poll_id)
    poll = await tx.row("SELECT * FROM poll WHERE id = ?", poll_id)
    assert poll is not None, "whose votes these were"
    has_ended = poll["ends_at"] is not None and poll["ends_at"] <= node.clock()
    if has_ended or not poll["hide_totals"]:
        await _want_tally(node, tx, poll)


async def _want_tally(node: Node, tx: Transaction, poll: Row) -> None:
    """Let the figures be sent: now, but not sooner than a minute after the last time."""
    due = max(node.clock(), (poll["tally_sent_at"] or 0) + TALLY_EVERY_MS)
    await tx.execute(
        "UPDATE poll SET tally_due_at = COALESCE(tally_due_at, CAST(? AS BIGINT)) WHERE id = ?",
        due,
        poll["id"],
    )
