"""How the client API says what went wrong: `{"error": "…"}`, always.

Sentences that clients compare stay in English; a validation names its field in `details` and
speaks the reader's language.
"""

from typing import Any

import orjson
from starlette.responses import Response

from federation.errors import Invalid, NodeError, NotFound, Unsigned, describe
from web.translations import Language, sentence

FIXED = ("token.", "record.")

describe(
    {
        "token.invalid": "The access token is invalid",
        "token.needs_user": "This method requires an authenticated user",
    }
)


class NoToken(Unsigned):
    """401: no valid token came."""


class NeedsUser(NodeError):  # as its neighbours, named for what is wrong
    """422: the token speaks for an application, and a person is needed."""

    status = 422


def error_response(error: NodeError, language: Language) -> Response:
    """The answer to a request that failed with `error`."""
    headers = {"cache-control": "private, no-store"}
    if isinstance(error, NotFound):
        # One answer for what does not exist and what one may not see.
        text = "Record not found"
    elif error.code.startswith(FIXED):
        text = str(error)
    else:
        text = sentence(language, error.code, error.params)
    body: dict[str, Any] = {"error": text}
    if isinstance(error, Invalid):
        body["details"] = {error.field: [{"error": "ERR_INVALID", "description": text}]}
    retry_after_s = getattr(error, "retry_after_s", None)
    if retry_after_s is not None:
        headers["retry-after"] = str(retry_after_s)
    if isinstance(error, Unsigned):
        headers["www-authenticate"] = 'Bearer realm="Maillage"'
    return Response(orjson.dumps(body), error.status, headers, "application/json")
