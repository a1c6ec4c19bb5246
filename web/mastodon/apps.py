"""Client applications: registered by anybody, good for nothing until a person consents."""

import re
from hmac import compare_digest
from urllib.parse import urlsplit

from starlette.responses import Response

from federation.database import Row, Transaction
from federation.errors import Invalid, describe
from inbox.push_key import server_key
from web.mastodon.call import Call, Entry, answer
from web.mastodon.params import Params
from web.mastodon.serializers import Entity
from web.scopes import format_scopes, parse_scopes
from web.tokens import digest, make_secret

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
NAME_CHARACTERS_MAX = 60
URL_CHARACTERS_MAX = 2_000
REDIRECT_URIS_MAX = 10
# What a browser would run or read itself instead of handing it to an application.
FORBIDDEN_SCHEMES = frozenset(
    {"javascript", "data", "vbscript", "blob", "about", "file", "filesystem", "view-source", "urn"}
)
# A fragment would swallow the code; the rest has no place in an address or in a header.
UNUSUAL = re.compile(r"""[#\\<>"'`{}|^ ;]""")

describe(
    {
        "app.redirect_uri": "{came} cannot be a redirect_uri; write an absolute address without"
        " fragment, an application's own scheme, or urn:ietf:wg:oauth:2.0:oob.",
        "app.website": "The website must be an http(s) address.",
    }
)


async def register(call: Call) -> Response:
    """POST /api/v1/apps: a new application; its secret is shown once."""
    params = await call.params()
    name = params.required("client_name", NAME_CHARACTERS_MAX).strip()
    redirect_uris = _redirect_uris(params)
    scopes = parse_scopes(params.text("scopes"))
    website = _website(params)
    client_id, client_secret = make_secret(), make_secret()
    row_id, now = call.node.ids.next(), call.node.clock()

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO application (id, client_id, client_secret_hash, name, website,"
            " redirect_uris, scopes, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            row_id,
            client_id,
            digest(client_secret),
            name,
            website,
            "\n".join(redirect_uris),
            format_scopes(scopes),
            now,
        )

    await call.node.db.write(work)
    entity: Entity = {
        "id": str(row_id),
        "name": name,
        "website": website,
        "scopes": format_scopes(scopes).split(),
        "redirect_uris": redirect_uris,
        "redirect_uri": "\n".join(redirect_uris),
        "client_id": client_id,
        "client_secret": client_secret,
        "client_secret_expires_at": 0,
        "vapid_key": await server_key(call.node),
    }
    return answer(entity)


async def verify_credentials(call: Call) -> Response:
    """GET /api/v1/apps/verify_credentials: the application of the token."""
    assert call.token is not None
    row = await call.node.db.row(
        "SELECT application.* FROM application WHERE id = ?", call.token.application_id
    )
    if row is None:
        # A token made by command belongs to no application.
        return answer(await _entity(None, call))
    return answer(await _entity(row, call))


async def _entity(row: Row | None, call: Call) -> Entity:
    assert call.token is not None
    scopes = call.token.scopes if row is None else frozenset(row["scopes"].split())
    uris: list[str] = [] if row is None else row["redirect_uris"].split("\n")
    return {
        "id": "0" if row is None else str(row["id"]),
        "name": "Maillage" if row is None else row["name"],
        "website": None if row is None else row["website"],
        "scopes": format_scopes(scopes).split(),
        "redirect_uris": uris,
        "redirect_uri": "\n".join(uris),
        "vapid_key": await server_key(call.node),
    }


def _redirect_uris(params: Params) -> list[str]:
    texts = params.texts("redirect_uris", REDIRECT_URIS_MAX)
    found = [uri for text in texts for uri in text.split()][: REDIRECT_URIS_MAX + 1]
    if not found:
        raise Invalid("param.missing", field="redirect_uris")
    if len(found) > REDIRECT_URIS_MAX:
        raise Invalid("param.too_long", field="redirect_uris", max=str(REDIRECT_URIS_MAX))
    for uri in found:
        if not is_redirect_uri(uri):
            raise Invalid("app.redirect_uri", field="redirect_uris", came=uri)
    return list(dict.fromkeys(found))


def is_redirect_uri(uri: str) -> bool:
    """Whether an application may be sent back to this address."""
    if uri == OUT_OF_BAND:
        return True
    if len(uri) > URL_CHARACTERS_MAX or not uri.isascii() or not uri.isprintable():
        return False
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    if not parts.scheme or parts.scheme in FORBIDDEN_SCHEMES or UNUSUAL.search(uri):
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.hostname) and "@" not in parts.netloc
    return len(uri) > len(parts.scheme) + 1


def _website(params: Params) -> str | None:
    website = (params.text("website", URL_CHARACTERS_MAX) or "").strip()
    if not website:
        return None
    if not website.startswith(("https://", "http://")) or not website.isprintable():
        raise Invalid("app.website", field="website")
    return website


def secret_fits(application: Row, client_secret: str) -> bool:
    """Whether this is the application's secret, in constant time."""
    return compare_digest(application["client_secret_hash"], digest(client_secret))


ENTRIES: tuple[Entry, ...] = (
    Entry("POST", "/api/v1/apps", "anybody", None, register),
    Entry("GET", "/api/v1/apps/verify_credentials", "application", None, verify_credentials),
)
