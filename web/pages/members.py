"""The frame of every page for people: who is signed in, where she is, and the way back."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from web.pages.callers import PageCall, address_of, sign_in_path
from web.pages.offline import is_own_device, reader_header
from web.pages.persons import account_of
from web.pages.posts import initials
from web.pages.rendering import render
from web.pages.staff.sections import sections_of
from web.sessions import Session


def show(call: PageCall, template: str, *, here: str = "", **context: Any) -> Response:
    """A page in the frame; `here` names the entry of the navigation where the reader is."""
    keeps = is_own_device(call.session)
    context["headers"] = reader_header(call.session, call.path) | context.get("headers", {})
    return render(
        call.node,
        call.request,
        template,
        language=call.page_language,
        keeper=str(call.actor_id) if keeps else "",
        is_member=call.session is not None,
        me=_me(call),
        is_staff=call.account is not None and bool(sections_of(call.account["role"])),
        has_script=call.session is not None,
        here=here,
        back=back_of(call),
        sign_in=sign_in_path(call.request),
        **context,
    )


async def show_own(request: Request, session: Session, template: str, **context: Any) -> Response:
    """A page of somebody's own account in the frame, also while it is not confirmed yet."""
    account = await account_of(request.app.state.node, session)
    return show(PageCall(request, account, session), template, here="settings", **context)


def _me(call: PageCall) -> dict[str, str]:
    if call.session is None:
        return {"name": "", "path": "/sign-in", "initials": ""}
    actor = call.me
    name = actor["display_name"] or actor["username"]
    return {"name": name, "path": f"/@{actor['username']}", "initials": initials(name)}


def back_of(call: PageCall) -> str:
    """This page as its buttons name it, to come back to."""
    query = call.scope["query_string"].decode("latin-1")
    return address_of(call.request) + (f"?{query}" if query else "")
