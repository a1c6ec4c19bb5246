"""What the site is for and how it is run: said here, kept in the database, read by everybody.

What the file of settings says stands beside it and is changed there. Each form is a section of
its own; a wrong one comes back as it was typed, with the others as they are kept.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actors import mails
from actors.local import clean_email
from actors.permissions import Permission
from federation.database import Transaction
from federation.errors import Invalid, Misconfigured, NodeError, Refused, TooMany, describe
from inbox.retention import DURATIONS, TIMED
from inbox.site_facts import GOALS_MAX, Goal, SiteFacts, goals_text, set_facts, site_facts
from web.mastodon.params import Params
from web.pages.callers import PageCall
from web.pages.dates import day
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.staff.frame import for_staff, show_staff
from web.pages.staff.site_settings import settings_said

PATH = "/staff/site"
PURPOSE_CHARACTERS_MAX = 1_000
LINE_CHARACTERS_MAX = 300
CHARTER_CHARACTERS_MAX = 10_000
# Each of so many characters may take twelve bytes in a form.
FORM_BYTES_MAX = 150_000

describe(
    {
        "site.measure": "Say how you will see whether this goal is reached, or take the goal out.",
        "site.goal": "Say the goal that is measured so, or take the measure out.",
        "site.day": "Choose a day that is still to come.",
        "site.act": "This form does not exist.",
        "site.no_address": "Your account has no e-mail address; add one to it first.",
    }
)


async def site_page(call: PageCall) -> Response:
    """GET /staff/site: what the site says of itself, and what its settings say."""
    return await shown(call)


async def shown(
    call: PageCall, error: NodeError | None = None, given: dict[str, str] | None = None
) -> Response:
    """The page; with an error, what was typed stays in the form it came from."""
    facts, node = await site_facts(call.node.db), call.node
    return show_staff(
        call,
        "staff_site.html",
        here="site",
        error=error,
        given=_kept(facts) | (given or {}),
        goals_max=GOALS_MAX,
        durations=DURATIONS,
        timed=TIMED,
        is_review_due=facts.is_review_due(node.clock()),
        changed={
            name: day(call.page_language, at) for name, at in (facts.changed_at or {}).items()
        },
        settings=await settings_said(call),
        sends_mail=mails.is_on(node),
        undelivered=await _undelivered(call),
        address=_address(call),
    )


def _address(call: PageCall) -> str:
    return "" if call.account is None else call.account["email"] or ""


def _kept(facts: SiteFacts) -> dict[str, str]:
    """What is kept, as the fields of the forms."""
    found = {
        "purpose": facts.purpose,
        "review_on": facts.review_on,
        "charter": facts.charter,
        "hours": facts.hours,
        "protection_name": facts.protection_name,
        "protection_email": facts.protection_email,
        "keep_conversation": str(facts.keep_conversation or ""),
        "keep_knowledge": str(facts.keep_knowledge or ""),
    }
    for number in range(1, GOALS_MAX + 1):
        goal = facts.goals[number - 1] if number <= len(facts.goals) else Goal("", "")
        found[f"goal_{number}"], found[f"measure_{number}"] = goal.sentence, goal.measure
    return found


async def _undelivered(call: PageCall) -> int:
    """How many letters could not be handed to the mail server so far."""
    return await call.node.db.value(
        "SELECT COUNT(*) FROM mail WHERE progress <> 'sent' AND last_error IS NOT NULL"
    )


async def change_site(call: PageCall) -> Response:
    """POST /staff/site: `do` says which section; afterwards the page says that it is done."""
    form = await read_form(call.request, FORM_BYTES_MAX)
    deed = form.text("do", 50) or ""
    try:
        await _do(call, deed, form)
    except (Invalid, Refused, Misconfigured, TooMany) as error:
        return await shown(call, error, _typed(form))
    return redirect(f"{PATH}?done={deed}#{deed}")


async def _do(call: PageCall, deed: str, form: Params) -> None:
    if deed == "letter":
        await _letter(call)
        return
    if deed not in SECTIONS:
        raise Invalid("site.act", field="do")
    facts, staff = SECTIONS[deed](call, form), await call.viewer()
    await call.node.db.write(lambda tx: set_facts(call.node, tx, staff["uri"], facts))


def _typed(form: Params) -> dict[str, str]:
    """What came, in full, also where it is too long to be kept."""
    names = [*_kept(SiteFacts())]
    return {name: text for name in names if (text := form.text(name, FORM_BYTES_MAX)) is not None}


def _field(form: Params, name: str, characters_max: int) -> str:
    return (form.text(name, characters_max) or "").replace("\r\n", "\n").strip()


def _purpose(call: PageCall, form: Params) -> dict[str, str]:
    purpose = _field(form, "purpose", PURPOSE_CHARACTERS_MAX)
    goals: list[Goal] = []
    for number in range(1, GOALS_MAX + 1):
        goal = _field(form, f"goal_{number}", LINE_CHARACTERS_MAX)
        measure = _field(form, f"measure_{number}", LINE_CHARACTERS_MAX)
        if goal and not measure:
            raise Invalid("site.measure", field=f"measure_{number}")
        if measure and not goal:
            raise Invalid("site.goal", field=f"goal_{number}")
        if goal:
            goals.append(Goal(goal, measure))
    return {
        "purpose": purpose,
        "goals": goals_text(goals) if goals else "",
        "review_on": _day(call, _field(form, "review_on", 40)),
    }


def _day(call: PageCall, text: str) -> str:
    """A day to come, as it is kept; empty for none."""
    if not text:
        return ""
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("site.day", field="review_on") from error
    if found <= datetime.fromtimestamp(call.node.clock() / 1000, UTC).date():
        raise Invalid("site.day", field="review_on")
    return found.isoformat()


def _charter(_call: PageCall, form: Params) -> dict[str, str]:
    return {"charter": _field(form, "charter", CHARTER_CHARACTERS_MAX)}


def _contact(_call: PageCall, form: Params) -> dict[str, str]:
    try:
        address = clean_email(_field(form, "protection_email", LINE_CHARACTERS_MAX)) or ""
    except Invalid as error:
        raise Invalid(error.code, **{**error.params, "field": "protection_email"}) from error
    return {
        "hours": _field(form, "hours", PURPOSE_CHARACTERS_MAX),
        "protection_name": _field(form, "protection_name", LINE_CHARACTERS_MAX),
        "protection_email": address,
    }


SECTIONS: dict[str, Callable[[PageCall, Params], dict[str, str]]] = {
    "purpose": _purpose,
    "charter": _charter,
    "contact": _contact,
}


async def _letter(call: PageCall) -> None:
    """A letter to who asks for it, and to nobody else."""
    address = _address(call)
    if mails.is_on(call.node) and not address:
        raise Refused("site.no_address")

    async def work(tx: Transaction) -> None:
        await mails.send(call.node, tx, address, "trial", {}, language=call.page_language)

    await call.node.db.write(work)


def _route(view: Callable[[PageCall], Awaitable[Response]], method: str) -> Any:
    return Route(PATH, page(for_staff(Permission.MANAGE_SETTINGS)(view)), methods=[method])


ROUTES: tuple[Route, ...] = (_route(site_page, "GET"), _route(change_site, "POST"))
