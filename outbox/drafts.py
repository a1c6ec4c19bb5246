"""Drafts: what a person is about to publish, checked, with its parent and its names found.

All that asks the network or may refuse happens here, before the one write that publishes.
"""

from dataclasses import dataclass, replace

from actors import queries as actors
from actors.moves import refuse_moved
from actors.remote import find_by_handle
from federation.database import Row
from federation.errors import Invalid, NodeError, NotFound, describe
from federation.node import Node
from outbox import documents
from outbox.agreed import refuse_guest, refuse_messages
from outbox.audience import VISIBILITY_KINDS
from outbox.audience_members import learn_members
from outbox.compose import Composed, Mentioned, compose, handles
from outbox.polls import Poll, new_poll
from outbox.quotes import quotable
from outbox.reach import Reach, reach_of, refuse_outsiders
from outbox.visibility import member, visible

describe({"status.poll_and_media": "A status has a poll or media, not both."})

MENTIONS_MAX = 50


@dataclass(frozen=True, slots=True)
class PollDraft:
    """A poll as it is asked for: how long it lasts counts from its publication."""

    options: tuple[str, ...]
    lasts_s: int | None
    multiple: bool = False
    hide_totals: bool = False

    def begin(self, now_ms: int) -> Poll:
        """The poll that begins now; Invalid names what is wrong with it."""
        return new_poll(
            self.options,
            self.lasts_s,
            now_ms,
            multiple=self.multiple,
            hide_totals=self.hide_totals,
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person is about to publish.

    `visibility` in the words of the Mastodon API, or a kind of audience of several sites;
    `partners` are the origins of the audience `named_partners`.
    """

    text: str
    visibility: str = "public"
    partners: tuple[str, ...] = ()
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    in_reply_to_id: int | None = None
    idempotency_key: str | None = None
    application_id: int | None = None
    media_ids: tuple[int, ...] = ()
    poll: PollDraft | None = None
    quoted_status_id: int | None = None
    quote_policy: str = "public"

    @property
    def said(self) -> str:
        """All that is shown of it as written: text, warning, choices."""
        choices = () if self.poll is None else self.poll.options
        return "\n".join((self.text, self.spoiler_text, *choices))


@dataclass(frozen=True, slots=True)
class Ready:
    """A draft that nothing speaks against: its audience, what it answers, and its HTML."""

    draft: Draft
    reach: Reach
    parent: Row | None
    composed: Composed
    quoted: Row | None = None

    @property
    def kind(self) -> str:
        """The kind of its audience."""
        return self.reach.kind


async def prepare(node: Node, author: Row, draft: Draft) -> Ready:
    """Check a draft and find what it needs; nothing is stored.

    A warning without a text is the text, as in Mastodon. Raises Invalid (422) naming the field;
    NotFound when the status replied to is not one that the author may see; Refused when the
    author moved away.
    """
    refuse_moved(author)
    draft = with_text(draft)
    check(node, draft)
    parent = await _parent(node, author, draft)
    if parent is not None:
        await learn_members(node, parent)
    wish = VISIBILITY_KINDS[draft.visibility]
    is_guest = (await member(node.db, author["id"])).is_guest
    reach = await reach_of(node, node.db, wish, parent, author["id"], draft.partners)
    refuse_guest(reach.kind, is_guest=is_guest)
    ready = Ready(draft, reach, parent, await composed(node, draft.text))
    named = [mention.actor_id for mention in ready.composed.mentions]
    await refuse_outsiders(node, node.db, reach.kind, reach.sites, named)
    addressed = {*named, *(() if parent is None else (parent["actor_id"],))}
    await refuse_messages(node.db, author, reach.kind, addressed)
    return replace(ready, quoted=await _quoted(node, author, ready))


async def _quoted(node: Node, author: Row, ready: Ready) -> Row | None:
    if ready.draft.quoted_status_id is None:
        return None
    named = {mention.actor_id for mention in ready.composed.mentions}
    if ready.parent is not None:
        named.add(ready.parent["actor_id"])
    return await quotable(node, author, ready.draft.quoted_status_id, ready.reach, named)


async def composed(node: Node, text: str) -> Composed:
    """The HTML of a text, with the people it names, here and elsewhere."""
    known = await _resolve(node, text)
    return compose(text, known, node.uris.tag_page("{}"))


def with_text(draft: Draft) -> Draft:
    """The draft whose warning has become its text, when it has no other."""
    if draft.text.strip() or not draft.spoiler_text.strip():
        return draft
    return replace(draft, text=draft.spoiler_text, spoiler_text="", sensitive=True)


def check(node: Node, draft: Draft) -> None:
    """Refuse a draft that cannot be published, with Invalid naming the field."""
    if draft.visibility not in VISIBILITY_KINDS:
        raise Invalid("status.visibility", field="visibility", got=draft.visibility[:40])
    if not draft.text.strip() and not draft.media_ids and draft.quoted_status_id is None:
        raise Invalid("status.empty", field="status")
    if draft.poll is not None:
        draft.poll.begin(node.clock())
        if draft.media_ids:
            raise Invalid("status.poll_and_media", field="poll")
    length = len(draft.text) + len(draft.spoiler_text)
    if length > node.limits.status_characters_max:
        limit = str(node.limits.status_characters_max)
        raise Invalid("status.too_long", field="status", limit=limit, got=str(length))
    if "\x00" in draft.text or "\x00" in draft.spoiler_text:
        raise Invalid("status.characters", field="status")


async def _parent(node: Node, author: Row, draft: Draft) -> Row | None:
    if draft.in_reply_to_id is None:
        return None
    reader = await member(node.db, author["id"])
    parent = await visible(node.db, reader, draft.in_reply_to_id)
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
