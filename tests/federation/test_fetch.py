"""Documents are believed from their own origin, under their own id, in their own type only."""

from collections.abc import Awaitable

import orjson
import pytest

from federation.client import GuardedClient
from federation.client_errors import ClientError
from federation.errors import Gone, Malformed, NodeError, NotFound, Refused, Unavailable
from federation.fetch import (
    BudgetSpent,
    CollectionPage,
    FetchBudget,
    fetch_collection_page,
    fetch_document,
    is_activity_type,
)
from federation.vocabulary import Document
from tests.federation.other_machines import MakeClient, StartPeer

GOOD = "127.0.0.1"
EVIL = "127.0.0.2"
AS2 = "https://www.w3.org/ns/activitystreams"


@pytest.fixture
def client(make_client: MakeClient) -> GuardedClient:
    return make_client("127.0.0.0/8")


async def fetched(
    client: GuardedClient,
    uri: str,
    *,
    budget: FetchBudget | None = None,
    accept_key_stub: bool = False,
) -> Document:
    return await fetch_document(
        client, uri, sign=None, budget=budget or FetchBudget(), accept_key_stub=accept_key_stub
    )


async def failure(asking: Awaitable[object]) -> NodeError:
    with pytest.raises(NodeError) as failed:
        await asking
    return failed.value


async def test_a_document_under_its_own_id(start_peer: StartPeer, client: GuardedClient) -> None:
    good = await start_peer()
    uri = good.origin + "/users/1"
    document = {"id": uri, "type": "Person"}
    good.says("/users/1", document)
    shown: list[str] = []

    async def sign(method: str, url: str, body: bytes | None) -> dict[str, str]:
        assert (method, body) == ("GET", None)
        shown.append(url)
        return {"Signature": "s"}

    budget = FetchBudget()
    assert await fetch_document(client, uri, sign=sign, budget=budget) == document
    (asked,) = good.hits
    # AP-007
    assert asked.headers["accept"].startswith(f'application/ld+json; profile="{AS2}"')
    assert "application/activity+json" in asked.headers["accept"]
    assert (asked.headers["signature"], shown, budget.left) == ("s", [uri], 29)


ACCEPTED_TYPES = [
    "application/activity+json",
    "Application/Activity+JSON; charset=utf-8",
    'application/activity+json; profile="https://www.w3.org/ns/activitystreams"',
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    'application/ld+json;charset=utf-8;profile="https://www.w3.org/ns/activitystreams"',
    'application/ld+json; PROFILE="http://a.example/ https://www.w3.org/ns/activitystreams"',
    "application/ld+json; profile=https://www.w3.org/ns/activitystreams",
]
REFUSED_TYPES = [
    *(None, "", "text/plain", "image/png", "text/html", "application/json", "application/ld+json"),
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams#"',
    'application/ld+json; profile="https://evil.example/https://www.w3.org/ns/activitystreams"',
    'application/ld+json; x="; profile=https://www.w3.org/ns/activitystreams"',
    *("application/activity+json-evil", "x-application/activity+json", "text/activity+json"),
    *("text/plain; application/activity+json", "text/html, application/activity+json"),
    "application/octet-stream; type=application/activity+json",
]


@pytest.mark.parametrize("kind", ["Note", "Person", "Key"])
@pytest.mark.parametrize("content_type", REFUSED_TYPES)
async def test_uploads_are_no_documents(
    start_peer: StartPeer, client: GuardedClient, content_type: str | None, kind: str
) -> None:
    # SEC-039, SEC-040, SEC-042
    good = await start_peer()
    uri = good.origin + "/media/1"
    good.says("/media/1", {"id": uri, "type": kind}, content_type)
    error = await failure(fetched(client, uri, accept_key_stub=kind == "Key"))
    assert (type(error), error.code) == (Malformed, "fetch.content_type")
    good.says("/media/1", {"id": uri, "type": kind}, ACCEPTED_TYPES[0])
    assert (await fetched(client, uri))["type"] == kind


@pytest.mark.parametrize("content_type", ACCEPTED_TYPES)
async def test_both_types_of_activitypub_with_any_parameters(
    start_peer: StartPeer, client: GuardedClient, content_type: str
) -> None:
    good = await start_peer()
    uri = good.origin + "/notes/1"
    good.says("/notes/1", {"id": uri}, content_type)
    assert await fetched(client, uri) == {"id": uri}
    assert is_activity_type(content_type)


async def test_an_id_of_another_origin_is_never_believed(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    # SEC-006; also the same host on another port (SEC-014)
    good, evil, port = await start_peer(GOOD), await start_peer(EVIL), await start_peer(GOOD)
    alice = good.origin + "/users/alice"
    good.says("/users/alice", {"id": alice, "type": "Person", "name": "Alice"})
    for liar in (evil, port):
        liar.says("/x", {"id": alice, "type": "Person", "name": "Mallory"})
        error = await failure(fetched(client, liar.origin + "/x"))
        assert (type(error), error.code) == (Refused, "fetch.other_origin")
    assert good.hits == []
    assert (await fetched(client, alice))["name"] == "Alice"


async def test_a_redirect_lends_nobody_another_origin(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    # SEC-024: an open redirect on good, to a document of evil that bears an id of good
    good, evil = await start_peer(GOOD), await start_peer(EVIL)
    alice = good.origin + "/users/alice"
    bait = good.redirects("/redirect?to=evil", evil.origin + "/x")
    for claimed in (alice, bait, evil.origin + "/x"):
        evil.says("/x", {"id": claimed, "type": "Person"})
        error = await failure(fetched(client, bait))
        assert (type(error), error.code) == (Refused, "fetch.other_origin")
    moved = good.redirects("/@alice", alice)
    good.says("/users/alice", {"id": alice, "type": "Person"})
    assert (await fetched(client, moved))["id"] == alice


async def test_what_another_origin_says_is_gone_is_not_gone(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    good, evil = await start_peer(GOOD), await start_peer(EVIL)
    evil.sends("/x", b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")
    away = good.redirects("/users/alice", evil.origin + "/x")
    assert type(await failure(fetched(client, away))) is Refused
    good.sends("/users/alice", b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")
    assert type(await failure(fetched(client, away))) is Gone


async def test_another_id_of_the_same_origin_is_asked_again_there(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    good = await start_peer()
    uri, page = good.origin + "/notes/1", good.origin + "/@alice/1"
    good.says("/@alice/1", {"id": uri, "content": "as on the page"})
    good.says("/notes/1", {"id": uri, "content": "as under its id"})
    budget = FetchBudget()
    assert (await fetched(client, page, budget=budget))["content"] == "as under its id"
    assert (good.targets, budget.left) == (["/@alice/1", "/notes/1"], 28)
    good.says("/notes/1", {"id": good.origin + "/notes/2"})
    assert (await failure(fetched(client, page))).code == "fetch.id_differs"
    good.says("/notes/1", {"id": "https://good.example/notes/1"})
    assert (await failure(fetched(client, page))).code == "fetch.other_origin"
    good.sends("/notes/1", b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
    assert type(await failure(fetched(client, page))) is NotFound


@pytest.mark.parametrize("named", [None, 1, "", [], {}, ["x"], {"id": "x"}])
async def test_a_document_without_an_id_is_nobodys(
    start_peer: StartPeer, client: GuardedClient, named: object
) -> None:
    good = await start_peer()
    uri = good.says("/x", {"id": named, "type": "Note"})
    assert (await failure(fetched(client, uri))).code == "fetch.id_missing"


@pytest.mark.parametrize(
    "named", ["/users/1", "users/1", "acct:a@good.example", "data:,x", "tag:x"]
)
async def test_an_id_that_is_no_web_address_is_malformed(
    start_peer: StartPeer, client: GuardedClient, named: str
) -> None:
    good = await start_peer()
    uri = good.says("/x", {"id": named, "type": "Note"})
    assert type(await failure(fetched(client, uri))) is Malformed


async def test_a_fragment_names_a_part_of_what_is_asked(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    good = await start_peer()
    actor = good.origin + "/users/1"
    good.says("/users/1", {"id": actor, "publicKey": {"id": actor + "#main-key"}})
    assert (await fetched(client, actor + "#main-key"))["id"] == actor
    assert good.targets == ["/users/1"]
    good.says("/users/1", {"id": actor + "#main-key", "owner": actor})
    assert (await fetched(client, actor + "#main-key"))["owner"] == actor
    good.says("/users/1", {"id": actor + "#other"})
    assert (await failure(fetched(client, actor + "#main-key"))).code == "fetch.id_differs"
    assert good.targets == ["/users/1"] * 3


async def test_a_key_stub_is_taken_only_where_keys_are_wanted(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    # GoToSocial serves a part of the actor under the id of the key.
    good, evil = await start_peer(GOOD), await start_peer(EVIL)
    actor, key = good.origin + "/users/1", good.origin + "/users/1/main-key"
    stub = {"id": actor, "type": "Person", "publicKey": {"id": key, "owner": actor}}
    good.says("/users/1/main-key", stub)
    good.says("/users/1", {"id": actor, "name": "whole"})
    assert await fetched(client, key, accept_key_stub=True) == stub
    assert good.targets == ["/users/1/main-key"]
    assert (await fetched(client, key))["name"] == "whole"
    # Another key's id, or another origin's actor, is no stub of this key.
    good.says("/users/1/main-key", {**stub, "publicKey": [{"id": actor + "#other"}, 7]})
    assert (await fetched(client, key, accept_key_stub=True))["name"] == "whole"
    evil.says("/key", {**stub, "publicKey": {"id": evil.origin + "/key"}})
    error = await failure(fetched(client, evil.origin + "/key", accept_key_stub=True))
    assert error.code == "fetch.other_origin"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((404, NotFound), (410, Gone), (401, Refused), (403, Refused), (429, Unavailable)),
        *((500, Unavailable), (503, Unavailable), (408, Unavailable), (400, Malformed)),
        *((201, Malformed), (204, Malformed), (206, Malformed), (304, Malformed), (406, Malformed)),
    ],
)
async def test_only_200_is_a_document(
    start_peer: StartPeer, client: GuardedClient, status: int, error: type[NodeError]
) -> None:
    good = await start_peer()
    uri = good.origin + "/x"
    body = orjson.dumps({"id": uri})
    head = f"HTTP/1.1 {status} S\r\nContent-Type: application/activity+json\r\n"
    length = 0 if status in {204, 304} else len(body)
    good.sends("/x", f"{head}Content-Length: {length}\r\n\r\n".encode() + body[:length])
    assert type(await failure(fetched(client, uri))) is error


@pytest.mark.parametrize(("said", "wait_s"), [("7", 7), ("soon", 60), ("", 60), ("9" * 8, 86400)])
async def test_retry_after_is_passed_on(
    start_peer: StartPeer, client: GuardedClient, said: str, wait_s: int
) -> None:
    good = await start_peer()
    reply = f"HTTP/1.1 503 S\r\nRetry-After: {said}\r\nContent-Length: 0\r\n\r\n".encode()
    error = await failure(fetched(client, good.sends("/x", reply)))
    assert isinstance(error, Unavailable)
    assert error.retry_after_s == wait_s


DEEP = b'{"a":' * 60 + b"1" + b"}" * 60


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b"{",
            b"null",
            b"[]",
            b'"x"',
            b"1",
            b"<html>",
            b"{'id':1}",
            b'{"id":NaN}',
            b"\xff{}",
        ),
        *(DEEP, b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}", b'{"a":[' + b"[]," * 30_000 + b"1]}"),
        b'{"a":[' + b"1," * 70_000 + b"1]}",
    ],
)
async def test_what_is_no_sane_json_object_is_malformed(
    start_peer: StartPeer, client: GuardedClient, body: bytes
) -> None:
    # SEC-036
    good = await start_peer()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\nContent-Length: "
    uri = good.sends("/x", head + b"%d\r\n\r\n" % len(body) + body)
    assert type(await failure(fetched(client, uri))) is Malformed


async def test_wide_documents_of_ordinary_depth_are_read(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    good = await start_peer()
    uri = good.origin + "/x"
    good.says("/x", {"id": uri, "tag": [{"type": "Mention", "x": [[]]}] * 500})
    assert len((await fetched(client, uri))["tag"]) == 500


async def test_one_activity_causes_a_bounded_number_of_fetches(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    # SEC-081: a chain of replies without end
    evil = await start_peer(EVIL)
    for number in range(40):
        uri = f"{evil.origin}/{number}"
        evil.says(f"/{number}", {"id": uri, "inReplyTo": f"{evil.origin}/{number + 1}"})
    budget, uri = FetchBudget(), evil.origin + "/0"
    while budget.left:
        uri = (await fetched(client, uri, budget=budget))["inReplyTo"]
    error = await failure(fetched(client, uri, budget=budget))
    assert (type(error), error.code) == (BudgetSpent, "fetch.budget")
    assert len(evil.hits) == 30
    # What failed was asked too.
    budget = FetchBudget(1)
    assert type(await failure(fetched(client, evil.origin + "/no", budget=budget))) is NotFound
    assert type(await failure(fetched(client, evil.origin + "/0", budget=budget))) is BudgetSpent


async def test_private_addresses_in_documents_are_never_asked(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    # SEC-054, with the list of networks empty, and named as its twin
    canary = await start_peer()
    uri = canary.says("/canary", {"id": canary.origin + "/canary"})
    error = await failure(fetched(make_client(), uri))
    assert isinstance(error, ClientError)
    assert (error.reason, canary.connections) == ("refused_address", 0)
    assert (await fetched(make_client("127.0.0.1/32"), uri))["id"] == uri


async def test_a_collection_is_bounded(start_peer: StartPeer, client: GuardedClient) -> None:
    # SEC-070
    good = await start_peer()
    uri = good.origin + "/outbox"
    items = [f"http://10.0.0.1/{number}" for number in range(10_000)]
    good.says("/outbox", {"id": uri, "type": "OrderedCollection", "orderedItems": items})
    page = await fetch_collection_page(client, uri, sign=None, budget=FetchBudget(), items_max=5)
    assert page.items == tuple(items[:5])
    assert (page.next_uri, page.total_items, len(good.hits)) == (None, None, 1)


async def test_pages_lead_on_within_their_origin(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    good, evil = await start_peer(GOOD), await start_peer(EVIL)
    uri, second = good.origin + "/c", good.origin + "/c?page=2"
    first = {"id": uri + "?page=1", "type": "CollectionPage", "items": "one", "next": second}
    whole: Document = {"id": uri, "type": ["Collection"], "totalItems": 2, "first": first}

    async def page(document: Document) -> CollectionPage:
        good.says("/c", document)
        return await fetch_collection_page(client, uri, sign=None, budget=FetchBudget())

    read = await page(whole)
    assert (read.items, read.next_uri, read.total_items) == (("one",), second, 2)
    read = await page({**whole, "first": second, "totalItems": -1})
    assert (read.items, read.next_uri, read.total_items) == ((), second, None)
    read = await page({**whole, "first": {**first, "next": evil.origin + "/c"}})
    assert (read.items, read.next_uri) == (("one",), None)
    read = await page({**whole, "items": ["a"], "next": {"id": second}, "totalItems": True})
    assert (read.items, read.next_uri, read.total_items) == (("a",), second, None)
    for wrong in ("Note", None, 7, [{}]):
        error = await failure(page({**whole, "type": wrong}))
        assert error.code == "fetch.not_collection"
