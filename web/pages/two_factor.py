"""The second step, set up and removed: the password again each time, recovery codes shown once."""

from starlette.requests import Request
from starlette.responses import Response

from actors import second_factors
from actors.resets import tell
from federation.database import Row, Transaction
from federation.errors import Invalid, NodeError, TooMany
from federation.node import Node
from web.memory import memory_of
from web.pages.forms import read_form
from web.pages.members import show_own
from web.pages.persons import Unproved, account_of, prove
from web.pages.qr import qr_drawing
from web.pages.rendering import page_language, with_language
from web.sessions import Session
from web.translations import sentence

PATH = "/settings/two-factor"
FAILURES_MAX = 5


async def two_factor_page(request: Request, session: Session) -> Response:
    """GET /settings/two-factor: whether it is on, and what can be done."""
    return await _page(request, session)


async def change_two_factor(request: Request, session: Session) -> Response:
    """POST /settings/two-factor: `begin`, `confirm`, `renew` or `remove`."""
    node: Node = request.app.state.node
    form = await read_form(request)
    act = form.text("act") or ""
    codes: list[str] = []
    try:
        if act == "confirm":
            codes = await _confirm(node, request, session, form.text("code") or "")
        elif act in ("begin", "renew", "remove"):
            account = await prove(node, request, session, form.text("current") or "")
            codes = await node.db.write(lambda tx: _work(node, tx, act, account, session))
    except (Invalid, TooMany, Unproved) as error:
        return await _page(request, session, error=error)
    return await _page(request, session, codes=codes)


async def _work(node: Node, tx: Transaction, act: str, account: Row, session: Session) -> list[str]:
    if act == "begin":
        await second_factors.begin(node, tx, account["id"], session.actor["username"])
        return []
    await tell(node, tx, account, "second_factor_changed")
    if act == "renew" and await second_factors.is_on(tx, account["id"]):
        return await second_factors.renew_recovery_codes(node, tx, account["id"])
    if act == "remove":
        await second_factors.remove(tx, account["id"])
    return []


async def _confirm(node: Node, request: Request, session: Session, code: str) -> list[str]:
    attempts, name = memory_of(request.scope).attempts, f"step {session.account_id}"
    if node.limits.rate_limits:
        attempts.check(name, FAILURES_MAX)
        attempts.failed(name)
    account = await account_of(node, session)

    async def work(tx: Transaction) -> list[str]:
        codes = await second_factors.confirm(node, tx, session.account_id, code)
        await tell(node, tx, account, "second_factor_changed")
        return codes

    codes = await node.db.write(work)
    attempts.succeeded(name)
    return codes


async def _page(
    request: Request,
    session: Session,
    *,
    error: NodeError | None = None,
    codes: list[str] | None = None,
) -> Response:
    node: Node = request.app.state.node
    language = page_language(node, request)
    account_id, username = session.account_id, session.actor["username"]
    setup = await second_factors.pending(node, node.db, account_id, username)
    return await show_own(
        request,
        session,
        "two_factor.html",
        status=200 if error is None else error.status,
        current="two_factor",
        action=with_language(request, PATH),
        problem="" if error is None else sentence(language, error.code, error.params),
        field=getattr(error, "field", "current"),
        is_on=await second_factors.is_on(node.db, account_id),
        codes_left=await second_factors.recovery_codes_left(node.db, account_id),
        codes=codes or [],
        setup=setup,
        drawing="" if setup is None else qr_drawing(setup.uri),
    )
