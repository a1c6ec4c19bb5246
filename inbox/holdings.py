"""Holdings: what this site holds, refused or deleted of another's objects, said to that one alone.

Ids and states, never content. It is the only word by which a site learns what became at a
partner of what it handed over.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from federation.activity import iso, text, time_ms
from federation.database import Reader, Row
from federation.errors import Malformed, describe
from federation.vocabulary import Document
from outbox.circles import TAKEN_BACK

describe(
    {
        "holdings.cursor": "The place {came} in a list of holdings cannot be read; give what"
        " `next` says.",
        "holdings.malformed": "The holdings cannot be read ({reason}).",
    }
)

State = Literal["held", "deleted", "refused"]
PATH = "/actor/holdings"
PAGE = 500
_STATES: tuple[State, ...] = ("held", "deleted", "refused")
_CURSOR = re.compile(r"(held|deleted|refused)-(\d{1,19})(?:-(\d{1,9}))?")
_AT_BITS = 16


@dataclass(frozen=True, slots=True)
class Holding:
    """One object: its id, what became of it, since when (ms), and the edit that is held."""

    uri: str
    state: State
    at: int
    edited_at: int | None = None
    is_taken_back: bool = False
    """It is deleted there because it was taken back from there, not by its author."""

    def document(self) -> Document:
        """As it stands in the list."""
        said: Document = {"id": self.uri, "state": self.state, "at": iso(self.at)}
        if self.is_taken_back:
            said["takenBack"] = True
        return said if self.edited_at is None else said | {"updated": iso(self.edited_at)}


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list; `following` is the place where it goes on, None at its end."""

    items: tuple[Holding, ...]
    following: str | None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a list goes on: after an id; among what is deleted, at a moment, past so many of it."""

    state: State
    number: int = 0
    past: int = 0

    def __str__(self) -> str:
        return f"{self.state}-{self.number}-{self.past}"


async def holdings(
    reader: Reader, origin: str, after: str | None = None, since_ms: int = 0, size: int = PAGE
) -> Page:
    """What this site says to `origin` of its own objects, `size` at most, in a fixed order.

    First what is held, by arrival, then what is deleted, then what was refused and never came.
    `since_ms` leaves out what has not changed since then. Raises Malformed for a wrong `after`.
    """
    place = _Place("held") if after is None else _read_place(after)
    found: list[Holding] = []
    for state in _STATES[_STATES.index(place.state) :]:
        if state != place.state:
            place = _Place(state)
        wanted = size - len(found)
        items, last = await _section(reader, origin, place, since_ms, wanted)
        found += items
        if len(items) == wanted:
            return Page(tuple(found), str(last))
    return Page(tuple(found), None)


async def _section(
    reader: Reader, origin: str, place: _Place, since_ms: int, size: int
) -> tuple[list[Holding], _Place]:
    match place.state:
        case "held":
            rows = await _held(reader, origin, max(place.number, since_ms << _AT_BITS), size)
            items = [
                Holding(row["uri"], "held", row["id"] >> _AT_BITS, row["edited_at"]) for row in rows
            ]
        case "deleted":
            rows = await _deleted(reader, origin, place, since_ms, size)
            items = [
                Holding(
                    row["uri"], "deleted", row["id"], is_taken_back=row["former_type"] == TAKEN_BACK
                )
                for row in rows
            ]
        case "refused":
            rows = await _refused(reader, origin, max(place.number, since_ms << _AT_BITS), size)
            items = [Holding(row["uri"], "refused", row["id"] >> _AT_BITS) for row in rows]
    if not rows:
        return [], place
    last = rows[-1]["id"]
    if place.state != "deleted":
        return items, _Place(place.state, last)
    past = sum(row["id"] == last for row in rows)
    return items, _Place("deleted", last, past + (place.past if last == place.number else 0))


async def _held(reader: Reader, origin: str, after: int, size: int) -> Sequence[Row]:
    return await reader.rows(
        "SELECT s.id, s.uri, s.edited_at FROM status s JOIN actor a ON a.id = s.actor_id"
        " WHERE a.origin = ? AND NOT s.is_local AND s.reblog_of_id IS NULL AND s.id > ?"
        " ORDER BY s.id LIMIT ?",
        origin,
        after,
        size,
    )


async def _deleted(
    reader: Reader, origin: str, place: _Place, since_ms: int, size: int
) -> Sequence[Row]:
    start = f"{origin}/"
    return await reader.rows(
        "SELECT t.uri, t.deleted_at AS id, t.former_type FROM tombstone t WHERE t.deleted_at >= ?"
        " AND substr(t.uri, 1, ?) = ? ORDER BY t.deleted_at, t.uri LIMIT ? OFFSET ?",
        max(since_ms, place.number),
        len(start),
        start,
        size,
        place.past,
    )


async def _refused(reader: Reader, origin: str, after: int, size: int) -> Sequence[Row]:
    start = f"{origin}/"
    return await reader.rows(
        "SELECT v.id, v.object_uri AS uri FROM activity v WHERE v.origin = 'remote'"
        " AND v.progress IN ('refused', 'failed') AND v.id > ? AND v.type = 'Create'"
        " AND substr(v.object_uri, 1, ?) = ? AND substr(v.actor_uri, 1, ?) = ?"
        " AND NOT EXISTS (SELECT 1 FROM status s WHERE s.uri = v.object_uri)"
        " AND NOT EXISTS (SELECT 1 FROM tombstone t WHERE t.uri = v.object_uri)"
        " ORDER BY v.id LIMIT ?",
        after,
        len(start),
        start,
        len(start),
        start,
        size,
    )


def _read_place(came: str) -> _Place:
    read = _CURSOR.fullmatch(came)
    if read is None or int(read[2]) >= 2**63:
        raise Malformed("holdings.cursor", came=came[:80])
    return _Place(cast(State, read[1]), int(read[2]), int(read[3] or 0))


# The document -----------------------------------------------------------------------------------


def document_of(holder: str, origin: str, page: Page) -> Document:
    """The page as it is served to `origin`."""
    return {
        "holder": holder,
        "of": origin,
        "items": [item.document() for item in page.items],
        "next": page.following,
    }


def read_holdings(document: Document, holder: str, origin: str) -> Page:
    """Read what `holder` says of the objects of `origin`; raises Malformed.

    What is not about an object of that origin is no statement of a holder's, and refused whole.
    """
    if document.get("holder") != holder or document.get("of") != origin:
        raise Malformed("holdings.malformed", reason="it is about other sites")
    items: Any = document.get("items")
    following: Any = document.get("next")
    if not isinstance(items, list) or len(cast(list[Any], items)) > PAGE:
        raise Malformed("holdings.malformed", reason="items")
    if following is not None and (not isinstance(following, str) or not following):
        raise Malformed("holdings.malformed", reason="next")
    read = tuple(_read_item(item, f"{origin}/") for item in cast(list[Any], items))
    return Page(read, following)


def _read_item(item: Any, start: str) -> Holding:
    said = cast(Document, item) if isinstance(item, dict) else {}
    uri, state, at = text(said, "id"), said.get("state"), time_ms(said.get("at"))
    if uri is None or not uri.startswith(start) or state not in _STATES or at is None:
        raise Malformed("holdings.malformed", reason="an item")
    updated, taken_back = time_ms(said.get("updated")), said.get("takenBack") is True
    return Holding(uri, state, at, updated, taken_back)
