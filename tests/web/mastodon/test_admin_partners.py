"""Agreements by the API: for who may manage partners, and refused by field."""

from typing import Any

import pytest

from federation.scopes import CHOICES, Scope
from federation.site_documents import fetch_site
from inbox.pairing import safety_number_with
from tests.conftest import Start
from tests.nodes.partners import invited, state_of
from tests.serving import Running, eventually
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.described import OPENAPI, OWN
from tests.web.mastodon.staff import staff
from web.mastodon.admin.partners import PATH
from web.mastodon.routes import TABLE


@pytest.fixture
async def other(start_node: Start) -> Running:
    return await start_node(name="Les Roses")


async def test_an_invitation_is_given_to_who_manages_partners(site: Site) -> None:
    chief = await staff(site)
    made = await chief.post(f"{PATH}/invitations", {"host": "127.0.0.1:9999"})
    assert made.status == 200
    assert made.json["host"] == "127.0.0.1:9999"
    assert len(made.json["code"]) > 60
    for role in ("moderator", "technical", "member"):
        nobody = await staff(site, role)
        refused = await nobody.post(f"{PATH}/invitations", {"host": "127.0.0.1:9999"})
        assert refused.status == 403
        assert (await nobody.get(PATH)).status == 403
    assert (await chief.get(PATH)).json == []


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("/invitations", {}, "host"),
    ("/invitations", {"host": "pas un hôte"}, "host"),
    ("/invitations", {"host": "127.0.0.1:8471"}, "host"),
    ("/invitations", {"host": "127.0.0.1:9", "grants": {"everything": True}}, "everything"),
    ("/invitations", {"host": "127.0.0.1:9", "grants": {"follow": "always"}}, "follow"),
    ("/invitations", {"host": "127.0.0.1:9", "grants": {"backfillDays": -1}}, "backfillDays"),
    ("/look", {"code": "AAAA-BBBB"}, "code"),
    ("/look", {}, "code"),
    ("", {"code": "x", "safety_number": "1"}, "code"),
]


@pytest.mark.parametrize(("path", "sent", "field"), WRONG)
async def test_what_is_wrong_is_named_by_its_field(
    site: Site, path: str, sent: dict[str, Any], field: str
) -> None:
    chief = await staff(site)
    answer = await chief.post(PATH + path, sent)
    assert answer.status == 422, answer.json
    assert any(field in name for name in answer.json["details"])
    count = "SELECT count(*) FROM {}"
    assert await site.node.db.value(count.format("invitation_to_pair")) == 0
    assert await site.node.db.value(count.format("partnership")) == 0


async def test_unknown_partners_are_not_there(site: Site) -> None:
    chief = await staff(site)
    for act in ("confirm", "narrow", "renew", "pause", "resume", "end", "probe"):
        answer = await chief.post(f"{PATH}/127.0.0.1:9/{act}", {"safety_number": "1"})
        assert answer.status == 404, act
    assert (await chief.get(f"{PATH}/127.0.0.1:9")).status == 404


def test_the_description_names_every_path_and_field() -> None:
    paths = {(method, path) for path, methods in OPENAPI["paths"].items() for method in methods}
    own = [entry for entry in TABLE if entry.path.startswith(OWN)]
    assert paths == {(entry.methods.split()[0].lower(), entry.path) for entry in own}
    schemas = OPENAPI["components"]["schemas"]
    assert set(schemas["Scope"]["properties"]) == set(Scope().document())
    for name, choices in CHOICES.items():
        known = schemas["Scope"]["properties"][name].get("enum", [False, True])
        assert tuple(known) == choices


async def test_two_sites_agree_by_the_api(start_node: Start, other: Running) -> None:
    one = await start_node(name="Les Tilleuls")
    code = await invited(one, other.origin, Scope())
    chief = await Caller.of(other)
    seen = await chief.post("/look", code=code)
    assert (seen["name"], seen["origin"]) == ("Les Tilleuls", one.origin)
    refused = await chief.post("", status=422, code=code, safety_number="12345 " * 12)
    assert "safety_number" in refused["details"]
    assert await state_of(other, one) is None
    offered = await chief.post("", code=code, safety_number=seen["safety_number"])
    assert (offered["state"], offered["waits_for_you"]) == ("offered", False)
    here, host = await Caller.of(one), other.origin.partition("://")[2]
    shown = await here.get(f"/{host}")
    assert (shown["state"], shown["waits_for_you"]) == ("asked", True)
    assert shown["safety_number"] == seen["safety_number"]
    wrong = await here.post(f"/{host}/confirm", status=422, safety_number="0")
    assert "safety_number" in wrong["details"]
    site = await fetch_site(one.node.client, other.origin)
    number = await safety_number_with(one.node, other.origin, site.fingerprint)
    active = await here.post(f"/{host}/confirm", safety_number=number)
    schemas = OPENAPI["components"]["schemas"]
    assert set(active) == set(schemas["Partner"]["properties"])
    assert set(seen) == set(schemas["Site"]["properties"])
    assert active["state"] == "active"

    async def agreed() -> bool:
        return await state_of(other, one) == "active"

    await eventually(agreed)
    probed = await here.post(f"/{host}/probe")
    assert [check["is_green"] for check in probed["checks"]] == [True] * 8
    narrowed = await here.post(f"/{host}/narrow", grants={"backfillDays": 5})
    assert narrowed["grants"]["backfillDays"] == 5
    wider = await here.post(f"/{host}/narrow", status=422, grants={"backfillDays": 6})
    assert "scope" in wider["details"]
    assert (await here.post(f"/{host}/pause"))["state"] == "paused"
    assert (await here.post(f"/{host}/resume"))["state"] == "active"
    assert (await here.post(f"/{host}/end"))["state"] == "ended"


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
        async with self._at.http.get(self._at.origin + PATH + path, headers=self._headers) as got:
            assert got.status == 200, await got.text()
            return await got.json()

    async def post(self, path: str, status: int = 200, **sent: Any) -> Any:
        url = self._at.origin + PATH + path
        async with self._at.http.post(url, json=sent, headers=self._headers) as got:
            assert got.status == status, await got.text()
            return await got.json()
