"""What passes between this site and others: what waits, what was refused and why, what came.

By site and by reason only. Nothing here names an object or a person, and nothing can be looked
for by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission
from federation.database import Row, Transaction, marks
from federation.errors import Invalid, Malformed, NodeError, NotFound, Refused
from federation.origins import authority_of, origin_of
from federation.partnership_changes import wake_lane
from federation.peers import read_origin
from federation.stops import stops
from inbox import link_health
from inbox.link_health import Link, Queue
from inbox.pairing import By
from web.mastodon.admin.acts import done
from web.pages.callers import PageCall
from web.pages.dates import lasting, when
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.staff.frame import for_staff, show_staff
from web.translations import PAGES, say, sentence

PATH = "/staff/deliveries"
DAY_MS = 86_400_000
DAYS = 7
SITES_MAX = 50
LINES_MAX = 100
GROUPS_MAX = 5_000
# What a reason may tell besides its words: nothing by which somebody or something is found.
TELLING = frozenset({"origin", "limit_s", "max", "age_s", "ahead_s", "algorithm", "component"})

_WAITING = (
    "SELECT origin FROM delivery WHERE progress = 'pending' GROUP BY origin"
    " ORDER BY MIN(created_at) LIMIT ?"
)
_ENDED = (
    "SELECT origin, progress, COALESCE(last_error, '') AS reason, COUNT(*) AS n,"
    " MAX(done_at) AS last_at FROM delivery WHERE created_at > ?"
    " AND progress IN ('refused', 'failed') GROUP BY origin, progress, COALESCE(last_error, '')"
    " ORDER BY MAX(id) DESC LIMIT ?"
)
_ARRIVED = (
    "SELECT actor_uri, progress, COALESCE(outcome_code, '') AS reason, COUNT(*) AS n,"
    " MAX(id) AS last_id FROM activity WHERE created_at > ? AND origin = 'remote'"
    " GROUP BY actor_uri, progress, COALESCE(outcome_code, '') ORDER BY MAX(id) DESC LIMIT ?"
)

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """What came from one site with one outcome; `last_id` is the newest of it."""

    origin: str
    progress: str
    reason: str
    count: int
    last_id: int

    @property
    def went_well(self) -> bool:
        """Whether it had its effect."""
        return self.progress == "done" and not self.reason.startswith("ignored.")


async def deliveries_page(call: PageCall) -> Response:
    """GET /staff/deliveries: what waits, then a week of what was refused and what came."""
    return await _shown(call)


async def _shown(call: PageCall, error: NodeError | None = None) -> Response:
    since = call.node.clock() - DAYS * DAY_MS
    known = {link.origin: link for link in await link_health.links(call.node.db)}
    return show_staff(
        call,
        "staff_deliveries.html",
        here="deliveries",
        error=error,
        waiting=await _waiting(call, known),
        ended=await _ended(call, known, since),
        arrived=await _arrived(call, known, since),
        stopped=bool(await stops(call.node.db)),
    )


def _name(known: Mapping[str, Link], origin: str) -> str:
    return known[origin].name if origin in known else authority_of(origin)


async def _waiting(call: PageCall, known: Mapping[str, Link]) -> list[Line]:
    found: list[Line] = []
    for row in await call.node.db.rows(_WAITING, SITES_MAX):
        origin = row["origin"]
        held = await link_health.queue(call.node.db, origin)
        state = known[origin].state if origin in known else "active"
        found.append(
            {
                "name": _name(known, origin),
                "host": authority_of(origin),
                "count": _many(call, "waiting", held.waiting),
                "age": "" if held.oldest_at is None else _since(call, held.oldest_at),
                "reason": _why_waits(call, origin, held, state),
                "next": _next(call, held) if state == "active" else "",
                "may_retry": state == "active",
                "is_late": held.failing_since is not None,
            }
        )
    return found


def _since(call: PageCall, at_ms: int) -> str:
    return lasting(call.page_language, call.node.clock() - at_ms)


def _many(call: PageCall, name: str, count: int) -> str:
    key = f"deliveries.{name}" + ("" if count == 1 else "_many")
    return say(call.page_language, key, n=str(count))


def _why_waits(call: PageCall, origin: str, held: Queue, state: str) -> str:
    language = call.page_language
    if state != "active":
        key = f"deliveries.state_{state}"
        return say(language, key if key in PAGES[language] else "deliveries.state_over")
    if not held.reason:
        return say(language, "deliveries.on_its_way")
    return _reason(call, held.reason, {"url": authority_of(origin)})


def _next(call: PageCall, held: Queue) -> str:
    now = call.node.clock()
    if held.next_attempt_at is None or held.next_attempt_at <= now:
        return ""
    at = when(call.page_language, held.next_attempt_at, now)
    return say(call.page_language, "deliveries.next", when=at)


def _reason(call: PageCall, code: str, params: Mapping[str, str]) -> str:
    """Why, in words; a code that has none is said to be a refusal with its number."""
    language = call.page_language
    status = code.removeprefix("answer.")
    if status.isdigit():
        key = f"deliveries.answer_{status}"
        if key not in PAGES[language]:
            key = "deliveries.answer_5" if status.startswith("5") else "deliveries.answer"
        return say(language, key, status=status)
    if f"arrived.{code}" in PAGES[language]:
        return say(language, f"arrived.{code}")
    words = sentence(language, code, params)
    return say(language, "deliveries.unexplained", code=code) if words == code else words


async def _ended(call: PageCall, known: Mapping[str, Link], since: int) -> list[Line]:
    rows = await call.node.db.rows(_ENDED, since, LINES_MAX)
    return [
        {
            "name": _name(known, row["origin"]),
            "by_us": row["reason"].startswith("delivery."),
            "state": row["progress"],
            "count": _many(call, "ended", row["n"]),
            "reason": _reason(call, row["reason"], {"url": authority_of(row["origin"])}),
            "last": when(call.page_language, row["last_at"] or since, call.node.clock()),
        }
        for row in rows
    ]


async def _arrived(call: PageCall, known: Mapping[str, Link], since: int) -> list[Line]:
    """One entry for each site: how much had its effect, and what did not, by its reason."""
    groups = _by_site(await call.node.db.rows(_ARRIVED, since, GROUPS_MAX))
    params = await _params(call, groups)
    sites: dict[str, Line] = {}
    for group in groups:
        site = sites.setdefault(
            group.origin,
            {"name": _name(known, group.origin), "well": 0, "pending": 0, "others": []},
        )
        if group.progress == "pending":
            site["pending"] += group.count
        elif group.went_well:
            site["well"] += group.count
        else:
            reason = _reason(call, group.reason, params.get(group.last_id, {}))
            kind = "idle" if group.progress == "done" else "bad"
            line = {"count": _many(call, "came", group.count), "reason": reason, "kind": kind}
            site["others"].append(line)
    for site in sites.values():
        site["well"] = _many(call, "well", site["well"]) if site["well"] else ""
        site["pending"] = _many(call, "in_hand", site["pending"]) if site["pending"] else ""
    return list(sites.values())


def _by_site(rows: Sequence[Row]) -> list[Group]:
    """Groups by site and outcome: who of a site sent something is told no further."""
    found: dict[tuple[str, str, str], Group] = {}
    for row in rows:
        key = (origin_of(row["actor_uri"]), row["progress"], row["reason"])
        group = found.setdefault(key, Group(*key, 0, row["last_id"]))
        found[key] = replace(group, count=group.count + row["n"])
    return list(found.values())


async def _params(call: PageCall, groups: Sequence[Group]) -> dict[int, dict[str, str]]:
    """What the newest of each group says besides its code, without names and addresses."""
    ids = [group.last_id for group in groups if not group.went_well][:LINES_MAX]
    if not ids:
        return {}
    stored = await call.node.db.rows(
        f"SELECT id, outcome_params FROM activity WHERE id IN ({marks(ids)})", *ids
    )
    return {
        row["id"]: {
            name: value
            for name, value in orjson.loads(row["outcome_params"] or "{}").items()
            if name in TELLING
        }
        for row in stored
    }


async def retry(call: PageCall) -> Response:
    """POST /staff/deliveries: `host`; what waits for that site is tried now."""
    form = await read_form(call.request)
    try:
        origin = read_origin(form.required("host", 300))
        await _retry(call, origin)
    except Malformed as error:
        raise NotFound("record.not_found") from error
    except (Invalid, Refused) as error:
        return await _shown(call, error)
    return redirect(f"{PATH}?done=retry")


async def _retry(call: PageCall, origin: str) -> None:
    links = {link.origin: link for link in await link_health.links(call.node.db)}
    held = links.get(origin)
    if held is not None and held.kind != "plain":
        staff = await call.viewer()
        await link_health.retry(call.node, origin, By(staff["uri"], call.account_id))
        return
    if not (await link_health.queue(call.node.db, origin)).waiting:
        raise Refused("partner.nothing_waits", origin=origin)

    async def work(tx: Transaction) -> None:
        await wake_lane(tx, origin, call.node.clock())

    await done(call, "partner.retry", origin, work)
    call.node.delivery_wake.set()


_OPEN = for_staff(Permission.VIEW_DELIVERIES)

ROUTES: tuple[Route, ...] = (
    Route(PATH, page(_OPEN(deliveries_page)), methods=["GET"]),
    Route(PATH, page(_OPEN(retry)), methods=["POST"]),
)
