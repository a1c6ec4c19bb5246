"""Rows → bytes, at the price of a join: the head of each status and account is rendered once.

Heads are kept in memory, bounded, under what changes with them: (status, its last edit, its
parent, its card, whether it is covered, the reader's language) and (actor, its last change).
Counts, flags, polls, boosts and the capabilities of private files are put in at each reading,
so nothing needs to be told when they change, and nothing of one reader's view is ever kept for
another.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import orjson

from federation.database import Row
from federation.node import Node
from outbox.circles import ACROSS_SITES
from web.mastodon.affiliations import Affiliations
from web.mastodon.lines import (
    CARD,
    COVER,
    EDITED,
    ID,
    POLICY,
    QUOTE_STATE,
    REBLOG_OF,
    REPLY_TO,
    TYPE,
    Line,
    lines_of,
)
from web.mastodon.private_heads import Head, split
from web.mastodon.serializers import account_head, date, status_head
from web.translations import Language, say

K = TypeVar("K")
V = TypeVar("V")

HEADS_MAX = 6_000
ACCOUNTS_MAX = 3_000

StatusKey = tuple[Any, ...]
AccountKey = tuple[int, int]
# The head of a status, its counts, and what stands behind its author.
Plain = tuple[bytes, bytes, bytes]

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

    def __init__(self, affiliations: Affiliations) -> None:
        self._affiliations = affiliations
        self.statuses: dict[StatusKey, Head] = {}
        self._accounts: dict[AccountKey, bytes] = {}
        # Whole Accounts, by all of them that changes.
        self.people: dict[tuple[Any, ...], bytes] = {}
        # What is the same for every reader but the author, by all of the status that changes.
        self.plain: defaultdict[Language, dict[Line, Plain]] = defaultdict(dict)

    async def refresh(self) -> None:
        """Let nothing stand of people whose site is another, or called otherwise, by now."""
        if await self._affiliations.refresh():
            self._accounts.clear()
            self.people.clear()

    def keep_plain(self, language: Language, line: Line, piece: Plain) -> None:
        """Keep how a status is told to people who are not its author, if nothing depends on them.

        A boost, a poll, a quote, a file for some readers and a policy that names followers are
        put in again at each reading.
        """
        head = self.statuses.get(status_key(line, language))
        named = "".join(word or "" for word in line[POLICY])
        if (
            type(head) is bytes
            and line[TYPE] != "Question"
            and line[REBLOG_OF] is None
            and not line[QUOTE_STATE]
            and "follow" not in named
        ):
            _keep(self.plain[language], line, piece, HEADS_MAX)

    def keep_person(self, node: Node, key: tuple[Any, ...], row: Row) -> bytes:
        """Render and keep a whole Account under `key`, all of its row that changes."""
        return _keep(self.people, key, self.account(node, row), ACCOUNTS_MAX)

    def keep_status(self, node: Node, row: Row, language: Language, **parts: Any) -> Head:
        """Render and keep the head of a status; `parts` as `status_head` takes them."""
        kind = row["audience_kind"]
        audience = {
            "id": str(row["audience_id"]),
            "kind": kind,
            "words": say(language, f"audience.{_words(row)}"),
        }
        rendered = orjson.dumps(status_head(node, row, **parts) | {"audience": audience})[:-1]
        head = split(node, rendered)
        return _keep(self.statuses, status_key(lines_of([row])[0], language), head, HEADS_MAX)

    def account(self, node: Node, row: Row) -> bytes:
        """The whole Account; a row without all its columns is enough when the head is kept."""
        key = (row["id"], row["updated_at"])
        head = self._accounts.get(key)
        if head is None:
            of = self._affiliations.of(row["origin"], is_local=bool(row["is_local"]))
            head = orjson.dumps(account_head(node, row) | {"maillage": of})[:-1]
            _keep(self._accounts, key, head, ACCOUNTS_MAX)
        last = date(row["last_status_at"])
        return b'%b,"followers_count":%d,"following_count":%d,"statuses_count":%d,%b}' % (
            head,
            row["followers_count"],
            row["following_count"],
            row["statuses_count"],
            b'"last_status_at":null' if last is None else b'"last_status_at":"%b"' % last.encode(),
        )


def status_key(line: Line, language: Language) -> StatusKey:
    """Under what the head of a status is kept: all that changes it, and the reader's language."""
    return (line[ID], line[EDITED], line[REPLY_TO], line[CARD], line[COVER], language)


def _keep(memory: dict[K, V], key: K, value: V, most: int) -> V:
    """Remember, and forget what was remembered first when there is too much."""
    if len(memory) >= most:
        del memory[next(iter(memory))]
    memory[key] = value
    return value


def _words(row: Row) -> str:
    """How an audience is called: what came to this site among others is not *my partners*."""
    kind = row["audience_kind"]
    if row["is_local"] or kind not in ACROSS_SITES:
        return kind
    return "received_organisation" if kind == "organisation" else "received_partners"


def by_status(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """Rows in lists by their `status_id`, in their order."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["status_id"], []).append(row)
    return found


def newest_first(rows: Sequence[Row], *, turned: bool) -> list[Row]:
    """Rows as a list; `turned` when they were selected oldest first."""
    return list(reversed(rows)) if turned else list(rows)
