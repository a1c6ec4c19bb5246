"""The loops of a running node: process what came, deliver what goes, forget what is old."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from federation.delivery import delivery_loop
from federation.node import Node
from inbox.process import inbox_loop
from maillage.cleanup import cleanup_loop
from maillage.judge import judge_of

# Each loop ends well before this by itself; together with the server's own grace it keeps a
# stop under ten seconds.
STOP_S = 9.0


@asynccontextmanager
async def running(node: Node) -> AsyncGenerator[None]:
    """Run the loops of `node`; on leaving, what is in flight ends or stays pending."""
    tasks = [
        asyncio.create_task(inbox_loop(node), name="inbox"),
        asyncio.create_task(delivery_loop(node, judge_of(node)), name="delivery"),
        asyncio.create_task(cleanup_loop(node), name="cleanup"),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=STOP_S)
