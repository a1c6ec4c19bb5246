"""The addresses of all pages in a site that has been lived in, by the name of their picture."""

from tests.browser.lived_in import LATE
from tests.browser.small_world import World

# What anybody may open without an account.
OPEN = {
    "sign-in": "/sign-in",
    "forgotten": "/password/forgotten",
    "members-only": "/@yannick",
    "open-about": "/about",
    "open-privacy": "/privacy",
    "open-accessibility": "/accessibility",
    "open-employer": "/employer",
    "not-there": "/il-n-y-a-rien-ici",
}


async def own(world: World) -> dict[str, str]:
    """What Ada may open who runs the site; the names of pages for staff begin so."""
    node, late = world.running.node, LATE.partition("://")[2]
    asked, answer = world.statuses["asked"]["id"], world.statuses["answer"]["id"]
    report = await node.db.value("SELECT MIN(id) FROM report")
    wanted = await node.db.value("SELECT MIN(id) FROM content_filter")
    return {
        "home": "/",
        "home-site": "/?view=site",
        "home-organisation": "/?view=organisation",
        "home-partners": "/?view=partners",
        "write": "/write",
        "write-reply": f"/write?reply={answer}",
        "write-edit": f"/write?edit={asked}",
        "thread": f"/@ada/{asked}",
        "history": f"/@ada/{asked}/history",
        "profile": "/@yannick",
        "profile-own": "/@ada",
        "profile-partner": f"/@ines@{late}",
        "tag": "/tags/jardin",
        "notices": "/notifications",
        "conversations": "/conversations",
        "requests": "/requests",
        "kept": "/bookmarks",
        "thanked": "/favourites",
        "drafts": "/drafts",
        "scheduled": "/scheduled",
        "following": "/following",
        "followers": "/followers",
        "following-of": "/@driss/following",
        "followers-of": "/@yannick/followers",
        "blocks": "/blocks",
        "lists": "/lists",
        "list": f"/lists/{world.people['list']['id']}",
        "tags": "/tags",
        "filters": "/filters",
        "filter-new": "/filters/new",
        "filter": f"/filters/{wanted}",
        "search": "/search?q=jardin",
        "search-people": "/search?q=driss",
        "search-nothing": "/search?q=introuvable",
        "directory": "/directory",
        "map": "/map",
        "privacy": "/privacy",
        "devices": "/settings/apps",
        "password": "/settings/password",
        "two-factor": "/settings/two-factor",
        "passkeys": "/settings/passkeys",
        "staff": "/staff",
        "staff-people": "/staff/people",
        "staff-person": "/staff/people/driss",
        "staff-person-waiting": "/staff/people/agent4",
        "staff-invitations": "/staff/invitations",
        "staff-partners": "/staff/partners",
        "staff-partner-invite": "/staff/partners/invite",
        "staff-partner-accept": "/staff/partners/accept",
        "staff-partner": f"/staff/partners/{late}",
        "staff-partner-narrow": f"/staff/partners/{late}/narrow",
        "staff-partner-renew": f"/staff/partners/{late}/renew",
        "staff-partner-end": f"/staff/partners/{late}/end",
        "staff-deliveries": "/staff/deliveries",
        "staff-reports": "/staff/reports",
        "staff-report": f"/staff/reports/{report}",
        "staff-rhythm": "/staff/rhythm",
        "staff-log": "/staff/log",
    }
