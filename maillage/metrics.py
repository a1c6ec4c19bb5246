"""What a monitoring system reads, in the text form of Prometheus; off unless it is asked for.

Served on an address of its own, or to who shows the token; never by the address of who asks,
since behind a proxy everybody has the same one.
"""

import hmac
from collections.abc import Awaitable, Callable, Mapping

from starlette.types import Receive, Scope, Send

from federation.node import Node

DAY_MS = 86_400_000
TEXT = [(b"content-type", b"text/plain; version=0.0.4; charset=utf-8")]

Counts = Mapping[tuple[str, int], int]
ASGI = Callable[[Scope, Receive, Send], Awaitable[None]]


async def metrics_text(node: Node, requests: Counts) -> str:
    """All figures now: queues and their ages, outcomes of the last day, requests since start."""
    since = node.clock() - DAY_MS
    lines = [
        *await _queue(node, "activity", "maillage_inbox"),
        *await _queue(node, "delivery", "maillage_delivery"),
        *await _outcomes(
            node,
            "maillage_activities_last_day",
            "Activities of the last 24 hours by outcome.",
            "SELECT progress AS a, COALESCE(outcome_code, '') AS b, count(*) AS n FROM activity"
            " WHERE created_at > ? GROUP BY progress, outcome_code",
            since,
            ("progress", "outcome"),
        ),
        *await _outcomes(
            node,
            "maillage_deliveries_last_day",
            "Deliveries of the last 24 hours by result.",
            "SELECT progress AS a, COALESCE(last_error, '') AS b, count(*) AS n FROM delivery"
            " WHERE created_at > ? GROUP BY progress, last_error",
            since,
            ("progress", "reason"),
        ),
        "# HELP maillage_requests_total Requests answered since the start.",
        "# TYPE maillage_requests_total counter",
        *(
            f'maillage_requests_total{{area="{area}",status="{status}"}} {count}'
            for (area, status), count in sorted(requests.items())
        ),
    ]
    return "\n".join(lines) + "\n"


async def _queue(node: Node, table: str, name: str) -> list[str]:
    row = await node.db.row(
        f"SELECT count(*) AS n, min(created_at) AS oldest FROM {table} WHERE progress = 'pending'"
    )
    count, oldest = (0, None) if row is None else (row["n"], row["oldest"])
    age_s = 0.0 if oldest is None else max(0, node.clock() - oldest) / 1000
    return [
        f"# HELP {name}_pending Rows of the {table} queue that wait.",
        f"# TYPE {name}_pending gauge",
        f"{name}_pending {count}",
        f"# HELP {name}_oldest_seconds How long the oldest of them has waited.",
        f"# TYPE {name}_oldest_seconds gauge",
        f"{name}_oldest_seconds {age_s:.3f}",
    ]


async def _outcomes(
    node: Node, name: str, help_text: str, sql: str, since: int, labels: tuple[str, str]
) -> list[str]:
    rows = await node.db.rows(sql, since)
    return [
        f"# HELP {name} {help_text}",
        f"# TYPE {name} gauge",
        *(
            f'{name}{{{labels[0]}="{_escaped(row["a"])}",{labels[1]}="{_escaped(row["b"])}"}}'
            f" {row['n']}"
            for row in rows
        ),
    ]


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")[:100]


class Metrics:
    """Serves the figures: to everybody on its own address, elsewhere to who has the token."""

    def __init__(self, node: Node, requests: Counts, token: str | None) -> None:
        self._node = node
        self._requests = requests
        self._token = token

    def in_front_of(self, app: ASGI) -> ASGI:
        """`app` with /metrics before it, for requests that show the token."""
        token = self._token
        if token is None:
            return app
        expected = f"Bearer {token}".encode()

        async def gate(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["path"] != "/metrics":
                await app(scope, receive, send)
                return
            shown = next((v for k, v in scope["headers"] if k == b"authorization"), b"")
            if hmac.compare_digest(shown, expected):
                await self._answer(send)
            else:
                await _send(send, 404, b"Not found\n")

        return gate

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        """Answer on the address of its own."""
        if scope["type"] == "http" and scope["path"] == "/metrics":
            await self._answer(send)
        elif scope["type"] == "http":
            await _send(send, 404, b"Not found\n")

    async def _answer(self, send: Send) -> None:
        await _send(send, 200, (await metrics_text(self._node, self._requests)).encode())


async def _send(send: Send, status: int, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": TEXT})
    await send({"type": "http.response.body", "body": body})
