"""Figures about the site that tell of nobody: of time that is over, of posts the whole site reads.

That is finished weeks, and days of links. A cell is shown when at least five people stand behind
it, and when what is left of its week or day without it does not stand for fewer: so no cell can
be computed from its neighbours. Whatever spans several weeks is the sum of what each week shows,
so two spans subtracted show no more. There is no way to ask for one person.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from federation.database import Reader, Row
from inbox.links import links_in

PERSONS_MIN = 5
DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
# 1970-01-01 was a Thursday; weeks begin on Monday.
MONDAY_MS = 4 * DAY_MS
WEEKS_MAX = 53

# What every member may read, written here, and no boost.
READ_BY_ALL = "('public', 'unlisted', 'site', 'organisation', 'partners', 'named_partners')"
WHOLE_SITE = f"s.is_local AND s.audience_kind IN {READ_BY_ALL} AND s.reblog_of_id IS NULL"
# An id begins with the ms of its making: a week of ids is one range of the index.
STATUS_MOMENT = "(s.id >> 16)"
# Who did how much: the cells of one week or day, by key.
Doings = Mapping[str, Mapping[int, int]]


def week_of(at_ms: int) -> int:
    """The Monday, in ms, of the week in which a moment lies."""
    return (at_ms - MONDAY_MS) // WEEK_MS * WEEK_MS + MONDAY_MS


def finished_weeks(now_ms: int, start_ms: int, end_ms: int) -> list[int]:
    """The Mondays of the weeks within a span that are over, oldest first, a year at most.

    A week that goes on is not counted: a figure that is watched while it grows shows each step.
    """
    first = week_of(start_ms + WEEK_MS - 1)
    last = min(week_of(end_ms), week_of(now_ms) - WEEK_MS)
    weeks = list(range(first, last + 1, WEEK_MS))
    return weeks[-WEEKS_MAX:]


def shown(doings: Doings) -> dict[str, int]:
    """The cells of one week or day that may be shown, by key.

    Those of fewer than five people are left out; and while what is left out together stands for
    fewer than five, the smallest that would be shown is left out too.
    """
    cells = {key: people for key, people in doings.items() if people}
    hidden = {key for key, people in cells.items() if len(people) < PERSONS_MIN}
    visible = sorted(set(cells) - hidden, key=lambda key: (len(cells[key]), key))
    while hidden and visible:
        left_out = {person for key in hidden for person in cells[key]}
        if len(left_out) >= PERSONS_MIN:
            break
        hidden.add(visible.pop(0))
    return {key: sum(cells[key].values()) for key in visible}


async def written(reader: Reader, weeks: Sequence[int]) -> dict[int, int]:
    """How many posts for the whole site were written in each week."""
    return await _in_weeks(reader, weeks, "status s", WHOLE_SITE, STATUS_MOMENT, "s.actor_id")


async def writers(reader: Reader, weeks: Sequence[int]) -> dict[int, int]:
    """How many people wrote for the whole site in each week."""
    rows = await _doings(reader, weeks, "status s", WHOLE_SITE, STATUS_MOMENT, "s.actor_id")
    return {week: _shown_persons(people) for week, people in rows.items()}


async def joined(reader: Reader, weeks: Sequence[int]) -> dict[int, int]:
    """How many people got an account in each week."""
    return await _in_weeks(
        reader, weeks, "account s", "s.is_approved", "s.created_at", "s.actor_id"
    )


async def thanked(reader: Reader, weeks: Sequence[int]) -> dict[int, int]:
    """How often people here thanked for a post for the whole site in each week."""
    return await _in_weeks(
        reader,
        weeks,
        "favourite d JOIN status s ON s.id = d.status_id JOIN actor a ON a.id = d.actor_id",
        f"{WHOLE_SITE} AND a.is_local",
        "d.created_at",
        "d.actor_id",
    )


async def reported(reader: Reader, weeks: Sequence[int], *, resolved: bool) -> dict[int, int]:
    """How many reports were made, or closed, in each week, by at least five people each time."""
    column = "s.action_taken_at" if resolved else "s.created_at"
    return await _in_weeks(reader, weeks, "report s", f"{column} IS NOT NULL", column, "s.actor_id")


async def all_written(reader: Reader, now_ms: int) -> int:
    """How many posts for the whole site all finished weeks show together."""
    rows = await reader.rows(
        f"SELECT {week_in_sql(STATUS_MOMENT)} AS week, s.actor_id AS person, '' AS name,"
        f" COUNT(*) AS n FROM status s WHERE {WHOLE_SITE} AND s.id < ? GROUP BY 1, 2",
        week_of(now_ms) << 16,
    )
    return sum(_summed(rows).values())


async def by_language(reader: Reader, weeks: Sequence[int]) -> dict[str, int]:
    """How many posts for the whole site were written in each language, over these weeks."""
    return _summed(await _status_rows(reader, weeks, "COALESCE(s.language, '')"))


async def by_tag(reader: Reader, weeks: Sequence[int], tag_id: int) -> dict[int, int]:
    """How many posts for the whole site had a tag, in each week.

    The posts without it are a cell as well, since all of them together are shown elsewhere.
    """
    name = (
        "CASE WHEN EXISTS (SELECT 1 FROM status_tag t WHERE t.status_id = s.id"
        f" AND t.tag_id = {int(tag_id)}) THEN 'with' ELSE 'without' END"
    )
    rows = await _status_rows(reader, weeks, name)
    found = {week: shown(doings) for week, doings in tables_of(rows).items()}
    return {week: cells["with"] for week, cells in found.items() if "with" in cells}


async def by_link(reader: Reader, days: Sequence[int]) -> dict[int, dict[str, tuple[int, int]]]:
    """How many posts for the whole site named each link, and by how many people, on each day.

    `days` are finished ones, counted since 1970 (UTC). A post that names two links stands in two
    cells; the posts without any are a cell as well, since all of them are counted elsewhere.
    """
    rows = await reader.rows(
        "SELECT (s.id >> 16) / ? AS day, s.actor_id,"
        " CASE WHEN s.content_html LIKE '%<a %' THEN s.content_html ELSE '' END AS html"
        f" FROM status s WHERE {WHOLE_SITE} AND s.id >= ? AND s.id < ?",
        DAY_MS,
        (min(days) * DAY_MS) << 16,
        ((max(days) + 1) * DAY_MS) << 16,
    )
    named: dict[int, dict[str, dict[int, int]]] = {day: {} for day in days}
    for row in rows:
        cells = named.get(row["day"], {})
        for url in links_in(row["html"]) or [""]:
            people = cells.setdefault(url, {})
            people[row["actor_id"]] = people.get(row["actor_id"], 0) + 1
    return {
        day: {url: (uses, len(cells[url])) for url, uses in shown(cells).items() if url}
        for day, cells in named.items()
    }


async def _status_rows(reader: Reader, weeks: Sequence[int], name: str) -> Sequence[Row]:
    start, end = span_of(weeks)
    return await reader.rows(
        f"SELECT {week_in_sql(STATUS_MOMENT)} AS week, s.actor_id AS person, {name} AS name,"
        f" COUNT(*) AS n FROM status s WHERE {WHOLE_SITE} AND s.id >= ? AND s.id < ?"
        " GROUP BY 1, 2, 3",
        start << 16,
        end << 16,
    )


async def stayed(
    reader: Reader, weeks: Sequence[int], spans: Sequence[tuple[int, int]]
) -> tuple[int, list[int]]:
    """How many got an account in these weeks, and how many of them wrote in later spans of time.

    Those of weeks that `joined` does not show are left out; 0 stands for a group under five and
    for one whose rest is under five.
    """
    counts = await joined(reader, weeks)
    kept = [week for week in weeks if counts[week]]
    size = sum(counts.values())
    if not kept:
        return 0, [0 for _ in spans]
    within = " OR ".join("(c.created_at >= ? AND c.created_at < ?)" for _ in kept)
    bounds = [moment for week in kept for moment in (week, week + WEEK_MS)]
    active: list[int] = []
    for start, end in spans:
        count = await reader.value(
            "SELECT COUNT(DISTINCT s.actor_id) FROM status s JOIN account c"
            f" ON c.actor_id = s.actor_id WHERE {WHOLE_SITE} AND s.id >= ? AND s.id < ?"
            f" AND c.is_approved AND ({within})",
            start << 16,
            end << 16,
            *bounds,
        )
        hides = count < PERSONS_MIN or 0 < size - count < PERSONS_MIN
        active.append(0 if hides else count)
    return size, active


async def _in_weeks(
    reader: Reader, weeks: Sequence[int], table: str, condition: str, moment: str, person: str
) -> dict[int, int]:
    found = await _doings(reader, weeks, table, condition, moment, person)
    return {
        week: sum(people.values()) if len(people) >= PERSONS_MIN else 0
        for week, people in found.items()
    }


async def _doings(
    reader: Reader, weeks: Sequence[int], table: str, condition: str, moment: str, person: str
) -> dict[int, dict[int, int]]:
    """Who did it how often, by week."""
    start, end = span_of(weeks)
    rows = await reader.rows(
        f"SELECT {week_in_sql(moment)} AS week, {person} AS person, '' AS name, COUNT(*) AS n"
        f" FROM {table} WHERE {condition} AND {moment} >= ? AND {moment} < ? GROUP BY 1, 2",
        start,
        end,
    )
    tables = tables_of(rows)
    return {week: tables.get(week, {}).get("", {}) for week in weeks}


def week_in_sql(moment: str) -> str:
    """The Monday of a moment in SQL; both engines divide whole numbers without a rest."""
    return f"({moment} - {MONDAY_MS}) / {WEEK_MS} * {WEEK_MS} + {MONDAY_MS}"


def span_of(weeks: Sequence[int]) -> tuple[int, int]:
    """The first ms of these weeks, and the first after them."""
    return (weeks[0], weeks[-1] + WEEK_MS) if weeks else (0, 0)


def tables_of(rows: Sequence[Row]) -> dict[int, dict[str, dict[int, int]]]:
    """Week, key, person → how often, from rows of `week`, `name`, `person` and `n`."""
    found: dict[int, dict[str, dict[int, int]]] = defaultdict(dict)
    for row in rows:
        found[row["week"]].setdefault(row["name"], {})[row["person"]] = row["n"]
    return found


def _summed(rows: Sequence[Row]) -> dict[str, int]:
    found: dict[str, int] = {}
    for doings in tables_of(rows).values():
        for key, count in shown(doings).items():
            found[key] = found.get(key, 0) + count
    return found


def _shown_persons(people: Mapping[int, int]) -> int:
    return len(people) if len(people) >= PERSONS_MIN else 0
