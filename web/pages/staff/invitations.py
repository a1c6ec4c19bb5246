"""Invitations as staff makes them: a link and a sheet to print for each person, shown once.

Only the hash of a code is stored, so the sheets cannot be shown again; what can is whom an
invitation is for, until when, and its end.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actors import invitations
from actors.permissions import ROLES, Permission
from actors.profiles import NAME_CHARACTERS_MAX
from federation.database import Transaction
from federation.errors import Invalid, NodeError, NotFound, describe
from inbox.audit import record
from web.mastodon.admin.acts import done
from web.mastodon.params import Params, read_id
from web.pages.callers import PageCall
from web.pages.dates import day
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.qr import qr_drawing
from web.pages.staff.frame import for_staff, show_staff
from web.pages.staff.people import role_name
from web.translations import LANGUAGES, Language, read_language, say

PATH = "/staff/invitations"
INVITATION_PATH = "/invitation"
DAYS = (3, 7, 14, 30)
AT_ONCE_MAX = 50
STEPS = 4

describe(
    {
        "invitation.at_once": "At most {max} invitations are made at once; take fewer names.",
        "invitation.name": "A name has at most {max} characters: {came}",
    }
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form says: whom to invite, as what, for how long, in which language."""

    names: str = ""
    unnamed: int = 0
    role: str = "member"
    days: int = 7
    language: Language = "fr"

    def people(self) -> list[str]:
        """Whom each invitation is for, '' for whoever gets it; raise Invalid for too many."""
        named = [name.strip() for name in self.names.splitlines() if name.strip()]
        for name in named:
            if len(name) > NAME_CHARACTERS_MAX:
                limit = str(NAME_CHARACTERS_MAX)
                raise Invalid("invitation.name", field="names", max=limit, came=name[:50])
        found = named + [""] * (self.unnamed or (0 if named else 1))
        if len(found) > AT_ONCE_MAX:
            raise Invalid("invitation.at_once", field="names", max=str(AT_ONCE_MAX))
        return found


async def invitations_page(call: PageCall) -> Response:
    """GET /staff/invitations: the form, and what was made and can still be used."""
    return await _form(call, Wish(language=call.page_language))


async def _form(call: PageCall, wish: Wish, error: NodeError | None = None) -> Response:
    language = call.page_language
    rows = await invitations.open_ones(call.node, call.node.db)
    return show_staff(
        call,
        "staff_invitations.html",
        here="people",
        error=error,
        wish=wish,
        roles=ROLES,
        days=DAYS,
        languages=LANGUAGES,
        open=[
            {
                "id": row["id"],
                "name": row["for_name"] or say(language, "invite.whoever"),
                "role_name": role_name(call, row["role"]),
                "uses": row["uses_left"],
                "until": day(language, row["expires_at"]),
                "maker": row["maker"] or "",
            }
            for row in rows
        ],
    )


async def invite(call: PageCall) -> Response:
    """POST /staff/invitations: make them and show their sheets, this once."""
    form = await read_form(call.request)
    wish = Wish()
    try:
        wish = _read(form, call.page_language)
        people = wish.people()
        sheets = await _make(call, wish, people)
    except Invalid as error:
        return await _form(call, wish, error)
    return show_staff(
        call,
        "staff_sheets.html",
        here="people",
        sheets=sheets,
        sheet_language=wish.language,
        steps=range(1, STEPS + 1),
        tell=partial(say, wish.language),
    )


def _read(form: Params, language: Language) -> Wish:
    return Wish(
        names=form.text("names") or "",
        unnamed=form.number("unnamed", 0, AT_ONCE_MAX) or 0,
        role=form.choice("role", ROLES) or "member",
        days=form.number("days", 1, invitations.DAYS_MAX) or DAYS[1],
        language=read_language(form.text("language", 10)) or language,
    )


async def _make(call: PageCall, wish: Wish, people: list[str]) -> list[dict[str, Any]]:
    staff = await call.viewer()

    async def work(tx: Transaction) -> list[str]:
        codes: list[str] = []
        for name in people:
            code = await invitations.invite(
                call.node,
                tx,
                role=wish.role,
                uses=1,
                days=wish.days,
                for_name=name,
                made_by_id=staff["id"],
            )
            await record(call.node, tx, staff["uri"], "invitation.add", wish.role)
            codes.append(code)
        return codes

    codes = await call.node.db.write(work)
    until = day(wish.language, call.node.clock() + wish.days * invitations.DAY_MS)
    links = [f"{call.node.origin}{INVITATION_PATH}/{code}" for code in codes]
    return [
        {"name": name, "link": link, "drawing": qr_drawing(link), "until": until}
        for name, link in zip(people, links, strict=True)
    ]


async def revoke(call: PageCall) -> Response:
    """POST /staff/invitations/revoke: `id`; whoever holds that code gets in no more."""
    form = await read_form(call.request)
    number = read_id(form.text("id", 30) or "")
    if number is None:
        raise NotFound("record.not_found")

    async def work(tx: Transaction) -> None:
        if not await invitations.revoke(tx, number):
            raise NotFound("record.not_found")

    await done(call, "invitation.revoke", str(number), work)
    return redirect(f"{PATH}?done=revoked")


_OPEN = for_staff(Permission.MANAGE_PEOPLE)

ROUTES: tuple[Route, ...] = (
    Route(PATH, page(_OPEN(invitations_page)), methods=["GET"]),
    Route(PATH, page(_OPEN(invite)), methods=["POST"]),
    Route(f"{PATH}/revoke", page(_OPEN(revoke)), methods=["POST"]),
)
