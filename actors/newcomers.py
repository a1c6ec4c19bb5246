"""Whoever holds an invitation makes her account: a name and a password, no e-mail address.

The site has given its word with the invitation, so nobody approves and no address is confirmed.
"""

from collections.abc import Callable

from actors import invitations, queries
from actors.invitations import Invitation
from actors.local import create_account
from actors.passwords import check_acceptable
from actors.sign_up import SignUpRefused
from actors.usernames import USERNAME_CHARACTERS_MAX, check_username
from actors.words import folded_words
from federation.database import Row, Transaction
from federation.errors import Invalid, describe
from federation.node import Node

describe({"newcomer.charter": "Say first that you have read the rules of the site."})


async def join(
    node: Node,
    code: str,
    *,
    name: str,
    username: str,
    password: str,
    locale: str,
    agrees: bool,
) -> Row:
    """Make the account of whoever holds `code`, use the invitation up, and return the actor.

    Raises Invalid for a code that is good for nothing, SignUpRefused naming each wrong field.
    """
    invitation = await invitations.find(node, node.db, code)
    mistakes = await _mistakes(node, name, username, password, agrees=agrees)
    if mistakes:
        raise SignUpRefused(mistakes)

    async def finish(tx: Transaction, actor: Row) -> None:
        await _use(node, tx, invitation, actor)

    return await create_account(
        node,
        username=username,
        password=password,
        role=invitation.role,
        display_name=name,
        locale=locale,
        also=finish,
    )


async def _use(node: Node, tx: Transaction, invitation: Invitation, actor: Row) -> None:
    account = await queries.account_of_actor(tx, actor["id"])
    assert account is not None, "it was stored in this transaction"
    await invitations.use(node, tx, invitation)
    await tx.execute(
        "INSERT INTO sign_up (account_id, invitation_id, created_at) VALUES (?, ?, ?)",
        account["id"],
        invitation.id,
        node.clock(),
    )


async def _mistakes(
    node: Node, name: str, username: str, password: str, *, agrees: bool
) -> list[Invalid]:
    found: list[Invalid] = []
    given = {"name": name, "username": username, "password": password}
    for field, text in given.items():
        if not text.strip():
            found.append(Invalid("sign_up.blank", field=field))
    blank = {mistake.field for mistake in found}
    if "username" not in blank:
        found += _mistake(lambda: check_username(node, username))
        if await is_taken(node, username):
            found.append(Invalid("username.taken", field="username", came=username))
    if "password" not in blank:
        found += _mistake(lambda: check_acceptable(password))
    if not agrees:
        found.append(Invalid("newcomer.charter", field="agreement"))
    return found


def _mistake(check: Callable[[], None]) -> list[Invalid]:
    try:
        check()
    except Invalid as error:
        return [error]
    return []


async def is_taken(node: Node, username: str) -> bool:
    """Whether somebody here is called so, or was."""
    row = await node.db.row(
        "SELECT 1 AS one FROM actor WHERE lower(username) = ? AND handle_host = ?",
        username.lower(),
        node.host,
    )
    return row is not None


async def suggest(node: Node, name: str) -> str:
    """A username that is free, made of a person's name; empty when none can be made of it."""
    words = ".".join(folded_words(name))[: USERNAME_CHARACTERS_MAX - 2].strip(".")
    for number in range(1, 100):
        wanted = words if number == 1 else f"{words}{number}"
        try:
            check_username(node, wanted)
        except Invalid:
            continue
        if not await is_taken(node, wanted):
            return wanted
    return ""
