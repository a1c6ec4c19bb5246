"""The loop behind erasures: who is due goes, and other sites are asked until they say so."""

import structlog

from actors import queries
from federation.database import Transaction
from federation.node import Node
from inbox.erasure_sites import ask_sites_once, note_asked_once
from inbox.erasures import due, erase_now, hide_again

LOOK_S = 30.0
_SHOWN = (
    "SELECT 1 FROM erasure e JOIN actor a ON a.uri = e.actor_uri"
    " WHERE e.progress = 'waiting' AND a.suspended_at IS NULL LIMIT 1"
)

_log = structlog.get_logger(__name__)


async def erasures_once(node: Node) -> int:
    """Erase who is due, and bring the tables of confirmations up to date; return how many went."""
    rows = await due(node, node.db)
    for row in rows:

        async def work(tx: Transaction, uri: str = row["actor_uri"]) -> None:
            actor = await queries.by_uri(tx, uri)
            assert actor is not None, "a local actor's row stays"
            await erase_now(node, tx, actor)

        await node.db.write(work)
    if await node.db.value(_SHOWN) is not None:
        await node.db.write(hide_again)
    await note_asked_once(node)
    await ask_sites_once(node)
    return len(rows)


async def erasures_loop(node: Node) -> None:
    """Look every half minute, and when something was asked, until cancelled."""
    while True:
        try:
            await erasures_once(node)
        except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
            _log.exception("erasures.loop_rests")
        await node.erasure_wake.wait(LOOK_S)
