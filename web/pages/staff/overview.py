"""What waits for somebody, in words: the first page of staff, empty on a good day."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission, allows
from federation.organisations import PROPOSED
from federation.partnerships import listing
from inbox import disclosures
from inbox.partner_notices import notices
from inbox.site_facts import site_facts
from web.pages.callers import PageCall
from web.pages.failures import page
from web.pages.staff.frame import for_staff, role_of, show_staff
from web.pages.staff.sections import OVERVIEW
from web.translations import say


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: `staff.wait_<name>` says it, and it is decided at `path`."""

    name: str
    path: str
    permission: Permission
    count: Callable[[PageCall], Awaitable[int]]


async def _newcomers(call: PageCall) -> int:
    return await call.node.db.value("SELECT COUNT(*) FROM account WHERE NOT is_approved") or 0


async def _reports(call: PageCall) -> int:
    return (
        await call.node.db.value("SELECT COUNT(*) FROM report WHERE action_taken_at IS NULL") or 0
    )


async def _disclosures(call: PageCall) -> int:
    return await disclosures.waiting(call.node, call.node.db, call.actor_id)


async def _partners(call: PageCall) -> int:
    return sum(known.awaits_us for known in await listing(call.node.db))


async def _silent(call: PageCall) -> int:
    """Partners that have not answered, while something waits for them."""
    sql = (
        "SELECT COUNT(*) FROM peer WHERE failing_since IS NOT NULL AND EXISTS (SELECT 1 FROM"
        " delivery WHERE delivery.origin = peer.origin AND delivery.progress = 'pending')"
    )
    return await call.node.db.value(sql) or 0


async def _review(call: PageCall) -> int:
    """One, when the day has come on which the site meant to look at its goals again."""
    return int((await site_facts(call.node.db)).is_review_due(call.node.clock()))


async def _notices(call: PageCall) -> int:
    return len(await notices(call.node.db, unseen=True))


async def _proposed(call: PageCall) -> int:
    """Sites that a partner's organisation lists, about which nobody here has decided yet."""
    sql = (
        "SELECT COUNT(*) FROM organisation_site s JOIN organisation o"
        " ON o.uri = s.organisation_uri WHERE NOT o.is_ours AND s.state = ?"
        " AND s.origin <> o.lead_origin AND NOT EXISTS"
        " (SELECT 1 FROM partnership p WHERE p.origin = s.origin)"
    )
    return await call.node.db.value(sql, PROPOSED) or 0


WAITING: tuple[Waiting, ...] = (
    Waiting("newcomers", f"{OVERVIEW}/people?state=pending", Permission.MANAGE_PEOPLE, _newcomers),
    Waiting("reports", f"{OVERVIEW}/reports", Permission.READ_REPORTS, _reports),
    Waiting("disclosures", f"{OVERVIEW}/reports", Permission.READ_REPORTS, _disclosures),
    Waiting("partners", f"{OVERVIEW}/partners", Permission.MANAGE_PARTNERS, _partners),
    Waiting("notices", f"{OVERVIEW}/partners", Permission.MANAGE_PARTNERS, _notices),
    Waiting("proposed", f"{OVERVIEW}/organisation", Permission.MANAGE_PARTNERS, _proposed),
    Waiting("silent", f"{OVERVIEW}/deliveries", Permission.VIEW_DELIVERIES, _silent),
    Waiting("review", f"{OVERVIEW}/site", Permission.MANAGE_SETTINGS, _review),
)


async def overview(call: PageCall) -> Response:
    """GET /staff: what waits for somebody with this reader's role, and nothing else."""
    found: list[dict[str, str]] = []
    for one in WAITING:
        if not allows(role_of(call), one.permission):
            continue
        count = await one.count(call)
        if count:
            key = f"staff.wait_{one.name}" + ("" if count == 1 else "_many")
            text = say(call.page_language, key, n=str(count))
            found.append({"name": one.name, "path": one.path, "text": text})
    return show_staff(call, "staff_overview.html", here="overview", waiting=found)


ROUTES: tuple[Route, ...] = (Route(OVERVIEW, page(for_staff()(overview)), methods=["GET"]),)
