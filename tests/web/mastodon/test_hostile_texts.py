"""Markup where people write texts, here and elsewhere: nothing of it is markup when it is read.

HTML is what the sanitiser lets pass; everything else is text, and every address a web address.
"""

import re
from typing import Any

import pytest

from actors.documents import read_actor
from actors.remote import upsert_actor
from federation.database import Row, Transaction
from federation.options import InstanceOptions, Options, SiteText
from federation.peers import allow
from federation.vocabulary import PUBLIC, Document
from federation.webfinger import Handle
from outbox.link_pages import read_page
from outbox.received import upsert_remote
from tests.conftest import FakeClock
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.world import World
from tests.web.mastodon.files import picture, uploaded
from tests.web.mastodon.staff import staff

ROSES = "https://roses.example"
# Beginning of a tag, of a handler, of a script, of a style; and an emoji inside an attribute.
ATTACK = (
    '"><script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>'
    "<iframe src=//evil.test></iframe><form action=//evil.test><input><button></form><base href=x>"
    '<style>p{background:url(//evil.test)}</style><p style="position:fixed" onclick=alert(1)>'
    '<a href="javascript:alert(1)">x</a><math><template><object><embed><meta><link></a>'
    '<p data-hx-get="//evil.test" hx-post="/act" hx-on:click="alert(1)" hx-trigger="load">x</p>'
    "{{7*7}}${7*7}<%= 7*7 %>'--"
)
LINKED = 'https://a.test/?"onmouseover=alert(1)//:rose: javascript:alert(1)'
ALLOWED = re.compile(
    r"</?(a|b|blockquote|br|code|del|em|h[1-6]|i|li|ol|p|pre|s|span|strong|u|ul)"
    r'( (class|href|target|rel|lang|translate|value|start)="[^"<>]*")*( reversed="")? ?/?>'
)
HTML_KEYS = {"content", "note", "value", "html"}
DANGEROUS = re.compile(r"<(script|img|svg|iframe|form|style|a)\b|javascript:|onerror=")
URL_KEYS = {
    *("url", "uri", "avatar", "avatar_static", "header", "header_static", "remote_url"),
    *("preview_url", "preview_remote_url", "static_url", "author_url", "provider_url", "image"),
    *("embed_url", "original_url", "website"),
}


def check_html(html: str, where: str) -> None:
    """Check that nothing but allowed tags stands in it, and no link but to the web."""
    assert "<" not in ALLOWED.sub("", html), (where, html)
    for href in re.findall(r'href="([^"]*)"', html):
        assert href.startswith(("https://", "http://")), (where, href)


def check(value: Any, where: str = "", *, source: bool = False) -> None:
    """Check each part of an answer; what its author typed is given back to her as typed."""
    if isinstance(value, list):
        for inner in value:
            check(inner, where, source=source)
    elif isinstance(value, dict):
        for name, inner in value.items():
            path = f"{where}.{name}"
            if isinstance(inner, str) and name in HTML_KEYS and not source:
                check_html(inner, path)
            elif isinstance(inner, str) and inner and name in URL_KEYS:
                assert inner.startswith(("https://", "http://")), (path, inner)
            check(inner, path, source=source or name == "source")


@pytest.fixture
async def world(site: Site, clock: FakeClock) -> World:
    made = World(site, clock)
    for name in ("ada", "bob"):
        made.clients[name] = await site.person(name)
    made.clients["staff"] = await staff(site)
    made.names |= {name: site.id_of(name) for name in site.people}
    return made


async def read_everything(world: World) -> list[str]:
    """Check what ada reads, everywhere; give back the texts of all answers."""
    status = "/api/v1/statuses"
    told: list[str] = []
    ids = [name for key, name in world.names.items() if key.startswith("status")]
    for path in (
        "/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/notifications",
        "/api/v2/notifications", "/api/v1/announcements", "/api/v1/trends/tags",
        "/api/v1/instance/extended_description", "/api/v1/instance/privacy_policy",
        "/api/v1/instance/terms_of_service", "/api/v1/instance/rules", "/api/v2/instance",
        "/api/v1/accounts/{bob}", "/api/v1/accounts/{bob}/statuses", "/api/v1/lists",
        "/api/v2/filters", "/api/v1/conversations", "/api/v1/accounts/verify_credentials",
        *(f"{status}/{one}{part}" for one in ids for part in ("", "/context", "/history")),
    ):  # fmt: skip
        reply = await world.ask("ada", "GET", path)
        assert reply.status == 200, (path, reply.text)
        assert reply.headers["content-type"] == "application/json"
        assert reply.headers["x-content-type-options"] == "nosniff"
        check(reply.json, path)
        told.append(reply.text)
    return told


async def test_what_people_here_write_is_text(world: World) -> None:
    """SEC-107, SEC-108, SEC-114, SEC-116, SEC-117."""
    profile = {
        "display_name": ATTACK[:30], "note": ATTACK[:490],
        "fields_attributes": [{"name": ATTACK[:200], "value": ATTACK[:250]},
                              {"name": "Site", "value": LINKED}],
    }  # fmt: skip
    await world.do("bob", "PATCH", "/api/v1/accounts/update_credentials", profile)
    described = ("description", None, ATTACK.encode())
    media = await uploaded(world.clients["bob"], picture(), described)
    sent: dict[str, dict[str, Any]] = {
        "status": {"status": ATTACK, "spoiler_text": ATTACK[:200], "media_ids": [media["id"]]},
        "status_link": {"status": f"{LINKED} #<b>x @ada<svg onload=alert(1)>"},
        "status_poll": {"status": "?", "poll": {
            "options": ["<script>alert(1)</script>", "<img onerror=x>"], "expires_in": 300,
        }},
        "status_direct": {"status": f"@ada {ATTACK}", "visibility": "direct"},
    }  # fmt: skip
    for keep, body in sent.items():
        await world.do("bob", "POST", "/api/v1/statuses", body, keep)
    edited = {"status": f"{ATTACK} 2", "spoiler_text": ATTACK[:200]}
    await world.do("bob", "PUT", "/api/v1/statuses/{status}", edited)
    await world.post("ada", "/api/v1/lists", {"title": ATTACK[:200]})
    filters = {"title": ATTACK[:200], "context": ["home"], "keywords_attributes": [
        {"keyword": ATTACK[:200]},
    ]}  # fmt: skip
    await world.post("ada", "/api/v2/filters", filters)
    await world.post("ada", "/api/v1/accounts/{bob}/note", {"comment": ATTACK})
    await world.post("staff", "/api/v1/admin/announcements", {"text": ATTACK})
    about = {"account_id": "{bob}", "comment": ATTACK, "status_ids": ["{status}"]}
    await world.post("ada", "/api/v1/reports", about, "report")
    await world.settle()
    told = await read_everything(world)
    assert any("alert(1)" in text for text in told)
    for path in ("reports", "reports/{report}", "accounts/{bob}", "announcements"):
        check(await world.do("staff", "GET", f"/api/v1/admin/{path}"), path)


async def test_what_the_site_writes_of_itself_is_text(world: World) -> None:
    """SEC-109, SEC-114."""
    site = world.site
    text = SiteText(f"# {ATTACK}\n\n{ATTACK}\n\n[x](javascript:alert(1))", 1_780_000_000_000)
    names = ("about", "privacy", "terms", "rules")
    instance = InstanceOptions(description=ATTACK, texts=dict.fromkeys(names, text))
    client = world.on(options=Options(instance=instance))
    for path in ("extended_description", "privacy_policy", "terms_of_service"):
        reply = await client.get(f"/api/v1/instance/{path}")
        assert reply.status == 200
        check(reply.json, path)
    assert site.node.options.instance.description != ATTACK


def hostile_actor(**more: Any) -> Document:
    uri = f"{ROSES}/users/paul"
    return {
        "id": uri, "type": "Person", "preferredUsername": "paul", "inbox": f"{uri}/inbox",
        "followers": f"{uri}/followers", "url": "javascript:alert(1)", "name": ATTACK,
        "summary": ATTACK, "icon": {"type": "Image", "url": "javascript:alert(1)"},
        "image": {"type": "Image", "url": 'https://a.test/"><script>', "name": ATTACK},
        "attachment": [
            {"type": "PropertyValue", "name": ATTACK, "value": ATTACK},
            {"type": "PropertyValue", "name": "x", "value": '<a href="data:text/html,x">y</a>'},
        ],
        "tag": [{"type": "Emoji", "name": ':"><script>:', "icon": {
            "type": "Image", "url": "javascript:alert(1)",
        }}],
    } | more  # fmt: skip


def hostile_note(uri: str, **more: Any) -> Document:
    picture = {
        "type": "Document", "mediaType": "text/html", "url": "javascript:alert(1)", "name": ATTACK,
    }  # fmt: skip
    page = {
        "type": "Page", "url": f"{ROSES}/x", "name": ATTACK, "summary": ATTACK,
        "attributedTo": {"type": "Person", "name": ATTACK, "url": "javascript:alert(1)"},
        "generator": {"type": "Application", "name": ATTACK},
        "image": {"type": "Image", "url": "javascript:alert(1)", "name": ATTACK},
    }  # fmt: skip
    tag = [
        {"type": "Hashtag", "name": "#<script>alert(1)</script>", "href": "javascript:alert(1)"},
        {"type": "Mention", "name": "@<script>", "href": "javascript:alert(1)"},
        {"type": "Emoji", "name": ":rose:", "icon": {"type": "Image", "url": f"{ROSES}/r.png"}},
        {"type": "Emoji", "name": ':x" onerror=y:', "icon": {"type": "Image", "url": "data:,x"}},
    ]  # fmt: skip
    return {
        "id": uri, "type": "Note", "attributedTo": f"{ROSES}/users/paul", "to": [PUBLIC],
        "url": "javascript:alert(1)", "content": f'{ATTACK}<a href="{ROSES}/:rose:">:rose:</a>',
        "summary": ATTACK, "attachment": [picture, {**picture, "url": f"{ROSES}/1.svg"}],
        "preview": page, "tag": tag, "location": {"type": "Place", "name": ATTACK},
    } | more  # fmt: skip


async def test_what_comes_from_elsewhere_is_cleaned_once_and_stays_so(world: World) -> None:
    """SEC-106, SEC-107, SEC-112, SEC-113, SEC-116, SEC-117."""
    node = world.site.node
    fields = read_actor(hostile_actor())
    options = [{"type": "Note", "name": ATTACK}, {"type": "Note", "name": "<img onerror=x>"}]

    async def work(tx: Transaction) -> list[Row]:
        await allow(tx, ROSES, node.clock())
        paul = await upsert_actor(node, tx, fields, handle=Handle("paul", "roses.example"))
        notes = [
            hostile_note(f"{ROSES}/notes/1"),
            hostile_note(f"{ROSES}/notes/2", type="Question", oneOf=options),
            hostile_note(f"{ROSES}/notes/3", type="Article", name=ATTACK),
        ]
        stored = [await upsert_remote(node, tx, note, paul) for note in notes]
        return [row for row, _ in stored]

    rows = await world.write(work)
    for number, row in enumerate(rows):
        world.names[f"status_{number}"] = str(row["id"])
    world.names["bob"] = str(rows[0]["actor_id"])
    told = await read_everything(world)
    assert any("notes/1" in text for text in told)
    shown = await world.do("ada", "GET", "/api/v1/statuses/{status_0}")
    assert 'rel="nofollow noopener noreferrer"' in shown["content"]
    assert [emoji["shortcode"] for emoji in shown["emojis"]] == ["rose"]


def test_a_linked_page_gives_words_and_web_addresses_only() -> None:
    """SEC-104, SEC-112."""
    head = "".join(
        f'<meta property="og:{name}" content="{ATTACK.replace(chr(34), "&quot;")}">'
        for name in ("title", "description", "site_name", "image:alt", "type")
    )
    page = f'<html><head>{head}<meta property="og:image" content="javascript:alert(1)"></head>'
    card = read_page(page, "https://a.test/")
    assert card is not None
    # Where its picture is said to be is only for the client, which asks web addresses alone.
    texts = {name: value for name, value in card.items() if isinstance(value, str)}
    assert texts.pop("image_url") == "javascript:alert(1)"
    assert {"title", "description", "provider_name", "url"} <= texts.keys()
    assert not any(DANGEROUS.search(value) for value in texts.values())
