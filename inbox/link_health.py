"""The state of the link with each other site: what waits, since when, and why; never about what.

Read for people: an author never waits for it, and nothing is decided by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from federation.admission import ALLOWED_POLICIES
from federation.database import Reader, Row, Transaction, marks
from federation.errors import Refused, describe
from federation.node import Node
from federation.origins import authority_of
from federation.partnership_changes import wake_lane
from inbox.audit import record
from inbox.pairing import By, needed

describe({"partner.nothing_waits": "Nothing waits for {origin}: there is nothing to try again."})

_LINK = (
    "(SELECT MAX(d.done_at) FROM delivery d WHERE d.origin = {of} AND d.progress = 'done'"
    " AND d.done_at > 0) AS handed_over_at,"
    " (SELECT COUNT(*) FROM delivery d WHERE d.origin = {of} AND d.progress = 'pending')"
    " AS waiting"
)
_PARTNERS = (
    "SELECT p.origin, p.name, p.kind, p.state, q.last_heard_at, q.failing_since, {link}"
    " FROM partnership p LEFT JOIN peer q ON q.origin = p.origin ORDER BY p.kind DESC, p.origin"
).format(link=_LINK.format(of="p.origin"))
_PLAIN = (
    "SELECT q.origin, '' AS name, 'plain' AS kind, 'active' AS state, q.last_heard_at,"
    " q.failing_since, {link} FROM peer q WHERE q.policy IN ({policies})"
    " AND NOT EXISTS (SELECT 1 FROM partnership p WHERE p.origin = q.origin) ORDER BY q.origin"
)


@dataclass(frozen=True, slots=True)
class Link:
    """This site and another one: `kind` is `site`, `partner` or `plain` (no agreement).

    `last_at` (ms) is when one of the two last heard from the other.
    """

    origin: str
    name: str
    kind: str
    state: str
    last_at: int | None
    failing_since: int | None
    waiting: int

    @property
    def is_late(self) -> bool:
        """Whether something waits because the other site does not answer."""
        return self.state == "active" and self.failing_since is not None and self.waiting > 0


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for one other site: how much, since when (ms), and what it answered last.

    `reason` is the code of an error or empty, `status` what it answered by HTTP.
    """

    waiting: int
    oldest_at: int | None
    next_attempt_at: int | None
    failing_since: int | None
    reason: str
    status: int | None
    handed_over_at: int | None
    heard_at: int | None
    refused: int


async def links(reader: Reader) -> list[Link]:
    """All other sites that this one knows by an agreement or an administrator's word."""
    policies = sorted(ALLOWED_POLICIES)
    plain = _PLAIN.format(link=_LINK.format(of="q.origin"), policies=marks(policies))
    rows: Sequence[Row] = await reader.rows(_PARTNERS)
    return [_link(row) for row in [*rows, *await reader.rows(plain, *policies)]]


def _link(row: Row) -> Link:
    return Link(
        origin=row["origin"],
        name=row["name"] or authority_of(row["origin"]),
        kind=row["kind"],
        state=row["state"],
        last_at=max(row["last_heard_at"] or 0, row["handed_over_at"] or 0) or None,
        failing_since=row["failing_since"],
        waiting=row["waiting"],
    )


async def queue(reader: Reader, origin: str) -> Queue:
    """What waits for one origin."""
    peer = await reader.row("SELECT * FROM peer WHERE origin = ?", origin)
    oldest = await reader.row(
        "SELECT created_at, next_attempt_at, last_error, last_status FROM delivery"
        " WHERE origin = ? AND progress = 'pending' ORDER BY id LIMIT 1",
        origin,
    )
    counted = await reader.row(f"SELECT {_LINK.format(of='CAST(? AS TEXT)')}", origin, origin)
    refused = await reader.value(
        "SELECT COUNT(*) FROM delivery WHERE origin = ? AND progress IN ('refused', 'failed')"
        " AND done_at > 0",
        origin,
    )
    assert counted is not None, "a statement of figures has one row"
    lane = None if peer is None else peer["next_attempt_at"]
    return Queue(
        waiting=counted["waiting"],
        oldest_at=None if oldest is None else oldest["created_at"],
        next_attempt_at=None if oldest is None else (lane or oldest["next_attempt_at"]),
        failing_since=None if peer is None else peer["failing_since"],
        reason="" if oldest is None else (oldest["last_error"] or ""),
        status=None if oldest is None else oldest["last_status"],
        handed_over_at=counted["handed_over_at"],
        heard_at=None if peer is None else peer["last_heard_at"],
        refused=refused,
    )


async def retry(node: Node, origin: str, by: By) -> None:
    """Try now what waits for a partner; Refused when nothing does, or nothing may go."""
    known = await needed(node, origin)
    if known.state != "active":
        raise Refused("partner.not_in_force", origin=origin, state=known.state)
    if not (await queue(node.db, origin)).waiting:
        raise Refused("partner.nothing_waits", origin=origin)

    async def work(tx: Transaction) -> None:
        await wake_lane(tx, origin, node.clock())
        await record(node, tx, by.uri, "partner.retry", origin)

    await node.db.write(work)
    node.delivery_wake.set()
