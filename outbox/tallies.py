"""Votes and figures on their way: a vote goes to the poll's author alone, figures to its readers.

Figures are sent at most once a minute while votes come and once when the poll has ended; of a
poll that hides them nothing leaves before its end.
"""

from collections.abc import Sequence

from actors import queries as actors
from federation.database import Row, Transaction
from federation.errors import Invalid, NotFound
from federation.node import Node
from outbox import documents
from outbox.audience import Recipient, hearers, joined
from outbox.events import announce_edit
from outbox.polls import vote
from outbox.publish import publish, to_actor
from outbox.visibility import PUBLIC_KINDS

BATCH = 50
_FIELD = "choices"


async def cast_votes(node: Node, voter: Row, status: Row, choices: Sequence[int]) -> None:
    """Vote for the options at these places, all or none; a vote elsewhere is sent to its author.

    The caller has made sure that `voter` may see the status. Raises NotFound where there is no
    poll, Invalid naming `choices` for what cannot be voted.
    """
    author = await actors.by_id(node.db, status["actor_id"])
    assert author is not None, "a status has its author by foreign key"
    if author["id"] == voter["id"]:
        raise Invalid("vote.own", field=_FIELD)
    wanted = list(dict.fromkeys(choices))

    async def work(tx: Transaction) -> None:
        for title in await _titles(tx, status["id"], wanted):
            vote_id = node.ids.next()
            uri = node.uris.activity(vote_id)
            code = await vote(node, tx, status, voter["id"], title, uri)
            if code != "vote.counted":
                raise Invalid(code, field=_FIELD)
            if not author["is_local"]:
                await publish(
                    node,
                    tx,
                    documents.vote_document(uri, voter["uri"], status["uri"], author["uri"], title),
                    sender=voter,
                    recipients=to_actor(author),
                    local=False,
                )

    await node.db.write(work)
    node.polls_wake.set()


async def _titles(tx: Transaction, status_id: int, choices: Sequence[int]) -> list[str]:
    """The options at these places; which of them can be voted is for `vote` to say."""
    poll = await tx.row("SELECT id, multiple FROM poll WHERE status_id = ?", status_id)
    if poll is None:
        raise NotFound("vote.no_poll")
    if len(choices) > 1 and not poll["multiple"]:
        raise Invalid("vote.several", field=_FIELD)
    rows = await tx.rows("SELECT position, title FROM poll_option WHERE poll_id = ?", poll["id"])
    titles = {row["position"]: row["title"] for row in rows}
    if not choices or any(choice not in titles for choice in choices):
        raise Invalid("vote.unknown_option", field=_FIELD)
    return [titles[choice] for choice in choices]


async def send_tallies(node: Node) -> int:
    """Send the figures that are due now; say of how many polls."""
    rows = await node.db.rows(
        "SELECT poll.status_id FROM poll WHERE tally_due_at IS NOT NULL AND tally_due_at <= ?"
        " ORDER BY tally_due_at LIMIT ?",
        node.clock(),
        BATCH,
    )
    for row in rows:
        await node.db.write(lambda tx, status_id=row["status_id"]: _send(node, tx, status_id))
    return len(rows)


async def _send(node: Node, tx: Transaction, status_id: int) -> None:
    await tx.execute(
        "UPDATE poll SET tally_due_at = NULL, tally_sent_at = ? WHERE status_id = ?",
        node.clock(),
        status_id,
    )
    status = await tx.row("SELECT * FROM status WHERE id = ?", status_id)
    assert status is not None, "a poll goes with its status"
    author = await actors.by_id(tx, status["actor_id"])
    assert author is not None, "a status has its author by foreign key"
    announce_edit(node, tx, status)
    inboxes = await _inboxes(node, tx, status)
    if not inboxes:
        return
    note = await documents.note_document(node, tx, status)
    await publish(
        node,
        tx,
        documents.update_document(note, author["uri"], node.ids.next(), []),
        sender=author,
        recipients=inboxes,
        local=False,
        audience_kind=status["audience_kind"],
    )


async def _inboxes(node: Node, tx: Transaction, status: Row) -> list[Recipient]:
    """Where a poll is heard of; of one for everybody also the origin of each voter."""
    heard = await hearers(node, tx, status)
    if status["audience_kind"] not in PUBLIC_KINDS:
        return heard
    voters = await tx.rows(
        "SELECT DISTINCT COALESCE(a.shared_inbox_url, a.inbox_url) AS inbox_url, a.origin"
        " FROM poll JOIN poll_vote v ON v.poll_id = poll.id JOIN actor a ON a.id = v.actor_id"
        " WHERE poll.status_id = ? AND NOT a.is_local AND a.deleted_at IS NULL",
        status["id"],
    )
    return joined(heard, [Recipient(row["inbox_url"], row["origin"]) for row in voters])
