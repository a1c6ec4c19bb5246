"""Browsers signed in to this node's own pages, and forms that only those pages can send.

The session is a random value in a cookie that no script reads; its hash is what is stored. A
form carries a value derived from a second cookie, and comes from this origin, or it counts for
nothing.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from federation.database import Row, Transaction
from federation.errors import Refused, describe
from federation.node import Node
from web.devices import device_of
from web.tokens import TOKEN_CHARACTERS_MAX, digest, make_secret

SESSION_MS = 12 * 3_600_000
SHARED_SESSION_MS = 10 * 60_000
SHARED_PREFIX = "s."
HALF_SESSION_MS = 5 * 60_000
# What a browser kept of a person: pages for reading without a network, texts not sent yet.
KEPT = {"clear-site-data": '"storage"'}

describe(
    {
        "form.foreign": "This form was not sent from this site's own page, or the page was open"
        " for too long; open it again.",
    }
)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser: its person, and whether the device is shared."""

    account_id: int
    actor: Row
    is_shared: bool
    token_hash: str
    created_at: int


@dataclass(frozen=True, slots=True)
class HalfSession:
    """A browser whose person gave the password and owes the second step: it may do nothing."""

    account_id: int
    is_shared: bool
    token_hash: str


def _cookie_name(node: Node, purpose: str) -> str:
    # Cookies do not know ports, so sites on one host name theirs by the port; __Host- keeps
    # a neighbouring host name from planting one.
    port = node.origin.rpartition(":")[2]
    name = f"maillage-{purpose}" + (f"-{port}" if port.isdigit() else "")
    return f"__Host-{name}" if _is_secure(node) else name


def _is_secure(node: Node) -> bool:
    return node.origin.startswith("https://")


def _set_cookie(node: Node, response: Response, purpose: str, value: str) -> None:
    # Without Max-Age: it ends with the browser, the row ends it before.
    response.set_cookie(
        _cookie_name(node, purpose),
        value,
        path="/",
        secure=_is_secure(node),
        httponly=True,
        samesite="lax",
    )


async def open_session(
    node: Node,
    request: Request,
    response: Response,
    account_id: int,
    *,
    is_shared: bool,
    method: str = "password",
) -> None:
    """Sign this browser in: for 12 hours, or 10 minutes on a shared device.

    What it was before, signed in or half so, ends.
    """
    token = (SHARED_PREFIX if is_shared else "") + make_secret()
    now = node.clock()
    lasts_ms = SHARED_SESSION_MS if is_shared else SESSION_MS
    device = device_of(request.headers.get("user-agent", ""))

    async def work(tx: Transaction) -> None:
        await tx.execute("DELETE FROM session WHERE expires_at <= ?", now)
        await _end(node, tx, request)
        await tx.execute(
            "INSERT INTO session (token_hash, account_id, created_at, expires_at, device, method,"
            " is_shared) VALUES (?, ?, ?, ?, ?, ?, ?)",
            digest(token),
            account_id,
            now,
            now + lasts_ms,
            device,
            method,
            is_shared,
        )

    await node.db.write(work)
    _set_cookie(node, response, "session", token)
    _delete_cookie(node, response, "half")
    if is_shared:
        response.headers.update(KEPT)


async def open_half_session(
    node: Node, response: Response, account_id: int, *, is_shared: bool
) -> None:
    """Remember for five minutes that the password was right."""
    token, now = make_secret(), node.clock()

    async def work(tx: Transaction) -> None:
        await tx.execute("DELETE FROM half_session WHERE expires_at <= ?", now)
        await tx.execute(
            "INSERT INTO half_session (token_hash, account_id, is_shared, created_at, expires_at)"
            " VALUES (?, ?, ?, ?, ?)",
            digest(token),
            account_id,
            is_shared,
            now,
            now + HALF_SESSION_MS,
        )

    await node.db.write(work)
    _set_cookie(node, response, "half", token)


async def find_half_session(node: Node, request: Request) -> HalfSession | None:
    """Whose second step this browser owes; None when nobody's, or no longer."""
    token = _token(node, request, "half")
    row = token and await node.db.row(
        "SELECT half_session.* FROM half_session JOIN account"
        " ON account.id = half_session.account_id"
        " WHERE token_hash = ? AND expires_at > ? AND account.disabled_at IS NULL",
        digest(token),
        node.clock(),
    )
    if not row:
        return None
    return HalfSession(row["account_id"], bool(row["is_shared"]), row["token_hash"])


async def _end(node: Node, tx: Transaction, request: Request) -> None:
    for purpose, table in (("session", "session"), ("half", "half_session")):
        token = _token(node, request, purpose)
        if token:
            await tx.execute(f"DELETE FROM {table} WHERE token_hash = ?", digest(token))


def _token(node: Node, request: Request, purpose: str) -> str:
    token = request.cookies.get(_cookie_name(node, purpose), "")
    return token if len(token) <= TOKEN_CHARACTERS_MAX else ""


async def find_session(node: Node, request: Request) -> Session | None:
    """Who is signed in with this browser; None when nobody is, or no longer."""
    token = _token(node, request, "session")
    if not token:
        return None
    row = await node.db.row(
        "SELECT actor.*, account.id AS account_id, session.token_hash,"
        " session.created_at AS signed_in_at FROM session"
        " JOIN account ON account.id = session.account_id"
        " JOIN actor ON actor.id = account.actor_id"
        " WHERE session.token_hash = ? AND session.expires_at > ? AND account.disabled_at IS NULL"
        " AND actor.suspended_at IS NULL AND actor.deleted_at IS NULL",
        digest(token),
        node.clock(),
    )
    if row is None:
        return None
    return Session(
        account_id=row["account_id"],
        actor=row,
        is_shared=token.startswith(SHARED_PREFIX),
        token_hash=row["token_hash"],
        created_at=row["signed_in_at"],
    )


async def close_session(node: Node, request: Request, response: Response) -> None:
    """Sign this browser out: the rows go, and every cookie."""

    async def work(tx: Transaction) -> None:
        await _end(node, tx, request)

    if _token(node, request, "session") or _token(node, request, "half"):
        await node.db.write(work)
    for purpose in ("session", "half", "form"):
        _delete_cookie(node, response, purpose)
    response.headers.update(KEPT)


def _delete_cookie(node: Node, response: Response, purpose: str) -> None:
    response.delete_cookie(
        _cookie_name(node, purpose),
        path="/",
        secure=_is_secure(node),
        httponly=True,
        samesite="lax",
    )


def form_secret(node: Node, request: Request) -> tuple[str, bool]:
    """The value of the form cookie, and whether it must still be set; one for each request."""
    value = request.cookies.get(_cookie_name(node, "form"), "")
    if 20 <= len(value) <= TOKEN_CHARACTERS_MAX:
        return value, False
    if not hasattr(request.state, "form_secret"):
        request.state.form_secret = make_secret()
    return request.state.form_secret, True


def keep_form_secret(node: Node, response: Response, value: str) -> None:
    """Give the browser the cookie that its forms are checked against."""
    _set_cookie(node, response, "form", value)


def form_token(secret: str) -> str:
    """What a form carries: derived from the cookie, of no use without it."""
    return hmac.new(secret.encode(), b"maillage form", sha256).hexdigest()


def check_form(node: Node, request: Request, sent: str) -> None:
    """Raise Refused unless the form came from a page of this site in this browser."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site")
    foreign = (origin is not None and origin != node.origin) or (
        site is not None and site not in ("same-origin", "none")
    )
    secret = request.cookies.get(_cookie_name(node, "form"), "")
    fits = hmac.compare_digest(form_token(secret).encode(), sent.encode())
    if foreign or not secret or not fits:
        raise Refused("form.foreign")
