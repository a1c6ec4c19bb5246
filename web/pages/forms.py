"""Reading the forms of our own pages: few short fields, from this site only."""

from starlette.requests import Request

from federation.errors import TooLarge, Unsupported, describe
from web.mastodon.params import Params, read_body
from web.sessions import check_form

FORM_BYTES_MAX = 20_000
FORM_TYPE = "application/x-www-form-urlencoded"

describe({"form.type": "A form is sent as application/x-www-form-urlencoded."})


async def read_form(request: Request, bytes_max: int = FORM_BYTES_MAX) -> Params:
    """The fields of a form; raises Refused for one that another site made."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != FORM_TYPE:
        raise Unsupported("form.type")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > bytes_max:
            raise TooLarge("body.too_large", max=str(bytes_max))
    params = Params(await read_body(FORM_TYPE, body))
    check_form(request.app.state.node, request, params.text("form_token") or "")
    return params
