"""Reading and writing without a network: what a browser may keep of a page, and what it needs.

A page is kept for the session it was read in and no longer; on a shared device nothing is kept,
and neither is what staff read, nor settings.
"""

from hashlib import sha256

import orjson
from starlette.requests import Request
from starlette.responses import Response

from federation.node import Node
from web.pages.rendering import page_language, render
from web.pages.static import FILES
from web.sessions import SESSION_MS, Session

OFFLINE_PATH = "/offline"
WORKER_PATH = "/service-worker.js"
MANIFEST_PATH = "/manifest.webmanifest"
READER = "maillage-reader"
NOBODY = "-"
NOT_KEPT = ("/staff", "/settings", "/welcome")
WORKER_POLICY = "default-src 'none'; connect-src 'self'"
# Light ground of the style sheet.
GROUND = "#f3f4ee"
ICONS = (
    ("mark.svg", "any", "image/svg+xml", "any"),
    ("icon-192.png", "192x192", "image/png", "any"),
    ("icon-512.png", "512x512", "image/png", "any"),
    ("icon-maskable.png", "512x512", "image/png", "maskable"),
)


def is_own_device(session: Session | None) -> bool:
    """Whether this browser may keep anything for whoever is signed in."""
    return session is not None and not session.is_shared


def reader_header(session: Session | None, path: str) -> dict[str, str]:
    """What the answer with a page tells the worker: for which session it is kept, if it is.

    The session's name here is of no use elsewhere: a digest of the digest that is stored.
    """
    if session is None or session.is_shared:
        return {READER: NOBODY}
    if path.startswith(NOT_KEPT):
        return {}
    name = sha256(f"kept {session.token_hash}".encode()).hexdigest()[:16]
    return {READER: f"{name} {session.created_at + SESSION_MS}"}


async def offline_page(request: Request) -> Response:
    """GET /offline: what is shown where there is no network and the page was not kept."""
    node: Node = request.app.state.node
    return render(node, request, "offline.html", has_script=True)


async def worker(request: Request) -> Response:
    """GET /service-worker.js: from the root, since a worker serves what lies below it."""
    del request
    body, kind = FILES["service-worker.js"]
    headers = {
        "cache-control": "no-cache",
        "content-security-policy": WORKER_POLICY,
        "x-content-type-options": "nosniff",
    }
    return Response(body, headers=headers, media_type=kind)


async def manifest(request: Request) -> Response:
    """GET /manifest.webmanifest: how the site looks among the applications of a device."""
    node: Node = request.app.state.node
    shown = {
        "id": "/",
        "name": node.name,
        "short_name": node.name,
        "lang": page_language(node, request),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": [
            {"src": f"/static/{name}", "sizes": sizes, "type": kind, "purpose": purpose}
            for name, sizes, kind, purpose in ICONS
        ],
    }
    headers = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}
    return Response(orjson.dumps(shown), headers=headers, media_type="application/manifest+json")
