"""The site's own pages as clients show them: rules, terms, privacy policy, languages.

They are for everybody, also on a closed node: whoever signs up, or is written to, may read
under which terms.
"""

from datetime import UTC, datetime

from starlette.responses import Response

from federation.errors import NotFound
from inbox.site_facts import site_facts
from web.mastodon.call import Call, Entry, answer
from web.mastodon.serializers import Entity, maybe_timestamp, timestamp
from web.mastodon.site_texts import html_of, rule_entity, rules_of, terms_by_day, text_of

LANGUAGE_NAMES = {"fr": "Français", "en": "English"}


async def rules(call: Call) -> Response:
    """GET /api/v1/instance/rules."""
    return answer([rule_entity(rule) for rule in rules_of(call.node)])


async def extended_description(call: Call) -> Response:
    """GET /api/v1/instance/extended_description."""
    about, facts = text_of(call.node, "about", call.language), await site_facts(call.node.db)
    said = facts.changed_at or {}
    moments = [about.changed_at, said.get("purpose"), said.get("charter")]
    changed_at = max((at for at in moments if at is not None), default=None)
    parts = [html_of(facts.purpose), about.html, html_of(facts.charter)]
    content = "".join(parts)
    return answer({"updated_at": maybe_timestamp(changed_at), "content": content})


async def privacy_policy(call: Call) -> Response:
    """GET /api/v1/instance/privacy_policy."""
    policy = text_of(call.node, "privacy", call.language)
    # Clients expect a moment here; the text that comes with the software has none of its own.
    changed_at = policy.changed_at if policy.changed_at is not None else await _founded(call)
    return answer({"updated_at": timestamp(changed_at), "content": policy.html})


async def _founded(call: Call) -> int:
    return await call.node.db.value(
        "SELECT created_at FROM actor WHERE uri = ?", call.node.uris.instance_actor
    )


async def terms_of_service(call: Call) -> Response:
    """GET /api/v1/instance/terms_of_service: those that hold today."""
    today = datetime.fromtimestamp(call.node.clock() / 1000, UTC).strftime("%Y-%m-%d")
    days = [day for day in terms_by_day(call.node, call.language) if day <= today]
    if not days:
        raise NotFound("record.not_found")
    return answer(_terms(call, days[-1]))


async def terms_of_a_day(call: Call) -> Response:
    """GET /api/v1/instance/terms_of_service/:date: those that hold from that day on."""
    return answer(_terms(call, call.path_text("date")))


def _terms(call: Call, day: str) -> Entity:
    known = terms_by_day(call.node, call.language)
    if day not in known:
        raise NotFound("record.not_found")
    today = datetime.fromtimestamp(call.node.clock() / 1000, UTC).strftime("%Y-%m-%d")
    later = [other for other in known if other > day]
    return {
        "effective_date": day,
        "effective": day <= today,
        "content": known[day].html,
        "succeeded_by": later[0] if later else None,
    }


async def languages(_call: Call) -> Response:
    """GET /api/v1/instance/languages: those in which people of the site are spoken to."""
    return answer([{"code": code, "name": name} for code, name in LANGUAGE_NAMES.items()])


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/instance/rules", "anybody", None, rules),
    Entry("GET", "/api/v1/instance/extended_description", "anybody", None, extended_description),
    Entry("GET", "/api/v1/instance/privacy_policy", "anybody", None, privacy_policy),
    Entry("GET", "/api/v1/instance/terms_of_service", "anybody", None, terms_of_service),
    Entry("GET", "/api/v1/instance/terms_of_service/{date}", "anybody", None, terms_of_a_day),
    Entry("GET", "/api/v1/instance/languages", "anybody", None, languages),
)
