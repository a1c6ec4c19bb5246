"""People of a running node who act by the client API while another client is tested."""

from dataclasses import dataclass
from typing import Any, Self

from actors.local import create_account
from federation.database import Transaction
from tests.clients.browser import PASSWORD
from tests.serving import Running
from web.scopes import parse_scopes
from web.tokens import issue_token


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a token."""

    running: Running
    id: str
    token: str

    @classmethod
    async def made(cls, running: Running, name: str) -> Self:
        """A new account that signs in with PASSWORD, and a token of it."""
        node = running.node
        actor = await create_account(node, username=name, password=PASSWORD, locale="fr")
        account_id = await node.db.value("SELECT id FROM account WHERE actor_id = ?", actor["id"])

        async def work(tx: Transaction) -> str:
            _, token = await issue_token(
                node,
                tx,
                application_id=None,
                account_id=account_id,
                scopes=parse_scopes("read write follow push"),
            )
            return token

        return cls(running, str(actor["id"]), await node.db.write(work))

    async def post(self, path: str, body: Any = None) -> Any:
        """What a POST answers; it must succeed."""
        headers = {"Authorization": f"Bearer {self.token}"}
        url = self.running.origin + path
        async with self.running.http.post(url, json=body, headers=headers) as answer:
            assert answer.status == 200, (path, await answer.text())
            return await answer.json()
