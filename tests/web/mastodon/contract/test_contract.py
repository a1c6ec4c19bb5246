"""Every endpoint, walked in a world where its list is not empty: each answer is what was written.

As a member, as an administrator, and without a token on a closed node and on an open one. The
walk has to show each key of each entity with a value and, where that is allowed, with null.
"""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import web

from federation.client import GuardedClient
from federation.networks import Networks
from federation.options import TranslationOptions
from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract import (
    cases_admin,
    cases_people,
    cases_site,
    cases_statuses,
    world,
    world_elsewhere,
    world_posts,
    world_staff,
)
from tests.web.mastodon.contract.case import Case
from tests.web.mastodon.contract.reasons import HIDDEN_FROM_STRANGERS, REASONS
from tests.web.mastodon.contract.seen import Seen
from tests.web.mastodon.contract.world import OPTIONS, World
from tests.web.mastodon.files import form
from tests.web.mastodon.test_translations import Service
from web.app import build_app
from web.mastodon.routes import TABLE

pytestmark = pytest.mark.needs("ffmpeg")
_WRITTEN = (
    *cases_people.ACCOUNTS,
    *cases_people.KEPT,
    *cases_statuses.STATUSES,
    *cases_statuses.STREAMS,
    *cases_statuses.DEEDS,
    *cases_admin.ADMIN,
    *cases_site.SITE,
    *cases_site.NOTIFICATIONS,
)
CASES = sorted(_WRITTEN, key=lambda case: not case.reads)


@pytest.fixture
async def translator() -> AsyncIterator[str]:
    """Where a service listens that translates."""
    service, app = Service(), web.Application()
    app.router.add_get("/languages", service.languages)
    app.router.add_post("/translate", service.translate)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def ground(site: Site, translator: str, clock: FakeClock) -> AsyncIterator[World]:
    """The site with its settings and nothing in it yet."""
    client = GuardedClient(
        networks=Networks(["127.0.0.0/8"]), user_agent="Maillage/test", allow_http=True
    )
    options = replace(OPTIONS, translation=TranslationOptions(url=translator))
    node = replace(site.node, options=options, translation_client=client)
    yield World(Site(node, build_app(node)), clock)
    await client.close()


async def settled(ground: World, role: str) -> World:
    """The whole world, in which ada has this role."""
    await world.people(ground, role)
    await world.weeks_ago(ground)
    await world.profiles(ground)
    await world.relations(ground)
    await world_elsewhere.elsewhere(ground)
    await world_elsewhere.received(ground)
    await world.kept(ground)
    await world_posts.posts(ground)
    await world_posts.device(ground)
    await world_staff.newcomers(ground)
    await world_staff.reports(ground)
    await world_staff.decisions(ground)
    await world_staff.announcements(ground)
    await world_staff.told(ground)
    return ground


def test_every_entry_has_a_case() -> None:
    asked = [case.entry for case in CASES]
    assert [f"{entry.methods} {entry.path}" for entry in TABLE if entry not in asked] == []


async def ask(world: World, case: Case, client: Client) -> Reply:
    query = world.filled(case.query) or None
    path = world.filled(case.path)
    if case.parts:
        body, headers = form(*case.parts)
        return await client.ask(case.method, path, body=body, headers=headers)
    return await client.ask(case.method, path, json=world.filled(case.send), query=query)


def judge(case: Case, reply: Reply, seen: Seen) -> str:
    """What is wrong with an answer; nothing when all is as it was written."""
    if reply.status != case.status:
        return f"{reply.status} {reply.text[:300]}"
    if "/" in case.answer:
        return "" if reply.headers["content-type"].startswith(case.answer) else "another type"
    if reply.headers["content-type"] != "application/json":
        return f"type {reply.headers['content-type']}"
    if case.answer.startswith("[") and reply.json == []:
        return "an empty list"
    try:
        seen.take(case.answer, reply.json)
    except AssertionError as mistake:
        return str(mistake)
    return ""


@pytest.mark.parametrize("role", ["member", "administrator"])
async def test_every_answer_is_as_it_was_written(ground: World, role: str) -> None:
    there, seen, mistakes = await settled(ground, role), Seen(), list[str]()
    for case in CASES:
        reply = await ask(there, case, there.clients[case.by])
        if wrong := judge(case, reply, seen):
            mistakes.append(f"{case}: {wrong}")
        elif case.keep:
            there.names[case.keep] = str(reply.json["id"])
    assert mistakes == [], "\n" + "\n".join(mistakes)
    assert seen.unseen(REASONS) == [], seen.table(REASONS)
    assert seen.needless(REASONS) == []


def is_hidden(case: Case) -> bool:
    """Whether a case is about somebody or something that strangers are not told of."""
    asked = f"{case.path} {case.query.get('acct', '')}"
    return any(name in asked for name in HIDDEN_FROM_STRANGERS)


@pytest.mark.parametrize("federation", ["closed", "open"])
async def test_strangers_are_answered_what_is_for_them(ground: World, federation: str) -> None:
    node = replace(ground.site.node, federation=federation)
    ground.site = Site(node, build_app(node))
    there, seen, mistakes = await settled(ground, "member"), Seen(), list[str]()
    stranger = there.clients["nobody"]
    for case in CASES:
        if case.by in ("nobody", "bare", "app") or case.entry is None:
            continue
        reply = await ask(there, case, stranger)
        if wrong := judge(for_strangers(case, federation), reply, seen):
            mistakes.append(f"{case}: {wrong}")
    assert mistakes == [], "\n" + "\n".join(mistakes)


def for_strangers(case: Case, federation: str) -> Case:
    """What a case is to somebody without a token."""
    assert case.entry is not None
    access = case.entry.access
    if access != "anybody" and (federation, access) != ("open", "reader"):
        return replace(case, status=401, answer="Error")
    if access == "reader" and is_hidden(case):
        return replace(case, status=404, answer="Error")
    return case
