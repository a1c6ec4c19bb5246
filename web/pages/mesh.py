"""The map of the mesh: this site, its organisation and its partners, each link with its state.

For members of the site: they see with whom it exchanges, the day of the last exchange, and
never who exchanges with whom. A table says the same as the drawing.
"""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission, allows
from federation.organisations import names_by_site, own_organisation
from inbox.link_health import Link, links
from web.pages.callers import PageCall, for_member
from web.pages.dates import day
from web.pages.failures import page
from web.pages.members import show
from web.pages.mesh_drawing import draw, label
from web.pages.posts import initials
from web.translations import say

PATH = "/map"
PARTNERS_PATH = "/staff/partners"
# Of a state: the class of its thread, its hue and its sign.
LOOKS = {
    "active": ("", "good", "good"),
    "late": ("wait", "warn", "clock"),
    "pairing": ("wait", "idle", "clock"),
    "paused": ("off", "idle", "pause"),
    "key_changed": ("cut", "bad", "bad"),
}
# What members are shown; who looks after partners sees as well what is being agreed.
SHOWN = frozenset({"active", "paused", "key_changed"})
PAIRING = frozenset({"offered", "asked"})


async def map_page(call: PageCall) -> Response:
    """GET /map."""
    manages = call.account is not None and allows(call.account["role"], Permission.MANAGE_PARTNERS)
    states = SHOWN | PAIRING if manages else SHOWN
    known = [link for link in await links(call.node.db) if link.state in states]
    inside = [link for link in known if link.kind == "site"]
    outside = [link for link in known if link.kind != "site"]
    drawing = draw(len(inside), len(outside))
    sites = [
        _site(call, link, manages=manages) | {"mark": mark}
        for link, mark in zip([*inside, *outside], [*drawing.inside, *drawing.outside], strict=True)
    ]
    organisation = await own_organisation(call.node.db)
    named = await names_by_site(call.node.db)
    for site, link in zip(sites, [*inside, *outside], strict=True):
        site["organisation"] = named.get(link.origin, "")
    return show(
        call,
        "map.html",
        here="directory",
        sites=sites,
        drawing=drawing,
        own=label(call.node.name),
        own_letters=initials(call.node.name)[:2],
        organisation="" if organisation is None else organisation.name,
        description=_described(call, sites, len(inside), len(outside)),
        manages=manages,
    )


def _site(call: PageCall, link: Link, *, manages: bool) -> dict[str, Any]:
    language = call.page_language
    state = "late" if link.is_late else "pairing" if link.state in PAIRING else link.state
    thread, hue, sign = LOOKS[state]
    host = link.origin.partition("://")[2]
    since = "" if link.failing_since is None else day(language, link.failing_since)
    last = say(language, "map.never")
    return {
        "name": link.name,
        "host": host,
        "label": label(link.name),
        "letters": initials(link.name)[:2],
        "kind": link.kind,
        "is_inside": link.kind == "site",
        "state": state,
        "thread": thread,
        "hue": hue,
        "sign": sign,
        "words": say(language, f"map.state_{state}", since=since),
        "last": last if link.last_at is None else day(language, link.last_at),
        "path": f"{PARTNERS_PATH}/{host}" if manages and link.kind != "plain" else "",
    }


def _described(call: PageCall, sites: list[dict[str, Any]], inside: int, outside: int) -> str:
    """The drawing in a sentence or two: how many there are, and which need attention."""
    language = call.page_language
    said = [say(language, "map.counted", inside=str(inside), outside=str(outside))]
    attention = [site for site in sites if site["state"] != "active"]
    said += [f"{site['name']}{say(language, 'map.colon')}{site['words']}." for site in attention]
    said.append(say(language, "map.see_table"))
    return " ".join(said)


ROUTES: tuple[Route, ...] = (Route(PATH, page(for_member(map_page)), methods=["GET"]),)
