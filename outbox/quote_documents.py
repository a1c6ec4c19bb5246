"""Quotes on the wire (FEP-044f): what a note quotes, who may quote it, and the stamp for that.

A quote is named in each spelling that peers read; a link in the text stands for it where none is
known.
"""

from html import escape

from federation.activity import text, uri_of, values
from federation.database import Reader, Row
from federation.node import Node
from federation.vocabulary import PUBLIC, PUBLIC_SPELLINGS, Document

STAMP = "QuoteAuthorization"
SPELLINGS = ("quote", "quoteUri", "quoteUrl", "_misskey_quote")
"""The properties that name what is quoted; all but the first know no approval."""

QUOTE_REL = "https://misskey-hub.net/ns#_misskey_quote"
# The media types of objects: a link to anything else is a link to a page.
OBJECT_TYPES = ("application/activity+json", "application/ld+json")


def policy_document(status: Row, author: Row, circle_uri: str | None = None) -> Document:
    """`interactionPolicy` of a status of this node: its author alone where nobody else may.

    In an audience of several sites everybody of it answers, and its author alone passes it on.
    """
    words = (status["quote_automatic"] or "").split()
    allowed = [PUBLIC] if "public" in words else []
    if "followers" in words:
        allowed.append(author["followers_url"])
    policy: Document = {"canQuote": {"automaticApproval": allowed or [author["uri"]]}}
    if circle_uri is not None:
        policy["canReply"] = {"automaticApproval": [circle_uri]}
        policy["canAnnounce"] = {"automaticApproval": [author["uri"]]}
    return policy


async def quote_part(reader: Reader, status: Row) -> Document:
    """What names the quoted object in a note, with the stamp once there is one."""
    uri = status["quote_uri"]
    part: Document = {"quote": uri, "quoteUri": uri, "_misskey_quote": uri}
    if status["quote_state"] == "accepted":
        stamp = await reader.value("SELECT stamp_uri FROM quote WHERE status_id = ?", status["id"])
        if stamp is not None:
            part["quoteAuthorization"] = stamp
    return part


async def quote_link(reader: Reader, status: Row) -> str:
    """The paragraph that stands for the quote where quotes are not known; others hide it."""
    url = await reader.value("SELECT url FROM status WHERE id = ?", status["quote_of_id"] or 0)
    address = escape(url or status["quote_uri"])
    return f'<p class="quote-inline">RE: <a href="{address}">{address}</a></p>'


def stamp_document(stamp_uri: str, author_uri: str, quoting_uri: str, quoted_uri: str) -> Document:
    """The stamp: the author of what is quoted allows this one quote."""
    return {
        "id": stamp_uri,
        "type": STAMP,
        "attributedTo": author_uri,
        "interactingObject": quoting_uri,
        "interactionTarget": quoted_uri,
    }


def is_stamp(document: Document, author_uri: str, quoting_uri: str, quoted_uri: str) -> bool:
    """Whether a document is the stamp of this author for this quote."""
    return (
        STAMP in values(document, "type")
        and uri_of(document.get("attributedTo")) == author_uri
        and uri_of(document.get("interactingObject")) == quoting_uri
        and uri_of(document.get("interactionTarget")) == quoted_uri
    )


def request_document(uri: str, actor_uri: str, quoted_uri: str, note: Document) -> Document:
    """`QuoteRequest` with the quoting note inside, without its author's other addressees."""
    return {
        "id": uri,
        "type": "QuoteRequest",
        "actor": actor_uri,
        "object": quoted_uri,
        "instrument": note,
    }


def answer_document(
    kind: str, uri: str, actor_uri: str, request: Document, stamp_uri: str | None
) -> Document:
    """`Accept` with the stamp, or `Reject`, of a QuoteRequest."""
    document: Document = {
        "id": uri,
        "type": kind,
        "actor": actor_uri,
        "to": [request["actor"]],
        "object": request,
    }
    return document if stamp_uri is None else document | {"result": stamp_uri}


def revocation_document(uri: str, stamp: Document, to: list[str], cc: list[str]) -> Document:
    """`Delete` of a stamp."""
    return {
        "id": uri,
        "type": "Delete",
        "actor": stamp["attributedTo"],
        "to": to,
        "cc": cc,
        "object": stamp,
    }


def read_policy(document: Document, author: Row) -> tuple[str | None, str | None]:
    """(automatic, manual) words of a received `interactionPolicy`; None where none was said."""
    policy = document.get("interactionPolicy")
    can = policy.get("canQuote") if isinstance(policy, dict) else None
    if not isinstance(can, dict):
        return None, None
    return _words(can, "automaticApproval", author), _words(can, "manualApproval", author)


def _words(policy: Document, name: str, author: Row) -> str:
    circles = {
        **dict.fromkeys(PUBLIC_SPELLINGS, "public"),
        author["followers_url"]: "followers",
        author["following_url"]: "following",
        # The author may always.
        author["uri"]: "",
    }
    named = [value for value in values(policy, name) if isinstance(value, str)]
    words = dict.fromkeys(circles.get(value, "unsupported_policy") for value in named)
    return " ".join(word for word in words if word)


def read_quote(document: Document) -> tuple[str | None, str | None, bool]:
    """(what is quoted, the stamp's id, whether it is said in a spelling without approval)."""
    for name in SPELLINGS:
        if uri := uri_of(document.get(name)):
            return uri, uri_of(document.get("quoteAuthorization")), name != "quote"
    link = next((found for tag in values(document, "tag") if (found := _quote_link(tag))), None)
    return link, None, link is not None


def _quote_link(tag: object) -> str | None:
    """What an object link (FEP-e232) quotes: it says so in `rel`, or else is named `RE: …`."""
    if not isinstance(tag, dict) or text(tag, "type") != "Link":
        return None
    if not (text(tag, "mediaType") or "").startswith(OBJECT_TYPES):
        return None
    rels = values(tag, "rel")
    quotes = QUOTE_REL in rels if rels else (text(tag, "name") or "").startswith("RE: ")
    return uri_of(tag.get("href")) if quotes else None


async def stamp_of(node: Node, reader: Reader, quoted_id: int, quoting_id: int) -> Document | None:
    """The stamp of this node for a quote that stands; None when there is none, or no more."""
    row = await reader.row(
        "SELECT q.stamp_uri, s.uri AS quoting_uri, o.uri AS quoted_uri, a.uri AS author_uri"
        " FROM status s JOIN quote q ON q.status_id = s.id JOIN status o ON o.id = s.quote_of_id"
        " JOIN actor a ON a.id = o.actor_id"
        " WHERE s.id = ? AND o.id = ? AND o.is_local AND s.quote_state = 'accepted'",
        quoting_id,
        quoted_id,
    )
    if row is None or row["stamp_uri"] != node.uris.stamp(quoted_id, quoting_id):
        return None
    return stamp_document(
        row["stamp_uri"], row["author_uri"], row["quoting_uri"], row["quoted_uri"]
    )
