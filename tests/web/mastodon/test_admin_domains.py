"""Domains allowed, limited and blocked by staff: what becomes of peers, people and follows."""

from typing import Any

import pytest

from federation.admission import admits, rejects_media, rejects_reports
from federation.database import Transaction
from federation.peers import allow, block
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.staff import staff

ALLOWS, BLOCKS = "/api/v1/admin/domain_allows", "/api/v1/admin/domain_blocks"
ROSES = "https://roses.example"


async def rosa(site: Site, origin: str = ROSES, number: int = 5) -> None:
    """A person at roses, who follows ada and whom ada follows."""
    ada = site.people["ada"]["id"]

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO actor (id, uri, type, origin, is_local, username, handle_host,"
            " inbox_url, created_at, updated_at) VALUES (?, ?, 'Person', ?, ?, ?, ?, ?, 0, 0)",
            number,
            f"{origin}/users/rosa",
            origin,
            False,
            f"rosa{number}",
            origin.removeprefix("https://"),
            f"{origin}/users/rosa/inbox",
        )
        for place, (follower, target) in enumerate(((number, ada), (ada, number))):
            await tx.execute(
                "INSERT INTO follow (id, follower_id, target_id, uri, state, created_at)"
                " VALUES (?, ?, ?, ?, 'accepted', 0)",
                number * 10 + place,
                follower,
                target,
                f"urn:{number}:{place}",
            )

    await site.node.db.write(work)


async def test_a_domain_is_allowed_and_no_longer(site: Site) -> None:
    chief = await staff(site)
    made = (await chief.post(ALLOWS, {"domain": "Roses.example"})).json
    assert made["domain"] == "roses.example"
    assert await admits(site.node.db, True, ROSES) == "admitted"
    assert (await chief.get(ALLOWS)).json == [made]
    assert (await chief.get(f"{ALLOWS}/{made['id']}")).json == made
    assert (await chief.ask("DELETE", f"{ALLOWS}/{made['id']}")).status == 200
    assert await admits(site.node.db, True, ROSES) == "stranger"
    assert (await chief.get(f"{ALLOWS}/{made['id']}")).status == 404


async def test_a_block_ends_follows_and_covers_what_is_under_it(site: Site) -> None:
    chief, ada = await staff(site), await site.person("ada")
    await site.node.db.write(lambda tx: allow(tx, ROSES, 0))
    await rosa(site)
    await rosa(site, "https://sous.roses.example", 6)
    made = await chief.post(
        BLOCKS,
        {"domain": "roses.example", "severity": "suspend", "private_comment": "Fuite"},
    )
    assert made.json["severity"] == "suspend"
    for origin in (ROSES, "https://sous.roses.example"):
        assert await admits(site.node.db, False, origin) == "blocked"
    assert await site.node.db.value("SELECT COUNT(*) FROM follow") == 0
    told = (await ada.get("/api/v1/notifications", types="severed_relationships")).json
    event = told[0]["event"]
    assert (event["type"], event["target_name"]) == ("domain_block", "roses.example")
    assert (event["followers_count"], event["following_count"]) == (2, 2)
    again = await chief.post(BLOCKS, {"domain": "roses.example", "severity": "noop"})
    assert (again.status, list(again.json["details"])) == (422, ["domain"])
    # What was allowed under it is admitted again only by being allowed.
    assert (await chief.ask("DELETE", f"{BLOCKS}/{made.json['id']}")).json == {}
    assert await admits(site.node.db, True, ROSES) == "stranger"
    row = await site.node.db.row("SELECT * FROM audit ORDER BY number LIMIT 1")
    assert row is not None
    assert (row["action"], row["target"], row["reason"]) == (
        "domain.suspend",
        "roses.example",
        "Fuite",
    )


@pytest.mark.parametrize("was_allowed", [True, False])
async def test_limiting_never_lets_anybody_in(site: Site, *, was_allowed: bool) -> None:
    chief, ada = await staff(site), await site.person("ada")
    if was_allowed:
        await site.node.db.write(lambda tx: allow(tx, ROSES, 0))
    await rosa(site)
    made = (await chief.post(BLOCKS, {"domain": "roses.example", "severity": "silence"})).json
    expected = "admitted" if was_allowed else "stranger"
    assert await admits(site.node.db, True, ROSES) == expected
    assert (await ada.get("/api/v1/accounts/5")).json["limited"] is True
    assert await site.node.db.value("SELECT COUNT(*) FROM follow") == 2
    changed = await chief.ask(
        "PUT", f"{BLOCKS}/{made['id']}", json={"severity": "noop", "reject_reports": True}
    )
    assert (changed.json["severity"], changed.json["reject_reports"]) == ("noop", True)
    assert "limited" not in (await ada.get("/api/v1/accounts/5")).json
    assert await rejects_reports(site.node.db, "https://sous.roses.example")
    assert not await rejects_media(site.node.db, ROSES)
    assert await admits(site.node.db, True, ROSES) == expected


async def test_what_was_decided_by_command_is_listed(site: Site) -> None:
    chief = await staff(site)

    async def work(tx: Transaction) -> None:
        await allow(tx, ROSES, 0)
        await block(tx, "https://bad.example", 0)

    await site.node.db.write(work)
    for _ in range(2):
        assert [row["domain"] for row in (await chief.get(ALLOWS)).json] == ["roses.example"]
        assert [row["domain"] for row in (await chief.get(BLOCKS)).json] == ["bad.example"]
    number = (await chief.get(BLOCKS)).json[0]["id"]
    await chief.ask("DELETE", f"{BLOCKS}/{number}")
    assert (await chief.get(BLOCKS)).json == []


@pytest.mark.parametrize(
    ("path", "fields", "wrong"),
    [
        (ALLOWS, {}, "domain"),
        (ALLOWS, {"domain": "a b"}, "domain"),
        (ALLOWS, {"domain": "javascript:alert(1)"}, "domain"),
        (BLOCKS, {"domain": "x.example", "severity": "maybe"}, "severity"),
        (BLOCKS, {"domain": "x.example", "private_comment": "x" * 2_001}, "private_comment"),
    ],
)
async def test_wrong_input_is_named(
    site: Site, path: str, fields: dict[str, Any], wrong: str
) -> None:
    chief = await staff(site)
    reply = await chief.post(path, fields)
    assert (reply.status, list(reply.json["details"])) == (422, [wrong]), reply.text
    assert await site.node.db.value("SELECT COUNT(*) FROM domain_decision") == 0


async def test_suspending_somebody_elsewhere_ends_what_tied_her_to_people_here(site: Site) -> None:
    mona, ada = await staff(site, "moderator"), await site.person("ada")
    await rosa(site)
    path = "/api/v1/admin/accounts/5"
    closed = await mona.post(f"{path}/action", {"type": "disable"})
    assert (closed.status, list(closed.json["details"])) == (422, ["type"])
    assert (await mona.post(f"{path}/action", {"type": "suspend"})).status == 200
    assert await site.node.db.value("SELECT COUNT(*) FROM follow") == 0
    event = (await ada.get("/api/v1/notifications")).json[0]["event"]
    assert (event["type"], event["target_name"]) == ("account_suspension", "rosa5@roses.example")
    found = (await mona.get("/api/v2/admin/accounts", origin="remote", status="suspended")).json
    assert [(item["domain"], item["role"]) for item in found] == [("roses.example", None)]


async def test_the_node_decides_nothing_about_itself(site: Site) -> None:
    chief = await staff(site)
    for path in (ALLOWS, BLOCKS):
        assert (await chief.post(path, {"domain": site.node.origin})).status == 403
