"""Browsers signed in to this node's own pages, and forms that only those pages can send.

The session is a random value in a cookie that no script reads; its hash is what is stored. A
form carries a value derived from a second cookie and from whose page it stood on, and comes from
this origin, or it counts for nothing.
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

# A limit that nobody can lengthen is of twenty hours at least (RGAA 13.1).
SESSION_MS = 20 * 3_600_000
SHARED_SESSION_MS = 10 * 60_000
SHARED_PREFIX = "s."
HALF_SESSION_MS = 5 * 60_000
# How much longer the two short ones last for who asks for more time (WCAG 2.2.1).
LONGER = 10
# What a browser kept of a person: pages for reading without a network, texts not sent yet.
KEPT = {"clear-site-data": '"storage"'}

describe(
    {
        "form.foreign": "This form was not sent from this site's own page, or the page was open"
        " for too long; open it again.",
        "form.of_another": "This form was opened by another account than the one that is signed in"
        " now. Nothing was sent; open it again.",
    }
)

ID_CHARACTERS_MAX = 19


class StaleForm(Refused):
    """403: a form of one of our pages, from before this browser signed in again."""


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
    is_longer: bool
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
    is_longer: bool = False,
    method: str = "password",
) -> None:
    """Sign this browser in: for 20 hours; on a shared device for 10 minutes, or ten times that.

    What it was before, signed in or half so, ends.
    """
    token = (SHARED_PREFIX if is_shared else "") + make_secret()
    now = node.clock()
    short_ms = SHARED_SESSION_MS * (LONGER if is_longer else 1)
    lasts_ms = short_ms if is_shared else SESSION_MS
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
    request.state.opened = {"session": token}
    _delete_cookie(node, response, "half")
    if is_shared:
        response.headers.update(KEPT)


async def open_half_session(
    node: Node,
    request: Request,
    response: Response,
    account_id: int,
    *,
    is_shared: bool,
    is_longer: bool = False,
) -> None:
    """Remember for five minutes, or ten times that, that the password was right."""
    token, now = make_secret(), node.clock()
    lasts_ms = HALF_SESSION_MS * (LONGER if is_longer else 1)

    async def work(tx: Transaction) -> None:
        await tx.execute("DELETE FROM half_session WHERE expires_at <= ?", now)
        await tx.execute(
            "INSERT INTO half_session (token_hash, account_id, is_shared, created_at, expires_at)"
            " VALUES (?, ?, ?, ?, ?)",
            digest(token),
            account_id,
            is_shared,
            now,
            now + lasts_ms,
        )

    await node.db.write(work)
    _set_cookie(node, response, "half", token)
    request.state.opened = {"half": token}


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
    # How long it lasts says what was asked for.
    is_longer = row["expires_at"] - row["created_at"] > HALF_SESSION_MS
    return HalfSession(row["account_id"], bool(row["is_shared"]), is_longer, row["token_hash"])


async def _end(node: Node, tx: Transaction, request: Request) -> None:
    for purpose, table in (("session", "session"), ("half", "half_session")):
        token = _token(node, request, purpose)
        if token:
            await tx.execute(f"DELETE FROM {table} WHERE token_hash = ?", digest(token))


def _token(node: Node, request: Request, purpose: str) -> str:
    # What was opened while this request is answered counts before what it came with.
    opened: dict[str, str] = getattr(request.state, "opened", {})
    token = opened.get(purpose) or request.cookies.get(_cookie_name(node, purpose), "")
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
    request.state.account_id = row["account_id"]
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


def form_token(secret: str, account_id: int | None) -> str:
    """What a form carries: derived from the cookie, of no use without it.

    On the page of an account it names the account.
    """
    name = "" if account_id is None else str(account_id)
    made = hmac.new(secret.encode(), f"maillage form {name}".encode(), sha256).hexdigest()
    return f"{name}.{made}" if name else made


def page_token(request: Request, secret: str) -> str:
    """What the forms of the page that answers this request carry."""
    return form_token(secret, getattr(request.state, "account_id", None))


async def check_form(node: Node, request: Request, sent: str) -> None:
    """Raise Refused unless the form came from a page of this site in this browser.

    Also when another account is signed in now; StaleForm when it came from a page of ours from
    before the browser signed out: what it says may be shown to its account, but not be done.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin not in (None, node.origin) or site not in (None, "same-origin", "none"):
        raise Refused("form.foreign")
    account_id = account_of_form(sent)
    if account_id is not None:
        session = await find_session(node, request)
        if session is not None and session.account_id != account_id:
            raise Refused("form.of_another")
    secret = request.cookies.get(_cookie_name(node, "form"), "")
    fits = hmac.compare_digest(form_token(secret, account_id).encode(), sent.encode())
    if secret and fits:
        return
    if account_id is not None and (origin is not None or site == "same-origin"):
        raise StaleForm("form.foreign")
    raise Refused("form.foreign")


def account_of_form(sent: str) -> int | None:
    """On whose page a form stood, as it says itself; None on nobody's."""
    name, dot, _ = sent.partition(".")
    if not dot or not (name.isascii() and name.isdigit()) or len(name) > ID_CHARACTERS_MAX:
        return None
    return int(name)
