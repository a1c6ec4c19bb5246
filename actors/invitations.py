"""Invitations: a code gives whoever holds it an account, a few times and for some days.

Only the hash of a code is stored; the code itself is shown once, when it is made.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256

from actors.permissions import PERMISSIONS
from federation.database import Reader, Transaction
from federation.errors import Invalid, describe
from federation.node import Node

DAY_MS = 86_400_000
USES_MAX = 1_000
DAYS_MAX = 365
CODE_CHARACTERS_MAX = 100

describe(
    {
        "invitation.unknown": "This invitation does not exist, has expired or was used up.",
        "invitation.uses": "An invitation serves 1 to {expected} people.",
        "invitation.days": "An invitation lasts 1 to {expected} days.",
    }
)


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that can still be used."""

    id: int
    role: str


def digest(code: str) -> str:
    """The form in which a code is stored."""
    return sha256(code.strip().encode("utf-8", "replace")).hexdigest()


async def invite(node: Node, tx: Transaction, *, role: str, uses: int, days: int) -> str:
    """Make an invitation and return its code, which is kept nowhere; raise Invalid."""
    if role not in PERMISSIONS:
        raise Invalid("role.unknown", field="role", came=role, expected=", ".join(PERMISSIONS))
    if not 1 <= uses <= USES_MAX:
        raise Invalid("invitation.uses", field="uses", expected=str(USES_MAX))
    if not 1 <= days <= DAYS_MAX:
        raise Invalid("invitation.days", field="days", expected=str(DAYS_MAX))
    code, now = secrets.token_urlsafe(18), node.clock()
    await tx.execute(
        "INSERT INTO invitation (id, code_hash, role, uses_left, expires_at, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        node.ids.next(),
        digest(code),
        role,
        uses,
        now + days * DAY_MS,
        now,
    )
    return code


async def find(node: Node, reader: Reader, code: str) -> Invitation:
    """The invitation of a code; raise Invalid when it can not be used any more, or never could."""
    row = await reader.row(
        "SELECT id, role FROM invitation WHERE code_hash = ? AND uses_left > 0 AND expires_at > ?",
        digest(code[:CODE_CHARACTERS_MAX]),
        node.clock(),
    )
    if row is None:
        raise Invalid("invitation.unknown", field="invite_code")
    return Invitation(row["id"], row["role"])


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
