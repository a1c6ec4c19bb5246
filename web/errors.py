"""What went wrong, said to whoever asked: JSON to clients, a short line to servers, a page to
people, in their language where a person reads it.
"""

import html
from functools import lru_cache

from federation.errors import NodeError, NotFound, Unsigned, describe
from web.mastodon.errors import error_response
from web.raw import Answer, Header
from web.translations import Language, sentence

describe(
    {
        "server.error": "Something went wrong here. It has been noted; please try again later.",
        "page.none": "This page does not exist, or is not for you.",
    }
)

API_PATHS = ("/api/",)
API_EXACT = frozenset({"/oauth/token", "/oauth/revoke", "/oauth/userinfo"})
NO_STORE: Header = (b"cache-control", b"private, no-store")

_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{status} · {title}</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>{title}</h1><p>{text}</p><p><a href="/">{home}</a></p></main></body></html>
"""
_TITLES: dict[Language, tuple[str, str]] = {
    "fr": ("Ce n'est pas possible", "Retour à l'accueil"),
    "en": ("This is not possible", "Back to the start page"),
}


class ServerError(NodeError):
    """500: what should not happen; nothing of it is shown."""

    status = 500


def is_api(path: str) -> bool:
    """Whether clients are the ones who read errors at this address."""
    return path.startswith(API_PATHS) or path.rstrip("/") in API_EXACT


def line(error: NodeError) -> Answer:
    """A short line of text, for other servers; always the same for what is not there."""
    text = "Not found" if isinstance(error, NotFound) else str(error)
    headers = [NO_STORE, *_later(error)]
    if isinstance(error, Unsigned):
        headers.append((b"www-authenticate", b"Signature"))
    return Answer(error.status, f"{text}\n".encode(), headers=headers)


def json(error: NodeError, language: Language) -> Answer:
    """The JSON that clients of the API know."""
    response = error_response(error, language)
    headers = [h for h in response.raw_headers if h[0] not in {b"content-type", b"content-length"}]
    return Answer(error.status, bytes(response.body), b"application/json; charset=utf-8", headers)


def page(error: NodeError, language: Language) -> Answer:
    """A page for a person."""
    code = "page.none" if isinstance(error, NotFound) else error.code
    body = _page(error.status, language, sentence(language, code, error.params))
    return Answer(error.status, body, b"text/html; charset=utf-8", [NO_STORE, *_later(error)])


@lru_cache(maxsize=256)
def _page(status: int, language: Language, text: str) -> bytes:
    title, home = _TITLES[language]
    filled = _PAGE.format(
        language=language,
        status=status,
        title=html.escape(title),
        text=html.escape(text),
        home=html.escape(home),
    )
    return filled.encode()


def _later(error: NodeError) -> list[Header]:
    seconds = getattr(error, "retry_after_s", None)
    return [] if seconds is None else [(b"retry-after", b"%d" % seconds)]
