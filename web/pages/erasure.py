"""Erasing one's account: the password, two weeks in which to take it back, and what others say.

Whoever erases her account is signed out at once: from then on a link that she alone was given is
hers, to take it back with her password, and later to read what each other site answered.
"""

import csv
from io import StringIO
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from actors.passwords import check_password
from actors.queries import account_of_actor, by_uri
from federation.database import Row
from federation.errors import NodeError, NotFound, Refused, TooMany
from federation.node import Node
from inbox import erasures
from inbox.erasure_sites import Site, sites, waiting_partners
from web.memory import memory_of
from web.pages.callers import PageCall, for_member
from web.pages.dates import day
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.members import show
from web.pages.persons import FAILURES_MAX, Unproved, prove, redirect
from web.pages.rendering import page_language, protect, render, with_language
from web.translations import Language, say, sentence

PATH = "/settings/erasure"


async def erasure_page(call: PageCall) -> Response:
    """GET /settings/erasure: what goes, what stays, who is asked."""
    return await _page(call)


async def ask_erasure(call: PageCall) -> Response:
    """POST /settings/erasure: hide at once, erase in two weeks; leads to the link, signed out."""
    node, request = call.node, call.request
    form = await read_form(request)
    if form.text("sure") != "1":
        return await _page(call, is_unsure=True)
    assert call.session is not None, "members have one"
    try:
        await prove(node, request, call.session, form.text("current") or "")
        asked = await node.db.write(lambda tx: erasures.ask(node, tx, call.me, is_own=True))
    except (Refused, TooMany, Unproved) as error:
        return await _page(call, error, is_sure=True)
    memory_of(request.scope).tokens.forget()
    # Her sessions have ended with it: the cookie is good for nothing.
    return redirect(with_language(request, f"{erasures.PATH}/{asked.token}?asked=1"))


async def _page(
    call: PageCall,
    error: NodeError | None = None,
    *,
    is_unsure: bool = False,
    is_sure: bool = False,
) -> Response:
    language = call.page_language
    problem = "" if error is None else sentence(language, error.code, error.params)
    return show(
        call,
        "settings_erasure.html",
        here="settings",
        status=422 if is_unsure else 200 if error is None else error.status,
        current="erasure",
        action=with_language(call.request, PATH),
        waiting=[name for name, _ in await waiting_partners(call.node.db)],
        problem=say(language, "erasure.unsure") if is_unsure else problem,
        field="sure" if is_unsure else "current",
        is_sure=is_sure,
    )


# Behind the link --------------------------------------------------------------------------------


async def link_page(request: Request) -> Response:
    """GET /erasure/:token: take it back, or read what the other sites say."""
    node: Node = request.app.state.node
    token = request.path_params["token"]
    erasure = await erasures.by_link(node, node.db, token)
    if "asked" not in request.query_params or erasure["progress"] != "waiting":
        return await _shown(request, erasure)
    return render(
        node,
        request,
        "erasure_asked.html",
        link=with_language(request, erasures.link(node, token)),
        due=day(page_language(node, request), erasure["due_at"]),
        waiting=[name for name, _ in await waiting_partners(node.db)],
    )


async def take_back(request: Request) -> Response:
    """POST /erasure/:token: the account is here again, for the password."""
    node: Node = request.app.state.node
    form = await read_form(request)
    erasure = await erasures.by_link(node, node.db, request.path_params["token"])
    try:
        await _prove(request, erasure, form.text("current") or "")
        await node.db.write(lambda tx: erasures.take_back(node, tx, erasure))
    except (Refused, TooMany, Unproved) as error:
        return await _shown(request, erasure, error)
    memory_of(request.scope).tokens.forget()
    back = with_language(request, "/sign-in")
    return render(node, request, "erasure_over.html", back=back)


async def _prove(request: Request, erasure: Row, password: str) -> None:
    """Raise Unproved unless this is the password of the account; who has none has the link."""
    node: Node = request.app.state.node
    actor = await by_uri(node.db, erasure["actor_uri"])
    account = None if actor is None else await account_of_actor(node.db, actor["id"])
    if account is None:
        raise Refused("erasure.over")
    if account["password_hash"] is None:
        return
    attempts, name = memory_of(request.scope).attempts, f"account {account['id']}"
    if node.limits.rate_limits:
        attempts.check(name, FAILURES_MAX)
        attempts.failed(name)
    if not await check_password(account["password_hash"], password):
        raise Unproved("account.wrong_password")
    attempts.succeeded(name)


async def link_file(request: Request) -> Response:
    """GET /erasure/:token/sites.csv: the table, to keep."""
    node: Node = request.app.state.node
    erasure = await erasures.by_link(node, node.db, request.path_params["token"])
    if erasure["progress"] != "done":
        raise NotFound("erasure.none")
    language = page_language(node, request)
    response = Response(
        sites_csv(language, await sites(node, node.db, erasure)),
        media_type="text/csv; charset=utf-8",
    )
    protect(response)
    response.headers["content-disposition"] = 'attachment; filename="sites.csv"'
    return response


def sites_csv(language: Language, found: list[Site]) -> str:
    """The table of confirmations for office software."""
    text = StringIO()
    lines = csv.writer(text, delimiter=";")
    names = ("site", "host", "state", "asked", "confirmed")
    lines.writerow([say(language, f"erasure.head_{name}") for name in names])
    for one in found:
        line = site_line(language, one)
        lines.writerow([line[name] for name in ("name", "host", "words", "asked", "confirmed")])
    # A mark at the beginning tells office software that the letters are UTF-8.
    return "\ufeff" + text.getvalue()


def site_line(language: Language, one: Site) -> dict[str, Any]:
    """One site of the table, in words."""
    words = say(language, f"erasure.state_{one.state}", n=str(one.still_held or 0))
    if one.state == "waiting":
        words = say(language, f"erasure.why_{one.why}")
    elif one.state == "failed":
        words += " " + sentence(language, one.why, {})
    kinds = {"confirmed": "good", "unknowable": "idle", "asked": "warn", "waiting": "warn"}
    return {
        "name": one.name or one.host,
        "host": one.host,
        "words": words,
        "kind": kinds.get(one.state, "bad"),
        "asked": "" if one.asked_at is None else day(language, one.asked_at),
        "confirmed": "" if one.confirmed_at is None else day(language, one.confirmed_at),
    }


async def _shown(request: Request, erasure: Row, error: NodeError | None = None) -> Response:
    node: Node = request.app.state.node
    language = page_language(node, request)
    path = f"{erasures.PATH}/{request.path_params['token']}"
    return render(
        node,
        request,
        "erasure_link.html",
        status=200 if error is None else error.status,
        action=with_language(request, path),
        file=with_language(request, f"{path}/sites.csv"),
        waits=erasure["progress"] == "waiting",
        due=day(language, erasure["due_at"]),
        ended="" if erasure["ended_at"] is None else day(language, erasure["ended_at"]),
        sites=[site_line(language, one) for one in await sites(node, node.db, erasure)],
        problem="" if error is None else sentence(language, error.code, error.params),
    )


ROUTES: tuple[Route, ...] = (
    Route(PATH, page(for_member(erasure_page)), methods=["GET"]),
    Route(PATH, page(for_member(ask_erasure)), methods=["POST"]),
    Route(f"{erasures.PATH}/{{token}}", page(link_page), methods=["GET"]),
    Route(f"{erasures.PATH}/{{token}}", page(take_back), methods=["POST"]),
    Route(f"{erasures.PATH}/{{token}}/sites.csv", page(link_file), methods=["GET"]),
)
