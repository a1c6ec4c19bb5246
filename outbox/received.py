"""Statuses of other origins: from a received or fetched document to a row, once for each uri.

Nothing here asks the network; the caller has proved that the document comes from its author
(signed by it, or fetched from its own origin).
"""

from dataclasses import dataclass

import orjson

from federation.activity import (
    language_text,
    text,
    time_ms,
    uri_of,
    url_of,
    values,
)
from federation.database import Row, Transaction
from federation.errors import Gone, Malformed, Refused
from federation.html import clean_html, line_html, plain_text, text_html
from federation.node import Node
from federation.origins import origin_of
from federation.vocabulary import STATUS_TYPES, Document
from outbox.attachments import store_attachments, taken_attachments
from outbox.audience import known_actor_ids, read_kind, store_audience
from outbox.cards import store_received
from outbox.circles import TAKEN_BACK, accept, stated
from outbox.compose import fold_tag
from outbox.conversations import join_threads, keep_conversation
from outbox.events import announce_status
from outbox.polls import read_poll, store_poll
from outbox.quote_documents import read_policy, read_quote
from outbox.received_quotes import store_quote
from outbox.search_index import index_new
from outbox.statuses import TAGS_MAX, by_uri, count_status, store_mentions, store_tags

CONTENT_CHARACTERS_MAX = 100_000
SUMMARY_CHARACTERS_MAX = 5_000
MENTIONS_MAX = 200
EMOJIS_MAX = 50
LINKS_MAX = 10
SAME_MOMENT_MS = 1_000


@dataclass(frozen=True, slots=True)
class Read:
    """What a document says of itself, cleaned and bounded.

    `url` is its page for people where that is not the id itself.
    """

    uri: str
    url: str | None
    type: str
    title: str | None
    content_html: str
    summary: str
    sensitive: bool
    language: str | None
    emojis: str
    in_reply_to_uri: str | None
    context_uri: str | None
    quote_uri: str | None
    published_at: int
    updated_at: int | None
    mention_uris: tuple[str, ...]
    tags: tuple[str, ...]


def read_status(document: Document, now_ms: int) -> Read:
    """Read a Note, Question, Article, Page, Event, Video, Audio or Image.

    Raises Malformed for what is none of these or has no id. A title becomes a heading over
    the text, as Mastodon shows what is no Note.
    """
    uri, kind = uri_of(document.get("id")), text(document, "type")
    if uri is None:
        raise Malformed("object.id", expected="an http(s) id")
    if kind not in STATUS_TYPES:
        raise Malformed("object.type", got=(kind or "")[:40])
    content, language = language_text(document, "content")
    title = language_text(document, "name")[0] if kind not in ("Note", "Question") else None
    summary, _ = language_text(document, "summary")
    page = url_of(document.get("url"), "text/html") or uri
    body = _body(document, content or "")
    if kind not in ("Note", "Question", "ChatMessage"):
        # A summary is an abstract here, unless the text is to be hidden (WordPress).
        warns = document.get("sensitive") is True
        body = _titled(title, None if body or warns else summary, body + _links(document), page)
        summary = summary if warns else None
    published = time_ms(document.get("published"))
    return Read(
        uri=uri,
        url=None if page == uri else page,
        type=kind,
        title=title[:500] if title else None,
        content_html=body,
        summary=plain_text(summary or "")[:SUMMARY_CHARACTERS_MAX],
        sensitive=document.get("sensitive") is True or bool(summary),
        language=language or _language(document),
        emojis=_emojis(document),
        in_reply_to_uri=uri_of(document.get("inReplyTo")),
        context_uri=uri_of(document.get("context")) or uri_of(document.get("conversation")),
        quote_uri=read_quote(document)[0],
        published_at=min(published if published is not None else now_ms, now_ms),
        updated_at=time_ms(document.get("updated")),
        mention_uris=_mentions(document),
        tags=_tags(document),
    )


def _body(document: Document, content: str) -> str:
    """The text as HTML; what says that it is none (PeerTube's Markdown) is shown as written."""
    content = content[:CONTENT_CHARACTERS_MAX]
    plain = (text(document, "mediaType") or "").startswith(("text/markdown", "text/plain"))
    return text_html(content) if plain else clean_html(content)


def _language(document: Document) -> str | None:
    """The language where no map says it: `language` (Lemmy, PeerTube), `inLanguage`."""
    named = document.get("language")
    code = text(named, "identifier") if isinstance(named, dict) else text(document, "inLanguage")
    return code[:35] if code and code != "und" else None


def edited_at(read: Read, now_ms: int) -> int | None:
    """When it was edited: many send `updated` with everything, equal to `published` or nearly."""
    if read.updated_at is None or read.updated_at - read.published_at < SAME_MOMENT_MS:
        return None
    return min(read.updated_at, now_ms)


def _links(document: Document) -> str:
    """What a page links to (Lemmy)."""
    links = [item for item in values(document, "attachment") if isinstance(item, dict)]
    found = (url_of(item.get("href")) for item in links if item.get("type") == "Link")
    return "".join(f"<p>{line_html(url)}</p>" for url in list(found)[:LINKS_MAX] if url)


def _titled(title: str | None, abstract: str | None, body: str, page: str) -> str:
    heading = clean_html(f"<h2>{plain_text(title)}</h2>") if title else ""
    opening = clean_html(abstract) if abstract else ""
    link = clean_html(f'<p><a href="{page}">{page}</a></p>')
    return heading + opening + body + link


def _tag_objects(document: Document, kind: str) -> list[Document]:
    return [
        tag for tag in values(document, "tag") if isinstance(tag, dict) and tag.get("type") == kind
    ]


def _mentions(document: Document) -> tuple[str, ...]:
    hrefs = [uri_of(tag.get("href")) for tag in _tag_objects(document, "Mention")]
    return tuple(dict.fromkeys(href for href in hrefs if href))[:MENTIONS_MAX]


def _tags(document: Document) -> tuple[str, ...]:
    names = [text(tag, "name") for tag in _tag_objects(document, "Hashtag")]
    folded = (fold_tag(name) for name in names if name)
    return tuple(dict.fromkeys(name for name in folded if name))[:TAGS_MAX]


def _emojis(document: Document) -> str:
    found: list[dict[str, str]] = []
    for tag in _tag_objects(document, "Emoji")[:EMOJIS_MAX]:
        name, icon = (text(tag, "name") or "").strip(":"), tag.get("icon")
        url = url_of(icon.get("url")) if isinstance(icon, dict) else None
        if url and name.replace("_", "").isalnum() and name.isascii() and len(name) <= 100:
            found.append({"shortcode": name, "url": url})
    return orjson.dumps(found).decode()


async def upsert_remote(
    node: Node,
    tx: Transaction,
    document: Document,
    author: Row,
    *,
    wrapper: Document | None = None,
    backfill: bool = False,
) -> tuple[Row, bool]:
    """The status of this document, and whether it is new.

    `wrapper` is the activity it came in, whose addresses stand in when it has none.
    `backfill` gives it the place in time of its publication instead of its arrival.
    Raises Refused when the object is not its author's, Gone when it was deleted before.
    """
    read = read_status(document, node.clock())
    if origin_of(read.uri) != author["origin"]:
        raise Refused("object.other_origin")
    known = await by_uri(tx, read.uri)
    if known is not None:
        if known["actor_id"] != author["id"]:
            raise Refused("object.not_author")
        return known, False
    former = await tx.value("SELECT former_type FROM tombstone WHERE uri = ?", read.uri)
    if former is not None and former != TAKEN_BACK:
        raise Gone("object.deleted")
    if former is not None:
        # It was for this site no more, and is for it again.
        await tx.execute("DELETE FROM tombstone WHERE uri = ?", read.uri)
    status_id = node.ids.next(read.published_at if backfill else None)
    kind, addressed = read_kind(document, wrapper or {}, author)
    across = await accept(node, tx, document, author)
    # An author's followers are no actor to look for.
    named_uris = [u for u in (*addressed, *read.mention_uris) if u != author["followers_url"]]
    people = await known_actor_ids(tx, named_uris[:MENTIONS_MAX])
    tagged = set(read.mention_uris)
    # Tagged but not addressed is a name in a text, nobody to be told (Mastodon); only a
    # direct post may name its readers in tags alone (GoToSocial).
    circle = set(people) if kind == "named" else set(addressed)
    named = {people[uri]: uri not in tagged for uri in people if uri in circle}
    if across is not None:
        kind, audience_id = across
    else:
        if stated(document) is not None:
            # For the members of sites that exchange nothing with this one: nobody here.
            named = {}
        members = [author["id"], *named] if kind == "named" else []
        audience_id = await store_audience(node, tx, kind, author, members)
    policy = read_policy(document, author)
    await _insert(tx, read, author, status_id, (kind, audience_id), policy, node.clock())
    named.pop(author["id"], None)
    await store_mentions(tx, status_id, named)
    await store_tags(node, tx, status_id, read.tags)
    media = await taken_attachments(tx, document, author)
    await store_attachments(node, tx, status_id, author["id"], media)
    if read.type == "Question":
        await store_poll(node, tx, status_id, read_poll(document))
    status = await by_uri(tx, read.uri)
    assert status is not None, "inserted above"
    await index_new(node, tx, status, has_more=bool(media) or read.type == "Question")
    await count_status(tx, author["id"], status["published_at"], status["in_reply_to_id"])
    status = await _attach_replies(tx, status)
    await keep_conversation(node, tx, status, quietly=backfill)
    await store_quote(node, tx, status, document)
    await store_received(node, tx, status, document, author)
    if not backfill:
        announce_status(node, tx, status)
    return status, True


async def _insert(
    tx: Transaction,
    read: Read,
    author: Row,
    status_id: int,
    audience: tuple[str, int],
    policy: tuple[str | None, str | None],
    now_ms: int,
) -> None:
    kind, audience_id = audience
    parent = await by_uri(tx, read.in_reply_to_uri) if read.in_reply_to_uri else None
    quoted = await by_uri(tx, read.quote_uri) if read.quote_uri else None
    await tx.execute(
        "INSERT INTO status (id, uri, url, actor_id, audience_id, audience_kind, is_local, type,"
        " title, content_html, summary, sensitive, language, emojis, in_reply_to_id,"
        " in_reply_to_uri, in_reply_to_actor_id, thread_root_id, context_uri, quote_of_id,"
        " quote_uri, quote_automatic, quote_manual, published_at, edited_at, is_covered)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        status_id,
        read.uri,
        read.url,
        author["id"],
        audience_id,
        kind,
        False,
        read.type,
        read.title,
        read.content_html,
        read.summary,
        read.sensitive,
        read.language,
        read.emojis,
        parent["id"] if parent else None,
        read.in_reply_to_uri,
        parent["actor_id"] if parent else None,
        parent["thread_root_id"] if parent else status_id,
        read.context_uri,
        quoted["id"] if quoted else None,
        read.quote_uri,
        *policy,
        read.published_at,
        edited_at(read, now_ms),
        author["sensitized_at"] is not None,
    )


async def _attach_replies(tx: Transaction, status: Row) -> Row:
    """Replies that came before their parent take their place in its thread.

    Returns the status as it is then.
    """
    orphans = await tx.rows(
        "SELECT id, thread_root_id FROM status"
        " WHERE in_reply_to_uri = ? AND in_reply_to_id IS NULL",
        status["uri"],
    )
    for orphan in orphans:
        await tx.execute(
            "UPDATE status SET in_reply_to_id = ?, in_reply_to_actor_id = ? WHERE id = ?",
            status["id"],
            status["actor_id"],
            orphan["id"],
        )
        await tx.execute(
            "UPDATE status SET thread_root_id = ? WHERE thread_root_id = ?",
            status["thread_root_id"],
            orphan["id"],
        )
        await join_threads(tx, orphan["id"], status["thread_root_id"])
    if not orphans:
        return status
    await tx.execute(
        "UPDATE status SET replies_count = replies_count + ? WHERE id = ?",
        len(orphans),
        status["id"],
    )
    return await by_uri(tx, status["uri"]) or status
