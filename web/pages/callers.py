"""Who reads a page, as the client API knows callers: pages show what applications are given.

A page asks the same queries in the same name, so that what a person sees here and in her
application can never differ. Nobody in particular reads an open node only.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from federation.database import Row
from federation.errors import Refused
from federation.node import Node
from web.mastodon.call import Call
from web.pages.persons import SignInFirst, account_of
from web.pages.rendering import page_language, render
from web.sessions import Session, find_session
from web.tokens import Token
from web.translations import Language, read_language


class PageCall(Call):
    """The reader of a page; `account` is hers when she is signed in."""

    def __init__(self, request: Request, account: Row | None, session: Session | None) -> None:
        super().__init__(request.scope, request.receive)
        self.request = request
        self.page_language: Language = page_language(self.node, request)
        self.account = account
        self.session = session
        if account is not None:
            self.token = _token(account, self.page_language)

    @property
    def accepted_languages(self) -> str:
        """The language of the page."""
        return self.page_language

    @property
    def is_guest(self) -> bool:
        """Whether who reads is no member of the site."""
        return self.account is None or bool(self.account["is_guest"])

    @property
    def me(self) -> Row:
        """The actor of the person signed in; only where there is one."""
        assert self.session is not None
        return self.session.actor


View = Callable[[PageCall], Awaitable[Response]]


def _token(account: Row, language: Language) -> Token:
    # Without an id of its own it makes no capabilities: the session opens private files.
    return Token(
        token_id=0,
        application_id=None,
        account_id=account["id"],
        actor_id=account["actor_id"],
        scopes=frozenset(),
        is_guest=bool(account["is_guest"]),
        locale=language,
        role=account["role"],
        is_disabled=False,
    )


async def find_caller(request: Request) -> PageCall:
    """Who reads; Refused for an account that is not confirmed or approved yet."""
    node: Node = request.app.state.node
    session = await find_session(node, request)
    if session is None:
        return PageCall(request, None, None)
    account = await account_of(node, session)
    for state in ("confirmed", "approved"):
        if not account[f"is_{state}"]:
            raise Refused(f"token.not_{state}")
    return PageCall(request, account, session)


def address_of(request: Request) -> str:
    """The path of this page as it is written in an address."""
    return quote(request.scope["path"], safe="/@:~!$&'()*+,;=")


def for_member(view: View) -> Callable[[Request], Awaitable[Response]]:
    """A page for whoever is signed in; raises SignInFirst for anybody else."""

    async def shown(request: Request) -> Response:
        call = await find_caller(request)
        if call.session is not None:
            return await view(call)
        raise SignInFirst(sign_in_path(request))

    return shown


def for_reader(view: View) -> Callable[[Request], Awaitable[Response]]:
    """A page that nobody in particular may read on an open node.

    On a closed one they are invited to sign in before anything is looked up: the answer does
    not depend on what is there.
    """

    async def shown(request: Request) -> Response:
        call = await find_caller(request)
        if call.session is None and call.node.is_closed:
            return render(
                call.node, request, "members_only.html", status=401, sign_in=sign_in_path(request)
            )
        return await view(call)

    return shown


def sign_in_path(request: Request) -> str:
    """Where one signs in and comes back here from."""
    language = read_language(request.query_params.get("lang"))
    query = {"next": address_of(request)} | ({"lang": language} if language else {})
    return f"/sign-in?{urlencode(query)}"
