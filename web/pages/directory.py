"""The directory: people who chose to be found, at this site, in its organisation, at partners.

For members of the site. It ranks nobody and asks no other site.
"""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actors.directory import choice_of
from actors.words import folded_words
from federation.errors import Refused
from federation.organisations import names_by_site
from federation.origins import authority_of
from inbox.directory import SCOPES, Entry, search
from inbox.link_health import links
from web.pages.callers import PageCall, for_member
from web.pages.failures import page
from web.pages.members import show
from web.pages.mesh import SHOWN
from web.pages.posts import HUES, initials
from web.translations import say

PATH = "/directory"
PEOPLE = 30
OFFSET_MAX = 10_000
QUERY_CHARACTERS_MAX = 200


async def directory_page(call: PageCall) -> Response:
    """GET /directory: `q` words, `where` whose people, `from` further on."""
    if call.is_guest:
        raise Refused("directory.members")
    text = (call.query.text("q", QUERY_CHARACTERS_MAX) or "").strip()
    where = call.query.choice("where", SCOPES) or "all"
    start = call.query.number("from", most=OFFSET_MAX) or 0
    found = await search(call.node.db, call.actor_id, text, where, PEOPLE + 1, start)
    known = [link for link in await links(call.node.db) if link.state in SHOWN]
    words = folded_words(text)
    named = await names_by_site(call.node.db)
    return show(
        call,
        "directory.html",
        here="directory",
        text=text,
        where=where,
        scopes=SCOPES,
        people=[_person(call, entry, words, named) for entry in found[:PEOPLE]],
        start=start,
        further=start + PEOPLE if len(found) > PEOPLE else 0,
        reach=say(
            call.page_language,
            f"directory.reach_{(await choice_of(call.node.db, call.actor_id)).reach}",
        ),
        own_letters=initials(call.node.name),
        is_discoverable=bool(call.me["discoverable"]),
        sites=[
            {
                "name": link.name,
                "host": authority_of(link.origin),
                "initials": initials(link.name),
                "is_inside": link.kind == "site",
                "organisation": named.get(link.origin, ""),
            }
            for link in known
        ],
    )


def _person(
    call: PageCall, entry: Entry, words: list[str], named: dict[str, str]
) -> dict[str, Any]:
    here = entry.kind == "here"
    acct = entry.handle.partition("@")[0] if here else entry.handle
    return {
        "name": entry.name,
        "acct": acct,
        "path": f"/@{acct}"
        if here or entry.actor_id is not None
        else f"/search?q={acct}&resolve=1",
        "initials": initials(entry.name),
        "hue": HUES[len(entry.uri) % len(HUES)],
        "site": call.node.name if here else entry.site or authority_of(entry.origin),
        "is_partner": entry.kind == "partner",
        "organisation": named.get(entry.origin, ""),
        "picture": None,
        "fields": [
            field | {"is_found": any(word in folded_words(field["value"]) for word in words)}
            for field in entry.fields
            if field["value"]
        ],
    }


ROUTES: tuple[Route, ...] = (Route(PATH, page(for_member(directory_page)), methods=["GET"]),)
