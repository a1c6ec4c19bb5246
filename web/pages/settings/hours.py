"""The hours at which a person may be told of something, and her week as a drawing."""

from dataclasses import dataclass, field

from babel.dates import get_day_names
from babel.lists import format_list
from starlette.responses import Response

from actors.hours import (
    DAY_MINUTES,
    DAYS,
    KINDS,
    Hours,
    Kind,
    Span,
    hours_of,
    read_minutes,
    set_hours,
    time_of,
)
from federation.errors import Invalid
from inbox.announcements import ESSENTIAL_DAYS, essential_lately
from web.mastodon.params import Params
from web.pages.callers import PageCall
from web.pages.dates import when
from web.pages.forms import read_form
from web.pages.settings.frame import PATH, saved, show_settings
from web.translations import Language, say, sentence

HOURS_PATH = f"{PATH}/hours"
USUAL = ("08:00", "18:00")
WORK_DAYS = frozenset(range(5))
ROW, BAR, LEFT, WIDTH = 23, 17, 24, 312


@dataclass(slots=True)
class Typed:
    """The form as it stands: hours for all days, and those of single days where they differ."""

    kind: str = "site"
    days: frozenset[int] = WORK_DAYS
    start: str = USUAL[0]
    end: str = USUAL[1]
    own: dict[int, tuple[str, str]] = field(default_factory=dict[int, tuple[str, str]])


async def hours_page(call: PageCall) -> Response:
    """GET /settings/hours."""
    hours = await hours_of(call.node, call.account_id or 0)
    return await _form(call, hours, _typed(hours))


def _typed(hours: Hours) -> Typed:
    if hours.kind == "site":
        return Typed()
    spans = {day: span for day, span in enumerate(hours.week) if span is not None}
    if not spans:
        return Typed(hours.kind)
    every = list(spans.values())
    usual = max(every, key=every.count)
    own = {day: _words(span) for day, span in spans.items() if span != usual}
    return Typed(hours.kind, frozenset(spans), *_words(usual), own)


def _words(span: Span) -> tuple[str, str]:
    return time_of(span[0]), time_of(span[1])


async def _form(
    call: PageCall, hours: Hours, typed: Typed, problems: dict[str, str] | None = None
) -> Response:
    language, now = call.page_language, call.node.clock()
    names = get_day_names("wide", locale=language)
    opens_at = hours.opens_at(now)
    is_calm = hours.kind in ("own", "site") and opens_at is not None and opens_at > now
    return show_settings(
        call,
        "settings_hours.html",
        problems,
        typed=typed,
        kinds=KINDS,
        site_hours=_in_words_of_site(call),
        days=[(day, names[day], names[day][:3].capitalize()) for day in range(DAYS)],
        bars=_bars(hours) if hours.kind == "own" else [],
        letters=[names[day][0].upper() for day in range(DAYS)],
        week=_in_words(language, hours),
        calm_until=when(language, opens_at or now, now) if is_calm else "",
        essential=await _exception(call),
        path=HOURS_PATH,
    )


async def _exception(call: PageCall) -> str:
    """What rings at any hour, and how often it did; nothing where nothing can."""
    options = call.node.options
    if not options.push.enabled or not options.hours.essential:
        return ""
    return say(
        call.page_language,
        "hours.essential",
        max=str(options.hours.essential),
        days=str(ESSENTIAL_DAYS),
        n=str(await essential_lately(call.node)),
    )


def _in_words_of_site(call: PageCall) -> str:
    told = call.node.options.hours.told
    if told is None:
        return say(call.page_language, "hours.always")
    start, end = _words(told)
    return say(call.page_language, "hours.every_day", start=start, end=end)


def _in_words(language: Language, hours: Hours) -> str:
    names, days = get_day_names("wide", locale=language), dict[Span, list[str]]()
    for day, span in enumerate(hours.week):
        if span is not None:
            days.setdefault(span, []).append(names[day])
    said: list[str] = []
    for span, those in days.items():
        start, end = _words(span)
        named = format_list(those, locale=language)
        said.append(say(language, "hours.some_days", days=named, start=start, end=end))
    return ("\u00a0; " if language == "fr" else "; ").join(said)


def _bars(hours: Hours) -> list[dict[str, float]]:
    """What of each day is not calm, as far right as it is late; nights go on the next line."""
    bars: list[dict[str, float]] = []
    for day, span in enumerate(hours.week):
        if span is not None:
            start, end = span
            if end > start:
                bars.append(_bar(day, start, end))
            else:
                bars += [_bar(day, start, DAY_MINUTES), _bar((day + 1) % DAYS, 0, end)]
    return [bar for bar in bars if bar["width"] > 0]


def _bar(day: int, start: int, end: int) -> dict[str, float]:
    scale = WIDTH / DAY_MINUTES
    return {
        "x": round(LEFT + start * scale, 1),
        "y": day * ROW,
        "width": round((end - start) * scale, 1),
        "height": BAR,
    }


async def change_hours(call: PageCall) -> Response:
    """POST /settings/hours: the site's, her own, at any hour, or never."""
    typed = _read(await read_form(call.request))
    problems: dict[str, str] = {}
    hours = await hours_of(call.node, call.account_id or 0)
    try:
        asked = _checked(call, typed, problems)
        if not problems:
            await call.node.db.write(lambda tx: set_hours(tx, call.account_id or 0, asked))
            return saved(HOURS_PATH)
    except Invalid as error:
        problems[error.params["field"]] = sentence(call.page_language, error.code, error.params)
    return await _form(call, hours, typed, problems)


def _checked(call: PageCall, typed: Typed, problems: dict[str, str]) -> Hours:
    """The hours that were typed; what is none is noted at its field."""
    week: list[Span | None] = [None] * DAYS
    kinds: dict[str, Kind] = {one: one for one in KINDS}
    kind = kinds.get(typed.kind)
    if kind is None:
        problems["kind"] = say(call.page_language, "settings.choose")
        return Hours()
    if kind != "own":
        return Hours(kind)
    for day in sorted(typed.days):
        fields = typed.own.get(day, (typed.start, typed.end))
        name = f"own-{day}" if day in typed.own else "hours"
        try:
            start, end = (read_minutes(text) for text in fields)
            week[day] = (start, end)
        except Invalid as error:
            problems[name] = sentence(call.page_language, error.code, error.params)
    return Hours(kind, tuple(week))


def _read(form: Params) -> Typed:
    days = {int(text) for text in form.texts("days", 20) if text in map(str, range(DAYS))}
    own: dict[int, tuple[str, str]] = {}
    for day in range(DAYS):
        start, end = form.text(f"start{day}", 20) or "", form.text(f"end{day}", 20) or ""
        if start or end:
            own[day] = (start, end)
    return Typed(
        form.text("kind", 20) or "",
        frozenset(days),
        form.text("start", 20) or "",
        form.text("end", 20) or "",
        own,
    )
