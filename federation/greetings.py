"""A greeting: one signed GET that says *this node is here again*, so that lanes to it wake.

Sent when the node starts, when what it sends gets through again, and to whom an administrator
has just allowed: never because somebody greeted, so two nodes cannot keep each other busy.
"""

import asyncio

from federation.database import Transaction
from federation.errors import NodeError
from federation.message_signatures import accepts_ed25519
from federation.node import Node
from federation.peers import NOTE_ALLOWED, allowed_origins, note_accept_signature
from federation.remembered import Remembered
from federation.retry import MINUTE_MS
from federation.vocabulary import ACTIVITY_TYPE

GREET_EVERY_MS = 10 * MINUTE_MS
_AT_ONCE = 16
_DEADLINE_S = 8.0
_ANSWER_BYTES_MAX = 256_000


class Greeter:
    """Greets partners, each at most once in ten minutes unless it was just allowed."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._greeted: Remembered[str, bool] = Remembered(10_000, GREET_EVERY_MS, node.clock)

    async def partners(self) -> int:
        """Greet every allowed peer; return how many were asked."""
        origins = await allowed_origins(self._node.db)
        return await self.allowed([o for o in origins if self._greeted.get(o) is None])

    async def allowed(self, origins: list[str]) -> int:
        """Greet these: what one that was just allowed keeps for us may have been refused."""

        async def unmark(tx: Transaction) -> None:
            for origin in origins:
                await tx.execute(
                    "UPDATE peer SET note = NULL WHERE origin = ? AND note = ?",
                    origin,
                    NOTE_ALLOWED,
                )

        # First, so that the next look does not find them again while they are being asked.
        await self._node.db.write(unmark)
        return await self._greet(origins)

    async def _greet(self, origins: list[str]) -> int:
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(origin: str) -> None:
            async with gate:
                await self._ask(origin)

        for origin in origins:
            self._greeted.put(origin, value=True)
        await asyncio.gather(*(one(origin) for origin in origins))
        return len(origins)

    async def _ask(self, origin: str) -> None:
        """Ask for the instance actor's outbox; any answer will do.

        Not for the actor itself: nodes show that unsigned, so nobody would look who asks.
        """
        node = self._node
        try:
            answer = await node.client.get(
                f"{origin}/actor/outbox",
                headers={"Accept": ACTIVITY_TYPE},
                sign=node.keyring.signer(node.uris.instance_actor),
                limit_bytes=_ANSWER_BYTES_MAX,
                deadline_s=_DEADLINE_S,
                redirects=0,
            )
        except NodeError:
            return
        takes = accepts_ed25519(answer.headers.get("Accept-Signature", ""))
        if not takes or not node.keyring.trusts_ed25519(origin):
            return

        async def note(tx: Transaction) -> None:
            await note_accept_signature(tx, origin, takes, node.clock())

        await node.db.write(note)
        node.keyring.forget_form(origin)


async def greet_partners(node: Node) -> int:
    """Greet every allowed peer once, now; return how many were asked."""
    return await Greeter(node).partners()
