"""Push messages that two processes look for at the same moment."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from typing import Any

import asyncpg
import pytest

from inbox import push_sending
from inbox.push_sending import CLAIM_MS, send_due_once
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.push_service import PushService
from tests.web.mastodon.test_push import post, service, subscribed

__all__ = ["service"]


@asynccontextmanager
async def _another_process(site: Site) -> AsyncIterator[Callable[[str], Awaitable[object]]]:
    """A write of another process that is not committed before this is left."""
    engine: Any = site.node.db.engine  # type: ignore[attr-defined]
    if site.node.db.dialect == "postgres":
        other = await asyncpg.connect(engine.url)
        async with other.transaction():
            yield other.execute
        await other.close()
        return
    with closing(sqlite3.connect(engine.path, isolation_level=None)) as beside:
        beside.execute("BEGIN IMMEDIATE")

        async def execute(sql: str) -> object:
            return beside.execute(sql)

        yield execute
        beside.execute("COMMIT")


async def test_what_another_process_claims_at_once_leaves_the_rest_to_this_one(
    site: Site, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push_sending, "DUE_MAX", 2)
    claire, denis = await site.person("claire"), await site.person("denis")
    await subscribed(denis, service)
    for number in range(3):
        await post(claire, f"@denis {number}")
    await site.settle()
    async with _another_process(site) as other:
        await other(
            f"UPDATE push SET next_attempt_at = {site.node.clock() + CLAIM_MS} WHERE id IN"
            " (SELECT id FROM push ORDER BY next_attempt_at, id LIMIT 2)"
        )
        sending = asyncio.create_task(send_due_once(site.node))
        # It looks, finds three due, and waits for the other before it can have any.
        await asyncio.sleep(0.5)
        assert not sending.done()
    assert await sending == 1
    assert len(service.requests) == 1
    assert await send_due_once(site.node) == 0, "what the other claimed is the other's"
