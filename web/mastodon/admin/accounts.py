"""Accounts as staff sees them: who they are here, never what they read, when, or from where.

An e-mail address is shown to those who manage people. There is no history of addresses and no
time of last use anywhere, so none is shown.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import orjson
from starlette.responses import Response

from actors.permissions import Permission, allows, roles_with
from actors.queries import account_of_actor, by_ids
from actors.strikes import ACTIONS, TEXT_CHARACTERS_MAX, Action
from federation.database import Row, marks
from federation.errors import NotFound, Refused, describe
from inbox.erasures import erase_now
from inbox.reports import by_id as report_by_id
from web.mastodon.admin.acts import done
from web.mastodon.admin.decisions import check, decide, let_in, take_back, turn_away
from web.mastodon.call import Call, Entry, answer, answer_list
from web.mastodon.entities import accounts
from web.mastodon.pagination import bounds, link_header, page_of
from web.mastodon.params import Params
from web.mastodon.rendering import newest_first
from web.mastodon.roles import role_entity, role_of_number
from web.mastodon.serializers import Entity, timestamp

LIMIT_DEFAULT, LIMIT_MAX = 100, 200
STATES = ("active", "pending", "disabled", "silenced", "suspended")
COLUMNS = (
    "actor.*, account.id AS account_id, account.email, account.role, account.locale,"
    " account.disabled_at, account.is_approved, account.is_confirmed, sign_up.reason"
)
TABLES = (
    "actor LEFT JOIN account ON account.actor_id = actor.id"
    " LEFT JOIN sign_up ON sign_up.account_id = account.id"
)
_CONDITIONS = {
    "active": "actor.suspended_at IS NULL AND actor.silenced_at IS NULL"
    " AND account.disabled_at IS NULL AND COALESCE(account.is_approved, TRUE)",
    "pending": "NOT COALESCE(account.is_approved, TRUE)",
    "disabled": "account.disabled_at IS NOT NULL",
    "silenced": "actor.silenced_at IS NOT NULL",
    "suspended": "actor.suspended_at IS NOT NULL",
}

describe(
    {
        "admin.not_pending": "This account does not wait for approval.",
        "admin.not_suspended": "Only a suspended account can be deleted; suspend it first.",
    }
)


async def listing_v1(call: Call) -> Response:
    """GET /api/v1/admin/accounts: by flags such as `local`, `pending`, `suspended`, `staff`."""
    query = call.query
    conditions: list[str] = []
    for name, is_local in (("local", True), ("remote", False)):
        if query.flag(name):
            conditions.append("actor.is_local" if is_local else "NOT actor.is_local")
    conditions += [_CONDITIONS[state] for state in STATES if query.flag(state)]
    return await _listing(call, conditions, staff=bool(query.flag("staff")))


async def listing_v2(call: Call) -> Response:
    """GET /api/v2/admin/accounts: by `origin`, `status`, `permissions`, `role_ids`, names."""
    query = call.query
    conditions: list[str] = []
    origin = query.choice("origin", ("local", "remote"))
    if origin is not None:
        conditions.append("actor.is_local" if origin == "local" else "NOT actor.is_local")
    state = query.choice("status", STATES)
    if state is not None:
        conditions.append(_CONDITIONS[state])
    staff = query.choice("permissions", ("staff",)) is not None
    return await _listing(call, conditions, staff=staff)


async def _listing(call: Call, conditions: list[str], *, staff: bool) -> Response:
    page = page_of(call, LIMIT_DEFAULT, LIMIT_MAX)
    bound, bound_args, order = bounds(page, "actor.id")
    said, args = _named(call)
    if staff:
        roles = roles_with(Permission.MODERATE)
        said.append(f"account.role IN ({marks(roles)})")
        args += roles
    where = " AND ".join(
        [
            "actor.deleted_at IS NULL AND actor.uri <> ?",
            # Communities and services have no login: they are nobody's account.
            "(account.id IS NOT NULL OR NOT actor.is_local)",
            *conditions,
            *said,
            bound,
        ]
    )
    rows = await call.node.db.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE {where} ORDER BY {order} LIMIT ?",
        call.node.uris.instance_actor,
        *args,
        *bound_args,
        page.limit,
    )
    rows = newest_first(rows, turned=page.min_id is not None)
    links = link_header(call, page, [row["id"] for row in rows])
    return answer_list([orjson.dumps(item) for item in await entities(call, rows)], links)


def _named(call: Call) -> tuple[list[str], list[Any]]:
    """The conditions by names, each with its argument."""
    query, conditions, args = call.query, list[str](), list[Any]()

    def add(sql: str, *values: Any) -> None:
        conditions.append(sql)
        args.extend(values)

    if username := query.text("username", 200):
        add("lower(actor.username) LIKE ? ESCAPE '!'", _beginning(username))
    if display_name := query.text("display_name", 200):
        add("lower(actor.display_name) LIKE ? ESCAPE '!'", "%" + _beginning(display_name))
    if domain := query.text("by_domain", 300):
        add("actor.handle_host = ?", domain.lower())
    if email := query.text("email", 300):
        # Who may not read addresses does not find by them either.
        add("lower(account.email) = ?" if _reads_email(call) else "1 = 0 AND ? = ''", email.lower())
    if query.text("ip", 100) or query.text("invited_by", 100):
        # No address is kept, and invitations are the site's: nobody has either.
        conditions.append("1 = 0")
    numbers_wanted = query.texts("role_ids")
    if numbers_wanted:
        roles = [role for number in numbers_wanted if (role := role_of_number(number))]
        add(f"account.role IN ({marks(roles)})", *roles)
    return conditions, args


def _beginning(text: str) -> str:
    escaped = text.strip().lower()
    for character in "!%_":
        escaped = escaped.replace(character, f"!{character}")
    return escaped + "%"


def _reads_email(call: Call) -> bool:
    return call.token is not None and allows(call.token.role or "", Permission.MANAGE_PEOPLE)


async def entities(call: Call, rows: Sequence[Row]) -> list[Entity]:
    """The Admin::Accounts of rows with COLUMNS."""
    shown = await accounts(call, [row["id"] for row in rows])
    return [_entity(call, row, shown[row["id"]]) for row in rows if row["id"] in shown]


def _entity(call: Call, row: Row, account: bytes) -> Entity:
    has_login = row["account_id"] is not None
    return {
        "id": str(row["id"]),
        "username": row["username"],
        "domain": None if row["is_local"] else row["handle_host"],
        "created_at": timestamp(row["created_at"]),
        "email": row["email"] if _reads_email(call) else None,
        "ip": None,
        "ips": [],
        "role": role_entity(row["role"], call.language) if has_login else None,
        "confirmed": bool(row["is_confirmed"]) if has_login else False,
        "approved": bool(row["is_approved"]) if has_login else False,
        "disabled": row["disabled_at"] is not None,
        "sensitized": row["sensitized_at"] is not None,
        "silenced": row["silenced_at"] is not None,
        "suspended": row["suspended_at"] is not None,
        "locale": row["locale"],
        "invite_request": row["reason"],
        "account": orjson.Fragment(account),
    }


async def of_actors(call: Call, ids: Sequence[int]) -> dict[int, Entity]:
    """The Admin::Accounts of these actors, by id."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    rows = await call.node.db.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE actor.id IN ({marks(wanted)})", *wanted
    )
    return {int(item["id"]): item for item in await entities(call, rows)}


async def show(call: Call) -> Response:
    """GET /api/v1/admin/accounts/:id."""
    return await _shown(call, (await _load(call))["id"])


async def _load(call: Call) -> Row:
    row = (await by_ids(call.node.db, [call.path_id()])).get(call.path_id())
    if row is None or row["deleted_at"] is not None:
        raise NotFound("record.not_found")
    return row


async def _shown(call: Call, actor_id: int) -> Response:
    found = await of_actors(call, [actor_id])
    if actor_id not in found:
        raise NotFound("record.not_found")
    return answer(found[actor_id])


async def act(call: Call) -> Response:
    """POST /api/v1/admin/accounts/:id/action: warn, or decide, and tell the person why."""
    target = await _load(call)
    check(call, target)
    params = await call.params()
    action: Action = params.choice("type", ACTIONS) or "none"  # pyright: ignore[reportAssignmentType]
    text = params.text("text", TEXT_CHARACTERS_MAX) or ""
    report = await _report(call, params, target)
    writes = params.flag("send_email_notification") is not False
    await decide(call, target, action, text, report, writes=writes)
    return answer({})


async def _report(call: Call, params: Params, target: Row) -> Row | None:
    report_id = params.id("report_id")
    if report_id is None:
        return None
    row = await report_by_id(call.node.db, report_id)
    if row is None or row["target_id"] != target["id"]:
        raise NotFound("record.not_found")
    return row


def lifting(action: Action) -> Callable[[Call], Awaitable[Response]]:
    """POST /api/v1/admin/accounts/:id/…: take one decision back."""

    async def handler(call: Call) -> Response:
        target = await _load(call)
        await take_back(call, target, action)
        return await _shown(call, target["id"])

    return handler


async def approve(call: Call) -> Response:
    """POST /api/v1/admin/accounts/:id/approve: let somebody in who waits."""
    target = await _load(call)
    await let_in(call, target, await pending(call, target))
    return await _shown(call, target["id"])


async def reject(call: Call) -> Response:
    """POST /api/v1/admin/accounts/:id/reject: it is as if she had never signed up."""
    target = await _load(call)
    await pending(call, target)
    answered = await of_actors(call, [target["id"]])
    await turn_away(call, target)
    return answer(answered[target["id"]])


async def pending(call: Call, target: Row) -> Row:
    """The login of somebody who waits to be let in; Refused for anybody else."""
    login = await account_of_actor(call.node.db, target["id"])
    if login is None or login["is_approved"]:
        raise Refused("admin.not_pending")
    return login


async def delete(call: Call) -> Response:
    """DELETE /api/v1/admin/accounts/:id: erase a suspended account, here and at its peers."""
    target = await _load(call)
    check(call, target)
    if target["suspended_at"] is None:
        raise Refused("admin.not_suspended")
    if not target["is_local"]:
        # Its own site speaks for it: here it stays suspended, so that it does not come back.
        raise Refused("strike.not_local")
    answered = await of_actors(call, [target["id"]])
    await done(call, "account.delete", target["uri"], lambda tx: erase_now(call.node, tx, target))
    return answer(answered[target["id"]])


_A, _READ, _WRITE = "/api/v1/admin/accounts", "admin:read:accounts", "admin:write:accounts"
_MODERATE, _PEOPLE = Permission.MODERATE, Permission.MANAGE_PEOPLE

ENTRIES: tuple[Entry, ...] = (
    Entry("GET", _A, "staff", _READ, listing_v1, _MODERATE),
    Entry("GET", "/api/v2/admin/accounts", "staff", _READ, listing_v2, _MODERATE),
    Entry("GET", f"{_A}/{{id}}", "staff", _READ, show, _MODERATE),
    Entry("DELETE", f"{_A}/{{id}}", "staff", _WRITE, delete, _PEOPLE),
    Entry("POST", f"{_A}/{{id}}/action", "staff", _WRITE, act, _MODERATE),
    Entry("POST", f"{_A}/{{id}}/approve", "staff", _WRITE, approve, _PEOPLE),
    Entry("POST", f"{_A}/{{id}}/reject", "staff", _WRITE, reject, _PEOPLE),
    Entry("POST", f"{_A}/{{id}}/enable", "staff", _WRITE, lifting("disable"), _MODERATE),
    Entry("POST", f"{_A}/{{id}}/unsensitive", "staff", _WRITE, lifting("sensitive"), _MODERATE),
    Entry("POST", f"{_A}/{{id}}/unsilence", "staff", _WRITE, lifting("silence"), _MODERATE),
    Entry("POST", f"{_A}/{{id}}/unsuspend", "staff", _WRITE, lifting("suspend"), _MODERATE),
)
