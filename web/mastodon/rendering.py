"""Rows → bytes, at the price of a join: the head of each status and account is rendered once.

Heads are kept in memory, bounded, under what changes with them: (status, its last edit, its
parent) and (actor, its last change). Counts, flags, polls and boosts are put in at each
reading, so nothing needs to be told when they change, and nothing of one reader's view is
ever kept for another.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from federation.database import Row
from federation.node import Node
from web.mastodon.serializers import account_head, date, status_head

HEADS_MAX = 4_000
ACCOUNTS_MAX = 2_000

Key = tuple[Any, ...]
NOBODY = b""
FLAGS = {
    (liked, boosted, kept): (
        f',"favourited":{liked},"reblogged":{boosted},"muted":false,"bookmarked":{kept}'
        ',"filtered":[]'
    ).encode()
    for liked in ("false", "true")
    for boosted in ("false", "true")
    for kept in ("false", "true")
}


class Renderings:
    """The heads of one node, least recently used ones dropped first."""

    def __init__(self) -> None:
        self._statuses: OrderedDict[Key, bytes] = OrderedDict()
        self._accounts: OrderedDict[Key, bytes] = OrderedDict()

    def status(self, row: Row) -> bytes | None:
        """The head of a status if it is kept."""
        return _get(self._statuses, status_key(row))

    def keep_status(self, node: Node, row: Row, **parts: Any) -> bytes:
        """Render and keep the head of a status; `parts` as `status_head` takes them."""
        head = orjson.dumps(status_head(node, row, **parts))[:-1]
        return _keep(self._statuses, status_key(row), head, HEADS_MAX)

    def knows_account(self, row: Row) -> bool:
        """Whether the head of the account of this row (id, updated_at) is kept."""
        return (row["id"], row["updated_at"]) in self._accounts

    def account(self, node: Node, row: Row) -> bytes:
        """The whole Account; a row without all its columns is enough when the head is kept."""
        key = (row["id"], row["updated_at"])
        head = _get(self._accounts, key)
        if head is None:
            rendered = orjson.dumps(account_head(node, row))[:-1]
            head = _keep(self._accounts, key, rendered, ACCOUNTS_MAX)
        last = date(row["last_status_at"])
        return b'%b,"followers_count":%d,"following_count":%d,"statuses_count":%d,%b}' % (
            head,
            row["followers_count"],
            row["following_count"],
            row["statuses_count"],
            b'"last_status_at":null' if last is None else b'"last_status_at":"%b"' % last.encode(),
        )


def status_key(row: Row) -> Key:
    """What the head of a status depends on."""
    return (row["id"], row["edited_at"], row["in_reply_to_id"])


def flags(liked: bool, boosted: bool, kept: bool) -> bytes:
    """The viewer's flags on one status, as a piece of JSON."""
    return FLAGS[
        "true" if liked else "false", "true" if boosted else "false", "true" if kept else "false"
    ]


def join_status(
    head: bytes,
    row: Row,
    *,
    account: bytes,
    reblog: bytes = b"null",
    poll: bytes = b"null",
    audience: bytes = b"null",
    viewer: bytes = NOBODY,
) -> bytes:
    """A whole Status from its head and what is read with it."""
    return (
        b'%b,"replies_count":%d,"reblogs_count":%d,"favourites_count":%d,"account":%b,"reblog":%b'
        b',"poll":%b,"audience":%b%b}'
    ) % (
        head,
        row["replies_count"],
        row["reblogs_count"],
        row["favourites_count"],
        account,
        reblog,
        poll,
        audience,
        viewer,
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


def _get(kept: OrderedDict[Key, bytes], key: Key) -> bytes | None:
    found = kept.get(key)
    if found is not None:
        kept.move_to_end(key)
    return found


def _keep(kept: OrderedDict[Key, bytes], key: Key, value: bytes, most: int) -> bytes:
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)
    return value
