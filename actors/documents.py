"""Actors on the wire: the documents this node serves for its own, and the name of any.

Others' documents are read in `received`, whose reading is offered here too.
"""

from typing import Any

import orjson

from actors.received import ActorFields, read_actor
from federation.activity import iso
from federation.database import Row
from federation.node import Node
from federation.organisation_lists import claim
from federation.organisations import own_organisation
from federation.vocabulary import CONTEXT, Document

__all__ = ["ActorFields", "actor_document", "handle", "read_actor"]

DAY_MS = 86_400_000
# FEP-844e: what a peer may use towards this node without asking first.
_IMPLEMENTS: list[Document] = [
    {
        "type": "Link",
        "href": "https://datatracker.ietf.org/doc/html/rfc9421",
        "name": "RFC-9421: HTTP Message Signatures",
    },
    {
        "type": "Link",
        "href": "https://datatracker.ietf.org/doc/html/rfc9421#name-eddsa-using-curve-edwards25519",
        "name": "RFC-9421 signatures using the Ed25519 algorithm",
    },
]
_COLLECTIONS = ("outbox", "followers", "following", "featured")


def handle(node: Node, row: Row) -> str:
    """Return `user@host` of an actor, local or not, without a leading @."""
    host = node.host if row["is_local"] else row["handle_host"]
    return f"{row['username']}@{host}"


async def actor_document(node: Node, row: Row) -> Document:
    """Return the document of a local actor with its public keys; the same for every reader.

    Never an e-mail address, and of the day of creation only the day.
    """
    document: Document = {
        "@context": CONTEXT,
        "id": row["uri"],
        "type": row["type"],
        "preferredUsername": row["username"],
        "webfinger": handle(node, row),
        "name": row["display_name"] or row["username"],
        "summary": row["summary_html"],
        "url": row["url"],
        "inbox": row["inbox_url"],
        "endpoints": {"sharedInbox": node.uris.shared_inbox},
        "manuallyApprovesFollowers": bool(row["locked"]),
        "discoverable": bool(row["discoverable"]),
        "indexable": bool(row["indexable"]),
        "published": iso(row["created_at"] - row["created_at"] % DAY_MS),
    }
    for name in _COLLECTIONS:
        if row[f"{name}_url"]:
            document[name] = row[f"{name}_url"]
    document |= _profile(row) | await _keys(node, row)
    if row["uri"] == node.uris.instance_actor:
        document["implements"] = _IMPLEMENTS
        if contact := node.options.instance.contact_email:
            document["attachment"].append(
                {"type": "PropertyValue", "name": "contact", "value": contact}
            )
        if (own := await own_organisation(node.db)) is not None:
            document["organization"] = claim(own.uri, own.name)
    else:
        document["generator"] = node.uris.instance_actor
        document["featuredTags"] = f"{row['uri']}/tags"
    return document


def _profile(row: Row) -> Document:
    """Return what an actor may or may not have set."""
    document: Document = {
        "attachment": [
            {"type": "PropertyValue", "name": field["name"], "value": field["value"]}
            for field in orjson.loads(row["fields"])
        ],
        "tag": [_emoji(emoji) for emoji in orjson.loads(row["emojis"])],
    }
    for name in ("icon", "image"):
        if row[f"{name}_url"]:
            document[name] = {"type": "Image", "url": row[f"{name}_url"]}
            if row[f"{name}_description"]:
                document[name]["name"] = row[f"{name}_description"]
    if aliases := orjson.loads(row["also_known_as"]):
        document["alsoKnownAs"] = aliases
    if row["moved_to_uri"]:
        document["movedTo"] = row["moved_to_uri"]
    return document


def _emoji(emoji: dict[str, Any]) -> Document:
    icon = {"type": "Image", "url": emoji["url"]}
    return {"type": "Emoji", "name": f":{emoji['shortcode']}:", "icon": icon}


async def _keys(node: Node, row: Row) -> Document:
    """Return `publicKey` (RSA, which everybody reads) and `assertionMethod` (FEP-521a)."""
    document: Document = {}
    for key in await node.db.rows(
        "SELECT key_id, algorithm, public_text FROM key WHERE owner_uri = ?"
        " AND retired_at IS NULL ORDER BY key_id",
        row["uri"],
    ):
        if key["algorithm"] == "rsa":
            document["publicKey"] = {
                "id": key["key_id"],
                "owner": row["uri"],
                "publicKeyPem": key["public_text"],
            }
        else:
            document.setdefault("assertionMethod", []).append(
                {
                    "id": key["key_id"],
                    "type": "Multikey",
                    "controller": row["uri"],
                    "publicKeyMultibase": key["public_text"],
                }
            )
    return document
