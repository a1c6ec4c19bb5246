"""Statuses found by their words: only what the reader may see, and whose author does not mind.

On an establishment's node one finds everything one may read, except what others wrote who
opted out (`indexable`); what one wrote, is named in, thanked for, kept or passed on is always
found. Candidates come from the index newest first and are judged in rounds, of which there is
a bounded number: a search costs the same however much there is that the reader may not see.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from actors import queries as actors
from federation.database import ID_MAX, Reader, Row, marks
from federation.node import Node
from inbox.links import links_in
from inbox.paging import TRUE, Condition
from inbox.search_query import DAY_MS, Operator, Query, Term, day_ms
from inbox.wishes import not_from, not_hidden, wishes_of
from outbox.visibility import Person, may_see_sql

ROUND_LEAST, ROUND_MOST = 40, 640
JUDGED_MAX = 2_000
NEAREST = 600

_LIBRARY = (
    "(s.actor_id = ? OR EXISTS (SELECT 1 FROM mention m WHERE m.status_id = s.id"
    " AND m.actor_id = ?) OR EXISTS (SELECT 1 FROM favourite k WHERE k.status_id = s.id"
    " AND k.actor_id = ?) OR EXISTS (SELECT 1 FROM bookmark k WHERE k.status_id = s.id"
    " AND k.actor_id = ?) OR EXISTS (SELECT 1 FROM status k WHERE k.reblog_of_id = s.id"
    " AND k.actor_id = ?))"
)
_IN_LIBRARY = (
    ("c.id", "status c WHERE c.actor_id = ? AND c.reblog_of_id IS NULL"),
    ("c.reblog_of_id", "status c WHERE c.actor_id = ? AND c.reblog_of_id IS NOT NULL"),
    ("c.status_id", "mention c WHERE c.actor_id = ?"),
    ("c.status_id", "favourite c WHERE c.actor_id = ?"),
    ("c.status_id", "bookmark c WHERE c.actor_id = ?"),
)
_INDEXABLE = "EXISTS (SELECT 1 FROM actor i WHERE i.id = s.actor_id AND i.indexable)"
_MEDIA = "EXISTS (SELECT 1 FROM attachment x WHERE x.status_id = s.id)"
_HAS = {
    "media": _MEDIA,
    "poll": "EXISTS (SELECT 1 FROM poll x WHERE x.status_id = s.id)",
    "embed": "EXISTS (SELECT 1 FROM card x WHERE x.status_id = s.id)",
}
# Where the statuses that have it stand by their id.
_STANDS_IN = {"media": "attachment", "poll": "poll", "embed": "card"}
WHOLE = "s.*"
_IS = {"reply": "s.in_reply_to_uri IS NOT NULL", "sensitive": "s.sensitive"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of what is found is asked for."""

    limit: int = 20
    offset: int = 0
    max_id: int | None = None
    min_id: int | None = None
    author_id: int | None = None


@dataclass(slots=True)
class _Plan:
    """Where candidates come from (their id, a table and condition), and what each must meet.

    Without sources, the nearest statuses are judged where they stand.
    """

    sources: list[tuple[str, Condition]]
    where: Condition = TRUE
    with_link: list[bool] = field(default_factory=list[bool])
    by_words: str = ""
    columns: str = WHOLE
    below: int = ID_MAX
    above: int = 0


async def search_statuses(
    node: Node, viewer: Person, query: Query, wanted: Wanted, *, columns: str = WHOLE
) -> list[Row]:
    """The newest statuses that meet the query, for this reader; newest first.

    With `min_id` those right after it. At most JUDGED_MAX candidates are looked at.
    `columns` says what is read of each status `s`: whoever has its text already asks for less.
    """
    if not query.asks_for_something:
        return []
    plan = await _plan(node, viewer, query, wanted)
    if plan is None:
        return []
    if not plan.with_link:
        plan.columns = columns
    ascending = wanted.min_id is not None
    if not plan.sources:
        rows = await _walked(node.db, plan, wanted.offset + wanted.limit, ascending=ascending)
        page = rows[wanted.offset :]
        return page[::-1] if ascending else page
    found: list[Row] = []
    judged, size = 0, ROUND_LEAST
    waiting = await _nearest(node.db, plan) if plan.by_words and not ascending else []
    is_all = False
    while judged < JUDGED_MAX and len(found) < wanted.offset + wanted.limit:
        if not waiting:
            # To put what an index of words holds in order costs the same for few as for many.
            count = JUDGED_MAX if plan.by_words else size
            waiting = [] if is_all else await _candidates(node.db, plan, count, ascending=ascending)
            is_all = len(waiting) < count
        if not waiting:
            break
        ids, waiting = waiting[:size], waiting[size:]
        found += await _judged(node.db, plan, ids, ascending=ascending)
        if ascending:
            plan.above = ids[-1]
        else:
            plan.below = ids[-1]
        judged, size = judged + size, min(size * 2, ROUND_MOST)
    page = found[wanted.offset : wanted.offset + wanted.limit]
    return page[::-1] if ascending else page


async def _walked(reader: Reader, plan: _Plan, count: int, *, ascending: bool) -> list[Row]:
    """What no index leads to: the JUDGED_MAX statuses at the end of what is asked for, in place."""
    order, ahead, behind = ("ASC", ">", "<") if ascending else ("DESC", "<", ">")
    first, last = (plan.above, plan.below) if ascending else (plan.below, plan.above)
    end = (
        f"COALESCE((SELECT w.id FROM status w WHERE w.id {ahead} ? ORDER BY w.id {order}"
        " LIMIT 1 OFFSET ?), ?)"
    )
    return list(
        await reader.rows(
            f"SELECT {plan.columns} FROM status s WHERE s.id {ahead} ? AND s.id {behind} {end}"
            f" AND s.id {behind} ? AND {plan.where.sql} ORDER BY s.id {order} LIMIT ?",
            *(first, first, JUDGED_MAX, last, last, *plan.where.args, count),
        )
    )


async def _nearest(reader: Reader, plan: _Plan) -> list[int]:
    """The newest candidates when they stand among the newest statuses of all; else none."""
    ((_, source),) = plan.sources
    table, _, condition = source.sql.partition(" c WHERE ")
    rows = await reader.rows(
        f"SELECT c.rowid AS id FROM (SELECT * FROM {table} WHERE rowid < ? AND rowid > ?"
        f" ORDER BY rowid DESC LIMIT ?) c WHERE {condition} ORDER BY c.rowid DESC LIMIT ?",
        plan.below,
        plan.above,
        NEAREST,
        *source.args,
        ROUND_LEAST,
    )
    return [row["id"] for row in rows] if len(rows) == ROUND_LEAST else []


async def _candidates(reader: Reader, plan: _Plan, count: int, *, ascending: bool) -> list[int]:
    order = "ASC" if ascending else "DESC"
    parts = [
        f"SELECT {column} AS id FROM {source.sql} AND {column} < ? AND {column} > ?"
        f" ORDER BY {column}{plan.by_words} {order} LIMIT ?"
        for column, source in plan.sources
    ]
    args = [
        arg for _, source in plan.sources for arg in (*source.args, plan.below, plan.above, count)
    ]
    if len(parts) == 1:
        rows = await reader.rows(parts[0], *args)
    else:
        joined = " UNION ".join(f"SELECT id FROM ({part}) p" for part in parts)
        rows = await reader.rows(
            f"SELECT id FROM ({joined}) q ORDER BY id {order} LIMIT ?", *args, count
        )
    return [row["id"] for row in rows]


async def _judged(reader: Reader, plan: _Plan, ids: Sequence[int], *, ascending: bool) -> list[Row]:
    rows = await reader.rows(
        f"SELECT {plan.columns} FROM status s WHERE s.id IN ({marks(ids)}) AND {plan.where.sql}"
        f" ORDER BY s.id {'ASC' if ascending else 'DESC'}",
        *ids,
        *plan.where.args,
    )
    return [
        row
        for row in rows
        if all(bool(links_in(row["content_html"])) is link for link in plan.with_link)
    ]


async def _plan(node: Node, viewer: Person, query: Query, wanted: Wanted) -> _Plan | None:
    """How to look for it; None when an operator names nobody, so that nothing can be found."""
    wishes = await wishes_of(node.db, viewer, node.clock())
    own = viewer.actor_id
    plan = _Plan([], Condition("s.reblog_of_id IS NULL"))
    if wanted.max_id is not None:
        plan.below = min(plan.below, wanted.max_id)
    if wanted.min_id is not None:
        plan.above = max(plan.above, wanted.min_id)
    authors = [] if wanted.author_id is None else [wanted.author_id]
    for operator in query.operators:
        if operator.name != "from":
            _apply(plan, operator, own)
            continue
        author = await _author(node, viewer, operator.value)
        if author is None and not operator.negated:
            return None
        if author is not None and operator.negated:
            plan.where &= Condition("s.actor_id <> ?", [author])
        elif author is not None:
            authors.append(author)
    for author_id in authors:
        plan.where &= Condition("s.actor_id = ?", [author_id])
    _look_in(plan, node.db.dialect, query, authors, own)
    # What costs least to judge stands first.
    plan.where &= not_hidden(wishes.hidden) & not_from(wishes.domains)
    plan.where &= Condition(f"({_INDEXABLE} OR {_LIBRARY})", [own] * 5)
    plan.where &= Condition(*may_see_sql(viewer, "s"))
    return plan


def _look_in(
    plan: _Plan,
    dialect: Literal["sqlite", "postgres"],
    query: Query,
    authors: Sequence[int],
    own: int,
) -> None:
    """Choose the index that leads to the fewest candidates."""
    if any(not term.negated for term in query.terms):
        words = _matching(dialect, query.terms)
        if authors:
            # Of one person everything is looked through, however much others wrote with it.
            by_author = "EXISTS (SELECT 1 FROM status k WHERE k.id = c.rowid AND k.actor_id = ?)"
            words &= Condition(by_author, authors[:1])
        plan.sources = [("c.rowid", words)]
        if dialect == "postgres":
            # Keeps the engine from walking all statuses for a word that few have.
            plan.by_words = " + 0"
        return
    for term in query.terms:
        unwanted = _matching(dialect, [Term(term.stems, term.phrase)])
        plan.where &= Condition(
            f"s.id NOT IN (SELECT c.rowid FROM {unwanted.sql} AND c.rowid = s.id)", unwanted.args
        )
    in_library = any(
        (one.name, one.value, one.negated) == ("in", "library", False) for one in query.operators
    )
    if authors:
        by = Condition("status c WHERE c.actor_id = ? AND c.reblog_of_id IS NULL", authors[:1])
        plan.sources = [("c.id", by)]
    elif in_library:
        plan.sources = [(column, Condition(sql, [own])) for column, sql in _IN_LIBRARY]
    elif has := [one.value for one in query.operators if one.name == "has" and not one.negated]:
        plan.sources = [
            ("c.status_id", Condition(f"{table} c WHERE c.status_id IS NOT NULL"))
            for word, table in _STANDS_IN.items()
            if word == has[0]
        ]
    if not plan.sources and plan.with_link:
        plan.sources = [("c.id", Condition("status c WHERE c.reblog_of_id IS NULL"))]


def _apply(plan: _Plan, operator: Operator, own: int) -> None:
    value, turned = operator.value, "NOT " if operator.negated else ""
    match operator.name:
        case "has" if value == "link":
            plan.with_link.append(not operator.negated)
        case "has":
            plan.where &= Condition(f"{turned}{_HAS[value]}")
        case "is":
            plan.where &= Condition(f"{turned}({_IS[value]})")
        case "in" if value == "library":
            plan.where &= Condition(f"{turned}{_LIBRARY}", [own] * 5)
        case "in" if value == "public":
            plan.where &= Condition(f"{turned}(s.audience_kind = 'public')")
        case "language":
            plan.where &= Condition(
                f"{turned}(COALESCE(lower(s.language), '') = ?"
                " OR COALESCE(lower(s.language), '') LIKE ?)",
                [value, f"{value}-%"],
            )
        case "before" | "after" | "during":
            _apply_days(plan, operator)
        case _:
            pass


def _apply_days(plan: _Plan, operator: Operator) -> None:
    day = day_ms(operator.value) or 0
    first, behind = day << 16, (day + DAY_MS) << 16
    bounds: dict[str, tuple[str, list[int]]] = {
        "before": ("s.id < ?", [first]),
        "after": ("s.id >= ?", [behind]),
        "during": ("s.id >= ? AND s.id < ?", [first, behind]),
    }
    sql, args = bounds[operator.name]
    plan.where &= Condition(f"{'NOT ' if operator.negated else ''}({sql})", args)
    if not operator.negated:
        if operator.name != "after":
            plan.below = min(plan.below, args[-1])
        if operator.name != "before":
            plan.above = max(plan.above, args[0] - 1)


async def _author(node: Node, viewer: Person, value: str) -> int | None:
    if value == "me":
        return viewer.actor_id
    username, _, host = value.removeprefix("@").partition("@")
    row = await actors.by_handle(node.db, username, host or node.host)
    return None if row is None else row["id"]


def _matching(dialect: Literal["sqlite", "postgres"], terms: Sequence[Term]) -> Condition:
    """The index rows `c` that hold all positive terms and none of the negated ones."""
    if dialect == "sqlite":
        wanted = " AND ".join(_fts(term) for term in terms if not term.negated)
        unwanted = " OR ".join(_fts(term) for term in terms if term.negated)
        text = f"({wanted}) NOT ({unwanted})" if unwanted else wanted
        return Condition("status_words c WHERE c.status_words MATCH ?", [text])
    parts: list[str] = []
    args: list[Any] = []
    for term in terms:
        column = "words" if term.phrase else "stems"
        turned = "NOT " if term.negated else ""
        parts.append(f"{turned}(c.{column} @@ CAST(CAST(? AS TEXT) AS tsquery))")
        joint = " <-> " if term.phrase else " | "
        args.append(joint.join(f"'{word}'" for word in term.phrase or term.stems))
    return Condition(f"status_words c WHERE {' AND '.join(parts)}", args)


def _fts(term: Term) -> str:
    if term.phrase:
        return f'(words : "{" ".join(term.phrase)}")'
    return "(stems : ({}))".format(" OR ".join(f'"{stem}"' for stem in term.stems))
