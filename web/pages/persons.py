"""Pages that are a person's own: signed in first, and the password again before what weighs."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from actors.passwords import check_password
from actors.queries import account_by_id
from federation.database import Row
from federation.errors import NodeError, NotFound, describe
from federation.node import Node
from web.memory import memory_of
from web.pages.rendering import protect
from web.sessions import Session, find_session
from web.translations import read_language

OwnView = Callable[[Request, Session], Awaitable[Response]]

FAILURES_MAX = 10
# Who has no password gives a fresh sign-in in its place.
FRESH_MS = 10 * 60_000

describe(
    {
        "account.wrong_password": "This is not your current password.",
        "account.sign_in_again": "Sign out and in again: this takes a sign-in of less than ten"
        " minutes ago.",
    }
)


class SignInFirst(Exception):
    """Who asks is not signed in, or no longer; `path` is where she signs in and comes back from."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Unproved(NodeError):
    """403: what was to be done needs the password, and another came."""

    status = 403


def redirect(path: str) -> Response:
    """Go on to a page of ours, by GET."""
    response = RedirectResponse(path, 303)
    protect(response)
    return response


def for_person(view: OwnView) -> Callable[[Request], Awaitable[Response]]:
    """A view for whoever is signed in; raises SignInFirst for anybody else."""

    async def shown(request: Request) -> Response:
        session = await find_session(request.app.state.node, request)
        if session is not None:
            return await view(request, session)
        language = read_language(request.query_params.get("lang"))
        here = request.url.path + (f"?lang={language}" if language else "")
        query = {"next": here} | ({"lang": language} if language else {})
        raise SignInFirst(f"/sign-in?{urlencode(query)}")

    return shown


async def account_of(node: Node, session: Session) -> Row:
    """The account that is signed in, as it is stored now."""
    account = await account_by_id(node.db, session.account_id)
    if account is None:
        raise NotFound("record.not_found")
    return account


async def prove(node: Node, request: Request, session: Session, password: str) -> Row:
    """Return the account once its password was given again (SEC-157).

    Raises Unproved for another password, or for a session that is not fresh where there is
    none; TooMany after ten wrong ones.
    """
    account = await account_of(node, session)
    if account["password_hash"] is None:
        if node.clock() - session.created_at > FRESH_MS:
            raise Unproved("account.sign_in_again")
        return account
    attempts = memory_of(request.scope).attempts
    # The same name as at signing in: guesses here and there count together.
    name = f"account {account['id']}"
    if node.limits.rate_limits:
        attempts.check(name, FAILURES_MAX)
        attempts.failed(name)
    if not await check_password(account["password_hash"], password):
        raise Unproved("account.wrong_password")
    attempts.succeeded(name)
    return account
