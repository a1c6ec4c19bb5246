"""A closed node from outside: unsigned and strangers learn nothing, not even what exists."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from federation.node import Node
from federation.vocabulary import ACTIVITY_TYPE
from tests.nodes.asgi import Headers
from tests.nodes.closed_world import World, open_world
from tests.nodes.sites import Got
from web import media, oauth, proxy
from web.app import DOCUMENT_PATHS
from web.mastodon import emojis
from web.mastodon.routes import TABLE
from web.pages.routes import ROUTES as PAGE_ROUTES

NOBODY = 117_000_000_000_000_000
PLACE = re.compile(r"{\w+}")
ALLOWLIST = Path(__file__).with_name("open_endpoints.txt")
ACCEPTS = (ACTIVITY_TYPE, "text/html", "*/*")
PUBLIC_DOCUMENTS = {
    "/actor",
    "/actor/proof?challenge=" + "a" * 43,
    "/.well-known/webfinger?resource=acct:127.0.0.1:8471@127.0.0.1:8471",
    "/.well-known/host-meta",
    "/.well-known/nodeinfo",
    "/nodeinfo/2.0",
    "/nodeinfo/2.1",
    "/healthz",
    "/readyz",
}


@pytest.fixture
async def world(node: Node, partner_key: Any) -> AsyncIterator[World]:
    async with open_world(node, partner_key) as made:
        yield made


# What there is to ask -----------------------------------------------------------------------


def document_paths(world: World, status: int, actor: int) -> Iterator[str]:
    """Every address of a document, for one status and one actor."""
    parts = world.app.app._documents._parts
    for kind, part in parts:
        number = actor if kind == "users" else status
        yield f"/{kind}/{number}" + (f"/{part}" if part else "")
    for prefix in DOCUMENT_PATHS:
        yield f"{prefix}{status}"
    yield f"/notes/{status}/create"
    yield "/actor/outbox"


def api_endpoints() -> Iterator[tuple[str, str]]:
    """Every method and path behind the router, with an id of nobody in it."""
    for entry in TABLE:
        path = PLACE.sub(str(NOBODY), entry.path)
        for method in entry.methods.split():
            yield method, path
    for route in (*oauth.ROUTES, *PAGE_ROUTES, *emojis.ROUTES, *media.ROUTES, *proxy.ROUTES):
        path = PLACE.sub(str(NOBODY), route.path)
        for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
            yield method, path
    yield "GET", "/api/v1/nothing"


def same(one: Got, other: Got) -> bool:
    return (one.status, one.headers, one.body) == (other.status, other.headers, other.body)


# Who is not admitted ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"), [("", 401), ("stranger", 403), ("forged", 401)], ids=str
)
async def test_documents_are_refused_before_anything_is_looked_up(
    world: World, who: str, status: int
) -> None:
    there = list(document_paths(world, world.private["id"], world.alice["id"]))
    not_there = list(document_paths(world, NOBODY, NOBODY))
    assert len(there) > 12
    for accept in ACCEPTS:
        for path, nothing in zip(there, not_there, strict=True):
            with world.app.recorded() as statements:
                got = await world.get(path, who, Accept=accept)
            with world.app.recorded() as others:
                other = await world.get(nothing, who, Accept=accept)
            assert got.status == status, path
            assert same(got, other), path
            assert statements == others
            assert not [s for s in statements if "status" in s or "actor" in s], path
    # The friend reads, so what is refused above is there.
    shown = await world.get(f"/notes/{world.private['id']}", "friend")
    assert orjson.loads(shown.body)["content"] == "<p>Du texte private</p>"


@pytest.mark.parametrize(
    ("who", "status"), [("", 401), ("stranger", 403), ("forged", 401)], ids=str
)
async def test_inboxes_are_refused_before_anything_is_looked_up(
    world: World, who: str, status: int
) -> None:
    app = world.app
    actor = world.keys["stranger" if who == "stranger" else "friend"].key_id.partition("#")[0]
    body = orjson.dumps(
        {
            "id": f"{actor.partition('/users')[0]}/activities/1",
            "type": "Like",
            "actor": actor,
            "object": world.public["uri"],
        }
    )
    inboxes = ("/inbox", "/actor/inbox", f"/users/{world.alice['id']}/inbox")
    answers: list[tuple[Got, list[str]]] = []
    for path in (*inboxes, f"/users/{NOBODY}/inbox"):
        headers: Headers = {"Content-Type": ACTIVITY_TYPE}
        if who:
            key = world.keys["friend" if who == "forged" else who]
            headers |= app.signed(key, "POST", path, body)
        if who == "forged":
            headers["Signature"] = headers["Signature"][:-8] + 'AAAAAA="'
        with app.recorded() as statements:
            got = await app.call("POST", path, headers, body)
        answers.append((got, statements))
        assert got.status == status, path
    assert all(same(got, answers[0][0]) for got, _ in answers)
    assert all(statements == answers[0][1] for _, statements in answers)
    assert not await app.node.db.row("SELECT 1 FROM activity WHERE type = 'Like'")
    # The same, signed by the friend, is taken.
    headers = {
        "Content-Type": ACTIVITY_TYPE,
        **app.signed(world.keys["friend"], "POST", "/inbox", body),
    }
    expected = 403 if who == "stranger" else 202
    assert (await app.call("POST", "/inbox", headers, body)).status == expected


async def test_the_public_documents_are_open_and_name_nobody(world: World) -> None:
    for target in PUBLIC_DOCUMENTS:
        for who in ("", "stranger"):
            got = await world.get(target, who)
            assert got.status == 200, target
            assert b"alice" not in got.body
    nodeinfo = orjson.loads((await world.get("/nodeinfo/2.1")).body)
    assert nodeinfo["usage"]["users"] == {}, "no number of a closed node is told"


async def test_people_are_found_by_admitted_origins_only(world: World) -> None:
    host = world.app.node.host
    find = "/.well-known/webfinger?resource=acct:{}@" + host
    for who in ("", "stranger", "forged"):
        with world.app.recorded() as statements:
            got = await world.get(find.format("alice"), who)
        with world.app.recorded() as others:
            other = await world.get(find.format("nobody"), who)
        assert got.status == 404
        assert same(got, other)
        assert statements == others
    assert (await world.get(find.format("alice"), "friend")).status == 200


async def test_sec_028_what_answers_without_credentials_is_on_the_list(world: World) -> None:
    found: list[str] = []
    walked = list(api_endpoints())
    behind = [*TABLE, *world.app.app.routes.routes]
    assert len(behind) > 200, "this walks what the node really has"
    assert len(walked) >= len(behind)
    places = {path for _, path in walked}
    assert {PLACE.sub(str(NOBODY), getattr(one, "path", "")) for one in behind} <= places
    for method, path in walked:
        answers = [await world.app.call(method, path)]
        bad = {"Authorization": "Bearer " + "x" * 43}
        stranger = world.app.signed(world.keys["stranger"], method, path)
        answers += [await world.app.call(method, path, h) for h in (bad, stranger)]
        if any(got.status not in {401, 403} for got in answers):
            shown = path.replace(str(NOBODY), "{id}")
            found.append(f"{method} {shown} {answers[0].status}")
    lines = ALLOWLIST.read_text().splitlines()
    expected = {line for line in lines if not line.startswith("#")}
    assert set(found) - expected == set(), "open, and on no list"
    assert expected - set(found) == set(), "on the list, and not open"


# Who is admitted and may not see ------------------------------------------------------------

LANGUAGES = ("", "fr", "en", "de")


@pytest.mark.parametrize("who", ["", "stranger", "forged", "other"])
@pytest.mark.parametrize("accept", ACCEPTS)
async def test_sec_166_what_one_may_not_see_answers_like_what_is_not_there(
    world: World, who: str, accept: str
) -> None:
    private = world.private["id"]
    for language in LANGUAGES:
        for path in (f"/notes/{private}", f"/notes/{private}/replies", f"/contexts/{private}",
                     f"/notes/{private}/create"):  # fmt: skip
            headers = {"Accept": accept, "Accept-Language": language}
            with world.app.recorded() as statements:
                got = await world.get(path, who, **headers)
            with world.app.recorded() as others:
                other = await world.get(path.replace(str(private), str(NOBODY)), who, **headers)
            assert got.status in {401, 403, 404}, path
            assert same(got, other), path
            assert statements == others, path


async def test_sec_166_the_api_does_not_tell_what_one_may_not_see_from_what_is_not_there(
    world: World,
) -> None:
    private = str(world.private["id"])
    checked = 0
    for method, path in api_endpoints():
        if not path.startswith(f"/api/v1/statuses/{NOBODY}"):
            continue
        answers: list[tuple[Got, list[str]]] = []
        for number in (private, str(NOBODY)):
            target = path.replace(str(NOBODY), number)
            await world.with_token("GET", "/api/v1/preferences", "bob")
            with world.app.recorded() as statements:
                got = await world.with_token(method, target, "bob")
            kept = [s for s in statements if "FROM access_token" not in s]
            answers.append((got, kept))
        (got, statements), (other, others) = answers
        assert got.status == 404, (method, path)
        assert same(got, other), (method, path)
        assert statements == others, (method, path)
        checked += 1
    assert checked >= 12
    shown = await world.with_token("GET", f"/api/v1/statuses/{private}", "alice")
    assert shown.status == 200


async def test_sec_167_an_answer_for_one_reader_is_kept_for_nobody_else(world: World) -> None:
    note, alice = f"/notes/{world.private['id']}", f"/users/{world.alice['id']}"
    for path in (note, f"{alice}/outbox?page=true", f"{alice}/followers", alice):
        got = await world.get(path, "friend")
        assert got.status == 200
        headers = {name.lower(): value for name, value in got.headers.items()}
        assert "private" in headers["cache-control"] or "no-store" in headers["cache-control"]
        varies = {name.strip().lower() for name in headers["vary"].split(",")}
        assert {"accept", "signature", "signature-input", "authorization"} <= varies
    # The same address straight afterwards, for another and for nobody.
    assert (await world.get(note, "other")).status == 404
    assert (await world.get(note)).status == 401
    outbox = await world.get(f"{alice}/outbox?page=true", "other")
    assert b"private" not in outbox.body
    friends = orjson.loads((await world.get(f"{alice}/followers", "friend")).body)
    others = orjson.loads((await world.get(f"{alice}/followers", "other")).body)
    assert friends["orderedItems"] == [world.keys["friend"].key_id.partition("#")[0]]
    assert others["orderedItems"] == []
