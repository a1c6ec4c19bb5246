"""Language, colours and size of the text: the language for her letters too, the rest here only."""

from typing import Any

from starlette.responses import Response

from federation.database import Transaction
from web.pages.callers import PageCall
from web.pages.forms import read_form
from web.pages.rendering import (
    LANGUAGE_COOKIE,
    SIZE_COOKIE,
    SIZES,
    THEME_COOKIE,
    THEMES,
    page_size,
    page_theme,
    remember,
)
from web.pages.settings.frame import PATH, saved, show_settings
from web.translations import LANGUAGES, say

DISPLAY_PATH = f"{PATH}/display"
CHOICES: dict[str, tuple[str, ...]] = {"language": LANGUAGES, "theme": THEMES, "size": SIZES}
COOKIES = {"language": LANGUAGE_COOKIE, "theme": THEME_COOKIE, "size": SIZE_COOKIE}


async def display_page(call: PageCall) -> Response:
    """GET /settings/display."""
    typed = {
        "language": call.page_language,
        "theme": page_theme(call.request),
        "size": page_size(call.request),
    }
    return _form(call, typed)


def _form(
    call: PageCall, typed: dict[str, str], problems: dict[str, Any] | None = None
) -> Response:
    return show_settings(
        call,
        "settings_display.html",
        problems,
        typed=typed,
        choices=CHOICES,
        path=DISPLAY_PATH,
    )


async def change_display(call: PageCall) -> Response:
    """POST /settings/display."""
    form = await read_form(call.request)
    typed = {name: form.text(name, 20) or "" for name in CHOICES}
    problems = {
        name: say(call.page_language, "settings.choose")
        for name, allowed in CHOICES.items()
        if typed[name] not in allowed
    }
    if problems:
        return _form(call, typed, problems)

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE account SET locale = ? WHERE id = ?", typed["language"], call.account_id
        )

    await call.node.db.write(work)
    response = saved(DISPLAY_PATH)
    for name, cookie in COOKIES.items():
        remember(call.node, response, cookie, typed[name])
    return response
