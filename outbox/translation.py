"""Translation by the LibreTranslate service that the site configured, and by no other.

What is not public goes there only when the site says that the service is inside. What comes back
is foreign HTML and is cleaned as such.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import orjson

from federation.client import Answer
from federation.client_errors import ClientError
from federation.database import Reader, Row
from federation.errors import Invalid, NotFound, Refused, Unavailable, describe
from federation.html import clean_html, plain_text
from federation.node import Node
from outbox.visibility import PUBLIC_KINDS

describe(
    {
        "translation.off": "This node translates nothing.",
        "translation.not_public": "Only what is public is translated here: the translation service"
        " is outside the organisation.",
        "translation.language": "The translation service does not translate this into {came}.",
        "translation.unavailable": "The translation service does not answer; try again later.",
    }
)

PROVIDER = "LibreTranslate"
ANSWER_BYTES_MAX = 2_000_000
TEXTS_MAX = 60
RETRY_AFTER_S = 60
_JSON = "application/json"

Languages = dict[str, list[str]]
"""The languages into which each language is translated."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A status in another language; `media` and `options` in the order of the status."""

    content: str
    spoiler_text: str
    language: str
    source_language: str
    options: tuple[str, ...]
    media: tuple[tuple[int, str], ...]
    poll_id: int | None


async def translate(
    node: Node, reader: Reader, status: Row, language: str, languages: Languages
) -> Translation:
    """Translate a status that the caller was found to see.

    Raises NotFound when nothing is configured, Refused for what may not leave the site, Invalid
    for a language that the service does not have, Unavailable when it does not answer.
    """
    options = node.options.translation
    if not options.url:
        raise NotFound("translation.off")
    if status["audience_kind"] not in PUBLIC_KINDS and not options.inside:
        raise Refused("translation.not_public")
    source = (status["language"] or "").lower()
    if source not in languages:
        # Clients say `pt-BR` where the service may know `pt` alone.
        source = source.partition("-")[0] if source.partition("-")[0] in languages else ""
    if source == language or language not in _targets(languages, source):
        raise Invalid("translation.language", field="lang", came=language)
    poll, titles = await _poll(reader, status["id"])
    media = await reader.rows(
        "SELECT id, description FROM attachment WHERE status_id = ? AND description IS NOT NULL"
        " AND description <> '' ORDER BY position, id",
        status["id"],
    )
    plain = [status["summary"], *titles, *(row["description"] for row in media)][:TEXTS_MAX]
    texts = [status["content_html"], *map(escape, plain)]
    translated, detected = await _ask(node, texts, source, language)
    # Titles and descriptions are plain text for clients.
    rest = [plain_text(clean_html(text)) for text in translated[1:]]
    described = rest[1 + len(titles) :]
    return Translation(
        content=clean_html(translated[0]),
        spoiler_text=rest[0],
        language=language,
        source_language=source or detected,
        options=tuple(rest[1 : 1 + len(titles)]),
        media=tuple((row["id"], text) for row, text in zip(media, described, strict=False)),
        poll_id=poll,
    )


def _targets(languages: Languages, source: str) -> Sequence[str]:
    if source:
        return languages[source]
    return [code for targets in languages.values() for code in targets]


async def _poll(reader: Reader, status_id: int) -> tuple[int | None, list[str]]:
    poll_id = await reader.value("SELECT id FROM poll WHERE status_id = ?", status_id)
    rows = await reader.rows(
        "SELECT title FROM poll_option WHERE poll_id = ? ORDER BY position", poll_id or 0
    )
    return poll_id, [row["title"] for row in rows]


async def read_languages(node: Node) -> Languages:
    """Ask the service which languages it has; none when none is configured.

    Raises Unavailable when it does not answer.
    """
    options, client = node.options.translation, node.translation_client
    if client is None:
        return {}
    headers = {"Accept": _JSON}
    try:
        # The configured address and no other: where it leads elsewhere, nothing is followed.
        answer = await client.get(
            f"{options.url}/languages",
            headers=headers,
            limit_bytes=ANSWER_BYTES_MAX,
            redirects=0,
        )
    except ClientError as error:
        raise _unavailable() from error
    found = _read(answer)
    if not isinstance(found, list):
        raise _unavailable()
    return {
        item["code"]: [code for code in item.get("targets", []) if isinstance(code, str)]
        for item in found
        if isinstance(item, dict) and isinstance(item.get("code"), str)
    }


async def _ask(node: Node, texts: list[str], source: str, language: str) -> tuple[list[str], str]:
    """The texts in another language, and the language they were found to be in."""
    options, client = node.options.translation, node.translation_client
    assert client is not None, "there is one when there is an address"
    asked = {"q": texts, "source": source or "auto", "target": language, "format": "html"}
    if options.api_key:
        asked["api_key"] = options.api_key
    try:
        answer = await client.post(
            f"{options.url}/translate",
            body=orjson.dumps(asked),
            headers={"Content-Type": _JSON, "Accept": _JSON},
            limit_bytes=ANSWER_BYTES_MAX,
        )
    except ClientError as error:
        raise _unavailable() from error
    found = _read(answer)
    translated = found.get("translatedText") if isinstance(found, dict) else None
    if (
        not isinstance(translated, list)
        or len(translated) != len(texts)
        or not all(isinstance(text, str) for text in translated)
    ):
        raise _unavailable()
    detected = found.get("detectedLanguage")
    first = detected[0] if isinstance(detected, list) and detected else detected
    code = first.get("language") if isinstance(first, dict) else None
    return translated, code[:20] if isinstance(code, str) else ""


def _read(answer: Answer) -> Any:
    if answer.status != 200:
        raise _unavailable()
    try:
        return orjson.loads(answer.body)
    except orjson.JSONDecodeError as error:
        raise _unavailable() from error


def _unavailable() -> Unavailable:
    return Unavailable("translation.unavailable", retry_after_s=RETRY_AFTER_S)
