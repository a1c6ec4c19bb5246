"""Whose is what: every path with a place, called by each kind of person who may not (SEC-161).

What is refused is refused before anything happens, and tells no more than that it is not there.
"""

import pytest

from tests.conftest import FakeClock
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.case import entry_of
from tests.web.mastodon.contract.world import World
from tests.web.mastodon.owned_world import owned_world, rows_of
from tests.web.mastodon.ownership import Line, chapters
from web.mastodon.routes import TABLE

CHAPTERS = chapters()
# What of alice's no answer to these people may name.
KEPT = {
    "sonia": ("private", "direct", "media", "list", "filter", "scheduled", "request"),
    "boris": ("public", "private", "direct", "media", "list", "filter", "scheduled", "flora"),
    "paula": ("private", "direct", "media", "list", "filter", "scheduled", "request"),
}


def test_every_path_with_a_place_has_its_rows() -> None:
    tried = [entry_of(line.method, line.path) for rows in CHAPTERS.values() for line in rows]
    placed = [entry for entry in TABLE if "{" in entry.path]
    missing = [f"{e.methods} {e.path}" for e in placed if e not in tried]
    assert missing == []
    assert None not in tried


def test_strangers_blocked_and_waiting_people_are_asked_for_everything_of_a_person() -> None:
    """What is not staff's alone has a row for each of those who may not."""
    for title, lines in CHAPTERS.items():
        callers = set(lines[0].answers)
        if title == "staff":
            assert callers == {"member", "technical", "barely", "nobody", "staff"}
        elif title == "addressed":
            assert {"sonia", "boris", "paula", "flora", "alice"} <= callers
        else:
            assert {"sonia", "boris", "paula", "narrow", "nobody"} < callers


@pytest.fixture
async def world(site: Site, clock: FakeClock) -> World:
    return await owned_world(site, clock)


@pytest.mark.parametrize("title", CHAPTERS)
async def test_each_is_answered_what_is_hers_and_nobody_more(world: World, title: str) -> None:
    """SEC-162, SEC-166, SEC-172, SEC-178, SEC-180, SEC-181, SEC-182."""
    before = await rows_of(world.site.node)
    for line in CHAPTERS[title]:
        for by in line.answers:
            if line.does_nothing(by):
                await _refused(world, line, by)
                assert await rows_of(world.site.node) == before, (line, by)
    for line in CHAPTERS[title]:
        for by, expected in line.answers.items():
            if expected != "-" and not line.does_nothing(by):
                reply = await line.ask(world, by)
                assert reply.status == line.status(by) == 200, (line, by, reply.text)
                for name in KEPT.get(by, ()):
                    assert f'"{world.names[name]}"' not in reply.text, (line, by, name)


async def _refused(world: World, line: Line, by: str) -> None:
    for language in ("fr", "en"):
        reply = await line.ask(world, by, language=language)
        assert reply.status == line.status(by), (line, by, reply.text)
        if line.tells_nothing(by):
            absent = await line.ask(world, by, absent=True, language=language)
            assert (reply.status, reply.body) == (absent.status, absent.body), (line, by)
            assert reply.raw_headers == absent.raw_headers, (line, by)
    world.clients[by].language = None
