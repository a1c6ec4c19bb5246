"""What is old goes, in batches; what it did stays, and so does what still waits."""

from typing import Any

import pytest

from federation.node import Node
from maillage import cleanup
from tests.conftest import FakeClock

DAY_S = 86_400


async def fill(node: Node, count: int, start: int = 0, progress: str = "done") -> None:
    now = node.clock()

    async def work(tx: Any) -> None:
        for number in range(start, start + count):
            await tx.execute(
                "INSERT INTO activity (id, uri, type, actor_uri, origin, body, progress,"
                " created_at) VALUES (?, ?, 'Create', 'http://a/1', 'remote', ?, 'done', ?)",
                number,
                f"http://a/{number}",
                b"{}",
                now,
            )
            await tx.execute(
                "INSERT INTO delivery (id, activity_id, inbox_url, origin, sender_uri,"
                " activity_type, audience_kind, progress, next_attempt_at, created_at)"
                " VALUES (?, ?, 'http://b/inbox', 'http://b', 'http://a/1', 'Create', 'public',"
                " ?, 1, ?)",
                number,
                number,
                progress,
                now,
            )
            await tx.execute("INSERT INTO seen (digest) VALUES (?)", number.to_bytes(32))

    await node.db.write(work)


async def count(node: Node, table: str) -> int:
    return await node.db.value(f"SELECT count(*) FROM {table}")


async def test_after_thirty_days_bodies_and_deliveries_go(
    node: Node, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleanup, "BATCH", 7)
    await fill(node, 20)
    await fill(node, 1, start=50, progress="pending")
    clock.advance(29 * DAY_S)
    await cleanup.clean(node)
    assert (await count(node, "activity"), await count(node, "delivery")) == (21, 21)
    await fill(node, 3, start=100)
    clock.advance(2 * DAY_S)
    assert await cleanup.clean(node) == 40
    assert (await count(node, "activity"), await count(node, "delivery")) == (4, 4)
    assert await count(node, "seen") == 24
    assert await cleanup.clean(node) == 0


async def test_what_expired_goes(node: Node, clock: FakeClock) -> None:
    from actors.local import create_account

    actor = await create_account(node, username="alice", password="une phrase assez longue")
    account_id = await node.db.value("SELECT id FROM account WHERE actor_id = ?", actor["id"])

    async def work(tx: Any) -> None:
        for name, ends_s in (("short", 60), ("long", 90 * DAY_S)):
            await tx.execute(
                "INSERT INTO session (token_hash, account_id, created_at, expires_at)"
                " VALUES (?, ?, 1, ?)",
                name,
                account_id,
                clock() + ends_s * 1000,
            )
        await tx.execute(
            "INSERT INTO idempotency (account_id, key, status_id, created_at)"
            " VALUES (?, 'k', 1, ?)",
            account_id,
            clock(),
        )

    await node.db.write(work)
    clock.advance(2 * DAY_S)
    assert await cleanup.clean(node) == 2
    rows = await node.db.rows("SELECT token_hash FROM session")
    assert [row["token_hash"] for row in rows] == ["long"]
