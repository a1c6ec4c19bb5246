"""What came once: by which digest an activity is the same one again, kept for ever.

The id alone does not say it. Mobilizon gives a Create and each Update of the same object one
id, and snac2 a Like that comes again after its Undo the id that it had before.
"""

from collections.abc import Iterable
from hashlib import sha256

import orjson

from federation.database import Transaction, marks
from federation.vocabulary import Document

TAKEN_BACK_BY_UNDO = ("Announce", "Block", "EmojiReact", "Follow", "Like")
"""The types that an Undo takes back, and that may come again under the same id after it."""


def digest_of(uri: str, kind: str, actor_uri: str, document: Document | None = None) -> bytes:
    """Return the digest of an activity: of its id, type and actor, of an Update also its object.

    The actor is in it, so that whoever takes back an activity takes back her own only.
    """
    parts = [uri, kind, actor_uri]
    if kind == "Update" and document is not None:
        said = orjson.dumps(document.get("object"), option=orjson.OPT_SORT_KEYS)
        parts.append(sha256(said).hexdigest())
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


async def take_in(tx: Transaction, digest: bytes, signed_at_ms: int = 0) -> bool:
    """Note that an activity came; say whether it comes for the first time.

    What was taken back is new again when it was signed after its Undo: a request that was
    captured before never is. Its Undo, which may have its old id too, is then new again as well.
    """
    row = await tx.row(
        "INSERT INTO seen (digest) VALUES (?) ON CONFLICT (digest) DO UPDATE"
        " SET taken_back_at = NULL WHERE seen.taken_back_at < ? RETURNING taken_back_by",
        digest,
        signed_at_ms,
    )
    if row is None:
        return False
    if row["taken_back_by"] is not None:
        await tx.execute(
            "UPDATE seen SET taken_back_at = ? WHERE digest = ?",
            signed_at_ms,
            bytes(row["taken_back_by"]),
        )
    return True


async def take_back(
    tx: Transaction, digests: Iterable[bytes], undo_digest: bytes, signed_at_ms: int
) -> None:
    """Note that an Undo, signed at this moment, takes back what has one of these digests."""
    found = list(digests)
    await tx.execute(
        f"UPDATE seen SET taken_back_at = ?, taken_back_by = ? WHERE digest IN ({marks(found)})",
        signed_at_ms,
        undo_digest,
        *found,
    )


async def has_come(tx: Transaction, digests: Iterable[bytes]) -> bool:
    """Say whether an activity with one of these digests ever came."""
    found = list(digests)
    sql = f"SELECT 1 FROM seen WHERE digest IN ({marks(found)}) LIMIT 1"
    return bool(await tx.value(sql, *found))
