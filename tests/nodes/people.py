"""People at their client: what a person does and sees, by the API of her node."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson

from tests.nodes.sites import Got, Site

PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account on a site and a token for it."""

    name: str
    site: Site
    actor_uri: str
    token: str

    @property
    def handle(self) -> str:
        return f"{self.name}@{self.site.host}"

    async def call(self, method: str, path: str, *, key: str = "", **fields: Any) -> Got:
        """Call the API; the answer as it came, whatever its status."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if key:
            headers["Idempotency-Key"] = key
        options: dict[str, Any] = {"params": fields} if method == "GET" else {"json": fields}
        return await self.site.request(method, path, headers=headers, **options)

    async def ask(self, method: str, path: str, *, key: str = "", **fields: Any) -> Any:
        """Call the API and read the answer, which must be a success."""
        got = await self.call(method, path, key=key, **fields)
        assert got.status == 200, f"{method} {path}: {got.status} {got.body[:500]!r}"
        return orjson.loads(got.body)

    async def post(self, text: str, visibility: str = "private", **fields: Any) -> dict[str, Any]:
        return await self.ask(
            "POST", "/api/v1/statuses", status=text, visibility=visibility, **fields
        )

    async def delete(self, status: dict[str, Any]) -> None:
        await self.ask("DELETE", f"/api/v1/statuses/{status['id']}")

    async def find(self, other: "Person") -> str:
        """The id that another person has on the own site."""
        found = await self.ask(
            "GET", "/api/v2/search", q=f"@{other.handle}", resolve="true", type="accounts"
        )
        (account,) = found["accounts"]
        return account["id"]

    async def follow(self, other: "Person") -> None:
        await self.ask("POST", f"/api/v1/accounts/{await self.find(other)}/follow")

    async def follows(self, other: "Person") -> bool:
        account_id = await self.find(other)
        (relation,) = await self.ask("GET", "/api/v1/accounts/relationships", id=account_id)
        return relation["following"]

    async def home(self) -> list[dict[str, Any]]:
        """The whole home timeline, oldest first."""
        return await self._all("/api/v1/timelines/home")

    async def notifications(self) -> list[dict[str, Any]]:
        return await self._all("/api/v1/notifications")

    async def own(self) -> list[dict[str, Any]]:
        """All that this person has published and not taken back, oldest first."""
        me = await self.ask("GET", "/api/v1/accounts/verify_credentials")
        return await self._all(f"/api/v1/accounts/{me['id']}/statuses")

    async def _all(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        fields: dict[str, Any] = {"limit": 40}
        while page := await self.ask("GET", path, **fields):
            found += page
            fields["max_id"] = page[-1]["id"]
        return found[::-1]

    async def read_of(self, author: "Person") -> list[str]:
        """The ids of what somebody wrote, as they stand in the home timeline, oldest first."""
        return [entry["uri"] for entry in await self.home() if _is_by(entry, author)]

    async def told_of(self) -> Counter[tuple[str, str]]:
        """How often each kind of notification came, by the status or the person it is about."""
        return Counter(
            (entry["type"], (entry.get("status") or {}).get("uri") or entry["account"]["uri"])
            for entry in await self.notifications()
        )


def _is_by(entry: dict[str, Any], author: Person) -> bool:
    return entry["account"]["uri"] == author.actor_uri and entry["reblog"] is None


async def eventually(
    true: Callable[[], Awaitable[Any]], what: str, patience_s: float = PATIENCE_S
) -> Any:
    """Wait until something has come true; what it returned then."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience_s
    while True:
        found = await true()
        if found:
            return found
        assert loop.time() < deadline, f"not within {patience_s:g} s: {what}"
        await asyncio.sleep(0.05)
