"""The people of the site as those who look after them see them: names, roles, states.

Never what somebody reads or writes, nor when she was here. *Dormant* is a yes or a no that
changes with the month, so that it tells no day.
"""

from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actors.logins import end_logins
from actors.permissions import ROLES, Permission
from actors.queries import account_of_actor
from actors.roles import give_role
from actors.strikes import TEXT_CHARACTERS_MAX
from actors.words import fold
from federation.database import Row
from federation.errors import Invalid, NodeError, NotFound, Refused
from web.mastodon.admin.accounts import pending
from web.mastodon.admin.acts import done
from web.mastodon.admin.decisions import check, decide, let_in, take_back, turn_away
from web.mastodon.params import Params
from web.pages.callers import PageCall
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.posts import initials
from web.pages.staff.frame import for_staff, show_staff
from web.translations import say

PATH = "/staff/people"
PEOPLE = 25
NAME_CHARACTERS_MAX = 200
DORMANT_MS = 90 * 86_400_000
STATES = ("pending", "disabled", "dormant", "staff")

# Nothing she did on this site since a moment, as far as what is stored for other reasons tells.
_QUIET = (
    "actor.created_at < ? AND COALESCE(actor.last_status_at, 0) < ? AND NOT EXISTS (SELECT 1 FROM"
    " marker WHERE marker.account_id = account.id AND marker.updated_at >= ?) AND NOT EXISTS"
    " (SELECT 1 FROM session WHERE session.account_id = account.id AND session.created_at >= ?)"
    " AND NOT EXISTS (SELECT 1 FROM access_token WHERE access_token.account_id = account.id AND"
    " access_token.created_at >= ?)"
)
_QUIET_ARGS = 5
_COLUMNS = (
    "actor.*, account.id AS account_id, account.role, account.disabled_at, account.is_approved,"
    f" CASE WHEN {_QUIET} THEN 1 ELSE 0 END AS is_dormant, sign_up.reason"
)
_TABLES = (
    "actor JOIN account ON account.actor_id = actor.id"
    " LEFT JOIN sign_up ON sign_up.account_id = account.id"
)
_CONDITIONS = {
    "pending": "NOT account.is_approved",
    "disabled": "(account.disabled_at IS NOT NULL OR actor.suspended_at IS NOT NULL)",
    "dormant": f"account.is_approved AND {_QUIET}",
    "staff": "account.role NOT IN ('member', 'animator')",
}


def quiet_since(now_ms: int) -> int:
    """90 days before the month began: the same all month long."""
    month = datetime.fromtimestamp(now_ms / 1000, UTC).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    return int(month.timestamp() * 1000) - DORMANT_MS


async def people_page(call: PageCall) -> Response:
    """GET /staff/people: by `q` (a name), `role` and `state`, in the order of the alphabet."""
    query = call.query
    wanted = (query.text("q", NAME_CHARACTERS_MAX) or "").strip()
    role, state = query.choice("role", ROLES), query.choice("state", STATES)
    after = query.text("after", NAME_CHARACTERS_MAX) or ""
    quiet = [quiet_since(call.node.clock())] * _QUIET_ARGS
    conditions, args = ["actor.is_local AND actor.deleted_at IS NULL"], list[Any](quiet)
    if wanted:
        conditions.append("actor.search_words LIKE ? ESCAPE '!'")
        args.append(f"% {_literal(fold(wanted))}%")
    if role is not None:
        conditions.append("account.role = ?")
        args.append(role)
    if state is not None:
        conditions.append(_CONDITIONS[state])
        args += quiet if state == "dormant" else []
    if after:
        conditions.append("lower(actor.username) > ?")
        args.append(after.lower())
    rows = await call.node.db.rows(
        f"SELECT {_COLUMNS} FROM {_TABLES} WHERE {' AND '.join(conditions)}"
        " ORDER BY lower(actor.username) LIMIT ?",
        *args,
        PEOPLE + 1,
    )
    return show_staff(
        call,
        "staff_people.html",
        here="people",
        people=[_person(call, row) for row in rows[:PEOPLE]],
        wanted=wanted,
        role=role or "",
        state=state or "",
        roles=ROLES,
        states=STATES,
        after=rows[PEOPLE - 1]["username"] if len(rows) > PEOPLE else "",
        is_later=bool(after),
    )


def _literal(text: str) -> str:
    for character in "!%_":
        text = text.replace(character, f"!{character}")
    return text


def _person(call: PageCall, row: Row) -> dict[str, Any]:
    name = row["display_name"] or row["username"]
    return {
        "name": name,
        "username": row["username"],
        "initials": initials(name),
        "path": f"{PATH}/{row['username']}",
        "role": row["role"],
        "role_name": role_name(call, row["role"]),
        "state": _state(row),
        "reason": row["reason"] or "",
        "is_me": row["id"] == call.actor_id,
    }


def role_name(call: PageCall, role: str) -> str:
    """What a role is called."""
    return say(call.page_language, f"people.role_{role}")


def _state(row: Row) -> str:
    if row["suspended_at"] is not None:
        return "suspended"
    if row["disabled_at"] is not None:
        return "disabled"
    if not row["is_approved"]:
        return "pending"
    return "dormant" if row["is_dormant"] else "open"


async def person_page(call: PageCall) -> Response:
    """GET /staff/people/:name: her role, and what can be done about her access."""
    return await _shown(call, await _load(call))


async def _load(call: PageCall) -> Row:
    quiet = [quiet_since(call.node.clock())] * _QUIET_ARGS
    row = await call.node.db.row(
        f"SELECT {_COLUMNS} FROM {_TABLES} WHERE actor.is_local AND actor.deleted_at IS NULL"
        " AND lower(actor.username) = ?",
        *quiet,
        call.path_text("name").lower(),
    )
    if row is None:
        raise NotFound("page.none")
    return row


async def _shown(
    call: PageCall, row: Row, error: NodeError | None = None, form: Params | None = None
) -> Response:
    return show_staff(
        call,
        "staff_person.html",
        here="people",
        error=error,
        person=_person(call, row),
        roles=ROLES,
        chosen=(form and form.text("role")) or row["role"],
        text=(form and form.text("text")) or "",
    )


async def change_person(call: PageCall) -> Response:
    """POST /staff/people/:name: `do` says what; afterwards her page says that it is done."""
    form, row = await read_form(call.request), await _load(call)
    deed = form.text("do", 50) or ""
    try:
        await _do(call, row, deed, form)
    except (Invalid, Refused) as error:
        return await _shown(call, row, error, form)
    if deed == "reject":
        return redirect(f"{PATH}?done=reject")
    return redirect(f"{PATH}/{row['username']}?done={deed}")


async def _do(call: PageCall, row: Row, deed: str, form: Params) -> None:
    node, text = call.node, (form.text("text", TEXT_CHARACTERS_MAX) or "").strip()
    if deed == "role":
        await _give(call, row, form.required("role", 50))
    elif deed == "disable":
        await decide(call, row, "disable", text)
    elif deed == "enable":
        await take_back(call, row, "disable")
    elif deed == "sign_out":
        check(call, row)
        await done(
            call,
            "account.sign_out",
            row["uri"],
            lambda tx: end_logins(node, tx, row["account_id"]),
        )
    elif deed == "approve":
        await let_in(call, row, await pending(call, row))
    elif deed == "reject":
        await pending(call, row)
        await turn_away(call, row)
    else:
        raise Invalid("page.act", field="do")


async def _give(call: PageCall, row: Row, role: str) -> None:
    account = await account_of_actor(call.node.db, row["id"])
    assert account is not None, "it was read a moment ago"
    if role == account["role"]:
        return
    await done(
        call,
        "account.role",
        row["uri"],
        lambda tx: give_role(call.node, tx, account, role),
        f"{account['role']} > {role}",
    )


_OPEN = for_staff(Permission.MANAGE_PEOPLE)

ROUTES: tuple[Route, ...] = (
    Route(PATH, page(_OPEN(people_page)), methods=["GET"]),
    Route(f"{PATH}/{{name}}", page(_OPEN(person_page)), methods=["GET"]),
    Route(f"{PATH}/{{name}}", page(_OPEN(change_person)), methods=["POST"]),
)
