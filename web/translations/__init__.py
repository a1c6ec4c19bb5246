"""What people read, in French and English: the sentences of pages and of errors.

A code is what is stored and compared; the sentence is looked up when somebody reads it. The
English of errors stands where they are raised (`federation.errors.SENTENCES`), the French
here; a test holds both sides complete.
"""

from collections.abc import Mapping
from typing import Literal

from federation.directions import isolated
from federation.errors import SENTENCES
from web.translations import (
    agreed_pages,
    agreement_pages,
    announcement_pages,
    arrived_pages,
    circle_pages,
    deliveries_pages,
    en,
    erasure_pages,
    errors_fr,
    fr,
    halting_pages,
    login_pages,
    member_pages,
    mesh_pages,
    open_pages,
    organisation_fr,
    outcomes_fr,
    own_pages,
    parting_pages,
    partner_pages,
    partners_fr,
    people_pages,
    report_pages,
    rhythm_pages,
    rights_pages,
    settings_pages,
    staff_fr,
    staff_pages,
    staff_site_pages,
    writing_pages,
)

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")
FRENCH = (
    errors_fr.SENTENCES
    | outcomes_fr.SENTENCES
    | partners_fr.SENTENCES
    | staff_fr.SENTENCES
    | organisation_fr.SENTENCES
    | partner_pages.ERRORS_FRENCH
    | halting_pages.ERRORS_FRENCH
    | settings_pages.ERRORS_FRENCH
    | rights_pages.ERRORS_FRENCH
    | staff_site_pages.ERRORS_FRENCH
    | announcement_pages.ERRORS_FRENCH
)
PAGES: dict[Language, dict[str, str]] = {"fr": dict(fr.SENTENCES), "en": dict(en.SENTENCES)}
for _topic in (
    agreed_pages,
    agreement_pages,
    announcement_pages,
    partner_pages,
    halting_pages,
    mesh_pages,
    open_pages,
    login_pages,
    member_pages,
    writing_pages,
    circle_pages,
    own_pages,
    staff_pages,
    staff_site_pages,
    people_pages,
    deliveries_pages,
    arrived_pages,
    report_pages,
    rhythm_pages,
    rights_pages,
    erasure_pages,
    parting_pages,
    settings_pages,
):
    PAGES["fr"] |= _topic.FRENCH
    PAGES["en"] |= _topic.ENGLISH
ACCEPT_CHARACTERS_MAX = 1_000


class _Shown(dict[str, str]):
    def __init__(self, params: Mapping[str, str]) -> None:
        super().__init__((name, isolated(text)) for name, text in params.items())

    def __missing__(self, name: str) -> str:
        return "…"


def read_language(text: str | None) -> Language | None:
    """The language a tag such as `fr-CA` stands for, when it is one of ours."""
    tag = (text or "").strip().lower().replace("_", "-").partition("-")[0]
    return "fr" if tag == "fr" else "en" if tag == "en" else None


def foreign(page: Language, language: str | None) -> str | None:
    """The language of a text where it has to be said: None if it is unknown or the page's own."""
    return language if language != page else None


def choose_language(asked: str | None, accepted: str, fallback: Language) -> Language:
    """The language asked for, else the best of an Accept-Language header, else `fallback`."""
    found = read_language(asked)
    if found is not None:
        return found
    best: tuple[float, Language] | None = None
    for part in accepted[:ACCEPT_CHARACTERS_MAX].split(","):
        tag, _, quality = part.partition(";q=")
        language = read_language(tag)
        weight = _weight(quality)
        if language is not None and weight > 0 and (best is None or weight > best[0]):
            best = (weight, language)
    return fallback if best is None else best[1]


def _weight(quality: str) -> float:
    try:
        return float(quality) if quality else 1.0
    except ValueError:
        return 0.0


def say(language: Language, key: str, /, **params: str) -> str:
    """The sentence of a page in one language; KeyError for a key that does not exist."""
    return PAGES[language][key].format_map(_Shown(params))


def sentence(language: Language, code: str, params: Mapping[str, str]) -> str:
    """The sentence of an error in one language, in English when the other lacks it."""
    text = FRENCH.get(code) if language == "fr" else None
    text = text or SENTENCES.get(code) or en.ERRORS.get(code)
    return code if text is None else text.format_map(_Shown(params))
