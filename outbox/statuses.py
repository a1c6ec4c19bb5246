"""Statuses of this node's actors: written and deleted here, in one transaction each."""

from dataclasses import dataclass

from actors import queries as actors
from actors.remote import find_by_handle
from federation.database import Reader, Row, Transaction, marks
from federation.errors import Invalid, NodeError, NotFound
from federation.node import Node
from outbox import documents
from outbox.audience import (
    VISIBILITY_KINDS,
    addressing,
    holders,
    mentioned_rows,
    narrowed,
    recipients,
    store_audience,
)
from outbox.compose import Composed, Mentioned, compose, handles
from outbox.publish import publish, wake
from outbox.visibility import Person, visible

MENTIONS_MAX = 50
TAGS_MAX = 50


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person is about to publish; `visibility` in the words of the Mastodon API."""

    text: str
    visibility: str = "public"
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    in_reply_to_id: int | None = None
    idempotency_key: str | None = None
    application_id: int | None = None


async def create(node: Node, author: Row, account_id: int, draft: Draft) -> Row:
    """Publish a draft; return the status once it, its activity and its deliveries are stored.

    The same Idempotency-Key of the same account returns the status made before.

    Raises Invalid (422) naming the field; NotFound when the status replied to is not one
    that the author may see.
    """
    _check(node, draft)
    parent = await _parent(node, author, draft)
    kind = narrowed(VISIBILITY_KINDS[draft.visibility], parent, author["id"])
    known = await _resolve(node, draft.text)
    composed = compose(draft.text, known, node.uris.tag_page("{}"))

    async def work(tx: Transaction) -> Row:
        made = await _made_before(tx, account_id, draft)
        if made is not None:
            return made
        status = await _insert(node, tx, author, draft, kind, parent, composed)
        if draft.idempotency_key:
            await tx.execute(
                "INSERT INTO idempotency (account_id, key, status_id, created_at)"
                " VALUES (?, ?, ?, ?)",
                account_id,
                draft.idempotency_key,
                status["id"],
                node.clock(),
            )
        note = await documents.note_document(node, tx, status)
        await publish(
            node,
            tx,
            documents.create_document(note),
            sender=author,
            recipients=await recipients(node, tx, status),
            local=True,
            audience_kind=kind,
        )
        return status

    status = await node.db.write(work)
    wake(node)
    return status


def _check(node: Node, draft: Draft) -> None:
    if draft.visibility not in VISIBILITY_KINDS:
        raise Invalid("status.visibility", field="visibility", got=draft.visibility[:40])
    if not draft.text.strip():
        raise Invalid("status.empty", field="status")
    length = len(draft.text) + len(draft.spoiler_text)
    if length > node.limits.status_characters_max:
        limit = str(node.limits.status_characters_max)
        raise Invalid("status.too_long", field="status", limit=limit, got=str(length))
    if "\x00" in draft.text or "\x00" in draft.spoiler_text:
        raise Invalid("status.characters", field="status")


async def _parent(node: Node, author: Row, draft: Draft) -> Row | None:
    if draft.in_reply_to_id is None:
        return None
    parent = await visible(node.db, Person(author["id"]), draft.in_reply_to_id)
    if parent is None or parent["reblog_of_id"] is not None:
        raise NotFound("status.not_found")
    return parent


async def _resolve(node: Node, source: str) -> dict[str, Mentioned]:
    """The actors that the handles in a text stand for; unknown ones stay plain text."""
    known: dict[str, Mentioned] = {}
    for handle in handles(source)[:MENTIONS_MAX]:
        user, _, host = handle.partition("@")
        row = await actors.by_handle(node.db, user, host or node.host)
        if row is None and host and host != node.host:
            try:
                row = await find_by_handle(node, handle)
            except NodeError:
                # A host that does not answer must not keep a person from writing.
                row = None
        if row is not None and row["deleted_at"] is None:
            shown = documents.acct(row)
            known[handle] = Mentioned(row["id"], row["uri"], row["url"] or row["uri"], shown)
    return known


async def _made_before(tx: Transaction, account_id: int, draft: Draft) -> Row | None:
    if not draft.idempotency_key:
        return None
    return await tx.row(
        "SELECT status.* FROM status JOIN idempotency i ON i.status_id = status.id"
        " WHERE i.account_id = ? AND i.key = ?",
        account_id,
        draft.idempotency_key,
    )


async def _insert(
    node: Node,
    tx: Transaction,
    author: Row,
    draft: Draft,
    kind: str,
    parent: Row | None,
    composed: Composed,
) -> Row:
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
    audience_id = await store_audience(node, tx, kind, author, [author["id"], *named])
    root_id = parent["thread_root_id"] if parent else status_id
    context = parent["context_uri"] if parent else None
    await tx.execute(
        "INSERT INTO status (id, uri, url, actor_id, audience_id, audience_kind, is_local, type,"
        " content_html, text, summary, sensitive, language, in_reply_to_id, in_reply_to_uri,"
        " in_reply_to_actor_id, thread_root_id, context_uri, application_id, published_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 'Note', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
    )
    await store_mentions(tx, status_id, named)
    await store_tags(node, tx, status_id, composed.tags[:TAGS_MAX])
    await count_status(tx, author["id"], now, parent["id"] if parent else None)
    status = await tx.row("SELECT * FROM status WHERE id = ?", status_id)
    assert status is not None, "inserted above"
    return status


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


async def delete(node: Node, author: Row, status: Row) -> None:
    """Take a status of this node back: gone here at once, a Delete to whoever has it.

    The Delete goes where the status would go and to every origin it was handed to.
    """

    async def work(tx: Transaction) -> None:
        current = await tx.row("SELECT * FROM status WHERE id = ?", status["id"])
        if current is None:
            return
        mentioned = await mentioned_rows(tx, status["id"])
        to, cc = addressing(current["audience_kind"], author, [m["uri"] for m in mentioned])
        inboxes = {r.inbox_url: r for r in await recipients(node, tx, current)}
        for holder in await holders(node, tx, current["uri"]):
            if all(r.origin != holder.origin for r in inboxes.values()):
                inboxes[holder.inbox_url] = holder
        await remove(node, tx, current)
        await publish(
            node,
            tx,
            documents.delete_document(current, author["uri"], to, cc),
            sender=author,
            recipients=list(inboxes.values()),
            local=False,
            audience_kind=current["audience_kind"],
        )

    await node.db.write(work)
    wake(node)


async def remove(node: Node, tx: Transaction, status: Row) -> None:
    """Erase a status, here or elsewhere, and what hangs on it; its tombstone stays."""
    author_uri = await tx.value("SELECT uri FROM actor WHERE id = ?", status["actor_id"])
    await tx.execute(
        "INSERT INTO tombstone (uri, former_type, actor_uri, deleted_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        status["uri"],
        status["type"],
        author_uri,
        node.clock(),
    )
    boosts = await tx.rows("SELECT id FROM status WHERE reblog_of_id = ?", status["id"])
    gone = [status["id"], *(row["id"] for row in boosts)]
    await tx.execute(f"DELETE FROM notification WHERE status_id IN ({marks(gone)})", *gone)
    await tx.execute(
        "UPDATE status SET in_reply_to_id = NULL WHERE in_reply_to_id = ?", status["id"]
    )
    await tx.execute(f"DELETE FROM status WHERE id IN ({marks(gone)})", *gone)
    if status["audience_kind"] == "named":
        await tx.execute(
            "DELETE FROM audience WHERE id = ? AND NOT EXISTS"
            " (SELECT 1 FROM status WHERE audience_id = audience.id)",
            status["audience_id"],
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
