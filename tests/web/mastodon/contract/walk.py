"""The whole world, and all that is asked in it, in the order in which it is asked."""

from tests.web.mastodon.asgi import Client, Reply
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
from tests.web.mastodon.contract.world import World
from tests.web.mastodon.files import form

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


async def ask(world: World, case: Case, client: Client) -> Reply:
    """Make the call of a case as this client."""
    query = world.filled(case.query) or None
    path = world.filled(case.path)
    if case.parts:
        body, headers = form(*case.parts)
        return await client.ask(case.method, path, body=body, headers=headers)
    return await client.ask(case.method, path, json=world.filled(case.send), query=query)
