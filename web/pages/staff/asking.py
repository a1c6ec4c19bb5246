"""A page that asks once more before something weighty: what it does, and a word to type."""

from dataclasses import dataclass

from starlette.responses import Response

from federation.errors import Invalid, NodeError, describe
from web.mastodon.params import Params
from web.pages.callers import PageCall
from web.pages.staff.frame import show_staff
from web.translations import say

_CHARACTERS_MAX = 300

describe({"staff.typed": "Type {expected} to confirm this; nothing was done yet."})


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: `topic` names its sentences, `path` is where it is answered by a POST.

    `expected` is what has to be typed, empty for nothing; `lines` are the endings of the keys of
    what it does; `back` leads away, and `back_text` says where to.
    """

    topic: str
    path: str
    lines: tuple[str, ...]
    back: str
    back_text: str
    expected: str = ""
    name: str = ""


def ask(
    call: PageCall, asked: Asked, form: Params | None = None, error: NodeError | None = None
) -> Response:
    """Show what it does, with the form that does it."""
    language, topic, name = call.page_language, asked.topic, asked.name
    return show_staff(
        call,
        "staff_ask.html",
        here="partners",
        error=error,
        title=say(language, f"{topic}.title", name=name),
        intro=say(language, f"{topic}.lead", name=name),
        effects=[say(language, f"{topic}.{line}", name=name) for line in asked.lines],
        button=say(language, f"{topic}.do"),
        asked=asked,
        typed=("" if form is None else form.text("typed")) or "",
    )


def check_typed(form: Params, asked: Asked) -> None:
    """Raise Invalid (`typed`) unless what was asked for was typed; its case does not matter."""
    came = (form.text("typed", _CHARACTERS_MAX) or "").strip().casefold()
    if came != asked.expected.casefold():
        raise Invalid("staff.typed", field="typed", expected=asked.expected)
