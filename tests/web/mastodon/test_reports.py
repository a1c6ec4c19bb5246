"""Reporting: what may be part of a report, who hears of it, and what leaves the node."""

from typing import Any

import orjson
import pytest

from federation.database import Transaction
from federation.peers import allow
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site

REPORTS = "/api/v1/reports"


async def post(client: Client, text: str, visibility: str = "public") -> str:
    return (await client.post("/api/v1/statuses", {"status": text, "visibility": visibility})).json[
        "id"
    ]


async def test_a_report_is_answered_in_full_and_told_to_moderators_alone(site: Site) -> None:
    ada, ben = await site.person("ada"), await site.person("ben")
    await site.person("mona", role="moderator")
    await site.person("tess", role="technical")
    status_id = await post(ben, "Bof")
    reply = await ada.post(
        REPORTS,
        {
            "account_id": site.id_of("ben"),
            "status_ids": [status_id],
            "comment": "Trop fort",
            "category": "violation",
            "rule_ids": ["1", "2"],
        },
    )
    assert reply.status == 200, reply.text
    entity = reply.json
    assert entity["target_account"]["acct"] == "ben"
    assert (entity["status_ids"], entity["rule_ids"]) == ([status_id], ["1", "2"])
    assert (entity["category"], entity["comment"]) == ("violation", "Trop fort")
    assert (entity["action_taken"], entity["action_taken_at"]) == (False, None)
    assert entity["forwarded"] is False
    told = await site.node.db.rows("SELECT * FROM notification WHERE type = 'admin.report'")
    assert [(row["recipient_id"], row["status_id"]) for row in told] == [
        (site.people["mona"]["id"], int(entity["id"]))
    ]


async def test_nothing_that_the_reporter_may_not_see_is_part_of_a_report(site: Site) -> None:
    """SEC-161."""
    ada, ben, eve = [await site.person(name) for name in ("ada", "ben", "eve")]
    hidden = await post(ben, "entre nous", "private")
    others = await post(eve, "à moi")
    for status_id in (hidden, others, "123"):
        reply = await ada.post(
            REPORTS, {"account_id": site.id_of("ben"), "status_ids": [status_id]}
        )
        assert (reply.status, reply.json) == (404, {"error": "Record not found"})
    assert await site.node.db.value("SELECT COUNT(*) FROM report") == 0
    await site.follow(ada, "ben")
    seen = await ada.post(REPORTS, {"account_id": site.id_of("ben"), "status_ids": [hidden]})
    assert seen.json["status_ids"] == [hidden]


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("account_id", {}),
        ("account_id", {"account_id": "x"}),
        ("comment", {"comment": "x" * 1_001}),
        ("comment", {"comment": ["x"]}),
        ("category", {"category": "<script>"}),
        ("rule_ids", {"rule_ids": ["99"]}),
        ("status_ids", {"status_ids": [str(number) for number in range(1, 60)]}),
        ("forward", {"forward": "perhaps"}),
    ],
)
async def test_wrong_input_names_its_field_and_stores_nothing(
    site: Site, field: str, fields: dict[str, Any]
) -> None:
    ada = await site.person("ada")
    await site.person("ben")
    sent = fields if field == "account_id" else {"account_id": site.id_of("ben"), **fields}
    reply = await ada.post(REPORTS, sent)
    assert reply.status == 422, reply.text
    assert list(reply.json["details"]) == [field]
    assert await site.node.db.value("SELECT COUNT(*) FROM report") == 0
    oneself = await ada.post(REPORTS, {"account_id": site.id_of("ada")})
    assert (oneself.status, list(oneself.json["details"])) == (422, ["account_id"])
    absent = await ada.post(REPORTS, {"account_id": "123"})
    assert absent.status == 404


async def test_a_report_is_passed_on_by_the_node_when_wished(site: Site) -> None:
    ada = await site.person("ada")
    origin = "https://roses.example"

    async def work(tx: Transaction) -> None:
        await allow(tx, origin, site.node.clock())
        await tx.execute(
            "INSERT INTO actor (id, uri, type, origin, is_local, username, handle_host,"
            " inbox_url, created_at, updated_at) VALUES (5, ?, 'Person', ?, ?, 'rosa',"
            " 'roses.example', ?, 0, 0)",
            f"{origin}/users/rosa",
            origin,
            False,
            f"{origin}/users/rosa/inbox",
        )

    await site.node.db.write(work)
    for forward in (False, True):
        reply = await ada.post(
            REPORTS, {"account_id": "5", "comment": "Regardez", "forward": forward}
        )
        assert reply.json["forwarded"] is forward, reply.text
        rows = await site.node.db.rows("SELECT * FROM activity WHERE type = 'Flag'")
        assert len(rows) == int(forward)
    flag = orjson.loads(rows[0]["body"])
    assert flag["actor"] == site.node.uris.instance_actor
    assert (flag["object"], flag["content"]) == ([f"{origin}/users/rosa"], "Regardez")
    assert site.people["ada"]["uri"] not in rows[0]["body"].decode()
    sent = await site.node.db.rows("SELECT inbox_url FROM delivery")
    assert [row["inbox_url"] for row in sent] == [f"{origin}/users/rosa/inbox"]
