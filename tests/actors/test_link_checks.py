"""A link of a profile is proved by the page itself, and only while the field says the same."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import orjson
import pytest
from aiohttp import web

from actors.link_checks import check_due_once, links_back
from actors.local import create_account
from actors.profiles import update_profile
from actors.queries import get_by_id
from actors.received import read_actor
from federation.database import Row
from federation.node import Node
from tests.conftest import FakeClock
from tests.serving import answering


@dataclass
class Page:
    """A web page of somebody's own, and how often it was asked for."""

    url: str = ""
    html: str = ""
    status: int = 200
    asked: list[str] = field(default_factory=list[str])

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.headers.get("Signature", ""))
        return web.Response(text=self.html, status=self.status, content_type="text/html")


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    found = Page()
    app = web.Application()
    app.router.add_get("/me", found.answer)
    async with answering(app) as origin:
        found.url = f"{origin}/me"
        yield found


@pytest.fixture
async def ada(node: Node) -> Row:
    return await create_account(node, username="ada", password=None)


async def proofs(node: Node, actor: Row) -> list[int | None]:
    row = await get_by_id(node.db, actor["id"])
    return [one["verified_at"] for one in orjson.loads(row["fields"])]


def fields(*values: str) -> list[dict[str, str]]:
    return [{"name": f"n{place}", "value": value} for place, value in enumerate(values)]


async def test_a_link_is_proved_by_a_page_that_links_back(
    node: Node, ada: Row, page: Page, clock: FakeClock
) -> None:
    page.html = f'<p>Moi : <a class="x" rel="nofollow me" href="{ada["url"]}/">ici</a></p>'
    changed = await update_profile(node, ada, {"fields": fields(page.url, f"voir {page.url}")})
    assert await proofs(node, ada) == [None, None]
    assert await check_due_once(node) == 1
    assert await proofs(node, ada) == [clock(), None]
    assert page.asked == [""]
    assert await check_due_once(node) == 0
    clock.advance(60)
    moved = fields("autre", page.url)
    kept = [*fields(page.url), moved[1]]
    current = await get_by_id(node.db, ada["id"])
    await update_profile(node, current, {"fields": kept})
    assert await proofs(node, ada) == [clock() - 60_000, None]
    current = await get_by_id(node.db, ada["id"])
    await update_profile(node, current, {"fields": [{"name": "x", "value": page.url}]})
    assert await proofs(node, ada) == [None]
    assert changed["updated_at"] < (await get_by_id(node.db, ada["id"]))["updated_at"]


async def test_a_page_that_does_not_link_back_proves_nothing(
    node: Node, ada: Row, page: Page, clock: FakeClock
) -> None:
    page.html = f'<a href="{ada["url"]}">ici</a><a rel="me" href="{ada["url"]}x">là</a>'
    await update_profile(node, ada, {"fields": fields(page.url)})
    assert await check_due_once(node) == 0
    assert await proofs(node, ada) == [None]
    clock.advance(86_400)
    assert await check_due_once(node) == 0
    assert len(page.asked) == 1


async def test_a_page_that_does_not_answer_is_asked_again_a_few_times(
    node: Node, ada: Row, page: Page, clock: FakeClock
) -> None:
    page.status = 503
    await update_profile(node, ada, {"fields": fields(page.url)})
    await check_due_once(node)
    await check_due_once(node)
    assert len(page.asked) == 1
    for _ in range(10):
        clock.advance(30 * 86_400)
        await check_due_once(node)
    assert len(page.asked) == 5
    assert await node.db.value("SELECT COUNT(*) FROM link_check") == 0


async def test_nothing_is_asked_of_what_no_longer_stands_there(
    node: Node, ada: Row, page: Page
) -> None:
    await update_profile(node, ada, {"fields": fields(page.url)})
    current = await get_by_id(node.db, ada["id"])
    await update_profile(node, current, {"fields": []})
    assert await check_due_once(node) == 0
    assert page.asked == []


def test_only_a_link_that_says_me_counts() -> None:
    address = {"https://a.example/@ada"}
    for html, proved in (
        ('<link rel="me" href="https://a.example/@ada">', True),
        ('<A REL="ME" HREF="https://a.example/@ada/">x</A>', True),
        ('<a rel="menu" href="https://a.example/@ada">', False),
        ('<!-- <a rel="me" href="https://a.example/@ada"> -->', False),
        ('<img rel="me" href="https://a.example/@ada">', False),
        ('<a rel="me" href="https://a.example/@adam">', False),
        ("<a rel=me href=", False), ("\x00<<<", False), ("", False),
    ):  # fmt: skip
        assert links_back(html, address) is proved, html


def test_what_another_server_says_of_its_links_is_not_believed() -> None:
    document = {
        "id": "https://b.example/u/bob", "type": "Person", "preferredUsername": "bob",
        "inbox": "https://b.example/u/bob/inbox",
        "attachment": [{
            "type": "PropertyValue", "name": "Site", "verified_at": "2026-01-01T00:00:00Z",
            "value": '<a href="https://bank.example" rel="me">https://bank.example</a>',
        }],
    }  # fmt: skip
    assert [one["verified_at"] for one in orjson.loads(read_actor(document).fields)] == [None]
