"""The directory: people of this site, of its organisation and of its partners, by words.

For members of this site; it asks nobody else, and knows of others what they chose to tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from actors.directory import LISTED_HERE
from actors.words import folded_words
from federation.database import Reader, Row, marks
from federation.html import plain_text

WORDS_MAX = 8
# Of so many people of this site the fields are looked through.
HERE_MAX = 5_000
Scope = str
"""`all`, `site`, `organisation` or `partners`: whose people."""
SCOPES = ("all", "site", "organisation", "partners")

# Whoever blocks the reader is not found by her.
_HERE = (
    "SELECT a.uri, a.id AS actor_id, a.username || '@' || a.handle_host AS handle,"
    " CASE WHEN a.display_name = '' THEN a.username ELSE a.display_name END AS name, a.fields,"
    " a.origin, '' AS site, 'here' AS kind, a.search_words AS words FROM actor a"
    f" LEFT JOIN directory_choice d ON d.actor_id = a.id WHERE {LISTED_HERE}"
    " AND NOT EXISTS (SELECT 1 FROM block b WHERE b.actor_id = a.id AND b.target_id = ?)"
)
_ELSEWHERE = (
    "SELECT e.uri, x.id AS actor_id, e.handle, e.name, e.fields, e.origin, p.name AS site,"
    " p.kind, e.words FROM directory_entry e JOIN partnership p ON p.origin = e.origin"
    " LEFT JOIN actor x ON x.uri = e.uri WHERE p.state IN ('active', 'paused')"
    " AND (x.id IS NULL OR (x.suspended_at IS NULL AND x.deleted_at IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM block b WHERE b.actor_id = x.id AND b.target_id = ?)))"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One person; `actor_id` when she is known here, `kind` how her site stands to this one."""

    uri: str
    handle: str
    name: str
    fields: Sequence[dict[str, str]]
    origin: str
    site: str
    kind: str
    actor_id: int | None


async def search(
    reader: Reader, reader_id: int, query: str, scope: Scope, limit: int, offset: int
) -> list[Entry]:
    """People by the beginnings of words of their names and of the fields of their profiles.

    Of people elsewhere those that they share. By name, `limit` from `offset`; without words
    everybody. The caller lets members ask alone.
    """
    parts, args = list[str](), list[Any]()
    if scope in ("all", "site"):
        parts.append(_HERE)
        args.append(reader_id)
    if scope != "site":
        kind = {"organisation": " AND p.kind = 'site'", "partners": " AND p.kind = 'partner'"}
        parts.append(_ELSEWHERE + kind.get(scope, ""))
        args.append(reader_id)
    words = folded_words(query)[:WORDS_MAX]
    named = " AND ".join(["found.words LIKE ?"] * len(words)) or "1 = 1"
    by_field = await _by_field(reader, reader_id, words) if scope in ("all", "site") else []
    if by_field:
        named = f"({named}) OR found.kind = 'here' AND found.actor_id IN ({marks(by_field)})"
    rows = await reader.rows(
        f"SELECT * FROM ({' UNION ALL '.join(parts)}) found WHERE {named}"
        " ORDER BY lower(found.name), found.uri LIMIT ? OFFSET ?",
        *args,
        *(f"% {word}%" for word in words),
        *by_field,
        limit,
        offset,
    )
    return [_entry(row) for row in rows]


async def _by_field(reader: Reader, reader_id: int, words: Sequence[str]) -> list[int]:
    """Who of this site is found by what a field of her profile says; those who are listed alone."""
    if not words:
        return []
    rows = await reader.rows(
        f"SELECT here.actor_id, here.words, here.fields FROM ({_HERE}) here"
        " WHERE here.fields <> '[]' ORDER BY here.actor_id DESC LIMIT ?",
        reader_id,
        HERE_MAX,
    )
    return [
        row["actor_id"]
        for row in rows
        if all(f" {word}" in row["words"] + _field_words(row["fields"]) for word in words)
    ]


@lru_cache(maxsize=HERE_MAX)
def _field_words(fields: str) -> str:
    """The folded words of what the fields of a profile say, a space before each."""
    said = (plain_text(field["value"]) for field in orjson.loads(fields))
    return "".join(f" {word}" for text in said for word in folded_words(text))


def _entry(row: Row) -> Entry:
    # At home they are HTML, as in a profile; from elsewhere they came as plain text.
    told = plain_text if row["kind"] == "here" else str
    fields = [
        {"name": field["name"], "value": told(field["value"])}
        for field in orjson.loads(row["fields"])
    ]
    return Entry(
        row["uri"],
        row["handle"],
        row["name"],
        fields,
        row["origin"],
        row["site"],
        row["kind"],
        row["actor_id"],
    )
