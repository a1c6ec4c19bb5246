"""Scheduled statuses, as applications ask for them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from outbox.scheduled import publish_due
from tests.conftest import FakeClock
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.seen import check
from tests.web.mastodon.test_edits import upload

PATH = "/api/v1/scheduled_statuses"


def at(clock: FakeClock, minutes: int) -> str:
    moment = datetime.fromtimestamp(clock() / 1000 + minutes * 60, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


async def schedule(client: Any, moment: str, text: str = "plus tard", **more: Any) -> Any:
    sent = {"status": text, "scheduled_at": moment, **more}
    reply = await client.post("/api/v1/statuses", sent)
    assert reply.status == 200, reply.text
    return reply.json


async def test_a_scheduled_status_is_told_kept_and_published(site: Site, clock: FakeClock) -> None:
    ada = await site.person("ada")
    root = (await ada.post("/api/v1/statuses", {"status": "racine"})).json
    media_id = await upload(site, "ada")
    plain = await schedule(ada, at(clock, 10))
    check("ScheduledStatus", plain)
    full = await schedule(
        ada,
        at(clock, 20),
        "complet",
        visibility="private",
        spoiler_text="attention",
        sensitive=True,
        language="fr",
        in_reply_to_id=root["id"],
        media_ids=[media_id],
    )
    check("ScheduledStatus", full)
    assert full["scheduled_at"] == at(clock, 20)
    told = full["params"]
    assert (told["text"], told["spoiler_text"], told["visibility"]) == (
        "complet",
        "attention",
        "private",
    )
    assert (told["in_reply_to_id"], told["media_ids"]) == (int(root["id"]), [media_id])
    assert full["media_attachments"][0]["id"] == media_id
    poll = {"options": ["oui", "non"], "expires_in": 600, "multiple": True}
    asked = await schedule(ada, at(clock, 30), poll=poll)
    assert asked["params"]["poll"] == poll | {"hide_totals": False}

    clock.advance(21 * 60)
    assert await publish_due(site.node) == 2
    own = (await ada.get(f"/api/v1/accounts/{site.id_of('ada')}/statuses")).json
    assert [entry["content"] for entry in own[:2]] == ["<p>complet</p>", "<p>plus tard</p>"]
    assert own[0]["in_reply_to_id"] == root["id"]
    assert own[0]["media_attachments"][0]["id"] == media_id
    assert [entry["id"] for entry in (await ada.get(PATH)).json] == [asked["id"]]


async def test_the_list_comes_in_pages(site: Site, clock: FakeClock) -> None:
    ada = await site.person("ada")
    made = [(await schedule(ada, at(clock, 10 + n)))["id"] for n in range(5)]
    path, found = f"{PATH}?limit=2", []
    while path:
        reply = await ada.get(path)
        found += [entry["id"] for entry in reply.json]
        path = reply.links.get("next", "")
    assert found == made[::-1]
    after = await ada.get(PATH, min_id=made[1], limit=2)
    assert [entry["id"] for entry in after.json] == [made[3], made[2]]


async def test_sec_164_seen_moved_and_cancelled_by_its_author_alone(
    site: Site, clock: FakeClock
) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    kept = await schedule(ada, at(clock, 10))
    path, nowhere = f"{PATH}/{kept['id']}", f"{PATH}/117000000000000000"
    change = {"scheduled_at": at(clock, 60)}
    for method, sent in (("GET", None), ("PUT", change), ("PATCH", change), ("DELETE", None)):
        refused = await bob.ask(method, path, json=sent)
        assert refused.status == 404
        assert refused.body == (await bob.ask(method, nowhere, json=sent)).body
    # What waits is nothing that could be asked for by its id, in any form.
    for where in (f"/api/v1/statuses/{kept['id']}", f"/notes/{kept['id']}"):
        headers = {"accept": "application/activity+json"}
        assert (await bob.ask("GET", where, headers=headers)).status in {401, 404}
    assert (await ada.get(f"/api/v1/statuses/{kept['id']}")).status == 404
    assert (await ada.get(path)).json == kept
    moved = (await ada.ask("PUT", path, json=change)).json
    assert moved == kept | {"scheduled_at": at(clock, 60)}
    clock.advance(11 * 60)
    assert await publish_due(site.node) == 0
    assert (await ada.ask("DELETE", path)).json == {}
    assert (await ada.ask("DELETE", path)).status == 404
    clock.advance(3_600)
    assert await publish_due(site.node) == 0


@pytest.mark.parametrize("moment", ["demain", "2020-01-01T00:00:00Z", "+4", "9" * 50, "2999-01-01"])
async def test_a_wrong_moment_is_named_and_nothing_is_kept(
    site: Site, clock: FakeClock, moment: str
) -> None:
    ada = await site.person("ada")
    moment = at(clock, 4) if moment == "+4" else moment
    reply = await ada.post("/api/v1/statuses", {"status": "a", "scheduled_at": moment})
    assert (reply.status, list(reply.json["details"])) == (422, ["scheduled_at"])
    kept = await schedule(ada, at(clock, 5))
    for sent in ({"scheduled_at": moment}, {}):
        reply = await ada.ask("PUT", f"{PATH}/{kept['id']}", json=sent)
        assert (reply.status, list(reply.json["details"])) == (422, ["scheduled_at"])
    assert (await ada.get(PATH)).json == [kept]
    assert await site.node.db.value("SELECT count(*) FROM status") == 0


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"status": ""}, 422),
        ({"status": "a", "media_ids": ["1"]}, 422),
        ({"status": "a", "visibility": "tous"}, 422),
        ({"status": "a", "in_reply_to_id": "117000000000000000"}, 404),
        ({"status": "a", "poll": {"options": ["b"], "expires_in": 600}}, 422),
    ],
)
async def test_a_wrong_draft_is_refused_at_once(
    site: Site, clock: FakeClock, sent: dict[str, Any], status: int
) -> None:
    ada = await site.person("ada")
    reply = await ada.post("/api/v1/statuses", sent | {"scheduled_at": at(clock, 10)})
    assert reply.status == status, reply.text
    assert (await ada.get(PATH)).json == []


async def test_one_key_schedules_once(site: Site, clock: FakeClock) -> None:
    ada = await site.person("ada")
    sent = {"status": "a", "scheduled_at": at(clock, 10)}
    key = {"Idempotency-Key": "une"}
    made = [await ada.post("/api/v1/statuses", sent, headers=key) for _ in range(2)]
    assert made[0].json == made[1].json
    assert made[0].json["params"]["idempotency"] == "une"
