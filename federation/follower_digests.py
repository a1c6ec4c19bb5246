"""FEP-8fcf on the wire: which followers one site has of an actor, as a digest in a header.

With each delivery for followers a peer is told what its own people among them come to, so that
it notices when the two sides have come apart. Nobody learns of followers of other sites.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from federation.database import Reader, Row
from federation.errors import NodeError
from federation.origins import origin_of

HEADER = "Collection-Synchronization"
FOR_FOLLOWERS = frozenset({"public", "unlisted", "followers"})
CHARACTERS_MAX = 5_000
_FIELD = re.compile(r'([A-Za-z]{1,20})="([^"]{1,2048})"')
_DIGEST = re.compile(r"[0-9a-f]{64}")
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Stated:
    """What a peer says: of which collection, where its part for this node is, and its digest."""

    collection_uri: str
    url: str
    digest: str


def digest_of(uris: Iterable[str]) -> str:
    """The exclusive or of the SHA-256 of each id, in hexadecimal; of none: zeros."""
    total = 0
    for uri in set(uris):
        total ^= int.from_bytes(hashlib.sha256(uri.encode()).digest())
    return total.to_bytes(_BYTES).hex()


async def followers_at(reader: Reader, actor_uri: str, origin: str) -> list[str]:
    """The ids of an actor's followers who live at an origin."""
    rows = await reader.rows(
        "SELECT r.uri FROM actor a JOIN follow f ON f.target_id = a.id"
        " JOIN actor r ON r.id = f.follower_id"
        " WHERE a.uri = ? AND f.state = 'accepted' AND r.origin = ? ORDER BY r.uri",
        actor_uri,
        origin,
    )
    return [row["uri"] for row in rows]


async def header_for(reader: Reader, delivery: Row) -> dict[str, str]:
    """The header that goes with a delivery to a peer; none where it is not for followers.

    Partners compare all their relations by themselves, and get none.
    """
    if delivery["audience_kind"] not in FOR_FOLLOWERS or delivery["activity_type"] != "Create":
        return {}
    uri, origin = delivery["sender_uri"], delivery["origin"]
    actor = await reader.row(
        "SELECT followers_url FROM actor WHERE uri = ? AND NOT EXISTS (SELECT 1 FROM partnership p"
        " WHERE p.origin = ? AND p.state IN ('active', 'paused'))",
        uri,
        origin,
    )
    if actor is None or not actor["followers_url"]:
        return {}
    digest = digest_of(await followers_at(reader, uri, origin))
    fields = {
        "collectionId": actor["followers_url"],
        "url": f"{uri}/synchronization",
        "digest": digest,
    }
    return {HEADER: ", ".join(f'{name}="{value}"' for name, value in fields.items())}


def read_header(text: str) -> Stated | None:
    """Read what came; None for what cannot be read, which is no reason to refuse a delivery."""
    if len(text) > CHARACTERS_MAX:
        return None
    fields = dict(_FIELD.findall(text))
    collection, url = fields.get("collectionId"), fields.get("url")
    digest = fields.get("digest", "").lower()
    if collection is None or url is None or not _DIGEST.fullmatch(digest):
        return None
    try:
        same = origin_of(collection) == origin_of(url)
    except NodeError:
        return None
    return Stated(collection, url, digest) if same else None
