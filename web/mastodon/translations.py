"""Translations of statuses, by the service that the site chose."""

from starlette.responses import Response

from federation.errors import Invalid, NotFound
from outbox.translation import PROVIDER, Languages, Translation, read_languages, translate
from outbox.visibility import visible
from web.mastodon.call import Call, Entry, answer
from web.mastodon.serializers import Entity

LANGUAGE_CHARACTERS_MAX = 20


async def create(call: Call) -> Response:
    """POST /api/v1/statuses/:id/translate: into `lang`, else into the caller's own language."""
    row = await visible(call.node.db, call.who, call.path_id())
    if row is not None and row["reblog_of_id"] is not None:
        row = await visible(call.node.db, call.who, row["reblog_of_id"])
    if row is None or not call.node.options.translation.url:
        raise NotFound("record.not_found")
    params = await call.params()
    wanted = (params.text("lang") or call.language).replace("_", "-")
    if len(wanted) > LANGUAGE_CHARACTERS_MAX or not wanted.replace("-", "").isalnum():
        raise Invalid("status.language", field="lang")
    languages = await _languages(call)
    language = _known(wanted, languages)
    translated = await translate(call.node, call.node.db, row, language, languages)
    return answer(_entity(translated))


def _known(wanted: str, languages: Languages) -> str:
    """The code by which the service knows a language: `fr-CA` is French to most."""
    targets = {code.lower(): code for codes in languages.values() for code in codes}
    short = wanted.partition("-")[0].lower()
    return targets.get(wanted.lower()) or targets.get(short) or wanted


def _entity(translated: Translation) -> Entity:
    poll: Entity | None = None
    if translated.poll_id is not None:
        titles = [{"title": title} for title in translated.options]
        poll = {"id": str(translated.poll_id), "options": titles}
    return {
        "content": translated.content,
        "spoiler_text": translated.spoiler_text,
        "language": translated.language,
        "detected_source_language": translated.source_language,
        "provider": PROVIDER,
        "media_attachments": [
            {"id": str(media_id), "description": text} for media_id, text in translated.media
        ],
        "poll": poll,
    }


async def _languages(call: Call) -> Languages:
    """What the service knows, asked once an hour."""
    known = call.memory.languages.get("")
    if known is None:
        known = await read_languages(call.node)
        call.memory.languages.put("", known)
    return known


async def languages(call: Call) -> Response:
    """GET /api/v1/instance/translation_languages: from each language into which; `und` from any."""
    known = await _languages(call)
    found = dict(known)
    if known:
        found["und"] = sorted({code for codes in known.values() for code in codes})
    return answer(found)


ENTRIES: tuple[Entry, ...] = (
    Entry("POST", "/api/v1/statuses/{id}/translate", "person", "read:statuses", create),
    Entry("GET", "/api/v1/instance/translation_languages", "anybody", None, languages),
)
