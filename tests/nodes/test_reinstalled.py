"""Proves that a partner installed anew is a stranger until a new code, and then one of two alike.

Same host, other keys, an empty database: nothing of before counts there, and nothing of it stays
half here.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from actors import follows
from actors.queries import by_uri
from federation.database import Row, Transaction
from inbox.partner_notices import notices
from inbox.partner_probe import probe
from inbox.reconciling import reconcile_once
from tests.conftest import ENGINE, Start
from tests.nodes.partners import BY, both, paired, post_as, state_of
from tests.nodes.test_partners_in_force import follow, has, like, person, write
from tests.postgres_cluster import Cluster
from tests.serving import Running, eventually, started

Install = Callable[[str], AbstractAsyncContextManager[Running]]


@pytest.fixture
async def install(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Install]:
    """Serve a new node at an address, with an empty database of its own, until it is left."""
    async with AsyncExitStack() as stack:

        @asynccontextmanager
        async def made(bind: str) -> AsyncIterator[Running]:
            name, url = f"again_{uuid4().hex}", ""
            if ENGINE == "postgres":
                cluster: Cluster = request.getfixturevalue("postgres")
                url = await cluster.create_now(name, "template0")
                stack.push_async_callback(cluster.drop_now, name)
            async with started(tmp_path / name, url, bind=bind, name="Les Roses") as running:
                yield running

        yield made


async def followed(at: Running, who: Row, whom: Row) -> str | None:
    """How `at` has the follow of one by the other."""
    one, two = await by_uri(at.node.db, who["uri"]), await by_uri(at.node.db, whom["uri"])
    if one is None or two is None:
        return None
    row = await follows.find(at.node.db, one["id"], two["id"])
    return None if row is None else row["state"]


async def night(at: Running) -> None:
    """Let a night pass, in which it compares with its partners."""

    async def work(tx: Transaction) -> None:
        await tx.execute("UPDATE reconciliation SET next_at = 0")

    await eventually(lambda: at.node.db.row("SELECT 1 FROM reconciliation"))
    await at.node.db.write(work)
    await reconcile_once(at.node)


@pytest.mark.usefixtures("no_greetings")
async def test_a_partner_installed_anew_is_refused_until_a_new_code(
    start_node: Start, install: Install
) -> None:
    one = await start_node(name="Les Tilleuls")
    alice = await person(one, "alice")
    async with install("127.0.0.1:0") as old:
        bind = old.origin.partition("://")[2]
        await paired(one, old)
        rosa = await person(old, "rosa")
        await follow(old, rosa, alice)
        await follow(one, alice, rosa)
        before = await write(one, alice, "Avant")
        await eventually(lambda: has(old, before))
        theirs = await write(old, rosa, "De Rosa")
        await eventually(lambda: has(one, theirs))
    async with install(bind) as new:
        assert new.origin == old.origin
        fresh = await person(new, "rosa")
        # Whoever answers there now proves nothing, and is sent nothing.
        lost = await write(one, alice, "Pour qui répond là-bas")
        status, _ = await post_as(new.node, one, like(fresh["uri"]), "/inbox")
        assert status == 401
        checks = {check.name: check for check in await probe(one.node, new.origin, BY)}
        assert checks["keys"].came == "changed"
        assert await state_of(one, new) == "key_changed"
        assert {notice.code for notice in await notices(one.node.db)} == {
            "partner.notice_key_changed"
        }
        assert await new.node.db.value("SELECT count(*) FROM status") == 0
        assert await new.node.db.value("SELECT count(*) FROM activity WHERE origin = 'remote'") == 0
        assert await state_of(new, one) is None
        # A new code: one clear state on both sides, and the same text.
        await paired(one, new)
        assert (await state_of(one, new), await state_of(new, one)) == ("active", "active")
        mine, yours = await both(one, new)
        assert mine.agreement == yours.agreement
        # Nobody follows, or is followed by, somebody who is there no more.
        for site in (one, new):
            await night(site)
        assert await followed(one, alice, rosa) is None
        assert await followed(one, rosa, alice) is None
        assert not await has(new, lost)
        # Who has the same name there now is somebody else, and is met like anybody.
        await follow(one, alice, fresh)
        await follow(new, fresh, alice)
        after, back = await write(one, alice, "Après"), await write(new, fresh, "Bonjour")
        await eventually(lambda: has(new, after))
        await eventually(lambda: has(one, back))
        found: Any = await one.node.db.value(
            "SELECT uri FROM actor WHERE username = 'rosa' AND handle_host = ?"
            " AND deleted_at IS NULL",
            bind,
        )
        assert found == fresh["uri"]
