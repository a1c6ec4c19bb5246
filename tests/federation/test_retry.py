"""Proves the rules of retries: bounded, never shorter than asked, final answers final."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.retry import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    SECOND_MS,
    SILENCE_MAX_MS,
    Verdict,
    next_attempt,
    retry_after_ms,
    verdict_of,
)

NOW = 1_790_000_000_000
ATTEMPTS = st.integers(0, 10_000)
SILENT = st.integers(0, SILENCE_MAX_MS - 1)
SPREAD = st.floats(0, 1, exclude_max=True)


@given(ATTEMPTS, SILENT, SPREAD)
def test_a_wait_is_between_half_a_minute_and_an_hour_and_a_tenth(
    attempts: int, silent: int, spread: float
) -> None:
    at = next_attempt(attempts, silent, NOW, None, spread)
    assert at is not None
    assert 30 * SECOND_MS <= at - NOW <= HOUR_MS * 1.1


@given(ATTEMPTS, SILENT, SPREAD)
def test_within_the_first_day_no_wait_is_longer_than_five_minutes_and_a_tenth(
    attempts: int, silent: int, spread: float
) -> None:
    at = next_attempt(attempts, silent % DAY_MS, NOW, None, spread)
    assert at is not None
    assert at - NOW <= 5.5 * MINUTE_MS


@given(ATTEMPTS, ATTEMPTS, SILENT, SILENT, SPREAD)
def test_waits_never_become_shorter_with_attempts_or_silence(
    one: int, two: int, silent_one: int, silent_two: int, spread: float
) -> None:
    fewer, more = sorted((one, two))
    shorter, longer = sorted((silent_one, silent_two))
    first = next_attempt(fewer, shorter, NOW, None, spread)
    second = next_attempt(more, longer, NOW, None, spread)
    assert first is not None
    assert second is not None
    assert first <= second


@given(ATTEMPTS, SILENT, st.integers(0, DAY_MS), SPREAD)
def test_what_the_partner_asks_for_is_never_undercut(
    attempts: int, silent: int, asked: int, spread: float
) -> None:
    at = next_attempt(attempts, silent, NOW, asked, spread)
    assert at is not None
    assert at - NOW >= asked


@given(ATTEMPTS, st.integers(SILENCE_MAX_MS, 10 * SILENCE_MAX_MS), SPREAD)
def test_after_thirty_days_of_silence_there_is_no_next_attempt(
    attempts: int, silent: int, spread: float
) -> None:
    assert next_attempt(attempts, silent, NOW, None, spread) is None


def test_the_first_waits_are_doubled_up_to_five_minutes_then_an_hour() -> None:
    waits = [next_attempt(n, 0, NOW, None, 0) for n in range(6)]
    assert [(at or 0) - NOW for at in waits] == [30_000, 60_000, 120_000, 240_000, 300_000, 300_000]
    assert next_attempt(9, DAY_MS, NOW, None, 0) == NOW + HOUR_MS


def test_retry_after_is_read_as_seconds_and_as_a_date() -> None:
    date = datetime.fromtimestamp(NOW / 1000, UTC) + timedelta(seconds=90)
    assert retry_after_ms("120", NOW) == 120_000
    assert retry_after_ms(" 0 ", NOW) == 0
    assert retry_after_ms(format_datetime(date, usegmt=True), NOW) == 90_000
    assert retry_after_ms(format_datetime(date.replace(tzinfo=None)), NOW) == 90_000
    assert retry_after_ms("Mon, 02 Jan 2006 15:04:05 GMT", NOW) == 0
    assert retry_after_ms("9" * 5000, NOW) == DAY_MS


@given(st.one_of(st.none(), st.text()))
def test_whatever_retry_after_says_the_wait_is_bounded(header: str | None) -> None:
    asked = retry_after_ms(header, NOW)
    assert asked is None or 0 <= asked <= DAY_MS


@pytest.mark.parametrize(
    ("statuses", "verdict"),
    [
        ((200, 201, 202, 204), Verdict.DONE),
        ((400, 404, 405, 406, 410, 413, 415, 422), Verdict.REFUSED),
        ((408, 425, 429, 502, 503, 504, 507, 521, 530), Verdict.WAIT),
        ((301, 302, 303, 307, 308, 500, 501), Verdict.ERROR),
        ((401,), Verdict.UNSIGNED),
        ((403,), Verdict.FORBIDDEN),
    ],
)
def test_each_status_has_one_meaning(statuses: tuple[int, ...], verdict: Verdict) -> None:
    assert {verdict_of(status, "application/json") for status in statuses} == {verdict}


def test_a_success_in_html_is_none_and_the_same_in_json_or_without_a_type_is_one() -> None:
    assert verdict_of(200, "Text/HTML; charset=utf-8") is Verdict.ERROR
    assert verdict_of(202, "application/activity+json") is Verdict.DONE
    assert verdict_of(202, "") is Verdict.DONE
