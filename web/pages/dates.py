"""Days as people write them."""

from datetime import UTC, datetime

from babel.dates import format_date

from web.translations import Language

FORMATS: dict[Language, str] = {"fr": "d MMMM y", "en": "d MMMM y"}


def day(language: Language, at_ms: int) -> str:
    """`2 novembre 2026`, in the language."""
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    return format_date(moment, FORMATS[language], locale=language)
