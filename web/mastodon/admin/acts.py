"""Acts of staff: each is one write together with its row in the record.

A handler gives what it changes; who did it, on what and why is written here, so that none is
forgotten.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from federation.database import Transaction
from inbox.audit import record
from web.mastodon.call import Call

T = TypeVar("T")


async def done(
    call: Call,
    action: str,
    target: str,
    work: Callable[[Transaction], Awaitable[T]],
    reason: str = "",
) -> T:
    """Do `work` and record it in the same transaction; return its result.

    What this process remembers of tokens and blocks is asked for again.
    """
    staff = await call.viewer()

    async def recorded(tx: Transaction) -> T:
        result = await work(tx)
        await record(call.node, tx, staff["uri"], action, target, reason)
        return result

    result = await call.node.db.write(recorded)
    call.memory.tokens.forget()
    call.memory.ip_blocks.forget()
    return result
