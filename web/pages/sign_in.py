"""Signing in and out with a browser: by name or e-mail address and password.

A wrong name and a wrong password get the same answer in the same time. Each attempt counts
before it is checked, by account and by address, so that many at once are counted too.
"""

import re
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from actors.passwords import check_password
from actors.queries import account_by_login
from federation.database import Row
from federation.errors import Malformed, TooMany, describe
from federation.node import Node
from web.memory import memory_of
from web.pages.forms import read_form
from web.pages.rendering import page_language, protect, render, with_language
from web.sessions import close_session, find_session, open_session
from web.translations import say

PATH = "/sign-in"
ACCOUNT_FAILURES_MAX = 10
ADDRESS_FAILURES_MAX = 30
NEXT_CHARACTERS_MAX = 8_000
# Where a person may be sent after signing in: our own pages that need it, nothing else.
NEXT = re.compile(r"^/oauth/authorize/?\?[\x21-\x5b\x5d-\x7e]*$")

describe({"page.next": "The address to go on to is not one of this site's pages."})


def read_next(text: str | None) -> str | None:
    """Where to go after signing in; Malformed for anything but our own consent page."""
    if not text:
        return None
    if len(text) > NEXT_CHARACTERS_MAX or not NEXT.fullmatch(text):
        raise Malformed("page.next")
    return text


async def front_page(request: Request) -> Response:
    """GET /: until there is more to see here, where one signs in."""
    return _redirect(with_language(request, PATH))


async def sign_in_page(request: Request) -> Response:
    """GET /sign-in: the form, or who is signed in already."""
    node: Node = request.app.state.node
    goes_to = read_next(request.query_params.get("next"))
    session = await find_session(node, request)
    if session is not None:
        if goes_to is not None:
            return _redirect(goes_to)
        return render(node, request, "signed_in.html", actor=session.actor)
    return await _form(node, request, goes_to)


async def sign_in(request: Request) -> Response:
    """POST /sign-in: check name and password, open a session, go on."""
    node: Node = request.app.state.node
    form = await read_form(request)
    goes_to = read_next(form.text("next"))
    login, password = (form.text("login") or "").strip(), form.text("password") or ""
    missing = [name for name, text in (("login", login), ("password", password)) if not text]
    if missing:
        return await _form(node, request, goes_to, login=login, missing=missing, status=422)
    try:
        account = await _check(node, request, login, password)
    except TooMany as error:
        return await _form(
            node, request, goes_to, login=login, status=429, retry_after_s=error.retry_after_s
        )
    if account is None:
        return await _form(node, request, goes_to, login=login, problem="wrong", status=401)
    if account["disabled_at"] is not None:
        return await _form(node, request, goes_to, login=login, problem="disabled", status=403)
    response = _redirect(goes_to or with_language(request, PATH))
    is_shared = bool(form.flag("shared"))
    await open_session(node, response, account["id"], is_shared=is_shared)
    return response


async def sign_out(request: Request) -> Response:
    """POST /sign-out: the session ends here and in the browser."""
    node: Node = request.app.state.node
    form = await read_form(request)
    goes_to = read_next(form.text("next"))
    response = _redirect(goes_to or with_language(request, PATH))
    await close_session(node, request, response)
    return response


async def _check(node: Node, request: Request, login: str, password: str) -> Row | None:
    """The account whose password this is; TooMany when too many attempts have failed."""
    attempts = memory_of(request.scope).attempts
    account = await account_by_login(node.db, login[:500])
    # By account, whatever it was called by; a name that nobody has counts for itself.
    name = f"account {account['id']}" if account else f"login {login[:500].lower()}"
    address = f"address {request.scope.get('client_address', '')}"
    if node.limits.rate_limits:
        attempts.check(name, ACCOUNT_FAILURES_MAX)
        attempts.check(address, ADDRESS_FAILURES_MAX)
        attempts.failed(name)
        attempts.failed(address)
    if not await check_password(account["password_hash"] if account else None, password):
        return None
    attempts.succeeded(name)
    attempts.forgive(address)
    return account


async def _form(
    node: Node,
    request: Request,
    goes_to: str | None,
    *,
    status: int = 200,
    login: str = "",
    missing: list[str] | None = None,
    problem: str = "",
    retry_after_s: int | None = None,
) -> Response:
    language = page_language(node, request)
    headers: dict[str, str] = {}
    text = say(language, f"sign_in.{problem}") if problem else ""
    if retry_after_s is not None:
        headers["retry-after"] = str(retry_after_s)
        minutes = -(-retry_after_s // 60)
        wait = (
            say(language, "sign_in.one_minute")
            if minutes == 1
            else say(language, "sign_in.minutes", count=str(minutes))
        )
        text = say(language, "sign_in.too_many", wait=wait)
    return render(
        node,
        request,
        "sign_in.html",
        status=status,
        headers=headers,
        action=with_language(request, PATH),
        next=goes_to or "",
        login=login,
        missing=missing or [],
        problem=text,
        application=await _application_name(node, goes_to),
    )


async def _application_name(node: Node, goes_to: str | None) -> str:
    """The application that sent the person here, so that she knows why she signs in."""
    if goes_to is None:
        return ""
    client_id = dict(parse_qsl(goes_to.partition("?")[2])).get("client_id", "")
    name = await node.db.value("SELECT name FROM application WHERE client_id = ?", client_id)
    return name or ""


def _redirect(path: str) -> Response:
    response = RedirectResponse(path, 303)
    protect(response)
    return response
