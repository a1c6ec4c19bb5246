"""The organisation by the API: for who may manage partners, and refused by field."""

from typing import Any

import pytest

from federation.organisations import own_organisation
from tests.conftest import Start
from tests.nodes.organisations import joined
from tests.nodes.partners import becomes, paired, state_of
from tests.serving import Running, eventually
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.described import check
from tests.web.mastodon.staff import staff
from web.mastodon.admin.organisation import PATH

PARTNERS = "/api/maillage/v1/partners"


async def test_only_who_manages_partners_founds_an_organisation(site: Site) -> None:
    chief = await staff(site)
    assert (await chief.get(PATH)).status == 404
    for role in ("moderator", "technical", "member"):
        nobody = await staff(site, role)
        assert (await nobody.get(PATH)).status == 403
        assert (await nobody.post(PATH, {"name": "À moi"})).status == 403
    assert await own_organisation(site.node.db) is None
    made = await chief.post(PATH, {"name": "Les Deux Rives"})
    assert made.status == 200
    check("POST", PATH, made.json)
    assert (made.json["name"], made.json["is_lead"], made.json["number"]) == (
        "Les Deux Rives",
        True,
        1,
    )
    assert [one["state"] for one in made.json["sites"]] == ["own"]
    check("GET", PATH, (await chief.get(PATH)).json)
    assert (await chief.post(PATH, {"name": "Encore"})).status == 403
    assert (await chief.post(f"{PATH}/leave", {})).json == {}
    assert (await chief.get(PATH)).status == 404


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("", {}, "name"),
    ("", {"name": "  "}, "name"),
    ("", {"name": "x" * 201}, "name"),
    ("/invitations", {}, "host"),
    ("/invitations", {"host": "pas un hôte"}, "host"),
    ("/look", {}, "code"),
    ("/look", {"code": "AAAA-BBBB"}, "code"),
    ("/join", {"code": "x", "safety_number": "1"}, "code"),
]


@pytest.mark.parametrize(("path", "sent", "field"), WRONG)
async def test_what_is_wrong_is_named_by_its_field(
    site: Site, path: str, sent: dict[str, Any], field: str
) -> None:
    chief = await staff(site)
    answer = await chief.post(PATH + path, sent)
    assert answer.status == 422, answer.json
    assert field in answer.json["details"]
    for table in ("organisation", "invitation_to_pair", "partnership"):
        assert await site.node.db.value(f"SELECT count(*) FROM {table}") == 0


async def test_without_an_organisation_nothing_is_done_in_it(site: Site) -> None:
    chief = await staff(site)
    for path in ("/leave", "/sites/127.0.0.1:9/remove"):
        assert (await chief.post(PATH + path, {})).status == 404
    assert (await chief.post(f"{PATH}/invitations", {"host": "127.0.0.1:9"})).status == 404
    await chief.post(PATH, {"name": "Les Deux Rives"})
    assert (await chief.post(f"{PATH}/sites/127.0.0.1:9/remove", {})).status == 404


async def test_a_proposed_site_is_refused_by_the_api(start_node: Start) -> None:
    port, lead = await start_node(name="Le Port"), await start_node(name="Les Tilleuls")
    roses = await start_node(name="Les Roses")
    chief, here = await Caller.of(lead), await Caller.of(port)
    await chief.post(PATH, name="Les Deux Rives")
    await paired(lead, port)
    await joined(lead, roses)
    host = _host(roses)

    async def state() -> str:
        found = await here.get(f"{PATH}/proposed")
        check("GET", f"{PATH}/proposed", found)
        return next((one["state"] for one in found if one["host"] == host), "")

    async def is_proposed() -> bool:
        return await state() == "proposed"

    await eventually(is_proposed)
    assert await here.post(f"{PATH}/proposed/{host}/refuse") == {}
    assert await state() == "refused"
    await here.post(f"{PATH}/proposed/{_host(lead)}/refuse", status=403)
    await here.post(f"{PATH}/proposed/127.0.0.1:9/refuse", status=404)
    number = (await here.get(f"{PATH}/proposed"))[0]["safety_number"]
    await here.post(f"{PATH}/proposed/{host}/confirm", safety_number=number)
    assert await state() == "offered"
    await here.post(f"{PATH}/proposed/{host}/refuse", status=403)


async def test_a_site_joins_by_the_api(start_node: Start) -> None:
    lead, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    chief, there = await Caller.of(lead), await Caller.of(other)
    await chief.post(PATH, name="Les Deux Rives")
    host = other.origin.partition("://")[2]
    code = (await chief.post(f"{PATH}/invitations", host=host))["code"]
    seen = await there.post(f"{PATH}/look", code=code)
    check("POST", f"{PATH}/look", seen)
    assert (seen["name"], seen["lead"]["name"]) == ("Les Deux Rives", "Les Tilleuls")
    wrong = await there.post(f"{PATH}/join", status=422, code=code, safety_number="1" * 60)
    assert "safety_number" in wrong["details"]
    assert await state_of(other, lead) is None
    number = seen["lead"]["safety_number"]
    asked = await there.post(f"{PATH}/join", code=code, safety_number=number)
    check("POST", f"{PATH}/join", asked)
    assert asked["state"] == "offered"
    shown = await chief.post(f"{PARTNERS}/{host}/confirm", safety_number=number)
    assert (shown["kind"], shown["state"]) == ("site", "active")
    await becomes(other, lead, "active")

    async def whole() -> bool:
        return (await there.get(PATH))["number"] == 2

    await eventually(whole)
    found = await there.get(PATH)
    assert {one["name"]: one["state"] for one in found["sites"]} == {
        "Les Tilleuls": "active",
        "Les Roses": "own",
    }
    assert (await there.post(f"{PARTNERS}/{_host(lead)}/narrow", status=403))["error"]
    left = await chief.post(f"{PATH}/sites/{host}/remove")
    assert [one["name"] for one in left["sites"]] == ["Les Tilleuls"]
    await becomes(other, lead, "ended")


def _host(at: Running) -> str:
    return at.origin.partition("://")[2]


class Caller:
    """A person who manages partners at a running node."""

    def __init__(self, at: Running, token: str) -> None:
        self._at = at
        self._headers = {"Authorization": f"Bearer {token}"}

    @classmethod
    async def of(cls, at: Running) -> "Caller":
        made = Site(at.node, None)
        await made.person("chef", "read", role="administrator")
        return cls(at, await made.token("chef", "admin:read admin:write"))

    async def get(self, path: str) -> Any:
        async with self._at.http.get(self._at.origin + path, headers=self._headers) as got:
            assert got.status == 200, await got.text()
            return await got.json()

    async def post(self, path: str, status: int = 200, **sent: Any) -> Any:
        url = self._at.origin + path
        async with self._at.http.post(url, json=sent, headers=self._headers) as got:
            assert got.status == status, await got.text()
            return await got.json()
