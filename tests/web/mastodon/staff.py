"""People of staff as the tests meet them."""

from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site

SCOPES = "read write follow admin:read admin:write"


async def staff(site: Site, role: str = "administrator", name: str = "") -> Client:
    """A client of somebody with this role, who is called like it."""
    return await site.person(name or f"le_{role}", SCOPES, role=role)
