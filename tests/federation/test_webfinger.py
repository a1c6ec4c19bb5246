"""A handle is somebody's only when both sides say so, and nothing else in the answer counts."""

import asyncio
from collections.abc import Awaitable
from urllib.parse import parse_qs, urlsplit

import pytest

from federation.client import GuardedClient
from federation.client_errors import ClientError
from federation.errors import Malformed, NodeError, NotFound, Refused, Unavailable
from federation.webfinger import (
    Handle,
    host_meta,
    lookup,
    verify_handle,
)
from tests.federation.deadlines import Deadlines
from tests.federation.other_machines import MakeClient, Peer, StartPeer

JRD = "application/jrd+json"
GOOD = "127.0.0.1"
EVIL = "127.0.0.2"


@pytest.fixture
def client(make_client: MakeClient) -> GuardedClient:
    return make_client("127.0.0.0/8")


def place(name: str, authority: str) -> str:
    return f"/.well-known/webfinger?resource=acct:{name}@{authority}"


def names(
    peer: Peer, name: str, actor_uri: str, *, subject: str | None = None, kind: str = JRD
) -> None:
    """Let a peer say that `name` is `actor_uri`."""
    subject = subject or f"acct:{name}@{peer.authority}"
    link = {"rel": "self", "type": "application/activity+json", "href": actor_uri}
    peer.says(place(name, peer.authority), {"subject": subject, "links": [link]}, kind)


async def failure(asking: Awaitable[object]) -> NodeError:
    with pytest.raises(NodeError) as failed:
        await asking
    return failed.value


async def test_a_handle_leads_to_its_actor(start_peer: StartPeer, client: GuardedClient) -> None:
    good = await start_peer()
    actor = good.origin + "/users/1"
    names(good, "alice", actor)
    shown: list[str] = []

    async def sign(_method: str, url: str, _body: bytes | None) -> dict[str, str]:
        shown.append(url)
        return {"Signature": "s"}

    for written in (f"alice@{good.authority}", f"@alice@{good.authority}"):
        found = await lookup(client, written, sign=sign)
        assert found.actor_uri == actor
        assert str(found.subject) == f"alice@{good.authority}"
    query = parse_qs(urlsplit(good.hits[0].target).query)
    assert query == {"resource": [f"acct:alice@{good.authority}"]}
    assert good.hits[0].headers["accept"].startswith(JRD)
    assert (good.hits[0].headers["signature"], len(shown)) == ("s", 2)


async def test_case_of_the_name_is_kept_when_asking_and_ignored_when_comparing(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    good = await start_peer()
    names(good, "Alice", good.origin + "/users/1", subject=f"ACCT:alice@{good.authority}")
    found = await lookup(client, f"acct:Alice@{good.authority}")
    assert found.subject == Handle("ALICE", good.authority)
    assert str(found.subject) == f"alice@{good.authority}"
    assert len(good.hits) == 1


async def test_handles_of_names_are_asked_over_https(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    # AP-112
    good = await start_peer(tls="good")
    client = make_client("127.0.0.0/8", names={"good.example": [GOOD]})
    host = f"good.example:{good.port}"
    link = {"rel": "self", "type": "application/activity+json", "href": f"https://{host}/u/1"}
    good.says(place("alice", host), {"subject": f"acct:alice@{host}", "links": [link]}, JRD)
    assert (await lookup(client, f"alice@{host}")).actor_uri == f"https://{host}/u/1"
    plain = await start_peer()
    names(plain, "alice", plain.origin + "/u/1")
    closed = make_client("127.0.0.0/8", allow_http=False)
    handle = f"alice@{plain.authority}"
    assert type(await failure(lookup(closed, handle, deadline_s=0.2))) is ClientError
    assert plain.hits == []


async def test_one_deadline_covers_all_questions_of_a_lookup(
    start_peer: StartPeer, client: GuardedClient, deadlines: Deadlines
) -> None:
    # SEC-082: a 404 leads on to host-meta, and each answer alone is in time
    good = await start_peer()

    async def until_too_late(_asked: object, writer: asyncio.StreamWriter) -> None:
        if len(good.hits) == 2:
            deadlines.lapse(25)
            await asyncio.Event().wait()
        writer.write(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")

    good.sends("*", until_too_late)
    error = await failure(lookup(client, f"a@{good.authority}", deadline_s=25))
    assert isinstance(error, ClientError)
    assert (error.reason, len(good.hits)) == ("timeout", 2)
    assert type(await failure(lookup(client, f"a@{good.authority}", deadline_s=25))) is NotFound


async def test_another_subject_counts_only_when_its_host_says_the_same(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    # SEC-025, and the split domain that it must not break
    good, evil = await start_peer(GOOD), await start_peer(EVIL)
    alice = f"acct:alice@{good.authority}"
    mallory = evil.origin + "/users/mallory"
    names(evil, "alice", mallory, subject=alice)
    error = await failure(lookup(client, f"alice@{evil.authority}"))
    assert type(error) is NotFound
    names(good, "alice", good.origin + "/users/1")
    error = await failure(lookup(client, f"alice@{evil.authority}"))
    assert (type(error), error.code) == (Refused, "webfinger.unconfirmed")
    # The host of the subject confirms: the actor lives elsewhere, the handle is the short one.
    names(good, "alice", mallory)
    found = await lookup(client, f"alice@{evil.authority}")
    assert (f"acct:{found.subject}", found.actor_uri) == (alice, mallory)


async def test_subjects_that_send_each_other_on_are_not_followed(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    good, evil = await start_peer(GOOD), await start_peer(EVIL)
    actor = evil.origin + "/users/1"
    names(good, "a", actor, subject=f"acct:a@{evil.authority}")
    names(evil, "a", actor, subject=f"acct:a@{good.authority}")
    error = await failure(lookup(client, f"a@{good.authority}"))
    assert error.code == "webfinger.unconfirmed"
    assert (len(good.hits), len(evil.hits)) == (1, 1)
    # An alias of the same host is confirmed the same way.
    names(good, "alias", actor, subject=f"acct:real@{good.authority}")
    names(good, "real", actor)
    assert str((await lookup(client, f"alias@{good.authority}")).subject).startswith("real@")


async def test_an_actor_has_the_handle_that_its_host_confirms(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    good = await start_peer()
    actor = good.origin + "/users/1"
    document = {"id": actor, "preferredUsername": "alice"}
    names(good, "alice", actor)
    assert await verify_handle(client, document) == Handle("alice", good.authority)
    names(good, "alice", good.origin + "/users/2")
    error = await failure(verify_handle(client, document))
    assert (type(error), error.code) == (Refused, "webfinger.not_mutual")
    for nameless in ({"id": actor}, {"id": actor, "preferredUsername": 7}, {}):
        assert type(await failure(verify_handle(client, nameless))) is Malformed


async def test_a_host_cannot_give_a_foreign_actor_its_own_handle(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    # SEC-025: self leads to good's actor, subject is evil's
    good, evil = await start_peer(GOOD), await start_peer(EVIL)
    actor = good.origin + "/users/1"
    names(good, "alice", actor)
    names(evil, "boss", actor)
    assert (await lookup(client, f"boss@{evil.authority}")).actor_uri == actor
    document = {"id": actor, "preferredUsername": "alice"}
    assert await verify_handle(client, document) == Handle("alice", good.authority)


async def test_the_actors_own_claim_of_a_handle_wins_when_confirmed(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    # FEP-2c59: the name in the document is not the one of the handle
    social, short = await start_peer(GOOD), await start_peer(EVIL)
    actor = social.origin + "/ap/users/123"
    claim = f"alice@{short.authority}"
    document = {"id": actor, "preferredUsername": "a1", "webfinger": claim}
    names(short, "alice", actor)
    assert await verify_handle(client, document) == Handle("alice", short.authority)
    names(short, "alice", short.origin + "/users/other")
    assert (await failure(verify_handle(client, document))).code == "webfinger.not_mutual"
    # Without the claim the split domain is found through the host of the actor.
    names(short, "alice", actor)
    names(social, "alice", actor, subject=f"acct:{claim}")
    plain = {"id": actor, "preferredUsername": "alice"}
    assert await verify_handle(client, plain) == Handle("alice", short.authority)


@pytest.mark.parametrize("kind", [None, "", "text/plain", "text/html", "application/activity+json"])
async def test_only_json_of_webfinger_is_read(
    start_peer: StartPeer, client: GuardedClient, kind: str | None
) -> None:
    # SEC-042
    good = await start_peer()
    names(good, "alice", good.origin + "/users/1")
    link = {"rel": "self", "type": "application/activity+json", "href": good.origin + "/users/1"}
    good.says(place("alice", good.authority), {"links": [link]}, kind)
    error = await failure(lookup(client, f"alice@{good.authority}"))
    assert (type(error), error.code) == (Malformed, "fetch.content_type")
    for fine in (JRD, "application/json; charset=utf-8"):
        good.says(place("alice", good.authority), {"links": [link]}, fine)
        assert (await lookup(client, f"alice@{good.authority}")).subject.username == "alice"


@pytest.mark.parametrize(
    "link",
    [
        {"rel": "self", "type": "text/html", "href": "https://good.example/u"},
        {"rel": "self", "href": "https://good.example/u"},
        {"rel": "self", "type": "application/ld+json", "href": "https://good.example/u"},
        {"rel": "alternate", "type": "application/activity+json", "href": "https://good.example/u"},
        {"rel": "self", "type": "application/activity+json", "href": "javascript:alert(1)"},
        {"rel": "self", "type": "application/activity+json", "href": 7},
        {"rel": "self", "type": 7, "href": "https://good.example/u"},
        {"rel": "self", "type": "application/activity+json"},
        *("self", None, 7, []),
    ],
)
async def test_only_a_self_link_of_activitypub_names_an_actor(
    start_peer: StartPeer, client: GuardedClient, link: object
) -> None:
    good = await start_peer()
    where = place("alice", good.authority)
    good.says(where, {"links": [link]}, JRD)
    error = await failure(lookup(client, f"alice@{good.authority}"))
    assert error.code == "webfinger.no_actor"
    profile = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
    fine = {"rel": "self", "type": profile, "href": "https://good.example/u"}
    good.says(where, {"links": [link, fine], "properties": 7, "unknown": []}, JRD)
    found = await lookup(client, f"alice@{good.authority}")
    assert found.actor_uri == "https://good.example/u"


async def test_an_actor_with_a_name_and_password_in_its_address_is_malformed(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    good = await start_peer()
    names(good, "alice", "https://user:pw@good.example/u")
    assert type(await failure(lookup(client, f"alice@{good.authority}"))) is Malformed


async def test_statuses_of_webfinger(start_peer: StartPeer, client: GuardedClient) -> None:
    good = await start_peer()
    for status, error in ((404, NotFound), (410, NotFound), (401, Refused), (502, Unavailable)):
        reply = b"HTTP/1.1 %d S\r\nContent-Length: 0\r\n\r\n" % status
        good.sends(place("alice", good.authority), reply)
        assert type(await failure(lookup(client, f"alice@{good.authority}"))) is error


async def test_redirects_lead_to_the_server_of_a_split_domain(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    short, social = await start_peer(GOOD), await start_peer(EVIL)
    where = place("alice", short.authority)
    short.redirects(where, social.origin + where)
    link = {"rel": "self", "type": "application/activity+json", "href": social.origin + "/u/1"}
    social.says(where, {"subject": f"acct:alice@{short.authority}", "links": [link]}, JRD)
    found = await lookup(client, f"alice@{short.authority}")
    assert found.actor_uri == social.origin + "/u/1"
    # AP-117: away from https, or inside, it is not followed.
    short.redirects(where, "http://good.example/")
    assert type(await failure(lookup(client, f"alice@{short.authority}"))) is ClientError


def xrd(template: str, *, before: str = "", rel: str = "lrdd") -> bytes:
    return (
        f'<?xml version="1.0"?>{before}<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
        f"<Link rel='other' template='http://10.0.0.1/{{uri}}'/>"
        f'<Link rel="{rel}" type="application/xrd+xml" template="{template}"/></XRD>'
    ).encode()


def xml(body: bytes, kind: str = "application/xrd+xml; charset=utf-8") -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def test_where_webfinger_is_not_host_meta_says_where_it_is(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    good = await start_peer()
    actor = good.origin + "/users/1"
    link = {"rel": "self", "type": "application/activity+json", "href": actor}
    good.says(f"/wf?b=1&r=acct:alice@{good.authority}", {"links": [link]}, JRD)
    good.sends("/.well-known/host-meta", xml(xrd(good.origin + "/wf?b=1&amp;r={uri}")))
    assert (await lookup(client, f"alice@{good.authority}")).actor_uri == actor
    assert (await failure(lookup(client, f"bob@{good.authority}"))).code == "webfinger.unknown"
    good.sends("/.well-known/host-meta", xml(host_meta(good.origin).encode()))
    before = len(good.hits)
    assert type(await failure(lookup(client, f"alice@{good.authority}"))) is NotFound
    assert len(good.hits) == before + 2


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
XXE = "<!DOCTYPE x [<!ENTITY secret SYSTEM 'file:///etc/passwd'>]>"


async def test_no_entity_and_no_document_type_is_ever_read(
    start_peer: StartPeer, client: GuardedClient
) -> None:
    # SEC-097
    good = await start_peer()
    template = good.origin + "/wf?{uri}"
    for body in (
        xrd(template, before=BOMB),
        xrd(template + "&secret;", before=XXE),
        xrd(template, before=BOMB).decode().encode("utf-16"),
        xrd(template).replace(b"<XRD", b"<![CDATA[x]]><XRD"),
        xrd(template, rel="other"),
        xrd(good.origin + "/wf"),
        b"<Link " * 15_000,
        b"\xff\xfe",
        b"",
    ):
        good.sends("/.well-known/host-meta", xml(body))
        error = await failure(lookup(client, f"alice@{good.authority}"))
        assert error.code == "webfinger.host_meta"
    good.sends("/.well-known/host-meta", xml(xrd(template), "text/plain"))
    assert (await failure(lookup(client, f"alice@{good.authority}"))).code == "webfinger.host_meta"
    assert not any(target.startswith("/wf") for target in good.targets)


async def test_a_template_does_not_lead_inside(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    public, canary = await start_peer("127.0.0.2"), await start_peer("127.0.0.3")
    client = make_client("127.0.0.2/32")
    for template in (canary.origin + "/{uri}", "file:///etc/{uri}", "{uri}", "//10.0.0.1/{uri}"):
        public.sends("/.well-known/host-meta", xml(xrd(template)))
        error = await failure(lookup(client, f"alice@{public.authority}"))
        assert isinstance(error, ClientError)
        assert error.reason == "refused_address"
    assert canary.connections == 0


async def test_handles_of_private_addresses_are_not_asked(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    # SEC-054, SEC-073
    canary = await start_peer()
    names(canary, "alice", canary.origin + "/users/1")
    handle = f"alice@{canary.authority}"
    assert type(await failure(lookup(make_client(), handle))) is ClientError
    assert canary.connections == 0
    assert (await lookup(make_client("127.0.0.0/8"), handle)).subject.username == "alice"
