"""Where a person goes on to after signing in: to a page of ours, and to what she had typed there.

What was typed outlives the session in the form for signing in: sealed, for the account whose page
it was and for no other, for an hour. Nothing of it is stored here, and nothing is sent by itself:
she meets the form as she had filled it in. Passwords, codes and files are never kept.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote, urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from federation.errors import Malformed, Misconfigured, describe
from federation.node import Node
from web.pages.rendering import with_language

NEXT_CHARACTERS_MAX = 8_000
# Where a person may be sent after signing in: our own pages that need it, nothing else.
NEXT = re.compile(
    r"^/(?:oauth/authorize/?\?[\x21-\x5b\x5d-\x7e]*|settings(?:/[a-z-]+)?(?:\?lang=(?:fr|en))?"
    r"|welcome(?:\?step=[1-3])?"
    r"|staff(?:/[\w.:-]{1,300}){0,4}(?:\?[\x21-\x5b\x5d-\x7e]*)?"
    r"|(?:drafts|scheduled|favourites|following|followers|requests|blocks|tags"
    r"|conversations(?:/[0-9]{1,19})?|lists(?:/[0-9]{1,19})?|filters(?:/(?:new|[0-9]{1,19}))?)"
    r"(?:\?[\x21-\x5b\x5d-\x7e]*)?"
    r"|(?:home|map|directory|write|notifications|bookmarks|search|tags/[\w.~%-]{1,600}"
    r"|@[\w.-]{1,255}(?:@[\w.:-]{1,255})?"
    r"(?:/(?:following|followers|[0-9]{1,19}(?:/history)?))?)?(?:\?[\x21-\x5b\x5d-\x7e]*)?)$",
    re.ASCII,
)
KEPT_MS = 3_600_000
KEPT_BYTES_MAX = 60_000
# Sealed, and written in 64 characters.
SEALED_CHARACTERS_MAX = 100_000
_SECRET = ("form_token", "password", "current", "code", "token", "credential")
# And whoever confirms something does it again.
NEVER_KEPT = frozenset((*_SECRET, "sure"))
_BUTTONS = ("do", "act", "decision", "browser", "app", "others")
_HIDDEN = ("back", "next", "id", "key", "version", "step")
# What a page says of itself: nobody typed it.
_OWN = frozenset((*_BUTTONS, *_HIDDEN))

describe({"page.next": "The address to go on to is not one of this site's pages."})


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a form, and where it was sent to."""

    path: str
    fields: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Onward:
    """The page to go on to, and what was typed there before, sealed."""

    path: str | None = None
    kept: str = ""


def read_next(text: str | None) -> str | None:
    """Where to go after signing in; Malformed for anything but our own pages."""
    if not text:
        return None
    if len(text) > NEXT_CHARACTERS_MAX or not NEXT.fullmatch(text):
        raise Malformed("page.next")
    return text


def with_next(request: Request, path: str, goes_to: str | None) -> str:
    """`path`, with where to go after it and the language chosen."""
    return with_language(request, f"{path}?{urlencode({'next': goes_to})}" if goes_to else path)


def typed_of(request: Request, fields: Iterable[tuple[str, str]]) -> Typed | None:
    """What was typed into the form of this request; None when it had buttons only."""
    kept = [(name, text) for name, text in fields if name not in NEVER_KEPT]
    if not any(text.strip() for name, text in kept if name not in _OWN):
        return None
    query = request.scope["query_string"].decode("latin-1")
    return Typed(request.scope["path"] + (f"?{query}" if query else ""), kept)


def seal(node: Node, account_id: int, typed: Typed) -> str:
    """What was typed, to be read for this account only; empty when it is too much to be kept."""
    content = orjson.dumps([node.clock() + KEPT_MS, typed.path, typed.fields])
    if len(content) > KEPT_BYTES_MAX:
        return ""
    sealed = node.keyring.seal(_place(account_id), content)
    return base64.urlsafe_b64encode(sealed).decode()


def unseal(node: Node, account_id: int, sealed: str) -> Typed | None:
    """What was sealed for this account within the last hour; None for anything else."""
    if not 0 < len(sealed) <= SEALED_CHARACTERS_MAX:
        return None
    try:
        content = node.keyring.unseal(_place(account_id), base64.urlsafe_b64decode(sealed))
    except (Misconfigured, ValueError):
        return None
    expires_at, path, fields = orjson.loads(content)
    if expires_at <= node.clock():
        return None
    return Typed(path, [(name, text) for name, text in fields])


def _place(account_id: int) -> str:
    return f"form of account {account_id}"


def pages_of(path: str, fields: Iterable[tuple[str, str]] = ()) -> list[str]:
    """The pages where a form that was sent to `path` may stand, the likeliest first."""
    found = [dict(fields).get("back", ""), path]
    path = path.partition("?")[0]
    while path:
        found.append(path)
        path = path.rpartition("/")[0]
    return [page for page in dict.fromkeys([*found, "/"]) if page and NEXT.fullmatch(page)]


def page_for(request: Request, pages: list[str]) -> str:
    """The first of these addresses where there is a page."""
    return next((page for page in pages if _route(request, page) is not None), "/")


async def shown_again(request: Request, typed: Typed) -> Response:
    """The form as it was filled in, with a word that nothing was sent yet.

    Asked by whoever is signed in now, also by this very request.
    """
    request.state.typed = typed
    for page in pages_of(typed.path, typed.fields):
        response = await page_at(request, page)
        if response is not None and response.status_code == HTTPStatus.OK:
            return response
    raise Malformed("page.next")


async def page_at(request: Request, page: str) -> Response | None:
    """What GET of a page of ours answers; None where there is no page."""
    found = _route(request, page)
    if found is None:
        return None
    route, scope = found
    return await route.endpoint(Request(scope, request.receive))


def _route(request: Request, page: str) -> tuple[Route, dict[str, object]] | None:
    path, _, query = page.partition("?")
    # The state is one for both: who has just signed in, and what was typed.
    request.scope.setdefault("state", {})
    scope = dict(request.scope) | {
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [
            (name, value)
            for name, value in request.scope["headers"]
            if name not in (b"content-type", b"content-length")
        ],
    }
    for route in request.app.routes:
        match, child = route.matches(scope)
        if match is Match.FULL and isinstance(route, Route):
            return route, scope | child
    return None
