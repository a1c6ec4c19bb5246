"""The documents this node serves for its own actors."""

import orjson
import pytest

from actors.documents import actor_document, handle, read_actor
from actors.local import create_account, create_instance_actor, update_profile
from federation.key_documents import is_instance_actor, key_in
from federation.node import Node
from federation.vocabulary import AS2


@pytest.fixture
async def claire(node: Node) -> dict[str, object]:
    row = await create_account(
        node, username="c.martin", password="cheval-exact-pile", email="claire@example.org"
    )
    row = await update_profile(
        node,
        row,
        {
            "display_name": "Claire Martin",
            "summary": "Ergothérapeute",
            "fields": [{"name": "Site", "value": "Les Tilleuls"}],
            "icon_url": f"{node.origin}/media/17.png",
        },
    )
    return await actor_document(node, row)


def test_a_person_has_what_peers_look_for(node: Node, claire: dict[str, object]) -> None:
    uri = claire["id"]
    assert AS2 in claire["@context"]  # type: ignore[operator]
    assert claire["preferredUsername"] == "c.martin"
    assert claire["webfinger"] == f"c.martin@{node.host}"
    for name in ("inbox", "outbox", "followers", "following", "featured"):
        assert claire[name] == f"{uri}/{name}"
    assert claire["endpoints"] == {"sharedInbox": f"{node.origin}/inbox"}
    assert claire["icon"] == {"type": "Image", "url": f"{node.origin}/media/17.png"}
    assert claire["attachment"] == [
        {"type": "PropertyValue", "name": "Site", "value": "Les Tilleuls"}
    ]
    assert claire["url"] == f"{node.origin}/@c.martin"
    assert claire["manuallyApprovesFollowers"] is False
    assert str(claire["published"]).endswith("T00:00:00Z")
    assert "implements" not in claire
    assert key_in(claire, f"{uri}#main-key") is not None


def test_what_we_serve_we_can_read(node: Node, claire: dict[str, object]) -> None:
    fields = read_actor(claire)
    assert (fields.username, fields.display_name) == ("c.martin", "Claire Martin")
    assert fields.summary_html == "<p>Ergothérapeute</p>"
    assert str(fields.claimed) == f"c.martin@{node.host}"
    assert fields.inbox_url == f"{fields.uri}/inbox"


def test_nothing_private_is_in_it(claire: dict[str, object]) -> None:
    text = orjson.dumps(claire).decode().lower()
    for word in ("example.org", "password", "private", "argon2", "email", "member"):
        assert word not in text


async def test_the_instance_actor_vouches_for_its_origin_and_a_person_does_not(
    node: Node, claire: dict[str, object]
) -> None:
    row = await create_instance_actor(node)
    document = await actor_document(node, row)
    assert document["manuallyApprovesFollowers"] is True
    assert document["webfinger"] == f"{node.host}@{node.host}"
    assert document["implements"][0]["href"].endswith("/rfc9421")
    assert "followers" not in document
    assert is_instance_actor(document)
    assert not is_instance_actor(claire)
    key = key_in(document, node.uris.instance_ed25519_key)
    assert key is not None
    assert key.vouches_for_origin
    rsa = key_in(document, node.uris.instance_rsa_key)
    assert rsa is not None
    assert not rsa.vouches_for_origin
    assert read_actor(document).username == node.host


async def test_a_handle_has_the_host_with_its_port(node: Node) -> None:
    row = await create_instance_actor(node)
    assert handle(node, row) == f"{node.host}@{node.host}"
