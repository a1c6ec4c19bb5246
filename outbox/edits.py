"""Edits of this node's statuses: the audience stays what it was, and whoever belongs to it hears.

An edit replaces what a person typed, with its media and poll. It never makes the circle of
readers another one: the kind of audience stays, a person whom the new text names is added to
those named, and a person whom it no longer names keeps what she had.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from federation.database import Reader, Row, Transaction
from federation.errors import Invalid, NotFound, Refused
from federation.node import Node
from outbox import documents
from outbox.attachments import unattached
from outbox.audience import Recipient, hearers, joined, mentioned_rows
from outbox.cards import drop_card, want_card
from outbox.circles import sites_of
from outbox.classes import is_protected
from outbox.compose import Composed
from outbox.conversations import keep_conversation
from outbox.drafts import Draft, PollDraft, check, composed, with_text
from outbox.emojis import keep_emojis
from outbox.events import announce_edit
from outbox.history import Version, current_version, keep_version
from outbox.polls import replace_poll
from outbox.publish import publish
from outbox.quotes import set_policy, store_policy
from outbox.reach import refuse_outsiders
from outbox.search_index import index_status
from outbox.statuses import TAGS_MAX, store_mentions, store_tags

SECOND_MS = 1000


@dataclass(frozen=True, slots=True)
class MediaChange:
    """What is said anew of one attachment; None leaves it as it is."""

    media_id: int
    description: str | None = None
    focus: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """What a status is to say from now on, whole; `language`, `quote_policy` None keep theirs."""

    text: str
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    media_ids: tuple[int, ...] = ()
    media_changes: tuple[MediaChange, ...] = ()
    poll: PollDraft | None = None
    quote_policy: str | None = None


class _UnchangedError(Exception):
    """Nothing a reader would see is different: undo everything."""


async def edit(node: Node, author: Row, status: Row, revision: Revision) -> Row:
    """Bring a status of this node to what its author says now; return it as it is then.

    What it said is kept, and the Update goes out in the same write. Without any difference
    it is not edited; who may quote it is decided anew all the same. Raises Invalid (422) naming
    the field; NotFound when it is gone meanwhile.
    """
    draft = with_text(
        Draft(
            revision.text,
            spoiler_text=revision.spoiler_text,
            sensitive=revision.sensitive,
            language=revision.language or status["language"],
            media_ids=revision.media_ids,
            poll=revision.poll,
            quoted_status_id=status["quote_of_id"],
        )
    )
    check(node, draft)
    html = await composed(node, draft.text)
    sites = await sites_of(node.db, status["audience_id"])
    named = [mention.actor_id for mention in html.mentions]
    await refuse_outsiders(node, node.db, status["audience_kind"], sites, named)

    async def work(tx: Transaction) -> Row:
        current = await tx.row(
            "SELECT * FROM status WHERE id = ? AND actor_id = ? AND reblog_of_id IS NULL",
            status["id"],
            author["id"],
        )
        if current is None:
            raise NotFound("status.not_found")
        before = await current_version(tx, current)
        await _change_media(tx, current, revision)
        await _change_poll(node, tx, current, draft)
        await keep_emojis(node, tx, current["id"], draft.said)
        if revision.quote_policy is not None:
            await store_policy(tx, current, revision.quote_policy)
        edited = await _change_text(tx, current, draft, html, _moment(node, current))
        if not await _differs(tx, before, current, edited):
            raise _UnchangedError
        await keep_version(node, tx, current["id"], before)
        await _change_mentions(node, tx, edited, html)
        await index_status(node, tx, edited["id"])
        if edited["content_html"] != current["content_html"]:
            await drop_card(tx, edited["id"])
            await want_card(node, tx, edited)
            changed = await tx.row("SELECT * FROM status WHERE id = ?", edited["id"])
            edited = changed or edited
        await _tell(node, tx, author, edited)
        return edited

    try:
        edited = await node.db.write(work)
    except _UnchangedError:
        if revision.quote_policy is None:
            return status
        await set_policy(node, status, revision.quote_policy)
        return await node.db.row("SELECT * FROM status WHERE id = ?", status["id"]) or status
    return edited


def _moment(node: Node, current: Row) -> int:
    """When it is edited: on the wire, in whole seconds, later than the version before."""
    last = current["edited_at"] or current["published_at"]
    return max(node.clock(), (last // SECOND_MS + 1) * SECOND_MS)


async def _change_media(tx: Transaction, current: Row, revision: Revision) -> None:
    status_id, wanted = current["id"], list(dict.fromkeys(revision.media_ids))
    rows = await tx.rows("SELECT id FROM attachment WHERE status_id = ?", status_id)
    present = {row["id"] for row in rows}
    await unattached(tx, current["actor_id"], [i for i in wanted if i not in present])
    if present.difference(wanted) and await is_protected(tx, status_id):
        raise Refused("class.files")
    for gone in present.difference(wanted):
        await tx.execute(
            "UPDATE attachment SET status_id = NULL, kept_until = NULL WHERE id = ?", gone
        )
    for position, media_id in enumerate(wanted):
        await tx.execute(
            "UPDATE attachment SET status_id = ?, position = ? WHERE id = ?",
            status_id,
            position,
            media_id,
        )
    for change in revision.media_changes:
        if change.media_id not in wanted:
            raise Invalid("media.unusable", field="media_attributes")
        await _describe(tx, change)


async def _describe(tx: Transaction, change: MediaChange) -> None:
    if change.description is not None:
        await tx.execute(
            "UPDATE attachment SET description = ? WHERE id = ?",
            change.description or None,
            change.media_id,
        )
    if change.focus is not None:
        await tx.execute(
            "UPDATE attachment SET focus_x = ?, focus_y = ? WHERE id = ?",
            *change.focus,
            change.media_id,
        )


async def _change_poll(node: Node, tx: Transaction, current: Row, draft: Draft) -> None:
    if draft.poll is None and current["type"] != "Question":
        return
    poll = None if draft.poll is None else draft.poll.begin(node.clock())
    await replace_poll(node, tx, current["id"], poll)


async def _change_text(
    tx: Transaction, current: Row, draft: Draft, html: Composed, at_ms: int
) -> Row:
    await tx.execute(
        "UPDATE status SET content_html = ?, text = ?, summary = ?, sensitive = ?, language = ?,"
        " edited_at = ? WHERE id = ?",
        html.html,
        draft.text,
        draft.spoiler_text,
        draft.sensitive or bool(draft.spoiler_text),
        draft.language,
        at_ms,
        current["id"],
    )
    edited = await tx.row("SELECT * FROM status WHERE id = ?", current["id"])
    assert edited is not None, "updated above"
    return edited


async def _differs(tx: Transaction, before: Version, current: Row, edited: Row) -> bool:
    after = await current_version(tx, edited)
    return (
        _said(before) != _said(after)
        or current["text"] != edited["text"]
        or current["language"] != edited["language"]
    )


def _said(version: Version) -> tuple[object, ...]:
    """All of a version that a reader sees, without its moment."""
    media = [
        (item["id"], item["description"], item["focus_x"], item["focus_y"])
        for item in version.media
    ]
    said = (version.content_html, version.summary, version.sensitive)
    return (*said, media, version.poll_options)


async def _change_mentions(node: Node, tx: Transaction, edited: Row, html: Composed) -> None:
    """Name whom the text names now; whom it named before stays addressed, silently."""
    named = {mention.actor_id for mention in html.mentions} - {edited["actor_id"]}
    for row in await mentioned_rows(tx, edited["id"]):
        if row["id"] == edited["in_reply_to_actor_id"]:
            continue
        await tx.execute(
            "UPDATE mention SET silent = ? WHERE status_id = ? AND actor_id = ?",
            row["id"] not in named,
            edited["id"],
            row["id"],
        )
    await store_mentions(tx, edited["id"], dict.fromkeys(named, False))
    if edited["audience_kind"] == "named" and named:
        await tx.many(
            "INSERT INTO audience_member (audience_id, actor_id) VALUES (?, ?)"
            " ON CONFLICT DO NOTHING",
            [(edited["audience_id"], actor_id) for actor_id in sorted(named)],
        )
        await keep_conversation(node, tx, edited)
    await tx.execute("DELETE FROM status_tag WHERE status_id = ?", edited["id"])
    await store_tags(node, tx, edited["id"], html.tags[:TAGS_MAX])


async def _tell(node: Node, tx: Transaction, author: Row, edited: Row) -> None:
    announce_edit(node, tx, edited)
    note = await documents.note_document(node, tx, edited)
    await publish(
        node,
        tx,
        documents.update_document(note, author["uri"], edited["edited_at"], []),
        sender=author,
        recipients=await reached(node, tx, edited),
        local=True,
        audience_kind=edited["audience_kind"],
    )


async def reached(node: Node, reader: Reader, status: Row) -> Sequence[Recipient]:
    """Everybody who must hear of an edit: besides the hearers, where it is on the way to.

    Whether they may still have it is judged when it is sent.
    """
    if status["audience_kind"] == "site":
        return []
    on_the_way = await reader.rows(
        "SELECT DISTINCT d.inbox_url, d.origin FROM activity a"
        " JOIN delivery d ON d.activity_id = a.id"
        " WHERE a.object_uri = ? AND d.progress = 'pending' AND d.activity_type = 'Create'",
        status["uri"],
    )
    others = [Recipient(row["inbox_url"], row["origin"]) for row in on_the_way]
    return joined(await hearers(node, reader, status), others)
