"""An invitation as whoever was given it sees it: who invites, and an account without e-mail.

Looking at the page uses nothing up. The code stands in the address, so it is told to no other
site (`Referrer-Policy`) and to no log of this one.
"""

from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from actors import invitations, newcomers
from actors.invitations import Invitation
from actors.passwords import PASSWORD_CHARACTERS_MIN
from actors.queries import account_of_actor, by_id
from actors.sign_up import SignUpRefused
from federation.errors import Invalid
from federation.node import Node
from inbox.site_facts import site_facts
from web.mastodon.params import Params
from web.mastodon.site_texts import html_of, shown_rules
from web.pages.dates import day
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.posts import initials
from web.pages.rendering import page_language, render
from web.sessions import open_session
from web.translations import foreign, say, sentence

PATH = "/invitation"
WELCOME_PATH = "/welcome"
FIELDS = ("name", "username", "password", "agreement")


async def invitation_page(request: Request) -> Response:
    """GET /invitation/:code: who invites, the rules, and three fields."""
    node: Node = request.app.state.node
    try:
        found = await invitations.find(node, node.db, request.path_params["code"])
    except Invalid:
        return _over(request)
    given = {"name": found.for_name, "username": ""}
    if found.for_name:
        given["username"] = await newcomers.suggest(node, found.for_name)
    return await _form(request, found, given)


async def accept(request: Request) -> Response:
    """POST /invitation/:code: make the account, sign in, and go on to the first minutes."""
    node: Node = request.app.state.node
    form, code = await read_form(request), request.path_params["code"]
    try:
        found = await invitations.find(node, node.db, code)
    except Invalid:
        return _over(request)
    given = {name: (form.text(name, 1_000) or "").strip() for name in ("name", "username")}
    try:
        actor = await newcomers.join(
            node,
            code,
            name=given["name"],
            username=given["username"],
            password=form.text("password", 1_000) or "",
            locale=page_language(node, request),
            agrees=bool(form.flag("agreement")),
        )
    except SignUpRefused as error:
        return await _form(request, found, given, _problems(request, error.mistakes), form)
    except Invalid as error:
        if error.code == "invitation.unknown":
            return _over(request)
        return await _form(request, found, given, _problems(request, [error]), form)
    account = await account_of_actor(node.db, actor["id"])
    assert account is not None, "it was made a moment ago"
    response = redirect(WELCOME_PATH)
    await open_session(node, request, response, account["id"], is_shared=False)
    return response


def _problems(request: Request, mistakes: Any) -> dict[str, str]:
    language = page_language(request.app.state.node, request)
    found: dict[str, str] = {}
    for mistake in mistakes:
        field = mistake.field if mistake.field in FIELDS else "name"
        params = {**mistake.params, "field": say(language, f"join.{field}")}
        found.setdefault(field, sentence(language, mistake.code, params))
    return {field: found[field] for field in FIELDS if field in found}


async def _form(
    request: Request,
    found: Invitation,
    given: dict[str, str],
    problems: dict[str, str] | None = None,
    form: Params | None = None,
) -> Response:
    node: Node = request.app.state.node
    language = page_language(node, request)
    if not given["username"] and given["name"]:
        given["username"] = await newcomers.suggest(node, given["name"])
    return render(
        node,
        request,
        "invitation.html",
        status=422 if problems else 200,
        inviter=await _inviter(node, found),
        given=given,
        problems=problems or {},
        agrees=form is not None and bool(form.flag("agreement")),
        rules=shown_rules(node, language),
        own={"language": foreign(language, node.language)},
        # Made by html_of, which escapes what was written.
        charter=Markup(html_of((await site_facts(node.db)).charter)),  # noqa: S704
        password_min=str(PASSWORD_CHARACTERS_MIN),
        until=day(language, found.expires_at),
        is_single=found.uses_left == 1,
        action=request.url.path,
    )


async def _inviter(node: Node, found: Invitation) -> dict[str, str] | None:
    row = None if found.made_by_id is None else await by_id(node.db, found.made_by_id)
    if row is None or row["deleted_at"] is not None or row["suspended_at"] is not None:
        return None
    name = row["display_name"] or row["username"]
    return {"name": name, "initials": initials(name)}


def _over(request: Request) -> Response:
    node: Node = request.app.state.node
    return render(node, request, "invitation_over.html", status=404)


ROUTES: tuple[Route, ...] = (
    Route(f"{PATH}/{{code}}", page(invitation_page), methods=["GET"]),
    Route(f"{PATH}/{{code}}", page(accept), methods=["POST"]),
)
