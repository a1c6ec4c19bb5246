"""What stands in the form for writing, as it was typed: kept over every error."""

import secrets
from dataclasses import dataclass, field

from babel import Locale

from outbox.audience import VISIBILITY_KINDS
from outbox.drafts import PollDraft
from web.mastodon.params import Params, read_id
from web.pages.callers import PageCall
from web.translations import Language, say

OPTIONS = 4
OPTION_CHARACTERS_MAX = 100
LASTING_S = (3_600, 86_400, 3 * 86_400, 7 * 86_400)
KEY_CHARACTERS_MAX = 60
_CODES = ("fr", "en", "ar", "de", "es", "it", "pl", "pt", "ro", "ru", "tr", "uk", "zh")


def _named(language: Language) -> list[tuple[str, str]]:
    names = Locale.parse(language).languages
    return [(code, str(names[code])) for code in _CODES]


LANGUAGES: dict[Language, list[tuple[str, str]]] = {"fr": _named("fr"), "en": _named("en")}


def new_key() -> str:
    """What tells one form from the next, so that the same one publishes once."""
    return secrets.token_urlsafe(12)


@dataclass(slots=True)
class Letter:
    """The fields of the form; `problems` says what is wrong, by field."""

    text: str = ""
    audience: str = "local"
    warning: str = ""
    language: str = ""
    reply_id: int | None = None
    media_ids: list[int] = field(default_factory=list[int])
    alts: dict[int, str] = field(default_factory=dict[int, str])
    new_alt: str = ""
    options: list[str] = field(default_factory=list[str])
    lasts_s: int = LASTING_S[1]
    multiple: bool = False
    key: str = field(default_factory=new_key)
    deed: str = "publish"
    dropped_id: int | None = None
    problems: dict[str, str] = field(default_factory=dict[str, str])

    def poll(self) -> PollDraft | None:
        """The poll that is asked for; None when no option was written."""
        options = tuple(option for option in self.options if option.strip())
        return PollDraft(options, self.lasts_s, self.multiple) if options else None


def read_letter(call: PageCall, params: Params) -> Letter:
    """What was typed; what no form of ours sends becomes a problem of its field."""
    size = call.node.limits.body_bytes_max
    audience = params.text("audience", 20) or ""
    deed, _, number = (params.text("do", 60) or "publish").partition(" ")
    poll, alts = params.table("poll"), params.table("alt")
    letter = Letter(
        text=(params.text("status", size) or "").replace("\r\n", "\n"),
        audience=audience if audience in VISIBILITY_KINDS else "",
        warning=(params.text("spoiler_text", size) or "").strip(),
        language=_language(params.text("language", 20) or ""),
        reply_id=params.id("in_reply_to_id"),
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
        key=(params.text("key", KEY_CHARACTERS_MAX) or new_key()),
        deed=deed,
        dropped_id=read_id(number) if deed == "drop" else None,
    )
    if not letter.audience:
        letter.problems["audience"] = say(call.page_language, "write.audience_missing")
    return letter


def _language(code: str) -> str:
    return code if code in _CODES else ""
