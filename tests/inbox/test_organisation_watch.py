"""When a site looks again at its organisation: at once for whoever is due, else now and then."""

import asyncio

import pytest

from federation.database import Transaction
from federation.node import Node
from inbox import organisation_watch
from inbox.organisation_watch import LOOK_S, organisation_loop
from tests.conftest import FakeClock

URI = "https://lead.example/organisation"


async def rests(node: Node, monkeypatch: pytest.MonkeyPatch) -> float:
    """For how many seconds the loop rests after its first look."""
    waited: list[float] = []

    async def wait(at_most_s: float) -> None:
        waited.append(at_most_s)
        raise asyncio.CancelledError

    async def settled(_: Node) -> None:
        """Nothing came of it: the other site could not be reached."""

    with monkeypatch.context() as patch:
        patch.setattr(organisation_watch, "settle_once", settled)
        patch.setattr(node.organisation_wake, "wait", wait)
        with pytest.raises(asyncio.CancelledError):
            await organisation_loop(node)
    (found,) = waited
    return found


@pytest.mark.parametrize(
    ("state", "after_ms", "expected"),
    [
        ("listed", 250, 0.25),
        ("listed", 60_000, LOOK_S),
        ("listed", 0, LOOK_S),
        ("related", 250, LOOK_S),
    ],
)
async def test_it_looks_again_when_a_listed_site_is_due(
    node: Node,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    state: str,
    after_ms: int,
    expected: float,
) -> None:
    assert await rests(node, monkeypatch) == LOOK_S

    async def list_one(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO organisation (uri, lead_origin, name, number, sites, proof, updated_at)"
            " VALUES (?, 'https://lead.example', 'Domus', 1, ?, '', ?)",
            URI,
            b"[]",
            clock(),
        )
        await tx.execute(
            "INSERT INTO organisation_site (organisation_uri, origin, fingerprint, state,"
            " next_attempt_at) VALUES (?, 'https://roses.example', '', ?, ?)",
            URI,
            state,
            clock() + after_ms,
        )

    await node.db.write(list_one)
    assert await rests(node, monkeypatch) == expected
