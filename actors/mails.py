"""The letters of a node, from the act that causes one until it has left.

A letter is a row written in the transaction of its act, sealed at rest, and its text is erased
once it has gone or was given up. At most a few go to one address within an hour (SEC-156).
Outside the hours of whom it goes to a letter waits, unless it is one that cannot.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from actors.hours import hours_of
from actors.mail_texts import TEXTS
from actors.queries import account_by_login
from federation.database import Reader, Transaction
from federation.errors import Misconfigured, TooMany, describe
from federation.node import Node

HOUR_MS = 3_600_000
LASTS_MS = 24 * HOUR_MS
PER_ADDRESS_MAX = 5
# 1, 2, 4… minutes between attempts, an hour at most.
FIRST_WAIT_MS = 60_000
ERROR_CHARACTERS_MAX = 200
# What she asked for herself, what warns her of a thief, and what closes her account.
AT_ANY_HOUR = frozenset(
    {
        "password_reset",
        "password_changed",
        "second_factor_changed",
        "confirm_address",
        "sign_up_approved",
        "decision_disable",
        "decision_suspend",
    }
)

describe(
    {
        "mail.off": "This node sends no mail; its administrator can set mail.url.",
        "mail.too_many": "Too many letters went to this address; wait {retry_after_s} s.",
    }
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is due."""

    id: int
    recipient: str
    subject: str
    text: str
    attempts: int
    expires_at: int
    template: str


def is_on(node: Node) -> bool:
    """Whether this node sends letters."""
    return bool(node.options.mail.url)


async def send(
    node: Node,
    tx: Transaction,
    to: str,
    template: str,
    params: Mapping[str, str],
    *,
    language: str | None = None,
    lasts_ms: int = LASTS_MS,
) -> None:
    """Write a letter in the act's own transaction; the loop sends it after the commit.

    `params` fill the text of `template` (`site` is always there). What has not left after
    `lasts_ms` is given up. Raises Misconfigured when the node sends no mail, TooMany when five
    letters were written to this address within an hour.
    """
    if not is_on(node):
        raise Misconfigured("mail.off")
    now = node.clock()
    sent = await tx.value(
        "SELECT COUNT(*) FROM mail WHERE recipient = ? AND created_at > ?", to, now - HOUR_MS
    )
    if sent >= PER_ADDRESS_MAX:
        raise TooMany("mail.too_many", retry_after_s=HOUR_MS // 1000)
    subject, text = TEXTS[template].get(language or node.language, TEXTS[template]["fr"])
    filled = {"site": node.name, **params}
    mail_id = node.ids.next()
    sealed = node.keyring.seal(
        f"mail {mail_id}",
        orjson.dumps([_line(subject.format_map(filled)), text.format_map(filled)]),
    )
    await tx.execute(
        "INSERT INTO mail (id, recipient, template, sealed, progress, next_attempt_at, expires_at,"
        " created_at) VALUES (?, ?, ?, ?, 'pending', ?, ?, ?)",
        mail_id,
        to,
        template,
        sealed,
        now,
        now + lasts_ms,
        now,
    )
    tx.after_commit(node.mail_wake.set)


def _line(text: str) -> str:
    """One line, since a header ends with its line."""
    return " ".join(text.split())


async def due(node: Node, reader: Reader, count: int) -> list[Letter]:
    """The letters whose time has come, longest waiting first."""
    rows = await reader.rows(
        "SELECT id, recipient, template, sealed, attempts, expires_at FROM mail"
        " WHERE progress = 'pending' AND next_attempt_at <= ? ORDER BY next_attempt_at LIMIT ?",
        node.clock(),
        count,
    )
    letters: list[Letter] = []
    for row in rows:
        subject, text = orjson.loads(node.keyring.unseal(f"mail {row['id']}", bytes(row["sealed"])))
        letters.append(
            Letter(
                row["id"],
                row["recipient"],
                subject,
                text,
                row["attempts"],
                row["expires_at"],
                row["template"],
            )
        )
    return letters


async def gone(node: Node, tx: Transaction, letter: Letter) -> None:
    """The letter was taken by the mail server: its text is erased."""
    del node
    await tx.execute(
        "UPDATE mail SET progress = 'sent', sealed = NULL, attempts = attempts + 1,"
        " last_error = NULL WHERE id = ?",
        letter.id,
    )


async def failed(
    node: Node, tx: Transaction, letter: Letter, reason: str, *, for_ever: bool
) -> None:
    """The letter did not leave: it waits longer each time, and is given up when it is too late."""
    waits = min(FIRST_WAIT_MS << min(letter.attempts, 10), HOUR_MS)
    at = node.clock() + waits
    ends = for_ever or at >= letter.expires_at
    await tx.execute(
        "UPDATE mail SET attempts = attempts + 1, last_error = ?, next_attempt_at = ?,"
        " progress = CASE WHEN ? THEN 'failed' ELSE progress END,"
        " sealed = CASE WHEN ? THEN NULL ELSE sealed END WHERE id = ?",
        reason[:ERROR_CHARACTERS_MAX],
        at,
        ends,
        ends,
        letter.id,
    )


async def opens_at(node: Node, letter: Letter, now: int) -> int | None:
    """When whom a letter goes to may be told: now, or later (ms); None for never."""
    if letter.template in AT_ANY_HOUR:
        return now
    account = await account_by_login(node.db, letter.recipient)
    if account is None:
        return now
    return (await hours_of(node, account["id"])).opens_at(now)


async def hold(tx: Transaction, letter: Letter, until: int | None) -> None:
    """Let a letter wait until then, with as long to leave as it had; None lets it go unsent."""
    if until is None:
        await tx.execute(
            "UPDATE mail SET progress = 'unwanted', sealed = NULL WHERE id = ?", letter.id
        )
        return
    await tx.execute(
        "UPDATE mail SET next_attempt_at = ?, expires_at = ? WHERE id = ?",
        until,
        max(letter.expires_at, until + LASTS_MS),
        letter.id,
    )
