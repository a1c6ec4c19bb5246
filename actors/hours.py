"""When a person may be told of something; outside her hours what would reach her waits.

Hours are those of the place where the node runs. They hold for push messages and for letters
that can wait; what she asked for herself, or what closes her account, is not held.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, cast

import orjson

from federation.database import Transaction
from federation.errors import Invalid, describe
from federation.node import Node

Kind = Literal["site", "own", "always", "never"]
KINDS: tuple[Kind, ...] = ("site", "own", "always", "never")
DAYS = 7
DAY_MINUTES = 1_440
Span = tuple[int, int]

describe(
    {
        "hours.none": "Choose at least one day, or be told never.",
        "hours.time": "Hours are written as 08:30, from 00:00 to 23:59.",
    }
)


@dataclass(frozen=True, slots=True)
class Hours:
    """A week: for each day from Monday, from which minute to which, or None.

    The site's hours are the same every day; a week without any means at any hour then.
    """

    kind: Kind = "site"
    week: tuple[Span | None, ...] = (None,) * DAYS

    def opens_at(self, now_ms: int) -> int | None:
        """When something may be told that is there now: now, or later (ms); None for never."""
        if self.kind == "always" or (self.kind == "site" and not any(self.week)):
            return now_ms
        if self.kind == "never":
            return None
        today = datetime.fromtimestamp(now_ms / 1000).astimezone().date()
        # Yesterday's may last until today, and the only day of a week may be a week ahead.
        for days in range(-1, DAYS + 1):
            span = self._on(today + timedelta(days))
            if span is not None and now_ms < span[1]:
                return max(now_ms, span[0])
        return None

    def _on(self, day: date) -> Span | None:
        """Start and end (ms) of the hours that begin on a day."""
        span = self.week[day.weekday()]
        if span is None:
            return None
        start, end = span
        return _moment(day, start), _moment(day, end if end > start else end + DAY_MINUTES)


def _moment(day: date, minutes: int) -> int:
    # Of the clock on the wall, so that a day on which it is put back or forth fits too.
    days, rest = divmod(minutes, DAY_MINUTES)
    wall = datetime(day.year, day.month, day.day) + timedelta(days, minutes=rest)  # noqa: DTZ001
    return int(wall.timestamp() * 1000)


def read_minutes(text: str) -> int:
    """The minute of the day that `08:30` names; Invalid for what is no time."""
    hour, colon, minute = text.strip().partition(":")
    known = colon and all(part.isascii() and part.isdigit() for part in (hour, minute))
    if not known or len(hour) > 2 or len(minute) != 2 or int(hour) > 23 or int(minute) > 59:
        raise Invalid("hours.time", field="hours")
    return int(hour) * 60 + int(minute)


def time_of(minutes: int) -> str:
    """`08:30`, as forms write it."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


async def hours_of(node: Node, account_id: int) -> Hours:
    """The hours that a person set; those of the site when she set none."""
    row = await node.db.row("SELECT kind, week FROM told_hours WHERE account_id = ?", account_id)
    if row is None:
        return Hours("site", (node.options.hours.told,) * DAYS)
    return Hours(cast(Kind, row["kind"]), _spans(orjson.loads(row["week"])))


def _spans(stored: Sequence[Sequence[int] | None]) -> tuple[Span | None, ...]:
    return tuple(None if one is None else (one[0], one[1]) for one in stored)


async def set_hours(tx: Transaction, account_id: int, hours: Hours) -> None:
    """Keep a person's hours; Invalid for a week of her own without any hour."""
    if hours.kind == "site":
        await tx.execute("DELETE FROM told_hours WHERE account_id = ?", account_id)
        return
    if hours.kind == "own" and not any(hours.week):
        raise Invalid("hours.none", field="days")
    await tx.execute(
        "INSERT INTO told_hours (account_id, kind, week) VALUES (?, ?, ?)"
        " ON CONFLICT (account_id) DO UPDATE SET kind = excluded.kind, week = excluded.week",
        account_id,
        hours.kind,
        orjson.dumps(hours.week).decode(),
    )
