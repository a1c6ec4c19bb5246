"""By what a person of this node is signed in, ended: sessions, tokens, codes, links.

Whoever closes an account, or gives it a new password, calls this in the same transaction.
"""

from federation.database import Transaction
from federation.node import Node

_OF_ACCOUNT = (
    (
        "DELETE FROM push_subscription WHERE access_token_id IN"
        " (SELECT id FROM access_token WHERE account_id = ?)"
    ),
    "DELETE FROM half_session WHERE account_id = ?",
    "DELETE FROM authorization_code WHERE account_id = ?",
    "DELETE FROM password_reset WHERE account_id = ?",
)


async def end_logins(
    node: Node, tx: Transaction, account_id: int, *, but_session: str | None = None
) -> None:
    """End every session (but the one with that hash), token, push, code and link of an account.

    A process that serves the account learns of it at the next use, at most a second later.
    """
    await tx.execute(
        "DELETE FROM session WHERE account_id = ? AND token_hash <> ?",
        account_id,
        but_session or "",
    )
    await tx.execute(
        "UPDATE access_token SET revoked_at = ? WHERE account_id = ? AND revoked_at IS NULL",
        node.clock(),
        account_id,
    )
    for sql in _OF_ACCOUNT:
        await tx.execute(sql, account_id)
