"""The page behind the link of a letter: the owner of an address says that it is hers."""

from starlette.requests import Request
from starlette.responses import Response

from actors import sign_up
from actors.permissions import Permission
from federation.database import Row, Transaction
from federation.node import Node
from inbox.moderation import staff_with
from inbox.notifications import notify_all
from web.memory import memory_of
from web.pages.rendering import render


async def confirm_page(request: Request) -> Response:
    """GET /sign-up/confirm?code=: confirm the address, once; NotFound for any other code."""
    node: Node = request.app.state.node
    code = request.query_params.get("code", "")

    async def work(tx: Transaction) -> Row:
        account = await sign_up.confirm(node, tx, code)
        staff = await staff_with(tx, Permission.MANAGE_PEOPLE)
        await notify_all(node, tx, staff, "admin.sign_up", account["actor_id"])
        return account

    account = await node.db.write(work)
    memory_of(request.scope).tokens.forget()
    return render(node, request, "confirmed.html", waits=not account["is_approved"])
