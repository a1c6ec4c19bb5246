"""The second step of signing in: codes that change every 30 seconds (RFC 6238), and ten others.

A code is taken once: its step is remembered, and no code of that step or an earlier one is
taken after it (SEC-133). Recovery codes of 80 random bits are kept as hashes and used up.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha1, sha256
from urllib.parse import quote, urlencode

from federation.database import Reader, Transaction
from federation.errors import Invalid, describe
from federation.node import Node

KEY_BYTES = 20
STEP_MS = 30_000
DIGITS = 6
# A clock may be half a minute off either way.
STEPS_OFF = 1
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
CODE_CHARACTERS_MAX = 40

describe(
    {
        "factor.code": "This code is not right, or was used before; wait for the next one.",
        "factor.none": "Start again: no code application is being set up.",
    }
)


@dataclass(frozen=True, slots=True)
class Setup:
    """What an application that makes codes must be told, in two spellings."""

    key: str
    uri: str


def code_at(key: bytes, step: int) -> str:
    """The code of one step: HMAC-SHA-1, truncated (RFC 4226 section 5.3)."""
    hashed = hmac.new(key, step.to_bytes(8, "big"), sha1).digest()
    place = hashed[-1] & 0x0F
    number = int.from_bytes(hashed[place : place + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


async def is_on(reader: Reader, account_id: int) -> bool:
    """Whether a second step is asked of this account."""
    return bool(
        await reader.value(
            "SELECT 1 FROM totp WHERE account_id = ? AND confirmed_at IS NOT NULL", account_id
        )
    )


async def begin(node: Node, tx: Transaction, account_id: int, username: str) -> Setup:
    """Make a new key that counts for nothing until a code of it is confirmed."""
    key = secrets.token_bytes(KEY_BYTES)
    sealed = node.keyring.seal(_place(account_id), key)
    changed = await tx.execute(
        "INSERT INTO totp (account_id, sealed, created_at) VALUES (?, ?, ?)"
        " ON CONFLICT (account_id) DO UPDATE SET sealed = excluded.sealed, last_step = 0,"
        " created_at = excluded.created_at WHERE totp.confirmed_at IS NULL",
        account_id,
        sealed,
        node.clock(),
    )
    if not changed:
        raise Invalid("factor.none", field="code")
    return _setup(node, key, username)


async def pending(node: Node, reader: Reader, account_id: int, username: str) -> Setup | None:
    """The key that waits for its first code; None when none does."""
    sealed = await reader.value(
        "SELECT sealed FROM totp WHERE account_id = ? AND confirmed_at IS NULL", account_id
    )
    if sealed is None:
        return None
    return _setup(node, node.keyring.unseal(_place(account_id), bytes(sealed)), username)


async def confirm(node: Node, tx: Transaction, account_id: int, code: str) -> list[str]:
    """Turn the second step on with a first code; return the recovery codes, shown once.

    Raises Invalid for a wrong code, or when nothing was begun.
    """
    row = await tx.row(
        "SELECT confirmed_at FROM totp WHERE account_id = ? AND confirmed_at IS NULL", account_id
    )
    if row is None:
        raise Invalid("factor.none", field="code")
    if not await _take_code(node, tx, account_id, _plain(code)):
        raise Invalid("factor.code", field="code")
    await tx.execute(
        "UPDATE totp SET confirmed_at = ? WHERE account_id = ?", node.clock(), account_id
    )
    return await renew_recovery_codes(node, tx, account_id)


async def take(node: Node, tx: Transaction, account_id: int, code: str) -> bool:
    """Whether this is a code of the account that was not used; it is used by asking."""
    plain = _plain(code)
    if not plain or not await is_on(tx, account_id):
        return False
    if plain.isdecimal() and len(plain) == DIGITS:
        return await _take_code(node, tx, account_id, plain)
    return bool(
        await tx.execute(
            "DELETE FROM recovery_code WHERE account_id = ? AND code_hash = ?",
            account_id,
            _digest(plain),
        )
    )


async def renew_recovery_codes(node: Node, tx: Transaction, account_id: int) -> list[str]:
    """Replace the recovery codes by ten new ones; they are stored as hashes."""
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    await tx.execute("DELETE FROM recovery_code WHERE account_id = ?", account_id)
    await tx.many(
        "INSERT INTO recovery_code (account_id, code_hash, created_at) VALUES (?, ?, ?)",
        [(account_id, _digest(_plain(code)), node.clock()) for code in codes],
    )
    return codes


async def recovery_codes_left(reader: Reader, account_id: int) -> int:
    """How many recovery codes were not used yet."""
    return await reader.value("SELECT COUNT(*) FROM recovery_code WHERE account_id = ?", account_id)


async def remove(tx: Transaction, account_id: int) -> None:
    """Ask no second step of this account any more."""
    await tx.execute("DELETE FROM totp WHERE account_id = ?", account_id)
    await tx.execute("DELETE FROM recovery_code WHERE account_id = ?", account_id)


async def _take_code(node: Node, tx: Transaction, account_id: int, code: str) -> bool:
    row = await tx.row("SELECT sealed, last_step FROM totp WHERE account_id = ?", account_id)
    if row is None:
        return False
    key = node.keyring.unseal(_place(account_id), bytes(row["sealed"]))
    now = node.clock() // STEP_MS
    for step in range(now - STEPS_OFF, now + STEPS_OFF + 1):
        if step > row["last_step"] and hmac.compare_digest(code_at(key, step), code):
            await tx.execute("UPDATE totp SET last_step = ? WHERE account_id = ?", step, account_id)
            return True
    return False


def _setup(node: Node, key: bytes, username: str) -> Setup:
    text = base64.b32encode(key).decode().rstrip("=")
    label = quote(f"{node.name}:{username}", safe="")
    query = urlencode({"secret": text, "issuer": node.name}, quote_via=quote)
    return Setup(text, f"otpauth://totp/{label}?{query}")


def _recovery_code() -> str:
    text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _plain(code: str) -> str:
    """The code without the spaces and hyphens that people type."""
    plain = "".join(code[:CODE_CHARACTERS_MAX].split()).replace("-", "").lower()
    return plain if plain.isascii() else ""


def _place(account_id: int) -> str:
    return f"totp {account_id}"


def _digest(plain: str) -> str:
    return sha256(plain.encode()).hexdigest()
