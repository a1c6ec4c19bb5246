"""Every path of the client API is sent what cannot be, in every field it may read.

The answer is never a server error; a refusal says so in French and in English, 422 names the
field, and nothing is stored. Paths lead to things that are there, of who asks.
"""

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from federation.node import Node
from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site, unlimited
from tests.web.mastodon.contract.world import World
from tests.web.mastodon.owned_world import owned_world, rows_of
from tests.web.mastodon.ownership import chapters
from tests.web.mastodon.push_service import PushService
from web.app import build_app
from web.mastodon.call import Entry
from web.mastodon.routes import TABLE

TEXTS = (
    *("status", "spoiler_text", "language", "display_name", "note", "comment", "title", "phrase"),
    *("keyword", "text", "text_notification", "username", "email", "password", "client_name"),
    *("website", "description", "name", "domain", "public_comment", "private_comment", "q", "acct"),
    *("ip", "scheduled_at", "expires_at", "starts_at", "ends_at", "visibility", "redirect_uris"),
    *("quote_approval_policy", "focus", "type", "action", "severity", "scopes", "reason", "lang"),
    *("filter_action", "category", "for_not_following", "avatar_description", "canonical_email"),
)
NUMBERS = ("in_reply_to_id", "quoted_status_id", "account_id", "status_id", "expires_in", "limit")
FLAGS = ("sensitive", "locked", "bot", "notify", "reblogs", "all_day", "exclusive", "irreversible")
LISTS = (
    *("media_ids", "account_ids", "status_ids", "rule_ids", "choices", "types", "languages"),
    *("context", "attribution_domains", "id", "keys", "fields_attributes"),
)
# What is written inside of something else.
NESTED: tuple[Any, ...] = (
    {"poll": {"options": ["a"] * 5_000, "expires_in": 300}},
    {"poll": {"options": [{"a": []}, None, 1], "expires_in": {"x": 1}, "multiple": "peut-être"}},
    {"poll": {"options": ["x" * 70_000, "b"], "expires_in": 10**30}},
    {"poll": [[[[]]]], "media_attributes": "x", "keywords_attributes": 1, "source": []},
    {"media_attributes": [{"id": "999", "description": "x" * 70_000, "focus": "9,9,9"}] * 300},
    {"keywords_attributes": [{"id": [], "keyword": {}, "whole_word": []}] * 300},
    {"keywords_attributes": {"0": {"keyword": "x" * 70_000}, "1": "x", "": None}},
    {"fields_attributes": {str(n): {"name": "x" * 9_000, "value": []} for n in range(300)}},
    {"fields_attributes": [{"name": {"a": 1}, "value": "\x00"}, None, 7]},
    {"source": {"privacy": ["public"], "language": {"a": 1}, "sensitive": "x" * 9_000}},
    {"home": {"last_read_id": {"a": 1}}, "notifications": {"last_read_id": "x"}},
    {"home": [], "notifications": "1", "subscription": "x", "data": []},
    {"subscription": {"endpoint": "x" * 9_000, "keys": []}, "data": {"alerts": [1]}},
    {"subscription": {"endpoint": "http://a", "keys": {"p256dh": {}, "auth": 1}}},
)

# So that what is written inside is reached at all.
VALID = {
    "status": "Bonjour", "title": "Titre", "context": ["home"], "phrase": "mot", "keyword": "mot",
}  # fmt: skip


def fields(value: Any) -> dict[str, Any]:
    return dict.fromkeys((*TEXTS, *NUMBERS, *FLAGS, *LISTS), value)


def bodies() -> Iterator[tuple[str, bytes]]:
    """Bodies with their content type: each is wrong in another way."""
    made: list[Any] = [
        fields("x" * 9_000), fields([]), fields({"a": {"b": [{}]}}), fields(-1), fields(10**30),
        fields(1.5), fields(None), fields(["x"] * 3_000), fields("a\x00b"), fields("\ud83d"),
        *(VALID | body for body in NESTED),
    ]  # fmt: skip
    deep: Any = "x"
    for _ in range(200):
        deep = [deep]
    made.append({**fields(deep), "poll": {"options": deep}})
    for body in made:
        yield "application/json", _json(body)
    yield "application/json", b"[" * 50_000
    yield "application/json", b'{"status": "\xff\xfe"}'
    yield "application/json", b'{"status": 1, "status": [2], "id": "3", "id": {}, "poll": 1}'
    yield "application/json", b"[]"
    form = "application/x-www-form-urlencoded"
    yield form, b"&".join(f"{name}=%FF%FE".encode() for name in fields(0))
    yield form, b"&".join(f"{name}[a][b][]=x&{name}=y&{name}[]=z".encode() for name in fields(0))
    yield form, b"&".join(b"media_ids[]=%d" % n for n in range(3_000))
    yield form, b"poll" + b"[a]" * 3_000 + b"=1"
    yield "multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=\xff\r\n"
    yield "text/plain", b"status=x"


def _json(body: Any) -> bytes:
    try:
        return orjson.dumps(body)
    except (TypeError, orjson.JSONEncodeError):
        return str(body).replace("'", '"').encode("utf-8", "surrogatepass")


def queries() -> Iterator[str]:
    names = (
        "id",
        "id[]",
        "limit",
        "max_id",
        "min_id",
        "since_id",
        "offset",
        "types[]",
        "q",
        "acct",
    )
    for value in ("x" * 5_000, "-1", "%00", "%FF", "9" * 40, "1.5", "", "[]"):
        yield "&".join(f"{name}={value}" for name in (*names, "acct", "resolve", "type", "local"))
    yield "&".join(["id[]=1"] * 3_000)
    yield "limit[a][b]=1&max_id[]=2&q[]=x&q[a]=y"


# Where each path leads: the things of alice's that the matrix of ownership knows.
PATHS = {(line.method, line.path) for lines in chapters().values() for line in lines}


def path_of(world: World, entry: Entry, method: str) -> str:
    """The path, filled with ids that are there."""
    if "{" not in entry.path:
        return entry.path
    prefix, _, rest = entry.path.partition("{")
    suffix = rest.partition("}")[2].partition("{")[0]
    for known, path in sorted(PATHS):
        alike = path.startswith(prefix) and path.count("/") == entry.path.count("/")
        if known == method and alike and suffix in path:
            return quote(world.filled(path), safe="/:@%")
    return entry.path.replace("{", "").replace("}", "")


class Committing:
    """The node's database, which counts the writes that changed a row and were committed."""

    def __init__(self, db: Any) -> None:
        self.db = db
        self.committed = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.db, name)

    async def write(self, work: Any) -> Any:
        changes: list[Any] = []

        async def watched(tx: Any) -> Any:
            return await work(Changing(tx, changes))

        found = await self.db.write(watched)
        self.committed += any(changes)
        return found


class Changing:
    """A transaction that tells which of its statements changed something."""

    def __init__(self, tx: Any, changes: list[Any]) -> None:
        self._tx, self._changes = tx, changes

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._tx, name)
        if name not in {"execute", "many", "row", "rows", "value"}:
            return found

        async def call(sql: str, *args: Any) -> Any:
            answer = await found(sql, *args)
            if not sql.lstrip().upper().startswith(("SELECT", "WITH")):
                self._changes.append(True if name == "many" else answer)
            return answer

        return call


@pytest.fixture
def db(node: Node) -> Committing:
    return Committing(node.db)


@pytest.fixture
async def world(node: Node, db: Committing, clock: FakeClock) -> World:
    node = unlimited(replace(node, db=db))
    return await owned_world(Site(node, build_app(node)), clock)


async def sent(
    client: Client, method: str, path: str, language: str, kind: str, body: bytes
) -> Reply:
    client.language = language
    return await client.ask(method, path, body=body, headers={"content-type": kind})


KNOWN = {200, 202, 400, 401, 403, 404, 406, 409, 410, 413, 415, 422}
WRITING = [entry for entry in TABLE if entry.methods != "GET"]
# The node's key for Web Push is made when an application first hears of it.
MAKES_THE_KEY = ("/api/v1/apps/verify_credentials", "/api/v2/instance")
READING = [entry for entry in TABLE if entry.methods == "GET"]


@pytest.mark.parametrize("part", range(4))
async def test_no_body_is_a_server_error_and_a_refusal_stores_nothing(
    world: World, db: Committing, part: int
) -> None:
    refused = 0
    for entry in WRITING[part::4]:
        method = entry.methods.split()[0]
        client = world.clients["staff" if entry.access == "staff" else "alice"]
        for kind, body in bodies():
            path = path_of(world, entry, method)
            call = (method, path, body[:200])
            before = db.committed
            french = await sent(client, method, path, "fr", kind, body)
            assert french.status in KNOWN, (call, french.text[:300])
            if french.status >= 400:
                english = await sent(client, method, path, "en", kind, body)
                check_said(french, english, call)
                refused += 1
                assert db.committed == before, call
    assert refused > 500


def check_said(french: Reply, english: Reply, call: Any) -> None:
    """Check that a refusal is said in both languages, and that 422 names the field."""
    assert french.status == english.status, call
    assert french.json["error"], call
    assert english.json["error"], call
    if french.status == 422 and "details" in french.json:
        assert list(french.json["details"]) == list(english.json["details"]), call
        assert french.json["error"] != english.json["error"], (call, french.text)
        for name, said in french.json["details"].items():
            assert name, call
            assert said[0]["description"], call


async def test_no_query_is_a_server_error(world: World, db: Committing) -> None:
    for entry in READING:
        client = world.clients["staff" if entry.access == "staff" else "alice"]
        path = path_of(world, entry, "GET")
        before = db.committed
        for query in queries():
            reply = await client.ask("GET", f"{path}?{query}")
            assert reply.status in KNOWN, (path, query[:100], reply.text[:300])
            assert reply.status == 200 or reply.json["error"]
        if entry.path not in MAKES_THE_KEY:
            assert db.committed == before, path


async def test_no_id_in_a_path_is_a_server_error(world: World) -> None:
    wrong = (
        "0",
        "-1",
        "abc",
        "9" * 30,
        "1e3",
        "é",
        "%00",
        "..",
        "x" * 3_000,
        "'--",
        "{}",
        "\ufeff",
    )
    before = await rows_of(world.site.node)
    for entry in TABLE:
        if "{" not in entry.path or "/tags/" in entry.path or "reactions" in entry.path:
            continue
        client = world.clients["staff" if entry.access == "staff" else "alice"]
        for value in wrong:
            parts = [value if part[:1] == "{" else part for part in entry.path.split("/")]
            method = entry.methods.split()[0]
            reply = await client.ask(method, "/".join(parts), json=None if method == "GET" else {})
            assert reply.status in KNOWN, (entry.path, value, reply.text[:300])
            if reply.status >= 400:
                assert reply.json["error"], (entry.path, value)
    assert await rows_of(world.site.node) == before


POLL = {"options": ["a", "b"], "expires_in": 300, "multiple": False, "hide_totals": False}
DEVICE = PushService("http://127.0.0.1:9")
WHOLE: list[tuple[str, str, str, dict[str, Any]]] = [
    ("alice", "POST", "/api/v1/statuses", {
        "status": "Bonjour", "spoiler_text": "x", "visibility": "private", "language": "fr",
        "in_reply_to_id": "{public}", "sensitive": False, "media_ids": [], "poll": POLL,
        "quoted_status_id": None, "quote_approval_policy": "nobody",
    }),
    ("alice", "POST", "/api/v1/statuses", {
        "status": "Bonjour", "scheduled_at": "2030-01-01T00:00:00Z", "media_ids": [],
    }),
    ("alice", "PUT", "/api/v1/statuses/{public_again}", {
        "status": "Autrement", "media_ids": ["{media_again}"], "language": "fr",
        "media_attributes": [{"id": "{media_again}", "description": "x", "focus": "0,0"}],
    }),
    ("alice", "PATCH", "/api/v1/accounts/update_credentials", {
        "display_name": "Alice", "note": "x", "locked": True, "bot": False, "discoverable": True,
        "fields_attributes": [{"name": "a", "value": "b"}], "attribution_domains": ["a.example"],
        "source": {"privacy": "private", "language": "fr", "sensitive": False},
    }),
    ("alice", "PUT", "/api/v2/filters/{filter}", {
        "title": "A", "context": ["home"], "filter_action": "warn", "expires_in": 300,
        "keywords_attributes": [{"id": "{keyword}", "keyword": "x", "whole_word": True}],
    }),
    ("alice", "POST", "/api/v1/filters", {
        "phrase": "mot", "context": ["home"], "irreversible": False, "expires_in": 300,
    }),
    ("alice", "POST", "/api/v1/lists", {
        "title": "A", "replies_policy": "list", "exclusive": False,
    }),
    ("alice", "POST", "/api/v1/reports", {
        "account_id": "{flora}", "status_ids": ["{answer}"], "comment": "x", "forward": False,
        "category": "spam", "rule_ids": ["1"],
    }),
    ("alice", "POST", "/api/v1/markers", {
        "home": {"last_read_id": "5"}, "notifications": {"last_read_id": "5"},
    }),
    ("alice", "POST", "/api/v1/push/subscription", DEVICE.asked()),
    ("alice", "PATCH", "/api/v2/notifications/policy", {"for_not_following": "filter"}),
    ("nobody", "POST", "/api/v1/apps", {
        "client_name": "x", "redirect_uris": ["https://a.example/"], "scopes": "read",
        "website": "https://a.example/",
    }),
    ("staff", "POST", "/api/v1/admin/announcements", {
        "text": "x", "starts_at": "2026-01-01T00:00:00Z", "ends_at": "2030-01-01T00:00:00Z",
        "all_day": True, "scheduled_at": "2029-01-01T00:00:00Z",
    }),
    ("staff", "PUT", "/api/v1/admin/ip_blocks/{ip_block}", {
        "ip": "203.0.113.0/24", "severity": "no_access", "comment": "x", "expires_in": 60,
    }),
    ("staff", "PUT", "/api/v1/admin/domain_blocks/{domain_block}", {
        "severity": "silence", "reject_media": True, "private_comment": "x", "obfuscate": True,
    }),
    ("staff", "POST", "/api/v1/admin/accounts/{sonia}/action", {
        "type": "none", "text": "x", "report_id": None, "warning_preset_id": None,
    }),
]  # fmt: skip
WRONG: tuple[Any, ...] = (
    None, True, -1, 10**30, 1.5, "", "x" * 9_000, "a\x00b", "\u202e", "9" * 40, [], [None], {},
    {"a": {"b": []}}, ["x"] * 2_000, [[[[[[[[[["x"]]]]]]]]]],
)  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every part of a body: what holds it, and by which name."""
    for name in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, name
        if isinstance(value[name], dict | list):
            yield from places(value[name])


@pytest.mark.parametrize("number", range(len(WHOLE)))
async def test_one_wrong_part_among_good_ones_is_named_or_taken(
    world: World, db: Committing, number: int
) -> None:
    by, method, path, good = WHOLE[number]
    client = world.clients[by]
    path, good = world.filled(path), world.filled(good)
    for index in range(len(list(places(good)))):
        for value in WRONG:
            body = copy.deepcopy(good)
            holder, name = list(places(body))[index]
            holder[name] = value
            text = _json(body)
            before = db.committed
            french = await sent(client, method, path, "fr", "application/json", text)
            call = (method, path, name, text[:300])
            assert french.status in KNOWN - {401, 403}, (call, french.text[:300])
            if french.status >= 400:
                english = await sent(client, method, path, "en", "application/json", text)
                check_said(french, english, call)
                assert db.committed == before, call
    # The twin: without the mistake it is taken.
    assert (await client.ask(method, path, json=good)).status == 200
