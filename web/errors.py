"""What went wrong, said to whoever asked: JSON to clients, a short line to servers; people get a
page (`web/pages/failures.py`).
"""

from federation.errors import NodeError, NotFound, Unsigned, describe
from web.mastodon.errors import error_response
from web.raw import Answer, Header
from web.translations import Language

describe(
    {
        "server.error": "Something went wrong here. It has been noted; please try again later.",
        "page.none": "This page does not exist, or is not for you.",
    }
)

API_PATHS = ("/api/",)
API_EXACT = frozenset({"/oauth/token", "/oauth/revoke", "/oauth/userinfo"})
NO_STORE: Header = (b"cache-control", b"private, no-store")


class ServerError(NodeError):
    """500: what should not happen; nothing of it is shown."""

    status = 500


def is_api(path: str) -> bool:
    """Whether clients are the ones who read errors at this address."""
    return path.startswith(API_PATHS) or path.rstrip("/") in API_EXACT


def line(error: NodeError) -> Answer:
    """A short line of text, for other servers; always the same for what is not there."""
    text = "Not found" if isinstance(error, NotFound) else str(error)
    headers = [NO_STORE, *later(error)]
    if isinstance(error, Unsigned):
        headers.append((b"www-authenticate", b"Signature"))
    return Answer(error.status, f"{text}\n".encode(), headers=headers)


def json(error: NodeError, language: Language) -> Answer:
    """The JSON that clients of the API know."""
    response = error_response(error, language)
    headers = [h for h in response.raw_headers if h[0] not in {b"content-type", b"content-length"}]
    return Answer(error.status, bytes(response.body), b"application/json; charset=utf-8", headers)


def later(error: NodeError) -> list[Header]:
    """When it may be tried again, for an error that knows it."""
    seconds = getattr(error, "retry_after_s", None)
    return [] if seconds is None else [(b"retry-after", b"%d" % seconds)]
