"""Reports in the hands of staff: what is shown of them, to whom, and what can be done."""

from typing import Any

from tests.web.mastodon.conftest import Site
from tests.web.mastodon.staff import staff

R = "/api/v1/admin/reports"


async def reported(site: Site, visibility: str = "public") -> tuple[str, str]:
    """A report by ada of a status of ben; their ids."""
    ada, ben = await site.person("ada"), await site.person("ben")
    await site.follow(ada, "ben")
    status = await ben.post("/api/v1/statuses", {"status": "Bof", "visibility": visibility})
    status_id = status.json["id"]
    sent = {"account_id": site.id_of("ben"), "status_ids": [status_id], "rule_ids": ["1"]}
    reply = await ada.post("/api/v1/reports", sent | {"comment": "Lisez"})
    return reply.json["id"], status_id


async def test_a_report_is_worked_on_from_end_to_end(site: Site) -> None:
    mona = await staff(site, "moderator")
    report_id, status_id = await reported(site)
    listed = (await mona.get(R)).json
    assert [item["id"] for item in listed] == [report_id]
    one = (await mona.get(f"{R}/{report_id}")).json
    assert one == listed[0]
    assert (one["account"]["username"], one["target_account"]["username"]) == ("ada", "ben")
    assert one["target_account"]["account"]["acct"] == "ben"
    assert (one["category"], one["comment"], one["action_taken"]) == ("violation", "Lisez", False)
    assert [rule["id"] for rule in one["rules"]] == ["1"]
    assert [status["id"] for status in one["statuses"]] == [status_id]
    assert one["assigned_account"] is one["action_taken_by_account"] is None

    async def post(deed: str, body: Any = None) -> Any:
        return (await mona.post(f"{R}/{report_id}/{deed}", body)).json

    assert (await post("assign_to_self"))["assigned_account"]["username"] == "le_moderator"
    assert (await post("unassign"))["assigned_account"] is None
    changed = await mona.ask("PUT", f"{R}/{report_id}", json={"category": "spam"})
    assert (changed.json["category"], changed.json["rules"]) == ("spam", [])
    assert (await post("resolve"))["action_taken_by_account"]["username"] == "le_moderator"
    assert (await mona.get(R)).json == []
    assert [item["id"] for item in (await mona.get(R, resolved="true")).json] == [report_id]
    assert (await post("reopen"))["action_taken_at"] is None
    # A decision about the person closes the report that led to it.
    acted = await mona.post(
        f"/api/v1/admin/accounts/{site.id_of('ben')}/action",
        {"type": "none", "report_id": report_id, "text": "Attention"},
    )
    assert acted.status == 200
    assert (await mona.get(f"{R}/{report_id}")).json["action_taken"] is True
    actions = await site.node.db.rows("SELECT action FROM audit ORDER BY number")
    assert [row["action"] for row in actions] == [
        "report.assign",
        "report.unassign",
        "report.update",
        "report.resolve",
        "report.reopen",
        "account.none",
    ]


async def test_a_private_post_is_shown_to_who_took_the_report_alone(site: Site) -> None:
    """SEC-161."""
    mona, chief = await staff(site, "moderator"), await staff(site)
    report_id, status_id = await reported(site, "private")
    for client in (mona, chief):
        assert (await client.get(f"{R}/{report_id}")).json["statuses"] == []
    taken = (await mona.post(f"{R}/{report_id}/assign_to_self")).json
    assert [status["id"] for status in taken["statuses"]] == [status_id]
    assert (await chief.get(f"{R}/{report_id}")).json["statuses"] == []
    assert (await mona.get(f"/api/v1/statuses/{status_id}")).status == 404
    closed = (await mona.post(f"{R}/{report_id}/resolve")).json
    assert closed["statuses"] == []


async def test_reports_are_found_by_who_and_about_whom(site: Site) -> None:
    mona = await staff(site, "moderator")
    report_id, _ = await reported(site)
    for query, found in (
        ({"account_id": site.id_of("ada")}, [report_id]),
        ({"account_id": site.id_of("ben")}, []),
        ({"target_account_id": site.id_of("ben")}, [report_id]),
        ({"max_id": report_id}, []),
        ({"since_id": report_id}, []),
    ):
        assert [item["id"] for item in (await mona.get(R, **query)).json] == found, query
    assert (await mona.get(f"{R}/123")).status == 404
    wrong = await mona.ask("PUT", f"{R}/{report_id}", json={"category": "nonsense"})
    assert (wrong.status, list(wrong.json["details"])) == (422, ["category"])
    other = await mona.post(
        f"/api/v1/admin/accounts/{site.id_of('ada')}/action",
        {"type": "none", "report_id": report_id},
    )
    assert other.status == 404


async def test_who_protects_data_reads_reports_and_decides_nothing(site: Site) -> None:
    guard = await staff(site, "protection")
    report_id, _ = await reported(site)
    assert (await guard.get(f"{R}/{report_id}")).status == 200
    assert (await guard.post(f"{R}/{report_id}/resolve")).status == 403
