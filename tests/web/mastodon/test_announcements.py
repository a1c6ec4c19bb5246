"""Announcements and the site's own emojis: written by some, read and answered by everybody."""

from urllib.parse import quote

import orjson
import pytest

from federation.errors import Invalid
from federation.events import Event
from inbox.announcements import is_emoji, publish_due
from outbox import emojis
from tests.conftest import FakeClock
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.seen import check
from tests.web.mastodon.staff import staff

ADMIN, PATH = "/api/v1/admin/announcements", "/api/v1/announcements"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


async def emoji(site: Site, shortcode: str = "tilleul", content: bytes = PNG) -> None:
    await site.node.db.write(lambda tx: emojis.add(site.node, tx, shortcode, content))


async def test_an_announcement_is_read_answered_and_put_away(site: Site) -> None:
    voice, ada, ben = (
        await staff(site, "communication"),
        await site.person("ada"),
        await site.person("ben"),
    )
    await emoji(site)
    text = "Repas commun <b>demain</b> #Fête :tilleul:"
    made = await voice.post(ADMIN, {"text": text})
    assert made.status == 200, made.text
    number = made.json["id"]
    shown = (await ada.get(PATH)).json[0]
    check("Announcement", shown)
    assert "&lt;b&gt;demain" in shown["content"]
    assert [tag["name"] for tag in shown["tags"]] == ["fête"]
    assert [entry["shortcode"] for entry in shown["emojis"]] == ["tilleul"]
    assert (shown["read"], shown["reactions"]) == (False, [])
    for client in (ada, ben):
        for name in ("🎉", "tilleul") if client is ada else ("🎉",):
            path = f"{PATH}/{number}/reactions/{name}"
            assert (await client.ask("PUT", path)).json == {}
            assert (await client.ask("PUT", path)).json == {}
    shown = (await ben.get(PATH)).json[0]
    reactions = {entry["name"]: entry for entry in shown["reactions"]}
    assert reactions["🎉"] == {"name": "🎉", "count": 2, "me": True}
    assert (reactions["tilleul"]["count"], reactions["tilleul"]["me"]) == (1, False)
    assert reactions["tilleul"]["static_url"].startswith(site.node.origin)
    assert (await ben.ask("DELETE", f"{PATH}/{number}/reactions/🎉")).json == {}
    assert (await ben.ask("DELETE", f"{PATH}/{number}/reactions/🎉")).status == 404
    assert (await ada.post(f"{PATH}/{number}/dismiss")).json == {}
    assert (await ada.get(PATH)).json == []
    assert (await ada.get(PATH, with_dismissed="true")).json[0]["read"] is True
    assert len((await ben.get(PATH)).json) == 1
    assert (await voice.ask("DELETE", f"{ADMIN}/{number}")).json == {}
    assert (await ben.get(PATH)).json == []
    assert (await ben.post(f"{PATH}/{number}/dismiss")).status == 404


@pytest.mark.parametrize(
    "name", ["x", "<script>", "inconnu", "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉"]
)
async def test_only_emojis_are_reactions(site: Site, name: str) -> None:
    voice = await staff(site, "communication")
    number = (await voice.post(ADMIN, {"text": "Bonjour"})).json["id"]
    reply = await voice.ask("PUT", f"{PATH}/{number}/reactions/{name}")
    assert (reply.status, list(reply.json["details"])) == (422, ["name"])


async def test_there_are_few_kinds_of_reactions(site: Site) -> None:
    voice = await staff(site, "communication")
    number = (await voice.post(ADMIN, {"text": "Bonjour"})).json["id"]
    answers = [
        (await voice.ask("PUT", f"{PATH}/{number}/reactions/{name}")).status
        for name in ("😀", "😁", "😂", "😃", "😄", "😅", "😆", "😇", "😈")
    ]
    assert answers == [200] * 8 + [422]


async def test_an_announcement_appears_and_ends_at_its_moment(site: Site, clock: FakeClock) -> None:
    voice, ada = await staff(site, "communication"), await site.person("ada")
    told: list[Event] = []
    site.node.events.listen(told.append)
    sent = {
        "text": "Demain",
        "scheduled_at": "2026-09-22T08:00:00Z",
        "starts_at": "2026-09-23",
        "ends_at": "2026-09-24",
        "all_day": True,
    }
    made = (await voice.post(ADMIN, sent)).json
    assert made["published"] is False
    assert (await ada.get(PATH)).json == []
    assert (await ada.post(f"{PATH}/{made['id']}/dismiss")).status == 404
    assert await publish_due(site.node) == 0
    clock.advance(86_400)
    assert await publish_due(site.node) == 1
    assert await publish_due(site.node) == 0
    assert [(event.kind, event.id) for event in told] == [("announcement", int(made["id"]))]
    assert (await ada.get(PATH)).json[0]["all_day"] is True
    changed = await voice.ask("PUT", f"{ADMIN}/{made['id']}", json={"text": "Après-demain"})
    assert changed.json["ends_at"] == made["ends_at"]
    assert "Après-demain" in (await ada.get(PATH)).json[0]["content"]
    clock.advance(3 * 86_400)
    assert (await ada.get(PATH)).json == []
    assert [item["id"] for item in (await voice.get(ADMIN)).json] == [made["id"]]
    wrong = await voice.post(
        ADMIN, {"text": "x", "starts_at": "2026-09-24", "ends_at": "2026-09-23"}
    )
    assert list(wrong.json["details"]) == ["ends_at"]


async def test_the_sites_emojis_are_listed_and_their_pictures_open(site: Site) -> None:
    await emoji(site)
    listed = (await site.client().get("/api/v1/custom_emojis")).json
    assert [(entry["shortcode"], entry["visible_in_picker"]) for entry in listed] == [
        ("tilleul", True)
    ]
    picture = await site.client().get(listed[0]["url"])
    assert (picture.status, picture.body) == (200, PNG)
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["x-content-type-options"] == "nosniff"
    for name in ("inconnu", quote("../secret"), "tilleul.png"):
        assert (await site.client().get(f"/emojis/{name}")).status == 404
    await site.node.db.write(lambda tx: emojis.remove(tx, "tilleul"))
    assert (await site.client().get("/api/v1/custom_emojis")).json == []
    # Where it was used it is still shown.
    assert (await site.client().get(listed[0]["url"])).status == 200


async def test_a_status_shows_the_sites_emojis_and_tells_its_partners(site: Site) -> None:
    await emoji(site)
    ada = await site.person("ada")
    made = (await ada.post("/api/v1/statuses", {"status": "Vive :tilleul: et :inconnu:"})).json
    assert [entry["shortcode"] for entry in made["emojis"]] == ["tilleul"]
    body = await site.node.db.value("SELECT body FROM activity WHERE type = 'Create'")
    tags = orjson.loads(bytes(body))["object"]["tag"]
    assert [(tag["type"], tag["name"]) for tag in tags] == [("Emoji", ":tilleul:")]
    changed = await ada.ask("PUT", f"/api/v1/statuses/{made['id']}", json={"status": "Rien : là"})
    assert changed.json["emojis"] == []


@pytest.mark.parametrize(
    ("shortcode", "content"),
    [
        ("a", PNG),
        ("a-b", PNG),
        ("../x", PNG),
        ("bien", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("bien", b""),
        ("bien", PNG + b"\0" * 300_000),
    ],
)
async def test_what_is_no_emoji_is_refused(site: Site, shortcode: str, content: bytes) -> None:
    """SEC-210."""
    with pytest.raises(Invalid):
        await emoji(site, shortcode, content)
    assert await site.node.db.value("SELECT COUNT(*) FROM custom_emoji") == 0


def test_emojis_of_unicode() -> None:
    for text in ("🎉", "❤️", "👍🏽", "👩‍⚕️", "🇫🇷", "1️⃣", "✅"):
        assert is_emoji(text), text
    for text in ("a", "1", "", "é", "<b>", "🎉a", " "):
        assert not is_emoji(text), text
