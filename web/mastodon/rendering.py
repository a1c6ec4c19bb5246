"""Rows → bytes, at the price of a join: the head of each status and account is rendered once.

Heads are kept in memory, bounded, under what changes with them: (status, its last edit, its
parent, its card, the reader's language) and (actor, its last change). Counts, flags, polls,
boosts and the capabilities of private files are put in at each reading, so nothing needs to be
told when they change, and nothing of one reader's view is ever kept for another.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from federation.database import Row
from federation.node import Node
from web.mastodon.private_heads import Head, split
from web.mastodon.serializers import account_head, date, status_head
from web.translations import Language, say

HEADS_MAX = 6_000
ACCOUNTS_MAX = 3_000

StatusKey = tuple[int, int | None, int | None, int | None, Language]
AccountKey = tuple[int, int]

LIKED, KEPT, BOOSTED, MINE, MUTED, PINNED = 1, 2, 4, 8, 16, 32


def _flags(mask: int) -> bytes:
    flags = {
        "favourited": bool(mask & LIKED),
        "reblogged": bool(mask & BOOSTED),
        "muted": bool(mask & MUTED),
        "bookmarked": bool(mask & KEPT),
        "filtered": [],
    }
    # Only of one's own status, and not of a message, can it be said whether it is pinned.
    pinned = {"pinned": bool(mask & PINNED)} if mask & MINE else {}
    return b"," + orjson.dumps(flags | pinned)[1:]


# What the viewer did to a status, by its mask, as the end of the entity.
FLAGS = tuple(_flags(mask) for mask in range(64))
# The counts of a status, up to where its account stands.
COUNTS = (
    b',"replies_count":%d,"reblogs_count":%d,"favourites_count":%d,"quotes_count":%d,"account":'
)
NO_COUNTS = COUNTS % (0, 0, 0, 0)


class Renderings:
    """The heads of one node, the oldest dropped first."""

    def __init__(self) -> None:
        self.statuses: dict[StatusKey, Head] = {}
        self._accounts: dict[AccountKey, bytes] = {}

    def keep_status(self, node: Node, row: Row, language: Language, **parts: Any) -> Head:
        """Render and keep the head of a status; `parts` as `status_head` takes them."""
        kind = row["audience_kind"]
        audience = {
            "id": str(row["audience_id"]),
            "kind": kind,
            "words": say(language, f"audience.{kind}"),
        }
        rendered = orjson.dumps(status_head(node, row, **parts) | {"audience": audience})[:-1]
        head = split(node, rendered)
        if len(self.statuses) >= HEADS_MAX:
            del self.statuses[next(iter(self.statuses))]
        changes = (row["edited_at"], row["in_reply_to_id"], row["card_at"])
        self.statuses[row["id"], *changes, language] = head
        return head

    def knows_account(self, row: Row) -> bool:
        """Whether the head of the account of this row (id, updated_at) is kept."""
        return (row["id"], row["updated_at"]) in self._accounts

    def account(self, node: Node, row: Row) -> bytes:
        """The whole Account; a row without all its columns is enough when the head is kept."""
        key = (row["id"], row["updated_at"])
        head = self._accounts.get(key)
        if head is None:
            head = orjson.dumps(account_head(node, row))[:-1]
            if len(self._accounts) >= ACCOUNTS_MAX:
                del self._accounts[next(iter(self._accounts))]
            self._accounts[key] = head
        last = date(row["last_status_at"])
        return b'%b,"followers_count":%d,"following_count":%d,"statuses_count":%d,%b}' % (
            head,
            row["followers_count"],
            row["following_count"],
            row["statuses_count"],
            b'"last_status_at":null' if last is None else b'"last_status_at":"%b"' % last.encode(),
        )


def by_status(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """Rows in lists by their `status_id`, in their order."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["status_id"], []).append(row)
    return found


def newest_first(rows: Sequence[Row], *, turned: bool) -> list[Row]:
    """Rows as a list; `turned` when they were selected oldest first."""
    return list(reversed(rows)) if turned else list(rows)
