"""Quotes: who may quote what, and what became of each quote.

A quote never widens an audience: what is not public is quoted by its author alone, and only to
the same circle. Showing the quoted status is asked of `outbox.visibility` at each reading.
"""

from collections.abc import Container
from typing import Literal

from actors import queries as actors
from federation.database import Reader, Row, Transaction
from federation.errors import Invalid, NotFound, describe
from federation.node import Node
from outbox import documents, quote_documents
from outbox.agreed import refuse_quote
from outbox.audience import (
    addressing,
    hearers,
    holders,
    joined,
    mentioned_rows,
    recipients,
)
from outbox.circles import wire_uri
from outbox.events import announce_edit
from outbox.publish import publish, to_actor
from outbox.reach import Reach, covers
from outbox.visibility import PUBLIC_KINDS, may, member, visible

describe(
    {
        "quote.refused": "The author of this status does not let you quote it.",
        "quote.author_only": "Only its author may pass this on.",
        "quote.wider": "What is not public can be quoted for the same audience only.",
        "quote.not_named": "A message to named people quotes somebody only if it names them.",
        "quote.leaves_site": "A status for this site alone cannot quote one of another site.",
    }
)

State = Literal["pending", "accepted", "rejected", "revoked", "deleted"]
POLICIES = ("public", "followers", "nobody")
_FIELD = "quoted_status_id"


def policy_words(policy: str, kind: str) -> str:
    """The stored words of a policy of the client API; what is not public nobody else quotes."""
    return policy if policy in ("public", "followers") and kind in PUBLIC_KINDS else ""


async def allows(reader: Reader, quoted: Row, actor_id: int) -> bool:
    """Whether the stated policy of a status lets this actor quote it without being asked.

    Who may see it is another question.
    """
    if quoted["actor_id"] == actor_id:
        return True
    words = (quoted["quote_automatic"] or "").split()
    if quoted["audience_kind"] not in PUBLIC_KINDS:
        return False
    return "public" in words or await _is_in_circle(reader, words, quoted["actor_id"], actor_id)


async def may_ask(reader: Reader, quoted: Row, actor_id: int) -> bool:
    """Whether the stated policy lets this actor quote the status, at once or when asked."""
    if await allows(reader, quoted, actor_id):
        return True
    words = (quoted["quote_manual"] or "").split()
    words += [w for w in (quoted["quote_automatic"] or "").split() if w == "unsupported_policy"]
    if quoted["is_local"] or quoted["audience_kind"] not in PUBLIC_KINDS:
        return False
    return bool({"public", "unsupported_policy"} & set(words)) or await _is_in_circle(
        reader, words, quoted["actor_id"], actor_id
    )


async def _is_in_circle(
    reader: Reader, words: Container[str], author_id: int, actor_id: int
) -> bool:
    pairs = [("followers", actor_id, author_id), ("following", author_id, actor_id)]
    for word, follower_id, target_id in pairs:
        if word in words and await reader.value(
            "SELECT 1 FROM follow WHERE follower_id = ? AND target_id = ? AND state = 'accepted'",
            follower_id,
            target_id,
        ):
            return True
    return False


async def quotable(
    node: Node, author: Row, quoted_id: int, reach: Reach, named_ids: Container[int]
) -> Row:
    """The status that `author` may quote in one of this reach that names these actors.

    A boost stands for what it boosts. Raises NotFound for what the author may not see, as for
    what is not there; Invalid for what she may see and not quote, or not to this audience.
    """
    who, kind = await member(node.db, author["id"]), reach.kind
    quoted = await visible(node.db, who, quoted_id)
    if quoted is not None and quoted["reblog_of_id"] is not None:
        quoted = await visible(node.db, who, quoted["reblog_of_id"])
    if quoted is None:
        raise NotFound("status.not_found")
    if not await may(node.db, who, "quote", quoted) or quoted["audience_kind"] == "named":
        raise Invalid("quote.author_only", field=_FIELD)
    if quoted["audience_kind"] not in PUBLIC_KINDS and not await covers(
        node, node.db, quoted, reach
    ):
        raise Invalid("quote.wider", field=_FIELD)
    if quoted["actor_id"] == author["id"]:
        return quoted
    await refuse_quote(node.db, quoted)
    if not await may_ask(node.db, quoted, author["id"]):
        raise Invalid("quote.refused", field=_FIELD)
    if kind == "site" and not quoted["is_local"]:
        raise Invalid("quote.leaves_site", field=_FIELD)
    if kind == "named" and quoted["actor_id"] not in named_ids:
        raise Invalid("quote.not_named", field=_FIELD)
    return quoted


async def attach(node: Node, tx: Transaction, author: Row, status: Row, quoted: Row) -> Row:
    """Let a new status of this node quote another; return it as it is now.

    A quote of somebody here stands at once; one of somebody elsewhere waits for her answer.
    Whoever is quoted may read the quote: she is named in it, silently.
    """
    accepted = bool(quoted["is_local"]) or quoted["actor_id"] == author["id"]
    stamp_uri = node.uris.stamp(quoted["id"], status["id"]) if quoted["is_local"] else None
    await tx.execute(
        "UPDATE status SET quote_of_id = ?, quote_uri = ?, quote_state = 'pending' WHERE id = ?",
        quoted["id"],
        quoted["uri"],
        status["id"],
    )
    await tx.execute(
        "INSERT INTO quote (status_id, request_uri, stamp_uri) VALUES (?, ?, ?)",
        status["id"],
        None if accepted else node.uris.activity(node.ids.next()),
        stamp_uri,
    )
    if accepted:
        await settle(node, tx, status["id"], "accepted")
    if quoted["actor_id"] != author["id"]:
        await tx.execute(
            "INSERT INTO mention (status_id, actor_id, silent) VALUES (?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            status["id"],
            quoted["actor_id"],
            True,
        )
    return await _status(tx, status["id"])


async def ask(node: Node, tx: Transaction, author: Row, status: Row) -> None:
    """Ask the author of what this status quotes, when she lives elsewhere and must say."""
    if status["quote_state"] != "pending":
        return
    request_uri = await tx.value("SELECT request_uri FROM quote WHERE status_id = ?", status["id"])
    quoted = await _status(tx, status["quote_of_id"])
    quoted_author = await actors.by_id(tx, quoted["actor_id"])
    assert quoted_author is not None, "a status has its author by foreign key"
    note = await documents.note_document(node, tx, status)
    request = quote_documents.request_document(request_uri, author["uri"], quoted["uri"], note)
    await publish(
        node,
        tx,
        request | {"to": [quoted_author["uri"]]},
        sender=author,
        recipients=to_actor(quoted_author),
        local=False,
    )


async def settle(
    node: Node,
    tx: Transaction,
    status_id: int,
    state: State,
    stamp_uri: str | None = None,
    *,
    quietly: bool = False,
) -> bool:
    """Give a quote its state, and what is quoted its count; False when nothing changed.

    Quietly, no stream is told.
    """
    row = await tx.row("SELECT * FROM status WHERE id = ?", status_id)
    if row is None or row["quote_state"] is None:
        return False
    if stamp_uri is not None:
        await tx.execute("UPDATE quote SET stamp_uri = ? WHERE status_id = ?", stamp_uri, status_id)
    if row["quote_state"] == state:
        return False
    await tx.execute("UPDATE status SET quote_state = ? WHERE id = ?", state, status_id)
    step = (state == "accepted") - (row["quote_state"] == "accepted")
    if step and row["quote_of_id"] is not None:
        await tx.execute(
            "UPDATE status SET quotes_count = quotes_count + ? WHERE id = ?",
            step,
            row["quote_of_id"],
        )
    if not quietly:
        announce_edit(node, tx, row)
    return True


async def republish(node: Node, tx: Transaction, status_id: int) -> None:
    """Tell everybody who hears of a status of this node how it stands now, without an edit."""
    status = await _status(tx, status_id)
    author = await actors.by_id(tx, status["actor_id"])
    assert author is not None, "a status has its author by foreign key"
    inboxes = await hearers(node, tx, status)
    if not status["is_local"] or not inboxes:
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


async def set_policy(node: Node, status: Row, policy: str) -> None:
    """Decide anew who may quote a status of this node; quotes that stand stay."""

    async def work(tx: Transaction) -> None:
        if await store_policy(tx, status, policy):
            announce_edit(node, tx, status)
            await republish(node, tx, status["id"])

    await node.db.write(work)


async def store_policy(tx: Transaction, status: Row, policy: str) -> bool:
    """Write down who may quote a status from now on; False when that is nothing new."""
    words = policy_words(policy, status["audience_kind"])
    changed = await tx.execute(
        "UPDATE status SET quote_automatic = ?, quote_manual = ''"
        " WHERE id = ? AND COALESCE(quote_automatic, '-') <> ?",
        words,
        status["id"],
        words,
    )
    return changed > 0


async def revoke(node: Node, author: Row, quoted: Row, quoting_id: int) -> Row:
    """Take back that a status may quote one of `author`; return the quoting status.

    NotFound when it does not quote it. Its author, and whoever has what was quoted, get the
    Delete of the stamp.
    """

    async def work(tx: Transaction) -> Row:
        quoting = await tx.row(
            "SELECT * FROM status WHERE id = ? AND quote_of_id = ?", quoting_id, quoted["id"]
        )
        if quoting is None:
            raise NotFound("status.not_found")
        if await settle(node, tx, quoting_id, "revoked"):
            await _send_revocation(node, tx, author, quoted, quoting)
            await republish(node, tx, quoting_id)
        return await _status(tx, quoting_id)

    return await node.db.write(work)


async def _send_revocation(
    node: Node, tx: Transaction, author: Row, quoted: Row, quoting: Row
) -> None:
    other = await actors.by_id(tx, quoting["actor_id"])
    assert other is not None, "a status has its author by foreign key"
    stamp_uri = node.uris.stamp(quoted["id"], quoting["id"])
    stamp = quote_documents.stamp_document(stamp_uri, author["uri"], quoting["uri"], quoted["uri"])
    mentioned = await mentioned_rows(tx, quoted["id"])
    named, circle_uri = [row["uri"] for row in mentioned], await wire_uri(tx, quoted)
    to, cc = addressing(quoted["audience_kind"], author, named, circle_uri)
    have = joined(await recipients(node, tx, quoted), await holders(node, tx, quoted["uri"]))
    uri = node.uris.activity(node.ids.next())
    await publish(
        node,
        tx,
        quote_documents.revocation_document(uri, stamp, [*to, other["uri"]], cc),
        sender=author,
        recipients=joined(have, to_actor(other)),
        local=False,
        audience_kind=quoted["audience_kind"],
    )


async def forget_quotes(tx: Transaction, status: Row) -> None:
    """Keep quotes right when a status goes: those of it are of nothing, its own counts no more."""
    await tx.execute(
        "UPDATE status SET quote_state = 'deleted', quote_of_id = NULL WHERE quote_of_id = ?",
        status["id"],
    )
    if status["quote_of_id"] is not None and status["quote_state"] == "accepted":
        await tx.execute(
            "UPDATE status SET quotes_count = quotes_count - 1 WHERE id = ?",
            status["quote_of_id"],
        )


async def _status(reader: Reader, status_id: int) -> Row:
    row = await reader.row("SELECT * FROM status WHERE id = ?", status_id)
    assert row is not None, "found by the caller in this work"
    return row
