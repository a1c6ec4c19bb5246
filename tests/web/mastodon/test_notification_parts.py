"""Notifications that are about no status: reports, severed relations, warnings by staff."""

from typing import Any

from federation.database import Transaction
from federation.events import Event
from inbox.notifications import notify, notify_severed, notify_warned
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.seen import check


async def only(client: Client, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The one notification of a kind, flat and as a group."""
    (flat,) = (await client.get("/api/v1/notifications", **{"types[]": kind})).json
    grouped = (await client.get("/api/v2/notifications", **{"types[]": kind})).json
    (group,) = grouped["notification_groups"]
    assert group["most_recent_notification_id"] == int(flat["id"])
    assert "status_id" not in group
    assert "status" not in flat
    return flat, group


async def test_a_report_is_shown_to_those_who_may_read_it(site: Site) -> None:
    eve = await site.person("eve")
    mod = await site.person("mod", role="moderator")
    await site.person("bob")
    await eve.post("/api/v1/reports", {"account_id": site.id_of("bob"), "comment": "Bruit"})
    flat, group = await only(mod, "admin.report")
    check("Report", flat["report"])
    assert flat["report"] == group["report"]
    assert (flat["account"]["username"], flat["report"]["comment"]) == ("eve", "Bruit")
    assert (await mod.get(f"/api/v1/notifications/{flat['id']}")).status == 200
    # Whoever loses the role loses what it showed.
    await site.node.db.write(
        lambda tx: tx.execute(
            "UPDATE account SET role = 'technical' WHERE actor_id = ?", site.people["mod"]["id"]
        )
    )
    again = await site.person("mod")
    assert (await again.get("/api/v1/notifications")).json == []
    assert (await again.get("/api/v2/notifications")).json["notification_groups"] == []
    assert (await again.get(f"/api/v1/notifications/{flat['id']}")).status == 404
    assert (await again.get(f"/api/v2/notifications/{flat['group_key']}")).status == 404
    assert (await again.get(f"/api/v2/notifications/{flat['group_key']}/accounts")).json == []


async def test_new_accounts_are_shown_to_those_who_manage_people(site: Site) -> None:
    chief = await site.person("chief", role="administrator")
    member = await site.person("member")
    newcomers = [await site.person(name) and site.people[name]["id"] for name in ("bob", "eve")]

    async def say(tx: Transaction) -> None:
        for newcomer in newcomers:
            for reader in ("chief", "member"):
                reader_id = site.people[reader]["id"]
                await notify(site.node, tx, reader_id, "admin.sign_up", newcomer)

    await site.node.db.write(say)
    (group,) = (await chief.get("/api/v2/notifications")).json["notification_groups"]
    assert (group["type"], group["notifications_count"]) == ("admin.sign_up", 2)
    assert group["group_key"].startswith("admin.sign_up-")
    assert (await member.get("/api/v1/notifications")).json == []


async def test_what_was_decided_about_oneself(site: Site) -> None:
    ada, eve = await site.person("ada"), await site.person("eve")
    ada_id = site.people["ada"]["id"]

    async def decide(tx: Transaction) -> None:
        await notify_severed(
            site.node, tx, ada_id, "account_suspension", "bob@x.test",
            followers_count=1, following_count=2,
        )  # fmt: skip
        await tx.execute(
            "INSERT INTO strike (id, target_id, action, text, created_at)"
            " VALUES (?, ?, 'silence', 'Doucement', ?)",
            site.node.ids.next(), ada_id, site.node.clock(),
        )  # fmt: skip
        strike_id = await tx.value("SELECT id FROM strike")
        await notify_warned(site.node, tx, ada_id, strike_id)

    await site.node.db.write(decide)
    flat, group = await only(ada, "severed_relationships")
    check("Severance", flat["event"])
    assert flat["event"] == group["event"]
    assert (flat["event"]["followers_count"], flat["event"]["following_count"]) == (1, 2)
    flat, group = await only(ada, "moderation_warning")
    check("Warning", flat["moderation_warning"])
    assert flat["moderation_warning"] == group["moderation_warning"]
    assert flat["moderation_warning"]["text"] == "Doucement"
    assert flat["account"]["id"] == site.id_of("ada")
    assert (await eve.get(f"/api/v1/notifications/{flat['id']}")).status == 404


async def test_streams_hear_of_changed_filters_and_of_requests_accepted(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    heard: list[Event] = []
    end = site.node.events.listen(heard.append)
    made = (await ada.post("/api/v2/filters", {"title": "t", "context": ["home"]})).json
    assert (await ada.post("/api/v2/filters", {"title": "t"})).status == 422
    await bob.ask("DELETE", f"/api/v2/filters/{made['id']}")
    ada_id = site.people["ada"]["id"]
    assert heard == [Event("filters", actor_id=ada_id)]
    heard.clear()
    await ada.ask("PATCH", "/api/v2/notifications/policy", json={"for_not_following": "filter"})
    await bob.post(f"/api/v1/accounts/{site.id_of('ada')}/follow")
    await site.settle()
    # What is held back is told to no stream.
    assert [event.kind for event in heard] == []
    (request,) = (await ada.get("/api/v1/notifications/requests")).json
    assert request["last_status"] is None
    await ada.post(f"/api/v1/notifications/requests/{request['id']}/accept")
    assert heard == [Event("merged", actor_id=ada_id)]
    end()
