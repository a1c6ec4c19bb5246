"""Tokens for applications (RFC 6749, 7636, 7009, 8414): codes and credentials become tokens.

A code is good once, for ten minutes, for the application and the address it was made for; a
second use says that it was stolen, so the token of the first use ends too.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import unquote_plus

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from actors.queries import get_by_id
from federation.database import Row, Transaction
from federation.errors import Invalid, NodeError, TooMany
from federation.node import Node
from web.mastodon.apps import secret_fits
from web.mastodon.call import Call
from web.mastodon.params import Params, read_body
from web.memory import memory_of
from web.scopes import KNOWN, covers, format_scopes, is_subset, parse_scopes
from web.tokens import digest, issue_token

CLIENT_FAILURES_MAX = 20
VERIFIER_CHARACTERS = (43, 128)


class OAuthError(Exception):
    """An answer of the token endpoint that is no token: RFC 6749 section 5.2."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status


@dataclass(frozen=True, slots=True)
class Granted:
    """A token just made."""

    token: str
    scopes: str


def _invalid_grant() -> OAuthError:
    # One answer for unknown, expired, used, other client's and other address's codes.
    return OAuthError(
        "invalid_grant",
        "The code is not valid, has expired, was used, or belongs to another application",
    )


async def token(node: Node, request: Request, params: Params) -> Response:
    """POST /oauth/token: `authorization_code` or `client_credentials`."""
    application = await _application(node, request, params)
    grant_type = params.text("grant_type", 100)
    if grant_type == "authorization_code":
        granted = await _redeem(node, application, params)
    elif grant_type == "client_credentials":
        granted = await _for_application(node, application, params)
    else:
        raise OAuthError(
            "unsupported_grant_type", "grant_type must be authorization_code or client_credentials"
        )
    return _answer(
        {
            "access_token": granted.token,
            "token_type": "Bearer",
            "scope": granted.scopes,
            "created_at": node.clock() // 1000,
        }
    )


async def _application(node: Node, request: Request, params: Params) -> Row:
    """The application that proves itself with its secret; wrong guesses are counted."""
    client_id, client_secret = _credentials(request, params)
    attempts = memory_of(request.scope).attempts
    address = f"client {request.scope.get('client_address', '')}"
    if node.limits.rate_limits:
        attempts.check(address, CLIENT_FAILURES_MAX)
    row = await node.db.row("SELECT application.* FROM application WHERE client_id = ?", client_id)
    if row is None or not secret_fits(row, client_secret):
        attempts.failed(address)
        raise OAuthError("invalid_client", "The application or its secret is not known here", 401)
    return row


def _credentials(request: Request, params: Params) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            text = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise OAuthError("invalid_client", "The credentials cannot be read", 401) from error
        client_id, _, client_secret = text.partition(":")
        return unquote_plus(client_id), unquote_plus(client_secret)
    return params.text("client_id", 200) or "", params.text("client_secret", 200) or ""


async def _redeem(node: Node, application: Row, params: Params) -> Granted:
    code_hash = digest(params.text("code", 500) or "")
    redirect_uri = params.text("redirect_uri", 2_000)
    verifier = params.text("code_verifier", 500)

    async def work(tx: Transaction) -> Granted | None:
        """Return a token, or None when the code is no good.

        Nothing is raised, so that the end of a stolen code's first token is kept.
        """
        row = await tx.row(
            "SELECT authorization_code.*, account.disabled_at FROM authorization_code JOIN account"
            " ON account.id = authorization_code.account_id WHERE code_hash = ?",
            code_hash,
        )
        if row is None or row["application_id"] != application["id"]:
            return None
        if row["used_at"] is not None:
            await tx.execute(
                "UPDATE access_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
                node.clock(),
                row["access_token_id"],
            )
            return None
        usable = row["expires_at"] > node.clock() and row["disabled_at"] is None
        if not usable or row["redirect_uri"] != redirect_uri:
            return None
        if not _verifies(row["challenge"], verifier):
            return None
        scopes = frozenset(row["scopes"].split())
        token_id, made = await issue_token(
            node,
            tx,
            application_id=application["id"],
            account_id=row["account_id"],
            scopes=scopes,
        )
        await tx.execute(
            "UPDATE authorization_code SET used_at = ?, access_token_id = ? WHERE code_hash = ?",
            node.clock(),
            token_id,
            code_hash,
        )
        return Granted(made, format_scopes(scopes))

    granted = await node.db.write(work)
    if granted is None:
        raise _invalid_grant()
    return granted


def _verifies(challenge: str | None, verifier: str | None) -> bool:
    """Whether the verifier fits (RFC 7636).

    Without a challenge there must be no verifier: somebody took the challenge away on its way.
    """
    if challenge is None or verifier is None:
        return challenge is None and verifier is None
    least, most = VERIFIER_CHARACTERS
    if not least <= len(verifier) <= most or not verifier.isascii():
        return False
    hashed = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=")
    return compare_digest(hashed, challenge.encode())


async def _for_application(node: Node, application: Row, params: Params) -> Granted:
    scopes = parse_scopes(params.text("scope"))
    if not is_subset(scopes, frozenset(application["scopes"].split())):
        raise OAuthError("invalid_scope", "The application registered fewer scopes than it asks")

    async def work(tx: Transaction) -> Granted:
        _, made = await issue_token(
            node, tx, application_id=application["id"], account_id=None, scopes=scopes
        )
        return Granted(made, format_scopes(scopes))

    return await node.db.write(work)


async def revoke(node: Node, request: Request, params: Params) -> Response:
    """POST /oauth/revoke: end one of the application's own tokens; unknown ones are ended."""
    application = await _application(node, request, params)
    token_hash = digest(params.text("token", 500) or "")
    row = await node.db.row(
        "SELECT id, application_id FROM access_token WHERE token_hash = ?", token_hash
    )
    if row is not None and row["application_id"] != application["id"]:
        raise OAuthError("unauthorized_client", "You are not authorized to revoke this token", 403)

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE access_token SET revoked_at = ? WHERE token_hash = ? AND revoked_at IS NULL",
            node.clock(),
            token_hash,
        )

    await node.db.write(work)
    return _answer({})


async def userinfo(request: Request) -> Response:
    """GET or POST /oauth/userinfo: who the token's person is, in the words of OpenID Connect."""
    node: Node = request.app.state.node
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    kept = memory_of(request.scope).tokens
    token = await kept.find(node.db, secret.strip()) if scheme.lower() == "bearer" else None
    if token is None or token.actor_id is None or token.is_disabled or token.waits_for is not None:
        return _bearer_refused("invalid_token", "The access token is invalid", 401)
    if not covers(token.scopes, "profile"):
        return _bearer_refused(
            "insufficient_scope", "This action is outside the authorized scopes", 403
        )
    actor = await get_by_id(node.db, token.actor_id)
    return _answer(
        {
            "iss": f"{node.origin}/",
            "sub": actor["uri"],
            "name": actor["display_name"],
            "preferred_username": actor["username"],
            "profile": actor["url"],
            "picture": actor["icon_url"] or f"{node.origin}/static/avatar.png",
        }
    )


def _bearer_refused(error: str, description: str, status: int) -> Response:
    """RFC 6750 section 3: the reason in a header, and in the words of the client API."""
    response = _answer({"error": description}, status)
    response.headers["www-authenticate"] = f'Bearer realm="Maillage", error="{error}"'
    return response


async def metadata(request: Request) -> Response:
    """GET /.well-known/oauth-authorization-server (RFC 8414)."""
    node: Node = request.app.state.node
    origin = node.origin
    methods = ["client_secret_basic", "client_secret_post"]
    return _answer(
        {
            "issuer": f"{origin}/",
            "authorization_endpoint": f"{origin}/oauth/authorize",
            "token_endpoint": f"{origin}/oauth/token",
            "revocation_endpoint": f"{origin}/oauth/revoke",
            "userinfo_endpoint": f"{origin}/oauth/userinfo",
            "app_registration_endpoint": f"{origin}/api/v1/apps",
            "scopes_supported": list(KNOWN),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "token_endpoint_auth_methods_supported": methods,
            "revocation_endpoint_auth_methods_supported": methods,
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "service_documentation": f"{origin}/",
        }
    )


def _answer(value: dict[str, Any], status: int = 200) -> Response:
    headers = {"cache-control": "no-store", "pragma": "no-cache"}
    if status == 401:
        headers["www-authenticate"] = 'Basic realm="Maillage"'
    return Response(orjson.dumps(value), status, headers, "application/json")


def _endpoint(
    handler: Callable[[Node, Request, Params], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that answers errors as RFC 6749 says."""

    async def endpoint(request: Request) -> Response:
        node: Node = request.app.state.node
        try:
            call = Call(request.scope, request.receive)
            # The body alone: secrets do not belong into an address.
            params = Params(await read_body(call.header(b"content-type"), await call.body()))
            response = await handler(node, request, params)
        except OAuthError as error:
            return _answer(
                {"error": error.error, "error_description": error.description}, error.status
            )
        except TooMany as error:
            response = _answer({"error": "slow_down", "error_description": str(error)}, 429)
            response.headers["retry-after"] = str(error.retry_after_s)
            return response
        except Invalid as error:
            name = "invalid_scope" if error.field == "scope" else "invalid_request"
            return _answer({"error": name, "error_description": str(error)}, 400)
        except NodeError as error:
            return _answer(
                {"error": "invalid_request", "error_description": str(error)}, error.status
            )
        finally:
            # What was just revoked, also by a code used twice, is not answered from memory.
            memory_of(request.scope).tokens.forget()
        return response

    return endpoint


ROUTES: list[Route] = [
    # Some clients write a slash at the end.
    *(
        route
        for end in ("", "/")
        for route in (
            Route(f"/oauth/token{end}", _endpoint(token), methods=["POST"]),
            Route(f"/oauth/revoke{end}", _endpoint(revoke), methods=["POST"]),
            Route(f"/oauth/userinfo{end}", userinfo, methods=["GET", "POST"]),
        )
    ),
    Route("/.well-known/oauth-authorization-server", metadata, methods=["GET"]),
]
