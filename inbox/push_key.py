"""The key by which push services know this node (VAPID): made once, sealed at rest."""

from dataclasses import dataclass
from typing import Any

from federation.database import Row, Transaction
from federation.node import Node
from federation.web_push import (
    generate_key,
    load_private,
    point_of,
    private_bytes,
    to_base64,
    vapid_token,
)

PLACE = "push_key"
# RFC 8292 allows a day; services are strict about their clocks.
TOKEN_S = 12 * 3600
_ONLY = 1


@dataclass(frozen=True, slots=True)
class PushKey:
    """The key pair; `public` is what applications and push services are shown."""

    public: str
    private: Any

    def token(self, node: Node, audience: str) -> str:
        """The signed token for the push service at an origin."""
        return vapid_token(
            self.private,
            audience=audience,
            subject=f"{node.origin}/",
            expires_s=node.clock() // 1000 + TOKEN_S,
        )


async def server_key(node: Node) -> str:
    """The public key in base64url; empty when this site sends no push messages."""
    if not node.options.push.enabled:
        return ""
    known = await node.db.value("SELECT public_text FROM push_key WHERE id = ?", _ONLY)
    return known or (await _make(node))["public_text"]


async def load_push_key(node: Node) -> PushKey:
    """The key pair; raises Misconfigured when it was sealed with another secret."""
    row = await node.db.row("SELECT * FROM push_key WHERE id = ?", _ONLY)
    if row is None:
        row = await _make(node)
    opened = node.keyring.unseal(PLACE, bytes(row["private_sealed"]))
    return PushKey(row["public_text"], load_private(opened))


async def _make(node: Node) -> Row:
    key = generate_key()

    async def work(tx: Transaction) -> Row:
        await tx.execute(
            "INSERT INTO push_key (id, public_text, private_sealed, created_at)"
            " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            _ONLY,
            to_base64(point_of(key.public_key())),
            node.keyring.seal(PLACE, private_bytes(key)),
            node.clock(),
        )
        row = await tx.row("SELECT * FROM push_key WHERE id = ?", _ONLY)
        assert row is not None, "inserted above, or before"
        return row

    return await node.db.write(work)
