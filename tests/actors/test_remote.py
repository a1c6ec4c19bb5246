"""Actors of other origins over a real loopback: found, refreshed, re-bound by the rules only."""

import pytest

from actors import queries
from actors.remote import ensure_actor, find_by_handle, find_by_url, mark_deleted
from federation.client_errors import ClientError
from federation.database import Row
from federation.errors import BadSignature, Gone, Malformed, NodeError, NotFound, Refused, Stranger
from federation.fetch import FetchBudget
from federation.node import Node
from federation.peers import block
from tests.actors.conftest import Peer
from tests.conftest import FakeClock

DAY_S = 24 * 3600


async def ensure(node: Node, uri: str, *, refresh: bool = False) -> Row:
    return await ensure_actor(node, uri, budget=FetchBudget(), refresh=refresh)


async def refused(node: Node, uri: str, kind: type[NodeError] = Refused) -> str:
    """The code of the refusal, which leaves nothing behind."""
    before = await node.db.value("SELECT COUNT(*) FROM actor")
    with pytest.raises(kind) as error:
        await ensure(node, uri)
    assert await node.db.value("SELECT COUNT(*) FROM actor") == before
    return error.value.code


async def test_first_contact_costs_two_requests_and_the_second_none(node: Node, peer: Peer) -> None:
    alice = peer.person("/users/1", "Alice")
    row = await ensure(node, alice["id"])
    assert (row["username"], row["handle_host"]) == ("Alice", peer.host)
    assert (row["origin"], bool(row["is_local"])) == (peer.origin, False)
    assert row["shared_inbox_url"] == f"{peer.origin}/inbox"
    assert len(peer.asked) == 2
    again = await ensure(node, alice["id"])
    assert (again["id"], len(peer.asked)) == (row["id"], 2)


async def test_the_document_that_came_with_the_key_is_used(node: Node, peer: Peer) -> None:
    alice = peer.person("/users/1", "alice")
    await node.keyring.find(alice["publicKey"]["id"])
    assert peer.asked == ["/users/1"]
    await ensure(node, alice["id"])
    assert peer.asked[1:] == [f"/.well-known/webfinger?resource=acct:alice@{peer.host}"]


async def test_a_closed_node_asks_nobody_it_does_not_know(node: Node, stranger: Peer) -> None:
    alice = stranger.person("/users/1", "alice")
    assert await refused(node, alice["id"], Stranger) == "peer.not_admitted"
    with pytest.raises(Refused):
        await find_by_handle(node, f"alice@{stranger.host}")
    with pytest.raises(Refused):
        await find_by_url(node, alice["id"], budget=FetchBudget())
    assert stranger.asked == []


async def test_an_open_node_asks_whom_it_has_not_blocked(
    open_federation_node: Node, stranger: Peer
) -> None:
    node = open_federation_node
    alice, bob = stranger.person("/users/1", "alice"), stranger.person("/users/2", "bob")
    assert await ensure(node, alice["id"])
    await node.db.write(lambda tx: block(tx, stranger.origin, node.clock()))
    assert await refused(node, bob["id"]) == "peer.blocked"


async def test_own_actors_are_never_fetched(node: Node, peer: Peer) -> None:
    for uri in (f"{node.origin}/users/404", f"{node.origin.upper()}/users/1"):
        assert await refused(node, uri, NotFound) == "actor.not_here"
    own = await ensure(node, node.uris.instance_actor)
    assert bool(own["is_local"])
    assert peer.asked == []


async def test_a_document_speaks_for_its_own_id_only(
    node: Node, peer: Peer, stranger: Peer
) -> None:
    # SEC-006: served by one origin, calls itself by another's id; both are admitted or known.
    alice = peer.person("/users/1", "alice", name="The true one")
    await ensure(node, alice["id"])
    forged = dict(alice) | {"name": "Forged"}
    peer.documents["/x"] = dict(forged, id="http://127.0.0.3:1/users/1")
    assert await refused(node, f"{peer.origin}/x") == "fetch.other_origin"
    # Another id of the same origin is that other actor, not this one.
    peer.documents["/y"] = alice
    assert await refused(node, f"{peer.origin}/y") == "actor.other_id"
    row = await queries.by_uri(node.db, alice["id"])
    assert row is not None
    assert row["display_name"] == "The true one"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"inbox": "https://evil.test/inbox"}, "actor.inbox"),
        ({"inbox": None}, "actor.inbox"),
        ({"type": "Note"}, "actor.type"),
        ({"preferredUsername": "<script>"}, "actor.username"),
        ({"publicKey": {"id": "https://evil.test/k", "owner": "x"}}, "actor.key_owner"),
    ],
)
async def test_what_may_not_be_stored_is_not_and_what_was_known_stays(
    node: Node, peer: Peer, changes: dict[str, object], code: str
) -> None:
    # SEC-009: a known actor keeps inbox and key when its document suddenly points elsewhere.
    alice = peer.person("/users/1", "alice", **changes)
    assert await refused(node, alice["id"], Malformed) == code
    peer.person("/users/1", "alice")
    row = await ensure(node, alice["id"])
    peer.person("/users/1", "alice", name="New", **changes)
    with pytest.raises(Malformed):
        await ensure(node, alice["id"], refresh=True)
    assert dict(await queries.get_by_id(node.db, row["id"])) == dict(row)


async def test_a_handle_is_believed_when_both_sides_say_so(
    node: Node, peer: Peer, stranger: Peer
) -> None:
    # SEC-025: WebFinger names another actor, or another handle that nobody confirms.
    alice, mallory = peer.person("/users/1", "alice"), peer.person("/users/2", "mallory")
    peer.called(f"mallory@{peer.host}", alice["id"])
    assert await refused(node, mallory["id"]) == "webfinger.not_mutual"
    peer.called(f"mallory@{peer.host}", mallory["id"], subject=f"alice@{peer.host}")
    assert await refused(node, mallory["id"]) == "webfinger.unconfirmed"
    del peer.handles[f"acct:mallory@{peer.host}"]
    assert await refused(node, mallory["id"], NotFound) == "webfinger.unknown"
    peer.person("/users/2", "mallory", webfinger=f"admin@{node.host}")
    assert await refused(node, mallory["id"]) == "actor.handle_ours"
    peer.person("/users/2", "mallory", webfinger=f"alice@{stranger.host}")
    assert await refused(node, mallory["id"]) == "peer.not_admitted"
    assert stranger.asked == []
    peer.person("/users/2", "mallory")
    assert (await ensure(node, mallory["id"]))["username"] == "mallory"


async def test_a_handle_may_be_on_another_host_that_says_so_too(
    node: Node, peer: Peer, open_federation_node: Node, stranger: Peer
) -> None:
    # FEP-2c59, split domain.
    handle = f"alice@{stranger.host}"
    alice = peer.person("/users/1", "al", webfinger=handle)
    with pytest.raises(NotFound):
        await ensure(open_federation_node, alice["id"])
    stranger.called(handle, alice["id"])
    row = await ensure(open_federation_node, alice["id"])
    assert (row["username"], row["handle_host"], row["origin"]) == (
        "alice",
        stranger.host,
        peer.origin,
    )
    found = await queries.by_handle(open_federation_node.db, "ALICE", stranger.host)
    assert found is not None
    assert found["id"] == row["id"]


async def test_a_fresh_actor_is_not_asked_for_and_a_stale_one_is(
    node: Node, peer: Peer, clock: FakeClock
) -> None:
    alice = peer.person("/users/1", "alice", name="Before")
    first = await ensure(node, alice["id"])
    peer.person("/users/1", "alice", name="After")
    clock.advance(DAY_S - 1)
    assert (await ensure(node, alice["id"]))["display_name"] == "Before"
    clock.advance(2)
    asked = len(peer.asked)
    after = await ensure(node, alice["id"])
    assert (after["display_name"], after["id"]) == ("After", first["id"])
    assert after["updated_at"] > first["updated_at"]
    # Nothing about the handle changed, so WebFinger is not asked again.
    assert peer.asked[asked:] == ["/users/1"]
    same = await ensure(node, alice["id"], refresh=True)
    assert same["updated_at"] == after["updated_at"]


async def test_a_stale_actor_is_used_while_its_server_fails(
    node: Node, peer: Peer, clock: FakeClock
) -> None:
    alice = peer.person("/users/1", "alice")
    first = await ensure(node, alice["id"])
    clock.advance(DAY_S + 1)
    peer.statuses["/users/1"] = 503
    assert (await ensure(node, alice["id"]))["id"] == first["id"]
    asked = len(peer.asked)
    await ensure(node, alice["id"])
    assert len(peer.asked) == asked, "asked again only in an hour"
    with pytest.raises(NodeError):
        await ensure(node, alice["id"], refresh=True)
    clock.advance(3601)
    peer.statuses["/users/1"] = 410
    with pytest.raises(Gone):
        await ensure(node, alice["id"])


async def test_an_actor_whose_server_is_down_is_unknown_for_now(node: Node, peer: Peer) -> None:
    uri = f"{peer.origin}/users/1"
    peer.documents.clear()
    assert await refused(node, uri, NotFound) == "fetch.not_found"
    peer.statuses["/users/1"] = 502
    assert await refused(node, uri, NodeError) == "fetch.unavailable"
    closed = "http://127.0.0.2:9/users/1"
    await node.db.write(
        lambda tx: tx.execute(
            "INSERT INTO peer (origin, policy, created_at) VALUES (?, 'allowed', 0)",
            "http://127.0.0.2:9",
        )
    )
    assert await refused(node, closed, ClientError) == "client.connect"


async def test_a_new_name_is_taken_when_webfinger_says_so_and_not_before(
    node: Node, peer: Peer
) -> None:
    # Quirk 33.
    alice = peer.person("/users/1", "alice")
    row = await ensure(node, alice["id"])
    peer.person("/users/1", "alicia", name="Alicia")
    del peer.handles[f"acct:alicia@{peer.host}"]
    kept = await ensure(node, alice["id"], refresh=True)
    assert (kept["username"], kept["display_name"]) == ("alice", "Alicia")
    peer.called(f"alicia@{peer.host}", alice["id"])
    moved = await ensure(node, alice["id"], refresh=True)
    assert (moved["username"], moved["id"]) == ("alicia", row["id"])
    assert moved["updated_at"] > kept["updated_at"]


async def test_who_has_a_handle_now_takes_it_from_who_had_it(node: Node, peer: Peer) -> None:
    first = await ensure(node, peer.person("/users/1", "alice")["id"])
    second = await ensure(node, peer.person("/users/2", "Alice")["id"])
    found = await find_by_handle(node, f"alice@{peer.host}")
    assert found is not None
    assert found["id"] == second["id"]
    before = await queries.get_by_id(node.db, first["id"])
    assert before["username"] == f"alice#{first['id']}"
    # The one before cannot take it back without WebFinger.
    again = await ensure(node, first["uri"], refresh=True)
    assert again["username"] == f"alice#{first['id']}"


async def test_a_changed_key_is_taken_from_its_own_origin(
    node: Node, peer: Peer, other_pem: str
) -> None:
    alice = peer.person("/users/1", "alice")
    key = await node.keyring.find(alice["publicKey"]["id"])
    await node.keyring.store(key)
    await ensure(node, alice["id"])
    peer.pem = other_pem
    peer.person("/users/1", "alice")
    await ensure(node, alice["id"], refresh=True)
    now = await node.keyring.find(key.key_id)
    assert now != key
    # A document without that key, or with a foreign one, changes nothing.
    peer.person("/users/1", "alice", publicKey=None)
    await ensure(node, alice["id"], refresh=True)
    foreign = {"id": "https://evil.test/k", "owner": alice["id"], "publicKeyPem": peer.pem}
    peer.person("/users/1", "alice", publicKey=foreign)
    with pytest.raises(Malformed):
        await ensure(node, alice["id"], refresh=True)
    assert await node.keyring.find(key.key_id) == now
    # One that names another key instead takes the old one back.
    renewed = f"{alice['id']}#key-2"
    new = {"id": renewed, "owner": alice["id"], "publicKeyPem": peer.pem}
    peer.person("/users/1", "alice", publicKey=new)
    await ensure(node, alice["id"], refresh=True)
    assert (await node.keyring.find(renewed)).key_id == renewed
    with pytest.raises(BadSignature):
        await node.keyring.find(key.key_id)


async def test_what_was_deleted_does_not_come_back(node: Node, peer: Peer) -> None:
    alice = peer.person("/users/1", "alice")
    row = await ensure(node, alice["id"])
    await node.db.write(lambda tx: mark_deleted(node, tx, row))
    asked = len(peer.asked)
    assert await refused(node, alice["id"], Gone) == "actor.deleted"
    assert len(peer.asked) == asked
    assert await find_by_handle(node, f"alice@{peer.host}") is None


async def test_a_suspended_actor_is_returned_as_it_is(
    node: Node, peer: Peer, clock: FakeClock
) -> None:
    row = await ensure(node, peer.person("/users/1", "alice")["id"])
    await node.db.write(
        lambda tx: tx.execute("UPDATE actor SET suspended_at = 1 WHERE id = ?", row["id"])
    )
    clock.advance(2 * DAY_S)
    asked = len(peer.asked)
    again = await ensure(node, row["uri"], refresh=True)
    assert (again["suspended_at"], len(peer.asked)) == (1, asked)


async def test_an_application_without_webfinger_gets_a_name_nobody_else_has(
    node: Node, peer: Peer
) -> None:
    rows: list[Row] = []
    for path in ("/relay", "/site"):
        document = peer.person(path, "alice", type="Application")
        peer.handles.clear()
        rows.append(await ensure(node, document["id"]))
    assert rows[0]["username"] == peer.host
    assert rows[1]["username"].startswith(f"{peer.host}#")
    person = peer.person("/users/1", "alice")
    peer.handles.clear()
    assert await refused(node, person["id"], NotFound) == "webfinger.unknown"


async def test_a_handle_is_looked_up_with_two_requests(node: Node, peer: Peer) -> None:
    alice = peer.person("/users/1", "alice")
    for written in (f"@alice@{peer.host}", f"acct:ALICE@{peer.host}", f"alice@{peer.host}"):
        found = await find_by_handle(node, written)
        assert found is not None
        assert found["uri"] == alice["id"]
    assert len(peer.asked) == 2
    assert await find_by_handle(node, f"nobody@{peer.host}") is None
    assert await find_by_handle(node, f"nobody@{node.host}") is None
    with pytest.raises(Malformed):
        await find_by_handle(node, "not a handle")


async def test_a_lookup_that_leads_to_another_origin_is_that_origins_actor(
    node: Node, peer: Peer, stranger: Peer
) -> None:
    # SEC-025: alice@peer leads to an actor elsewhere, which says nothing of it.
    mallory = stranger.person("/users/1", "mallory")
    peer.called(f"alice@{peer.host}", mallory["id"])
    with pytest.raises(Refused):
        await find_by_handle(node, f"alice@{peer.host}")
    assert stranger.asked == []


async def test_a_page_leads_to_its_actor(node: Node, peer: Peer) -> None:
    alice = peer.person("/users/1", "alice")
    peer.documents["/@alice"] = alice
    for url in (f"{peer.origin}/@alice", alice["id"]):
        row = await find_by_url(node, url, budget=FetchBudget())
        assert row["uri"] == alice["id"]


async def test_what_an_activity_may_cause_is_bounded(node: Node, peer: Peer) -> None:
    budget = FetchBudget(1)
    with pytest.raises(Refused) as spent:
        await ensure_actor(node, peer.person("/users/1", "alice")["id"], budget=budget)
    assert spent.value.code == "fetch.budget"
