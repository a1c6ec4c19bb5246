"""One call of the client API: who calls, with what, and the one gate all calls pass.

An endpoint says who may call it and which scope that takes; nothing behind the gate asks
again. Errors of the node become the JSON that clients know, in the reader's language except
for the sentences that clients compare.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from typing import Any, Literal, NamedTuple

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from actors.permissions import Permission, allows
from federation.errors import Malformed, NodeError, NotFound, Refused, TooLarge, describe
from web.mastodon.errors import NeedsUser, NoToken, error_response
from web.mastodon.params import Params, read_body, read_id, read_query
from web.mastodon.view import View
from web.memory import memory_of
from web.scopes import covers
from web.tokens import Token

# anybody: no token, also on a closed node; reader: no token needed on an open node, a person
# on a closed one; application: any valid token; person: a token of an account; newcomer: the same,
# also before it is confirmed or approved; staff: a person whose role has the entry's permission.
Access = Literal["anybody", "reader", "application", "person", "newcomer", "staff"]
OF_A_PERSON = frozenset({"person", "newcomer", "staff"})

describe(
    {
        "token.scope": "This action is outside the authorized scopes",
        "token.disabled": "Your login is currently disabled",
        "token.not_approved": "Your login is currently pending approval",
        "token.not_confirmed": "Your login is missing a confirmed e-mail address",
        "token.not_staff": "This action is not allowed",
        "record.not_found": "Record not found",
        "body.too_large": "The body is larger than {max} bytes.",
        "body.broken_off": "The body broke off.",
    }
)


class Call(View):
    """What an endpoint gets: the node, the caller and the fields sent."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        super().__init__(scope["app"].state.node, memory_of(scope), None)
        self.scope = scope
        self.path: str = scope["path"]
        self.receive = receive
        self._headers: list[tuple[bytes, bytes]] = scope["headers"]

    def header(self, name: bytes) -> str:
        """The value of a header, given in lower case; empty when it did not come."""
        for key, value in self._headers:
            if key == name:
                return value.decode("latin-1")
        return ""

    @cached_property
    def query(self) -> Params:
        """The fields of the query string."""
        return Params(read_query(self.scope["query_string"]))

    async def params(self) -> Params:
        """The fields of query and body together; the body's stand where both have one."""
        body = await self.body()
        fields = await read_body(self.header(b"content-type"), body)
        return Params({**read_query(self.scope["query_string"]), **fields})

    async def body(self) -> bytes:
        """The body of the request; TooLarge beyond the node's limit."""
        limit = self.node.limits.body_bytes_max
        length = self.header(b"content-length")
        if length.isdigit() and int(length) > limit:
            raise TooLarge("body.too_large", max=str(limit))
        parts: list[bytes] = []
        size = 0
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise Malformed("body.broken_off")
            part = message.get("body", b"")
            size += len(part)
            if size > limit:
                raise TooLarge("body.too_large", max=str(limit))
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)

    def path_id(self, name: str = "id") -> int:
        """The id in the path; NotFound when it is none."""
        value = read_id(self.scope["path_params"][name])
        if value is None:
            raise NotFound("record.not_found")
        return value

    def path_text(self, name: str) -> str:
        """A word in the path."""
        return self.scope["path_params"][name]

    @property
    def accepted_languages(self) -> str:
        """What the caller's software asks for, beside what the account says."""
        return self.header(b"accept-language")


Handler = Callable[[Call], Awaitable[Response]]


class Entry(NamedTuple):
    """One path of the client API: its methods, who may call it and the scope that takes."""

    methods: str
    path: str
    access: Access
    scope: str | None
    handler: Handler
    permission: Permission | None = None


class Endpoint:
    """A handler behind its gate, as an ASGI application."""

    def __init__(
        self,
        handler: Handler,
        access: Access,
        scope: str | None,
        permission: Permission | None = None,
    ) -> None:
        self.handler = handler
        self.access: Access = access
        self.scope = scope
        self.permission = permission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the caller in or say why not, and answer."""
        call = Call(scope, receive)
        try:
            await self.admit(call)
            response = await self.handler(call)
        except NodeError as error:
            response = error_response(error, call.language)
        await response(scope, receive, send)

    async def admit(self, call: Call) -> None:
        """Find whose call it is; raise unless that caller may make it."""
        scheme, _, secret = call.header(b"authorization").partition(" ")
        has_token = scheme.lower() == "bearer"
        if has_token:
            call.token = await call.memory.tokens.find(call.node.db, secret.strip())
        if self.access == "anybody":
            return
        if call.token is None:
            if has_token or self.access != "reader":
                raise NoToken("token.invalid")
            if call.node.is_closed:
                raise NoToken("token.needs_user")
            return
        self._check_token(call.token)
        if call.token.actor_id is None and self.access == "reader" and call.node.is_closed:
            raise NoToken("token.needs_user")

    def _check_token(self, token: Token) -> None:
        if token.is_disabled:
            raise Refused("token.disabled")
        if token.waits_for is not None and self.access != "newcomer":
            raise Refused(f"token.not_{token.waits_for}")
        if token.actor_id is None and self.access in OF_A_PERSON:
            raise NeedsUser("token.needs_user")
        if self.scope is not None and not covers(token.scopes, self.scope):
            raise Refused("token.scope")
        if self.permission is not None and not allows(token.role or "", self.permission):
            raise Refused("token.not_staff")


class Json(Response):
    """A JSON answer whose bytes stand already; made without what Starlette asks of each."""

    def __init__(self, body: bytes, status: int, headers: Mapping[str, str] | None) -> None:
        self.status_code = status
        self.body = body
        self.background = None
        self.raw_headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", b"private, no-store"),
        ]
        if headers:
            for name, value in headers.items():
                self.raw_headers.append((name.lower().encode(), value.encode("latin-1")))


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Json(orjson.dumps(value), status, headers)


def answer_bytes(
    body: bytes, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON answer whose bytes stand already."""
    return Json(body, status, headers)


def answer_list(items: list[bytes], headers: Mapping[str, str] | None = None) -> Response:
    """A JSON array of entities that are rendered already."""
    return Json(b"[%b]" % b",".join(items), 200, headers)
