"""Actors as other software serves them, with their keys, and a partner that has one."""

from typing import Any

from federation.keyring import Keyring
from federation.keys import generate_ed25519, generate_rsa, public_pem
from federation.multikeys import public_multibase
from federation.node import Node
from federation.peers import allow
from federation.vocabulary import Document
from tests.federation.other_machines import Peer, StartPeer

RSA = generate_rsa()
OTHER_RSA = generate_rsa()
ED25519 = generate_ed25519()


def person(uri: str, key_id: str | None = None, **changes: Any) -> Document:
    """An actor with its key, as Mastodon writes it."""
    key = {
        "id": key_id or f"{uri}#main-key",
        "owner": uri,
        "publicKeyPem": public_pem(RSA.public_key()),
    }
    return {"id": uri, "type": "Person", "inbox": f"{uri}/inbox", "publicKey": key} | changes


def instance(origin: str, **changes: Any) -> Document:
    """The instance actor of a node of this software."""
    uri = f"{origin}/actor"
    multikey = {
        "id": f"{uri}#ed25519-key",
        "type": "Multikey",
        "controller": uri,
        "publicKeyMultibase": public_multibase(ED25519.public_key()),
    }
    named = {"type": "Application", "preferredUsername": origin.partition("://")[2]}
    return person(uri) | named | {"assertionMethod": [multikey]} | changes


async def allowed_peer(node: Node, start_peer: StartPeer) -> Peer:
    """A server at an allowed origin, with Alice on it."""
    started = await start_peer()
    started.says("/alice", person(f"{started.origin}/alice"))
    await node.db.write(lambda tx: allow(tx, started.origin, node.clock()))
    return started


def again(node: Node, **options: Any) -> Keyring:
    """A keyring that remembers nothing, on the same database."""
    return Keyring(
        node.db, node.client, node.uris, node.keyring._secret, node.clock, closed=True, **options
    )
