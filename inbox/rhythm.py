"""The rhythm of a site: posts, replies and answers by finished week, never by person.

Three cells of a week stand beside each other (posts, replies among people of this site, replies
between sites), and four of how soon posts were answered; `inbox.figures.shown` leaves out what
would tell of fewer than five people. A sum of weeks is the sum of what each week shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from federation.database import Reader, Row
from inbox.figures import (
    READ_BY_ALL,
    STATUS_MOMENT,
    WEEK_MS,
    WHOLE_SITE,
    finished_weeks,
    shown,
    span_of,
    tables_of,
    week_in_sql,
)

WEEKS = 12
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
KINDS = ("posts", "replies", "between")
ANSWERS = ("hour", "day", "later", "none")


@dataclass(frozen=True, slots=True)
class Week:
    """One week by its Monday (ms): its cells by kind; None is one that is left out."""

    monday: int
    cells: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Finished weeks, oldest first, and how soon posts of these weeks were answered."""

    weeks: list[Week]
    answers: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def between_percent(self) -> int | None:
        """The share of replies that went from site to site, in weeks that show both kinds."""
        both = [
            (within, between)
            for week in self.weeks
            if (within := week.cells["replies"]) is not None
            and (between := week.cells["between"]) is not None
        ]
        total = sum(within + between for within, between in both)
        return round(100 * sum(between for _, between in both) / total) if total else None

    @property
    def usual_answer(self) -> str | None:
        """How soon the middle one of all posts that are shown was answered."""
        total, passed = sum(self.answers.values()), 0
        for name in ANSWERS:
            passed += self.answers.get(name, 0)
            if passed * 2 >= total > 0:
                return name
        return None

    @property
    def lively_weeks(self) -> int:
        """In how many weeks something is shown."""
        return sum(any(week.cells.values()) for week in self.weeks)


async def rhythm(reader: Reader, now_ms: int) -> Rhythm:
    """The last twelve finished weeks."""
    mondays = finished_weeks(now_ms, now_ms - (WEEKS + 1) * WEEK_MS, now_ms)[-WEEKS:]
    said = tables_of(await _said(reader, mondays))
    answered = tables_of(await _answered(reader, mondays))
    answers: dict[str, int] = {}
    for doings in answered.values():
        for name, count in shown(doings).items():
            answers[name] = answers.get(name, 0) + count
    return Rhythm([_week(monday, said.get(monday, {})) for monday in mondays], answers)


def _week(monday: int, doings: dict[str, dict[int, int]]) -> Week:
    visible = shown(doings)
    return Week(monday, {kind: visible.get(kind, None if kind in doings else 0) for kind in KINDS})


async def _said(reader: Reader, mondays: Sequence[int]) -> Sequence[Row]:
    """Posts of this site, and replies that somebody of it wrote or got; none to oneself."""
    start, end = span_of(mondays)
    return await reader.rows(
        f"SELECT {week_in_sql(STATUS_MOMENT)} AS week, s.actor_id AS person,"
        " CASE WHEN s.in_reply_to_uri IS NULL THEN 'posts'"
        " WHEN s.is_local AND p.is_local THEN 'replies' ELSE 'between' END AS name, COUNT(*) AS n"
        " FROM status s LEFT JOIN status p ON p.id = s.in_reply_to_id"
        f" WHERE s.id >= ? AND s.id < ? AND s.reblog_of_id IS NULL"
        f" AND s.audience_kind IN {READ_BY_ALL} AND ((s.in_reply_to_uri IS NULL AND s.is_local)"
        f" OR (p.audience_kind IN {READ_BY_ALL} AND (s.is_local OR p.is_local)"
        " AND s.actor_id <> p.actor_id)) GROUP BY 1, 2, 3",
        start << 16,
        end << 16,
    )


async def _answered(reader: Reader, mondays: Sequence[int]) -> Sequence[Row]:
    """How soon somebody else answered the posts of each week, or whether nobody has."""
    start, end = span_of(mondays)
    first = (
        "(SELECT MIN(a.published_at) FROM status a WHERE a.thread_root_id = s.id"
        f" AND a.id <> s.id AND a.actor_id <> s.actor_id AND a.audience_kind IN {READ_BY_ALL})"
    )
    return await reader.rows(
        "SELECT week, person, CASE WHEN waited IS NULL THEN 'none' WHEN waited <= ? THEN 'hour'"
        " WHEN waited <= ? THEN 'day' ELSE 'later' END AS name, COUNT(*) AS n FROM ("
        f"SELECT {week_in_sql(STATUS_MOMENT)} AS week, s.actor_id AS person,"
        f" {first} - s.published_at AS waited FROM status s WHERE {WHOLE_SITE}"
        " AND s.in_reply_to_uri IS NULL AND s.id >= ? AND s.id < ?) q GROUP BY 1, 2, 3",
        HOUR_MS,
        DAY_MS,
        start << 16,
        end << 16,
    )
