"""The peers: our policy towards each origin, and what we learn of it from its own requests.

Whom the node admits is asked of `admission.admits`, here under the same name. `note` is a code
that says what a peer's lane waits for; it is nobody's free text.
"""

from collections.abc import Sequence

from federation.admission import ALLOWED_POLICIES, admits, blocked_at, covering_blocks
from federation.database import Reader, Row, Transaction, marks
from federation.errors import Invalid, describe
from federation.message_signatures import ACCEPT_SIGNATURE, accepts_ed25519
from federation.node import Node
from federation.origins import origin_of
from federation.received import SignatureForm
from federation.retry import MINUTE_MS, SECOND_MS

__all__ = [
    "ACCEPT_SIGNATURE",
    "NOTE_ALLOWED",
    "NOTE_PARTNER",
    "NOTE_SIGNATURE",
    "accepts_ed25519",
    "admits",
    "allow",
    "block",
    "heard_from",
    "listing",
    "note_accept_signature",
    "read_origin",
    "remember_signature_form",
]

describe(
    {
        "peer.covered_by_block": "{origin} is covered by the block of {block}; allow {block}"
        " first, if that host is trusted again.",
    }
)

NOTE_PARTNER = "waiting_for_partner"
"""The partner answers 403: its administrator has to admit us."""
NOTE_SIGNATURE = "signature_refused"
"""The partner answers 401 to every form of signature."""
NOTE_ASKED = "asked_to_wait"
"""The partner said how long to wait (Retry-After): hearing from it does not shorten that."""
NOTE_ALLOWED = "allowed"
"""Allowed a moment ago: the delivery loop is to greet it, so that its own lane wakes."""

HEARD_EVERY_MS = MINUTE_MS
# A partner that talks to us and yet takes nothing is not asked at each of its words.
WAKE_EVERY_MS = 10 * SECOND_MS
WAKE_REFUSING_EVERY_MS = MINUTE_MS


def read_origin(text: str) -> str:
    """Return the origin that a person wrote: a bare host means https; raise Malformed."""
    written = text.strip()
    return origin_of((written if "://" in written else f"https://{written}").rstrip("/."))


async def allow(tx: Transaction, origin: str, now: int) -> str:
    """Admit one exact origin, and try at once what waits for it; return its plain spelling.

    Lifts a block of the same host. Raises Invalid when a block of a parent domain covers it,
    Malformed for what is no origin.
    """
    plain = read_origin(origin)
    own, *parents = covering_blocks(plain)
    above = await tx.value(
        f"SELECT origin FROM peer WHERE policy = 'blocked' AND origin IN ({marks(parents)})",
        *parents,
    )
    if above is not None:
        raise Invalid("peer.covered_by_block", field="origin", origin=plain, block=str(above))
    await tx.execute(
        "UPDATE peer SET policy = 'known' WHERE origin = ? AND policy = 'blocked'", own
    )
    await _set_policy(tx, plain, "allowed", now)
    await tx.execute(
        "UPDATE peer SET next_attempt_at = ?, attempts = 0, note = ? WHERE origin = ?",
        now,
        NOTE_ALLOWED,
        plain,
    )
    return plain


async def block(tx: Transaction, origin: str, now: int) -> str:
    """Refuse a host with all its ports and sub-domains; return under which origin it is kept.

    Origins that were allowed under it become merely known: lifting the block admits none of
    them again by itself. What waits for them is judged, and refused, at once.
    """
    kept_at = blocked_at(read_origin(origin))
    await _set_policy(tx, kept_at, "blocked", now)
    for row in await tx.rows("SELECT origin FROM peer"):
        if kept_at in covering_blocks(row["origin"]):
            await tx.execute(
                "UPDATE peer SET next_attempt_at = NULL, note = NULL,"
                " policy = CASE WHEN origin = ? THEN 'blocked' ELSE 'known' END WHERE origin = ?",
                kept_at,
                row["origin"],
            )
    return kept_at


async def listing(reader: Reader) -> Sequence[Row]:
    """All peers by origin, each with the number of its `waiting` deliveries."""
    return await reader.rows(
        "SELECT peer.*, (SELECT count(*) FROM delivery WHERE delivery.origin = peer.origin"
        " AND progress = 'pending') AS waiting FROM peer ORDER BY origin"
    )


async def allowed_origins(reader: Reader, note: str | None = None) -> list[str]:
    """The origins we exchange with by an administrator's word; only those with `note`, if given."""
    policies = sorted(ALLOWED_POLICIES)
    sql = f"SELECT origin FROM peer WHERE policy IN ({marks(policies)})"
    if note is None:
        rows = await reader.rows(f"{sql} ORDER BY origin", *policies)
    else:
        rows = await reader.rows(f"{sql} AND note = ? ORDER BY origin", *policies, note)
    return [row["origin"] for row in rows]


async def heard_from(node: Node, origin: str) -> None:
    """Take note that a validly signed request came from `origin`: it is up, so wake its lane.

    Costs one read; writes at most once a minute, unless deliveries wait: these are tried
    now, or ten seconds (a partner that refuses us: a minute) after it was last heard.
    """
    row = await node.db.row(
        "SELECT last_heard_at, next_attempt_at, note FROM peer WHERE origin = ?", origin
    )
    if row is None:
        return
    now, last = node.clock(), row["last_heard_at"] or 0
    refusing = row["note"] in {NOTE_PARTNER, NOTE_SIGNATURE}
    wake_at = max(now, last + (WAKE_REFUSING_EVERY_MS if refusing else WAKE_EVERY_MS))
    waits = (
        row["note"] != NOTE_ASKED
        and row["next_attempt_at"] is not None
        and row["next_attempt_at"] > wake_at
    )
    if not waits and now - last < HEARD_EVERY_MS:
        return

    async def note(tx: Transaction) -> None:
        await tx.execute("UPDATE peer SET last_heard_at = ? WHERE origin = ?", now, origin)
        if waits:
            await tx.execute(
                "UPDATE peer SET next_attempt_at = ? WHERE origin = ? AND next_attempt_at > ?",
                wake_at,
                origin,
                wake_at,
            )

    await node.db.write(note)
    if waits:
        node.delivery_wake.set()


async def remember_signature_form(
    tx: Transaction, origin: str, form: SignatureForm, now: int
) -> None:
    """Keep the form that worked after another one was refused; Ed25519 is no longer assumed."""
    await tx.execute(
        "INSERT INTO peer (origin, policy, signature_form, created_at) VALUES (?, 'known', ?, ?)"
        " ON CONFLICT (origin) DO UPDATE SET signature_form = excluded.signature_form,"
        " takes_ed25519 = FALSE",
        origin,
        form,
        now,
    )


async def note_accept_signature(tx: Transaction, origin: str, takes: bool, now: int) -> None:
    """Keep whether the peer says that it takes RFC 9421 with Ed25519 (see `accepts_ed25519`)."""
    await tx.execute(
        "INSERT INTO peer (origin, policy, takes_ed25519, created_at) VALUES (?, 'known', ?, ?)"
        " ON CONFLICT (origin) DO UPDATE SET takes_ed25519 = excluded.takes_ed25519",
        origin,
        takes,
        now,
    )


async def _set_policy(tx: Transaction, origin: str, policy: str, now: int) -> None:
    await tx.execute(
        "INSERT INTO peer (origin, policy, created_at) VALUES (?, ?, ?)"
        " ON CONFLICT (origin) DO UPDATE SET policy = excluded.policy",
        origin,
        policy,
        now,
    )
