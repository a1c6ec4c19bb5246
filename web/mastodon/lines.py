"""What is read of a status whose head is kept: a `Line`, the columns that change, by their place.

A row answers to names by searching for them, so lines are plain tuples.
"""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from federation.database import Row, values_of

_NAMES = (
    "id",
    "actor_id",
    "reblog_of_id",
    "type",
    "edited_at",
    "in_reply_to_id",
    "replies_count",
    "reblogs_count",
    "favourites_count",
    "quotes_count",
    "audience_kind",
    "thread_root_id",
    "quote_of_id",
    "quote_state",
    "quote_automatic",
    "quote_manual",
    "card_at",
    "sensitive",
    "is_covered",
)
ID, ACTOR, REBLOG_OF, TYPE, EDITED, REPLY_TO = range(6)
COUNTED = slice(6, 10)
KIND, THREAD, QUOTE_OF, QUOTE_STATE, QUOTE_AUTOMATIC, QUOTE_MANUAL, CARD = range(10, 17)
POLICY = slice(QUOTE_AUTOMATIC, CARD)
COVER = slice(17, 19)

Line = tuple[Any, ...]
# The same as columns of a query over statuses `s`.
LINE_COLUMNS = ", ".join(f"s.{name}" for name in _NAMES)


def lines_of(rows: Sequence[Row]) -> list[Line]:
    """The lines of rows that all come from one query and have LINE_COLUMNS at least."""
    if not rows:
        return []
    names = tuple(rows[0].keys())
    if names == _NAMES:
        return values_of(rows)
    read = itemgetter(*map(names.index, _NAMES))
    return [read(row) for row in rows]
