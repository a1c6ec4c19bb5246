"""Signing up: who may make an account by herself, and what it waits for before it can be used.

An invitation stands for the site's word, so it needs no approval; where the node sends mail,
every address is confirmed by its owner first.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from actors import email_blocks, invitations, mails, queries
from actors.invitations import Invitation
from actors.local import clean_email, create_account
from actors.passwords import check_acceptable
from actors.usernames import check_username
from federation.database import Reader, Row, Transaction
from federation.errors import Invalid, NotFound, Refused, describe
from federation.node import Node

REASON_CHARACTERS_MAX = 2_000
CONFIRM_PATH = "/sign-up/confirm"
CONFIRMABLE_MS = 48 * 3_600_000

describe(
    {
        "sign_up.closed": "This action is not allowed",
        "sign_up.agreement": "The terms of use have to be accepted.",
        "sign_up.blank": "{field} is missing.",
        "sign_up.email_blocked": "This e-mail address cannot be used here.",
        "sign_up.reason_too_long": "The reason has more than {max} characters.",
        "sign_up.invalid": "Validation failed: {reasons}",
        "sign_up.confirmed": "This method is only available while the e-mail is awaiting"
        " confirmation",
        "sign_up.code": "This link is not valid any more; ask for a new one in your app.",
    }
)


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody gives who wants an account."""

    username: str
    email: str
    password: str
    agreement: bool
    locale: str | None = None
    reason: str | None = None
    invite_code: str | None = None


class SignUpRefused(Invalid):
    """422: what is wrong, for each field at once."""

    def __init__(self, mistakes: Sequence[Invalid]) -> None:
        """Name the first field; all are in `mistakes`."""
        reasons = "; ".join(str(mistake) for mistake in mistakes)
        super().__init__("sign_up.invalid", field=mistakes[0].field, reasons=reasons)
        self.mistakes = tuple(mistakes)


async def check_open(node: Node, invite_code: str | None) -> Invitation | None:
    """The invitation, if one came; Refused where nobody signs up without, Invalid for a bad one."""
    if invite_code and node.options.registrations.mode != "closed":
        return await invitations.find(node, node.db, invite_code)
    if node.options.registrations.mode in ("closed", "invitation"):
        raise Refused("sign_up.closed")
    return None


async def sign_up(
    node: Node,
    wanted: Application,
    *,
    needs_approval: bool,
    also: Callable[[Transaction, Row], Awaitable[None]],
) -> Row:
    """Make the account and return its actor; `also` is done in the same transaction.

    `needs_approval` says that whoever asks comes from where a person of staff decides. Raises
    Refused where nobody may, SignUpRefused naming each field that is wrong.
    """
    invitation = await check_open(node, wanted.invite_code)
    await _check(node, wanted, invitation)
    email = clean_email(wanted.email) or ""
    block = await email_blocks.domain_block(node.db, email)
    waits = node.options.registrations.mode == "approval" or needs_approval or block is not None
    is_approved = invitation is not None or not waits
    is_confirmed = not mails.is_on(node)

    async def finish(tx: Transaction, actor: Row) -> None:
        account = await queries.account_of_actor(tx, actor["id"])
        assert account is not None, "it was stored in this transaction"
        if invitation is not None:
            await invitations.use(node, tx, invitation)
        await tx.execute(
            "UPDATE account SET is_approved = ?, is_confirmed = ? WHERE id = ?",
            is_approved,
            is_confirmed,
            account["id"],
        )
        await tx.execute(
            "INSERT INTO sign_up (account_id, reason, invitation_id, created_at)"
            " VALUES (?, CAST(? AS TEXT), CAST(? AS BIGINT), ?)",
            account["id"],
            wanted.reason,
            None if invitation is None else invitation.id,
            node.clock(),
        )
        if not is_confirmed:
            await send_confirmation(node, tx, account, actor)
        await also(tx, actor)

    return await create_account(
        node,
        username=wanted.username,
        password=wanted.password,
        email=email,
        role="member" if invitation is None else invitation.role,
        locale=wanted.locale,
        also=finish,
    )


async def _check(node: Node, wanted: Application, invitation: Invitation | None) -> None:
    mistakes = [
        Invalid("sign_up.blank", field=name)
        for name in ("username", "email", "password")
        if not getattr(wanted, name).strip()
    ]
    blank = {mistake.field for mistake in mistakes}
    for name, check in (
        ("username", lambda: check_username(node, wanted.username)),
        ("password", lambda: check_acceptable(wanted.password)),
        ("email", lambda: clean_email(wanted.email)),
    ):
        if name not in blank:
            mistakes += _mistake(check)
    if not wanted.agreement:
        mistakes.append(Invalid("sign_up.agreement", field="agreement"))
    mistakes += _wrong_reason(node, wanted, invitation)
    wrong = {mistake.field for mistake in mistakes}
    if "username" not in wrong:
        mistakes += await _taken_name(node, wanted.username)
    if "email" not in wrong:
        mistakes += await _wrong_email(node, wanted.email)
    if mistakes:
        raise SignUpRefused(mistakes)


def _mistake(check: Callable[[], object]) -> list[Invalid]:
    try:
        check()
    except Invalid as error:
        return [error]
    return []


def _wrong_reason(node: Node, wanted: Application, invitation: Invitation | None) -> list[Invalid]:
    reason = (wanted.reason or "").strip()
    if len(reason) > REASON_CHARACTERS_MAX:
        return [Invalid("sign_up.reason_too_long", field="reason", max=str(REASON_CHARACTERS_MAX))]
    registrations = node.options.registrations
    asked = registrations.mode == "approval" and registrations.reason_required
    if asked and invitation is None and not reason:
        return [Invalid("sign_up.blank", field="reason")]
    return []


async def _taken_name(node: Node, username: str) -> list[Invalid]:
    # The name of somebody who was deleted is never given again (SEC-142).
    taken = await node.db.value(
        "SELECT 1 FROM actor WHERE lower(username) = ? AND handle_host = ?",
        username.lower(),
        node.host,
    )
    return [Invalid("username.taken", field="username", came=username)] if taken else []


async def _wrong_email(node: Node, email: str) -> list[Invalid]:
    address = clean_email(email) or ""
    block = await email_blocks.domain_block(node.db, address)
    refused = block is not None and not block["allows_with_approval"]
    if refused or await email_blocks.is_blocked(node.db, address):
        return [Invalid("sign_up.email_blocked", field="email")]
    if await queries.account_by_login(node.db, address) is not None:
        return [Invalid("email.taken", field="email")]
    return []


async def send_confirmation(node: Node, tx: Transaction, account: Row, actor: Row) -> None:
    """Write the letter by which the owner of the address says that it is hers; 48 hours."""
    code = secrets.token_urlsafe(24)
    await tx.execute(
        "INSERT INTO sign_up (account_id, confirmation_hash, confirmation_sent_at, created_at)"
        " VALUES (?, ?, ?, ?) ON CONFLICT (account_id) DO UPDATE SET"
        " confirmation_hash = excluded.confirmation_hash,"
        " confirmation_sent_at = excluded.confirmation_sent_at",
        account["id"],
        _digest(code),
        node.clock(),
        node.clock(),
    )
    await mails.send(
        node,
        tx,
        account["email"],
        "confirm_address",
        {
            "username": actor["username"],
            "link": f"{node.origin}{CONFIRM_PATH}?code={code}",
        },
        language=account["locale"],
        lasts_ms=CONFIRMABLE_MS,
    )


async def confirm_again(node: Node, account_id: int, email: str | None) -> None:
    """Send the letter again, to another address if one is given.

    Refused when the address is confirmed already, Invalid for one that cannot be used.
    """
    account = await queries.account_by_id(node.db, account_id)
    if account is None or account["is_confirmed"]:
        raise Refused("sign_up.confirmed")
    address = clean_email(email) or account["email"]
    if address != account["email"] and (mistakes := await _wrong_email(node, address)):
        raise SignUpRefused(mistakes)

    async def work(tx: Transaction) -> None:
        taken = await queries.account_by_login(tx, address)
        if taken is not None and taken["id"] != account_id:
            raise Invalid("email.taken", field="email")
        await tx.execute("UPDATE account SET email = ? WHERE id = ?", address, account_id)
        actor = await queries.get_by_id(tx, account["actor_id"])
        await send_confirmation(node, tx, {**account, "email": address}, actor)

    await node.db.write(work)


async def confirm(node: Node, tx: Transaction, code: str) -> Row:
    """Confirm the address for which this code was sent, and return its account; else NotFound."""
    row = await tx.row(
        "SELECT account_id FROM sign_up WHERE confirmation_hash = ? AND confirmation_sent_at > ?",
        _digest(code),
        node.clock() - CONFIRMABLE_MS,
    )
    if row is None:
        raise NotFound("sign_up.code")
    await tx.execute(
        "UPDATE sign_up SET confirmation_hash = NULL WHERE account_id = ?", row["account_id"]
    )
    await tx.execute("UPDATE account SET is_confirmed = TRUE WHERE id = ?", row["account_id"])
    account = await queries.account_by_id(tx, row["account_id"])
    assert account is not None, "by foreign key"
    return account


async def waiting(reader: Reader) -> Sequence[Row]:
    """The accounts about which somebody of staff has to decide, oldest first."""
    return await reader.rows(
        "SELECT account.*, sign_up.reason FROM account JOIN sign_up"
        " ON sign_up.account_id = account.id WHERE NOT account.is_approved ORDER BY account.id"
    )


def _digest(code: str) -> str:
    return sha256(code[:200].encode("utf-8", "replace")).hexdigest()
