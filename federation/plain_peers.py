"""Peers that are not of our kind: what their software does with what is not for everybody.

What a peer says of itself only narrows what it gets: one that says nothing, or the name of
software that keeps audiences, gets what any allowed peer gets; one that names other software
gets what is public. Audiences of several sites go to no plain peer at all, whatever it says.
"""

import asyncio

import structlog

from federation.database import Transaction
from federation.errors import NodeError
from federation.node import Node
from federation.nodeinfo import fetch_software

AT_ONCE = 200
FIRST_S = 60.0
EVERY_S = 3_600.0

_log = structlog.get_logger(__name__)

# Software whose treatment of followers-only and direct posts was read in its source or measured:
# nobody but followers, or the people named, is shown them. Pixelfed is missing on purpose: it
# shows whatever is not public to all followers of the author there.
KEEPS_AUDIENCES = frozenset(
    {"akkoma", "friendica", "gotosocial", "hollo", "lemmy", "maillage", "mastodon", "misskey",
     "mitra", "pleroma", "snac", "snac2", "takahe"}
)  # fmt: skip
_NAMES = ", ".join(f"'{name}'" for name in sorted(KEEPS_AUDIENCES))

ONLY_PUBLIC = f"(q.software IS NOT NULL AND q.software NOT IN ({_NAMES}))"
"""Of a row `q` of `peer`: it named software that gets nothing but what is public."""


def keeps_audiences(software: str | None) -> bool:
    """Whether posts for followers and named people go to a peer that names this software."""
    return software is None or software in KEEPS_AUDIENCES


async def learn_software(node: Node, origin: str) -> None:
    """Ask a peer once which software it runs and keep the name; silence changes nothing."""
    if await node.db.value("SELECT software FROM peer WHERE origin = ?", origin) is not None:
        return
    try:
        sign = node.keyring.signer(node.uris.instance_actor)
        software = await fetch_software(node.client, origin, sign=sign)
    except NodeError:
        return

    async def note(tx: Transaction) -> None:
        await tx.execute("UPDATE peer SET software = ? WHERE origin = ?", software.name, origin)

    await node.db.write(note)


async def learn_once(node: Node) -> int:
    """Ask every allowed peer whose software is not known, and with which there is no agreement."""
    rows = await node.db.rows(
        "SELECT p.origin FROM peer p WHERE p.policy IN ('allowed', 'limited')"
        " AND p.software IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM partnership a WHERE a.origin = p.origin) ORDER BY p.origin LIMIT ?",
        AT_ONCE,
    )
    for row in rows:
        await learn_software(node, row["origin"])
    return len(rows)


async def software_loop(node: Node) -> None:
    """Learn the software of peers: a minute after the start, then every hour, until cancelled."""
    wait_s = FIRST_S
    while True:
        await asyncio.sleep(wait_s)
        wait_s = EVERY_S
        try:
            await learn_once(node)
        except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
            _log.exception("plain_peers.failed")
