"""What a person is signed in with: browsers and applications, each with its end."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from actors.logins import end_logins
from federation.database import Row, Transaction
from federation.node import Node
from web.mastodon.params import read_id
from web.memory import memory_of
from web.pages.dates import day
from web.pages.forms import read_form
from web.pages.members import show_own
from web.pages.persons import redirect
from web.pages.rendering import page_language, with_language
from web.scopes import in_words
from web.sessions import Session
from web.translations import Language, say

PATH = "/settings/apps"

_SESSIONS = (
    "SELECT token_hash, device, method, is_shared, created_at FROM session"
    " WHERE account_id = ? AND expires_at > ? ORDER BY created_at DESC"
)
_TOKENS = (
    "SELECT access_token.id, access_token.scopes, access_token.created_at, application.name,"
    " application.website FROM access_token LEFT JOIN application"
    " ON application.id = access_token.application_id"
    " WHERE access_token.account_id = ? AND access_token.revoked_at IS NULL"
    " ORDER BY access_token.id DESC"
)


async def devices_page(request: Request, session: Session) -> Response:
    """GET /settings/apps: every browser and application, in words."""
    node: Node = request.app.state.node
    language = page_language(node, request)
    sessions = await node.db.rows(_SESSIONS, session.account_id, node.clock())
    tokens = await node.db.rows(_TOKENS, session.account_id)
    return await show_own(
        request,
        session,
        "devices.html",
        current="devices",
        browsers=[_browser(language, row, session) for row in sessions],
        apps=[_application(language, row) for row in tokens],
        action=with_language(request, PATH),
        problem="",
        is_done="done" in request.query_params,
    )


def _browser(language: Language, row: Row, session: Session) -> dict[str, Any]:
    since = say(language, "devices.since", date=day(language, row["created_at"]))
    method = say(language, f"devices.by_{row['method']}")
    facts = [f"{since}, {method}"]
    if row["is_shared"]:
        facts.insert(0, say(language, "devices.shared"))
    is_here = row["token_hash"] == session.token_hash
    if is_here:
        facts.insert(0, say(language, "devices.here"))
    return {
        "id": row["token_hash"],
        "name": row["device"] or say(language, "devices.unknown"),
        "facts": ". ".join(facts),
        "is_here": is_here,
    }


def _application(language: Language, row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name"] or say(language, "devices.command"),
        "scopes": [say(language, f"scope.{name}") for name in in_words(row["scopes"].split())],
        "since": say(language, "devices.app_since", date=day(language, row["created_at"])),
    }


async def end_device(request: Request, session: Session) -> Response:
    """POST /settings/apps: end one session, one token, or all but this browser."""
    node: Node = request.app.state.node
    form = await read_form(request)
    browser, app = form.text("browser", 200) or "", read_id(form.text("app", 30) or "")
    all_others = form.text("others") is not None

    async def work(tx: Transaction) -> None:
        # Only what is the person's own: another's number ends nothing.
        if all_others:
            await end_logins(node, tx, session.account_id, but_session=session.token_hash)
        if browser:
            await tx.execute(
                "DELETE FROM session WHERE token_hash = ? AND account_id = ?",
                browser,
                session.account_id,
            )
        if app is not None:
            await tx.execute(
                "UPDATE access_token SET revoked_at = ?"
                " WHERE id = ? AND account_id = ? AND revoked_at IS NULL",
                node.clock(),
                app,
                session.account_id,
            )

    await node.db.write(work)
    memory_of(request.scope).tokens.forget()
    return redirect(with_language(request, f"{PATH}?done=1"))
