"""Access tokens: made here, stored as a hash only, found again by it.

A token of 256 random bits needs no slow hash. What a token stands for is kept for a second,
so that a client that calls in bursts costs one query; a token revoked in this process is
forgotten at once, one revoked by a command within that second.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from federation.database import Reader, Row, Transaction, marks
from federation.node import Node
from web.scopes import format_scopes

KEPT_S = 1.0
KEPT_MAX = 5_000
TOKEN_CHARACTERS_MAX = 200

_STANDING = (
    "SELECT access_token.id, access_token.application_id, access_token.account_id,"
    " access_token.scopes, account.actor_id, account.is_guest, account.locale, account.role,"
    " account.disabled_at, account.is_approved, account.is_confirmed, actor.suspended_at,"
    " actor.deleted_at"
    " FROM access_token LEFT JOIN account ON account.id = access_token.account_id"
    " LEFT JOIN actor ON actor.id = account.actor_id"
    " WHERE access_token.revoked_at IS NULL"
)
_FIND = f"{_STANDING} AND access_token.token_hash = ?"
IDS_AT_ONCE = 500


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
    waits_for: Literal["approved", "confirmed"] | None = None


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


async def standing(reader: Reader, token_ids: Collection[int]) -> dict[int, Token]:
    """Those of these tokens that were not revoked, by id, as they are now."""
    ids, found = list(token_ids), dict[int, Token]()
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = ids[start : start + IDS_AT_ONCE]
        rows = await reader.rows(f"{_STANDING} AND access_token.id IN ({marks(some)})", *some)
        found |= {row["id"]: _read(row) for row in rows}
    return found


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
        waits_for=_waits_for(row) if has_account else None,
    )


def _waits_for(row: Row) -> Literal["approved", "confirmed"] | None:
    if not row["is_confirmed"]:
        return "confirmed"
    return None if row["is_approved"] else "approved"


class TokenCache:
    """Tokens seen within the last second, by hash; unknown ones are never kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[float, Token]] = OrderedDict()
        # What else is to look at its tokens again: the open streams.
        self.on_forget: Callable[[], None] = lambda: None

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
        self.on_forget()
