"""A push service on a port of its own: keeps what it is sent, and answers as it is told."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

from tests.federation.subscriber import Subscriber


@dataclass
class PushService:
    """Endpoints for one device that can read its messages."""

    origin: str = ""
    status: int = 201
    device: Subscriber = field(default_factory=Subscriber)
    requests: list[tuple[str, dict[str, str], bytes]] = field(
        default_factory=list[tuple[str, dict[str, str], bytes]]
    )

    async def take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append((request.path, headers, await request.read()))
        return web.Response(status=self.status)

    def asked(self, **more: Any) -> dict[str, Any]:
        """What an application sends to subscribe this device."""
        return {
            "subscription": {
                "endpoint": f"{self.origin}/device/1",
                "keys": self.device.keys,
                "standard": True,
            },
            "data": {"alerts": {"mention": True, "favourite": True, "follow": False}},
        } | more

    def messages(self) -> list[dict[str, Any]]:
        """All that came, decrypted."""
        return [orjson.loads(self.device.read(body, headers)) for _, headers, body in self.requests]
