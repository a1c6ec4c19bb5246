"""What a person here does with a status: thank, boost, keep, pin, and take it back."""

from actors import queries as actors
from actors.moves import refuse_moved
from federation.database import Row, Transaction
from federation.errors import Invalid, NotFound, Refused
from federation.node import Node
from outbox import documents
from outbox.agreed import resharing_of
from outbox.audience import recipients, store_audience
from outbox.circles import ACROSS_SITES, wire_uri
from outbox.events import announce_status
from outbox.publish import publish, to_actor
from outbox.statuses import remove
from outbox.visibility import PUBLIC_KINDS, may, member, visible


async def original(node: Node, actor: Row, status_id: int) -> Row:
    """The status that an action on `status_id` means: a boost stands for what it boosts.

    Raises NotFound for what the actor may not see, as for what does not exist.
    """
    who = await member(node.db, actor["id"])
    status = await visible(node.db, who, status_id)
    if status is not None and status["reblog_of_id"] is not None:
        status = await visible(node.db, who, status["reblog_of_id"])
    if status is None:
        raise NotFound("status.not_found")
    return status


async def _author(node: Node, status: Row) -> Row:
    author = await actors.by_id(node.db, status["actor_id"])
    assert author is not None, "a status has its author by foreign key"
    return author


async def favourite(node: Node, actor: Row, status: Row) -> None:
    """Thank for a status; once, however often it is asked."""
    author = await _author(node, status)

    async def work(tx: Transaction) -> None:
        favourite_id = node.ids.next()
        uri = node.uris.activity(favourite_id)
        if not await add_favourite(node, tx, actor["id"], status["id"], uri):
            return
        await publish(
            node,
            tx,
            documents.like_document(uri, actor["uri"], status, author["uri"]),
            sender=actor,
            recipients=to_actor(author),
            local=bool(author["is_local"]),
            audience_kind=status["audience_kind"],
        )

    await node.db.write(work)


async def add_favourite(
    node: Node, tx: Transaction, actor_id: int, status_id: int, uri: str
) -> bool:
    """Record a favourite and count it; False when it was there already."""
    fresh = await tx.value(
        "INSERT INTO favourite (id, actor_id, status_id, uri, created_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING RETURNING 1",
        node.ids.next(),
        actor_id,
        status_id,
        uri,
        node.clock(),
    )
    if fresh is not None:
        await tx.execute(
            "UPDATE status SET favourites_count = favourites_count + 1 WHERE id = ?", status_id
        )
    return fresh is not None


async def remove_favourite(tx: Transaction, actor_id: int, status_id: int) -> str | None:
    """Take a favourite back and return its activity's id; None when there was none."""
    uri = await tx.value(
        "DELETE FROM favourite WHERE actor_id = ? AND status_id = ? RETURNING uri",
        actor_id,
        status_id,
    )
    if uri is not None:
        await tx.execute(
            "UPDATE status SET favourites_count = favourites_count - 1 WHERE id = ?", status_id
        )
        await tx.execute(
            "DELETE FROM notification WHERE type = 'favourite' AND from_actor_id = ?"
            " AND status_id = ?",
            actor_id,
            status_id,
        )
    return uri


async def unfavourite(node: Node, actor: Row, status: Row) -> None:
    """Take a thank-you back, here and where it was sent."""
    author = await _author(node, status)

    async def work(tx: Transaction) -> None:
        uri = await remove_favourite(tx, actor["id"], status["id"])
        if uri is None:
            return
        like = documents.like_document(uri, actor["uri"], status, author["uri"])
        await publish(
            node,
            tx,
            documents.undo_document(node, like),
            sender=actor,
            recipients=to_actor(author),
            local=False,
            audience_kind=status["audience_kind"],
        )

    await node.db.write(work)


async def reblog(node: Node, actor: Row, status: Row, visibility: str = "public") -> Row:
    """Boost a status and return the boost; the one there is when it was boosted before.

    Raises Invalid (422) for what is not public, unless by its author to no wider circle; Refused
    where an agreement keeps it. One that lets it be passed on *inside the site* makes the boost
    one for the site, of which nobody elsewhere hears.
    """
    refuse_moved(actor)
    if not await may(node.db, await member(node.db, actor["id"]), "reblog", status):
        raise Invalid("reblog.author_only", field="id")
    kind = _kind(status, visibility)
    author = await _author(node, status)
    allowed = await resharing_of(node.db, author)
    if allowed == "none":
        raise Refused("reblog.not_agreed", origin=author["origin"])
    kind = "site" if allowed == "site" else kind

    async def work(tx: Transaction) -> Row:
        known = await find_boost(tx, actor["id"], status["id"])
        if known is not None:
            return known
        boost_id = node.ids.next()
        uri = node.uris.activity(boost_id)
        boost = await add_boost(node, tx, actor, status, uri, kind, boost_id)
        inboxes = {r.inbox_url: r for r in await recipients(node, tx, boost)}
        if not author["is_local"] and kind != "site":
            shared = author["shared_inbox_url"] or author["inbox_url"]
            if shared not in inboxes:
                inboxes |= {r.inbox_url: r for r in to_actor(author)}
        await publish(
            node,
            tx,
            documents.announce_document(boost, actor, status, author, await wire_uri(tx, boost)),
            sender=actor,
            recipients=list(inboxes.values()),
            local=True,
            audience_kind=kind,
        )
        return boost

    return await node.db.write(work)


def _kind(status: Row, visibility: str) -> str:
    """The audience of a boost as it is wished; Invalid for a status that has no such circle."""
    kind = "unlisted" if "unlisted" in (visibility, status["audience_kind"]) else "public"
    if status["audience_kind"] not in PUBLIC_KINDS:
        kind = status["audience_kind"]
    if visibility == "private" and kind in PUBLIC_KINDS:
        kind = "followers"
    if kind not in (*PUBLIC_KINDS, "followers", *ACROSS_SITES):
        raise Invalid("reblog.circle", field="id")
    return kind


async def find_boost(tx: Transaction, actor_id: int, status_id: int) -> Row | None:
    """The boost of a status by an actor, if there is one."""
    return await tx.row(
        "SELECT * FROM status WHERE reblog_of_id = ? AND actor_id = ?", status_id, actor_id
    )


async def add_boost(
    node: Node,
    tx: Transaction,
    actor: Row,
    status: Row,
    uri: str,
    kind: str,
    boost_id: int,
    published_at: int | None = None,
    *,
    quietly: bool = False,
) -> Row:
    """Record a boost, by somebody here or elsewhere, and count it; quietly, no stream is told.

    In an audience of several sites its own author passes it on to the same one.
    """
    if kind in ACROSS_SITES:
        audience_id = status["audience_id"]
    else:
        audience_id = await store_audience(node, tx, kind, actor)
    now = node.clock()
    await tx.execute(
        "INSERT INTO status (id, uri, url, actor_id, audience_id, audience_kind, is_local, type,"
        " thread_root_id, reblog_of_id, published_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 'Announce', ?, ?, ?)",
        boost_id,
        uri,
        uri,
        actor["id"],
        audience_id,
        kind,
        bool(actor["is_local"]),
        boost_id,
        status["id"],
        min(published_at or now, now),
    )
    await tx.execute(
        "UPDATE status SET reblogs_count = reblogs_count + 1 WHERE id = ?", status["id"]
    )
    boost = await find_boost(tx, actor["id"], status["id"])
    assert boost is not None, "inserted above"
    if not quietly:
        announce_status(node, tx, boost)
    return boost


async def unreblog(node: Node, actor: Row, status: Row) -> None:
    """Take a boost back, here and wherever it went."""
    author = await _author(node, status)

    async def work(tx: Transaction) -> None:
        boost = await find_boost(tx, actor["id"], status["id"])
        if boost is None:
            return
        inboxes = {r.inbox_url: r for r in await recipients(node, tx, boost)}
        if boost["audience_kind"] != "site":
            inboxes |= {r.inbox_url: r for r in to_actor(author)}
        circle_uri = await wire_uri(tx, boost)
        announce = documents.announce_document(boost, actor, status, author, circle_uri)
        await remove(node, tx, boost)
        await tx.execute(
            "DELETE FROM notification WHERE type = 'reblog' AND from_actor_id = ?"
            " AND status_id = ?",
            actor["id"],
            status["id"],
        )
        await publish(
            node,
            tx,
            documents.undo_document(node, announce),
            sender=actor,
            recipients=list(inboxes.values()),
            local=False,
            audience_kind=boost["audience_kind"],
        )

    await node.db.write(work)


async def bookmark(node: Node, actor: Row, status: Row) -> None:
    """Keep a status for oneself; nobody else is told."""

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO bookmark (id, actor_id, status_id, created_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            node.ids.next(),
            actor["id"],
            status["id"],
            node.clock(),
        )

    await node.db.write(work)


async def unbookmark(node: Node, actor: Row, status: Row) -> None:
    """Keep a status no longer."""

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "DELETE FROM bookmark WHERE actor_id = ? AND status_id = ?", actor["id"], status["id"]
        )

    await node.db.write(work)
