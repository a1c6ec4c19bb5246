"""Audiences as a person chooses them: in her words, with who will read, before and after.

An application knows four words of Mastodon; on a closed node *public* is what the site lets
them mean. `audience` says it exactly.
"""

from typing import Any

from starlette.responses import Response

from federation.database import Row
from federation.errors import Invalid, NotFound, describe
from outbox.audience import VISIBILITY_KINDS, admitted
from outbox.audience_members import learn_members
from outbox.circles import ACROSS_SITES, Site, sites_for
from outbox.reach import Reach, reach_of
from outbox.readers import (
    followers_here,
    handed,
    members_count,
    places_of_followers,
)
from outbox.visibility import visible
from web.mastodon.call import Call, Entry, answer
from web.mastodon.params import Params, read_id
from web.mastodon.preferences import VISIBILITIES, Defaults, audience_word, own_defaults
from web.mastodon.serializers import timestamp
from web.translations import say

PARTNERS_MAX = 200
AUDIENCE_CHARACTERS_MAX = 20_000
WORDS = {
    "public": "public",
    "unlisted": "unlisted",
    "followers": "private",
    "named": "direct",
    "site": "local",
    **{kind: kind for kind in ACROSS_SITES},
}
_NAMED_PREFIX = "partners:"

describe(
    {
        "audience.unknown": "{field} is no audience that you can choose here.",
    }
)

Entity = dict[str, Any]


async def read_audience(call: Call, params: Params, defaults: Defaults) -> tuple[str, list[str]]:
    """(visibility, named partners) of a new status, in the words of `outbox.drafts`.

    `audience` is said exactly and stands before all else; then `local_only`, `visibility`, and
    the person's default. Invalid names the field.
    """
    text = params.text("audience", AUDIENCE_CHARACTERS_MAX)
    if text:
        return await _exact(call, text, params.texts("partners", PARTNERS_MAX))
    word = params.choice("visibility", (*VISIBILITIES, "local"))
    if params.flag("local_only"):
        word = "local"
    if word in (None, "public", "unlisted"):
        inherited = await _of_parent(call, params.id("in_reply_to_id"))
        if inherited is not None:
            return inherited, []
    if word is None:
        word = WORDS[audience_word(call.node, defaults)]
    return by_app(call, word), []


def by_app(call: Call, word: str) -> str:
    """What a word of Mastodon means here: a closed node has no public, and says what it is."""
    if word not in ("public", "unlisted") or not call.node.is_closed:
        return word
    widest = call.node.options.posting.widest_by_app
    return word if widest == "public" else WORDS[widest]


async def _of_parent(call: Call, parent_id: int | None) -> str | None:
    """The kind of an answered status of several sites: its audience is the widest there is."""
    if parent_id is None:
        return None
    parent = await visible(call.node.db, call.who, parent_id)
    kind = None if parent is None else parent["audience_kind"]
    return kind if kind in ACROSS_SITES else None


async def _exact(call: Call, text: str, partners: list[str]) -> tuple[str, list[str]]:
    if text.startswith(_NAMED_PREFIX):
        origins = text.removeprefix(_NAMED_PREFIX).split(",")
        return "named_partners", [origin.strip() for origin in origins if origin.strip()]
    number = read_id(text)
    if number is not None:
        return await _as_before(call, number)
    if text not in WORDS:
        raise Invalid("audience.unknown", field="audience")
    if text in ("public", "unlisted") and by_app(call, text) != text:
        raise Invalid("audience.unknown", field="audience")
    return WORDS[text], partners if text == "named_partners" else []


async def _as_before(call: Call, audience_id: int) -> tuple[str, list[str]]:
    """The audience of something that the caller wrote and that begins here, once more."""
    kind = await call.node.db.value(
        "SELECT s.audience_kind FROM status s JOIN audience au ON au.id = s.audience_id"
        " WHERE s.audience_id = ? AND s.actor_id = ? AND au.owner IN ('', ?) LIMIT 1",
        audience_id,
        call.actor_id,
        call.node.origin,
    )
    if kind is None or kind == "named":
        raise Invalid("audience.unknown", field="audience")
    rows = await call.node.db.rows(
        "SELECT origin FROM audience_member WHERE audience_id = ? AND origin IS NOT NULL"
        " ORDER BY origin",
        audience_id,
    )
    return by_app(call, WORDS[kind]), [row["origin"] for row in rows]


async def listing(call: Call) -> Response:
    """GET /api/maillage/v1/audiences: what the caller may choose, the narrowest first."""
    node, token = call.node, call.token
    is_guest = token is not None and token.is_guest
    partners = admitted(node, await sites_for(node.db, "partners"))
    organisation = [site for site in partners if site.kind == "site"]
    found = [_choice(call, "named", "named", [])]
    found.append(_choice(call, "followers", "followers", []))
    if not is_guest:
        found.append(_choice(call, "site", "site", []))
        found.append(_choice(call, "organisation", "organisation", organisation))
        found += [
            _choice(call, f"{_NAMED_PREFIX}{s.origin}", "named_partners", [*organisation, s])
            for s in partners
            if s.kind != "site"
        ]
        found.append(_choice(call, "partners", "partners", partners))
    if not node.is_closed or node.options.posting.widest_by_app == "public":
        found += [_choice(call, kind, kind, []) for kind in ("unlisted", "public")]
    default = audience_word(node, await own_defaults(call))
    return answer({"audiences": found, "default": default})


def _choice(call: Call, choice_id: str, kind: str, sites: list[Site]) -> Entity:
    return {
        "id": choice_id,
        "kind": kind,
        "words": say(call.language, f"audience.{kind}"),
        "sites": [_site(site) for site in sites],
        "sites_count": len(sites),
    }


def _site(site: Site) -> Entity:
    return {"origin": site.origin, "name": site.name, "is_own_organisation": site.kind == "site"}


def _waits(call: Call, site: Site) -> Entity:
    """Until when what is sent to a site waits, in words; nothing for one that it reaches now."""
    return {"waits": say(call.language, f"audience.waits_{site.waits}")} if site.waits else {}


async def readers(call: Call) -> Response:
    """GET /api/maillage/v1/audiences/:kind/readers: who will read what is about to be said.

    With `in_reply_to` it is the audience that the answer would really have.
    """
    kind = call.path_text("kind")
    if kind not in WORDS:
        raise NotFound("record.not_found")
    node, query = call.node, call.query
    parent = await _parent(call, query.id("in_reply_to"))
    if parent is not None:
        await learn_members(node, parent)
    wish = VISIBILITY_KINDS[by_app(call, WORDS[kind])]
    partners = query.texts("partners", PARTNERS_MAX)
    assert call.actor_id is not None, "the gate lets persons in only"
    reach = await reach_of(node, node.db, wish, parent, call.actor_id, partners)
    return answer(await readers_entity(call, reach))


async def _parent(call: Call, parent_id: int | None) -> Row | None:
    if parent_id is None:
        return None
    parent = await visible(call.node.db, call.who, parent_id)
    if parent is None or parent["reblog_of_id"] is not None:
        raise NotFound("status.not_found")
    return parent


async def readers_entity(call: Call, reach: Reach) -> Entity:
    """Who will read what goes this far: people here, sites, and who would get nothing."""
    db, actor_id, kind = call.node.db, call.actor_id or 0, reach.kind
    places = await places_of_followers(db, actor_id, kind, reach.sites)
    here = 0
    if kind in ("public", "unlisted", "site", *ACROSS_SITES):
        here = await members_count(db)
    elif kind == "followers":
        here = await followers_here(db, actor_id)
    reached = [place for place in places if not place.is_left_out and kind not in ACROSS_SITES]
    left_out = [place for place in places if place.is_left_out and kind != "named"]
    return {
        "audience": {"kind": kind, "words": say(call.language, f"audience.{kind}")},
        "people_here": here,
        "sites": [_site(site) | _waits(call, site) for site in reach.sites],
        "sites_count": len(reach.sites),
        "followers_elsewhere": sum(place.followers for place in reached),
        "left_out": [
            {
                "origin": place.origin,
                "software": place.software,
                "followers": place.followers,
                "words": say(
                    call.language,
                    "audience.left_out",
                    count=str(place.followers),
                    site=place.origin.partition("://")[2],
                ),
            }
            for place in left_out
        ],
    }


async def received(call: Call) -> Response:
    """GET /api/maillage/v1/statuses/:id/received: where one's own status went, and since when."""
    row = await visible(call.node.db, call.who, call.path_id())
    if row is None or row["actor_id"] != call.actor_id:
        raise NotFound("record.not_found")
    return answer(
        [
            {
                "origin": one.origin,
                "name": one.name,
                "state": one.state,
                "words": say(call.language, f"handed.{one.state}"),
                "at": timestamp(one.at),
            }
            for one in await handed(call.node.db, row["uri"])
        ]
    )


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/maillage/v1/audiences", "person", "read:statuses", listing),
    Entry("GET", "/api/maillage/v1/audiences/{kind}/readers", "person", "read:statuses", readers),
    Entry("GET", "/api/maillage/v1/statuses/{id}/received", "person", "read:statuses", received),
)
