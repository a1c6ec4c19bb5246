"""Figures for staff: what `inbox.figures` shows, and nothing for the keys that would tell more.

Nothing here takes a person; what a key of Mastodon's would need and is not kept here (logins,
addresses, what is private) answers empty. A week's figure stands at its Monday.
"""

import platform
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime

from starlette.responses import Response

from actors.permissions import Permission
from federation import VERSION
from federation.database import Reader
from federation.errors import Invalid, describe
from inbox import figures
from web.mastodon.call import Call, Entry, answer
from web.mastodon.params import Params
from web.mastodon.serializers import Entity, timestamp

KEYS_MAX = 30
MONTHS_MAX = 24

describe({"figures.date": "{field} must be a date such as 2026-01-31."})

Series = Callable[[Reader, Sequence[int]], Awaitable[dict[int, int]]]


async def _opened(reader: Reader, weeks: Sequence[int]) -> dict[int, int]:
    return await figures.reported(reader, weeks, resolved=False)


async def _resolved(reader: Reader, weeks: Sequence[int]) -> dict[int, int]:
    return await figures.reported(reader, weeks, resolved=True)


MEASURES: Mapping[str, Series] = {
    "active_users": figures.writers,
    "new_users": figures.joined,
    "interactions": figures.thanked,
    "opened_reports": _opened,
    "resolved_reports": _resolved,
}
# Known to clients, and answered without a figure.
EMPTY_MEASURES = frozenset(
    {
        "tag_accounts",
        "tag_servers",
        "instance_accounts",
        "instance_media_attachments",
        "instance_reports",
        "instance_statuses",
        "instance_follows",
        "instance_followers",
    }
)
EMPTY_DIMENSIONS = frozenset(
    {
        "sources",
        "servers",
        "space_usage",
        "tag_servers",
        "tag_languages",
        "instance_accounts",
        "instance_languages",
    }
)


async def measures(call: Call) -> Response:
    """POST /api/v1/admin/measures: `keys[]`, `start_at`, `end_at`."""
    params = await call.params()
    start, end = _period(params)
    found: list[Entity] = []
    for key in dict.fromkeys(params.texts("keys", KEYS_MAX)):
        if key in MEASURES:
            found.append(await _measure(call, key, MEASURES[key], start, end))
        elif key == "tag_uses":
            tag_id = params.table(key).id("id") or 0

            async def uses(
                reader: Reader, weeks: Sequence[int], tag_id: int = tag_id
            ) -> dict[int, int]:
                return await figures.by_tag(reader, weeks, tag_id)

            found.append(await _measure(call, key, uses, start, end))
        elif key in EMPTY_MEASURES:
            nothing = {"key": key, "unit": None, "total": "0", "previous_total": "0", "data": []}
            found.append(nothing)
    return answer(found)


async def _measure(call: Call, key: str, series: Series, start: int, end: int) -> Entity:
    now = call.node.clock()
    weeks = figures.finished_weeks(now, start, end)
    before = figures.finished_weeks(now, start - (end - start), start - 1)
    values = await series(call.node.db, weeks)
    previous = await series(call.node.db, before)
    return {
        "key": key,
        "unit": None,
        "total": str(sum(values.values())),
        "previous_total": str(sum(previous.values())),
        "data": [{"date": timestamp(week), "value": str(values.get(week, 0))} for week in weeks],
    }


async def dimensions(call: Call) -> Response:
    """POST /api/v1/admin/dimensions: `keys[]`, `start_at`, `end_at`, `limit`."""
    params = await call.params()
    start, end = _period(params)
    limit = params.number("limit", least=1, most=100) or 10
    found: list[Entity] = []
    for key in dict.fromkeys(params.texts("keys", KEYS_MAX)):
        if key == "languages":
            weeks = figures.finished_weeks(call.node.clock(), start, end)
            counts = await figures.by_language(call.node.db, weeks)
            rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]
            data = [
                {"key": name, "human_key": name or "–", "value": str(count)} for name, count in rows
            ]
            found.append({"key": key, "data": data})
        elif key == "software_versions":
            found.append({"key": key, "data": _versions(call)})
        elif key in EMPTY_DIMENSIONS:
            found.append({"key": key, "data": []})
    return answer(found)


def _versions(call: Call) -> list[Entity]:
    said = {
        "maillage": ("Maillage", VERSION),
        "python": ("Python", platform.python_version()),
        "database": ("Database", call.node.db.dialect),
    }
    return [
        {"key": key, "human_key": name, "value": version, "human_value": version}
        for key, (name, version) in said.items()
    ]


async def retention(call: Call) -> Response:
    """POST /api/v1/admin/retention: who joined in a month and wrote in later ones, in groups.

    By months only: a day's newcomers are too few to speak of.
    """
    params = await call.params()
    start, end = _period(params)
    if params.choice("frequency", ("day", "month")) == "day":
        return answer([])
    now = call.node.clock()
    months = _finished_months(now, start, end)
    weeks = figures.finished_weeks(now, months[0][0], months[-1][1]) if months else []
    found: list[Entity] = []
    for place, month in enumerate(months):
        later = months[place:]
        begun = [week for week in weeks if month[0] <= week < month[1]]
        size, active = await figures.stayed(call.node.db, begun, later)
        found.append(
            {
                "period": timestamp(month[0]),
                "frequency": "month",
                "data": [
                    {
                        "date": timestamp(span[0]),
                        "rate": round(count / size, 2) if size else 0.0,
                        "value": str(count),
                    }
                    for span, count in zip(later, active, strict=True)
                ],
            }
        )
    return answer(found)


def _finished_months(now_ms: int, start: int, end: int) -> list[tuple[int, int]]:
    """The months within a span that are over, as (first ms, first ms after)."""
    first = datetime.fromtimestamp(start / 1000, UTC)
    year, month = first.year, first.month
    found: list[tuple[int, int]] = []
    while len(found) < MONTHS_MAX:
        begin = _month(year, month)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        after = _month(year, month)
        if begin > end or after > now_ms:
            break
        found.append((begin, after))
    return found


def _month(year: int, month: int) -> int:
    return int(datetime(year, month, 1, tzinfo=UTC).timestamp() * 1000)


def _period(params: Params) -> tuple[int, int]:
    """`start_at` and `end_at` in ms; Invalid when one is missing or no date."""
    return _date(params, "start_at"), _date(params, "end_at")


def _date(params: Params, name: str) -> int:
    text = params.required(name, 50)
    try:
        read = datetime.fromisoformat(text.strip())
        read = read if read.tzinfo else read.replace(tzinfo=UTC)
        at_ms = int(read.timestamp() * 1000)
    except (ValueError, OverflowError) as error:
        raise Invalid("figures.date", field=params.label(name)) from error
    if not 0 <= at_ms < 1 << 45:
        raise Invalid("figures.date", field=params.label(name))
    return at_ms


_MAY = Permission.VIEW_HEALTH

ENTRIES: tuple[Entry, ...] = (
    Entry("POST", "/api/v1/admin/measures", "staff", "admin:read", measures, _MAY),
    Entry("POST", "/api/v1/admin/dimensions", "staff", "admin:read", dimensions, _MAY),
    Entry("POST", "/api/v1/admin/retention", "staff", "admin:read", retention, _MAY),
)
