"""An actor of this node says where else it lives, or that it lives elsewhere now.

Its followers hear of the new address by a Move and go there by themselves, those of this node
by the same handler as for anybody's Move.
"""

from actors import moves
from actors.documents import actor_document
from actors.remote import ensure_actor, find_by_handle
from federation.database import Row, Transaction
from federation.errors import NotFound, describe
from federation.fetch import FetchBudget
from federation.node import Node
from federation.vocabulary import AS2
from outbox import documents
from outbox.audience import follower_recipients
from outbox.profiles import publish_profile
from outbox.publish import publish

describe({"move.unknown": "Nobody is called {name}, here or at a partner of this node."})


async def find_other(node: Node, acct: str) -> Row:
    """The actor called so, as its own server serves it now; NotFound when there is none."""
    name = acct.removeprefix("@")
    handle = name if "@" in name else f"{name}@{node.host}"
    row = await find_by_handle(node, handle)
    if row is None or row["deleted_at"] is not None:
        raise NotFound("move.unknown", name=acct)
    if row["is_local"]:
        return row
    return await ensure_actor(node, row["uri"], budget=FetchBudget(), refresh=True)


async def change_alias(node: Node, actor: Row, acct: str, *, on: bool) -> Row:
    """Add or remove an alias and tell the followers; return the actor as it is now."""
    other = await find_other(node, acct)
    changed = await node.db.write(lambda tx: moves.set_alias(node, tx, actor, other["uri"], on=on))
    await publish_profile(node, changed)
    return changed


async def move(node: Node, actor: Row, acct: str) -> Row:
    """Move an actor to another address that names it as an alias; return that other actor.

    Raises Invalid naming `target`, NotFound when nobody is called so. The posts stay; the
    followers are told and follow the new address.
    """
    target = await find_other(node, acct)

    async def work(tx: Transaction) -> Row:
        changed = await moves.set_moved(node, tx, actor, target)
        recipients = await follower_recipients(node, tx, actor["id"])
        document = await actor_document(node, changed)
        document.pop("@context", None)
        followers = [changed["followers_url"]]
        await publish(
            node,
            tx,
            documents.update_document(document, actor["uri"], node.ids.next(), followers),
            sender=changed,
            recipients=recipients,
            local=False,
            audience_kind="followers",
        )
        await publish(
            node,
            tx,
            {
                "@context": AS2,
                "id": node.uris.activity(node.ids.next()),
                "type": "Move",
                "actor": actor["uri"],
                "object": actor["uri"],
                "target": target["uri"],
                "to": followers,
            },
            sender=changed,
            recipients=recipients,
            local=True,
            audience_kind="followers",
        )
        return target

    return await node.db.write(work)


async def stay(node: Node, actor: Row) -> None:
    """Take a move back: the account publishes here again; who left does not come back."""
    changed = await node.db.write(lambda tx: moves.set_moved(node, tx, actor, None))
    await publish_profile(node, changed)
