"""Flag: reports from other servers, in all their shapes."""

from typing import Any

import orjson
import pytest

from actors.local import create_account
from actors.permissions import ROLES
from federation.admission import blocked_at
from federation.database import Row
from tests.inbox.world import PASSWORD, World


def as_list(world: World, post: Row) -> dict[str, Any]:
    return {"object": [world.claire["uri"], post["uri"]], "content": "Trop long"}


def status_only(_world: World, post: Row) -> dict[str, Any]:
    return {"object": post["uri"], "content": "Trop long"}


def embedded(world: World, post: Row) -> dict[str, Any]:
    note = {"type": "Note", "id": post["uri"]}
    return {"object": [{"type": "Person", "id": world.claire["uri"]}, note], "summary": "Trop long"}


def in_text(world: World, post: Row) -> dict[str, Any]:
    """Misskey."""
    return {"object": world.claire["uri"], "content": f"Note: {post['uri']}\n-----\nTrop long"}


@pytest.mark.parametrize("shape", [as_list, status_only, embedded, in_text])
async def test_a_report_names_a_person_and_her_statuses(world: World, shape: Any) -> None:
    server = await world.roses.person("actor", "Application")
    post = await world.post()
    flag = world.roses.activity("Flag", server, None) | shape(world, post)
    assert await world.outcome(flag) == "flag.filed"
    report = await world.node.db.row("SELECT * FROM report")
    assert report is not None
    assert (report["actor_id"], report["target_id"], report["uri"]) == (
        server["id"],
        world.claire["id"],
        flag["id"],
    )
    assert orjson.loads(report["status_ids"]) == [post["id"]]
    assert "Trop long" in report["comment"]


async def test_who_reads_reports_is_told_of_each_and_nobody_else(world: World) -> None:
    people = {
        role: await create_account(world.node, username=f"p-{role}", password=PASSWORD, role=role)
        for role in ROLES
    }
    server = await world.roses.person("actor", "Application")
    for _ in range(2):
        await world.deliver(world.roses.activity("Flag", server, [world.claire["uri"]]))
    told = {role: len(await world.told(person)) for role, person in people.items()}
    readers = {"moderator", "protection", "administrator"}
    assert told == {role: 2 if role in readers else 0 for role in ROLES}
    assert await world.told() == []


async def test_what_its_sender_could_not_see_is_not_attached(world: World) -> None:
    """SEC-161."""
    server = await world.roses.person("actor", "Application")
    post = await world.post("Entre nous", visibility="direct")
    flag = world.roses.activity("Flag", server, [world.claire["uri"], post["uri"]])
    assert await world.outcome(flag) == "flag.filed"
    assert await world.node.db.value("SELECT status_ids FROM report") == "[]"
    alone = world.roses.activity("Flag", server, [post["uri"]])
    assert await world.outcome(alone) == "ignored.unknown_object"


@pytest.mark.parametrize("item", ["https://x.example/users/1", [], {"type": "Note"}, 7])
async def test_a_report_about_nobody_here_is_stored_as_such(world: World, item: Any) -> None:
    server = await world.roses.person("actor", "Application")
    flag = world.roses.activity("Flag", server, item)
    assert await world.outcome(flag) == "ignored.not_for_us"
    assert await world.count("report") == 0


async def test_reports_of_a_site_that_staff_ignores_are_not_filed(world: World) -> None:
    server = await world.roses.person("actor", "Application")
    await world.execute(
        "INSERT INTO domain_decision (id, origin, severity, reject_reports, created_at)"
        " VALUES (1, ?, 'noop', ?, 0)",
        blocked_at(world.roses.origin),
        True,
    )
    flag = world.roses.activity("Flag", server, [world.claire["uri"]])
    assert await world.outcome(flag) == "ignored.reports_rejected"
    assert await world.node.db.value("SELECT COUNT(*) FROM report") == 0
