"""The whole HTTP side of a node as one ASGI application.

A request passes the same gate whatever it asks: Host, size, rate. What servers ask most is
answered at once; the rest goes to the routes of API and pages.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from federation.errors import NodeError, NotFound, TooLarge, TooMany
from federation.node import Node
from outbox.copies import Copies
from web import errors, media, oauth, proxy
from web.activitypub import Documents, WrongMethod
from web.addresses import Addresses
from web.buckets import Buckets
from web.caching import TaggedSend, is_open, tagged
from web.inboxes import Inboxes
from web.mastodon import emojis
from web.mastodon.errors import error_response
from web.mastodon.routes import TABLE, Paths
from web.mastodon.streaming import PATH as STREAMS_PATH
from web.mastodon.streaming import bring_token, refuse_socket, serve_socket
from web.mastodon.streams import Streams
from web.mastodon.telling import tell
from web.mastodon.uploads import body_bytes_max, check_size
from web.memory import Memory, memory_of
from web.negotiation import wanted
from web.organisation_documents import OrganisationDocuments
from web.pages.failures import error_page, gate_page
from web.pages.routes import ROUTES as PAGE_ROUTES
from web.partner_documents import PartnerDocuments
from web.rates import REFUSED_PER_ADDRESS, Over, Rates
from web.raw import Answer, Asked, Handler, Header
from web.reading import Doorkeeper
from web.security import (
    CROSS_ORIGIN,
    check_host,
    common_headers,
    hosts_of,
    is_cross_origin,
    preflight_headers,
)
from web.tokens import Token
from web.translations import Language, choose_language
from web.wellknown import WellKnown

DOCUMENT_PATHS = (
    *("/users/", "/notes/", "/follows/", "/activities/", "/contexts/"),
    *("/audiences/", "/actor/audiences/"),
)
API_PATH = "/api/"
STATIC_PATH = "/static/"
FILE_PATHS = ("/media/", "/pictures/", "/proxy/", "/emojis/")
_log = structlog.get_logger(__name__)


def build_app(node: Node) -> "App":
    """Build the application of one node."""
    return App(node)


class App:
    """One node's gate and what lies behind it; an ASGI application."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.counts: dict[tuple[str, int], int] = {}
        self.rates = Rates(node.clock)
        self._buckets = Buckets(node.options.rates)
        self._addresses = Addresses(node.trusted_proxies)
        self._hosts = hosts_of(node)
        self._common = common_headers(node)
        keeper = Doorkeeper(node)
        self._inboxes = Inboxes(node, keeper)
        self._documents = Documents(node, keeper)
        self.routes = Starlette(
            routes=[
                *oauth.ROUTES,
                *PAGE_ROUTES,
                *emojis.ROUTES,
                *media.ROUTES,
                *proxy.ROUTES,
            ],
            exception_handlers={
                NodeError: cast(Any, _raised),
                HTTPException: cast(Any, _raised),
                Exception: cast(Any, _failed),
            },
        )
        self._api = Paths(TABLE)
        self.routes.state.node = node
        self.routes.state.keeper = keeper
        self.routes.state.copies = Copies(node)
        self.routes.state.memory = Memory(node)
        self.streams = Streams(node, self.routes.state.memory, tell)
        self.routes.state.streams = self.streams
        wellknown = WellKnown(node, keeper)
        partners = PartnerDocuments(node, keeper)
        organisations = OrganisationDocuments(node, keeper)
        self._direct: dict[str, Handler] = {
            "/inbox": self._inboxes.post,
            "/actor/inbox": self._inboxes.post,
            "/actor": self._documents.get,
            "/actor/outbox": self._documents.get,
            "/actor/proof": partners.proof,
            "/actor/agreement": partners.agreement,
            "/actor/directory": partners.directory,
            "/actor/terms": partners.terms,
            "/actor/organisation": organisations.actor,
            "/actor/organisation/sites": organisations.sites,
            "/actor/holdings": partners.holdings,
            "/actor/comparison": partners.comparison,
            "/actor/relations": partners.relations,
            "/.well-known/webfinger": wellknown.webfinger,
            "/.well-known/host-meta": wellknown.host_meta,
            "/.well-known/nodeinfo": wellknown.nodeinfo_index,
            "/nodeinfo/2.0": wellknown.nodeinfo,
            "/nodeinfo/2.1": wellknown.nodeinfo,
            "/healthz": wellknown.healthz,
            "/readyz": wellknown.readyz,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
            return
        path: str = scope["path"]
        address = self._addresses.of(scope)
        handler = self._direct.get(path)
        if handler is None and path.startswith(DOCUMENT_PATHS):
            handler = self._inboxes.post if path.endswith("/inbox") else self._documents.get
        if handler is None:
            await self._routed(scope, receive, send, address)
            return
        asked = Asked(self.node, scope, receive, address)
        answer = tagged(await self._directly(handler, asked), asked.header(b"if-none-match"))
        self._count("federation", answer.status)
        await answer.send(send, self._common, head=scope["method"] == "HEAD")

    def _count(self, area: str, status: int) -> None:
        key = (area, status)
        self.counts[key] = self.counts.get(key, 0) + 1

    async def _directly(self, handler: Handler, asked: Asked) -> Answer:
        try:
            check_host(asked.headers, self._hosts, asked.path)
            if self.node.limits.rate_limits:
                self.rates.check(f"refused:{asked.address}", REFUSED_PER_ADDRESS)
            _check_method(handler == self._inboxes.post, asked)
            if asked.method == "OPTIONS":
                return Answer(204, headers=preflight_headers(_requested(asked.headers)))
            return await handler(asked)
        except NodeError as error:
            return self._refused(error, asked)
        except Exception:  # noqa: BLE001 - whatever it is, it has one answer
            _log.exception("http.failed", path=asked.path)
            return errors.line(errors.ServerError("server.error"))

    def _refused(self, error: NodeError, asked: Asked) -> Answer:
        if self.node.limits.rate_limits and not isinstance(error, TooMany):
            try:
                self.rates.spend(f"refused:{asked.address}", REFUSED_PER_ADDRESS)
            except TooMany as too_many:
                return errors.line(too_many)
        is_page = asked.method == "GET" and asked.path.startswith(DOCUMENT_PATHS)
        if is_page and wanted(asked.header(b"accept")) == "page":
            return gate_page(self.node, error, self._language(asked.headers))
        answer = errors.line(error)
        if is_cross_origin(asked.path):
            answer.headers.extend(CROSS_ORIGIN)
        return answer

    def _language(self, headers: list[Header]) -> Language:
        accepted = next((v for k, v in headers if k == b"accept-language"), b"")
        return choose_language(None, accepted.decode("latin-1"), self.node.language)

    async def _routed(self, scope: Scope, receive: Receive, send: Send, address: str) -> None:
        """Pass the gate, then the routes; the answer gets the headers that all have."""
        headers: list[Header] = scope["headers"]
        path: str = scope["path"]
        extra = list(CROSS_ORIGIN) if is_cross_origin(path) else []
        scope["client_address"] = address
        if path.startswith(STREAMS_PATH):
            bring_token(scope)
            headers = scope["headers"]
        try:
            check_host(headers, self._hosts, path)
            scope["app"] = self.routes
            await memory_of(scope).ip_blocks.check_access(address)
            if scope["method"] == "OPTIONS" and extra:
                answer = Answer(204, headers=preflight_headers(_requested(headers)))
                await answer.send(send, self._common)
                return
            check_size(self.node, path, headers)
            extra += await self._spend(scope, path, address)
        except NodeError as error:
            self._count("pages", error.status)
            answer = self._error_answer(path, error, headers)
            if isinstance(error, Over):
                extra += error.state.headers()
            await answer.send(send, [*extra, *self._common])
            return
        limited = _limited(receive, body_bytes_max(self.node, path))
        begun = Begun(send, self._counted(path), [*extra, *self._common])
        sender: Send = begun
        if is_open(scope["method"], path, headers):
            sender = TaggedSend(begun, _value(headers, b"if-none-match"))
        if not path.startswith(API_PATH):
            await self.routes(scope, limited, sender)
            return
        try:
            await self._api(scope, limited, sender)
        except Exception:  # noqa: BLE001 - whatever it is, it has one answer
            _log.exception("http.failed", path=path)
            if not begun.has_begun:
                failed = errors.json(errors.ServerError("server.error"), self._language(headers))
                await failed.send(begun, [])

    def _error_answer(self, path: str, error: NodeError, headers: list[Header]) -> Answer:
        language = self._language(headers)
        if errors.is_api(path):
            return errors.json(error, language)
        return gate_page(self.node, error, language)

    async def _spend(self, scope: Scope, path: str, address: str) -> list[Header]:
        if not self.node.limits.rate_limits or path.startswith(STATIC_PATH):
            return []
        if not (path.startswith(("/api/", "/oauth/"))):
            is_file = path.startswith(FILE_PATHS)
            of = self._buckets.of_file if is_file else self._buckets.of_page
            self.rates.spend_all(of(address))
            return []
        scheme, _, secret = _value(scope["headers"], b"authorization").partition(" ")
        token: Token | None = None
        if scheme.lower() == "bearer":
            # A token that is none must not give its bearer a bucket of its own.
            scope["app"] = self.routes
            token = await memory_of(scope).tokens.find(self.node.db, secret.strip())
        method: str = scope.get("method", "GET")
        buckets = self._buckets.of_call(method, path, scope["query_string"], address, token)
        return self.rates.spend_all(buckets).headers()

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the same gate as a request; then the one place where sockets are answered."""
        scope["app"] = self.routes
        path: str = scope["path"].rstrip("/")
        try:
            check_host(scope["headers"], self._hosts, path)
            if path != STREAMS_PATH:
                raise NotFound("page.none")
            address = self._addresses.of(scope)
            await memory_of(scope).ip_blocks.check_access(address)
            bring_token(scope)
            await self._spend(scope, path, address)
        except NodeError as error:
            await refuse_socket(send, error_response(error, self._language(scope["headers"])))
            return
        await serve_socket(scope, receive, send)

    def _counted(self, path: str) -> Callable[[int], None]:
        return partial(self._count, "api" if errors.is_api(path) else "pages")


class Begun:
    """A `send` that adds the headers all answers have, and knows whether the answer has begun."""

    def __init__(self, send: Send, count: Callable[[int], None], common: list[Header]) -> None:
        self.has_begun = False
        self._send = send
        self._count = count
        self._common = common

    async def __call__(self, message: Message) -> None:
        """Pass a message on; what the answer says itself stands before what all say."""
        if message["type"] == "http.response.start":
            self.has_begun = True
            self._count(message["status"])
            headers = message["headers"]
            own = {name for name, _ in headers}
            message["headers"] = [*headers, *(h for h in self._common if h[0] not in own)]
        await self._send(message)


def _check_method(is_inbox: bool, asked: Asked) -> None:
    if is_inbox and asked.method != "POST":
        # Nobody reads an inbox by HTTP: what is in it is shown by the API.
        raise WrongMethod("document.method", came=asked.method)
    if not is_inbox and asked.method not in {"GET", "HEAD", "OPTIONS"}:
        raise WrongMethod("document.method", came=asked.method)


def _value(headers: list[Header], name: bytes) -> str:
    return next((v.decode("latin-1") for k, v in headers if k == name), "")


def _requested(headers: list[Header]) -> str:
    return _value(headers, b"access-control-request-headers")


def _limited(receive: Receive, bytes_max: int) -> Receive:
    """Count what arrives, since a body may come without saying how long it is."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > bytes_max:
            raise TooLarge("body.too_large", max=str(bytes_max))
        return message

    return counted


def _as_response(request: Request, error: NodeError) -> Response:
    if not errors.is_api(request.url.path):
        return error_page(request, error)
    node: Node = request.app.state.node
    accepted = request.headers.get("accept-language", "")
    answer = errors.json(error, choose_language(None, accepted, node.language))
    response = Response(answer.body, answer.status)
    response.raw_headers = [
        (b"content-type", answer.content_type),
        (b"content-length", b"%d" % len(answer.body)),
        *answer.headers,
    ]
    return response


async def _raised(request: Request, error: Exception) -> Response:
    """An error of ours, or of the router: no such path, no such method."""
    if isinstance(error, HTTPException):
        # Clients probe for what a node can do and count on 404.
        error = NotFound("page.none") if error.status_code in {404, 405} else _other(error)
    assert isinstance(error, NodeError), "registered for these"
    return _as_response(request, error)


class _Other(NodeError):
    """What the framework refused."""


def _other(error: HTTPException) -> NodeError:
    made = _Other("server.refused", detail=str(error.detail))
    made.status = error.status_code  # type: ignore[misc]
    return made


async def _failed(request: Request, error: Exception) -> Response:
    """What should not happen: said in general words, and logged by who runs the server."""
    del error
    return _as_response(request, errors.ServerError("server.error"))
