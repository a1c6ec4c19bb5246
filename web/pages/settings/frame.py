"""The frame of the pages of settings: forms from this site only, errors beside their fields."""

from typing import Any

from starlette.responses import Response

from federation.errors import NodeError
from web.pages.callers import PageCall
from web.pages.members import show
from web.pages.persons import redirect
from web.translations import say, sentence

PATH = "/settings"


def show_settings(
    call: PageCall, template: str, problems: dict[str, str] | None = None, **context: Any
) -> Response:
    """A page of settings; `problems` says what is wrong, by field."""
    return show(
        call,
        template,
        here="settings",
        status=422 if problems else 200,
        problems=problems or {},
        is_done="done" in call.query.names(),
        **context,
    )


def saved(path: str) -> Response:
    """Back to the page, which then says that it is done."""
    return redirect(f"{path}?done=1")


def problem_of(
    call: PageCall, error: NodeError, places: dict[str, str], otherwise: str
) -> dict[str, str]:
    """An error at the field it is about; `places` gives the field of the form for the API's."""
    language, field = call.page_language, error.params.get("field", "")
    name = next((name for name in (field, field.partition("[")[0]) if name in places), "")
    place = places.get(name, otherwise)
    params = {**error.params, "field": say(language, f"settings.field_{place}")}
    return {place: sentence(language, error.code, params)}
