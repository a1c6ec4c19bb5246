"""What is written in the world: posts of every kind, and what is done to them."""

from datetime import UTC, datetime
from typing import Any

from inbox.poll_ends import polls_once
from outbox import emojis
from outbox.cards import put_card
from tests.federation.subscriber import Subscriber
from tests.web.mastodon.contract.entities_notifications import ALERTS
from tests.web.mastodon.contract.world import World
from tests.web.mastodon.files import film, office, picture, sound, uploaded

STATUSES = "/api/v1/statuses"
DEVICE: dict[str, Any] = {
    "subscription": {
        "endpoint": "http://127.0.0.1:9/device/1", "standard": True, "keys": Subscriber().keys,
    },
    "data": {"alerts": dict.fromkeys(ALERTS, True), "policy": "all"},
}  # fmt: skip


async def posts(world: World) -> None:
    """Posts of people of this site."""
    await world.write(
        lambda tx: emojis.add(world.site.node, tx, "tilleul", picture(size=(16, 16)), "Arbres")
    )
    await world.write(lambda tx: emojis.add(world.site.node, tx, "chene", picture(size=(16, 16))))
    text = "Bonjour @bob #nuit :tilleul: https://journal.example/nuit"
    await world.publish("ada", "post", text, language="fr")
    await world.publish("bob", "reply", "@ada bien sûr", in_reply_to_id="{post}")
    await world.publish("chloe", "below", "@bob oui", in_reply_to_id="{reply}")
    await world.publish("bob", "told", "Écoutez #nuit", language="fr")
    for name in ("ada", "bob"):
        await world.publish(name, f"to_trend_{name}", "#jardin https://journal.example/jardin")
    await world.publish("bob", "mustard", "De la moutarde", spoiler_text="Cuisine")
    await world.post(
        "ada", "/api/v2/filters/{status_filter}/statuses", {"status_id": "{told}"}, "filter_status"
    )
    await world.publish("ada", "private", "Entre nous", visibility="private")
    await world.publish("ada", "site", "À tous ici", visibility="local")
    await world.publish("ada", "unlisted", "Discret", visibility="unlisted")
    await world.publish("bob", "direct", "@ada pour toi", visibility="direct")
    await world.publish("chloe", "direct_2", "@ada et toi", visibility="direct")
    await world.publish("ada", "muted", "Un long fil")
    await world.post("ada", f"{STATUSES}/{{muted}}/mute")
    await _deeds(world)
    await _media(world)
    await _polls(world)
    await _quotes(world)
    await _scheduled(world)
    await _edits(world)
    await world.settle()


async def _deeds(world: World) -> None:
    await world.post("bob", f"{STATUSES}/{{post}}/reblog", keep="boost")
    await world.post("chloe", f"{STATUSES}/{{post}}/reblog")
    for name in ("bob", "chloe", "staff"):
        await world.post(name, f"{STATUSES}/{{post}}/favourite")
    await world.post("ada", f"{STATUSES}/{{reply}}/favourite")
    await world.post("ada", f"{STATUSES}/{{reply}}/bookmark")
    await world.post("ada", f"{STATUSES}/{{told}}/reblog")
    await world.post("bob", f"{STATUSES}/{{to_trend_ada}}/favourite")
    await world.post("ada", f"{STATUSES}/{{post}}/pin")
    await _card(world, "to_trend_ada")


async def _card(world: World, name: str) -> None:
    """The card that a loop of the node makes of a page."""
    status = await world.site.node.db.row(
        "SELECT * FROM status WHERE id = ?", int(world.names[name])
    )
    assert status is not None
    page: dict[str, object] = {
        "url": "https://journal.example/jardin",
        "title": "Le jardin",
        "language": "fr",
    }
    await world.write(lambda tx: put_card(world.site.node, tx, status, page))


async def _media(world: World) -> None:
    ada = world.clients["ada"]
    alt, focus = ("description", None, b"Un jardin"), ("focus", None, b"0.5,-0.5")
    sent = {
        "image": (picture(), alt, focus), "film": (film(),), "tune": (sound(),),
        "paper": (office(),), "loose": (picture(),), "spare": (picture(),), "waits": (picture(),),
    }  # fmt: skip
    for name, (content, *more) in sent.items():
        world.names[name] = (await uploaded(ada, content, *more))["id"]
    names = ["{image}", "{paper}", "{tune}"]
    await world.publish("ada", "with_image", media_ids=names, sensitive=True)
    await world.publish("ada", "with_film", "Regardez", media_ids=["{film}"])


async def _polls(world: World) -> None:
    days: dict[str, Any] = {"options": ["mardi :chene:", "jeudi"], "expires_in": 300}
    made = await world.publish("bob", "asked_briefly", poll=days)
    await _vote(world, made)
    many = days | {"multiple": True, "hide_totals": True, "expires_in": 86_400}
    made = await world.publish("bob", "asked", poll=many)
    world.names["poll"] = made["poll"]["id"]
    made = await world.publish("bob", "asked_too", poll=days | {"expires_in": 86_400})
    world.names["open_poll"] = made["poll"]["id"]
    await world.settle()
    world.clock.advance(400)
    await polls_once(world.site.node)
    await world.settle()


async def _vote(world: World, status: dict[str, Any]) -> None:
    await world.post("ada", f"/api/v1/polls/{status['poll']['id']}/votes", {"choices": [0]})


async def _quotes(world: World) -> None:
    await world.publish("bob", "quoting", "Voyez", quoted_status_id="{post}")
    await world.publish("ada", "quoting_more", "Et voyez", quoted_status_id="{quoting}")
    await world.publish("chloe", "unwanted", "Voyez-la", quoted_status_id="{post}")
    await world.publish("chloe", "over_unwanted", "Vraiment", quoted_status_id="{unwanted}")
    await world.publish("bob", "quoting_still", "Voyez encore", quoted_status_id="{post}")
    await world.publish("bob", "by_followers", "Pour vous", quote_approval_policy="followers")
    await world.settle()
    await world.post("ada", f"{STATUSES}/{{post}}/quotes/{{unwanted}}/revoke")


async def _scheduled(world: World) -> None:
    later = datetime.fromtimestamp(world.clock.now_ms / 1000 + 86_400, UTC).isoformat()
    days = {"options": ["mardi", "jeudi"], "expires_in": 600, "multiple": True}
    for name, more in {
        "scheduled": {
            "poll": days, "spoiler_text": "Vote", "language": "fr", "in_reply_to_id": "{reply}",
        },
        "scheduled_media": {"media_ids": ["{waits}"], "visibility": "private"},
        "scheduled_quote": {"quoted_status_id": "{reply}"},
        "to_cancel": {},
    }.items():  # fmt: skip
        asked = world.filled({"status": "Demain", "scheduled_at": later, **more})
        headers = {"idempotency-key": name} if name == "scheduled" else {}
        reply = await world.clients["ada"].ask("POST", STATUSES, json=asked, headers=headers)
        assert reply.status == 200, reply.text
        world.names[name] = reply.json["id"]
    plain = {"status": "Demain", "scheduled_at": later}
    await world.post("bob", STATUSES, plain, "scheduled_plain")


async def _edits(world: World) -> None:
    poll: dict[str, Any] = {"options": ["un", "deux"], "expires_in": 3600}
    media = ["{image}", "{paper}", "{tune}"]
    world.clock.advance(10)
    changed: dict[str, Any] = {
        "status": "Autrement :tilleul:", "media_ids": media, "spoiler_text": "Attention",
    }  # fmt: skip
    await world.do("ada", "PUT", f"{STATUSES}/{{with_image}}", changed)
    await world.do("bob", "PUT", f"{STATUSES}/{{told}}", {"status": "Écoutez bien #nuit"})
    await world.do("bob", "PUT", f"{STATUSES}/{{asked_too}}", {"status": "?", "poll": poll})
    await world.do("bob", "PUT", f"{STATUSES}/{{quoting}}", {"status": "Voyez bien"})
    await world.do("ada", "PUT", f"{STATUSES}/{{post}}", {"status": "Bonsoir @bob #nuit :tilleul:"})


async def device(world: World) -> None:
    """A device of ada's that is told things."""
    await world.post("ada", "/api/v1/push/subscription", DEVICE)
