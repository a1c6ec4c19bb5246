"""Home: what those one follows wrote since the last visit, newest first, and where it ends.

Beside it the same list of the whole site and of the partners. Nothing goes on for ever: older
statuses are behind a link.
"""

from collections.abc import Sequence
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from federation.database import Row
from inbox import timelines
from inbox.timelines import Page
from web.mastodon.entities import LINE_COLUMNS
from web.pages.callers import PageCall, find_caller
from web.pages.dates import when
from web.pages.members import show
from web.pages.notices import announced
from web.pages.persons import redirect
from web.pages.posts import Shown, posts
from web.pages.rendering import with_language
from web.pages.sign_in import PATH as SIGN_IN_PATH
from web.pages.visits import Since, last_visit

# More of them would make a page heavier than 30 kB.
POSTS = 12
ANNOUNCED = 2
VIEWS = ("mine", "site", "organisation", "partners")
# A run of one author longer than this is folded after its first posts.
RUN_MAX, RUN_SHOWN = 4, 2


async def front_page(request: Request) -> Response:
    """GET /: home for whoever is signed in; for anybody else, where one signs in."""
    call = await find_caller(request)
    if call.session is None:
        return redirect(with_language(request, SIGN_IN_PATH))
    return await home(call)


async def home(call: PageCall) -> Response:
    """GET /home: `view` is one's own, the site's or the partners'; `max_id` goes further back."""
    view = call.query.choice("view", VIEWS) or "mine"
    max_id = call.query.id("max_id")
    newest = await _read(call, view, Page(limit=1))
    since = Since(None, None)
    if view == "mine" and max_id is None:
        since = await last_visit(call, newest[0]["id"] if newest else 0)
    page = Page(limit=POSTS, max_id=max_id, since_id=since.status_id)
    rows = await _read(call, view, page)
    oldest = rows[-1]["id"] if rows else (since.status_id or 0) + 1
    is_cut = len(rows) >= POSTS
    told = await announced(call) if view == "mine" and max_id is None else []
    return show(
        call,
        "home.html",
        here="home",
        view=view,
        runs=_runs(await posts(call, rows, "home" if view == "mine" else "public")),
        views=await _views(call, view),
        since=_since(call, since),
        is_older=max_id is not None,
        is_first=since.status_id is None and max_id is None,
        is_cut=is_cut,
        announced=told[:ANNOUNCED],
        more_announced=str(len(told[ANNOUNCED:]) or ""),
        site_language=call.node.language,
        older=_older(view, oldest) if newest and (is_cut or since.status_id is not None) else "",
        has_any=bool(newest),
    )


async def _read(call: PageCall, view: str, page: Page) -> Sequence[Row]:
    db, now = call.node.db, call.node.clock()
    if view == "mine":
        return await timelines.home(db, call.person, page, now_ms=now, columns=LINE_COLUMNS)
    within = None if view == "site" else view
    local, remote = view == "site", view == "partners"
    return await timelines.public(
        db, call.who, page, local=local, remote=remote, within=within, now_ms=now
    )


async def _views(call: PageCall, view: str) -> list[str]:
    """The views that there are: an organisation's only where there is one."""
    has_sites = await call.node.db.value("SELECT 1 FROM partnership WHERE kind = 'site' LIMIT 1")
    return [one for one in VIEWS if one != "organisation" or has_sites or view == one]


def _runs(shown: list[Shown]) -> list[list[Shown]]:
    """The posts in runs of one author: those of a long run after its first are folded."""
    runs: list[list[Shown]] = []
    for _, run in groupby(shown, key=lambda one: one["author"]["id"]):
        those = list(run)
        kept = RUN_SHOWN if len(those) > RUN_MAX else len(those)
        runs += [[one] for one in those[:kept]]
        if those[kept:]:
            runs.append(those[kept:])
    return runs


def _since(call: PageCall, since: Since) -> str:
    if since.at_ms is None:
        return ""
    return when(call.page_language, since.at_ms, call.node.clock())


def _older(view: str, oldest: int) -> str:
    kept = "" if view == "mine" else f"view={view}&"
    return f"/?{kept}max_id={oldest}"
