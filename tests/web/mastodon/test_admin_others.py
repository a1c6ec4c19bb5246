"""Addresses refused, trends looked at, and figures that tell of nobody, for staff."""

from datetime import UTC, datetime
from typing import Any

import pytest

from actors.email_blocks import digest
from inbox.figures import WEEK_MS, week_of
from inbox.trend_decisions import refused_links, refused_statuses, refused_tags
from tests.conftest import FakeClock
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.staff import staff
from tests.web.mastodon.test_site import _write_in

ADMIN = "/api/v1/admin"


@pytest.mark.parametrize(
    ("kind", "sent", "shown"),
    [
        ("email_domain_blocks", {"domain": "@Jetable.example"}, {"domain": "jetable.example"}),
        (
            "canonical_email_blocks",
            {"email": "N.ina+x@a.example"},
            {"canonical_email_hash": digest("nina@a.example")},
        ),
        (
            "ip_blocks",
            {"ip": "203.0.113.7/24", "severity": "no_access", "comment": "bruit"},
            {"ip": "203.0.113.0/24", "severity": "no_access", "expires_at": None},
        ),
    ],
)
async def test_addresses_are_refused_and_no_longer(
    site: Site, kind: str, sent: dict[str, Any], shown: dict[str, Any]
) -> None:
    chief, path = await staff(site), f"{ADMIN}/{kind}"
    made = (await chief.post(path, sent)).json
    if kind == "canonical_email_blocks":
        test = await chief.post(f"{path}/test", {"email": "nina@A.example"})
        assert [row["id"] for row in test.json] == [made["id"]]
        assert (await chief.post(f"{path}/test", {"email": "noe@a.example"})).json == []
    assert {name: made[name] for name in shown} == shown
    assert (await chief.post(path, sent)).json["id"] == made["id"]
    assert (await chief.get(path)).json == [made]
    assert (await chief.get(f"{path}/{made['id']}")).json == made
    assert (await chief.ask("DELETE", f"{path}/{made['id']}")).status == 200
    assert (await chief.get(path)).json == []
    assert (await chief.get(f"{path}/{made['id']}")).status == 404


async def test_a_refused_network_is_changed_at_once(site: Site) -> None:
    chief, ada = await staff(site), await site.person("ada")
    ada.address = "203.0.113.9"
    path = f"{ADMIN}/ip_blocks"
    made = (await chief.post(path, {"ip": "203.0.113.9", "severity": "no_access"})).json
    assert (await ada.get("/api/v1/timelines/home")).status == 403
    changed = await chief.ask(
        "PUT", f"{path}/{made['id']}", json={"severity": "sign_up_block", "expires_in": 60}
    )
    assert changed.json["severity"] == "sign_up_block"
    assert changed.json["expires_at"] is not None
    assert (await ada.get("/api/v1/timelines/home")).status == 200


@pytest.mark.parametrize(
    ("path", "fields", "wrong"),
    [
        ("email_domain_blocks", {"domain": "a b"}, "domain"),
        ("canonical_email_blocks", {"canonical_email_hash": "x"}, "canonical_email_hash"),
        ("canonical_email_blocks/test", {}, "email"),
        ("ip_blocks", {"ip": "300.1.1.1", "severity": "no_access"}, "ip"),
        ("ip_blocks", {"ip": "10.0.0.1"}, "severity"),
        (
            "measures",
            {"keys": ["new_users"], "start_at": "hier", "end_at": "2026-01-01"},
            "start_at",
        ),
        ("dimensions", {"keys": ["languages"], "start_at": "2026-01-01"}, "end_at"),
        ("retention", {"start_at": "2026-01-01", "end_at": "9999999"}, "end_at"),
        ("announcements", {}, "text"),
        ("announcements", {"text": "x", "starts_at": "demain"}, "starts_at"),
    ],
)
async def test_wrong_input_is_named(
    site: Site, path: str, fields: dict[str, Any], wrong: str
) -> None:
    chief = await staff(site)
    reply = await chief.post(f"{ADMIN}/{path}", fields)
    assert (reply.status, list(reply.json["details"])) == (422, [wrong]), reply.text
    assert await site.node.db.value("SELECT COUNT(*) FROM audit") == 0


async def test_trends_are_approved_and_refused(site: Site) -> None:
    chief, ada = await staff(site), await site.person("ada")
    post = (await ada.post("/api/v1/statuses", {"status": "Vive la #Sieste"})).json["id"]
    private = await ada.post("/api/v1/statuses", {"status": "#secret", "visibility": "private"})
    await chief.post(f"/api/v1/statuses/{post}/favourite")
    await site.settle()
    node = site.node
    listed = (await chief.get(f"{ADMIN}/trends/tags")).json
    assert [tag["name"] for tag in listed] == ["sieste"]
    assert listed[0]["requires_review"] is True
    tag = listed[0]["id"]
    assert (await chief.post(f"{ADMIN}/trends/tags/{tag}/reject")).json["trendable"] is False
    assert await refused_tags(node.db, [int(tag)]) == {int(tag)}
    assert (await ada.get("/api/v1/trends/tags")).json == []
    assert (await chief.post(f"{ADMIN}/trends/tags/{tag}/approve")).json["trendable"] is True
    assert await refused_tags(node.db, [int(tag)]) == set()
    assert [entry["name"] for entry in (await ada.get("/api/v1/trends/tags")).json] == ["sieste"]
    shown = (await ada.get("/api/v1/trends/statuses")).json
    assert [status["id"] for status in shown] == [post]
    changed = await chief.ask(
        "PUT", f"{ADMIN}/tags/{tag}", json={"display_name": "Sieste", "listable": False}
    )
    assert (changed.json["name"], changed.json["listable"]) == ("Sieste", False)
    assert (await chief.get(f"{ADMIN}/tags/{tag}")).json == changed.json
    wrong = await chief.ask("PUT", f"{ADMIN}/tags/{tag}", json={"display_name": "Autre"})
    assert (wrong.status, list(wrong.json["details"])) == (422, ["display_name"])
    statuses = (await chief.get(f"{ADMIN}/trends/statuses")).json
    assert [status["id"] for status in statuses] == [post]
    assert (await chief.post(f"{ADMIN}/trends/statuses/{post}/reject")).json["id"] == post
    assert await refused_statuses(node.db, [int(post)]) == {int(post)}
    assert (await ada.get("/api/v1/trends/statuses")).json == []
    for hidden in (private.json["id"], "123"):
        assert (await chief.post(f"{ADMIN}/trends/statuses/{hidden}/reject")).status == 404


async def test_links_are_refused_by_themselves_or_by_who_publishes_them(site: Site) -> None:
    chief, ada = await staff(site), await site.person("ada")
    ids: list[str] = []
    urls = ["https://journal.example/un", "https://journal.example/deux"]
    for url in urls:
        ids.append((await ada.post("/api/v1/statuses", {"status": url})).json["id"])
        await site.node.db.write(
            lambda tx, url=url: tx.execute(
                "INSERT INTO card (status_id, url, title, created_at) VALUES (?, ?, 'T', 0)",
                int(ids[-1]),
                url,
            )
        )
    listed = (await chief.get(f"{ADMIN}/trends/links")).json
    assert {link["url"] for link in listed} == set(urls)
    assert (await chief.post(f"{ADMIN}/trends/links/{ids[0]}/reject")).json["url"] == urls[0]
    assert await refused_links(site.node.db, urls) == {urls[0]}
    publishers = (await chief.get(f"{ADMIN}/trends/links/publishers")).json
    assert [entry["domain"] for entry in publishers] == ["journal.example"]
    number = publishers[0]["id"]
    await chief.post(f"{ADMIN}/trends/links/publishers/{number}/reject")
    assert await refused_links(site.node.db, urls) == set(urls)
    await chief.post(f"{ADMIN}/trends/links/{ids[0]}/approve")
    assert await refused_links(site.node.db, urls) == {urls[1]}


async def test_figures_hold_back_small_groups_and_take_no_person(
    site: Site, clock: FakeClock
) -> None:
    for number in range(12):
        await site.person(f"p{number}")
    ids = [row["id"] for row in site.people.values()]
    start = week_of(clock())
    clock.advance(5 * 7 * 86_400)
    await _write_in(site.node, start + WEEK_MS, ids[:6], "public", language="fr")
    await _write_in(site.node, start + WEEK_MS, ids[6:], "site", language="en")
    await _write_in(site.node, start + 2 * WEEK_MS, ids[:6], "public", language="fr")
    await _write_in(site.node, start + 2 * WEEK_MS, ids[6:8], "public", language="de")
    await _write_in(site.node, start + 3 * WEEK_MS, ids[:4], "public")
    chief = await staff(site)
    period = {"start_at": _iso(start), "end_at": _iso(clock())}
    keys = ["active_users", "new_users", "tag_servers", "instance_statuses", "nonsense"]
    found = (await chief.post(f"{ADMIN}/measures", {"keys": keys, **period})).json
    assert [measure["key"] for measure in found] == keys[:-1]
    active = {entry["date"]: entry["value"] for entry in found[0]["data"]}
    # Five weeks began since; two of them with five writers or more.
    assert sorted(active.values()) == ["0", "0", "0", "12", "8"]
    assert found[0]["total"] == "20"
    assert found[2] == {
        "key": "tag_servers", "unit": None, "total": "0", "previous_total": "0", "data": []
    }  # fmt: skip
    spoken = (await chief.post(f"{ADMIN}/dimensions", {"keys": ["languages"], **period})).json
    # In the second week the two who wrote German would be what the others leave.
    assert [(row["key"], row["value"]) for row in spoken[0]["data"]] == [("en", "6"), ("fr", "6")]
    versions = await chief.post(f"{ADMIN}/dimensions", {"keys": ["software_versions"], **period})
    assert versions.json[0]["data"][0]["human_key"] == "Maillage"
    one = await chief.post(
        f"{ADMIN}/measures",
        {"keys": ["active_users"], "account_id": site.id_of("p0"), **period},
    )
    assert one.json[0] == found[0]


async def test_retention_speaks_of_groups(site: Site, clock: FakeClock) -> None:
    # The clock of the tests stands in September 2026.
    for number in range(11):
        await site.person(f"p{number}")
    ids = [row["id"] for row in site.people.values()]
    clock.advance(14 * 7 * 86_400)
    october = 1_790_985_600_000 + 8 * 86_400_000
    await _write_in(site.node, october, ids[:6], "public")
    await _write_in(site.node, october + 35 * 86_400_000, ids[:9], "public")
    chief = await staff(site)
    asked = {"start_at": "2026-09-01", "end_at": "2026-12-01", "frequency": "month"}
    cohorts = (await chief.post(f"{ADMIN}/retention", asked)).json
    first = {entry["date"][:7]: (entry["value"], entry["rate"]) for entry in cohorts[0]["data"]}
    assert cohorts[0]["frequency"] == "month"
    assert first["2026-10"] == ("6", 0.55)
    # Nine of eleven would tell of the two others.
    assert first["2026-11"] == ("0", 0.0)
    days = await chief.post(f"{ADMIN}/retention", asked | {"frequency": "day"})
    assert days.json == []


def _iso(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat()
