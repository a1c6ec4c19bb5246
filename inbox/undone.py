"""What was taken back: which activity an Undo means, and the marker of what did not come yet.

A marker under its id keeps it from having an effect later. Markers stand among the tombstones,
which are kept for ever. Only the origin of an id can mark it, so nobody keeps out what is
another's.
"""

from federation.activity import Activity, text
from federation.database import Reader, Row, Transaction
from federation.node import Node
from federation.origins import origin_of
from federation.seen import TAKEN_BACK_BY_UNDO, digest_of


def undone_digests(undo: Activity) -> list[bytes]:
    """The digests that what an Undo takes back can have; none for what it does not name.

    They hold the signer's own id: nobody takes back what is another's.
    """
    uri, kind = undo.object_uri, text(undo.object or {}, "type")
    kinds = TAKEN_BACK_BY_UNDO if kind is None else (kind,)
    return [digest_of(uri, each, undo.actor_uri) for each in kinds] if uri else []


async def is_undone(reader: Reader, uri: str, by_uri: str) -> bool:
    """Whether this actor took the activity or object `uri` back."""
    return bool(
        await reader.value("SELECT 1 FROM tombstone WHERE uri = ? AND actor_uri = ?", uri, by_uri)
    )


async def mark_undone(node: Node, tx: Transaction, uri: str, former_type: str, sender: Row) -> bool:
    """Remember that `sender` took `uri` back; False when the id is not of its origin."""
    if origin_of(uri) != sender["origin"]:
        return False
    await tx.execute(
        "INSERT INTO tombstone (uri, former_type, actor_uri, deleted_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        uri,
        former_type[:40],
        sender["uri"],
        node.clock(),
    )
    return True
