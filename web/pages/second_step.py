"""The second step of signing in: a code or a passkey, within five minutes of the password.

Until then the browser is signed in to nothing. After five wrong codes the account waits.
"""

from starlette.requests import Request
from starlette.responses import Response

from actors import passkeys, second_factors
from actors.passkeys import Purpose
from federation.errors import Invalid, TooMany
from federation.node import Node
from web.memory import memory_of
from web.pages.forms import read_form
from web.pages.onward import Onward, read_next, with_next
from web.pages.persons import redirect
from web.pages.rendering import page_language, render, with_language
from web.pages.sign_in import (
    FORM_BYTES_MAX,
    PATH,
    STEP_PATH,
    go_on,
    read_onward,
    sign_in_form,
    too_many,
)
from web.sessions import HalfSession, find_half_session
from web.translations import say

FAILURES_MAX = 5


async def step_page(request: Request) -> Response:
    """GET /sign-in/step: ask for the code."""
    node: Node = request.app.state.node
    goes_to = read_next(request.query_params.get("next"))
    half = await find_half_session(node, request)
    if half is None:
        return redirect(with_next(request, PATH, goes_to))
    # What was typed before the password was asked for comes with the answer to the password.
    return await _form(node, request, half, Onward(goes_to, getattr(request.state, "kept", "")))


async def take_step(request: Request) -> Response:
    """POST /sign-in/step: a code, or a passkey's answer, opens the session."""
    node: Node = request.app.state.node
    form = await read_form(request, FORM_BYTES_MAX)
    then = read_onward(form)
    half = await find_half_session(node, request)
    if half is None or "again" in form:
        if then.kept:
            return await sign_in_form(node, request, then, ended="kept")
        return redirect(with_next(request, PATH, then.path))
    credential, code = form.text("credential") or "", form.text("code") or ""
    attempts, name = memory_of(request.scope).attempts, f"step {half.account_id}"
    try:
        if node.limits.rate_limits:
            attempts.check(name, FAILURES_MAX)
            attempts.failed(name)
        fits = await _fits(node, half, code, credential)
    except TooMany as error:
        return await _form(node, request, half, then, retry_after_s=error.retry_after_s)
    if not fits:
        return await _form(node, request, half, then, is_wrong=True)
    attempts.succeeded(name)
    return await go_on(
        node,
        request,
        half.account_id,
        then,
        is_shared=half.is_shared,
        is_longer=half.is_longer,
        method="second_factor",
    )


async def _fits(node: Node, half: HalfSession, code: str, credential: str) -> bool:
    account_id = half.account_id
    if not credential:
        return await node.db.write(lambda tx: second_factors.take(node, tx, account_id, code))
    try:
        await node.db.write(
            lambda tx: passkeys.check(node, tx, credential, _purpose(half), account_id)
        )
    except Invalid:
        return False
    return True


def _purpose(half: HalfSession) -> Purpose:
    return Purpose("second step", half.token_hash)


async def _form(
    node: Node,
    request: Request,
    half: HalfSession,
    then: Onward,
    *,
    is_wrong: bool = False,
    retry_after_s: int | None = None,
) -> Response:
    language = page_language(node, request)
    problem = say(language, "step.wrong") if is_wrong else ""
    headers: dict[str, str] = {}
    if retry_after_s is not None:
        headers["retry-after"] = str(retry_after_s)
        problem = too_many(language, retry_after_s)
    options = ""
    if passkeys.is_possible(node) and await passkeys.of_account(node.db, half.account_id):
        options = await passkeys.sign_in_options(node, _purpose(half), half.account_id)
    return render(
        node,
        request,
        "second_step.html",
        status=429 if retry_after_s is not None else 401 if is_wrong else 200,
        headers=headers,
        has_script=bool(options),
        passkey_options=options,
        passkey_action=with_language(request, STEP_PATH),
        action=with_language(request, STEP_PATH),
        again=with_next(request, PATH, then.path),
        next=then.path or "",
        kept=then.kept,
        problem=problem,
    )
