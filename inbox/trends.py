"""What the site talks about these seven days: tags, links and statuses.

Counted only in what is for everybody or for the whole site, and only in what the reader may
see; by authors, never by readers. Of each kind the newest few hundred are looked at, so a
page costs the same on a busy day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from federation.database import Reader, Row, marks
from inbox import figures
from inbox.links import links_in
from inbox.paging import Condition
from inbox.trend_decisions import TAG_NOT_REFUSED, refused_links, refused_statuses
from inbox.wishes import not_from, not_hidden, wishes_of
from outbox.tags import DAY_MS, Day, first_id, last_days, site_kinds
from outbox.visibility import Person, Who, may_see_sql

LOOKED_AT_MAX = 500
# A status counts half after a day.
HALF_LIFE_MS = DAY_MS


@dataclass(slots=True)
class Link:
    """An address, the status that named it last, and who named it on which day."""

    url: str
    status: Row
    authors: dict[int, list[int]] = field(default_factory=dict[int, list[int]])

    def history(self, now_ms: int) -> list[Day]:
        """Its last seven days, today first."""
        days: list[Day] = []
        for day in last_days(now_ms):
            named = self.authors.get(day, [])
            days.append(Day(day * DAY_MS // 1000, len(named), len(set(named))))
        return days

    @property
    def weight(self) -> tuple[int, int, int]:
        """By how many authors, how often, and how lately it was named."""
        everybody = [author for named in self.authors.values() for author in named]
        return len(set(everybody)), len(everybody), self.status["id"]


async def trending_tags(
    reader: Reader, who: Who, now_ms: int, limit: int, offset: int
) -> Sequence[Row]:
    """The tags that most different people used, then the most used."""
    kinds = site_kinds(who)
    condition, args = may_see_sql(who, "s")
    return await reader.rows(
        "SELECT t.id, t.name FROM status_tag x JOIN status s ON s.id = x.status_id"
        " JOIN tag t ON t.id = x.tag_id WHERE x.status_id >= ?"
        f" AND s.audience_kind IN ({marks(kinds)}) AND {condition} AND {TAG_NOT_REFUSED}"
        " GROUP BY t.id, t.name"
        " ORDER BY COUNT(DISTINCT s.actor_id) DESC, COUNT(*) DESC, t.name LIMIT ? OFFSET ?",
        first_id(now_ms),
        *kinds,
        *args,
        limit,
        offset,
    )


async def trending_statuses(
    reader: Reader, who: Who, now_ms: int, limit: int, offset: int
) -> list[Row]:
    """The statuses that were thanked for and passed on most, the older the less.

    Only of people who want to be discovered, no answers, nothing that asks for a warning.
    """
    rows = await _latest(
        reader,
        who,
        now_ms,
        Condition(
            "s.in_reply_to_uri IS NULL AND NOT s.sensitive"
            " AND s.reblogs_count + s.favourites_count > 0"
            " AND EXISTS (SELECT 1 FROM actor a WHERE a.id = s.actor_id AND a.discoverable)"
        ),
    )

    refused = await refused_statuses(reader, (row["id"] for row in rows))
    rows = [row for row in rows if row["id"] not in refused]

    def weight(row: Row) -> float:
        age_ms = max(0, now_ms - row["published_at"])
        return (row["reblogs_count"] + row["favourites_count"]) / 2 ** (age_ms / HALF_LIFE_MS)

    return sorted(rows, key=weight, reverse=True)[offset : offset + limit]


async def trending_links(
    reader: Reader, who: Who, now_ms: int, limit: int, offset: int
) -> list[Link]:
    """The addresses that most different people named."""
    found: dict[str, Link] = {}
    with_link = Condition("s.content_html LIKE '%<a %'")
    for row in await _latest(reader, who, now_ms, with_link):
        for url in links_in(row["content_html"]):
            link = found.setdefault(url, Link(url, row))
            day = (row["id"] >> 16) // DAY_MS
            link.authors.setdefault(day, []).append(row["actor_id"])
    for url in await refused_links(reader, found):
        del found[url]
    ranked = sorted(found.values(), key=lambda link: link.weight, reverse=True)
    return ranked[offset : offset + limit]


async def link_histories(reader: Reader, urls: Sequence[str], now_ms: int) -> dict[str, list[Day]]:
    """The last seven days of each link, today first, as far as figures may tell them to staff.

    0 stands for a day that would tell of fewer than five people, and for the one that goes on.
    """
    days = last_days(now_ms)
    cells = await figures.by_link(reader, days[1:])
    found: dict[str, list[Day]] = {}
    for url in urls:
        bare = url.partition("#")[0]
        used = [cells.get(day, {}).get(bare, (0, 0)) for day in days]
        found[url] = [
            Day(day * DAY_MS // 1000, *pair) for day, pair in zip(days, used, strict=True)
        ]
    return found


async def _latest(reader: Reader, who: Who, now_ms: int, more: Condition) -> list[Row]:
    """The last few statuses of these days for everybody or the site that meet `more`."""
    where = Condition("s.reblog_of_id IS NULL AND s.id >= ?", [first_id(now_ms)]) & more
    where &= Condition(*may_see_sql(who, "s"))
    if isinstance(who, Person):
        wishes = await wishes_of(reader, who, now_ms)
        where &= not_hidden(wishes.hidden) & not_from(wishes.domains)
    found: list[Row] = []
    for kind in site_kinds(who):
        found += await reader.rows(
            f"SELECT s.* FROM status s WHERE s.audience_kind = '{kind}' AND {where.sql}"
            " ORDER BY s.id DESC LIMIT ?",
            *where.args,
            LOOKED_AT_MAX,
        )
    return sorted(found, key=lambda row: row["id"], reverse=True)
