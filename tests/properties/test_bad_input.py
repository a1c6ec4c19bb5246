"""Whatever is sent, the answer is never a server error, and nothing happens without a signature.

Valid activities and valid calls of the API are changed at random: values of other types, parts
taken away or doubled, texts that are too long or not texts at all.
"""

import copy
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation.database import Transaction
from federation.keys import generate_rsa
from federation.node import Node
from federation.vocabulary import PUBLIC, Document
from inbox.process import process_due
from tests.nodes.closed_world import World, open_world
from tests.nodes.sites import Got
from web.mastodon.routes import TABLE

UNCHANGING = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TABLES = (
    *("activity", "actor", "arrival", "audience", "block", "delivery", "favourite", "follow"),
    *("held", "key", "mention", "notification", "poll_vote", "report", "seen", "status"),
    *("status_edit", "tombstone"),
)
_numbers = count(1)


@pytest.fixture(scope="module")
def rsa() -> Any:
    return generate_rsa()


@pytest.fixture
async def world(node: Node, rsa: Any) -> AsyncIterator[World]:
    async with open_world(node, rsa) as made:
        yield made


# What is changed ----------------------------------------------------------------------------

junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40),
    st.sampled_from(
        [
            *("", " ", "\x00", "a\x00b", "\u202e", "<script>alert(1)</script>", "x" * 70_000),
            *("https://", "http://127.0.0.1:8471/", "javascript:alert(1)", "acct:a@b", "//x", "#"),
            *("http://127.0.0.22:8001/users/other", "http://[::1", "http://a\nb", PUBLIC),
            *("9999-99-99T99:99:99Z", "0000-00-00", "2026-11-01T09:00:00+99:99", "Note", "Person"),
        ]
    ),
    st.lists(st.none() | st.text(max_size=5) | st.integers(0, 9), max_size=4),
    st.dictionaries(
        st.sampled_from(["id", "type", "href", "url", "content", "actor", "object", "name"]),
        st.none() | st.text(max_size=9) | st.lists(st.integers(0, 9), max_size=2),
        max_size=4,
    ),
    st.just([[[[[[[[[[{"id": [[[]]]}]]]]]]]]]]),
)
# Which part is changed (by its place among all parts), how, and into what.
change = st.tuples(
    st.integers(0, 10_000), st.sampled_from(["replace", "remove", "list", "wrap", "add"]), junk
)
changes = st.lists(change, min_size=1, max_size=4)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every part of a document: what holds it, and by which name."""
    found: list[tuple[Any, Any]] = []
    names = value.keys() if isinstance(value, dict) else range(len(value))
    for name in names:
        found.append((value, name))
        if isinstance(value[name], dict | list):
            found += places(value[name])
    return found


def changed(document: Document, todo: list[tuple[int, str, Any]]) -> Document:
    made = copy.deepcopy(document)
    for number, how, given_value in todo:
        value = copy.deepcopy(given_value)
        parts = places(made)
        if not parts:
            return made
        holder, name = parts[number % len(parts)]
        if how == "replace":
            holder[name] = value
        elif how == "remove":
            del holder[name]
        elif how == "list":
            holder[name] = [holder[name], value]
        elif how == "wrap":
            holder[name] = {"id": holder[name], "type": value}
        else:
            made[f"{name}Map"] = value
    return made


def activities(world: World) -> list[Document]:
    """A valid activity of each kind, by the friend, each under an id of its own."""
    partner, alice = world.partner, world.alice["uri"]
    tag = {"type": "Mention", "href": alice, "name": "@alice"}
    note = partner.note("friend", "Bonjour", tag=[tag, {"type": "Hashtag", "name": "#jardin"}])
    note |= {
        "summary": "sujet",
        "contentMap": {"fr": "Bonjour"},
        "inReplyTo": world.public["uri"],
        "attachment": [{"type": "Image", "mediaType": "image/png", "url": f"{partner.origin}/i"}],
    }
    choices = [{"type": "Note", "name": n, "replies": {"totalItems": 1}} for n in "ab"]
    poll = {**note, "id": f"{note['id']}0", "type": "Question", "oneOf": choices}
    follow = partner.activity("friend", "Follow", alice)
    about, featured = world.public["uri"], f"{partner.uri('friend')}/featured"
    return [
        partner.create(note),
        partner.create(poll),
        partner.create({**note, "id": f"{note['id']}1", "type": "Event", "name": "Goûter"}),
        partner.activity("friend", "Update", {**note, "updated": "2026-11-02T09:00:00Z"}),
        partner.activity("friend", "Update", partner.actor("friend")),
        partner.delete(note),
        follow,
        partner.activity("friend", "Accept", follow),
        partner.activity("friend", "Reject", follow),
        partner.activity("friend", "Undo", follow),
        partner.activity("friend", "Like", about),
        partner.activity("friend", "EmojiReact", about, content="🌱"),
        partner.activity("friend", "Announce", about, to=[PUBLIC]),
        partner.activity("friend", "Block", alice),
        partner.activity("friend", "Flag", [alice, about], content="non"),
        partner.activity("friend", "Add", note["id"], target=featured),
        partner.activity("friend", "Remove", note["id"], target=featured),
        partner.activity("friend", "Move", partner.uri("friend"), target=partner.uri("elsewhere")),
    ]  # fmt: skip


KINDS = 18
documents = st.tuples(st.integers(0, KINDS - 1), changes)


async def post(world: World, body: bytes, key: str = "friend", **headers: str) -> Got:
    signed = world.app.signed(world.keys[key], "POST", "/inbox", body)
    return await world.app.call("POST", "/inbox", {**signed, **headers}, body)


async def counts(world: World) -> dict[str, int]:
    db = world.app.node.db
    return {name: await db.value(f"SELECT count(*) FROM {name}") for name in TABLES}


async def check_readable(world: World) -> None:
    """Check that whatever was stored can be read by those whom it reached (SEC-096)."""
    for target in ("timelines/home", "timelines/public", "timelines/tag/jardin", "notifications"):
        got = await world.with_token("GET", f"/api/v1/{target}?limit=40", "alice")
        assert got.status == 200, got.body


@UNCHANGING
@given(document=documents)
async def test_a_changed_activity_has_an_answer_and_an_outcome(
    world: World, document: tuple[int, list[Any]]
) -> None:
    number, todo = document
    before = changed(activities(world)[number], todo)
    got = await post(world, orjson.dumps(before))
    assert got.status in {202, 400, 403, 413}, got.body
    await process_due(world.app.node)
    # What raised is taken away, so that the next example tells of itself alone.
    raised = await world.app.node.db.write(take_away_raised)
    assert not raised, before
    await check_readable(world)


async def take_away_raised(tx: Transaction) -> int:
    return await tx.execute("DELETE FROM activity WHERE outcome_code = 'handler.error'")


FORGERIES = ("unsigned", "cut", "other body", "other key", "other actor", "stranger", "no digest")


@UNCHANGING
@given(document=documents, forgery=st.sampled_from(FORGERIES))
async def test_without_a_valid_signature_nothing_happens(
    world: World, document: tuple[int, list[Any]], forgery: str
) -> None:
    number, todo = document
    made = changed(activities(world)[number], todo) if todo[0][0] % 2 else activities(world)[number]
    body = orjson.dumps(made)
    before = await counts(world)
    got = await forged(world, body, forgery)
    assert got.status in {400, 401, 403, 413} or await is_of_nobody(world, made, got), got.body
    await process_due(world.app.node)
    assert await counts(world) == before, made


async def is_of_nobody(world: World, made: Document, got: Got) -> bool:
    """Say whether it was a Delete of somebody unknown, which is taken and leaves nothing."""
    return got.status == 202 and made.get("type") == "Delete"


async def forged(world: World, body: bytes, forgery: str) -> Got:
    key = "stranger" if forgery == "stranger" else "friend"
    key = "other" if forgery == "other actor" else key
    headers = world.app.signed(world.keys[key], "POST", "/inbox", body)
    if forgery == "unsigned":
        del headers["Signature"]
    elif forgery == "cut":
        headers["Signature"] = headers["Signature"][:-30] + '"'
    elif forgery == "no digest":
        del headers["Digest"]
    elif forgery == "other key":
        mine = world.keys["friend"].key_id
        headers = world.app.signed(
            type(world.keys["friend"])(mine, generated()), "POST", "/inbox", body
        )
    elif forgery == "other body":
        body = body[:-1] + b" }"
    return await world.app.call("POST", "/inbox", headers, body)


_generated: list[Any] = []


def generated() -> Any:
    """An RSA key that nobody knows, made once."""
    if not _generated:
        _generated.append(generate_rsa())
    return _generated[0]


@UNCHANGING
@given(body=st.binary(max_size=200) | st.sampled_from([b"[]", b"null", b'"a"', b"{", b"[" * 9_000]))
async def test_a_body_that_is_no_object_is_malformed(world: World, body: bytes) -> None:
    before = await counts(world)
    got = await post(world, body)
    assert got.status == 400, got.body
    assert await counts(world) == before


# The client API -----------------------------------------------------------------------------

FIELDS: Document = {
    "status": "Bonjour #jardin",
    "visibility": "private",
    "spoiler_text": "",
    "sensitive": "false",
    "language": "fr",
    "in_reply_to_id": "1",
    "id": ["1", "2"],
    "limit": "20",
    "max_id": "5",
    "min_id": "5",
    "since_id": "5",
    "types": ["mention"],
    "q": "alice",
    "resolve": "false",
    "type": "accounts",
    "acct": "alice",
    "display_name": "Alice",
    "note": "Bonjour",
    "fields_attributes": [{"name": "a", "value": "b"}],
    "source": {"privacy": "private", "language": "fr"},
    "home": {"last_read_id": "1"},
    "client_name": "test",
    "redirect_uris": "urn:ietf:wg:oauth:2.0:oob",
    "scopes": "read",
    "notify": "true",
    "reblogs": "true",
    "poll": {"options": ["a", "b"], "expires_in": 300},
    "media_ids": [],
}
PATH_IDS = ("1", "0", "-1", "abc", "%00", "9" * 30, "1e3", "é", "..")
calls = st.tuples(
    st.integers(0, len(TABLE) - 1), st.sampled_from(PATH_IDS), st.booleans(), changes,
    st.sampled_from(["json", "form", "query", "multipart", "raw"]),
)  # fmt: skip


def flat(value: Any, name: str = "") -> list[tuple[str, str]]:
    """The fields of a form."""
    if isinstance(value, dict):
        return [p for k, v in value.items() for p in flat(v, f"{name}[{k}]" if name else str(k))]
    if isinstance(value, list):
        return [pair for item in value for pair in flat(item, f"{name}[]")]
    return [(name, "" if value is None else str(value))]


def encoded(fields: Document, form: str) -> tuple[str, str, bytes]:
    """The query, the content type and the body that carry these fields."""
    if form == "json":
        return "", "application/json", orjson.dumps(fields)
    if form == "raw":
        return "", "application/json", orjson.dumps(fields)[:-2]
    pairs = flat(fields)
    if form == "multipart":
        parts = [
            f'--b\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in pairs
        ]
        return (
            "",
            "multipart/form-data; boundary=b",
            "".join([*parts, "--b--\r\n"]).encode("utf-8", "replace"),
        )
    text = "&".join(f"{quoted(n)}={quoted(v)}" for n, v in pairs)
    if form == "query":
        return text[:4_000], "application/x-www-form-urlencoded", b""
    return "", "application/x-www-form-urlencoded", text.encode()


def quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))


@settings(UNCHANGING, max_examples=250)
@given(made=calls)
async def test_a_changed_call_of_the_api_has_one_clear_answer(
    world: World, made: tuple[int, str, bool, list[Any], str]
) -> None:
    number, path_id, known, todo, form = made
    row = TABLE[number]
    method = row.methods.split(maxsplit=1)[0]
    own = str(world.public["id"]) if "/statuses/" in row.path else str(world.bob["id"])
    path = row.path.replace("{id}", own if known else path_id).replace("{hashtag}", path_id)
    query, kind, body = encoded(changed(FIELDS, todo), form)
    target = f"{path}?{query}" if query else path
    before = await counts(world)
    headers = {"Content-Type": kind}
    if row.access != "anybody":
        bad = {**headers, "Authorization": "Bearer x"}
        assert (await world.app.call(method, target, bad, body)).status in {401, 413}
        assert await counts(world) == before
    token = {"Authorization": f"Bearer {world.tokens['alice']}"}
    got = await world.app.call(method, target, {**headers, **token}, body)
    assert got.status in {200, 202, 400, 403, 404, 406, 410, 413, 415, 422}, (row, got.body)
    if got.status >= 400:
        assert orjson.loads(got.body)["error"]
        assert await counts(world) == before, (row, got)
