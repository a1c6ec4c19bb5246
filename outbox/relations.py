"""What a person here does with another actor: follow, answer a follow, block, and undo.

State, activity and delivery are one transaction. A target on this node is reached by the
same activity as one elsewhere, through the inbox.
"""

from collections.abc import Sequence

from actors import domain_blocks, follows, strikes
from actors.queries import by_ids
from federation.activity import parse_json_object
from federation.database import Reader, Row, Transaction
from federation.errors import Invalid, NotFound, Refused
from federation.node import Node
from outbox import documents
from outbox.agreed import refuse_follow
from outbox.publish import publish, to_actor


async def follow(
    node: Node,
    follower: Row,
    target: Row,
    *,
    notify: bool | None = None,
    reblogs: bool | None = None,
    languages: Sequence[str] | None = None,
) -> None:
    """Ask to follow, or change how one follows; the target's Accept makes it so.

    Raises Invalid for oneself, Refused when one blocks the other or the other's domain.
    """
    if follower["id"] == target["id"]:
        raise Invalid("follow.oneself", field="id")

    async def work(tx: Transaction) -> None:
        if await follows.is_blocked(tx, follower["id"], target["id"]):
            raise Refused("follow.blocked")
        if await domain_blocks.blocks(tx, follower["id"], target):
            raise Refused("follow.domain_blocked", domain=target["handle_host"])
        known = await follows.find(tx, follower["id"], target["id"])
        if known is None:
            await refuse_follow(tx, target)
            uri = node.uris.follow(node.ids.next())
            known = await follows.ask(node, tx, follower, target, uri, "pending")
            await say_follow(node, tx, follower, target, uri)
        await follows.set_options(
            tx, known["id"], notify=notify, show_reblogs=reblogs, languages=languages
        )

    await node.db.write(work)


async def unfollow(node: Node, follower: Row, target: Row) -> None:
    """Follow no longer, or withdraw the request."""

    async def work(tx: Transaction) -> None:
        known = await follows.remove(tx, follower["id"], target["id"])
        if known is not None:
            await undo_follow(node, tx, follower, target, known)

    await node.db.write(work)


async def say_follow(node: Node, tx: Transaction, follower: Row, target: Row, uri: str) -> None:
    """Publish a Follow of this uri to whom it follows."""
    await publish(
        node,
        tx,
        documents.follow_document(uri, follower["uri"], target["uri"]),
        sender=follower,
        recipients=to_actor(target),
        local=bool(target["is_local"]),
    )


async def undo_follow(
    node: Node, tx: Transaction, follower: Row, target: Row, follow_row: Row
) -> None:
    """Publish the end of a follow to whom was followed."""
    undone = documents.follow_document(follow_row["uri"], follower["uri"], target["uri"])
    await publish(
        node,
        tx,
        documents.undo_document(node, undone),
        sender=follower,
        recipients=to_actor(target),
        local=False,
    )


async def answer_follow(
    node: Node, tx: Transaction, target: Row, follower: Row, follow_row: Row, kind: str
) -> None:
    """Publish the `Accept` or `Reject` of a follow, with the Follow as it was received.

    The caller has already changed the state, in the same transaction.
    """
    body = await tx.value(
        "SELECT body FROM activity WHERE uri = ? AND type = 'Follow' ORDER BY id DESC LIMIT 1",
        follow_row["uri"],
    )
    plain = documents.follow_document(follow_row["uri"], follower["uri"], target["uri"])
    received = parse_json_object(bytes(body)) if body else {}
    received.pop("@context", None)
    if any(received.get(name) != plain[name] for name in ("id", "actor")):
        # Written in a way that was understood, and that nobody else has to understand.
        received = {}
    await publish(
        node,
        tx,
        documents.answer_document(
            kind, node.uris.activity(node.ids.next()), target["uri"], received or plain
        ),
        sender=target,
        recipients=to_actor(follower),
        local=bool(follower["is_local"]),
    )


async def followers_refused(reader: Reader, origin: str, since_ms: int) -> set[tuple[str, str]]:
    """The follows (follower, target) from an origin that people here ended, and it may not know.

    Of those the refusal waits to be delivered, or was delivered after `since_ms`.
    """
    rejects = (
        "SELECT a.body, d.sender_uri FROM delivery d JOIN activity a ON a.id = d.activity_id"
        " WHERE d.origin = ? AND d.activity_type = 'Reject' AND a.body IS NOT NULL"
    )
    rows = await reader.rows(
        f"{rejects} AND d.progress = 'pending'"
        f" UNION ALL {rejects} AND d.progress IN ('done', 'refused', 'failed')"
        " AND d.done_at >= ?",
        origin,
        origin,
        since_ms,
    )
    refused = [(parse_json_object(bytes(row["body"])).get("object"), row) for row in rows]
    return {
        (str(follow.get("actor")), row["sender_uri"])
        for follow, row in refused
        if isinstance(follow, dict) and follow.get("type") == "Follow"
    }


async def accept_follow(node: Node, target: Row, follower: Row) -> None:
    """Let somebody follow who asked. NotFound when nobody asked."""
    await _decide(node, target, follower, accept=True)


async def reject_follow(node: Node, target: Row, follower: Row) -> None:
    """Refuse a request, or remove a follower. NotFound when there is neither."""
    await _decide(node, target, follower, accept=False)


async def _decide(node: Node, target: Row, follower: Row, *, accept: bool) -> None:
    async def work(tx: Transaction) -> None:
        row = await follows.find(tx, follower["id"], target["id"])
        if row is None:
            raise NotFound("follow.not_found")
        if accept:
            await follows.accept(tx, row)
        else:
            await follows.remove(tx, follower["id"], target["id"])
        await tx.execute(
            "DELETE FROM notification WHERE recipient_id = ? AND from_actor_id = ?"
            " AND type = 'follow_request'",
            target["id"],
            follower["id"],
        )
        await answer_follow(node, tx, target, follower, row, "Accept" if accept else "Reject")

    await node.db.write(work)


async def block(node: Node, actor: Row, target: Row) -> None:
    """Block somebody: both follows end, and their server is told to keep away."""
    if actor["id"] == target["id"]:
        raise Invalid("block.oneself", field="id")

    async def work(tx: Transaction) -> None:
        uri = node.uris.activity(node.ids.next())
        if await follows.block(node, tx, actor["id"], target["id"], uri):
            await say_block(node, tx, actor, target, uri)

    await node.db.write(work)


async def unblock(node: Node, actor: Row, target: Row) -> None:
    """Block somebody no longer; the follows do not come back by themselves."""

    async def work(tx: Transaction) -> None:
        uri = await follows.unblock(tx, actor["id"], target["id"])
        if uri is not None:
            await undo_block(node, tx, actor, target, uri)

    await node.db.write(work)


async def say_block(node: Node, tx: Transaction, actor: Row, target: Row, uri: str) -> None:
    """Publish a Block of this uri to the server of whom it blocks."""
    said = documents.block_document(uri, actor["uri"], target["uri"])
    await publish(node, tx, said, sender=actor, recipients=to_actor(target), local=False)


async def undo_block(node: Node, tx: Transaction, actor: Row, target: Row, uri: str) -> None:
    """Publish the end of a block of this uri to the server of whom it blocked."""
    said = documents.block_document(uri, actor["uri"], target["uri"])
    undone = documents.undo_document(node, said)
    await publish(node, tx, undone, sender=actor, recipients=to_actor(target), local=False)


async def sever(node: Node, tx: Transaction, target: Row) -> dict[int, tuple[int, int]]:
    """End all follows between somebody elsewhere and people here, and tell her server so.

    Returns (followers lost, following lost) of each person here. Wakes nothing.
    """
    rows = await tx.rows(
        "SELECT f.* FROM follow f WHERE f.follower_id = ? OR f.target_id = ?",
        target["id"],
        target["id"],
    )
    lost = await strikes.sever(tx, target["id"])
    people = await by_ids(tx, list(lost))
    for row in rows:
        if row["follower_id"] in people:
            await undo_follow(node, tx, people[row["follower_id"]], target, row)
        elif row["target_id"] in people:
            await answer_follow(node, tx, people[row["target_id"]], target, row, "Reject")
    return lost
