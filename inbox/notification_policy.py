"""Whom a person wants to hear of: her policy decides, as a notification is made, what it becomes.

Accepted, held back as a request until she accepts who it is from, or never made. What she asked
for herself, what staff writes to her, and whom she accepted once pass whatever the policy says.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from actors.permissions import Permission, allows
from federation.database import Reader, Row, Transaction, marks
from federation.events import Event
from federation.node import Node

Verdict = Literal["accept", "filter", "drop"]
VERDICTS: tuple[Verdict, ...] = ("accept", "filter", "drop")
DEFAULTS: Mapping[str, Verdict] = {
    "for_not_following": "accept",
    "for_not_followers": "accept",
    "for_new_accounts": "accept",
    "for_private_mentions": "accept",
    "for_limited_accounts": "filter",
    "for_bots": "accept",
}
FIELDS = tuple(DEFAULTS)
# What one did not bring about oneself; the rest (a poll one voted in, reports to staff) passes.
FILTERABLE = frozenset({"mention", "reblog", "follow", "follow_request", "favourite", "quote"})
NEW_ACCOUNT_MS = 30 * 86_400_000
NEW_FOLLOWER_MS = 3 * 86_400_000
_BOTS = frozenset({"Application", "Service"})

# r is who would be told, f who acts, s the status it is about.
_FACTS = (
    "SELECT"
    " EXISTS (SELECT 1 FROM notification_permission x WHERE x.actor_id = r.id"
    " AND x.from_actor_id = f.id) AS permitted,"
    " EXISTS (SELECT 1 FROM follow w WHERE w.follower_id = r.id AND w.target_id = f.id"
    " AND w.state = 'accepted') AS following,"
    " EXISTS (SELECT 1 FROM follow w WHERE w.follower_id = f.id AND w.target_id = r.id"
    " AND w.state = 'accepted' AND w.created_at <= ?) AS follower,"
    " COALESCE(s.audience_kind = 'named', FALSE) AS private,"
    " EXISTS (SELECT 1 FROM status o JOIN mention m ON m.status_id = o.id"
    " WHERE o.thread_root_id = s.thread_root_id AND o.actor_id = r.id"
    " AND m.actor_id = f.id AND o.id < s.id) AS answers,"
    " (SELECT c.role FROM account c WHERE c.actor_id = f.id) AS role"
    " FROM actor r JOIN actor f ON f.id = ? LEFT JOIN status s ON s.id = ? WHERE r.id = ?"
)


async def policy_of(reader: Reader, actor_id: int) -> dict[str, Verdict]:
    """What a person set, by field; the defaults where she set nothing."""
    row = await reader.row(
        "SELECT notification_policy.* FROM notification_policy WHERE actor_id = ?", actor_id
    )
    return dict(DEFAULTS) if row is None else {name: row[name] for name in FIELDS}


async def change_policy(tx: Transaction, actor_id: int, changes: Mapping[str, Verdict]) -> None:
    """Set some of the fields; what was held back before stays held back."""
    await tx.execute(
        "INSERT INTO notification_policy (actor_id) VALUES (?) ON CONFLICT (actor_id) DO NOTHING",
        actor_id,
    )
    for name in FIELDS:
        if name in changes:
            sql = f"UPDATE notification_policy SET {name} = ? WHERE actor_id = ?"
            await tx.execute(sql, changes[name], actor_id)


async def judge(
    node: Node, tx: Transaction, recipient_id: int, kind: str, from_actor_id: int, status_id: int
) -> Verdict:
    """What becomes of a notification by the recipient's policy."""
    if kind not in FILTERABLE:
        return "accept"
    policy = await policy_of(tx, recipient_id)
    sender = await tx.row(
        "SELECT type, created_at, silenced_at FROM actor WHERE id = ?", from_actor_id
    )
    wanted = {name: verdict for name, verdict in policy.items() if verdict != "accept"}
    if sender is None or (
        sender["silenced_at"] is None and set(wanted) <= {"for_limited_accounts"}
    ):
        return "accept"
    now = node.clock()
    facts = await tx.row(_FACTS, now - NEW_FOLLOWER_MS, from_actor_id, status_id, recipient_id)
    if facts is None or facts["permitted"] or _is_from_staff(kind, facts):
        return "accept"
    found = {wanted[name] for name in _reasons(kind, sender, facts, now) if name in wanted}
    if "drop" in found:
        return "drop"
    return "filter" if found else "accept"


def _is_from_staff(kind: str, facts: Row) -> bool:
    return kind == "mention" and allows(facts["role"] or "", Permission.MODERATE)


def _reasons(kind: str, sender: Row, facts: Row, now_ms: int) -> list[str]:
    """The fields of the policy that speak of this notification."""
    stranger = not facts["following"]
    is_new = sender["created_at"] > now_ms - NEW_ACCOUNT_MS
    unasked = kind == "mention" and facts["private"] and not facts["answers"]
    speaks = {
        "for_not_following": stranger,
        "for_not_followers": not facts["follower"],
        "for_new_accounts": stranger and is_new,
        "for_private_mentions": stranger and unasked,
        "for_limited_accounts": stranger and sender["silenced_at"] is not None,
        "for_bots": stranger and sender["type"] in _BOTS,
    }
    return [name for name, holds in speaks.items() if holds]


async def summary(reader: Reader, actor_id: int) -> tuple[int, int]:
    """(senders held back, notifications held back) of a person."""
    row = await reader.row(
        "SELECT COUNT(DISTINCT n.from_actor_id) AS senders, COUNT(*) AS held FROM notification n"
        " JOIN actor f ON f.id = n.from_actor_id WHERE n.recipient_id = ? AND n.filtered"
        " AND f.deleted_at IS NULL AND f.suspended_at IS NULL",
        actor_id,
    )
    return (0, 0) if row is None else (row["senders"], row["held"])


async def accept(node: Node, tx: Transaction, actor_id: int, sender_ids: Sequence[int]) -> None:
    """Let these senders through from now on, and what was held back of them with it."""
    now = node.clock()
    for sender_id in sender_ids:
        await tx.execute(
            "INSERT INTO notification_permission (actor_id, from_actor_id, created_at)"
            " VALUES (?, ?, ?) ON CONFLICT (actor_id, from_actor_id) DO NOTHING",
            actor_id,
            sender_id,
            now,
        )
    await tx.execute(
        "UPDATE notification SET filtered = FALSE WHERE recipient_id = ? AND filtered"
        f" AND from_actor_id IN ({marks(sender_ids)})",
        actor_id,
        *sender_ids,
    )
    node.events.announce(tx, Event("merged", actor_id=actor_id))


async def dismiss(tx: Transaction, actor_id: int, sender_ids: Sequence[int]) -> None:
    """Forget what was held back of these senders; the policy goes on."""
    await tx.execute(
        "DELETE FROM notification WHERE recipient_id = ? AND filtered"
        f" AND from_actor_id IN ({marks(sender_ids)})",
        actor_id,
        *sender_ids,
    )
