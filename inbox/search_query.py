"""What a person typed into the search field: words, phrases in quotes, and operators.

`from:`, `has:`, `is:`, `before:`, `after:`, `during:`, `in:`, `language:` as in Mastodon; a minus
before any of these, or before a word, turns it round. What looks like an operator and is none
is searched as words.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from actors.words import folded_words, stems_of, words_of

PARTS_MAX = 20
DAY_MS = 86_400_000

HAS = ("media", "poll", "link", "embed")
IS = ("reply", "sensitive")
IN = ("all", "library", "public")
_PART = re.compile(r'(-?)(?:([a-z]+):)?(?:"([^"]*)"|(\S+))', re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """A word by its stems, or a phrase by its folded words in their order."""

    stems: tuple[str, ...] = ()
    phrase: tuple[str, ...] = ()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Operator:
    """One `name:value`, already known to be one of ours; `negated` by a minus."""

    name: str
    value: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query, read: what must be there and what not."""

    terms: tuple[Term, ...] = ()
    operators: tuple[Operator, ...] = ()

    @property
    def asks_for_something(self) -> bool:
        """Whether anything narrows it besides what must not be there."""
        return any(not part.negated for part in (*self.terms, *self.operators))


def parse_query(text: str) -> Query:
    """Read what a person typed; at most PARTS_MAX parts count."""
    terms: list[Term] = []
    operators: list[Operator] = []
    for match in list(_PART.finditer(text))[:PARTS_MAX]:
        negated, name = bool(match[1]), (match[2] or "").lower()
        quoted, bare = match[3], match[4]
        value = quoted if quoted is not None else bare
        check = _OPERATORS.get(name)
        if check is not None and check(value.lower()):
            operators.append(Operator(name, value.lower(), negated))
        elif quoted is not None and not name:
            phrase = tuple(folded_words(quoted))
            if phrase:
                terms.append(Term(phrase=phrase, negated=negated))
        else:
            words = value if not name else f"{name}:{value}"
            terms += _words(words, negated=negated)
    return Query(tuple(terms), tuple(operators))


def _words(text: str, *, negated: bool) -> list[Term]:
    """The terms of what was typed without a space; words that every text has are none."""
    return [
        Term(stems=stems, negated=negated) for word in words_of(text) if (stems := stems_of(word))
    ]


def day_ms(text: str) -> int | None:
    """The beginning of a day such as `2026-01-31` (UTC), in ms; None for what is no day."""
    try:
        found = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    at_ms = int(found.timestamp()) * 1000
    return at_ms if at_ms >= 0 else None


def _is_day(value: str) -> bool:
    return day_ms(value) is not None


_OPERATORS: dict[str, Callable[[str], bool]] = {
    "from": bool,
    "has": HAS.__contains__,
    "is": IS.__contains__,
    "in": IN.__contains__,
    "before": _is_day,
    "after": _is_day,
    "during": _is_day,
    "language": lambda value: _LANGUAGE.fullmatch(value) is not None,
}
