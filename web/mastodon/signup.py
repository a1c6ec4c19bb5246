"""Signing up by an app: the account, its token, and the confirmation of its address."""

from starlette.responses import Response

from actors import sign_up
from actors.permissions import Permission
from actors.queries import account_by_id, account_of_actor
from federation.database import Row, Transaction
from federation.errors import Refused
from inbox.moderation import staff_with
from inbox.notifications import notify_all
from web.mastodon.call import Call, Entry, answer
from web.rates import Rate
from web.scopes import format_scopes
from web.tokens import issue_token

SIGN_UPS_WINDOW_MS = 30 * 60_000
CONFIRMATIONS_PER_ACCOUNT = Rate(5, 30 * 60_000)


async def create(call: Call) -> Response:
    """POST /api/v1/accounts: a new account, as the site admits people; its token for this app."""
    assert call.token is not None
    address: str = call.scope.get("client_address", "")
    if call.token.account_id is not None or call.node.options.registrations.mode == "closed":
        raise Refused("sign_up.closed")
    if call.node.limits.rate_limits:
        rate = Rate(call.node.options.rates.sign_ups, SIGN_UPS_WINDOW_MS)
        call.memory.sign_ups.spend(f"address {address}", rate)
    block = call.memory.ip_blocks.of(address)
    if block in ("sign_up_block", "no_access"):
        raise Refused("sign_up.closed")
    params = await call.params()
    wanted = sign_up.Application(
        username=(params.text("username", 200) or "").strip(),
        email=(params.text("email", 500) or "").strip(),
        password=params.text("password", 2_000) or "",
        agreement=bool(params.flag("agreement")),
        locale=(params.text("locale", 20) or "").partition("-")[0].partition("_")[0] or None,
        reason=params.text("reason"),
        invite_code=params.text("invite_code", 200) or None,
    )
    scopes, made = call.token.scopes, list[str]()

    async def finish(tx: Transaction, actor: Row) -> None:
        account = await account_of_actor(tx, actor["id"])
        assert account is not None, "it was stored in this transaction"
        _, token = await issue_token(
            call.node,
            tx,
            application_id=call.token.application_id if call.token else None,
            account_id=account["id"],
            scopes=scopes,
        )
        made.append(token)
        if account["is_confirmed"]:
            await tell_staff(call, tx, actor["id"])

    await sign_up.sign_up(
        call.node, wanted, needs_approval=block == "sign_up_requires_approval", also=finish
    )
    return answer(
        {
            "access_token": made[-1],
            "token_type": "Bearer",
            "scope": format_scopes(scopes),
            "created_at": call.node.clock() // 1000,
        }
    )


async def tell_staff(call: Call, tx: Transaction, actor_id: int) -> None:
    """Tell whoever decides about people that somebody signed up."""
    staff = await staff_with(tx, Permission.MANAGE_PEOPLE)
    await notify_all(call.node, tx, staff, "admin.sign_up", actor_id)


async def confirm_again(call: Call) -> Response:
    """POST /api/v1/emails/confirmations: the letter once more, to another address if given."""
    params = await call.params()
    if call.node.limits.rate_limits:
        name = f"confirmation {call.account_id}"
        call.memory.sign_ups.spend(name, CONFIRMATIONS_PER_ACCOUNT)
    await sign_up.confirm_again(call.node, call.account_id, params.text("email", 500))
    return answer({})


async def is_confirmed(call: Call) -> Response:
    """GET /api/v1/emails/check_confirmation: true once the address is confirmed."""
    account = await account_by_id(call.node.db, call.account_id)
    return answer(account is not None and bool(account["is_confirmed"]))


ENTRIES: tuple[Entry, ...] = (
    Entry("POST", "/api/v1/accounts", "application", "write:accounts", create),
    Entry("POST", "/api/v1/emails/confirmations", "newcomer", "write:accounts", confirm_again),
    Entry("GET", "/api/v1/emails/check_confirmation", "newcomer", "read:accounts", is_confirmed),
)
