"""Passkeys of a person: added and removed by who gives the password again."""

from starlette.requests import Request
from starlette.responses import Response

from actors import passkeys
from actors.passkeys import Purpose
from actors.resets import tell
from federation.database import Transaction
from federation.errors import Invalid, NodeError, TooMany
from federation.node import Node
from web.mastodon.params import Params, read_id
from web.pages.dates import day
from web.pages.forms import read_form
from web.pages.members import show_own
from web.pages.persons import Unproved, prove
from web.pages.rendering import page_language, with_language
from web.sessions import Session
from web.translations import say, sentence

PATH = "/settings/passkeys"


async def passkeys_page(request: Request, session: Session) -> Response:
    """GET /settings/passkeys: the passkeys, and a form for another."""
    return await _page(request, session)


async def change_passkeys(request: Request, session: Session) -> Response:
    """POST /settings/passkeys: add the one in `credential`, or remove the one in `passkey`."""
    node: Node = request.app.state.node
    form = await read_form(request)
    try:
        account = await prove(node, request, session, form.text("current") or "")

        async def work(tx: Transaction) -> None:
            await _change(node, tx, session, form)
            await tell(node, tx, account, "second_factor_changed")

        await node.db.write(work)
    except (Invalid, TooMany, Unproved) as error:
        return await _page(request, session, error=error)
    return await _page(request, session)


async def _change(node: Node, tx: Transaction, session: Session, form: Params) -> None:
    removed = read_id(form.text("passkey", 30) or "")
    if removed is not None:
        await passkeys.remove(tx, session.account_id, removed)
        return
    credential, name = form.text("credential") or "", form.text("name", 200) or ""
    await passkeys.register(node, tx, session.account_id, credential, name, _purpose(session))


def _purpose(session: Session) -> Purpose:
    return Purpose("add", session.token_hash)


async def _page(request: Request, session: Session, *, error: NodeError | None = None) -> Response:
    node: Node = request.app.state.node
    language = page_language(node, request)
    is_possible = passkeys.is_possible(node)
    known = [
        {
            "id": row["id"],
            "name": row["name"] or say(language, "passkeys.unnamed"),
            "since": say(language, "passkeys.since", date=day(language, row["created_at"])),
        }
        for row in await passkeys.of_account(node.db, session.account_id)
    ]
    options = ""
    if is_possible:
        options = await passkeys.registration_options(
            node, session.account_id, session.actor["username"], _purpose(session)
        )
    return await show_own(
        request,
        session,
        "passkeys.html",
        status=200 if error is None else error.status,
        current="passkeys",
        action=with_language(request, PATH),
        passkeys=known,
        passkey_options=options,
        problem="" if error is None else sentence(language, error.code, error.params),
    )
