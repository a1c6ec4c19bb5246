"""Outside a person's hours nothing rings and no letter leaves; what arrived waits, and comes."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from aiohttp import web

from actors import mails
from actors.hours import Hours, set_hours
from inbox.push_sending import TTL_S, send_due_once
from maillage.mailer import send_once
from tests.conftest import FakeClock
from tests.mailbox import Mailbox, listening, with_mail
from tests.serving import answering
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.push_service import PushService
from tests.web.mastodon.test_push import PATH, post

OFFICE = Hours("own", ((480, 1080),) * 5 + (None, None))
FRIDAY = datetime(2026, 11, 27, 22, 0)  # noqa: DTZ001 - the clock on the wall
DECIDED = {"username": "denis", "text": "", "link": ""}
RESET = {"username": "denis", "link": "https://site.example/"}


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    made = PushService()
    app = web.Application()
    app.router.add_post("/device/{id}", made.take)
    async with answering(app) as origin:
        made.origin = origin
        yield made


def to_friday(clock: FakeClock) -> None:
    clock.now_ms = int(FRIDAY.timestamp() * 1000)


async def keep_hours(site: Site, hours: Hours) -> None:
    account_id = await site.node.db.value(
        "SELECT id FROM account WHERE actor_id = ?", site.people["denis"]["id"]
    )
    await site.node.db.write(lambda tx: set_hours(tx, account_id, hours))


async def mention(site: Site, service: PushService, hours: Hours) -> None:
    claire, denis = await site.person("claire"), await site.person("denis")
    assert (await denis.post(PATH, service.asked())).status == 200
    await keep_hours(site, hours)
    await post(claire, "@denis Bonjour")
    await site.settle()


async def waiting(site: Site, table: str = "push") -> int:
    return await site.node.db.value(f"SELECT COUNT(*) FROM {table}")


async def test_a_push_message_waits_over_the_weekend(
    site: Site, service: PushService, clock: FakeClock
) -> None:
    to_friday(clock)
    await mention(site, service, OFFICE)
    assert await send_due_once(site.node) == 1
    assert service.requests == []
    # Ten in the evening on Friday to eight on Monday: longer than an old message lives.
    clock.advance(58 * 3_600 - 1)
    assert await send_due_once(site.node) == 0
    assert (service.requests, await waiting(site)) == ([], 1)
    clock.advance(1)
    assert await send_due_once(site.node) == 1
    ((_, headers, _),) = service.requests
    assert headers["ttl"] == str(TTL_S)
    assert await waiting(site) == 0


async def test_within_the_hours_it_leaves_at_once(
    site: Site, service: PushService, clock: FakeClock
) -> None:
    to_friday(clock)
    clock.advance(-5 * 3_600)
    await mention(site, service, OFFICE)
    assert await send_due_once(site.node) == 1
    assert len(service.requests) == 1


async def test_whoever_is_told_never_finds_it_on_her_pages(
    site: Site, service: PushService, clock: FakeClock
) -> None:
    to_friday(clock)
    await mention(site, service, Hours("never"))
    assert await send_due_once(site.node) == 1
    assert (service.requests, await waiting(site)) == ([], 0)
    denis = await site.person("denis")
    assert len((await denis.get("/api/v1/notifications")).json) == 1


async def _write(site: Site, template: str, params: dict[str, Any], to: str) -> None:
    await site.node.db.write(lambda tx: mails.send(site.node, tx, to, template, params))


async def test_letters_wait_but_what_was_asked_for_leaves(site: Site, clock: FakeClock) -> None:
    to_friday(clock)
    mailbox = Mailbox()
    async with listening(mailbox) as port:
        site.node = with_mail(site.node, f"smtp://127.0.0.1:{port}")
        await site.person("denis", email="denis@example.org")
        await keep_hours(site, OFFICE)
        await _write(site, "decision_sensitive", DECIDED, "denis@example.org")
        await _write(site, "password_reset", RESET, "denis@example.org")
        await _write(site, "decision_sensitive", DECIDED, "another@example.org")
        assert await send_once(site.node) == 2
        assert "mot de passe" in str(mailbox.taken[0]["Subject"])
        assert str(mailbox.taken[1]["To"]) == "another@example.org"
        clock.advance(58 * 3_600 - 1)
        assert await send_once(site.node) == 0
        clock.advance(1)
        assert await send_once(site.node) == 1
        assert str(mailbox.taken[2]["To"]) == "denis@example.org"
        await keep_hours(site, Hours("never"))
        await _write(site, "decision_sensitive", DECIDED, "denis@example.org")
        await _write(site, "decision_disable", DECIDED, "denis@example.org")
        assert await send_once(site.node) == 1
        clock.advance(90 * 86_400)
        assert await send_once(site.node) == 0
    rows = await site.node.db.rows("SELECT progress FROM mail WHERE sealed IS NULL ORDER BY id")
    assert [row["progress"] for row in rows] == ["sent"] * 3 + ["unwanted", "sent"]
