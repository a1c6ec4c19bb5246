"""How a page says what went wrong: the same words for everybody, and the way out."""

from collections.abc import Awaitable, Callable
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response

from federation.directions import marked
from federation.errors import NodeError, NotFound
from federation.node import Node
from web.errors import NO_STORE, later
from web.pages.onward import shown_again, typed_of
from web.pages.persons import SignInFirst
from web.pages.rendering import TEMPLATES, page_language, render, speaker
from web.pages.sign_in import sign_in_first
from web.raw import Answer
from web.sessions import StaleForm, find_session
from web.translations import Language, sentence

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


def gate_page(node: Node, error: NodeError, language: Language) -> Answer:
    """The same page before anybody knows who asks; always the same for what is not there."""
    code = "page.none" if isinstance(error, NotFound) else error.code
    body = _drawn(node.name, node.host, language, sentence(language, code, error.params))
    return Answer(error.status, body, b"text/html; charset=utf-8", [NO_STORE, *later(error)])


@lru_cache(maxsize=256)
def _drawn(name: str, host: str, language: Language, reason: str) -> bytes:
    text = TEMPLATES.get_template("error.html").render(
        node={"name": name, "host": host},
        language=language,
        theme="system",
        size="normal",
        other_url="",
        say=speaker(language),
        has_script=False,
        reason=reason,
    )
    return marked(text).encode()


def page(view: View) -> View:
    """A view whose errors become pages; what was typed is kept while somebody signs in again."""

    async def shown(request: Request) -> Response:
        try:
            return await _seen(view, request)
        except NodeError as error:
            return error_page(request, error)

    return shown


async def _seen(view: View, request: Request) -> Response:
    try:
        return await view(request)
    except SignInFirst as ended:
        return await sign_in_first(request, ended.path)
    except StaleForm as error:
        typed = typed_of(request, request.state.fields)
        if typed is None or await find_session(request.app.state.node, request) is None:
            raise
        response = await shown_again(request, typed)
        response.status_code = error.status
        return response
