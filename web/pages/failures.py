"""How a page says what went wrong: the same words for everybody, and the way out."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from federation.errors import NodeError
from web.pages.rendering import page_language, render
from web.translations import sentence

View = Callable[[Request], Awaitable[Response]]


def error_page(request: Request, error: NodeError) -> Response:
    """The page for `error`, in the reader's language."""
    node = request.app.state.node
    language = page_language(node, request)
    headers: dict[str, str] = {}
    retry_after_s = getattr(error, "retry_after_s", None)
    if retry_after_s is not None:
        headers["retry-after"] = str(retry_after_s)
    return render(
        node,
        request,
        "error.html",
        status=error.status,
        headers=headers,
        reason=sentence(language, error.code, error.params),
    )


def page(view: View) -> View:
    """A view whose errors become pages."""

    async def shown(request: Request) -> Response:
        try:
            return await view(request)
        except NodeError as error:
            return error_page(request, error)

    return shown
