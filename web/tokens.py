"""Access tokens: made here, stored as a hash only, found again by it.

A token of 256 random bits needs no slow hash. What a token stands for is kept for a second,
so that a client that calls in bursts costs one query; a token revoked in this process is
forgotten at once, one revoked by a command within that second.
"""

import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256

from federation.database import Reader, Row, Transaction
from federation.node import Node
from web.scopes import format_scopes

KEPT_S = 1.0
KEPT_MAX = 5_000
TOKEN_CHARACTERS_MAX = 200

_FIND = (
    "SELECT access_token.id, access_token.application_id, access_token.account_id,"
    " access_token.scopes, account.actor_id, account.is_guest, account.locale, account.role,"
    " account.disabled_at, actor.suspended_at, actor.deleted_at"
    " FROM access_token LEFT JOIN account ON account.id = access_token.account_id"
    " LEFT JOIN actor ON actor.id = account.actor_id"
    " WHERE access_token.token_hash = ? AND access_token.revoked_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class Token:
    """What a valid token stands for; without an account it speaks for the application alone."""

    token_id: int
    application_id: int | None
    account_id: int | None
    actor_id: int | None
    scopes: frozenset[str]
    is_guest: bool
    locale: str | None
    role: str | None
    is_disabled: bool


def digest(secret: str) -> str:
    """The form in which tokens, codes and client secrets are stored."""
    return sha256(secret.encode()).hexdigest()


def make_secret() -> str:
    """256 random bits in URL-safe characters."""
    return secrets.token_urlsafe(32)


async def issue_token(
    node: Node,
    tx: Transaction,
    *,
    application_id: int | None,
    account_id: int | None,
    scopes: frozenset[str],
) -> tuple[int, str]:
    """Store a new token and return its row id and the token itself, which is kept nowhere."""
    token_id, token = node.ids.next(), make_secret()
    await tx.execute(
        "INSERT INTO access_token (id, token_hash, application_id, account_id, scopes, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        token_id,
        digest(token),
        application_id,
        account_id,
        format_scopes(scopes),
        node.clock(),
    )
    return token_id, token


async def load_token(reader: Reader, token_hash: str) -> Token | None:
    """What the token with this hash stands for; None when there is none or it was revoked."""
    row = await reader.row(_FIND, token_hash)
    return None if row is None else _read(row)


def _read(row: Row) -> Token:
    has_account = row["account_id"] is not None
    return Token(
        token_id=row["id"],
        application_id=row["application_id"],
        account_id=row["account_id"],
        actor_id=row["actor_id"],
        scopes=frozenset(row["scopes"].split()),
        is_guest=bool(row["is_guest"]),
        locale=row["locale"],
        role=row["role"],
        is_disabled=has_account
        and any(row[name] is not None for name in ("disabled_at", "suspended_at", "deleted_at")),
    )


class TokenCache:
    """Tokens seen within the last second, by hash; unknown ones are never kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[float, Token]] = OrderedDict()

    async def find(self, reader: Reader, token: str) -> Token | None:
        """What `token` stands for, or None; a value that no token can have costs no query."""
        if not 20 <= len(token) <= TOKEN_CHARACTERS_MAX or not token.isascii():
            return None
        token_hash = digest(token)
        now = time.monotonic()
        kept = self._kept.get(token_hash)
        if kept is not None and kept[0] > now:
            return kept[1]
        found = await load_token(reader, token_hash)
        if found is None:
            self._kept.pop(token_hash, None)
            return None
        self._kept[token_hash] = (now + KEPT_S, found)
        self._kept.move_to_end(token_hash)
        while len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        return found

    def forget(self) -> None:
        """Ask the database again for each token: one was revoked or an account changed."""
        self._kept.clear()
