"""For whom a letter is: the circles its author may choose, and who would read it, in words."""

from typing import Any

import orjson

from federation.database import Row
from federation.errors import Invalid
from outbox.audience import VISIBILITY_KINDS, admitted
from outbox.audience_members import learn_members
from outbox.circles import ACROSS_SITES, Site, sites_of
from outbox.reach import Reach, reach_of
from web.mastodon import audiences
from web.mastodon.audiences import WORDS, by_app
from web.mastodon.preferences import audience_word, own_defaults
from web.pages.callers import PageCall
from web.pages.letters import Letter
from web.pages.posts import Shown, badge, initials
from web.translations import say, sentence

NAMES_MAX = 6
# Fewer are not counted out: somebody could be recognised.
COUNTED_MIN = 5


async def usual(call: PageCall) -> str:
    """The circle that is chosen when the form opens."""
    if call.is_guest:
        return "private"
    return by_app(call, WORDS[audience_word(call.node, await own_defaults(call))])


async def choices(call: PageCall, letter: Letter) -> list[Shown]:
    """The circles from which the author chooses, the narrowest first.

    Who is not known at this moment finds what was chosen; it is judged when it is published.
    """
    if call.session is None:
        return [_choice(call, letter.audience or "local", [])]
    found: dict[str, Any] = {}
    for one in orjson.loads(bytes((await audiences.listing(call)).body))["audiences"]:
        word = WORDS[one["kind"]]
        chosen = found.setdefault(word, _choice(call, word, one["sites"]))
        if word == "named_partners":
            chosen["partners"].append(_partner(letter, one))
    kept = (await usual(call), letter.audience)
    return [
        one
        for word, one in found.items()
        if one["sites"] or word not in ACROSS_SITES or word in kept
    ]


def _choice(call: PageCall, word: str, sites: list[Shown]) -> Shown:
    language = call.page_language
    names = ", ".join(site["name"] for site in sites[:NAMES_MAX])
    if len(sites) > NAMES_MAX:
        names += " …"
    return {
        "word": word,
        "name": say(language, f"write.{word}", site=call.node.name),
        "hint": say(language, _hint(call, word), site=call.node.name, sites=names),
        "to": say(language, f"write.to_{word}"),
        "sites": sites,
        "partners": [],
    }


def _hint(call: PageCall, word: str) -> str:
    if word != "public":
        return f"write.{word}_hint"
    return "write.public_hint_closed" if call.node.is_closed else "write.public_hint_open"


def _partner(letter: Letter, one: Shown) -> Shown:
    origin = one["id"].partition(":")[2]
    name = next(site["name"] for site in one["sites"] if site["origin"] == origin)
    return {"origin": origin, "name": name, "is_chosen": origin in letter.partners}


async def reach(call: PageCall, letter: Letter, parent: Row | None) -> Reach | None:
    """How far the letter would go; None, with a problem noted, when its circle is none."""
    if parent is not None:
        await learn_members(call.node, parent)
    wish = VISIBILITY_KINDS[letter.audience]
    try:
        return await reach_of(
            call.node, call.node.db, wish, parent, call.actor_id or 0, letter.partners
        )
    except Invalid as error:
        field = say(call.page_language, "write.field_audience")
        text = sentence(call.page_language, error.code, {**error.params, "field": field})
        letter.problems["audience"] = text
        return None


async def who_reads(call: PageCall, far: Reach) -> Shown:
    """*Who will read?* for a reach: people here, sites, and who would get nothing."""
    found = await audiences.readers_entity(call, far)
    language, people = call.page_language, found["people_here"]
    here = {True: "readers.few_here", False: "readers.here"}[people < COUNTED_MIN]
    return {
        "kind": far.kind,
        "here": say(language, here, n=str(people), site=call.node.name) if people else "",
        "sites": [_site(site) for site in found["sites"]],
        "count": _count(call, far),
        "elsewhere": found["followers_elsewhere"],
        "left_out": found["left_out"],
        "button": to_words(call, far),
        "badge": badge(call, far.kind, own=True),
    }


def _site(site: Shown) -> Shown:
    return {**site, "initials": initials(site["name"] or "?")}


def _count(call: PageCall, far: Reach) -> str:
    if far.kind not in ACROSS_SITES:
        return say(call.page_language, f"readers.{far.kind}")
    return say(call.page_language, "readers.sites", n=str(len(far.sites) + 1))


def to_words(call: PageCall, far: Reach) -> str:
    """The end of the button's words: for whom."""
    word, chosen = WORDS[far.kind], len(far.origins)
    if far.kind == "named_partners" and chosen:
        key = "write.to_one_partner" if chosen == 1 else "write.to_n_partners"
        return say(call.page_language, key, n=str(chosen))
    return say(call.page_language, f"write.to_{word}")


async def of_status(call: PageCall, row: Row) -> Reach:
    """How far a status that is out already goes."""
    sites: tuple[Site, ...] = ()
    if row["audience_kind"] in ACROSS_SITES:
        sites = tuple(admitted(call.node, await sites_of(call.node.db, row["audience_id"])))
    return Reach(row["audience_kind"], row["audience_id"], sites=sites)
