"""Capabilities: what lets a client's picture view, which has no token, read a private file.

A capability is for one address, one account and one token, ends within a day, and says only who
asks: whether that person may see is asked anew at each use. It dies with its token.
"""

import hmac
from base64 import urlsafe_b64encode
from functools import cached_property

from federation.node import Node
from outbox.visibility import Person

HOUR_MS = 3_600_000
LASTS_HOURS = 24
PARAMETER = "grant"
_TEXT_MAX = 200
_MAC_BYTES = 16

# The person behind a token that is valid now.
_HOLDER = (
    "SELECT account.id, account.actor_id, account.is_guest FROM access_token"
    " JOIN account ON account.id = access_token.account_id"
    " JOIN actor ON actor.id = account.actor_id"
    " WHERE access_token.id = ? AND access_token.revoked_at IS NULL"
    " AND account.disabled_at IS NULL AND actor.suspended_at IS NULL"
    " AND actor.deleted_at IS NULL"
)


class Grants:
    """Makes the capabilities of one reader, for as many addresses as a page has."""

    def __init__(self, node: Node, account_id: int, token_id: int) -> None:
        self._node = node
        self._account_id = account_id
        self._token_id = token_id
        # Whole hours, so that the same address stays the same for a while.
        self._ends = node.clock() // HOUR_MS + LASTS_HOURS

    @cached_property
    def _key(self) -> bytes:
        # Most pages have no private file.
        return self._node.keyring.derived("media capabilities")

    def grant(self, path: str) -> str:
        """The capability for the address with this path."""
        mac = _mac(self._key, path, self._account_id, self._token_id, self._ends)
        return f"{self._ends:x}.{self._token_id:x}.{mac}"


def _mac(key: bytes, path: str, account_id: int, token_id: int, ends: int) -> str:
    text = f"{path}\n{account_id}\n{token_id}\n{ends}".encode()
    return urlsafe_b64encode(hmac.digest(key, text, "sha256")[:_MAC_BYTES]).rstrip(b"=").decode()


async def holder(node: Node, path: str, grant: str) -> Person | None:
    """The person for whom a capability for this path was made; None when it holds no more."""
    ends_text, _, rest = grant.partition(".")
    token_text, _, mac = rest.partition(".")
    if len(grant) > _TEXT_MAX or not mac:
        return None
    try:
        ends, token_id = int(ends_text, 16), int(token_text, 16)
    except ValueError:
        return None
    now = node.clock() // HOUR_MS
    if not now < ends <= now + LASTS_HOURS or not 0 < token_id < 1 << 63:
        return None
    row = await node.db.row(_HOLDER, token_id)
    if row is None:
        return None
    expected = _mac(node.keyring.derived("media capabilities"), path, row["id"], token_id, ends)
    if not hmac.compare_digest(expected.encode(), mac.encode("utf-8", "replace")):
        return None
    return Person(row["actor_id"], bool(row["is_guest"]))


def picture_mac(node: Node, url: str) -> str:
    """What proves that this node itself wrote the address of a copy of `url`."""
    key = node.keyring.derived("copied pictures")
    return urlsafe_b64encode(hmac.digest(key, url.encode(), "sha256")[:_MAC_BYTES])[:22].decode()
