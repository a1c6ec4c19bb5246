"""Reading the forms of our own pages: few short fields, from this site only."""

from urllib.parse import parse_qsl

from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from federation.errors import TooLarge, Unsupported, describe
from web.mastodon.params import FIELDS_MAX, Params, read_body
from web.mastodon.uploads import FILES_MAX
from web.sessions import check_form

FORM_BYTES_MAX = 20_000
# Of whoever is not signed in; more than can be kept, so that this can be said.
TYPED_BYTES_MAX = 1_000_000
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
    await check_sent(request, params)
    return params


async def check_sent(request: Request, params: Params) -> None:
    """Raise Refused unless these fields came from a page of ours; they stay with the request."""
    request.state.fields = params.pairs()
    await check_form(request.app.state.node, request, params.text("form_token") or "")


class _Fields(MultiPartParser):
    """Keeps what was typed of a form, up to a limit; what is in its files goes by."""

    room = TYPED_BYTES_MAX

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._current_part.file is not None:
            return
        self.room -= end - start
        if self.room < 0:
            raise MultiPartException("too much was typed")
        super().on_part_data(data, start, end)


async def typed_fields(request: Request) -> list[tuple[str, str]]:
    """The fields of a form that nobody has read, without its files; none where it is no form.

    For whoever is not signed in: no file is written anywhere.
    """
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip() == FORM_TYPE:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > TYPED_BYTES_MAX:
                return []
        try:
            return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX)
        except ValueError:
            return []
    if not content_type.startswith("multipart/form-data"):
        return []
    parser = _Fields(
        request.headers,
        request.stream(),
        max_files=FILES_MAX,
        max_fields=FIELDS_MAX,
        max_part_size=TYPED_BYTES_MAX,
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError):
        return []
    try:
        return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    finally:
        await form.close()
