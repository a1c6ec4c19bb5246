"""People on two closed nodes follow each other and read each other, by HTTP alone."""

from typing import Any

from actors.local import create_account
from federation.database import Transaction
from tests.serving import Running, eventually
from web.tokens import issue_token


async def person(running: Running, name: str) -> dict[str, str]:
    """The headers of a logged-in person."""
    node = running.node
    actor = await create_account(node, username=name, password="une phrase de passe longue")
    account = await node.db.row("SELECT id FROM account WHERE actor_id = ?", actor["id"])
    assert account is not None

    async def work(tx: Transaction) -> str:
        _, token = await issue_token(
            node,
            tx,
            application_id=None,
            account_id=account["id"],
            scopes=frozenset({"read", "write", "follow"}),
        )
        return token

    return {"Authorization": f"Bearer {await node.db.write(work)}"}


async def call(running: Running, method: str, path: str, **options: Any) -> Any:
    async with running.http.request(method, f"{running.origin}/api/{path}", **options) as answer:
        body = await answer.json()
        assert answer.status == 200, body
        return body


async def test_a_post_reaches_a_follower_elsewhere(two_nodes: tuple[Running, Running]) -> None:
    one, other = two_nodes
    alice, bob = await person(one, "alice"), await person(other, "bob")

    found = await call(
        other,
        "GET",
        "v2/search",
        params={"q": f"@alice@{one.node.host}", "resolve": "true", "type": "accounts"},
        headers=bob,
    )
    assert len(found["accounts"]) == 1, found
    alice_there = found["accounts"][0]["id"]
    await call(other, "POST", f"v1/accounts/{alice_there}/follow", headers=bob)

    async def followed() -> Any:
        relations = await call(
            other, "GET", "v1/accounts/relationships", params={"id[]": alice_there}, headers=bob
        )
        return relations[0]["following"]

    await eventually(followed)
    status = await call(
        one,
        "POST",
        "v1/statuses",
        json={"status": "Bonjour à tous", "visibility": "private"},
        headers=alice,
    )

    async def read() -> Any:
        return await call(other, "GET", "v1/timelines/home", headers=bob)

    home = await eventually(read)
    assert home[0]["uri"] == status["uri"]
    assert "Bonjour" in home[0]["content"]

    await call(one, "DELETE", f"v1/statuses/{status['id']}", headers=alice)

    async def gone() -> Any:
        return await read() == []

    await eventually(gone)
