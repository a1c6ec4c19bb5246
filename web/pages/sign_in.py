"""Signing in and out with a browser: by name or e-mail address and password, or by a passkey.

A wrong name and a wrong password get the same answer in the same time. Each attempt counts
before it is checked, by account and by address, so that many at once are counted too.
"""

from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from actors import passkeys, second_factors
from actors.passkeys import Purpose
from actors.passwords import check_password, hash_password, is_outdated
from actors.queries import account_by_id, account_by_login
from federation.database import Row, Transaction
from federation.errors import Invalid, Refused, TooMany
from federation.node import Node
from web.mastodon.params import Params
from web.memory import memory_of
from web.pages import onward
from web.pages.forms import read_form, typed_fields
from web.pages.offline import NOBODY, READER
from web.pages.onward import SEALED_CHARACTERS_MAX, Onward, read_next
from web.pages.persons import redirect
from web.pages.rendering import page_language, render, with_language
from web.sessions import (
    StaleForm,
    account_of_form,
    check_form,
    close_session,
    find_session,
    form_secret,
    open_half_session,
    open_session,
)
from web.tokens import digest
from web.translations import Language, say

PATH = "/sign-in"
HOME_PATH = "/"
STEP_PATH = "/sign-in/step"
PASSKEY_PATH = "/sign-in/passkey"
ACCOUNT_FAILURES_MAX = 10
ADDRESS_FAILURES_MAX = 30
# With what was typed before, sealed.
FORM_BYTES_MAX = 20_000 + SEALED_CHARACTERS_MAX


async def sign_in_page(request: Request) -> Response:
    """GET /sign-in: the form, or who is signed in already."""
    node: Node = request.app.state.node
    goes_to = read_next(request.query_params.get("next"))
    session = await find_session(node, request)
    if session is not None:
        if goes_to is not None:
            return redirect(goes_to)
        return render(node, request, "signed_in.html", actor=session.actor)
    return await sign_in_form(node, request, Onward(goes_to))


async def sign_in_first(request: Request, path: str) -> Response:
    """Sign in and come back to `path`; what was typed waits, sealed for whose page it was."""
    if request.method != "POST":
        return redirect(path)
    node: Node = request.app.state.node
    fields = await typed_fields(request)
    token = dict(fields).get("form_token", "")
    account_id, typed = account_of_form(token), onward.typed_of(request, fields)
    try:
        await check_form(node, request, token)
    except StaleForm:
        # A page of ours, from before this browser signed out.
        pass
    except Refused:
        typed = None
    goes_to = onward.page_for(request, onward.pages_of(request.scope["path"], fields))
    if typed is None or account_id is None:
        return redirect(onward.with_next(request, PATH, goes_to))
    kept = onward.seal(node, account_id, typed)
    ended = "kept" if kept else "too_long"
    return await sign_in_form(node, request, Onward(goes_to, kept), ended=ended, status=401)


async def sign_in(request: Request) -> Response:
    """POST /sign-in: check name and password, open a session or ask the second step, go on."""
    node: Node = request.app.state.node
    form = await read_form(request, FORM_BYTES_MAX)
    then = read_onward(form)
    login, password = (form.text("login") or "").strip(), form.text("password") or ""
    missing = [name for name, text in (("login", login), ("password", password)) if not text]
    if missing:
        return await sign_in_form(node, request, then, login=login, missing=missing, status=422)
    try:
        account = await _check(node, request, login, password)
    except TooMany as error:
        return await sign_in_form(
            node, request, then, login=login, status=429, retry_after_s=error.retry_after_s
        )
    if account is None:
        return await sign_in_form(node, request, then, login=login, problem="wrong", status=401)
    if account["disabled_at"] is not None:
        return await sign_in_form(node, request, then, login=login, problem="disabled", status=403)
    is_shared, is_longer = bool(form.flag("shared")), bool(form.flag("longer"))
    if await second_factors.is_on(node.db, account["id"]):
        opened = Response()
        await open_half_session(
            node, request, opened, account["id"], is_shared=is_shared, is_longer=is_longer
        )
        step = onward.with_next(request, STEP_PATH, then.path)
        request.state.kept = then.kept
        response = await onward.page_at(request, step) if then.kept else redirect(step)
        return _with_cookies(response or redirect(step), opened)
    return await go_on(node, request, account["id"], then, is_shared=is_shared, is_longer=is_longer)


async def sign_in_by_passkey(request: Request) -> Response:
    """POST /sign-in/passkey: the device verified its holder, which stands for both steps."""
    node: Node = request.app.state.node
    form = await read_form(request, FORM_BYTES_MAX)
    then = read_onward(form)
    credential, purpose = form.text("credential") or "", _purpose(node, request)
    attempts = memory_of(request.scope).attempts
    address = f"address {request.scope.get('client_address', '')}"
    try:
        if node.limits.rate_limits:
            attempts.check(address, ADDRESS_FAILURES_MAX)
        account_id = await node.db.write(lambda tx: passkeys.check(node, tx, credential, purpose))
    except TooMany as error:
        return await sign_in_form(
            node, request, then, status=429, retry_after_s=error.retry_after_s
        )
    except Invalid:
        attempts.failed(address)
        return await sign_in_form(node, request, then, trouble="passkey.trouble", status=401)
    account = await account_by_id(node.db, account_id)
    if account is None or account["disabled_at"] is not None:
        return await sign_in_form(node, request, then, problem="disabled", status=403)
    return await go_on(node, request, account_id, then, is_shared=False, method="passkey")


async def go_on(
    node: Node,
    request: Request,
    account_id: int,
    then: Onward,
    *,
    is_shared: bool,
    is_longer: bool = False,
    method: str = "password",
) -> Response:
    """Open the session and go on: to the form as it was filled in before, or to a page."""
    opened = Response()
    await open_session(
        node,
        request,
        opened,
        account_id,
        is_shared=is_shared,
        is_longer=is_longer,
        method=method,
    )
    typed = onward.unseal(node, account_id, then.kept)
    if typed is None:
        return _with_cookies(redirect(then.path or with_language(request, HOME_PATH)), opened)
    return _with_cookies(await onward.shown_again(request, typed), opened)


def _with_cookies(response: Response, opened: Response) -> Response:
    """The answer, with what opening a session says to the browser."""
    said = [pair for pair in opened.raw_headers if pair[0] != b"content-length"]
    response.raw_headers.extend(said)
    return response


def read_onward(form: Params) -> Onward:
    """Where to go after signing in, as the form for it says; Malformed for no page of ours."""
    return Onward(read_next(form.text("next")), form.text("kept", FORM_BYTES_MAX) or "")


async def sign_out(request: Request) -> Response:
    """POST /sign-out: the session ends here and in the browser."""
    node: Node = request.app.state.node
    form = await read_form(request)
    goes_to = read_next(form.text("next"))
    response = redirect(goes_to or with_language(request, PATH))
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
    assert account is not None, "nobody's password fits nothing"
    attempts.succeeded(name)
    attempts.forgive(address)
    await _hash_anew(node, account, password)
    return account


async def _hash_anew(node: Node, account: Row, password: str) -> None:
    """Keep up with today's parameters: only now is the password known."""
    if not is_outdated(account["password_hash"]):
        return
    made = await hash_password(password)

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE account SET password_hash = ? WHERE id = ? AND password_hash = ?",
            made,
            account["id"],
            account["password_hash"],
        )

    await node.db.write(work)


def _purpose(node: Node, request: Request) -> Purpose:
    return Purpose("sign in", digest(form_secret(node, request)[0]))


async def sign_in_form(
    node: Node,
    request: Request,
    then: Onward,
    *,
    status: int = 200,
    login: str = "",
    missing: list[str] | None = None,
    problem: str = "",
    trouble: str = "",
    retry_after_s: int | None = None,
    ended: str = "",
) -> Response:
    """The page with the form; `ended` says what became of what was typed in a session before."""
    language = page_language(node, request)
    headers = {READER: NOBODY}
    text = say(language, trouble or f"sign_in.{problem}") if trouble or problem else ""
    if retry_after_s is not None:
        headers["retry-after"] = str(retry_after_s)
        text = too_many(language, retry_after_s)
    return render(
        node,
        request,
        "sign_in.html",
        status=status,
        headers=headers,
        has_script=passkeys.is_possible(node),
        **await _passkey_form(node, request),
        action=with_language(request, PATH),
        forgotten=with_language(request, "/password/forgotten"),
        next=then.path or "",
        kept=then.kept,
        ended=ended,
        login=login,
        missing=missing or [],
        problem=text,
        application=await _application_name(node, then.path),
    )


async def _passkey_form(node: Node, request: Request) -> dict[str, Any]:
    if not passkeys.is_possible(node):
        return {"passkey_options": ""}
    return {
        "passkey_options": await passkeys.sign_in_options(node, _purpose(node, request)),
        "passkey_action": with_language(request, PASSKEY_PATH),
    }


def too_many(language: Language, retry_after_s: int) -> str:
    """How long to wait after too many attempts, in words."""
    minutes = -(-retry_after_s // 60)
    wait = (
        say(language, "sign_in.one_minute")
        if minutes == 1
        else say(language, "sign_in.minutes", count=str(minutes))
    )
    return say(language, "sign_in.too_many", wait=wait)


async def _application_name(node: Node, goes_to: str | None) -> str:
    """The application that sent the person here, so that she knows why she signs in."""
    if goes_to is None:
        return ""
    client_id = dict(parse_qsl(goes_to.partition("?")[2])).get("client_id", "")
    name = await node.db.value("SELECT name FROM application WHERE client_id = ?", client_id)
    return name or ""
