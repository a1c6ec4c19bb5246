"""The loop that watches over agreements: what has run out is closed."""

import asyncio

import structlog

from federation.node import Node
from inbox.partnership_acts import expire_once

LOOK_S = 30.0
_log = structlog.get_logger(__name__)


async def partners_loop(node: Node) -> None:
    """Close what has run out, until cancelled."""
    while True:
        try:
            await expire_once(node)
        except Exception:  # noqa: BLE001 - the store may be away; the loop outlives it
            _log.exception("partners.loop_rests")
        await asyncio.sleep(LOOK_S)
