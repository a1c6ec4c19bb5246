"""Which statuses the filters of a person match: by single status, or by words in them.

Compared without case and accents, over the text, the content warning, tags, the options of a
poll and the descriptions of media. Words are looked for as plain strings, never as patterns,
so nothing that anybody writes makes the search slow. What was compared once is remembered
until the filters or the status change.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from federation.database import Reader, Row, marks
from federation.html import plain_text
from inbox.filters import Filter, filters_of

K = TypeVar("K")
V = TypeVar("V")

TEXT_CHARACTERS_MAX = 20_000
TEXTS_MAX = 4_000
PEOPLE_MAX = 1_000
VERDICTS_MAX = 1_000
# The accents of Latin, Greek and Cyrillic; in other scripts such marks carry the meaning.
_ACCENTS = re.compile("[\u0300-\u036f]+")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae"})

# A status as its text is known: its id and its last edit.
StatusKey = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class FilterHead:
    """A filter without its keywords and statuses."""

    id: int
    title: str
    contexts: tuple[str, ...]
    action: str
    expires_at: int | None


@dataclass(frozen=True, slots=True)
class Match:
    """One filter that matches: by which of its keywords, as they were written, and statuses."""

    filter: FilterHead
    keywords: tuple[str, ...]
    status_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    written: str
    folded: str
    whole_start: bool
    whole_end: bool


def fold(text: str) -> str:
    """The form of a text in which case, accents and kinds of white space do not count."""
    if not text.isascii():
        bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
        text = unicodedata.normalize("NFKC", bare).translate(_LETTERS)
    return " ".join(text.casefold().split())


def _is_of_word(character: str) -> bool:
    return (
        character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")
    )


def _word(row: Row) -> _Word:
    folded = fold(row["keyword"])
    whole = bool(row["whole_word"]) and folded != ""
    return _Word(
        row["keyword"],
        folded,
        whole and _is_of_word(folded[0]),
        whole and _is_of_word(folded[-1]),
    )


def _occurs(word: _Word, text: str) -> bool:
    """Whether a word stands in a folded text; nothing is in no text."""
    size = len(word.folded)
    at = text.find(word.folded) if size else -1
    while at >= 0:
        starts = not word.whole_start or at == 0 or not _is_of_word(text[at - 1])
        ends = at + size
        if starts and (not word.whole_end or ends == len(text) or not _is_of_word(text[ends])):
            return True
        at = text.find(word.folded, at + 1)
    return False


class _Compiled:
    """The filters of one person, ready to be compared."""

    def __init__(self, version: int, filters: Sequence[Filter]) -> None:
        self.version = version
        self.filters = [head_of(one.row) for one in filters]
        self.words = [[_word(row) for row in one.keywords] for one in filters]
        self.status_ids = [{row["status_id"] for row in one.statuses} for one in filters]
        self.verdicts: dict[StatusKey, list[Match]] = {}

    def compare(self, key: StatusKey, text: str) -> list[Match]:
        found: list[Match] = []
        for head, words, ids in zip(self.filters, self.words, self.status_ids, strict=True):
            keywords = tuple(word.written for word in words if _occurs(word, text))
            if keywords or key[0] in ids:
                found.append(Match(head, keywords, (key[0],) if key[0] in ids else ()))
        _keep(self.verdicts, key, found, VERDICTS_MAX)
        return found


class FilterMemory:
    """Filters and folded texts of one node in one process; it can all be lost at any time."""

    def __init__(self) -> None:
        self._people: dict[int, _Compiled] = {}
        self._texts: dict[StatusKey, str] = {}

    async def matches(
        self, reader: Reader, actor_id: int, version: int, keys: Iterable[StatusKey], now_ms: int
    ) -> dict[int, list[Match]]:
        """The filters of a person that match these statuses, by id; those that expired do not.

        `version` is what `version_of` says; 0 costs nothing.
        """
        if version == 0:
            return {}
        compiled = self._people.get(actor_id)
        if compiled is None or compiled.version != version:
            compiled = _Compiled(version, await filters_of(reader, actor_id))
            _keep(self._people, actor_id, compiled, PEOPLE_MAX)
        if not compiled.filters:
            return {}
        found = {key: compiled.verdicts.get(key) for key in keys}
        texts = await self._texts_of(reader, [key for key, known in found.items() if known is None])
        matched: dict[int, list[Match]] = {}
        for key, known in found.items():
            verdict = compiled.compare(key, texts.get(key, "")) if known is None else known
            alive = [match for match in verdict if _is_alive(match.filter, now_ms)]
            if alive:
                matched[key[0]] = alive
        return matched

    async def _texts_of(self, reader: Reader, keys: Sequence[StatusKey]) -> dict[StatusKey, str]:
        found = {key: self._texts[key] for key in keys if key in self._texts}
        missing = {key[0]: key for key in keys if key not in found}
        if missing:
            for status_id, text in (await read_texts(reader, list(missing))).items():
                found[missing[status_id]] = text
                _keep(self._texts, missing[status_id], text, TEXTS_MAX)
        return found


def _keep(memory: dict[K, V], key: K, value: V, most: int) -> None:
    """Remember, and forget what was remembered first when there is too much."""
    if len(memory) >= most:
        del memory[next(iter(memory))]
    memory[key] = value


def _is_alive(head: FilterHead, now_ms: int) -> bool:
    return head.expires_at is None or head.expires_at > now_ms


def head_of(row: Row) -> FilterHead:
    """A filter from its row."""
    contexts = tuple(row["contexts"].split())
    return FilterHead(row["id"], row["title"], contexts, row["action"], row["expires_at"])


async def version_of(reader: Reader, actor_id: int) -> int:
    """How often the filters of a person changed; 0 for who never had any."""
    version = await reader.value("SELECT version FROM filter_version WHERE actor_id = ?", actor_id)
    return version or 0


async def read_texts(reader: Reader, ids: Sequence[int]) -> dict[int, str]:
    """All that is written in these statuses, folded, by id."""
    listed = marks(ids)
    parts: dict[int, list[str]] = {
        row["id"]: [row["summary"], row["title"] or "", plain_text(row["content_html"])]
        for row in await reader.rows(
            f"SELECT id, summary, title, content_html FROM status WHERE id IN ({listed})", *ids
        )
    }
    rows = await reader.rows(
        "SELECT status_id, description AS text FROM attachment"
        f" WHERE status_id IN ({listed}) AND description IS NOT NULL"
        " UNION ALL SELECT p.status_id, o.title FROM poll p JOIN poll_option o ON o.poll_id = p.id"
        f" WHERE p.status_id IN ({listed})"
        " UNION ALL SELECT x.status_id, '#' || t.name FROM status_tag x JOIN tag t"
        f" ON t.id = x.tag_id WHERE x.status_id IN ({listed})",
        *ids,
        *ids,
        *ids,
    )
    for row in rows:
        parts.setdefault(row["status_id"], []).append(row["text"])
    return {
        status_id: fold("\n".join(texts)[:TEXT_CHARACTERS_MAX])
        for status_id, texts in parts.items()
    }
