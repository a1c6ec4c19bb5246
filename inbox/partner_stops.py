"""The emergency: everything between this site and one partner, or all, stands still; and goes on.

One row stops both directions at once. Whatever waits, here and there, goes on waiting, in
order, for fourteen days; then what waits here is given up, and is seen to be.
"""

from federation import stops
from federation.database import Transaction
from federation.errors import NotFound, Refused, describe
from federation.node import Node
from federation.partnership_changes import set_state, wake_lane
from federation.partnerships import Partnership, listing, partner
from federation.stops import ALL
from inbox.audit import record
from inbox.pairing import By, send
from inbox.partnership_acts import ping, resume

describe(
    {
        "partner.all_stopped": "The exchange with all partners is stopped; let that go on first.",
        "partner.not_stopped": "Nothing is stopped there.",
        "delivery.waited_14_days": "Not delivered: the exchange with the partner stood still for"
        " fourteen days.",
    }
)

WAITED_MS_MAX = 14 * 86_400_000
GIVEN_UP = "delivery.waited_14_days"
_BATCH = 500


async def stop(node: Node, origin: str, by: By) -> bool:
    """Let nothing pass any more, with one origin or with `ALL`; False when it was so before.

    Raises NotFound for an origin that was never spoken to.
    """
    if origin != ALL and not await _is_known(node, origin):
        raise NotFound("partner.unknown", origin=origin)

    async def work(tx: Transaction) -> bool:
        fresh = await stops.stop(tx, origin, by.uri, node.clock())
        if fresh:
            await record(node, tx, by.uri, "partner.stop", origin)
        return fresh

    return await node.db.write(work)


async def go_on(node: Node, origin: str, by: By) -> None:
    """End a stop, and the pause of that partner; partners hear that they may send again.

    Raises Refused when nothing is stopped, or while everything is and one is to go on.
    """
    if origin != ALL and await stops.is_stopped(node.db, ALL):
        raise Refused("partner.all_stopped")
    if origin != ALL and not await stops.is_stopped(node.db, origin):
        await resume(node, origin, by)
        return
    known = [one for one in await _partners(node, origin) if one.is_in_force]
    pings = [(one, await ping(node, one)) for one in known]

    async def work(tx: Transaction) -> None:
        released = await stops.release(tx, origin)
        for one, said in pings:
            if one.state == "paused" and origin == ALL:
                # Stopped or not, that one was paused for a reason of its own.
                continue
            if one.state == "paused":
                await set_state(tx, one.origin, "active", node.clock())
            await wake_lane(tx, one.origin, node.clock())
            await send(node, tx, one.origin, said)
        if not released:
            raise Refused("partner.not_stopped")
        await record(node, tx, by.uri, "partner.resume", origin)

    await node.db.write(work)
    node.delivery_wake.set()


async def give_up_once(node: Node) -> int:
    """Give up what has waited for fourteen days where an exchange stands still; return how much.

    Each stays as a delivery that failed, with its reason, and staff's record says how many.
    """
    rows = await node.db.rows(
        "SELECT DISTINCT d.origin FROM delivery d WHERE d.progress = 'pending'"
        " AND d.created_at <= ? AND d.audience_kind <> 'agreement' AND ("
        " EXISTS (SELECT 1 FROM partnership p WHERE p.origin = d.origin AND p.state = 'paused')"
        " OR EXISTS (SELECT 1 FROM stopped s WHERE s.origin IN (?, d.origin)))",
        node.clock() - WAITED_MS_MAX,
        ALL,
    )
    return sum([await _give_up(node, row["origin"]) for row in rows])


async def _give_up(node: Node, origin: str) -> int:
    now = node.clock()

    async def some(tx: Transaction) -> int:
        return await tx.execute(
            "UPDATE delivery SET progress = 'failed', last_error = ?, done_at = ? WHERE id IN"
            " (SELECT id FROM delivery WHERE origin = ? AND progress = 'pending'"
            " AND created_at <= ? AND audience_kind <> 'agreement' ORDER BY id LIMIT ?)",
            GIVEN_UP,
            now,
            origin,
            now - WAITED_MS_MAX,
            _BATCH,
        )

    total = 0
    while gone := await node.db.write(some):
        total += gone
    if total:
        reason = f"{total} {GIVEN_UP}"
        await node.db.write(
            lambda tx: record(node, tx, "maillage", "partner.given_up", origin, reason)
        )
    return total


async def _is_known(node: Node, origin: str) -> bool:
    found = await node.db.value(
        "SELECT 1 FROM partnership WHERE origin = ? UNION ALL SELECT 1 FROM peer WHERE origin = ?"
        " LIMIT 1",
        origin,
        origin,
    )
    return found is not None


async def _partners(node: Node, origin: str) -> list[Partnership]:
    if origin == ALL:
        return await listing(node.db)
    found = await partner(node.db, origin)
    return [] if found is None else [found]
