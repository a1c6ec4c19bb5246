"""The first ten minutes after an invitation: people to read, something to follow, one hello.

Three short steps; each can be passed, nothing is ticked before, and all of it can be changed.
"""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actors.queries import account_of_actor, by_id
from federation.database import Row
from federation.errors import NodeError
from inbox.suggestions import followed_by, services_of_partners, suggestions
from inbox.trends import trending_tags
from outbox import relations
from outbox import statuses as outbox
from outbox.drafts import Draft
from outbox.unfinished import new_key
from web.mastodon.accounts import is_shown
from web.mastodon.params import Params
from web.pages.acts import follow_tag
from web.pages.callers import PageCall, for_member
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.invitation import WELCOME_PATH as PATH
from web.pages.letters import KEY_CHARACTERS_MAX
from web.pages.members import show
from web.pages.persons import redirect
from web.pages.posts import HUES, Shown, initials
from web.translations import say, sentence

STEPS = ("people", "thing", "hello")
PEOPLE_MAX, TAGS_MAX, SERVICES_MAX = 3, 4, 2


async def welcome_page(call: PageCall) -> Response:
    """GET /welcome: `step` is 1, 2 or 3."""
    step = call.query.number("step", most=len(STEPS)) or 1
    return await _step(call, step)


async def welcome(call: PageCall) -> Response:
    """POST /welcome: do what was chosen in this step, and go on to the next."""
    form = await read_form(call.request)
    step = form.number("step", most=len(STEPS)) or 1
    if STEPS[step - 1] == "people":
        await _follow(call, set(form.texts("people", PEOPLE_MAX)), await _people(call))
    elif STEPS[step - 1] == "thing":
        await _follow_thing(call, form.text("thing", 400) or "")
    elif problem := await _hello(call, form):
        return await _step(call, step, form, problem)
    return redirect(_after(step))


def _after(step: int) -> str:
    return f"{PATH}?step={step + 1}" if step < len(STEPS) else "/"


async def _step(
    call: PageCall, step: int, form: Params | None = None, problem: str = ""
) -> Response:
    name = STEPS[step - 1]
    found: dict[str, Any] = {"people": [], "tags": [], "services": []}
    if name == "people":
        found["people"] = await _people(call)
    elif name == "thing":
        found["tags"], found["services"] = await _tags(call), await _services(call)
    return show(
        call,
        "welcome.html",
        here="welcome",
        status=422 if problem else 200,
        step=step,
        steps=len(STEPS),
        name=name,
        after=_after(step),
        path=PATH,
        problem=problem,
        text="" if form is None else form.text("status", 100_000) or "",
        key=new_key() if form is None else form.text("key", KEY_CHARACTERS_MAX) or new_key(),
        **found,
    )


async def _people(call: PageCall) -> list[Shown]:
    """Up to three: who invited, whom she follows here, then others of the site; each with why."""
    db, reasons = call.node.db, dict[int, tuple[str, str]]()
    inviter = await _inviter(call)
    if inviter is not None:
        name = inviter["display_name"] or inviter["username"]
        reasons[inviter["id"]] = ("invited", name)
        for actor_id in await followed_by(db, call.actor_id, inviter["id"], PEOPLE_MAX):
            reasons.setdefault(actor_id, ("known", name))
    for one in await suggestions(db, call.actor_id, PEOPLE_MAX * 2, 0):
        reasons.setdefault(one.actor_id, ("here", call.node.name))
    found: list[Shown] = []
    for actor_id, (why, by) in reasons.items():
        row = await by_id(db, actor_id)
        if row is not None and row["is_local"] and is_shown(call, row):
            reason = say(call.page_language, f"welcome.why_{why}", name=by)
            found.append(_shown(row) | {"why": reason})
    return found[:PEOPLE_MAX]


async def _inviter(call: PageCall) -> Row | None:
    """Who made the invitation that the reader came by, unless she is gone or followed already."""
    row = await call.node.db.row(
        "SELECT actor.* FROM sign_up JOIN invitation ON invitation.id = sign_up.invitation_id"
        " JOIN actor ON actor.id = invitation.made_by_id WHERE sign_up.account_id = ?"
        " AND actor.suspended_at IS NULL AND NOT EXISTS (SELECT 1 FROM follow f"
        " WHERE f.follower_id = ? AND f.target_id = actor.id)",
        call.account_id,
        call.actor_id,
    )
    if row is None or await account_of_actor(call.node.db, row["id"]) is None:
        return None
    return None if row["id"] == call.actor_id else row


def _shown(row: Row) -> Shown:
    name = row["display_name"] or row["username"]
    handle = row["username"] if row["is_local"] else f"{row['username']}@{row['handle_host']}"
    return {
        "id": str(row["id"]),
        "name": name,
        "acct": handle,
        "initials": initials(name),
        "hue": HUES[row["id"] % len(HUES)],
    }


async def _tags(call: PageCall) -> list[str]:
    rows = await trending_tags(call.node.db, call.who, call.node.clock(), TAGS_MAX, 0)
    return [row["name"] for row in rows]


async def _services(call: PageCall) -> list[Shown]:
    ids = await services_of_partners(call.node.db, call.actor_id, SERVICES_MAX)
    rows = [await by_id(call.node.db, actor_id) for actor_id in ids]
    return [_shown(row) for row in rows if row is not None and is_shown(call, row)]


async def _follow(call: PageCall, chosen: set[str], offered: list[Shown]) -> None:
    """Follow those of the offered who were chosen; what was not offered is followed nowhere."""
    for one in offered:
        if one["id"] in chosen:
            target = await by_id(call.node.db, int(one["id"]))
            assert target is not None, "it was offered a moment ago"
            await relations.follow(call.node, await call.viewer(), target)


async def _follow_thing(call: PageCall, thing: str) -> None:
    kind, _, which = thing.partition(" ")
    if kind == "tag" and which in await _tags(call):
        await follow_tag(call, which)
    elif kind == "service":
        await _follow(call, {which}, await _services(call))


async def _hello(call: PageCall, form: Params) -> str:
    """Say hello to the site; what is wrong with it, in words."""
    text = (form.text("status", 100_000) or "").replace("\r\n", "\n").strip()
    if not text:
        return say(call.page_language, "welcome.hello_empty")
    draft = Draft(
        text=text,
        visibility="private" if call.is_guest else "local",
        language=call.page_language,
        idempotency_key=form.text("key", KEY_CHARACTERS_MAX) or new_key(),
    )
    try:
        await outbox.create(call.node, await call.viewer(), call.account_id, draft)
    except NodeError as error:
        params = {**error.params, "field": say(call.page_language, "write.field_status")}
        return sentence(call.page_language, error.code, params)
    return ""


ROUTES: tuple[Route, ...] = (
    Route(PATH, page(for_member(welcome_page)), methods=["GET"]),
    Route(PATH, page(for_member(welcome)), methods=["POST"]),
)
