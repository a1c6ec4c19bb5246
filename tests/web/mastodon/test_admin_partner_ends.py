"""The emergency stop and the end of an agreement by the API: seen first, done, and proved."""

from typing import Any

import pytest

from inbox.partings import last_parting
from inbox.purging import purge_once
from tests.conftest import Start
from tests.nodes.partners import becomes, paired
from tests.serving import Running, eventually
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.described import OPENAPI
from tests.web.mastodon.staff import staff
from tests.web.mastodon.test_admin_partners import Caller
from web.mastodon.admin.partners import PATH

SCHEMAS: dict[str, Any] = OPENAPI["components"]["schemas"]


@pytest.fixture
async def partners(start_node: Start) -> tuple[Running, Running]:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other)
    return one, other


def host_of(at: Running) -> str:
    return at.origin.partition("://")[2]


async def test_an_end_is_seen_before_done_and_proved(partners: tuple[Running, Running]) -> None:
    one, other = partners
    chief, host = await Caller.of(one), host_of(other)
    seen = await chief.get(f"/{host}/end")
    assert set(seen) == set(SCHEMAS["Consequences"]["properties"])
    assert (seen["they_hold"], seen["we_hold"], seen["we_keep"]) == (0, 0, False)
    assert any("30" in line for line in seen["words"]), "how long backups last"
    assert (await chief.get(f"/{host}"))["state"] == "active"
    assert (await chief.post(f"/{host}/end"))["state"] == "ended"
    early = await chief.get(f"/{host}/proof")
    assert set(early) == set(SCHEMAS["PartingProof"]["properties"])
    assert early["their_receipt"] is None
    await becomes(other, one, "ended")
    await purge_once(one.node)
    await purge_once(other.node)

    async def both() -> bool:
        found = await last_parting(one.node.db, other.origin)
        return found.our_receipt is not None and found.their_receipt is not None

    await eventually(both)
    proof = await chief.get(f"/{host}/proof")
    assert set(proof["their_receipt"]) == set(SCHEMAS["Receipt"]["properties"])
    assert (proof["state"], proof["ended_by"]) == ("done", one.origin)
    text = "\n".join(proof["words"])
    assert "Les Tilleuls" in text
    assert "Les Roses" in text
    assert proof["digest"] in text
    assert "sauvegardes" in text, "what the end cannot reach"


async def test_a_stop_by_the_api(partners: tuple[Running, Running]) -> None:
    one, other = partners
    chief, host = await Caller.of(one), host_of(other)
    assert await chief.get("/stops") == []
    (stop,) = await chief.post(f"/{host}/stop")
    assert set(stop) == set(SCHEMAS["Stop"]["properties"])
    assert (stop["host"], stop["origin"]) == (host, other.origin)
    assert len(await chief.post("/stop")) == 2
    assert [one["host"] for one in await chief.get("/stops")] == ["*", host]
    await chief.post(f"/{host}/resume", status=403)
    assert [one["host"] for one in await chief.post("/resume")] == [host]
    assert (await chief.post(f"/{host}/resume"))["state"] == "active"
    assert await chief.get("/stops") == []
    await chief.post("/resume", status=403)


async def test_who_may_not_and_what_is_not_there(site: Site) -> None:
    chief = await staff(site)
    for path in ("127.0.0.1:9/end", "127.0.0.1:9/proof", "pas%20un/proof"):
        assert (await chief.get(f"{PATH}/{path}")).status == 404, path
    assert (await chief.post(f"{PATH}/127.0.0.1:9/stop")).status == 404
    for role in ("moderator", "technical", "member"):
        nobody = await staff(site, role)
        assert (await nobody.post(f"{PATH}/stop")).status == 403, role
        assert (await nobody.get(f"{PATH}/stops")).status == 403, role
        assert (await nobody.get(f"{PATH}/127.0.0.1:9/proof")).status == 403, role
    assert await site.node.db.value("SELECT COUNT(*) FROM stopped") == 0
