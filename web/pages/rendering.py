"""Templates → answers: language, and headers that allow nothing but our own style and font."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from federation.directions import marked
from federation.node import Node
from web.pages.filling import filled
from web.sessions import form_secret, keep_form_secret, page_token
from web.translations import Language, choose_language, read_language, say

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
MAIN = re.compile(r"<main [^>]*>")
OTHER: dict[Language, Language] = {"fr": "en", "en": "fr"}
SCRIPT = "; connect-src 'self'; script-src 'self'"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self';"
    " manifest-src 'self'; base-uri 'none';"
    " frame-ancestors 'none'; form-action 'self'"
)


LANGUAGE_COOKIE, THEME_COOKIE = "maillage-language", "maillage-theme"
SIZE_COOKIE = "maillage-size"
KEPT_S = 365 * 86_400
THEMES = ("system", "light", "dark", "contrast")
SIZES = ("normal", "large", "larger")


def page_language(node: Node, request: Request) -> Language:
    """The language of `?lang=`, else the one chosen before, else of the browser or the site."""
    asked = request.query_params.get("lang")
    if read_language(asked) is None:
        asked = request.cookies.get(LANGUAGE_COOKIE)
    return choose_language(asked, request.headers.get("accept-language", ""), node.language)


def with_language(request: Request, path: str) -> str:
    """`path` with the language that was chosen on the page, if one was."""
    asked = read_language(request.query_params.get("lang"))
    if asked is None:
        return path
    return f"{path}{'&' if '?' in path else '?'}lang={asked}"


def render(
    node: Node,
    request: Request,
    template: str,
    *,
    status: int = 200,
    form_target: str = "",
    has_script: bool = False,
    headers: dict[str, str] | None = None,
    language: Language | None = None,
    **context: Any,
) -> Response:
    """A page. `form_target` is one more source to which its form may lead (CSP).

    Only a page that asks for a passkey, and those of a person on a device of her own, have
    scripts: files of ours.
    """
    language = language or page_language(node, request)
    theme = page_theme(request)
    secret, is_new = form_secret(node, request)
    text = TEMPLATES.get_template(template).render(
        node=node,
        language=language,
        theme=theme,
        size=page_size(request),
        theme_urls=[(name, _with(request, "theme", name)) for name in THEMES],
        other_url=_with(request, "lang", OTHER[language]),
        other_language=OTHER[language],
        say=speaker(language),
        form_token=page_token(request, secret),
        has_script=has_script,
        **context,
    )
    text = _with_typed(request, text, speaker(language))
    response = HTMLResponse(marked(text), status, headers)
    if is_new:
        keep_form_secret(node, response, secret)
    if read_language(request.query_params.get("lang")) is not None:
        remember(node, response, LANGUAGE_COOKIE, language)
    if request.query_params.get("theme") in THEMES:
        remember(node, response, THEME_COOKIE, theme)
    protect(response, form_target, has_script=has_script)
    return response


def _with_typed(request: Request, text: str, say: Any) -> str:
    """The page with what was typed before signing in again, and a word that it was not sent."""
    typed = getattr(request.state, "typed", None)
    if typed is None:
        return text
    text, lost = filled(text, typed.path, typed.fields)
    note = TEMPLATES.get_template("typed_before.html").render(say=say, lost="\n\n".join(lost))
    return MAIN.sub(lambda match: match[0] + note, text, count=1)


def protect(response: Response, form_target: str = "", *, has_script: bool = False) -> None:
    """Add the headers of every page: nothing foreign is loaded, framed, cached or told."""
    policy = f"{POLICY} {form_target}".rstrip()
    response.headers.update(
        {
            "content-security-policy": policy + (SCRIPT if has_script else ""),
            "cache-control": "no-store",
            "referrer-policy": "same-origin",
            "vary": "Accept-Language, Cookie",
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        }
    )


def page_theme(request: Request) -> str:
    """The colours of `?theme=`, else those chosen before, else what the system says."""
    for asked in (request.query_params.get("theme"), request.cookies.get(THEME_COOKIE)):
        if asked in THEMES:
            return asked
    return THEMES[0]


def page_size(request: Request) -> str:
    """The size of the text that was chosen in this browser."""
    asked = request.cookies.get(SIZE_COOKIE)
    return asked if asked in SIZES else SIZES[0]


def remember(node: Node, response: Response, name: str, value: str) -> None:
    """Remember what was chosen on a page, in this browser."""
    response.set_cookie(
        name,
        value,
        max_age=KEPT_S,
        path="/",
        secure=node.origin.startswith("https://"),
        httponly=True,
        samesite="lax",
    )


def speaker(language: Language) -> Any:
    """The texts of one language, as templates ask for them."""

    def speak(key: str, **params: str) -> str:
        return say(language, key, **params)

    return speak


def _with(request: Request, name: str, value: str) -> str:
    """The address of this page with another value of one field."""
    pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    kept = [pair for pair in pairs if pair[0] != name]
    return f"{request.url.path}?{urlencode([*kept, (name, value)])}"
