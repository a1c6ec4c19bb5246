"""Proves what an agreement says of history, in both directions, and where none restricts it."""

from typing import Any

import pytest

from federation.granted import (
    DAY_MS,
    backfill_given_since,
    backfill_taken_since,
    granted,
    granted_by,
    kept_after_end,
)
from federation.node import Node
from federation.scopes import Scope
from tests.agreements import agree

ROSES, VALMONT = "https://roses.example", "https://valmont.example"


async def test_history_goes_back_as_far_as_each_grants(node: Node) -> None:
    ours, theirs = Scope(backfill_days=0), Scope(backfill_days=30, retention_after_end="keep")
    await node.db.write(lambda tx: agree(tx, ROSES, ours=ours, theirs=theirs))
    now = node.clock()
    assert await backfill_given_since(node.db, ROSES, now) == now
    assert await backfill_taken_since(node.db, ROSES, now) == now - 30 * DAY_MS
    assert await kept_after_end(node.db, ROSES) == "keep"
    for since in (backfill_given_since, backfill_taken_since):
        assert await since(node.db, VALMONT, now) is None
    assert await kept_after_end(node.db, VALMONT) is None


@pytest.mark.parametrize(
    "changes",
    [{"kind": "site"}, {"state": "ended"}, {"state": "asked"}, {"state": "key_changed"}],
)
async def test_only_an_agreement_in_force_restricts(node: Node, changes: dict[str, Any]) -> None:
    await node.db.write(lambda tx: agree(tx, ROSES, **changes))
    await node.db.write(lambda tx: agree(tx, VALMONT, state="paused"))
    assert await granted(node.db, ROSES) is None
    assert set(await granted_by(node.db, [ROSES, VALMONT, VALMONT])) == {VALMONT}
    assert await granted_by(node.db, []) == {}
