"""What statuses quote, as their reader may see it, and whether she may quote them.

A quoted status is shown to whom `may_see` says yes, whoever quotes it and whatever was agreed;
to anybody else the quote is `unauthorized` and holds nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import orjson

from federation.database import Row, marks
from outbox.visibility import PUBLIC_KINDS, may_see_sql
from web.mastodon.lines import LINE_COLUMNS
from web.mastodon.view import View

# (the quoting status, the state of the quote, the quoted status)
Quote = tuple[int, str, int | None]
Circles = frozenset[tuple[str, int]]
_DISTANCES = ("blocked_account", "blocked_domain", "muted_account")


@dataclass(frozen=True, slots=True)
class Quoted:
    """By quoting status: the state to tell, and the quoted status if it may be shown."""

    states: dict[int, tuple[str, int | None]] = field(
        default_factory=dict[int, tuple[str, int | None]]
    )
    rows: Sequence[Row] = ()


NOTHING = Quoted()


async def read_quoted(call: View, quotes: Sequence[Quote]) -> Quoted:
    """What these statuses quote, in two queries however many there are; none when none is."""
    if not quotes:
        return NOTHING
    wanted = list(
        {quoted_id for _, state, quoted_id in quotes if state == "accepted" and quoted_id}
    )
    rows: Sequence[Row] = ()
    distances: dict[int, str] = {}
    if wanted:
        condition, args = may_see_sql(call.who, "s")
        rows = await call.node.db.rows(
            f"SELECT {LINE_COLUMNS} FROM status s WHERE s.id IN ({marks(wanted)}) AND {condition}",
            *wanted,
            *args,
        )
        distances = await _distances(call, [row["actor_id"] for row in rows])
    authors = {row["id"]: row["actor_id"] for row in rows}
    states: dict[int, tuple[str, int | None]] = {}
    for quoting_id, state, quoted_id in quotes:
        if state != "accepted":
            states[quoting_id] = (state, None)
        elif quoted_id is None:
            states[quoting_id] = ("deleted", None)
        elif quoted_id not in authors:
            states[quoting_id] = ("unauthorized", None)
        else:
            states[quoting_id] = (distances.get(authors[quoted_id], state), quoted_id)
    return Quoted(states, rows)


async def _distances(call: View, author_ids: Sequence[int]) -> dict[int, str]:
    """Whom of these the viewer wants to hear nothing of, and how she said so."""
    viewer_id = call.viewer_id
    if viewer_id is None or not author_ids:
        return {}
    listed = marks(author_ids)
    rows = await call.node.db.rows(
        f"SELECT 0 AS distance, target_id AS id FROM block WHERE actor_id = ?"
        f" AND target_id IN ({listed}) UNION ALL"
        f" SELECT 1, a.id FROM actor a JOIN domain_block d ON d.domain = a.handle_host"
        f" WHERE d.actor_id = ? AND NOT a.is_local AND a.id IN ({listed}) UNION ALL"
        f" SELECT 2, target_id FROM mute WHERE actor_id = ? AND target_id IN ({listed})"
        " AND (expires_at IS NULL OR expires_at > ?) ORDER BY distance DESC",
        *(viewer_id, *author_ids, viewer_id, *author_ids, viewer_id, *author_ids),
        call.node.clock(),
    )
    return {row["id"]: _DISTANCES[row["distance"]] for row in rows}


def without_status(state: str) -> bytes:
    """The Quote of this state with nothing in it; null for what quotes nothing."""
    return b'{"state":"%b","quoted_status":null}' % state.encode() if state else b"null"


def shallow_of(quotes: Quoted, status_id: int) -> bytes:
    """The ShallowQuote of a quoted status, or null: what it quotes itself is named only."""
    if status_id not in quotes.states:
        return b"null"
    state, quoted_id = quotes.states[status_id]
    return orjson.dumps(
        {"state": state, "quoted_status_id": None if quoted_id is None else str(quoted_id)}
    )


async def circles_of(call: View, policies: Iterable[tuple[int, str | None, str | None]]) -> Circles:
    """To which circles of these authors the viewer belongs, as far as a policy names any."""
    viewer_id = call.viewer_id
    authors = list(
        {
            author_id
            for author_id, *words in policies
            if author_id != viewer_id and any(word and "follow" in word for word in words)
        }
    )
    if viewer_id is None or not authors:
        return frozenset()
    listed = marks(authors)
    rows = await call.node.db.rows(
        f"SELECT 'followers' AS circle, target_id AS id FROM follow WHERE follower_id = ?"
        f" AND state = 'accepted' AND target_id IN ({listed}) UNION ALL"
        f" SELECT 'following', follower_id FROM follow WHERE target_id = ?"
        f" AND state = 'accepted' AND follower_id IN ({listed})",
        *(viewer_id, *authors, viewer_id, *authors),
    )
    return frozenset((row["circle"], row["id"]) for row in rows)


def approval(
    viewer_id: int | None,
    author_id: int,
    kind: str,
    words: tuple[str | None, str | None],
    circles: Circles,
) -> bytes:
    """`quote_approval` of a status for this viewer."""
    automatic, manual = words[0] or "", words[1] or ""
    answer = "denied"
    if viewer_id is not None and kind != "named":
        if viewer_id == author_id:
            answer = "automatic"
        elif kind in PUBLIC_KINDS and automatic + manual:
            answer = _answer(automatic.split(), manual.split(), author_id, circles)
    return _approval(automatic, manual, answer)


def _answer(automatic: list[str], manual: list[str], author_id: int, circles: Circles) -> str:
    for answer, words in (("automatic", automatic), ("manual", manual)):
        if "public" in words or any((word, author_id) in circles for word in words):
            return answer
    return "unknown" if "unsupported_policy" in (*automatic, *manual) else "denied"


@lru_cache(maxsize=512)
def _approval(automatic: str, manual: str, answer: str) -> bytes:
    return orjson.dumps(
        {"automatic": automatic.split(), "manual": manual.split(), "current_user": answer}
    )
