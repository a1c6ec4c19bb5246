"""Statuses of this node's actors: written and deleted here, in one transaction each."""

from collections.abc import Iterable

from federation.database import Reader, Row, Transaction, marks
from federation.node import Node
from outbox import documents
from outbox.attachments import claim_media, release_media
from outbox.audience import (
    addressing,
    holders,
    joined,
    mentioned_rows,
    recipients,
    store_audience,
)
from outbox.cards import want_card
from outbox.circles import ACROSS_SITES, new_circle, wire_uri
from outbox.classes import refuse_protected
from outbox.conversations import drop_from_conversations, keep_conversation
from outbox.drafts import Draft, Ready, prepare
from outbox.emojis import keep_emojis
from outbox.events import announce_gone, announce_status
from outbox.polls import replace_poll
from outbox.publish import publish
from outbox.quotes import ask, attach, forget_quotes, policy_words
from outbox.reach import Reach
from outbox.search_index import index_new

TAGS_MAX = 50


async def create(node: Node, author: Row, account_id: int, draft: Draft) -> Row:
    """Publish a draft; return the status once it, its activity and its deliveries are stored.

    The same Idempotency-Key of the same account returns the status made before.

    Raises Invalid (422) naming the field; NotFound when the status replied to is not one
    that the author may see.
    """
    ready = await prepare(node, author, draft)

    async def work(tx: Transaction) -> Row:
        made = await _made_before(tx, account_id, draft)
        if made is not None:
            return made
        return await publish_ready(node, tx, author, account_id, ready)

    return await node.db.write(work)


async def publish_ready(
    node: Node, tx: Transaction, author: Row, account_id: int, ready: Ready
) -> Row:
    """Store a status, its activity and its deliveries in this write; callers wake the loops."""
    draft = ready.draft
    status = await _insert(node, tx, author, ready)
    if ready.quoted is not None:
        status = await attach(node, tx, author, status, ready.quoted)
    if draft.idempotency_key:
        await tx.execute(
            "INSERT INTO idempotency (account_id, key, status_id, created_at) VALUES (?, ?, ?, ?)",
            account_id,
            draft.idempotency_key,
            status["id"],
            node.clock(),
        )
    await index_new(node, tx, status, has_more=bool(draft.poll or draft.media_ids))
    await want_card(node, tx, status)
    note = await documents.note_document(node, tx, status)
    await publish(
        node,
        tx,
        documents.create_document(note),
        sender=author,
        recipients=await recipients(node, tx, status),
        local=await _concerns_people_here(tx, status),
        audience_kind=ready.kind,
    )
    if ready.quoted is not None:
        await ask(node, tx, author, status)
    return status


async def _concerns_people_here(tx: Transaction, status: Row) -> bool:
    """Whether the inbox has somebody to tell of a new status: named here, quoted, or asking.

    Whoever only follows reads it where she reads everything, without being told.
    """
    if status["quote_uri"] is not None:
        return True
    found = await tx.value(
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM mention m JOIN actor r ON r.id = m.actor_id"
        " WHERE m.status_id = ? AND r.is_local) OR EXISTS (SELECT 1 FROM follow f"
        " WHERE f.target_id = ? AND f.state = 'accepted' AND f.notify)",
        status["id"],
        status["actor_id"],
    )
    return found is not None


async def _made_before(tx: Transaction, account_id: int, draft: Draft) -> Row | None:
    if not draft.idempotency_key:
        return None
    return await tx.row(
        "SELECT status.* FROM status JOIN idempotency i ON i.status_id = status.id"
        " WHERE i.account_id = ? AND i.key = ?",
        account_id,
        draft.idempotency_key,
    )


async def _insert(node: Node, tx: Transaction, author: Row, ready: Ready) -> Row:
    draft, kind, parent, composed = ready.draft, ready.kind, ready.parent, ready.composed
    status_id = node.ids.next()
    now = node.clock()
    named = {mention.actor_id: False for mention in composed.mentions}
    if parent is not None and parent["actor_id"] != author["id"]:
        # Whoever is answered gets the answer and is told, also when the text does not name them.
        named.setdefault(parent["actor_id"], False)
    if parent is not None and kind == "named":
        for row in await mentioned_rows(tx, parent["id"]):
            if parent["audience_kind"] in ("named", "followers"):
                named.setdefault(row["id"], True)
    named.pop(author["id"], None)
    audience_id = await _audience(node, tx, author, ready.reach, named)
    root_id = parent["thread_root_id"] if parent else status_id
    context = parent["context_uri"] if parent else None
    await tx.execute(
        "INSERT INTO status (id, uri, url, actor_id, audience_id, audience_kind, is_local, type,"
        " content_html, text, summary, sensitive, language, in_reply_to_id, in_reply_to_uri,"
        " in_reply_to_actor_id, thread_root_id, context_uri, application_id, published_at,"
        " is_covered, quote_automatic, quote_manual)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 'Note', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')",
        status_id,
        node.uris.status(status_id),
        node.uris.status_page(author["username"], status_id),
        author["id"],
        audience_id,
        kind,
        True,
        composed.html,
        draft.text,
        draft.spoiler_text,
        draft.sensitive or bool(draft.spoiler_text),
        draft.language,
        parent["id"] if parent else None,
        parent["uri"] if parent else None,
        parent["actor_id"] if parent else None,
        root_id,
        context or node.uris.context(root_id),
        draft.application_id,
        now,
        author["sensitized_at"] is not None,
        policy_words(draft.quote_policy, kind),
    )
    await store_mentions(tx, status_id, named)
    await store_tags(node, tx, status_id, composed.tags[:TAGS_MAX])
    await keep_emojis(node, tx, status_id, draft.said)
    await claim_media(tx, author["id"], status_id, draft.media_ids)
    if draft.poll is not None:
        await replace_poll(node, tx, status_id, draft.poll.begin(now))
    await count_status(tx, author["id"], now, parent["id"] if parent else None)
    status = await tx.row("SELECT * FROM status WHERE id = ?", status_id)
    assert status is not None, "inserted above"
    await keep_conversation(node, tx, status)
    announce_status(node, tx, status)
    return status


async def _audience(
    node: Node, tx: Transaction, author: Row, reach: Reach, named: Iterable[int]
) -> int:
    """The audience of a new status: that of its conversation, or a new one."""
    if reach.audience_id is not None:
        return reach.audience_id
    if reach.kind in ACROSS_SITES:
        return await new_circle(node, tx, reach.kind, reach.origins)
    return await store_audience(node, tx, reach.kind, author, [author["id"], *named])


async def store_mentions(tx: Transaction, status_id: int, named: dict[int, bool]) -> None:
    """Record who a status names (actor id → silently)."""
    if named:
        await tx.many(
            "INSERT INTO mention (status_id, actor_id, silent) VALUES (?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            [(status_id, actor_id, silent) for actor_id, silent in named.items()],
        )


async def store_tags(node: Node, tx: Transaction, status_id: int, names: tuple[str, ...]) -> None:
    """Record the tags of a status, making those that are new."""
    if not names:
        return
    await tx.many(
        "INSERT INTO tag (id, name) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(node.ids.next(), name) for name in names],
    )
    await tx.execute(
        "INSERT INTO status_tag (tag_id, status_id)"
        f" SELECT id, CAST(? AS BIGINT) FROM tag WHERE name IN ({marks(names)})"
        " ON CONFLICT DO NOTHING",
        status_id,
        *names,
    )


async def count_status(
    tx: Transaction, actor_id: int, at_ms: int, parent_id: int | None, step: int = 1
) -> None:
    """Keep the counters of an author and of the status answered."""
    await tx.execute(
        "UPDATE actor SET statuses_count = statuses_count + ?,"
        " last_status_at = CASE WHEN last_status_at > ? THEN last_status_at ELSE ? END"
        " WHERE id = ?",
        step,
        at_ms,
        at_ms,
        actor_id,
    )
    if parent_id is not None:
        await tx.execute(
            "UPDATE status SET replies_count = replies_count + ? WHERE id = ?", step, parent_id
        )


async def delete(node: Node, author: Row, status: Row, *, keep_media: bool = True) -> None:
    """Take a status of this node back: gone here at once, a Delete to whoever has it.

    With `keep_media` its files stay its author's, to be used in another status. Raises Refused
    for what is official and may not be destroyed yet.
    """
    await node.db.write(lambda tx: take_back(node, tx, author, status, keep_media=keep_media))


async def take_back(
    node: Node, tx: Transaction, author: Row, status: Row, *, keep_media: bool
) -> None:
    """Take a status back in this write; once it is gone, nothing happens.

    The Delete goes where the status would go and to every origin it was handed to.
    """
    current = await tx.row("SELECT * FROM status WHERE id = ?", status["id"])
    if current is None:
        return
    mentioned = await mentioned_rows(tx, status["id"])
    to, cc = addressing(
        current["audience_kind"],
        author,
        [m["uri"] for m in mentioned],
        await wire_uri(tx, current),
    )
    inboxes = joined(await recipients(node, tx, current), await holders(node, tx, current["uri"]))
    if keep_media:
        await release_media(tx, current["id"])
    await remove(node, tx, current)
    await publish(
        node,
        tx,
        documents.delete_document(current, author["uri"], to, cc),
        sender=author,
        recipients=inboxes,
        local=False,
        audience_kind=current["audience_kind"],
    )


async def remove(node: Node, tx: Transaction, status: Row) -> None:
    """Erase a status, here or elsewhere, and what hangs on it; its tombstone stays.

    Raises Refused for what is official and may not be destroyed yet.
    """
    await refuse_protected(tx, status["id"])
    author_uri = await tx.value("SELECT uri FROM actor WHERE id = ?", status["actor_id"])
    await tx.execute(
        "INSERT INTO tombstone (uri, former_type, actor_uri, deleted_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        status["uri"],
        status["type"],
        author_uri,
        node.clock(),
    )
    await announce_gone(node, tx, status)
    await drop_from_conversations(tx, status)
    await forget_quotes(tx, status)
    boosts = await tx.rows("SELECT id FROM status WHERE reblog_of_id = ?", status["id"])
    gone = [status["id"], *(row["id"] for row in boosts)]
    await tx.execute(f"DELETE FROM notification WHERE status_id IN ({marks(gone)})", *gone)
    await tx.execute(
        "UPDATE status SET in_reply_to_id = NULL WHERE in_reply_to_id = ?", status["id"]
    )
    await tx.execute(f"DELETE FROM status WHERE id IN ({marks(gone)})", *gone)
    if status["audience_kind"] in ("named", *ACROSS_SITES):
        # A conversation of several sites outlives its first word: answers given before they knew
        # come still, and only the owner of its audience can say that they belong to it.
        await tx.execute(
            "DELETE FROM audience WHERE id = ? AND (kind = 'named' OR owner <> ?)"
            " AND NOT EXISTS (SELECT 1 FROM status WHERE audience_id = audience.id)",
            status["audience_id"],
            node.origin,
        )
    if status["reblog_of_id"] is None:
        await count_status(tx, status["actor_id"], 0, status["in_reply_to_id"], -1)
    else:
        await tx.execute(
            "UPDATE status SET reblogs_count = reblogs_count - 1 WHERE id = ?",
            status["reblog_of_id"],
        )


async def by_uri(reader: Reader, uri: str) -> Row | None:
    """The stored status with this id, without asking who may see it.

    For handlers that relate activities to each other, never for showing.
    """
    return await reader.row("SELECT * FROM status WHERE uri = ?", uri)


def source_text(status: Row) -> str:
    """What the author typed; empty for what came from elsewhere."""
    return status["text"] or ""
