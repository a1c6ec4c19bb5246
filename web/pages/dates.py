"""Days and times as people write them, in the time of the place where the node runs."""

from datetime import UTC, datetime, timedelta

from babel.dates import format_date, format_timedelta

from web.translations import Language, say

FORMATS: dict[Language, str] = {"fr": "d MMMM y", "en": "d MMMM y"}
WEEK = 7


def day(language: Language, at_ms: int) -> str:
    """`2 novembre 2026`, in the language."""
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    return _date(language, moment, FORMATS[language])


def _date(language: Language, moment: datetime, pattern: str) -> str:
    text = format_date(moment, pattern, locale=language)
    # In French the first of a month is an ordinal, which the tables of formats do not know.
    is_first = language == "fr" and moment.day == 1
    return text.replace("1", "1er", 1) if is_first else text


def clock(language: Language, at_ms: int) -> str:
    """`18 h 40`, in English `18:40`."""
    moment = datetime.fromtimestamp(at_ms / 1000).astimezone()
    return say(language, "time.clock", hour=str(moment.hour), minute=f"{moment.minute:02d}")


def when(language: Language, at_ms: int, now_ms: int) -> str:
    """How one says when something was: the hour today, the day and the hour this week."""
    moment = datetime.fromtimestamp(at_ms / 1000).astimezone()
    today = datetime.fromtimestamp(now_ms / 1000).astimezone().date()
    days = (today - moment.date()).days
    time = clock(language, at_ms)
    if days == 0:
        return time
    if days == 1:
        return say(language, "time.yesterday", time=time)
    if days == -1:
        return say(language, "time.tomorrow", time=time)
    if 0 < days < WEEK:
        name = format_date(moment, "EEEE", locale=language)
        return say(language, "time.weekday", day=name, time=time)
    pattern = "d MMMM" if moment.year == today.year else "d MMMM y"
    date = _date(language, moment, pattern)
    return say(language, "time.date", day=date, time=time) if days < 0 else date


def lasting(language: Language, ms: int) -> str:
    """`12 heures`, `3 days`: how long, in the unit one would say."""
    return format_timedelta(timedelta(milliseconds=ms), locale=language, threshold=1.5)
