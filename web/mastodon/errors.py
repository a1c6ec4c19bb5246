"""How the client API says what went wrong: `{"error": "…"}`, always.

Sentences that clients compare stay in English; a validation names its field in `details` and
speaks the reader's language.
"""

from typing import Any

import orjson
from starlette.responses import Response

from actors.sign_up import SignUpRefused
from federation.errors import Invalid, NodeError, NotFound, Unsigned, describe
from web.translations import Language, sentence

FIXED = ("token.", "record.")
WORDS = {
    "email.taken": "ERR_TAKEN",
    "param.missing": "ERR_BLANK",
    "param.too_long": "ERR_TOO_LONG",
    "password.too_long": "ERR_TOO_LONG",
    "password.too_short": "ERR_TOO_SHORT",
    "sign_up.agreement": "ERR_ACCEPTED",
    "sign_up.blank": "ERR_BLANK",
    "sign_up.email_blocked": "ERR_BLOCKED",
    "sign_up.reason_too_long": "ERR_TOO_LONG",
    "username.reserved": "ERR_RESERVED",
    "username.taken": "ERR_TAKEN",
}

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
    if isinstance(error, SignUpRefused):
        body = _several(error, language)
    elif isinstance(error, Invalid):
        body["details"] = {error.field: [{"error": _word(error), "description": text}]}
    retry_after_s = getattr(error, "retry_after_s", None)
    if retry_after_s is not None:
        headers["retry-after"] = str(retry_after_s)
    if isinstance(error, Unsigned):
        headers["www-authenticate"] = 'Bearer realm="Maillage"'
    return Response(orjson.dumps(body), error.status, headers, "application/json")


def _several(error: SignUpRefused, language: Language) -> dict[str, Any]:
    details: dict[str, list[dict[str, str]]] = {}
    for mistake in error.mistakes:
        said = sentence(language, mistake.code, mistake.params)
        details.setdefault(mistake.field, []).append({"error": _word(mistake), "description": said})
    reasons = "; ".join(entry["description"] for listed in details.values() for entry in listed)
    text = sentence(language, error.code, {"reasons": reasons})
    return {"error": text, "details": details}


def _word(error: Invalid) -> str:
    """Mastodon's word for what is wrong with a field."""
    return WORDS.get(error.code, "ERR_INVALID")
