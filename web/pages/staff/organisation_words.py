"""An organisation as those who look after partners read it: its sites, and how each stands."""

from collections.abc import Sequence
from typing import Any

from federation.organisations import PROPOSED, REFUSED, Organisation, SiteStanding
from federation.origins import authority_of
from web.pages.callers import PageCall
from web.pages.posts import initials
from web.pages.staff.partner_words import KINDS
from web.pages.staff.partner_words import PATH as PARTNERS_PATH
from web.translations import say, sentence

PATH = "/staff/organisation"
_SIGNS = KINDS | {"own": "good", "listed": "warn", PROPOSED: "warn", REFUSED: "idle"}
_HERE = frozenset({"own", "listed", PROPOSED, REFUSED})


async def group_of(
    call: PageCall, known: Organisation, sites: Sequence[SiteStanding]
) -> dict[str, Any]:
    """Its name, its lead and its sites, the lead first."""
    ordered = sorted(sites, key=lambda site: (not site.is_lead, site.name or site.origin))
    lead = next((site for site in ordered if site.is_lead), None)
    host = authority_of(known.lead_origin)
    return {
        "name": known.name,
        "lead": host if lead is None else lead.name or host,
        "is_led_here": known.is_led_by(call.node.origin),
        "number": known.number,
        "sites": [_site(call, known, site) for site in ordered],
        "is_alone": len(ordered) < 2,
    }


def _site(call: PageCall, known: Organisation, site: SiteStanding) -> dict[str, Any]:
    language, host = call.page_language, authority_of(site.origin)
    name, state = site.name or host, site.state
    words = f"org.state_{state}" if state in _HERE else f"partners.state_{state}"
    is_theirs = not known.is_ours and not site.is_lead
    return {
        "name": name,
        "host": host,
        "initials": initials(name),
        "is_lead": site.is_lead,
        "is_own": state == "own",
        "sign": _SIGNS[state],
        "words": say(language, words),
        "reason": "" if site.reason is None else sentence(language, site.reason, {"origin": host}),
        "path": "" if state in _HERE else f"{PARTNERS_PATH}/{host}",
        "decide": f"{PATH}/proposed/{host}" if is_theirs and state in {PROPOSED, REFUSED} else "",
        "remove": f"{PATH}/sites/{host}/remove"
        if known.is_led_by(call.node.origin) and not site.is_lead
        else "",
    }
