"""Edits of statuses of other origins: the newest stands, whatever came before stays beside it.

The order in which edits come decides nothing: each version has its moment. An edit changes
neither the kind of audience nor takes the status from anybody.
"""

from federation.database import Row, Transaction
from federation.errors import Refused
from federation.node import Node
from federation.vocabulary import Document
from outbox.attachments import Media, read_attachments, store_attachments, taken_attachments
from outbox.audience import known_actor_ids, mentioned_rows, read_kind
from outbox.cards import store_received
from outbox.conversations import keep_conversation
from outbox.events import announce_edit
from outbox.history import Kept, Version, current_version, keep_version
from outbox.polls import read_poll, replace_poll, store_tally
from outbox.received import MENTIONS_MAX, Read, edited_at, read_status
from outbox.received_quotes import update_quote
from outbox.search_index import index_status
from outbox.statuses import by_uri, store_mentions, store_tags


def _is_unchanged(read: Read, known: Row, document: Document) -> bool:
    """Whether only who may quote, or what may be quoted, is news: whoever says so dates edits."""
    return "interactionPolicy" in document and (
        read.content_html,
        read.summary,
        read.sensitive,
    ) == (known["content_html"], known["summary"], bool(known["sensitive"]))


async def update_remote(node: Node, tx: Transaction, document: Document, author: Row) -> str:
    """Bring a known status to what the document says; the whole object is replaced.

    Returns the outcome's code: `update.done`, `update.tally` (a poll's figures, which is no
    edit), `update.unchanged` (its quote or policy), or `update.older` when what we have is newer.
    """
    read = read_status(document, node.clock())
    known = await by_uri(tx, read.uri)
    if known is None or known["actor_id"] != author["id"]:
        raise Refused("object.not_author")
    before = await current_version(tx, known)
    await update_quote(node, tx, known, document, author)
    if await store_received(node, tx, known, document, author):
        announce_edit(node, tx, known)
    if known["type"] == "Question" and read.type == "Question" and not _is_older(read, known):
        await store_tally(node, tx, known["id"], read_poll(document))
        announce_edit(node, tx, known)
    if read.updated_at is None and read.type == "Question":
        return "update.tally"
    if read.updated_at is None and _is_unchanged(read, known, document):
        return "update.unchanged"
    updated_at = min(read.updated_at or node.clock(), node.clock())
    if known["edited_at"] is not None and updated_at <= known["edited_at"]:
        await keep_earlier(node, tx, document, known)
        return "update.older"
    announce_edit(node, tx, known)
    await keep_version(node, tx, known["id"], before)
    if {known["type"], read.type} == {"Note", "Question"}:
        poll = read_poll(document) if read.type == "Question" else None
        await replace_poll(node, tx, known["id"], poll)
    await tx.execute(
        "UPDATE status SET content_html = ?, summary = ?, sensitive = ?, language = ?,"
        " title = ?, emojis = ?, edited_at = ? WHERE id = ?",
        read.content_html,
        read.summary,
        read.sensitive,
        read.language,
        read.title,
        read.emojis,
        updated_at,
        known["id"],
    )
    await tx.execute("DELETE FROM status_tag WHERE status_id = ?", known["id"])
    await store_tags(node, tx, known["id"], read.tags)
    await tx.execute("DELETE FROM attachment WHERE status_id = ?", known["id"])
    media = await taken_attachments(tx, document, author)
    await store_attachments(node, tx, known["id"], author["id"], media)
    await index_status(node, tx, known["id"])
    await _name_again(node, tx, document, read, known)
    return "update.done"


def _is_older(read: Read, known: Row) -> bool:
    """Whether a document was overtaken: figures of the version that stands are not."""
    newest = known["edited_at"]
    return read.updated_at is not None and newest is not None and read.updated_at < newest


async def keep_earlier(node: Node, tx: Transaction, document: Document, known: Row) -> None:
    """Keep what a status said before what we have of it: an edit, or its beginning, come late."""
    read = read_status(document, node.clock())
    said_at = edited_at(read, node.clock()) or read.published_at
    if known["edited_at"] is None or said_at >= known["edited_at"]:
        return
    options: tuple[str, ...] | None = None
    if read.type == "Question":
        options = tuple(title for title, _ in read_poll(document).options)
    version = Version(
        content_html=read.content_html,
        summary=read.summary,
        sensitive=read.sensitive,
        created_at=said_at,
        emojis=read.emojis,
        media=tuple(_kept(node, item) for item in read_attachments(document)),
        poll_options=options,
    )
    await keep_version(node, tx, known["id"], version)


def _kept(node: Node, item: Media) -> Kept:
    return Kept(
        id=node.ids.next(),
        type=item.type,
        media_type=item.media_type,
        url=item.url,
        remote_url=item.url,
        description=item.description,
        blurhash=item.blurhash,
    )


async def _name_again(
    node: Node, tx: Transaction, document: Document, read: Read, known: Row
) -> None:
    """Take over whom an edit names: the kind of audience stays, and nobody loses the status.

    Who is named no more stays silently so; who is new, and addressed as well, is one more.
    """
    _, addressed = read_kind(document, {}, {"followers_url": None})
    people = await known_actor_ids(tx, [*addressed, *read.mention_uris][:MENTIONS_MAX])
    people = {uri: i for uri, i in people.items() if i != known["actor_id"]}
    tagged, is_named = set(read.mention_uris), known["audience_kind"] == "named"
    circle = set(people) if is_named else set(addressed)
    for row in await mentioned_rows(tx, known["id"]):
        await tx.execute(
            "UPDATE mention SET silent = ? WHERE status_id = ? AND actor_id = ?",
            row["uri"] not in tagged,
            known["id"],
            row["id"],
        )
    named = {people[uri]: uri not in tagged for uri in people if uri in circle}
    await store_mentions(tx, known["id"], named)
    if is_named and named:
        await tx.many(
            "INSERT INTO audience_member (audience_id, actor_id) VALUES (?, ?)"
            " ON CONFLICT DO NOTHING",
            [(known["audience_id"], actor_id) for actor_id in sorted(named)],
        )
        await keep_conversation(node, tx, known)
