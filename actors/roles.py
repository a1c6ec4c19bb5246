"""Roles given and taken: a site never loses its last administrator."""

from actors.permissions import PERMISSIONS, badge_of
from federation.database import Row, Transaction
from federation.errors import Invalid, Refused, describe
from federation.node import Node

describe(
    {
        "role.last_administrator": "This is the only administrator who can sign in. Make somebody"
        " else an administrator first.",
    }
)


async def give_role(node: Node, tx: Transaction, account: Row, role: str) -> None:
    """Give an account another role, with the badge that goes with it.

    Raises Invalid for an unknown role, Refused for the last administrator's.
    """
    if role not in PERMISSIONS:
        raise Invalid("role.unknown", field="role", came=role, expected=", ".join(PERMISSIONS))
    if role != "administrator":
        await check_replaceable(tx, account["id"])
    await tx.execute("UPDATE account SET role = ? WHERE id = ?", role, account["id"])
    # What is rendered of an actor is kept until its updated_at moves.
    await tx.execute(
        "UPDATE actor SET badge = ?,"
        " updated_at = CASE WHEN updated_at >= ? THEN updated_at + 1 ELSE ? END WHERE id = ?",
        badge_of(role),
        node.clock(),
        node.clock(),
        account["actor_id"],
    )


async def check_replaceable(tx: Transaction, account_id: int) -> None:
    """Raise Refused when this account is the only administrator who can sign in."""
    rows = await tx.rows(
        "SELECT account.id FROM account JOIN actor ON actor.id = account.actor_id"
        " WHERE role = 'administrator' AND disabled_at IS NULL AND is_approved AND is_confirmed"
        " AND suspended_at IS NULL AND deleted_at IS NULL"
    )
    if [row["id"] for row in rows] == [account_id]:
        raise Refused("role.last_administrator")
