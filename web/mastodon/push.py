"""Web Push subscriptions: one for each token, by which an application is woken.

What leaves the site with each message is said in docs/decisions (web push).
"""

from urllib.parse import urlsplit

import orjson
from starlette.responses import Response

from federation.client_errors import ClientError
from federation.database import Row, Transaction
from federation.errors import Invalid, Malformed, NotFound, Refused, describe
from federation.node import Node
from federation.web_push import read_keys
from inbox.push_key import server_key
from inbox.push_messages import auth_place, token_place
from inbox.pushes import ALERTS, POLICIES, alerts_of
from web.mastodon.call import Call, Entry, answer
from web.mastodon.params import Params
from web.mastodon.serializers import Entity

PATH = "/api/v1/push/subscription"
URL_CHARACTERS_MAX = 2_000
# Clients read the id as a 32-bit integer.
ID_MAX = (1 << 31) - 1

describe(
    {
        "push.off": "This site sends no push messages.",
        "push.endpoint": "The endpoint must be the https address of a push service.",
    }
)


async def show(call: Call) -> Response:
    """GET /api/v1/push/subscription: that of the caller's token."""
    return answer(await _entity(call, await _own(call)))


async def subscribe(call: Call) -> Response:
    """POST /api/v1/push/subscription: in place of the one that the token had."""
    if not call.node.options.push.enabled:
        raise Refused("push.off")
    params = await call.params()
    asked = params.table("subscription")
    endpoint = _endpoint(call.node, asked)
    p256dh, auth = _keys(asked.table("keys"))
    alerts, policy = _switches(params)
    standard = asked.flag("standard") or False
    token_id, secret = _token(call)
    seal, now = call.node.keyring.seal, call.node.clock()

    async def work(tx: Transaction) -> None:
        await tx.execute("DELETE FROM push_subscription WHERE access_token_id = ?", token_id)
        newest = await tx.value("SELECT COALESCE(MAX(id), 0) FROM push_subscription")
        await tx.execute(
            "INSERT INTO push_subscription (id, access_token_id, actor_id, token_sealed,"
            " endpoint_url, p256dh, auth_sealed, standard, alerts, policy, created_at,"
            " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            int(newest) % ID_MAX + 1,
            token_id,
            call.actor_id,
            seal(token_place(token_id), secret.encode()),
            endpoint,
            p256dh,
            seal(auth_place(token_id), auth.encode()),
            standard,
            orjson.dumps(alerts).decode(),
            policy or "all",
            now,
            now,
        )

    await call.node.db.write(work)
    return await show(call)


async def change(call: Call) -> Response:
    """PUT /api/v1/push/subscription: other switches, and the policy when one is sent."""
    params = await call.params()
    alerts, policy = _switches(params)
    row = await _own(call)

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE push_subscription SET alerts = ?, policy = ?, updated_at = ? WHERE id = ?"
            " AND access_token_id = ?",
            orjson.dumps(alerts).decode(),
            policy or row["policy"],
            call.node.clock(),
            row["id"],
            row["access_token_id"],
        )

    await call.node.db.write(work)
    return await show(call)


async def unsubscribe(call: Call) -> Response:
    """DELETE /api/v1/push/subscription: also when there is none."""
    token_id, _ = _token(call)

    async def work(tx: Transaction) -> None:
        await tx.execute("DELETE FROM push_subscription WHERE access_token_id = ?", token_id)

    await call.node.db.write(work)
    return answer({})


def _token(call: Call) -> tuple[int, str]:
    """The token of the call: its id, and what the application holds."""
    assert call.token is not None
    return call.token.token_id, call.header(b"authorization").partition(" ")[2].strip()


async def _own(call: Call) -> Row:
    row = await call.node.db.row(
        "SELECT push_subscription.* FROM push_subscription WHERE access_token_id = ?",
        _token(call)[0],
    )
    if row is None:
        raise NotFound("record.not_found")
    return row


async def _entity(call: Call, row: Row) -> Entity:
    return {
        "id": row["id"],
        "endpoint": row["endpoint_url"],
        "standard": bool(row["standard"]),
        "server_key": await server_key(call.node),
        "alerts": alerts_of(row),
        "policy": row["policy"],
    }


def _endpoint(node: Node, asked: Params) -> str:
    """The address of the push service; a name is judged again whenever it is resolved."""
    url = asked.required("endpoint", URL_CHARACTERS_MAX).strip()
    assert node.push_client is not None, "every node that is served has one"
    try:
        node.push_client.check(url)
        has_password = "@" in urlsplit(url).netloc
    except (ClientError, ValueError) as error:
        raise Invalid("push.endpoint", field="subscription[endpoint]") from error
    if has_password:
        raise Invalid("push.endpoint", field="subscription[endpoint]")
    return url


def _keys(asked: Params) -> tuple[str, str]:
    p256dh, auth = asked.required("p256dh", 200), asked.required("auth", 100)
    try:
        read_keys(p256dh, auth)
    except Malformed as error:
        field = f"subscription[keys][{error.params['name']}]"
        raise Invalid("push.key", field=field, name=error.params["name"]) from error
    return p256dh.strip(), auth.strip()


def _switches(params: Params) -> tuple[dict[str, bool], str | None]:
    """The alerts as they were sent, and the policy, which some send outside `data`."""
    data = params.table("data")
    sent = data.table("alerts")
    alerts = {kind: bool(sent.flag(kind)) for kind in ALERTS if kind in sent}
    return alerts, data.choice("policy", POLICIES) or params.choice("policy", POLICIES)


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", PATH, "person", "push", show),
    Entry("POST", PATH, "person", "push", subscribe),
    Entry("PUT PATCH", PATH, "person", "push", change),
    Entry("DELETE", PATH, "person", "push", unsubscribe),
)
