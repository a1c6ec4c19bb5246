"""Style, font and pictures of the pages: few small files, read once and kept in memory.

Texts are packed once too: they hold nothing of anybody, so their length tells nothing.
"""

import gzip
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from federation.errors import NotFound, describe
from web.caching import has_tag

FOLDER = Path(__file__).parent.parent / "static"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
FILES = {
    path.name: (path.read_bytes(), TYPES[path.suffix])
    for path in sorted(FOLDER.iterdir())
    if path.suffix in TYPES
}
TAGS = {name: f'"{sha256(body).hexdigest()[:16]}"' for name, (body, _) in FILES.items()}

PACKED = {
    name: gzip.compress(body, mtime=0)
    for name, (body, kind) in FILES.items()
    if "charset" in kind or kind == TYPES[".svg"]
}

describe({"page.not_found": "There is nothing at this address."})


async def static_file(request: Request) -> Response:
    """GET /static/:name: one of the known files, nothing else on the disk."""
    name = request.path_params["name"]
    if name not in FILES:
        raise NotFound("page.not_found")
    body, kind = FILES[name]
    tag, headers = TAGS[name], {"vary": "Accept-Encoding"}
    if name in PACKED and "gzip" in request.headers.get("accept-encoding", ""):
        body, tag = PACKED[name], f'{TAGS[name][:-1]}-gz"'
        headers["content-encoding"] = "gzip"
    headers |= {
        "cache-control": "public, max-age=86400",
        "etag": tag,
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
        "cross-origin-resource-policy": "cross-origin",
    }
    if has_tag(request.headers.get("if-none-match", ""), tag.encode()):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=kind)
