"""The hours at which a person may be told: nights, single days, and the clock put forward."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from actors.hours import DAYS, Hours, Span, hours_of, read_minutes, set_hours
from actors.local import create_account
from federation.errors import Invalid
from federation.node import Node
from federation.options import HoursOptions
from tests.web.mastodon.conftest import PASSWORD


@pytest.fixture(autouse=True)
def in_paris(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The place whose clock counts."""
    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def at(text: str) -> int:
    """A moment of the clock on the wall, in ms."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def week(**spans: Span) -> Hours:
    days = ("mo", "tu", "we", "th", "fr", "sa", "su")
    return Hours("own", tuple(spans.get(day) for day in days))


OFFICE = week(**dict.fromkeys(("mo", "tu", "we", "th", "fr"), (480, 1080)))
NIGHTS = week(mo=(1230, 390), sa=(1230, 390))


@pytest.mark.parametrize(
    ("hours", "now", "opens"),
    [
        (OFFICE, "2026-11-23T08:00", "2026-11-23T08:00"),
        (OFFICE, "2026-11-23T17:59:59", "2026-11-23T17:59:59"),
        (OFFICE, "2026-11-23T18:00", "2026-11-24T08:00"),
        (OFFICE, "2026-11-23T07:59", "2026-11-23T08:00"),
        (OFFICE, "2026-11-27T18:00", "2026-11-30T08:00"),
        (NIGHTS, "2026-11-23T19:00", "2026-11-23T20:30"),
        (NIGHTS, "2026-11-24T06:29", "2026-11-24T06:29"),
        (NIGHTS, "2026-11-24T06:30", "2026-11-28T20:30"),
        # Sunday's night began on Saturday.
        (NIGHTS, "2026-11-29T03:00", "2026-11-29T03:00"),
        (NIGHTS, "2026-11-29T07:00", "2026-11-30T20:30"),
        # The clock goes from 2:00 to 3:00, and back from 3:00 to 2:00.
        (week(su=(210, 300)), "2026-03-29T01:59", "2026-03-29T03:30"),
        (week(su=(480, 540)), "2026-10-25T02:30", "2026-10-25T08:00"),
        # All day, and one minute once a week.
        (week(mo=(0, 0)), "2026-11-23T23:59", "2026-11-23T23:59"),
        (week(mo=(0, 1)), "2026-11-23T00:01", "2026-11-30T00:00"),
    ],
)
def test_what_comes_waits_until_the_hours_begin(hours: Hours, now: str, opens: str) -> None:
    assert hours.opens_at(at(now)) == at(opens)


def test_always_is_now_and_never_is_never() -> None:
    assert Hours().opens_at(5) == 5
    assert Hours("always", (None,) * DAYS).opens_at(5) == 5
    assert Hours("never").opens_at(5) is None
    assert Hours("own").opens_at(at("2026-11-23T08:00")) is None


def test_only_times_are_times() -> None:
    assert [read_minutes(text) for text in ("00:00", "8:05", " 23:59 ")] == [0, 485, 1439]
    for text in ("", "8", "24:00", "08:60", "8:5", "-1:00", "٠٨:00", "08:00:00", "a:bc"):
        with pytest.raises(Invalid):
            read_minutes(text)


async def test_hours_are_kept_and_go_with_the_account(node: Node) -> None:
    actor = await create_account(node, username="ada", password=PASSWORD)
    account_id = await node.db.value("SELECT id FROM account WHERE actor_id = ?", actor["id"])
    assert await hours_of(node, account_id) == Hours()
    for hours in (OFFICE, NIGHTS, Hours("never", (None,) * DAYS)):
        await node.db.write(lambda tx, one=hours: set_hours(tx, account_id, one))
        assert await hours_of(node, account_id) == hours
    with pytest.raises(Invalid) as empty:
        await node.db.write(lambda tx: set_hours(tx, account_id, Hours("own")))
    assert empty.value.code == "hours.none"
    assert (await hours_of(node, account_id)).kind == "never"
    await node.db.write(lambda tx: set_hours(tx, account_id, Hours()))
    assert await node.db.value("SELECT COUNT(*) FROM told_hours") == 0


async def test_a_site_is_calm_at_night_unless_it_or_the_person_says_otherwise(node: Node) -> None:
    actor = await create_account(node, username="ada", password=PASSWORD)
    account_id = await node.db.value("SELECT id FROM account WHERE actor_id = ?", actor["id"])
    calm = replace(node, options=replace(node.options, hours=HoursOptions()))
    told = await hours_of(calm, account_id)
    evening, night = at("2026-11-23T19:59"), at("2026-11-23T20:00")
    assert told.opens_at(evening) == evening
    assert told.opens_at(night) == at("2026-11-24T07:00")
    await node.db.write(lambda tx: set_hours(tx, account_id, Hours("always")))
    assert (await hours_of(calm, account_id)).opens_at(night) == night
    awake = replace(node, options=replace(node.options, hours=HoursOptions(told=None)))
    await node.db.write(lambda tx: set_hours(tx, account_id, Hours()))
    assert (await hours_of(awake, account_id)).opens_at(night) == night
