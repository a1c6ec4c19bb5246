"""Tolerant reading of JSON from other software: one value or several, a string or an object.

Plain JSON only. `@context` never changes what a term means, so there is nothing to confuse
(security classes of JSON-LD processing do not exist here).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson

from federation.errors import Malformed
from federation.vocabulary import PUBLIC, PUBLIC_SPELLINGS, WITH_OBJECT, Document

# In bytes: PostgreSQL's index on an id takes 2,704 of them.
URI_BYTES_MAX = 2048
LIST_MAX = 1000
DEPTH_MAX = 40


def parse_json_object(body: bytes) -> Document:
    """The JSON object in `body`; Malformed when it is anything else."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Malformed("json.invalid") from error
    if not isinstance(document, dict):
        raise Malformed("json.not_object")
    return document


def values(document: Document, name: str) -> list[Any]:
    """The values of a property, however they are written: none, one, or a list (bounded)."""
    value = document.get(name)
    if value is None:
        return []
    return value[:LIST_MAX] if isinstance(value, list) else [value]


def text(document: Document, name: str) -> str | None:
    """The first string value of a property, without NUL (which PostgreSQL cannot store)."""
    for value in values(document, name):
        if isinstance(value, str):
            return value.replace("\x00", "")
    return None


def language_text(document: Document, name: str) -> tuple[str | None, str | None]:
    """(text, language) of `name` or `nameMap`; the language when exactly one is stated."""
    plain = text(document, name)
    by_language = document.get(f"{name}Map")
    if isinstance(by_language, dict):
        pairs = [(k, v) for k, v in by_language.items() if isinstance(v, str)]
        if plain is None and pairs:
            return pairs[0][1].replace("\x00", ""), pairs[0][0][:35]
        if len(pairs) == 1 or (pairs and pairs[0][1] == plain):
            return plain, pairs[0][0][:35]
    return plain, None


def is_uri(value: object) -> bool:
    """Whether a value can be an id: a bounded http(s) text without blanks or controls."""
    return (
        isinstance(value, str)
        and len(value) <= URI_BYTES_MAX
        and (value.isascii() or len(value.encode()) <= URI_BYTES_MAX)
        and value.startswith(("https://", "http://"))
        and value.isprintable()
        and " " not in value
    )


def uri_of(value: object) -> str | None:
    """The id of something given as a string, an object with an id, or a list of one."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) and is_uri(value) else None


def uris(document: Document, name: str) -> list[str]:
    """All ids in a property; *everybody* in its three spellings becomes PUBLIC."""
    found: list[str] = []
    for value in values(document, name):
        if isinstance(value, str) and value in PUBLIC_SPELLINGS:
            found.append(PUBLIC)
        elif (uri := uri_of(value)) is not None:
            found.append(uri)
    return found


def url_of(value: object, media_prefix: str = "") -> str | None:
    """A web address: a string, a Link with href, or the best of several."""
    links = value if isinstance(value, list) else [value]
    fallback: str | None = None
    for link in links[:LIST_MAX]:
        href = link.get("href") or link.get("url") if isinstance(link, dict) else link
        if not isinstance(href, str) or not is_uri(href):
            continue
        media_type = link.get("mediaType", "") if isinstance(link, dict) else ""
        if not media_prefix or str(media_type).startswith(media_prefix):
            return href
        fallback = fallback or href
    return fallback


def time_ms(value: object) -> int | None:
    """Milliseconds since 1970 UTC of an RFC 3339 text, or None for what is no time."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0, int(moment.timestamp() * 1000))
    except (ValueError, OverflowError):
        return None


def iso(at_ms: int) -> str:
    """`2026-11-22T09:00:00Z`: the form that every peer parses."""
    return datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity read once: what handlers work on.

    Invariants
        `uri` and `actor_uri` are http(s) ids; `type` is one word; `document` is the whole.
    """

    uri: str
    type: str
    actor_uri: str
    document: Document

    @property
    def object_uri(self) -> str | None:
        """The id of the object, given or embedded."""
        return uri_of(self.document.get("object"))

    @property
    def object(self) -> Document | None:
        """The embedded object, or None when only its id is given."""
        found = self.document.get("object")
        if isinstance(found, list):
            found = found[0] if len(found) == 1 else None
        return found if isinstance(found, dict) else None

    def objects(self) -> Iterator[Document]:
        """Each embedded object (GoToSocial sends several votes in one Create)."""
        for value in values(self.document, "object"):
            if isinstance(value, dict):
                yield value


def read_activity(document: Document) -> Activity:
    """Return the Activity in a document; Malformed names the missing property.

    Mastodon sends Add and Remove without an id: what has none is known by its content.
    """
    uri, actor_uri = uri_of(document.get("id")), uri_of(document.get("actor"))
    kind = text(document, "type")
    if actor_uri is None:
        raise Malformed("activity.actor", expected="the id of one actor")
    if uri is None and document.get("id") is None:
        content = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
        uri = f"{actor_uri}#content-{sha256(content).hexdigest()}"
    if uri is None:
        raise Malformed("activity.id", expected="an http(s) id")
    if kind is None or not kind.isprintable() or len(kind) > 100:
        raise Malformed("activity.type", expected="a type")
    if document.get("object") is None and kind in WITH_OBJECT:
        raise Malformed("activity.object", expected="an object")
    return Activity(uri, kind, actor_uri, document)
