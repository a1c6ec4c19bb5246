"""Translation by a service that really answers: LibreTranslate's two addresses on loopback."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
import pytest
from aiohttp import web

from federation.client import GuardedClient
from federation.networks import Networks
from federation.node import Node
from federation.options import TranslationOptions
from tests.web.mastodon.conftest import Site, unlimited
from web.app import build_app

LANGUAGES = [
    {"code": "fr", "name": "French", "targets": ["en", "de"]},
    {"code": "en", "name": "English", "targets": ["fr"]},
]


@dataclass
class Service:
    """What it was asked, and how it answers: each text in capitals."""

    origin: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    status: int = 200
    answer: Any = None
    leads_to: str = ""

    async def languages(self, _: web.Request) -> web.Response:
        if self.leads_to:
            raise web.HTTPFound(self.leads_to)
        return web.json_response(LANGUAGES)

    async def translate(self, request: web.Request) -> web.Response:
        if self.leads_to:
            raise web.HTTPTemporaryRedirect(self.leads_to)
        asked = orjson.loads(await request.read())
        self.asked.append(asked)
        found = {
            "translatedText": [text.upper() for text in asked["q"]],
            "detectedLanguage": [{"confidence": 90, "language": "fr"}] * len(asked["q"]),
        }
        return web.json_response(found if self.answer is None else self.answer, status=self.status)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    made = Service()
    app = web.Application()
    app.router.add_get("/languages", made.languages)
    app.router.add_post("/translate", made.translate)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def translating(node: Node, service: Service) -> AsyncIterator[Site]:
    """A node that translates by the service, which is outside."""
    site = made_with(node, TranslationOptions(url=service.origin, api_key="une clé"))
    yield site
    assert site.node.translation_client is not None
    await site.node.translation_client.close()


def made_with(node: Node, options: TranslationOptions) -> Site:
    client = GuardedClient(
        networks=Networks(["127.0.0.0/8"]), user_agent="Maillage/test", allow_http=True
    )
    node = replace(
        unlimited(node),
        options=replace(node.options, translation=options),
        translation_client=client,
    )
    return Site(node, build_app(node))


async def publish(client: Any, text: str = "Bonjour", **more: Any) -> dict[str, Any]:
    reply = await client.post("/api/v1/statuses", {"status": text, "language": "fr", **more})
    assert reply.status == 200, reply.text
    return reply.json


async def translate(client: Any, status: dict[str, Any], **params: Any) -> Any:
    return await client.post(f"/api/v1/statuses/{status['id']}/translate", {"lang": "en", **params})


async def test_a_status_is_translated_whole(translating: Site, service: Service) -> None:
    ada, bob = await translating.person("ada"), await translating.person("bob")
    poll = {"options": ["mardi", "d'accord & oui"], "expires_in": 600}
    made = await publish(ada, "Le <jardin> ouvre", spoiler_text="au jardin", poll=poll)
    reply = await translate(bob, made)
    assert reply.json == {
        "content": "<p>LE &lt;JARDIN&gt; OUVRE</p>",
        "spoiler_text": "AU JARDIN",
        "language": "en",
        "detected_source_language": "fr",
        "provider": "LibreTranslate",
        "media_attachments": [],
        "poll": {
            "id": made["poll"]["id"],
            "options": [{"title": "MARDI"}, {"title": "D'ACCORD & OUI"}],
        },
    }
    asked = service.asked[0]
    assert (asked["source"], asked["target"], asked["format"]) == ("fr", "en", "html")
    assert asked["api_key"] == "une clé"


async def test_descriptions_are_translated_and_an_unknown_language_found(
    translating: Site, service: Service
) -> None:
    ada = await translating.person("ada")
    made = await publish(ada)

    async def work(tx: Any) -> None:
        await tx.execute("UPDATE status SET language = NULL")
        await tx.execute(
            "INSERT INTO attachment (id, status_id, actor_id, type, description, created_at)"
            " VALUES (7, ?, ?, 'image', 'un banc', 0)",
            int(made["id"]),
            translating.people["ada"]["id"],
        )

    await translating.node.db.write(work)
    found = (await translate(ada, made)).json
    assert found["media_attachments"] == [{"id": "7", "description": "UN BANC"}]
    assert (service.asked[0]["source"], found["detected_source_language"]) == ("auto", "fr")
    assert found["poll"] is None


async def test_what_the_service_sends_is_foreign_html(translating: Site, service: Service) -> None:
    """SEC-105."""
    ada = await translating.person("ada")
    evil = "<p>ok<script>alert(1)</script><a href='javascript:x'>y</a><img src=x onerror=z></p>"
    service.answer = {"translatedText": [evil, "<b onclick=x>w</b><script>z</script>"]}
    found = (await translate(ada, await publish(ada))).json
    assert "script" not in found["content"]
    assert "javascript" not in found["content"]
    assert "<img" not in found["content"]
    assert found["spoiler_text"] == "w"


@pytest.mark.parametrize("visibility", ["private", "local", "direct"])
@pytest.mark.parametrize("inside", [False, True])
async def test_what_is_not_public_goes_only_to_a_service_inside(
    node: Node, service: Service, visibility: str, inside: bool
) -> None:
    site = made_with(node, TranslationOptions(url=service.origin, inside=inside))
    ada = await site.person("ada", locale="fr")
    made = await publish(ada, visibility=visibility)
    reply = await translate(ada, made)
    if inside:
        assert reply.json["content"] == "<p>BONJOUR</p>"
    else:
        assert reply.status == 403
        assert reply.json["error"].startswith("Seuls les messages publics sont traduits ici")
        assert service.asked == []
        assert (await translate(ada, await publish(ada))).status == 200
    assert site.node.translation_client is not None
    await site.node.translation_client.close()


async def test_what_one_may_not_see_is_not_there(translating: Site, service: Service) -> None:
    ada, bob = await translating.person("ada"), await translating.person("bob")
    made = await publish(ada, visibility="private")
    unseen, nothing = await translate(bob, made), await translate(bob, {"id": "123"})
    assert (unseen.status, unseen.body) == (404, nothing.body)
    assert service.asked == []


@pytest.mark.parametrize("lang", ["fr", "xx", "../..", "a" * 30, "en\n"])
async def test_a_language_that_is_none_is_named(
    translating: Site, service: Service, lang: str
) -> None:
    ada = await translating.person("ada")
    reply = await translate(ada, await publish(ada), lang=lang)
    assert (reply.status, list(reply.json["details"])) == (422, ["lang"])
    assert service.asked == []


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (429, None),
        (403, None),
        (500, None),
        (200, {}),
        (200, []),
        (200, {"translatedText": "x"}),
        (200, {"translatedText": ["one only"]}),
        (200, {"translatedText": [1, 2]}),
    ],
)
async def test_a_service_that_fails_is_unavailable(
    translating: Site, service: Service, status: int, answer: Any
) -> None:
    ada = await translating.person("ada")
    service.status, service.answer = status, answer
    reply = await translate(ada, await publish(ada))
    assert (reply.status, reply.headers["retry-after"]) == (503, "60")
    service.status, service.answer = 200, None
    assert (await translate(ada, await publish(ada))).status == 200


async def test_nothing_is_followed_elsewhere(translating: Site, service: Service) -> None:
    ada = await translating.person("ada")
    made = await publish(ada)
    assert (await translate(ada, made)).status == 200
    service.leads_to = f"{service.origin}/elsewhere"
    assert (await translate(ada, made)).status == 503
    assert len(service.asked) == 1


async def test_languages_are_asked_of_the_service_and_no_redirect_is_followed(
    translating: Site, service: Service
) -> None:
    nobody = translating.client()
    service.leads_to = f"{service.origin}/elsewhere"
    assert (await nobody.get("/api/v1/instance/translation_languages")).status == 503
    service.leads_to = ""
    found = (await nobody.get("/api/v1/instance/translation_languages")).json
    assert found == {"fr": ["en", "de"], "en": ["fr"], "und": ["de", "en", "fr"]}
    instance = (await nobody.get("/api/v2/instance")).json
    assert instance["configuration"]["translation"] == {"enabled": True}


async def test_without_a_service_there_is_no_translation(site: Site) -> None:
    ada = await site.person("ada")
    assert (await translate(ada, await publish(ada))).status == 404
    assert (await ada.get("/api/v1/instance/translation_languages")).json == {}
    instance = (await ada.get("/api/v2/instance")).json
    assert instance["configuration"]["translation"] == {"enabled": False}
