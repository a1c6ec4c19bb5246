"""Invitations: a code gives whoever holds it an account, a few times and for some days.

Only the hash of a code is stored; the code itself is shown once, when it is made.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from actors.permissions import PERMISSIONS
from actors.profiles import NAME_CHARACTERS_MAX
from federation.database import Reader, Row, Transaction
from federation.errors import Invalid, describe
from federation.html import clean_name
from federation.node import Node

DAY_MS = 86_400_000
USES_MAX = 1_000
DAYS_MAX = 365
CODE_CHARACTERS_MAX = 100
_COLUMNS = "id, role, for_name, made_by_id, expires_at, uses_left"

describe(
    {
        "invitation.unknown": "This invitation does not exist, has expired or was used up.",
        "invitation.uses": "An invitation serves 1 to {expected} people.",
        "invitation.days": "An invitation lasts 1 to {expected} days.",
    }
)


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that can still be used, who made it and whom it is meant for."""

    id: int
    role: str
    for_name: str = ""
    made_by_id: int | None = None
    expires_at: int = 0
    uses_left: int = 1


def digest(code: str) -> str:
    """The form in which a code is stored."""
    return sha256(code.strip().encode("utf-8", "replace")).hexdigest()


async def invite(
    node: Node,
    tx: Transaction,
    *,
    role: str,
    uses: int,
    days: int,
    for_name: str = "",
    made_by_id: int | None = None,
) -> str:
    """Make an invitation and return its code, which is kept nowhere; raise Invalid.

    `for_name` is whom it is meant for, `made_by_id` the actor of who invites.
    """
    if role not in PERMISSIONS:
        raise Invalid("role.unknown", field="role", came=role, expected=", ".join(PERMISSIONS))
    if not 1 <= uses <= USES_MAX:
        raise Invalid("invitation.uses", field="uses", expected=str(USES_MAX))
    if not 1 <= days <= DAYS_MAX:
        raise Invalid("invitation.days", field="days", expected=str(DAYS_MAX))
    code, now = secrets.token_urlsafe(18), node.clock()
    await tx.execute(
        "INSERT INTO invitation (id, code_hash, role, uses_left, expires_at, for_name,"
        " made_by_id, created_at) VALUES (?, ?, ?, ?, ?, ?, CAST(? AS BIGINT), ?)",
        node.ids.next(),
        digest(code),
        role,
        uses,
        now + days * DAY_MS,
        clean_name(for_name)[:NAME_CHARACTERS_MAX],
        made_by_id,
        now,
    )
    return code


async def find(node: Node, reader: Reader, code: str) -> Invitation:
    """The invitation of a code; raise Invalid when it can not be used any more, or never could."""
    row = await reader.row(
        f"SELECT {_COLUMNS} FROM invitation"
        " WHERE code_hash = ? AND uses_left > 0 AND expires_at > ?",
        digest(code[:CODE_CHARACTERS_MAX]),
        node.clock(),
    )
    if row is None:
        raise Invalid("invitation.unknown", field="invite_code")
    return Invitation(**row)


async def use(node: Node, tx: Transaction, invitation: Invitation) -> None:
    """Take one use of an invitation; raise Invalid when somebody took the last one before."""
    taken = await tx.execute(
        "UPDATE invitation SET uses_left = uses_left - 1"
        " WHERE id = ? AND uses_left > 0 AND expires_at > ?",
        invitation.id,
        node.clock(),
    )
    if not taken:
        raise Invalid("invitation.unknown", field="invite_code")


async def open_ones(node: Node, reader: Reader) -> Sequence[Row]:
    """The invitations that can still be used, the newest first, with `maker` who made each."""
    return await reader.rows(
        "SELECT invitation.*, COALESCE(NULLIF(actor.display_name, ''), actor.username) AS maker"
        " FROM invitation LEFT JOIN actor ON actor.id = invitation.made_by_id"
        " WHERE uses_left > 0 AND expires_at > ? ORDER BY invitation.id DESC",
        node.clock(),
    )


async def revoke(tx: Transaction, invitation_id: int) -> bool:
    """Let nobody use an invitation any more; False when there was nothing left of it."""
    changed = await tx.execute(
        "UPDATE invitation SET uses_left = 0 WHERE id = ? AND uses_left > 0", invitation_id
    )
    return changed > 0
