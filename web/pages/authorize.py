"""Consent: an application asks, a person decides, and a code goes to no unforeseen place.

What is wrong with the application or its address is shown here and sent nowhere; what is wrong
with the rest is told to the application, once its address is known to be its own.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from federation.database import Row, Transaction
from federation.errors import Invalid, Malformed, describe
from federation.node import Node
from web.mastodon.apps import OUT_OF_BAND
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.rendering import protect, render, with_language
from web.scopes import format_scopes, groups, is_subset, parse_scopes
from web.sessions import Session, close_session, find_session
from web.tokens import digest, make_secret

CODE_LASTS_MS = 10 * 60_000
CHALLENGE = re.compile(r"^[A-Za-z0-9_-]{43}$")
STATE_CHARACTERS_MAX = 4_000
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
# Numbers alone: what `localhost` means is for its machine to say.
LOOPBACK = re.compile(r"(http://(?:127\.0\.0\.1|\[::1\]))(?::(\d{1,5}))?([/?].*)?", re.ASCII)
TRUE = frozenset({"true", "1"})

describe(
    {
        "oauth.client": "The application is not known to this site; let it register again.",
        "oauth.redirect_uri": "The application wants to be answered at an address that it did"
        " not register.",
        "oauth.twice": "The field {field} came twice.",
    }
)


class UnacceptableError(Exception):
    """What the application is told: an OAuth error code and its description."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for consent whose application and address are known to belong together."""

    application: Row
    redirect_uri: str
    state: str | None
    fields: QueryParams


@dataclass(frozen=True, slots=True)
class Terms:
    """What exactly is consented to."""

    scopes: frozenset[str]
    challenge: str | None


async def consent_page(request: Request) -> Response:
    """GET /oauth/authorize: sign in first, then say what the application may do."""
    node: Node = request.app.state.node
    asked = await _read(node, request)
    try:
        terms = _terms(asked)
    except UnacceptableError as error:
        return _refusal(node, request, asked, error.error, error.description)
    session = await find_session(node, request)
    is_forced = asked.fields.get("force_login", "") in TRUE
    if session is None or is_forced:
        response = redirect(f"/sign-in?{urlencode(_next(request))}")
        if is_forced:
            await close_session(node, request, response)
        return response
    return _ask(node, request, asked, terms, session)


def _next(request: Request) -> dict[str, str]:
    """Back here after signing in; it was asked for once, so it is not asked for again."""
    kept = [pair for pair in request.query_params.multi_items() if pair[0] != "force_login"]
    asked = request.query_params.get("lang")
    here = f"{request.url.path}?{urlencode(kept)}"
    return {"next": here} | ({"lang": asked} if asked else {})


async def decide(request: Request) -> Response:
    """POST /oauth/authorize: the person's answer; the terms are read from the address anew."""
    node: Node = request.app.state.node
    form = await read_form(request)
    asked = await _read(node, request)
    session = await find_session(node, request)
    if session is None:
        return await consent_page(request)
    try:
        terms = _terms(asked)
    except UnacceptableError as error:
        return _refusal(node, request, asked, error.error, error.description)
    if form.text("decision") != "allow":
        response = _refusal(node, request, asked, "access_denied", "The person refused")
    else:
        code = await _make_code(node, asked, terms, session)
        response = _deliver(node, request, asked, code)
    if session.is_shared:
        await close_session(node, request, response)
    return response


async def _read(node: Node, request: Request) -> Asked:
    """Who asks and where to answer; raises when these two do not belong together."""
    fields = request.query_params
    for name in ("client_id", "redirect_uri", "scope", "code_challenge", "response_type"):
        if len(fields.getlist(name)) > 1:
            raise Malformed("oauth.twice", field=name)
    application = await node.db.row(
        "SELECT application.* FROM application WHERE client_id = ?", fields.get("client_id", "")
    )
    if application is None:
        raise Malformed("oauth.client")
    registered = application["redirect_uris"].split("\n")
    redirect_uri = fields.get("redirect_uri") or registered[0]
    # Letter by letter: no prefix, no other case (SEC-121), and no other port but on the
    # person's own machine.
    if redirect_uri not in registered and _without_port(redirect_uri) not in {
        _without_port(uri) for uri in registered
    }:
        raise Malformed("oauth.redirect_uri")
    state = fields.get("state")
    return Asked(application, redirect_uri, state and state[:STATE_CHARACTERS_MAX], fields)


def _without_port(redirect_uri: str) -> str:
    """An address of the loopback without its port, which an application takes as it comes.

    RFC 8252 section 7.3; any other address stays as it is.
    """
    found = LOOPBACK.fullmatch(redirect_uri)
    return redirect_uri if found is None else f"{found[1]}:0{found[3] or ''}"


def _terms(asked: Asked) -> Terms:
    fields = asked.fields
    if fields.get("response_type") != "code":
        raise UnacceptableError("unsupported_response_type", "response_type must be code")
    try:
        scopes = parse_scopes(fields.get("scope"))
    except Invalid as error:
        raise UnacceptableError("invalid_scope", str(error)) from error
    if not is_subset(scopes, frozenset(asked.application["scopes"].split())):
        raise UnacceptableError(
            "invalid_scope", "The application registered fewer scopes than it asks"
        )
    challenge = fields.get("code_challenge")
    method = fields.get("code_challenge_method", "plain" if challenge else None)
    if method not in (None, "S256") or (method and not challenge):
        raise UnacceptableError("invalid_request", "code_challenge_method must be S256")
    if challenge is not None and not CHALLENGE.fullmatch(challenge):
        raise UnacceptableError("invalid_request", "code_challenge must be a base64url SHA-256")
    return Terms(scopes, challenge)


def _ask(node: Node, request: Request, asked: Asked, terms: Terms, session: Session) -> Response:
    here = f"{request.url.path}?{request.url.query}"
    return render(
        node,
        request,
        "consent.html",
        form_target=_csp_source(asked.redirect_uri),
        application=asked.application,
        actor=session.actor,
        groups=groups(terms.scopes),
        is_out_of_band=asked.redirect_uri == OUT_OF_BAND,
        target=_shown_target(asked.redirect_uri),
        action=here,
        next=here,
        sign_out_action=with_language(request, "/sign-out"),
    )


def _csp_source(redirect_uri: str) -> str:
    """What `form-action` must allow, since browsers apply it to the redirect that follows."""
    parts = urlsplit(redirect_uri)
    if redirect_uri == OUT_OF_BAND:
        return ""
    # A policy cannot name an IPv6 address: the scheme alone must do.
    if parts.scheme in ("http", "https") and not parts.netloc.startswith("["):
        return f"{parts.scheme}://{parts.netloc}"
    return f"{parts.scheme}:"


def _shown_target(redirect_uri: str) -> str:
    parts = urlsplit(redirect_uri)
    if parts.scheme in ("http", "https") and parts.hostname not in LOOPBACK_HOSTS:
        return parts.netloc
    return ""


async def _make_code(node: Node, asked: Asked, terms: Terms, session: Session) -> str:
    code = make_secret()
    now = node.clock()

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO authorization_code (code_hash, application_id, account_id, redirect_uri,"
            " scopes, challenge, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            digest(code),
            asked.application["id"],
            session.account_id,
            asked.redirect_uri,
            format_scopes(terms.scopes),
            terms.challenge,
            now + CODE_LASTS_MS,
        )

    await node.db.write(work)
    return code


def _deliver(node: Node, request: Request, asked: Asked, code: str) -> Response:
    if asked.redirect_uri == OUT_OF_BAND:
        return render(node, request, "code.html", application=asked.application, code=code)
    return _send_back(node, asked, {"code": code})


def _refusal(node: Node, request: Request, asked: Asked, error: str, description: str) -> Response:
    if asked.redirect_uri != OUT_OF_BAND:
        return _send_back(node, asked, {"error": error, "error_description": description})
    if error == "access_denied":
        return render(node, request, "refused.html", application=asked.application)
    return render(node, request, "error.html", status=400, reason=f"{error}: {description}")


def _send_back(node: Node, asked: Asked, fields: dict[str, str]) -> Response:
    if asked.state is not None:
        fields["state"] = asked.state
    # RFC 9207: the application learns which site answered.
    fields["iss"] = f"{node.origin}/"
    mark = "&" if "?" in asked.redirect_uri else "?"
    response = RedirectResponse(f"{asked.redirect_uri}{mark}{urlencode(fields)}", 303)
    protect(response, _csp_source(asked.redirect_uri))
    response.headers["referrer-policy"] = "no-referrer"
    return response
