"""What a node says of itself, and how it says that something went wrong."""

from typing import Any

import orjson

from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.seen import check


async def instance_of(site: Site) -> tuple[dict[str, Any], dict[str, Any]]:
    nobody = site.client()
    second = (await nobody.get("/api/v2/instance")).json
    first = (await nobody.get("/api/v1/instance")).json
    check("InstanceV2", second)
    check("InstanceV1", first)
    assert second["configuration"]["limited_federation"] is site.node.is_closed
    assert first["uri"] == site.node.host
    assert first["version"] == second["version"] == "4.5.0 (compatible; Maillage 0.1.0)"
    return first, second


async def test_a_closed_node_describes_itself_without_its_size(site: Site) -> None:
    await site.person("ada")
    first, second = await instance_of(site)
    assert first["stats"] == {"user_count": 0, "status_count": 0, "domain_count": 0}
    assert second["usage"]["users"]["active_month"] == 0


async def test_an_open_node_describes_itself(open_site: Site) -> None:
    for name in ("ada", "ben", "carl", "dora"):
        await open_site.person(name)
    first, _ = await instance_of(open_site)
    # Fewer than five people are not counted in public.
    assert first["stats"]["user_count"] == 0
    await open_site.person("eve")
    first, _ = await instance_of(open_site)
    assert first["stats"]["user_count"] == 5


async def test_errors(site: Site) -> None:
    ada = await site.person("ada")
    for reply in (
        await site.client().get("/api/v1/timelines/home"),
        await ada.get("/api/v1/statuses/1"),
        await ada.post("/api/v1/statuses", {}),
        await ada.ask(
            "POST", "/api/v1/statuses", body=b"{", headers={"content-type": "application/json"}
        ),
        await ada.get("/api/v1/nothing"),
        await ada.ask("PUT", "/api/v1/statuses/1", json={}),
        await ada.get("/api/v9"),
    ):
        assert reply.status >= 400
        assert reply.headers["content-type"].startswith("application/json")
        check("Error", orjson.loads(reply.body))
