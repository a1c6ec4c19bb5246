"""Status ⇄ ActivityPub: the documents that this node's actors send and serve."""

from collections.abc import Sequence
from typing import Any

import orjson

from federation.activity import iso
from federation.database import Reader, Row
from federation.node import Node
from federation.vocabulary import CONTEXT, PUBLIC, Document
from outbox.audience import addressing, mentioned_rows
from outbox.cards import card_part
from outbox.circles import FOR_NOBODY, WIRE_KIND, wire_uri
from outbox.emojis import tags_of
from outbox.quote_documents import policy_document, quote_link, quote_part


def acct(actor: Row) -> str:
    """`user@host` of an actor, with our own host for local ones."""
    return f"{actor['username']}@{actor['handle_host']}"


async def note_document(node: Node, reader: Reader, status: Row) -> Document:
    """The object of one local status, complete, without `@context`.

    The same bytes for every reader: nothing in it depends on who asks.
    """
    author = await reader.row("SELECT * FROM actor WHERE id = ?", status["actor_id"])
    assert author is not None, "a status has its author by foreign key"
    mentioned = await mentioned_rows(reader, status["id"])
    circle_uri = await wire_uri(reader, status)
    named = [row["uri"] for row in mentioned]
    to, cc = addressing(status["audience_kind"], author, named, circle_uri)
    attached = await _attachments(reader, status["id"])
    document: Document = {
        "id": status["uri"],
        "type": status["type"],
        "attributedTo": author["uri"],
        "to": to,
        "cc": cc,
        "published": iso(status["published_at"]),
        "url": status["url"],
        "content": status["content_html"],
        "summary": status["summary"] or None,
        "sensitive": bool(status["sensitive"] or (status["is_covered"] and attached)),
        "inReplyTo": status["in_reply_to_uri"],
        "context": status["context_uri"],
        "tag": await _tags(node, reader, status, mentioned),
        "attachment": attached,
        "replies": f"{status['uri']}/replies",
    }
    if status["language"]:
        document["contentMap"] = {status["language"]: status["content_html"]}
    if status["edited_at"]:
        document["updated"] = iso(status["edited_at"])
    if status["audience_kind"] == "named":
        document["directMessage"] = True
    if circle_uri is not None:
        document |= circle_part(circle_uri, status["audience_kind"])
    if status["type"] == "Question":
        document |= await _poll(node, reader, status["id"])
    document |= await card_part(reader, status)
    document["interactionPolicy"] = policy_document(status, author, circle_uri)
    if status["quote_uri"] and status["quote_state"]:
        document |= await quote_part(reader, status)
        link = await quote_link(reader, status)
        document["content"] = link + document["content"]
        if "contentMap" in document:
            document["contentMap"] = {status["language"]: document["content"]}
    return document


def circle_part(uri: str, kind: str) -> Document:
    """What an object for several sites says of its audience, beside its addresses.

    Partners are told that others read as well, never who. `directMessage` false keeps
    Mastodon from taking it for a message, should it ever get there.
    """
    says = "organisation" if kind == "organisation" else "partners"
    return {"audience": uri, WIRE_KIND: says, "directMessage": False}


async def _tags(
    node: Node, reader: Reader, status: Row, mentioned: Sequence[Row]
) -> list[Document]:
    # GoToSocial shows a direct post only to those in a Mention tag, snac2 only to those in
    # `to`: a named person is always in both.
    found: list[Document] = [
        {"type": "Mention", "href": row["uri"], "name": f"@{acct(row)}"}
        for row in mentioned
        if not row["silent"] or status["audience_kind"] == "named"
    ]
    rows = await reader.rows(
        "SELECT tag.name FROM status_tag JOIN tag ON tag.id = status_tag.tag_id"
        " WHERE status_tag.status_id = ? ORDER BY tag.name",
        status["id"],
    )
    return (
        found
        + [
            {"type": "Hashtag", "href": node.uris.tag_page(row["name"]), "name": f"#{row['name']}"}
            for row in rows
        ]
        + tags_of(status)
    )


async def _attachments(reader: Reader, status_id: int) -> list[Document]:
    rows = await reader.rows(
        "SELECT * FROM attachment WHERE status_id = ? ORDER BY position, id", status_id
    )
    return [_attachment(row) for row in rows]


def _attachment(row: Row) -> Document:
    """One file by its plain address: whoever may see the status reads it with a signed GET."""
    document: Document = {
        "type": "Document",
        "mediaType": row["media_type"],
        "url": row["url"],
        # Mastodon reads `name`, GoToSocial `summary`.
        "name": row["description"],
        "summary": row["description"],
        "blurhash": row["blurhash"],
        "width": row["width"],
        "height": row["height"],
    }
    if row["focus_x"] is not None and row["focus_y"] is not None:
        document["focalPoint"] = [row["focus_x"], row["focus_y"]]
    if row["preview_url"]:
        document["icon"] = {"type": "Image", "mediaType": "image/webp", "url": row["preview_url"]}
    return document


async def _poll(node: Node, reader: Reader, status_id: int) -> Document:
    poll = await reader.row("SELECT * FROM poll WHERE status_id = ?", status_id)
    if poll is None:
        return {}
    ends_at: int | None = poll["ends_at"]
    ended = ends_at is not None and ends_at <= node.clock()
    hidden = bool(poll["hide_totals"]) and not ended
    options = await reader.rows(
        "SELECT * FROM poll_option WHERE poll_id = ? ORDER BY position", poll["id"]
    )
    answers: list[Any] = [
        {
            "type": "Note",
            "name": row["title"],
            "replies": {
                "type": "Collection",
                "totalItems": None if hidden else row["votes_count"],
            },
        }
        for row in options
    ]
    document: Document = {"anyOf" if poll["multiple"] else "oneOf": answers}
    if ends_at:
        document["endTime"] = iso(ends_at)
        if ended:
            document["closed"] = iso(ends_at)
    document["votersCount"] = poll["voters_count"] or 0
    return document


def serialise(document: Document) -> bytes:
    """The bytes of a document that stands alone, with its context first."""
    return orjson.dumps({"@context": CONTEXT, **document})


def create_document(note: Document) -> Document:
    """`Create` of a note: same addresses, actor and time as its object."""
    return {
        "id": f"{note['id']}/create",
        "type": "Create",
        "actor": note["attributedTo"],
        "published": note["published"],
        "to": note["to"],
        "cc": note["cc"],
        "object": note,
    }


def update_document(document: Document, actor_uri: str, number: int, to: list[str]) -> Document:
    """`Update` of a note or an actor; `number` tells one update from the next."""
    return {
        "id": f"{document['id']}/updates/{number}",
        "type": "Update",
        "actor": actor_uri,
        "to": document.get("to", to),
        "cc": document.get("cc", []),
        "object": document,
    }


def delete_document(status: Row, actor_uri: str, to: list[str], cc: list[str]) -> Document:
    """`Delete` with a Tombstone, addressed exactly as the object was.

    A wider address would tell strangers that there had been something.
    """
    return {
        "id": f"{status['uri']}/delete",
        "type": "Delete",
        "actor": actor_uri,
        "to": to,
        "cc": cc,
        "object": {"id": status["uri"], "type": "Tombstone", "formerType": status["type"]},
    }


def delete_again_document(
    uri: str, object_uri: str, former_type: str, actor_uri: str, partner_uri: str, *, lives: bool
) -> Document:
    """`Delete` of what one partner still has, said to it alone: under a new id, since what came
    before has no effect a second time.

    What `lives` on, for others, is not deleted but taken back from that partner, and says so: it
    may be for it again one day.
    """
    tombstone = {"id": object_uri, "type": "Tombstone", "formerType": former_type}
    return {
        "id": uri,
        "type": "Delete",
        "actor": actor_uri,
        "to": [partner_uri],
        "cc": [],
        "object": tombstone | ({WIRE_KIND: FOR_NOBODY} if lives else {}),
    }


def announce_document(
    boost: Row, author: Row, original: Row, original_author: Row, circle_uri: str | None = None
) -> Document:
    """`Announce` of a status; always with `published`, which GoToSocial wants.

    `circle_uri` is that of an audience of several sites, in which it is announced.
    """
    if circle_uri is not None:
        return {
            "id": boost["uri"],
            "type": "Announce",
            "actor": author["uri"],
            "published": iso(boost["published_at"]),
            "to": [circle_uri],
            "cc": [],
            "audience": circle_uri,
            "object": original["uri"],
        }
    followers = author["followers_url"]
    public = boost["audience_kind"] == "public"
    return {
        "id": boost["uri"],
        "type": "Announce",
        "actor": author["uri"],
        "published": iso(boost["published_at"]),
        "to": [PUBLIC] if public else [followers],
        "cc": [followers if public else PUBLIC, original_author["uri"]]
        if boost["audience_kind"] in ("public", "unlisted")
        else [original_author["uri"]],
        "object": original["uri"],
    }


def featured_document(kind: str, uri: str, actor: Row, status: Row) -> Document:
    """`Add` to or `Remove` from the featured collection of an actor, for its followers."""
    return {
        "id": uri,
        "type": kind,
        "actor": actor["uri"],
        "to": [actor["followers_url"]],
        "object": status["uri"],
        "target": actor["featured_url"],
    }


def like_document(uri: str, actor_uri: str, status: Row, author_uri: str) -> Document:
    """`Like` of a status, to its author alone."""
    return {
        "id": uri,
        "type": "Like",
        "actor": actor_uri,
        "to": [author_uri],
        "object": status["uri"],
    }


def vote_document(uri: str, voter_uri: str, poll_uri: str, author_uri: str, title: str) -> Document:
    """`Create` of a vote: a Note with a name and no content, to the poll's author alone."""
    return {
        "id": f"{uri}/create",
        "type": "Create",
        "actor": voter_uri,
        "to": [author_uri],
        "object": {
            "id": uri,
            "type": "Note",
            "name": title,
            "inReplyTo": poll_uri,
            "attributedTo": voter_uri,
            "to": [author_uri],
        },
    }


def follow_document(uri: str, follower_uri: str, target_uri: str) -> Document:
    """`Follow`, to the actor followed alone."""
    return {
        "id": uri,
        "type": "Follow",
        "actor": follower_uri,
        "to": [target_uri],
        "object": target_uri,
    }


def answer_document(kind: str, uri: str, actor_uri: str, follow: Document) -> Document:
    """`Accept` or `Reject` with the whole Follow inside.

    Peers match it in different ways: by its id, or by its actor and object.
    """
    return {
        "id": uri,
        "type": kind,
        "actor": actor_uri,
        "to": [follow["actor"]],
        "object": follow,
    }


def block_document(uri: str, actor_uri: str, target_uri: str) -> Document:
    """`Block` of an actor."""
    return {
        "id": uri,
        "type": "Block",
        "actor": actor_uri,
        "to": [target_uri],
        "object": target_uri,
    }


def undo_document(node: Node, undone: Document) -> Document:
    """`Undo` of an activity of the same actor, with that activity inside.

    Its id is new each time: a node that was put back as it was may take the same thing back
    twice, and the second time would not be heard under an id that came before.
    """
    return {
        "id": node.uris.activity(node.ids.next()),
        "type": "Undo",
        "actor": undone["actor"],
        "to": undone.get("to", []),
        "cc": undone.get("cc", []),
        "object": undone,
    }
