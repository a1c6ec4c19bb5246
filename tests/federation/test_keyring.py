"""Proves which keys of others are believed, and that keys of this node stay its own (SEC-009,
SEC-022)."""

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from federation.database import Transaction
from federation.errors import BadSignature, Misconfigured, NotFound, Refused, Stranger
from federation.http_signatures import (
    ReceivedRequest,
    check_signature,
    digest_header,
    parse_signature,
)
from federation.keyring import Keyring
from federation.keys import PrivateKey, public_pem
from federation.node import Node
from federation.peers import allow, block, note_accept_signature, remember_signature_form
from federation.vocabulary import Document
from tests.conftest import FakeClock
from tests.federation.actors_with_keys import (
    OTHER_RSA,
    RSA,
    again,
    allowed_peer,
    instance,
    person,
)
from tests.federation.other_machines import Peer, StartPeer, http


@pytest.fixture
async def peer(node: Node, start_peer: StartPeer) -> Peer:
    return await allowed_peer(node, start_peer)


@pytest.fixture
def alice(peer: Peer) -> str:
    return f"{peer.origin}/alice#main-key"


async def test_a_key_is_fetched_once_signed_and_known_only_when_it_is_stored(
    node: Node, peer: Peer, alice: str
) -> None:
    key = await node.keyring.find(alice)
    assert (key.owner_uri, key.algorithm) == (f"{peer.origin}/alice", "rsa")
    assert not key.vouches_for_origin
    (hit,) = peer.hits
    request = ReceivedRequest("GET", hit.target, tuple(hit.headers.items()), b"")
    own = (await node.keyring.private_key(node.uris.instance_actor)).public("x")
    check_signature(parse_signature(request), request, own, peer.origin, node.clock())

    document = node.keyring.fetched_document(f"{peer.origin}/alice")
    assert document is not None
    assert document["inbox"] == f"{peer.origin}/alice/inbox"
    assert await node.db.value("SELECT count(*) FROM key WHERE key_id = ?", alice) == 0
    await node.keyring.store(key)
    assert (await again(node).find(alice)) == key
    assert len(peer.hits) == 1


async def test_what_was_fetched_and_not_verified_is_forgotten_after_a_minute(
    node: Node, clock: FakeClock, peer: Peer, alice: str
) -> None:
    await node.keyring.find(alice)
    clock.advance(59)
    await node.keyring.find(alice)
    assert len(peer.hits) == 1
    clock.advance(1)
    assert node.keyring.fetched_document(f"{peer.origin}/alice") is None
    await node.keyring.find(alice)
    assert len(peer.hits) == 2


async def test_a_stub_under_the_keys_own_address_is_checked_with_its_owner(
    node: Node, peer: Peer
) -> None:
    """GoToSocial serves a stub actor at /main-key: only the owner's own document counts."""
    owner, key_id = f"{peer.origin}/users/bob", f"{peer.origin}/users/bob/main-key"
    stub = person(owner, key_id)
    del stub["inbox"]
    peer.says("/users/bob/main-key", stub)
    peer.says("/users/bob", person(owner, key_id))
    key = await node.keyring.find(key_id)
    assert key.owner_uri == owner
    assert peer.targets == ["/users/bob/main-key", "/users/bob"]
    document = node.keyring.fetched_document(owner)
    assert document is not None
    assert "inbox" in document


@pytest.mark.parametrize("named", ["main-key", "other-key"])
async def test_a_key_that_its_owner_does_not_name_is_nobodys(
    node: Node, peer: Peer, named: str
) -> None:
    owner = f"{peer.origin}/alice"
    key_id = f"{peer.origin}/keys/1"
    alone = {"id": key_id, "owner": owner, "publicKeyPem": public_pem(OTHER_RSA.public_key())}
    peer.says("/keys/1", alone | {"type": "Key"})
    if named == "main-key":
        with pytest.raises(BadSignature) as refused:
            await node.keyring.find(key_id)
        assert refused.value.code == "key.not_named"
    else:
        peer.says("/alice", person(owner, key_id))
        key = await node.keyring.find(key_id)
        assert public_pem(key.key) == public_pem(RSA.public_key())  # the owner's word


async def test_a_key_of_another_origin_or_owner_is_refused(
    node: Node, peer: Peer, start_peer: StartPeer
) -> None:
    evil = await start_peer()
    await node.db.write(lambda tx: allow(tx, evil.origin, node.clock()))
    alice = f"{peer.origin}/alice"
    claims = {
        "/a": person(f"{evil.origin}/a") | {"id": alice},
        "/b": person(f"{evil.origin}/b", f"{evil.origin}/b#k")
        | {"publicKey": {"id": f"{evil.origin}/b#k", "owner": alice, "publicKeyPem": "x"}},
        "/c": {"id": f"{evil.origin}/c#k", "owner": alice, "publicKeyPem": "x"},
        "/d": person(f"{evil.origin}/d") | {"type": "Note"},
        "/e": {"id": f"{evil.origin}/e", "type": "OrderedCollection", "orderedItems": []},
        "/f": person(f"{evil.origin}/f", f"{evil.origin}/f#k")
        | {"publicKey": {"id": f"{evil.origin}/f#k", "publicKeyPem": "not a key"}},
    }
    for path, document in claims.items():
        evil.says(path, document)
        for fragment in ("main-key", "k"):
            with pytest.raises(BadSignature):
                await node.keyring.find(f"{evil.origin}{path}#{fragment}")
    evil.says("/g", person(f"{evil.origin}/g"))
    assert (await node.keyring.find(f"{evil.origin}/g#main-key")).owner_uri == f"{evil.origin}/g"
    assert peer.hits == []


async def test_only_the_instance_actors_ed25519_key_vouches_for_its_origin(
    node: Node, peer: Peer
) -> None:
    peer.says("/actor", instance(peer.origin))
    key = await node.keyring.find(f"{peer.origin}/actor#ed25519-key")
    assert (key.algorithm, key.vouches_for_origin) == ("ed25519", True)
    await node.keyring.store(key)
    assert (await again(node).find(key.key_id)) == key
    rsa = await node.keyring.find(f"{peer.origin}/actor#main-key")
    assert (rsa.algorithm, rsa.vouches_for_origin) == ("rsa", False)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "Person"},
        {"type": ["Application", "Person"]},
        {"preferredUsername": "alice"},
        {"preferredUsername": None},
    ],
)
async def test_an_actor_that_is_not_quite_the_instance_actor_vouches_for_nobody(
    node: Node, peer: Peer, changes: Document
) -> None:
    peer.says("/actor", instance(peer.origin, **changes))
    key = await node.keyring.find(f"{peer.origin}/actor#ed25519-key")
    assert not key.vouches_for_origin


async def test_a_member_who_dresses_as_the_instance_actor_vouches_for_nobody(
    node: Node, peer: Peer
) -> None:
    uri = f"{peer.origin}/users/mallory"
    multikey = instance(peer.origin)["assertionMethod"][0] | {"id": f"{uri}#k", "controller": uri}
    peer.says(
        "/users/mallory", instance(peer.origin, id=uri, assertionMethod=multikey, publicKey=[])
    )
    assert not (await node.keyring.find(f"{uri}#k")).vouches_for_origin
    peer.says("/actor", instance(peer.origin, assertionMethod=[multikey]))
    with pytest.raises(BadSignature):
        await node.keyring.find(f"{peer.origin}/actor#ed25519-key")


async def test_a_long_key_is_taken_and_a_short_one_is_not(node: Node, peer: Peer) -> None:
    for bits, taken in ((4096, True), (1024, False)):
        uri = f"{peer.origin}/{bits}"
        pem = public_pem(generate_private_key(65537, bits).public_key())
        document = person(uri)
        document["publicKey"]["publicKeyPem"] = pem
        peer.says(f"/{bits}", document)
        if taken:
            assert (await node.keyring.find(f"{uri}#main-key")).algorithm == "rsa"
        else:
            with pytest.raises(BadSignature) as refused:
                await node.keyring.find(f"{uri}#main-key")
            assert refused.value.code == "key.not_found"


async def test_a_key_of_our_own_is_never_looked_up_for_others(node: Node) -> None:
    for key_id in (node.uris.instance_rsa_key, node.uris.actor(1), f"{node.origin}/x#y"):
        with pytest.raises(BadSignature) as refused:
            await node.keyring.find(key_id)
        assert refused.value.code == "key.own"


async def test_a_closed_node_never_fetches_a_strangers_key_and_nobody_a_blocked_ones(
    node: Node, start_peer: StartPeer
) -> None:
    stranger = await start_peer()
    key_id = f"{stranger.origin}/alice#main-key"
    stranger.says("/alice", person(f"{stranger.origin}/alice"))
    with pytest.raises(Stranger):
        await node.keyring.find(key_id)
    assert stranger.hits == []
    everybody = Keyring(
        node.db, node.client, node.uris, node.keyring._secret, node.clock, closed=False
    )
    await node.db.write(lambda tx: block(tx, stranger.origin, node.clock()))
    with pytest.raises(Refused) as refused:
        await everybody.find(key_id)
    assert refused.value.code == "peer.blocked"
    assert stranger.hits == []
    await node.db.write(lambda tx: allow(tx, stranger.origin, node.clock()))
    assert (await node.keyring.find(key_id)).key_id == key_id


async def test_a_known_key_is_refreshed_once_in_ten_seconds_and_a_pinned_one_never(
    node: Node, clock: FakeClock, peer: Peer, alice: str
) -> None:
    await node.keyring.store(await node.keyring.find(alice))
    clock.advance(3600)
    changed = person(f"{peer.origin}/alice")
    changed["publicKey"]["publicKeyPem"] = public_pem(OTHER_RSA.public_key())
    peer.says("/alice", changed)
    assert public_pem((await node.keyring.find(alice)).key) == public_pem(RSA.public_key())
    fresh = await node.keyring.find(alice, refresh=True)
    assert public_pem(fresh.key) == public_pem(OTHER_RSA.public_key())
    for _ in range(5):
        await node.keyring.find(alice, refresh=True)
    assert len(peer.hits) == 2
    await node.keyring.store(fresh)
    assert await again(node).find(alice) == fresh

    async def pin(tx: Transaction) -> None:
        await tx.execute("UPDATE key SET pinned_at = 1 WHERE key_id = ?", alice)

    await node.db.write(pin)
    pinned = again(node)
    assert await pinned.find(alice, refresh=True) == fresh
    assert len(peer.hits) == 2
    await pinned.store(PrivateKey(alice, RSA).public(f"{peer.origin}/alice"))
    await pinned.forget(alice)
    assert await again(node).find(alice) == fresh


async def test_a_key_never_moves_to_another_owner_nor_replaces_one_of_ours(
    node: Node, peer: Peer, alice: str
) -> None:
    found = await node.keyring.find(alice)
    await node.keyring.store(found)
    await node.keyring.store(PrivateKey(alice, OTHER_RSA).public(f"{peer.origin}/mallory"))
    assert await node.keyring.find(alice) == found
    assert await again(node).find(alice) == found
    own = node.uris.instance_rsa_key
    before = await node.db.row("SELECT * FROM key WHERE key_id = ?", own)
    await node.keyring.store(PrivateKey(own, OTHER_RSA).public(node.uris.instance_actor))
    await node.keyring.forget(own)
    after = await node.db.row("SELECT * FROM key WHERE key_id = ?", own)
    assert before is not None
    assert after is not None
    assert dict(before) == dict(after)


async def test_a_key_that_its_owner_no_longer_names_can_be_forgotten(
    node: Node, peer: Peer, alice: str
) -> None:
    await node.keyring.store(await node.keyring.find(alice))
    peer.sends("/alice", http(410))
    await node.keyring.forget(alice)
    with pytest.raises(BadSignature) as refused:
        await node.keyring.find(alice)
    assert refused.value.code == "key.gone"


async def test_own_keys_are_written_encrypted_and_read_back(node: Node) -> None:
    owner = node.uris.actor(7)
    key_id = f"{owner}#main-key"
    public = await node.db.write(lambda tx: node.keyring.add_local(tx, owner, key_id, RSA))
    assert (public.owner_uri, public.vouches_for_origin) == (owner, False)
    row = await node.db.row("SELECT * FROM key WHERE key_id = ?", key_id)
    assert row is not None
    der = RSA.private_numbers().d.to_bytes(256)
    assert der not in bytes(row["private_encrypted"])
    read = await again(node).private_key(owner)
    assert read.key_id == key_id
    assert public.verify(read.sign(b"x"), b"x")
    with pytest.raises(NotFound):
        await node.keyring.private_key(node.uris.actor(8))


async def test_own_keys_are_unreadable_with_another_secret(node: Node) -> None:
    other = Keyring(node.db, node.client, node.uris, bytes(32), node.clock)
    for read in (other.private_key(node.uris.instance_actor), other.instance_ed25519()):
        with pytest.raises(Misconfigured):
            await read


@pytest.mark.parametrize("form", ["cavage", "rfc9421", "ed25519"])
async def test_each_peer_is_signed_for_in_the_form_it_takes(node: Node, form: str) -> None:
    origin = "https://good.example"

    async def learn(tx: Transaction) -> None:
        if form == "rfc9421":
            await remember_signature_form(tx, origin, "rfc9421", node.clock())
        if form == "ed25519":
            await note_accept_signature(tx, origin, True, node.clock())

    await node.db.write(learn)
    owner = node.uris.instance_actor
    vouching = (await node.keyring.instance_ed25519()).public(owner, vouches_for_origin=True)
    own = (await node.keyring.private_key(owner)).public(owner)
    for body in (None, b"{}"):
        method = "POST" if body else "GET"
        for digest in {None, digest_header(body) if body else None}:
            headers = await node.keyring.sign(owner, method, f"{origin}/x?y=1", body, digest)
            request = ReceivedRequest(method, "/x?y=1", tuple(headers.items()), body or b"")
            claimed = parse_signature(request)
            key = vouching if form == "ed25519" else own
            check_signature(claimed, request, key, origin, node.clock())
            assert claimed.form == ("cavage" if form == "cavage" else "rfc9421")
            with pytest.raises(BadSignature):
                check_signature(claimed, request, key, "https://evil.example", node.clock())
    signed = await node.keyring.signer(owner)("GET", f"{origin}/x", None)
    assert ("Signature-Input" in signed) == (form != "cavage")
