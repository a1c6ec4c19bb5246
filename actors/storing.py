"""What is kept of others' actors: one row for each id, and the keys it is known by.

Whoever calls has proved that a document is the actor's own word; here it becomes rows, the same
however often it comes.
"""

from typing import Any

from actors import queries
from actors.received import ActorFields
from actors.words import name_words
from federation.admission import covering_blocks
from federation.database import Row, Transaction, marks
from federation.errors import Gone, Refused, describe
from federation.key_documents import key_in
from federation.node import Node
from federation.vocabulary import Document
from federation.webfinger import Handle

describe(
    {
        "actor.deleted": "{uri} was deleted.",
        "actor.handle_ours": "{uri} claims the handle {came}, which belongs to this node.",
        "actor.unknown": "The actor {uri} is not known here; it is fetched from its own server.",
    }
)

_STORED = (
    "type",
    "display_name",
    "summary_html",
    "url",
    "inbox_url",
    "shared_inbox_url",
    "outbox_url",
    "followers_url",
    "following_url",
    "featured_url",
    "icon_url",
    "image_url",
    "fields",
    "emojis",
    "also_known_as",
    "moved_to_uri",
    "locked",
    "discoverable",
    "indexable",
)


async def upsert_actor(
    node: Node,
    tx: Transaction,
    fields: ActorFields,
    *,
    handle: Handle | None = None,
    fetched: bool = False,
) -> Row:
    """Store what a document says of an actor, and return the actor as it is now.

    The caller has proved that the document is the actor's own word: signed by its key, or
    (`fetched`) served by its origin. A handle is only taken over when given, as confirmed by
    WebFinger; a new actor needs one (else Refused). `updated_at` moves when something changed.
    """
    stored = await queries.by_uri(tx, fields.uri)
    if stored is not None and stored["is_local"]:
        raise Refused("actor.unknown", uri=fields.uri)
    if stored is not None and stored["deleted_at"] is not None:
        raise Gone("actor.deleted", uri=fields.uri)
    if stored is None and handle is None:
        raise Refused("actor.unknown", uri=fields.uri)
    if handle is not None and handle.host == node.host:
        raise Refused("actor.handle_ours", uri=fields.uri, came=str(handle))
    if await queries.tombstone(tx, fields.uri) is not None:
        raise Gone("actor.deleted", uri=fields.uri)
    columns: dict[str, Any] = {name: getattr(fields, name) for name in _STORED}
    if handle is not None:
        columns |= {"username": handle.username, "handle_host": handle.host}
    username = columns["username"] if handle is not None or stored is None else stored["username"]
    columns["search_words"] = name_words(username, fields.display_name)
    actor_id = stored["id"] if stored is not None else node.ids.next()
    if handle is not None:
        await _free_handle(tx, handle, actor_id)
    if stored is None:
        await _insert(node, tx, actor_id, fields, columns)
    else:
        await _update(node, tx, stored, columns)
    if fetched:
        sql = "UPDATE actor SET fetched_at = ? WHERE id = ?"
        await tx.execute(sql, node.clock(), actor_id)
    return await queries.get_by_id(tx, actor_id)


async def refresh_keys(node: Node, document: Document) -> None:
    """Bring the known keys of an actor to what its document says; new ones are left alone.

    `document` is the actor's own word, as for `upsert_actor`: a stolen key ends with the
    document that names another one instead. A pinned key never changes so.
    """
    uri = str(document["id"])
    for row in await node.db.rows(
        "SELECT key_id FROM key WHERE owner_uri = ? AND private_encrypted IS NULL"
        " AND pinned_at IS NULL",
        uri,
    ):
        key = key_in(document, row["key_id"])
        if key is not None:
            await node.keyring.store(key)
        elif document.get("publicKey"):
            await node.keyring.forget(row["key_id"])


async def _free_handle(tx: Transaction, handle: Handle, actor_id: int) -> None:
    """Take a handle from another row: WebFinger says who has it now, and only one can."""
    await tx.execute(
        "UPDATE actor SET username = username || '#' || CAST(id AS TEXT)"
        " WHERE lower(username) = ? AND handle_host = ? AND id <> ? AND NOT is_local",
        handle.username.lower(),
        handle.host,
        actor_id,
    )


async def _insert(
    node: Node, tx: Transaction, actor_id: int, fields: ActorFields, columns: dict[str, Any]
) -> None:
    now = node.clock()
    published = fields.published_at
    given: dict[str, Any] = {
        "id": actor_id,
        "uri": fields.uri,
        "origin": fields.origin,
        "is_local": False,
        "silenced_at": await _limited_since(tx, fields.origin),
        "created_at": now if published is None else min(published, now),
        "updated_at": now,
        **columns,
    }
    names, values = ", ".join(given), ", ".join("?" * len(given))
    await tx.execute(f"INSERT INTO actor ({names}) VALUES ({values})", *given.values())


async def _limited_since(tx: Transaction, origin: str) -> int | None:
    """When staff limited the origin, or one above it; None when nobody did."""
    covering = covering_blocks(origin)
    return await tx.value(
        "SELECT MIN(created_at) FROM domain_decision WHERE severity = 'silence'"
        f" AND origin IN ({marks(covering)})",
        *covering,
    )


async def _update(node: Node, tx: Transaction, stored: Row, columns: dict[str, Any]) -> None:
    changed = {name: value for name, value in columns.items() if stored[name] != value}
    if not changed:
        return
    settings = ", ".join(f"{name} = ?" for name in changed)
    await tx.execute(
        f"UPDATE actor SET {settings}, updated_at = ? WHERE id = ?",
        *changed.values(),
        max(node.clock(), stored["updated_at"] + 1),
        stored["id"],
    )
