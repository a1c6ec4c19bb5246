"""A forgotten password: a link that works once, for an hour, and ends what was signed in.

Only the link's hash is stored. Whoever asks learns nothing of who has an account here.
"""

import secrets
from hashlib import sha256

from actors import mails
from actors.logins import end_logins
from actors.passwords import hash_password
from actors.queries import account_by_login
from federation.database import Reader, Row, Transaction
from federation.errors import NotFound, TooMany, describe
from federation.node import Node

LASTS_MS = 3_600_000
TOKEN_CHARACTERS_MAX = 100

_FIND = (
    "SELECT account.*, actor.username FROM password_reset"
    " JOIN account ON account.id = password_reset.account_id"
    " JOIN actor ON actor.id = account.actor_id"
    " WHERE password_reset.token_hash = ? AND password_reset.expires_at > ?"
    " AND account.disabled_at IS NULL AND actor.suspended_at IS NULL AND actor.deleted_at IS NULL"
)

describe(
    {
        "reset.link": "This link was used, has expired, or was replaced by a newer one; ask for"
        " another.",
    }
)


def link(node: Node, token: str) -> str:
    """The page where the new password is chosen."""
    return f"{node.origin}/password/new?token={token}"


async def issue(node: Node, tx: Transaction, account_id: int) -> str:
    """Make the one link of an account, in place of earlier ones; return its token."""
    token = secrets.token_urlsafe(32)
    now = node.clock()
    await tx.execute("DELETE FROM password_reset WHERE account_id = ?", account_id)
    await tx.execute(
        "INSERT INTO password_reset (token_hash, account_id, created_at, expires_at)"
        " VALUES (?, ?, ?, ?)",
        _digest(token),
        account_id,
        now,
        now + LASTS_MS,
    )
    return token


async def ask(node: Node, login: str) -> None:
    """Send a link to the address of the account called so, if there is one; say nothing."""

    async def work(tx: Transaction) -> None:
        account = await account_by_login(tx, login)
        if account is None or not account["email"] or account["disabled_at"] is not None:
            return
        token = await issue(node, tx, account["id"])
        username = await tx.value("SELECT username FROM actor WHERE id = ?", account["actor_id"])
        await mails.send(
            node,
            tx,
            account["email"],
            "password_reset",
            {"username": username, "link": link(node, token)},
            language=account["locale"],
            lasts_ms=LASTS_MS,
        )

    try:
        await node.db.write(work)
    except TooMany:
        # The letters of the last hour are on their way; who asks is told what everybody is.
        return


async def find(node: Node, reader: Reader, token: str) -> Row | None:
    """The account whose link this is, with its username; None when it is good no more."""
    if not 0 < len(token) <= TOKEN_CHARACTERS_MAX:
        return None
    return await reader.row(_FIND, _digest(token), node.clock())


async def use(node: Node, token: str, password: str) -> None:
    """Give the account of a link its new password and end all its logins.

    Raises Invalid for an unacceptable password (the link stays good), NotFound for a link that
    is good no more.
    """
    if await find(node, node.db, token) is None:
        raise NotFound("reset.link")
    password_hash = await hash_password(password)

    async def work(tx: Transaction) -> None:
        account = await find(node, tx, token)
        if account is None:
            raise NotFound("reset.link")
        await set_password(node, tx, account, password_hash)

    await node.db.write(work)


async def set_password(
    node: Node,
    tx: Transaction,
    account: Row,
    password_hash: str,
    *,
    but_session: str | None = None,
) -> None:
    """Keep a new password, end all logins but that session, and tell the person by mail."""
    await tx.execute(
        "UPDATE account SET password_hash = ? WHERE id = ?", password_hash, account["id"]
    )
    await end_logins(node, tx, account["id"], but_session=but_session)
    await tell(node, tx, account, "password_changed")


async def tell(node: Node, tx: Transaction, account: Row, template: str) -> None:
    """Write to the person that her way in has changed, where that is possible."""
    if not account["email"] or not mails.is_on(node):
        return
    username = await tx.value("SELECT username FROM actor WHERE id = ?", account["actor_id"])
    try:
        await mails.send(
            node,
            tx,
            account["email"],
            template,
            {"username": username},
            language=account["locale"],
        )
    except TooMany:
        # Five letters in an hour say it; the act itself stands.
        return


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
