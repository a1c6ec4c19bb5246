"""Passkeys (WebAuthn): registered by a person who gave her password, and good for signing in.

The challenge is sealed by this node for one browser and one purpose, good for some minutes and
answered once. The origin must be this node's, and the device must have verified its holder.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import orjson

from federation.database import Reader, Row, Transaction
from federation.errors import Invalid, Misconfigured, describe
from federation.html import clean_name
from federation.node import Node
from federation.web_push import from_base64

CHALLENGE_LASTS_MS = 10 * 60_000
NONCE_BYTES = 16
PER_ACCOUNT_MAX = 20
NAME_CHARACTERS_MAX = 60
CREDENTIAL_CHARACTERS_MAX = 12_000

describe(
    {
        "passkey.refused": "The passkey was not accepted; open the page again and retry.",
        "passkey.too_many": "An account has at most {max} passkeys; remove one first.",
        "passkey.taken": "This device is registered already.",
    }
)


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a challenge is for: an act, and the hash of the cookie of the browser it is for."""

    act: str
    browser: str

    @property
    def place(self) -> str:
        """What the challenge is sealed for."""
        return f"passkey challenge {self.act} {self.browser}"


def is_possible(node: Node) -> bool:
    """Whether browsers make passkeys for this node: for names, not for bare addresses."""
    try:
        ip_address(_host(node))
    except ValueError:
        return True
    return False


async def of_account(reader: Reader, account_id: int) -> list[Row]:
    """The passkeys of an account, oldest first."""
    return list(
        await reader.rows(
            "SELECT id, credential_id, name, created_at FROM passkey WHERE account_id = ?"
            " ORDER BY id",
            account_id,
        )
    )


async def registration_options(node: Node, account_id: int, username: str, purpose: Purpose) -> str:
    """What the browser is asked for a new passkey, as JSON."""
    known = await of_account(node.db, account_id)
    return _proofs(node).registration_options(
        _host(node),
        node.name,
        username,
        account_id.to_bytes(8, "big"),
        _challenge(node, purpose),
        [row["credential_id"] for row in known],
    )


async def register(
    node: Node, tx: Transaction, account_id: int, credential: str, name: str, purpose: Purpose
) -> None:
    """Keep a new passkey under a name; raise Invalid when the answer does not hold."""
    answer, challenge = _read(node, credential, purpose)
    try:
        made = _proofs(node).read_made(answer, challenge, _host(node), node.origin)
    except Exception as error:  # whatever foreign bytes do to a parser, they prove nothing
        raise _refused() from error
    await _answered(node, tx, challenge)
    count = await tx.value("SELECT COUNT(*) FROM passkey WHERE account_id = ?", account_id)
    if count >= PER_ACCOUNT_MAX:
        raise Invalid("passkey.too_many", field="credential", max=str(PER_ACCOUNT_MAX))
    kept = await tx.execute(
        "INSERT INTO passkey (id, account_id, credential_id, public_key, sign_count, name,"
        " created_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        node.ids.next(),
        account_id,
        made.credential_id,
        made.public_key,
        made.sign_count,
        clean_name(name)[:NAME_CHARACTERS_MAX],
        node.clock(),
    )
    if not kept:
        raise Invalid("passkey.taken", field="credential")


async def sign_in_options(node: Node, purpose: Purpose, account_id: int | None = None) -> str:
    """What the browser is asked for signing in, as JSON: any passkey, or one of an account."""
    known = [] if account_id is None else await of_account(node.db, account_id)
    ids = [row["credential_id"] for row in known]
    return _proofs(node).sign_in_options(_host(node), _challenge(node, purpose), ids)


async def check(
    node: Node,
    tx: Transaction,
    credential: str,
    purpose: Purpose,
    account_id: int | None = None,
) -> int:
    """Return the account whose passkey answered; raise Invalid when none did.

    With `account_id` the passkey must be one of that account.
    """
    answer, challenge = _read(node, credential, purpose)
    row = await tx.row(
        "SELECT passkey.* FROM passkey WHERE credential_id = ?", str(answer.get("id", ""))[:2_000]
    )
    if row is None or account_id not in (None, row["account_id"]):
        raise _refused()
    proofs = _proofs(node)
    kept = proofs.Made(row["credential_id"], bytes(row["public_key"]), row["sign_count"])
    try:
        used = proofs.read_use(answer, challenge, _host(node), node.origin, kept)
    except Exception as error:  # as above: it did not prove what it should
        raise _refused() from error
    await _answered(node, tx, challenge)
    await tx.execute("UPDATE passkey SET sign_count = ? WHERE id = ?", used, row["id"])
    return row["account_id"]


async def remove(tx: Transaction, account_id: int, passkey_id: int) -> bool:
    """Forget one passkey of an account; whether there was one."""
    return bool(
        await tx.execute(
            "DELETE FROM passkey WHERE id = ? AND account_id = ?", passkey_id, account_id
        )
    )


async def remove_all(tx: Transaction, account_id: int) -> None:
    """Forget every passkey of an account."""
    await tx.execute("DELETE FROM passkey WHERE account_id = ?", account_id)


def _challenge(node: Node, purpose: Purpose) -> bytes:
    expires_at = node.clock() + CHALLENGE_LASTS_MS
    return node.keyring.seal(
        purpose.place, secrets.token_bytes(NONCE_BYTES) + expires_at.to_bytes(8, "big")
    )


def _read(node: Node, credential: str, purpose: Purpose) -> tuple[dict[str, Any], bytes]:
    """The browser's answer and its challenge, which must be ours for this purpose."""
    if len(credential) > CREDENTIAL_CHARACTERS_MAX:
        raise _refused()
    try:
        answer = orjson.loads(credential)
        client_data = orjson.loads(from_base64(answer["response"]["clientDataJSON"]))
        challenge = from_base64(client_data["challenge"])
        opened = node.keyring.unseal(purpose.place, challenge)
    except (ValueError, TypeError, KeyError, AttributeError, Misconfigured) as error:
        raise _refused() from error
    if int.from_bytes(opened[NONCE_BYTES:], "big") <= node.clock():
        raise _refused()
    return answer, challenge


async def _answered(node: Node, tx: Transaction, challenge: bytes) -> None:
    """Take note that a challenge was answered; raise Invalid when it was before."""
    fresh = await tx.execute(
        "INSERT INTO passkey_answer (challenge_hash, expires_at) VALUES (?, ?)"
        " ON CONFLICT DO NOTHING",
        sha256(challenge).hexdigest(),
        node.clock() + CHALLENGE_LASTS_MS,
    )
    if not fresh:
        raise _refused()


def _proofs(node: Node) -> Any:
    """`actors.passkey_proofs`, loaded now if it was not: it needs 6 MB for its library."""
    return node.load("actors.passkey_proofs")


def _host(node: Node) -> str:
    return urlsplit(node.origin).hostname or ""


def _refused() -> Invalid:
    return Invalid("passkey.refused", field="credential")
