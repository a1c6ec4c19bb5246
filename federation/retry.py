"""When a delivery is tried again, and what an answer means: pure rules, no clock and no network."""

from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum

SECOND_MS = 1000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

FIRST_WAIT_MS = 30 * SECOND_MS
FIRST_DAY_WAIT_MAX_MS = 5 * MINUTE_MS
WAIT_MAX_MS = HOUR_MS
SILENCE_MAX_MS = 30 * DAY_MS
# A partner may ask for more patience than our own, but not for ever.
ASKED_MAX_MS = DAY_MS
# 500 for one activity: two short waits before the next activity of the lane is tried instead.
ERROR_WAIT_MS = 10 * SECOND_MS
ERRORS_MAX = 3
PARKED_WAIT_MS = HOUR_MS
PARTNER_WAIT_MS = DAY_MS


class Verdict(StrEnum):
    """What an answer to a delivery means."""

    DONE = "done"
    REFUSED = "refused"
    """Final for this delivery; the lane goes on."""
    WAIT = "wait"
    """The partner cannot take anything now; the lane waits."""
    ERROR = "error"
    """The partner failed on this delivery, or on all of them: the next one tells."""
    UNSIGNED = "unsigned"
    """The signature was not accepted; another form may be."""
    FORBIDDEN = "forbidden"
    """The partner must do something first; the lane waits for it."""


# 425: sent too early in a TLS session. 507: its disk is full. 520 to 530: a front that does
# not reach its server.
_WAITING = frozenset({408, 425, 429, 502, 503, 504, 507, *range(520, 531)})


def verdict_of(status: int, content_type: str) -> Verdict:
    """Say what a status means, for a POST of an activity (protocol.md 4, 35b).

    A redirect is an error, since a POST is never sent elsewhere. So is a success in HTML: a
    page that greets visitors answers 200 to everything, and an inbox does not answer in HTML.
    """
    if 200 <= status < 300:
        is_html = content_type.strip().lower().startswith(("text/html", "application/xhtml"))
        return Verdict.ERROR if is_html else Verdict.DONE
    if status == 401:
        return Verdict.UNSIGNED
    if status == 403:
        return Verdict.FORBIDDEN
    if status in _WAITING:
        return Verdict.WAIT
    return Verdict.REFUSED if 400 <= status < 500 else Verdict.ERROR


def next_attempt(
    attempts: int, silent_ms: int, now_ms: int, asked_ms: int | None, spread: float
) -> int | None:
    """When to try again, in ms since 1970, or None once a partner was silent for thirty days.

    30 s doubled to 5 min for the first day, then every hour. `asked_ms` is the partner's
    Retry-After: we may wait longer than it says, never less. `spread`, in [0, 1), keeps the
    nodes of one organisation from returning all at once.
    """
    if silent_ms >= SILENCE_MAX_MS:
        return None
    longest = FIRST_DAY_WAIT_MAX_MS if silent_ms < DAY_MS else WAIT_MAX_MS
    wait = min(FIRST_WAIT_MS * 2 ** min(max(attempts, 0), 7), longest)
    return now_ms + max(int(wait * (1 + spread / 10)), asked_ms or 0)


def retry_after_ms(header: str | None, now_ms: int) -> int | None:
    """Read Retry-After (RFC 9110 10.2.3: seconds or a date) as a wait from now, at most a day.

    None when it is absent or cannot be read; a date that has passed is no wait.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdecimal():
        # Ten digits are three hundred years; more would only cost time to convert.
        return min(int(text[:10]) * SECOND_MS, ASKED_MAX_MS)
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        wait = int(moment.timestamp() * 1000) - now_ms
    except (ValueError, OverflowError):
        return None
    return min(max(wait, 0), ASKED_MAX_MS)
