"""The frame of pages for those who run the site: who may open one, and the menu beside it."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from actors.permissions import Permission, allows
from federation.errors import NodeError, Refused, describe
from web.pages.callers import PageCall, View, for_member
from web.pages.members import show
from web.pages.staff.sections import sections_of
from web.translations import PAGES, say, sentence

describe(
    {
        "staff.not_yours": "Your role does not open this page. Ask an administrator of your site"
        " if your work needs it.",
    }
)


def for_staff(
    permission: Permission | None = None,
) -> Callable[[View], Callable[[Request], Awaitable[Response]]]:
    """A page for whoever has this permission; without one, for whoever has a page of staff.

    Anybody else who is signed in is refused before anything is looked up; who is not, signs in
    first and comes back.
    """

    def opened(view: View) -> Callable[[Request], Awaitable[Response]]:
        async def shown(call: PageCall) -> Response:
            role = role_of(call)
            may = bool(sections_of(role)) if permission is None else allows(role, permission)
            if not may:
                raise Refused("staff.not_yours")
            return await view(call)

        return for_member(shown)

    return opened


def role_of(call: PageCall) -> str:
    """The role of who reads; empty for nobody."""
    return "" if call.account is None else call.account["role"]


def show_staff(
    call: PageCall,
    template: str,
    *,
    here: str,
    error: NodeError | None = None,
    **context: Any,
) -> Response:
    """A page in the frame; `here` is the section it belongs to, as the menu calls it.

    `error` is said at its field and above the form, with its status. `?done=word` of an address
    is said as `<here>.done_<word>`, when there is such a sentence.
    """
    return show(
        call,
        template,
        status=200 if error is None else error.status,
        section=here,
        sections=sections_of(role_of(call)),
        problem=said(call, error),
        field="" if error is None else error.params.get("field", ""),
        done=_done(call, here),
        **context,
    )


def said(call: PageCall, error: NodeError | None) -> str:
    """An error in the reader's language; empty when there is none."""
    if error is None:
        return ""
    language, params = call.page_language, dict(error.params)
    name = f"staff.field_{params.get('field', '')}"
    if name in PAGES[language]:
        params["field"] = say(language, name)
    return sentence(language, error.code, params)


def _done(call: PageCall, here: str) -> str:
    key = f"{here}.done_{call.query.text('done', 50) or ''}"
    return say(call.page_language, key) if key in PAGES[call.page_language] else ""
