"""Web Push: subscriptions, and messages that a real endpoint receives and decrypts."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from federation.database import Transaction
from federation.options import Options, PushOptions
from federation.web_push import from_base64
from inbox.push_sending import CLAIM_MS, TTL_S, send_due_once
from tests.conftest import FakeClock
from tests.serving import answering
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.push_service import PushService
from web.app import build_app

PATH = "/api/v1/push/subscription"


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    made = PushService()
    app = web.Application()
    app.router.add_post("/device/{id}", made.take)
    async with answering(app) as origin:
        made.origin = origin
        yield made


async def subscribed(client: Client, service: PushService, **more: Any) -> dict[str, Any]:
    reply = await client.post(PATH, service.asked(**more))
    assert reply.status == 200, reply.text
    return reply.json


async def post(author: Client, text: str, visibility: str = "public", **more: Any) -> str:
    reply: Reply = await author.post(
        "/api/v1/statuses", {"status": text, "visibility": visibility, **more}
    )
    assert reply.status == 200, reply.text
    return reply.json["id"]


async def test_a_subscription_is_one_for_each_token(site: Site, service: PushService) -> None:
    denis, other = await site.person("denis"), await site.person("denis")
    assert (await denis.get(PATH)).status == 404
    first = await subscribed(denis, service)
    assert isinstance(first["id"], int)
    assert 0 < first["id"] < 1 << 31
    assert first["alerts"] == {"mention": True, "favourite": True, "follow": False}
    assert (first["standard"], first["policy"]) == (True, "all")
    assert len(from_base64(first["server_key"])) == 65
    assert (await other.get(PATH)).status == 404
    again = await subscribed(denis, service, data={"alerts": {"poll": "1"}, "policy": "followed"})
    assert (again["alerts"], again["policy"]) == ({"poll": True}, "followed")
    assert await site.node.db.value("SELECT COUNT(*) FROM push_subscription") == 1
    changed = (await denis.ask("PUT", PATH, json={"data": {"alerts": {"mention": True}}})).json
    assert (changed["alerts"], changed["policy"]) == ({"mention": True}, "followed")
    assert (await denis.get(PATH)).json == changed
    assert (await other.ask("PUT", PATH, json={"data": {}})).status == 404
    assert (await other.ask("DELETE", PATH)).json == {}
    assert (await denis.get(PATH)).status == 200
    assert (await denis.ask("DELETE", PATH)).json == {}
    assert (await denis.get(PATH)).status == 404


async def test_the_key_is_told_everywhere_and_stays(site: Site, service: PushService) -> None:
    denis = await site.person("denis")
    key = (await subscribed(denis, service))["server_key"]
    instance = (await denis.get("/api/v2/instance")).json
    assert instance["configuration"]["vapid"]["public_key"] == key
    app = (await denis.post("/api/v1/apps", {"client_name": "x", "redirect_uris": "app://x"})).json
    assert app["vapid_key"] == key
    row = await site.node.db.row("SELECT * FROM push_key")
    assert row is not None
    assert from_base64(key) not in bytes(row["private_sealed"])
    stored = await site.node.db.row("SELECT * FROM push_subscription")
    assert stored is not None
    assert denis.token
    assert denis.token.encode() not in bytes(stored["token_sealed"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"endpoint": None}, "subscription[endpoint]"),
        ({"endpoint": "ftp://push.example/1"}, "subscription[endpoint]"),
        ({"endpoint": "http://push.example/1"}, "subscription[endpoint]"),
        ({"endpoint": "https://10.0.0.1/1"}, "subscription[endpoint]"),
        ({"endpoint": "https://[fd00::1]/1"}, "subscription[endpoint]"),
        ({"endpoint": "https://169.254.169.254/latest"}, "subscription[endpoint]"),
        ({"endpoint": "https://2130706433/"}, "subscription[endpoint]"),
        ({"endpoint": "https://user:word@push.example/1"}, "subscription[endpoint]"),
        ({"endpoint": "https://push.example/" + "x" * 2_000}, "subscription[endpoint]"),
        ({"endpoint": ["https://push.example/"]}, "subscription[endpoint]"),
        ({"keys": {}}, "subscription[keys][p256dh]"),
        ({"keys": {"p256dh": "AAAA", "auth": "AAAA"}}, "subscription[keys][p256dh]"),
        ({"keys": {"p256dh": "é" * 87, "auth": "AAAA"}}, "subscription[keys][p256dh]"),
        ({"keys": {"auth": "AAAA"}}, "subscription[keys][auth]"),
        ({"keys": "none"}, "subscription[keys]"),
    ],
)
async def test_what_is_no_subscription_is_refused_by_its_field(
    site: Site, service: PushService, change: dict[str, Any], field: str
) -> None:
    denis = await site.person("denis")
    asked = service.asked()
    if "keys" in change and isinstance(change["keys"], dict) and "auth" in field:
        change = {"keys": asked["subscription"]["keys"] | change["keys"]}
    asked["subscription"] |= change
    reply = await denis.post(PATH, asked)
    assert reply.status == 422, reply.text
    assert list(reply.json["details"]) == [field]
    assert await site.node.db.value("SELECT COUNT(*) FROM push_subscription") == 0


async def test_a_policy_that_is_none_is_refused(site: Site, service: PushService) -> None:
    denis = await site.person("denis")
    reply = await denis.post(PATH, service.asked(data={"policy": "everybody"}))
    assert reply.status == 422
    narrow = await site.person("denis", "read write follow")
    assert (await narrow.post(PATH, service.asked())).status == 403
    assert (await narrow.get(PATH)).status == 403


async def test_a_public_mention_arrives_encrypted_and_signed(
    site: Site, service: PushService
) -> None:
    claire, denis = await site.person("claire"), await site.person("denis")
    server_key = (await subscribed(denis, service))["server_key"]
    await post(claire, "@denis Bonjour <b>à</b> vous")
    await site.settle()
    assert await send_due_once(site.node) == 1
    ((path, headers, _),) = service.requests
    assert path == "/device/1"
    assert headers["content-encoding"] == "aes128gcm"
    assert headers["ttl"] == str(TTL_S)
    _check_vapid(headers["authorization"], server_key, service.origin, site.node.clock())
    (told,) = service.messages()
    notification = (await denis.get("/api/v1/notifications")).json[0]
    assert told == {
        "access_token": denis.token,
        "preferred_locale": "fr",
        "notification_id": int(notification["id"]),
        "notification_type": "mention",
        "icon": f"{site.node.origin}/static/avatar.png",
        "title": "claire vous a mentionné",
        "body": "@denis Bonjour <b>à</b> vous",
    }
    assert await send_due_once(site.node) == 0
    assert await site.node.db.value("SELECT COUNT(*) FROM push") == 0


def _check_vapid(header: str, server_key: str, origin: str, now_ms: int) -> None:
    scheme, _, rest = header.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme, parts["k"]) == ("vapid", server_key)
    signed, _, signature = parts["t"].rpartition(".")
    raw = from_base64(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), from_base64(server_key))
    point.verify(der, signed.encode(), ECDSA(SHA256()))
    claims = orjson.loads(base64.urlsafe_b64decode(signed.split(".")[1] + "=="))
    assert claims["aud"] == origin
    assert now_ms // 1000 < claims["exp"] <= now_ms // 1000 + 86_400


@pytest.mark.parametrize("visibility", ["private", "direct", "local"])
async def test_the_words_of_a_post_that_is_not_public_stay_here(
    site: Site, service: PushService, visibility: str
) -> None:
    claire, denis = await site.person("claire"), await site.person("denis", locale="en")
    await subscribed(denis, service)
    await post(claire, "@denis un secret", visibility, spoiler_text="avertissement")
    await site.settle()
    assert await send_due_once(site.node) == 1
    (told,) = service.messages()
    assert told["body"] in ("Open the app to read.", "Ouvrez l’application pour lire.")
    assert "secret" not in str(told)
    assert "avertissement" not in str(told)


async def test_a_warning_stands_for_the_text(site: Site, service: PushService) -> None:
    claire, denis = await site.person("claire"), await site.person("denis")
    await subscribed(denis, service)
    await post(claire, "@denis la fin du film", spoiler_text="Film")
    await site.settle()
    await send_due_once(site.node)
    assert service.messages()[0]["body"] == "Film"


async def test_the_older_encoding_for_who_does_not_ask_for_the_standard(
    site: Site, service: PushService
) -> None:
    claire, denis = await site.person("claire"), await site.person("denis")
    asked = service.asked()
    del asked["subscription"]["standard"]
    made = (await denis.post(PATH, asked)).json
    assert made["standard"] is False
    await post(claire, "@denis Bonjour")
    await site.settle()
    await send_due_once(site.node)
    ((_, headers, _),) = service.requests
    assert headers["content-encoding"] == "aesgcm"
    assert headers["authorization"].startswith("WebPush ")
    assert f"p256ecdsa={made['server_key']}" in headers["crypto-key"]
    assert service.messages()[0]["notification_type"] == "mention"


async def test_switches_and_policies(site: Site, service: PushService) -> None:
    claire, denis = await site.person("claire"), await site.person("denis")
    own = await post(denis, "Bonjour")
    await subscribed(denis, service, data={"alerts": {"favourite": False, "mention": True}})
    await claire.post(f"/api/v1/statuses/{own}/favourite")
    await site.settle()
    assert await send_due_once(site.node) == 0
    for policy, expected in (("none", 0), ("followed", 0), ("follower", 0), ("all", 1)):
        service.requests.clear()
        await subscribed(denis, service, data={"alerts": {"mention": "1"}, "policy": policy})
        await post(claire, f"@denis {policy}")
        await site.settle()
        await send_due_once(site.node)
        assert len(service.requests) == expected, policy
    await site.follow(denis, "claire")
    await site.follow(claire, "denis")
    for policy in ("followed", "follower"):
        service.requests.clear()
        await subscribed(denis, service, data={"alerts": {"mention": "1"}, "policy": policy})
        await post(claire, f"@denis encore {policy}")
        await site.settle()
        await send_due_once(site.node)
        assert len(service.requests) == 1, policy


@pytest.mark.parametrize("what", ["mute", "block", "filter", "revoked", "disabled", "gone"])
async def test_nothing_leaves_for_what_changed_before_it_was_sent(
    site: Site, service: PushService, what: str
) -> None:
    claire, denis = await site.person("claire"), await site.person("denis")
    await subscribed(denis, service)
    status_id = await post(claire, "@denis Bonjour")
    await site.settle()
    assert await site.node.db.value("SELECT COUNT(*) FROM push") == 1
    changes = {
        "revoked": "UPDATE access_token SET revoked_at = 1 WHERE id ="
        " (SELECT access_token_id FROM push_subscription)",
        "disabled": "UPDATE account SET disabled_at = 1 WHERE actor_id ="
        " (SELECT actor_id FROM push_subscription)",
    }
    if what in ("mute", "block"):
        await denis.post(f"/api/v1/accounts/{site.id_of('claire')}/{what}")
    elif what == "filter":
        made = {
            "title": "x",
            "context": ["notifications"],
            "keywords_attributes": [{"keyword": "bonjour"}],
        }
        assert (await denis.post("/api/v2/filters", made)).status == 200
    elif what == "gone":
        await claire.ask("DELETE", f"/api/v1/statuses/{status_id}")
    else:
        await _execute(site, changes[what])
    await send_due_once(site.node)
    assert service.requests == []
    assert await site.node.db.value("SELECT COUNT(*) FROM push") == 0


async def _execute(site: Site, sql: str) -> None:
    async def work(tx: Transaction) -> None:
        await tx.execute(sql)

    await site.node.db.write(work)


async def test_a_device_that_is_gone_loses_its_subscription(
    site: Site, service: PushService
) -> None:
    claire, denis = await site.person("claire"), await site.person("denis")
    for status in (404, 410):
        await subscribed(denis, service)
        service.status = status
        await post(claire, f"@denis {status}")
        await site.settle()
        await send_due_once(site.node)
        assert (await denis.get(PATH)).status == 404


async def test_a_service_that_fails_is_asked_again_until_it_is_old_news(
    site: Site, service: PushService, clock: FakeClock
) -> None:
    claire, denis = await site.person("claire"), await site.person("denis")
    await subscribed(denis, service)
    await post(claire, "@denis Bonjour")
    await site.settle()
    for status, wait_s in ((503, 30), (429, 60), (500, 120)):
        service.status = status
        assert await send_due_once(site.node) == 1
        assert await send_due_once(site.node) == 0
        clock.advance(wait_s)
    service.status = 201
    assert await send_due_once(site.node) == 1
    assert len(service.messages()) == 4
    assert int(service.requests[-1][1]["ttl"]) == TTL_S - 210
    service.status = 503
    await post(claire, "@denis Encore")
    await site.settle()
    await send_due_once(site.node)
    clock.advance(TTL_S + 1)
    service.status = 201
    await send_due_once(site.node)
    assert len(service.requests) == 5
    assert await site.node.db.value("SELECT COUNT(*) FROM push") == 0


async def test_two_processes_send_each_message_once(
    site: Site, service: PushService, clock: FakeClock
) -> None:
    claire, denis = await site.person("claire"), await site.person("denis")
    await subscribed(denis, service)
    for number in range(5):
        await post(claire, f"@denis {number}")
    await site.settle()
    tried = await asyncio.gather(*(send_due_once(site.node) for _ in range(3)))
    assert sum(tried) == len(service.requests) == 5
    # What a process held that ended meanwhile is due again, later.
    await post(claire, "@denis Encore")
    await site.settle()

    later = clock() + CLAIM_MS
    await site.node.db.write(lambda tx: tx.execute("UPDATE push SET next_attempt_at = ?", later))
    assert await send_due_once(site.node) == 0
    clock.advance(CLAIM_MS // 1000)
    assert await send_due_once(site.node) == 1
    assert len(service.requests) == 6


async def test_a_refusal_is_final_for_the_message_alone(site: Site, service: PushService) -> None:
    claire, denis = await site.person("claire"), await site.person("denis")
    await subscribed(denis, service)
    for status in (400, 403, 413, 307):
        service.status = status
        await post(claire, f"@denis {status}")
        await site.settle()
        assert await send_due_once(site.node) == 1
        assert await send_due_once(site.node) == 0
    assert (await denis.get(PATH)).status == 200


async def test_a_name_that_leads_inside_is_not_asked(site: Site, service: PushService) -> None:
    claire, denis = await site.person("claire"), await site.person("denis")
    asked = service.asked()
    port = service.origin.rpartition(":")[2]
    asked["subscription"]["endpoint"] = f"https://localhost:{port}/device/1"
    node = site.node
    assert node.push_client is not None
    # As a node on the internet has it: nothing but public addresses.
    from federation.client import GuardedClient
    from federation.networks import Networks

    strict = replace(node, push_client=GuardedClient(networks=Networks([]), user_agent="test"))
    assert strict.push_client is not None
    assert (await denis.post(PATH, asked)).status == 200
    await post(claire, "@denis Bonjour")
    await site.settle()
    assert await send_due_once(strict) == 1
    await strict.push_client.close()
    assert service.requests == []
    assert await node.db.value("SELECT COUNT(*) FROM push") == 0


async def test_a_site_may_send_nothing(site: Site, service: PushService) -> None:
    node = replace(site.node, options=Options(push=PushOptions(enabled=False)))
    quiet = Site(node, build_app(node))
    claire, denis = await quiet.person("claire"), await quiet.person("denis")
    reply = await denis.post(PATH, service.asked())
    assert (reply.status, reply.json["error"]) == (403, "Ce site n’envoie pas de messages push.")
    instance = (await denis.get("/api/v2/instance")).json
    assert instance["configuration"]["vapid"]["public_key"] == ""
    await post(claire, "@denis Bonjour")
    await quiet.settle()
    assert await send_due_once(node) == 0
    assert await node.db.value("SELECT COUNT(*) FROM push_key") == 0
