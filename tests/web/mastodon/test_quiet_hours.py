"""Outside a person's hours nothing rings and no letter leaves; what arrived waits, and comes."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from aiohttp import web

from actors import mails
from actors.hours import Hours, set_hours
from federation.options import HoursOptions
from inbox.announcements import ESSENTIAL_ACT
from inbox.audit import verify_chain
from inbox.push_sending import TTL_S, send_due_once
from maillage.mailer import send_once
from tests.conftest import FakeClock
from tests.mailbox import Mailbox, listening, with_mail
from tests.serving import answering
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.push_service import PushService
from tests.web.mastodon.staff import staff
from tests.web.mastodon.test_push import PATH, post
from web.app import build_app

ANNOUNCEMENTS = "/api/v1/admin/announcements"

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


async def is_told_at_night(site: Site, client: Client, **sent: str) -> Reply:
    """Publish an announcement and send what is due."""
    reply = await client.post(ANNOUNCEMENTS, {"text": "Rejoignez la salle fraîche", **sent})
    await send_due_once(site.node)
    return reply


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


@pytest.mark.parametrize("hours", [OFFICE, Hours("never")])
async def test_only_an_essential_announcement_pierces_and_few_people_may_write_one(
    site: Site, service: PushService, clock: FakeClock, hours: Hours
) -> None:
    to_friday(clock)
    voice, other = await staff(site, "communication"), await staff(site, "moderator")
    denis = await site.person("denis")
    assert (await denis.post(PATH, service.asked(data={"alerts": {}}))).status == 200
    await keep_hours(site, hours)
    why = {"essential_reason": "Canicule : 39 degrés demain dès 8 h"}
    assert (await is_told_at_night(site, voice)).json["essential_reason"] is None
    for client in (other, denis):
        assert (await is_told_at_night(site, client, **why)).status == 403
    for wrong in ("", "  ", "Deux\nlignes", "x" * 141):
        reply = await is_told_at_night(site, voice, essential_reason=wrong)
        assert (reply.status, list(reply.json["details"])) == (422, ["essential_reason"])
    later = await is_told_at_night(site, voice, scheduled_at="2027-01-01T00:00:00Z", **why)
    assert list(later.json["details"]) == ["scheduled_at"]
    assert service.requests == []
    made = (await is_told_at_night(site, voice, **why)).json
    assert made["essential_reason"] == why["essential_reason"]
    ((_, headers, _),) = service.requests
    (told,) = service.messages()
    assert headers["urgency"] == "high"
    assert (told["notification_type"], told["body"]) == ("announcement", why["essential_reason"])
    assert told["title"] == "Annonce essentielle"
    assert await waiting(site) == 0
    read = (await denis.get("/api/v1/announcements")).json
    assert "39 degrés" not in read[0]["content"]
    assert read[1]["content"].startswith("<p><strong>Annonce essentielle</strong></p>")
    assert "39 degrés" in read[1]["content"]
    assert (
        "39 degrés" in (await _changed(voice, made["id"], text="Ouverte toute la nuit"))["content"]
    )
    (act,) = await site.node.db.rows("SELECT * FROM audit WHERE action = ?", ESSENTIAL_ACT)
    assert act["reason"] == why["essential_reason"]
    assert act["staff_uri"].endswith(f"/{site.people['le_communication']['id']}")
    assert await verify_chain(site.node.db) is None
    refused = await voice.ask("PUT", f"{ANNOUNCEMENTS}/{read[0]['id']}", json=why)
    assert (refused.status, list(refused.json["details"])) == (422, ["essential_reason"])


async def _changed(client: Client, number: str, **sent: str) -> dict[str, Any]:
    reply = await client.ask("PUT", f"{ANNOUNCEMENTS}/{number}", json=sent)
    assert reply.status == 200, reply.text
    return reply.json


async def test_essential_announcements_are_few_also_when_they_are_withdrawn(
    site: Site, service: PushService, clock: FakeClock
) -> None:
    voice = await staff(site, "communication")
    denis = await site.person("denis")
    assert (await denis.post(PATH, service.asked())).status == 200
    why = {"essential_reason": "Évacuation de l’aile nord"}
    for _ in range(2):
        made = await is_told_at_night(site, voice, **why)
        assert made.status == 200
        await voice.ask("DELETE", f"{ANNOUNCEMENTS}/{made.json['id']}")
        clock.advance(86_400)
    refused = await is_told_at_night(site, voice, **why)
    assert refused.status == 429
    assert int(refused.headers["retry-after"]) == 28 * 86_400
    assert "2 annonces essentielles en 30 jours" in refused.json["error"]
    assert len(service.requests) == 2
    assert (await is_told_at_night(site, voice)).status == 200
    clock.advance(28 * 86_400)
    assert (await is_told_at_night(site, voice, **why)).status == 200
    assert len(service.requests) == 3
    fewer = replace(site.node, options=replace(site.node.options, hours=HoursOptions(None, 0)))
    quiet = Site(fewer, build_app(fewer))
    none = quiet.client(voice.token)
    assert (await is_told_at_night(quiet, none, **why)).status == 429


@pytest.mark.parametrize("what", ["withdrawn", "ended", "disabled"])
async def test_an_essential_announcement_that_holds_no_more_is_not_sent(
    site: Site, service: PushService, clock: FakeClock, what: str
) -> None:
    voice, denis = await staff(site, "communication"), await site.person("denis")
    assert (await denis.post(PATH, service.asked())).status == 200
    sent = {"text": "Dehors", "essential_reason": "Feu", "ends_at": "2027-01-01T00:00:00Z"}
    number = (await voice.post(ANNOUNCEMENTS, sent)).json["id"]
    assert await waiting(site) == 1
    if what == "withdrawn":
        await voice.ask("DELETE", f"{ANNOUNCEMENTS}/{number}")
    elif what == "ended":
        await _changed(voice, number, ends_at="2026-01-01T00:00:00Z")
    else:
        await site.node.db.write(
            lambda tx: tx.execute(
                "UPDATE account SET disabled_at = 1 WHERE actor_id = ?", site.people["denis"]["id"]
            )
        )
    await send_due_once(site.node)
    assert service.requests == []
    assert await waiting(site) == 0
