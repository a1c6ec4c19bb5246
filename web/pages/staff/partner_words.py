"""An agreement as those who look after it read it: its state, its checks and its link, in words."""

from typing import Any

from federation.activity import time_ms
from federation.origins import authority_of
from federation.partnerships import Partnership
from inbox.link_health import Queue
from inbox.pairing import safety_number_with
from web.pages.callers import PageCall
from web.pages.dates import day, when
from web.pages.posts import initials
from web.pages.scope_words import lines_of
from web.translations import PAGES, say

PATH = "/staff/partners"
KINDS = {
    "active": "good",
    "paused": "idle",
    "asked": "warn",
    "offered": "idle",
    "key_changed": "bad",
    "ended": "idle",
    "expired": "idle",
}
GROUPS_A_LINE = 2

Shown = dict[str, Any]


def shown(call: PageCall, known: Partnership) -> Shown:
    """Name, place and state of a partner."""
    language, host = call.page_language, authority_of(known.origin)
    name = known.name or host
    state = "asked" if known.awaits_us and not known.is_in_force else known.state
    return {
        "name": name,
        "host": host,
        "path": f"{PATH}/{host}",
        "initials": initials(name),
        "contact": known.contact,
        "is_mail": "@" in known.contact and "://" not in known.contact,
        "kind": known.kind,
        "state": known.state,
        "sign": KINDS[state],
        "state_words": say(language, f"partners.state_{state}"),
        "awaits_us": known.awaits_us,
        "in_force": known.is_in_force,
        "is_over": known.state in {"ended", "expired"},
        "fingerprint": known.fingerprint,
        "since": _day(call, known.agreement.starts),
        "until": _day(call, known.agreement.ends),
    }


def _day(call: PageCall, stated: str) -> str:
    at_ms = time_ms(stated)
    return stated if at_ms is None else day(call.page_language, at_ms)


async def safety_lines(call: PageCall, origin: str, fingerprint: str) -> list[Shown]:
    """The safety number in lines of two groups: the two sites read them in turn."""
    number = (await safety_number_with(call.node, origin, fingerprint)).split()
    we_begin = call.node.origin < origin
    lines = [
        " ".join(number[at : at + GROUPS_A_LINE]) for at in range(0, len(number), GROUPS_A_LINE)
    ]
    return [
        {"digits": line, "is_ours": (place % 2 == 0) == we_begin}
        for place, line in enumerate(lines)
    ]


def terms(call: PageCall, known: Partnership) -> Shown:
    """What is agreed, or what waits to be: both directions, and the contract itself."""
    language = call.page_language
    text = known.agreement if known.offer is None else known.offer.agreement
    return {
        "ours": lines_of(language, text.grant_of(call.node.origin)),
        "theirs": lines_of(language, text.grant_of(known.origin)),
        "contract": [
            (say(language, "partners.from"), _day(call, text.starts)),
            (say(language, "partners.until"), _day(call, text.ends)),
            (
                say(language, "partners.new_sites"),
                say(language, f"partners.new_sites_{text.new_sites}"),
            ),
            (say(language, "partners.revision"), str(text.revision)),
            (say(language, "partners.digest"), _in_groups(text.digest)),
            (say(language, "partners.proofs"), say(language, f"partners.proofs_{_proofs(known)}")),
        ],
    }


def _proofs(known: Partnership) -> str:
    return "both" if known.our_proof and known.their_proof else "one"


def _in_groups(digest: str) -> str:
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def lamps(call: PageCall, known: Partnership) -> list[Shown]:
    """One line for each check: its name, its verdict, and what to do about a red one."""
    language = call.page_language
    return [
        {
            "name": say(language, f"partners.check_{check['name']}"),
            "is_green": check["is_green"],
            "verdict": say(language, f"partners.{'green' if check['is_green'] else 'red'}"),
            "text": ""
            if check["is_green"]
            else say(language, f"partners.advice_{check['name']}", came=check["came"] or "–"),
        }
        for check in known.probe
        if f"partners.check_{check['name']}" in PAGES[language]
    ]


def health(call: PageCall, queue: Queue) -> Shown:
    """What waits on the way to a partner, and the last words of the link."""
    language, now = call.page_language, call.node.clock()

    def moment(at_ms: int | None) -> str:
        never = say(language, "partners.never_yet")
        return never if at_ms is None else when(language, at_ms, now)

    many = "one" if queue.waiting == 1 else "many"
    waiting = say(language, "partners.queue_none")
    if queue.waiting:
        since = moment(queue.oldest_at)
        waiting = say(language, f"partners.queue_{many}", n=str(queue.waiting), since=since)
    return {
        "waiting": queue.waiting,
        "is_late": queue.waiting > 0 and queue.failing_since is not None,
        "title": say(language, "partners.late", since=moment(queue.failing_since)),
        "reason": reason(call, queue),
        "again": moment(queue.next_attempt_at) if queue.next_attempt_at else "",
        "lines": [
            (say(language, "partners.queue"), waiting),
            (say(language, "partners.last_out"), moment(queue.handed_over_at)),
            (say(language, "partners.last_in"), moment(queue.heard_at)),
            (say(language, "partners.refused"), str(queue.refused)),
        ],
    }


def reason(call: PageCall, queue: Queue) -> str:
    """Why the last attempt came to nothing, in plain words; empty when there was none."""
    language = call.page_language
    if not queue.reason:
        return ""
    known = f"partners.reason_{queue.reason.replace('.', '_')}"
    if known in PAGES[language]:
        return say(language, known)
    if queue.status is None:
        return say(language, "partners.reason_silent")
    broad = "partners.reason_down" if queue.status >= 500 else "partners.reason_refuses"
    return say(language, broad, status=str(queue.status))
