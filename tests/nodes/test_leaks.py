"""Nobody outside an audience ever holds a byte of what was said in it; everybody inside has it."""

from collections.abc import Iterator
from typing import Any

import pytest

from federation.errors import NodeError
from federation.vocabulary import ACTIVITY_TYPE
from outbox import circles, visibility
from outbox.reach import reach_of
from outbox.visibility import Person
from tests.conftest import Start
from tests.nodes.leak_world import World, follow, leaks, open_world, say_everything
from tests.serving import Running


@pytest.fixture(autouse=True)
def conditions_made_anew() -> Iterator[None]:
    """What a sabotage changes is in conditions that are kept once made."""
    visibility._condition.cache_clear()
    yield
    visibility._condition.cache_clear()


async def asked(by: Running, uri: str) -> tuple[int, bytes]:
    try:
        answer = await by.node.client.get(
            uri,
            headers={"Accept": ACTIVITY_TYPE},
            sign=by.node.keyring.signer(by.node.uris.instance_actor),
        )
    except NodeError as error:
        return error.status, b""
    return answer.status, answer.body


async def test_nobody_outside_has_a_byte_and_everybody_inside_has_it_once(
    start_node: Start, no_greetings: None
) -> None:
    world = await open_world(start_node)
    await say_everything(world)
    assert await leaks(world) == []
    await check_addresses(world)
    await check_boost(world)


async def check_boost(world: World) -> None:
    """Its author passes something on where it was, and nowhere else."""
    said = next(said for said in world.said if said.label == "organisation")
    await follow(world, "bob", "alice")
    path = f"/api/v1/statuses/{await world.local_id(said, 'alice')}/reblog"
    assert (await world.call("alice", "POST", path))[0] == 200
    path = f"/api/v1/statuses/{await world.local_id(said, 'bob')}/reblog"
    assert (await world.call("bob", "POST", path))[0] == 422
    await world.quiet()
    boosts = "SELECT audience_kind FROM status WHERE reblog_of_id IS NOT NULL"
    announced = "SELECT count(*) FROM activity WHERE type = 'Announce'"
    for name, running in world.nodes.items():
        inside = name in said.inside
        kinds = [row["audience_kind"] for row in await running.node.db.rows(boosts)]
        assert kinds == ["organisation"] * inside, name
        assert await running.node.db.value(announced) == int(inside), name


async def check_addresses(world: World) -> None:
    """Each site finds only itself under the address of an audience, or nothing at all."""
    tilleuls, roses = world.nodes["tilleuls"], world.nodes["roses"]
    valmont, glycines = world.nodes["valmont"], world.nodes["glycines"]
    uri = await tilleuls.node.db.value("SELECT uri FROM audience WHERE kind = 'named_partners'")
    for site in (roses, valmont):
        status, body = await asked(site, uri)
        assert status == 200
        assert f"{site.origin}/actor".encode() in body
        for other in (roses, valmont, glycines):
            assert other is site or other.origin.encode() not in body
    status, body = await asked(glycines, uri)
    assert (status, glycines.origin.encode() in body) == (404, False)
    status, body = await asked(glycines, uri[:-1] + ("A" if uri[-1] != "A" else "B"))
    assert (status, body) == (404, b"Not found\n")
    assert (await asked(world.nodes["lilas"], uri))[0] == 404


def _any_partner(patch: pytest.MonkeyPatch) -> None:
    """A signed GET of a site is answered whichever audience the object has."""
    anybody = visibility.RECEIVED_BY.replace(circles.RECEIVES, "1 = 1")
    assert anybody != visibility.RECEIVED_BY
    patch.setattr(visibility, "RECEIVED_BY", anybody)


def _guests_too(patch: pytest.MonkeyPatch) -> None:
    """Guests are taken for members."""

    def taken(actor_id: int, _: bool) -> Person:
        return Person(actor_id)

    patch.setattr("web.mastodon.view.Person", taken)


def _answers_begin_anew(patch: pytest.MonkeyPatch) -> None:
    """An answer gets the audience that was asked for, among one's own partners."""

    async def begins(node: Any, reader: Any, kind: str, parent: Any, *more: Any) -> Any:
        wish = "partners" if parent is not None and kind == "named_partners" else kind
        return await reach_of(node, reader, wish, None, *more)

    patch.setattr("outbox.drafts.reach_of", begins)


@pytest.mark.parametrize(
    ("sabotage", "leak"),
    [
        (_any_partner, "glycines is served organisation"),
        (_guests_too, "gus is shown organisation"),
        (_answers_begin_anew, "glycines holds paul to named"),
    ],
)
async def test_a_check_that_is_skipped_is_found(
    start_node: Start,
    no_greetings: None,
    monkeypatch: pytest.MonkeyPatch,
    sabotage: Any,
    leak: str,
) -> None:
    sabotage(monkeypatch)
    world = await open_world(start_node)
    await say_everything(world)
    assert leak in await leaks(world)
