"""What stands in the form for writing, as it was typed: kept over every error, and as a draft."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time

import orjson
from babel import Locale

from outbox.audience import VISIBILITY_KINDS
from outbox.drafts import PollDraft
from outbox.unfinished import Saved, new_key
from web.mastodon.params import Params, read_id
from web.pages.callers import PageCall
from web.translations import Language, say

OPTIONS = 4
OPTION_CHARACTERS_MAX = 100
LASTING_S = (3_600, 86_400, 3 * 86_400, 7 * 86_400)
KEY_CHARACTERS_MAX = 60
PARTNERS_MAX = 200
_CODES = ("fr", "en", "ar", "de", "es", "it", "pl", "pt", "ro", "ru", "tr", "uk", "zh")


def _named(language: Language) -> list[tuple[str, str]]:
    names = Locale.parse(language).languages
    return [(code, str(names[code])) for code in _CODES]


LANGUAGES: dict[Language, list[tuple[str, str]]] = {"fr": _named("fr"), "en": _named("en")}


@dataclass(slots=True)
class Written:
    """What a draft keeps of the form."""

    text: str = ""
    audience: str = ""
    partners: list[str] = field(default_factory=list[str])
    warning: str = ""
    language: str = ""
    reply_id: int | None = None
    edit_id: int | None = None
    media_ids: list[int] = field(default_factory=list[int])
    options: list[str] = field(default_factory=list[str])
    lasts_s: int = LASTING_S[1]
    multiple: bool = False
    day: str = ""
    hour: str = ""


@dataclass(slots=True)
class Letter(Written):
    """The fields of the form; `problems` says what is wrong, by field."""

    alts: dict[int, str] = field(default_factory=dict[int, str])
    new_alt: str = ""
    key: str = field(default_factory=new_key)
    version: int = 0
    deed: str = "publish"
    dropped_id: int | None = None
    problems: dict[str, str] = field(default_factory=dict[str, str])

    def poll(self) -> PollDraft | None:
        """The poll that is asked for; None when no option was written."""
        options = tuple(option for option in self.options if option.strip())
        return PollDraft(options, self.lasts_s, self.multiple) if options else None

    @property
    def is_scheduled(self) -> bool:
        """Whether it is to be published later."""
        return bool(self.day or self.hour)

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it to keep."""
        words = (self.text, self.warning, *self.options)
        return not self.media_ids and not any(one.strip() for one in words)

    @property
    def saved(self) -> Saved:
        """As which draft the form knows itself."""
        return Saved(self.key, self.version)

    def moment(self) -> int | None:
        """The moment chosen (ms), in the time of the place; None for what is none."""
        try:
            chosen = datetime.combine(date.fromisoformat(self.day), time.fromisoformat(self.hour))
        except ValueError:
            return None
        return int(chosen.timestamp() * 1000)

    def at(self, moment_ms: int) -> None:
        """Choose a moment."""
        chosen = datetime.fromtimestamp(moment_ms / 1000).astimezone()
        self.day, self.hour = chosen.strftime("%Y-%m-%d"), chosen.strftime("%H:%M")


def packed(letter: Letter) -> str:
    """The letter as a draft keeps it."""
    kept = {name: value for name, value in asdict(letter).items() if name in _KEPT}
    return orjson.dumps(kept).decode()


def unpacked(text: str) -> Letter:
    """A letter from its draft; what a draft does not know has its first value."""
    kept = orjson.loads(text)
    return Letter(**{name: value for name, value in kept.items() if name in _KEPT})


_KEPT = frozenset(Written.__dataclass_fields__)


def read_letter(call: PageCall, params: Params) -> Letter:
    """What was typed; what no form of ours sends becomes a problem of its field."""
    size = call.node.limits.body_bytes_max
    audience = params.text("audience", 20) or ""
    deed, _, number = (params.text("do", 60) or "publish").partition(" ")
    poll, alts = params.table("poll"), params.table("alt")
    letter = Letter(
        text=(params.text("status", size) or "").replace("\r\n", "\n"),
        audience=audience if audience in VISIBILITY_KINDS else "",
        partners=params.texts("partners", PARTNERS_MAX),
        warning=(params.text("spoiler_text", size) or "").strip(),
        language=_language(params.text("language", 20) or ""),
        reply_id=params.id("in_reply_to_id"),
        edit_id=params.id("edit_id"),
        media_ids=params.ids("media", 20),
        alts={
            media_id: (alts.text(name, size) or "").strip()
            for name in alts.names()[:20]
            if (media_id := read_id(name)) is not None
        },
        new_alt=(params.text("new_alt", size) or "").strip(),
        options=[option[:1_000] for option in poll.texts("options", 20)],
        lasts_s=poll.number("expires_in") or LASTING_S[1],
        multiple=bool(poll.flag("multiple")),
        day=params.text("day", 20) or "",
        hour=params.text("hour", 20) or "",
        key=(params.text("key", KEY_CHARACTERS_MAX) or new_key()),
        version=params.number("version") or 0,
        deed=deed,
        dropped_id=read_id(number) if deed == "drop" else None,
    )
    if not letter.audience and letter.edit_id is None:
        letter.problems["audience"] = say(call.page_language, "write.audience_missing")
    return letter


def _language(code: str) -> str:
    return code if code in _CODES else ""
