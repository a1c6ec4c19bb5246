"""Link cards: looked up by the author's node alone, and sent with the status."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from federation.options import MediaOptions, Options
from tests.nodes.test_follow_and_post import call, person
from tests.nodes.test_media import befriend
from tests.serving import Running, Start, answering, eventually
from tests.web.conftest import ask
from tests.web.mastodon.files import picture

PAGE = """<!doctype html><html lang="fr"><head>
<title>Not this one</title>
<meta property="og:title" content="Le potager &lt;b&gt;partagé&lt;/b&gt;">
<meta property="og:description" content="Un jardin pour tous">
<meta property="og:site_name" content="La ville">
<meta property="og:image" content="/picture.png">
<meta property="og:image:alt" content="Des tomates">
<meta name="author" content="Anne">
</head><body><title>Nor this</title></body></html>"""


@dataclass
class Linked:
    """A web site, and who asked it for what."""

    origin: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    page: str = PAGE
    content_type: str = "text/html"

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.path, request.headers.get("User-Agent", "")))
        assert "Signature" not in request.headers
        if request.path == "/picture.png":
            return web.Response(body=picture("PNG", (300, 200)), content_type="image/png")
        return web.Response(text=self.page, content_type=self.content_type)


@pytest.fixture
async def linked() -> AsyncIterator[Linked]:
    site = Linked()
    app = web.Application()
    app.router.add_get("/{path:.*}", site.answer)
    async with answering(app) as origin:
        site.origin = origin
        yield site


Headers = dict[str, str]


async def write(running: Running, headers: Headers, text: str, visibility: str) -> Any:
    fields = {"status": text, "visibility": visibility}
    return await call(running, "POST", "v1/statuses", json=fields, headers=headers)


def card_at(running: Running, headers: Headers, uri: str) -> Callable[[], Awaitable[Any]]:
    async def look() -> Any:
        home = await call(running, "GET", "v1/timelines/home", headers=headers)
        return next((status["card"] for status in home if status["uri"] == uri), None)

    return look


async def test_a_card_is_looked_up_by_the_authors_node_and_sent(
    start_node: Start, linked: Linked
) -> None:
    one, other = await start_node(federation_mode="open"), await start_node(federation_mode="open")
    alice, bob = await person(one, "alice"), await person(other, "bob")
    await befriend(one, other, bob, "alice")
    status = await write(one, alice, f"À lire : {linked.origin}/jardin", "public")
    assert status["card"] is None
    own = await eventually(card_at(one, alice, status["uri"]))
    assert own["title"] == "Le potager partagé"
    assert own["url"] == f"{linked.origin}/jardin"
    assert (own["type"], own["html"], own["language"]) == ("link", "", "fr")
    assert (own["description"], own["provider_name"]) == ("Un jardin pour tous", "La ville")
    assert own["authors"] == [{"name": "Anne", "url": "", "account": None}]
    assert (own["image_description"], own["width"], own["height"]) == ("Des tomates", 300, 200)
    got = await ask(one, "GET", own["image"])
    assert (got.status, got.headers["content-type"]) == (200, "image/webp")
    there = await eventually(card_at(other, bob, status["uri"]))
    assert {**there, "image": "", "language": "fr"} == {**own, "image": ""}
    copied = await ask(other, "GET", there["image"])
    assert (copied.status, copied.body) == (200, got.body)
    # Once each, and never by the reader's node.
    assert [path for path, _ in linked.asked] == ["/jardin", "/picture.png"]
    assert all(one.origin in agent for _, agent in linked.asked)
    edits = await call(one, "GET", f"v1/statuses/{status['id']}", headers=alice)
    assert edits["edited_at"] is None
    seen = await call(other, "GET", "v1/timelines/home", headers=bob)
    assert seen[0]["edited_at"] is None


async def test_no_host_learns_what_is_not_for_everybody(start_node: Start, linked: Linked) -> None:
    opened = await start_node(federation_mode="open")
    closed = await start_node()
    listing = await start_node(options=Options(media=MediaOptions(card_hosts=("127.0.0.1",))))
    off = await start_node(federation_mode="open", options=Options(media=MediaOptions(cards=False)))
    for running, visibility, path in (
        (opened, "private", "a"),
        (opened, "direct", "b"),
        (closed, "public", "c"),
        (off, "public", "d"),
    ):
        headers = await person(running, f"p{path}")
        await write(running, headers, f"{linked.origin}/{path}", visibility)
    headers = await person(listing, "alice")
    status = await write(listing, headers, f"{linked.origin}/listed", "private")
    card = await eventually(card_at(listing, headers, status["uri"]))
    assert [path for path, _ in linked.asked] == ["/listed", "/picture.png"]
    # Its picture is as private as the post.
    bare, _, grant = card["image"].partition("?")
    assert grant
    assert (await ask(listing, "GET", bare)).status == 401
    assert (await ask(listing, "GET", card["image"])).status == 200


@pytest.mark.parametrize("kind", ["no title", "no page", "large"])
async def test_what_is_no_page_makes_no_card(start_node: Start, linked: Linked, kind: str) -> None:
    running = await start_node(federation_mode="open")
    alice = await person(running, "alice")
    if kind == "no title":
        linked.page = "<html><body>…</body></html>"
    elif kind == "no page":
        linked.content_type = "application/json"
    else:
        linked.page = PAGE + "x" * 1_100_000
    status = await write(running, alice, f"{linked.origin}/x", "public")

    async def tried() -> bool:
        return bool(linked.asked)

    await eventually(tried)
    await asyncio.sleep(0.2)
    shown = await call(running, "GET", f"v1/statuses/{status['id']}", headers=alice)
    assert shown["card"] is None
    assert len(linked.asked) == 1
