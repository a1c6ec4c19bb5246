"""What the site says of itself to everybody, made from what it is set to, not from promises.

About, privacy, accessibility: open also on a closed node, since whoever signs up or is written
to may read under which terms.
"""

from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from federation.activity import time_ms
from federation.origins import authority_of
from federation.partnerships import Partnership, listing
from inbox.site_facts import site_facts
from web.mastodon.site_texts import Shown, html_of, shown_rules, terms_by_day, text_of
from web.pages.audit_results import AUDIT, CRITERIA
from web.pages.callers import PageCall, find_caller
from web.pages.dates import day
from web.pages.failures import View, page
from web.pages.members import show
from web.pages.scope_words import AFTERWARDS, TRAVELS, lines_of
from web.translations import foreign

ABOUT, PRIVACY, ACCESSIBILITY = "/about", "/privacy", "/accessibility"


def for_everybody(view: Any) -> View:
    """A page for whoever comes, member or not."""

    async def shown(request: Request) -> Response:
        return await view(await find_caller(request))

    return page(shown)


async def about_page(call: PageCall) -> Response:
    """GET /about: who runs this site, what for, by which rules."""
    language, now = call.page_language, call.node.clock()
    today = datetime.fromtimestamp(now / 1000, UTC).strftime("%Y-%m-%d")
    known = terms_by_day(call.node, language)
    holding = [at for at in known if at <= today]
    facts = await site_facts(call.node.db)
    return show(
        call,
        "about.html",
        about=_said(call, text_of(call.node, "about", language)),
        # What the site wrote once, it wrote in its own language.
        own={"language": foreign(language, call.node.language)},
        description=call.node.options.instance.description,
        facts=facts,
        purpose=_html(html_of(facts.purpose)),
        charter=_html(html_of(facts.charter)),
        hours=_html(html_of(facts.hours)),
        rules=shown_rules(call.node, language),
        terms=_said(call, known[holding[-1]]) if holding else None,
        contact=await contact(call),
    )


def _html(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - made by site_texts, which escapes what was written


def _said(call: PageCall, text: Shown) -> dict[str, Any]:
    """A text of the site, and its language where that is not the page's."""
    return {"html": _html(text.html), "language": foreign(call.page_language, text.language)}


async def contact(call: PageCall) -> dict[str, str]:
    """To whom one writes: the site, and who answers for personal data.

    Whom the site named on its own page counts before whom its settings name.
    """
    said, facts = call.node.options.instance, await site_facts(call.node.db)
    return {
        "email": said.contact_email,
        "protection": facts.protection_email or said.protection_email or said.contact_email,
        "protection_name": facts.protection_name,
    }


async def privacy_page(call: PageCall) -> Response:
    """GET /privacy: the site's notice, then who receives data by the agreements in force."""
    language = call.page_language
    known = [one for one in await listing(call.node.db) if one.is_in_force]
    facts = await site_facts(call.node.db)
    return show(
        call,
        "privacy.html",
        text=_said(call, text_of(call.node, "privacy", language)),
        partners=[_receiver(call, one) for one in known],
        proxied_days=str(call.node.options.media.proxied_days),
        translates=authority_of(call.node.options.translation.url.rstrip("/"))
        if call.node.options.translation.url
        else "",
        is_closed=call.node.is_closed,
        pushes=call.node.options.push.enabled,
        keeps=[
            (name, "" if months is None else str(months))
            for name, months in (
                ("conversation", facts.keep_conversation),
                ("knowledge", facts.keep_knowledge),
            )
        ],
        today=day(language, call.node.clock()),
        contact=await contact(call),
    )


def _receiver(call: PageCall, known: Partnership) -> dict[str, Any]:
    """What a partner may receive of this site's people, and what becomes of it."""
    language = call.page_language
    ends = time_ms(known.agreement.ends)
    return {
        "name": known.name or authority_of(known.origin),
        "host": authority_of(known.origin),
        "is_inside": known.kind == "site",
        "is_paused": known.state == "paused",
        "travels": lines_of(language, known.ours, TRAVELS),
        # What we grant says what they may keep; how long their backups last is theirs to say.
        "afterwards": [
            *lines_of(language, known.ours, AFTERWARDS[:1]),
            *lines_of(language, known.theirs, AFTERWARDS[1:]),
        ],
        "ends": "" if ends is None else day(language, ends),
    }


async def accessibility_page(call: PageCall) -> Response:
    """GET /accessibility: the statement, with the figures of the last audit, or that none was."""
    return show(
        call,
        "accessibility.html",
        audit=AUDIT,
        criteria=str(CRITERIA),
        contact=await contact(call),
    )


ROUTES: tuple[Route, ...] = (
    Route(ABOUT, for_everybody(about_page), methods=["GET"]),
    Route(PRIVACY, for_everybody(privacy_page), methods=["GET"]),
    Route(ACCESSIBILITY, for_everybody(accessibility_page), methods=["GET"]),
)
