"""Passwords: changed by who knows hers, lost by who does not, chosen anew by a link."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from actors import mails, resets
from actors.passwords import hash_password
from federation.errors import Invalid, NodeError, NotFound, TooMany
from federation.node import Node
from web.memory import memory_of
from web.pages.forms import read_form
from web.pages.members import show_own
from web.pages.persons import Unproved, prove
from web.pages.rendering import page_language, render, with_language
from web.sessions import Session
from web.translations import sentence

CHANGE_PATH = "/settings/password"
FORGOTTEN_PATH = "/password/forgotten"
NEW_PATH = "/password/new"
LOGIN_CHARACTERS_MAX = 500
ASKS_PER_ADDRESS_MAX = 10
# Whether there is such an account does not show in how long the answer takes.
ANSWER_S = 0.4


async def change_page(request: Request, session: Session) -> Response:
    """GET /settings/password: the current password, and a new one."""
    return await _change(request, session)


async def change(request: Request, session: Session) -> Response:
    """POST /settings/password: keep the new one; every other login ends."""
    node: Node = request.app.state.node
    form = await read_form(request)
    try:
        account = await prove(node, request, session, form.text("current") or "")
        password_hash = await hash_password(form.text("password") or "")
    except (Invalid, TooMany, Unproved) as error:
        return await _change(request, session, error)
    await node.db.write(
        lambda tx: resets.set_password(
            node, tx, account, password_hash, but_session=session.token_hash
        )
    )
    memory_of(request.scope).tokens.forget()
    return await _change(request, session, is_done=True)


async def _change(
    request: Request, session: Session, error: NodeError | None = None, *, is_done: bool = False
) -> Response:
    return await show_own(
        request,
        session,
        "password.html",
        status=200 if error is None else error.status,
        current="password",
        action=with_language(request, CHANGE_PATH),
        problem=_problem(request, error),
        field=getattr(error, "field", "current"),
        is_done=is_done,
    )


async def forgotten_page(request: Request) -> Response:
    """GET /password/forgotten: which account."""
    return _forgotten(request)


async def forgotten(request: Request) -> Response:
    """POST /password/forgotten: one answer in one time, whoever has an account here."""
    node: Node = request.app.state.node
    form = await read_form(request)
    login = (form.text("login") or "").strip()[:LOGIN_CHARACTERS_MAX]
    if not login or not mails.is_on(node):
        return _forgotten(request, is_missing=not login)
    attempts = memory_of(request.scope).attempts
    address = f"reset {request.scope.get('client_address', '')}"
    if node.limits.rate_limits:
        attempts.check(address, ASKS_PER_ADDRESS_MAX)
        attempts.failed(address)
    await asyncio.gather(resets.ask(node, login), asyncio.sleep(ANSWER_S))
    return _forgotten(request, is_sent=True)


def _forgotten(request: Request, *, is_missing: bool = False, is_sent: bool = False) -> Response:
    node: Node = request.app.state.node
    return render(
        node,
        request,
        "forgotten.html",
        status=422 if is_missing else 200,
        action=with_language(request, FORGOTTEN_PATH),
        back=with_language(request, "/sign-in"),
        sends_mail=mails.is_on(node),
        is_missing=is_missing,
        is_sent=is_sent,
    )


async def new_page(request: Request) -> Response:
    """GET /password/new: choose a password by a link that is still good."""
    node: Node = request.app.state.node
    token = request.query_params.get("token", "")
    account = await resets.find(node, node.db, token)
    if account is None:
        raise NotFound("reset.link")
    return _new(request, token, account["username"])


async def choose(request: Request) -> Response:
    """POST /password/new: the link is used up, all logins end."""
    node: Node = request.app.state.node
    form = await read_form(request)
    token = form.text("token") or ""
    account = await resets.find(node, node.db, token)
    if account is None:
        raise NotFound("reset.link")
    try:
        await resets.use(node, token, form.text("password") or "")
    except Invalid as error:
        return _new(request, token, account["username"], error)
    memory_of(request.scope).tokens.forget()
    return _new(request, "", account["username"], is_done=True)


def _new(
    request: Request,
    token: str,
    username: str,
    error: NodeError | None = None,
    *,
    is_done: bool = False,
) -> Response:
    node: Node = request.app.state.node
    return render(
        node,
        request,
        "new_password.html",
        status=200 if error is None else error.status,
        action=with_language(request, NEW_PATH),
        back=with_language(request, "/sign-in"),
        token=token,
        username=username,
        problem=_problem(request, error),
        is_done=is_done,
    )


def _problem(request: Request, error: NodeError | None) -> str:
    if error is None:
        return ""
    language = page_language(request.app.state.node, request)
    return sentence(language, error.code, error.params)
