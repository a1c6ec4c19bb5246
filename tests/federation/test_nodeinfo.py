"""What the node says of itself fits the schemas; what peers say of themselves is judged."""

from collections.abc import Awaitable
from typing import Any

import jsonschema
import pytest

from federation.client_errors import ClientError
from federation.errors import Malformed, NodeError, NotFound, Refused
from federation.nodeinfo import (
    APPLICATION_REL,
    SchemaVersion,
    Usage,
    fetch_software,
    nodeinfo_document,
    nodeinfo_links,
    nodeinfo_type,
)
from tests.federation.other_machines import MakeClient, Peer, StartPeer

SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"
COUNT = {"type": "integer", "minimum": 0}


def shape(version: SchemaVersion) -> dict[str, Any]:
    """The constraints of the published schema that concern this software."""
    software: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "version"],
        "properties": {
            "name": {"type": "string", "pattern": "^[a-z0-9-]+$"},
            "version": {"type": "string"},
        },
    }
    if version == "2.1":
        software["properties"] |= {"repository": {"type": "string"}, "homepage": {"type": "string"}}
    users = {"total": COUNT, "activeHalfyear": COUNT, "activeMonth": COUNT}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [
            *("version", "software", "protocols", "services"),
            *("openRegistrations", "usage", "metadata"),
        ],
        "properties": {
            "version": {"enum": [version]},
            "software": software,
            "protocols": {"type": "array", "minItems": 1, "items": {"enum": ["activitypub"]}},
            "services": {
                "type": "object",
                "additionalProperties": False,
                "required": ["inbound", "outbound"],
                "properties": {"inbound": {"type": "array"}, "outbound": {"type": "array"}},
            },
            "openRegistrations": {"type": "boolean"},
            "usage": {
                "type": "object",
                "additionalProperties": False,
                "required": ["users"],
                "properties": {
                    "users": {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": users,
                    },
                    "localPosts": COUNT,
                    "localComments": COUNT,
                },
            },
            "metadata": {"type": "object"},
        },
    }


@pytest.mark.parametrize("usage", [None, Usage(12, 10, 11, 345)])
@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_documents_fit_their_schema(version: SchemaVersion, usage: Usage | None) -> None:
    # AP-125, AP-126
    document = nodeinfo_document(
        version,
        software_version="0.1.0",
        open_registrations=False,
        usage=usage,
        metadata={"nodeName": "Les Tilleuls"},
        repository_url="https://code.example/maillage",
    )
    jsonschema.validate(document, shape(version))
    assert ("repository" in document["software"]) == (version == "2.1")
    assert document["software"]["name"] == "maillage"


def test_a_closed_node_gives_no_number() -> None:
    # AP-127
    closed = nodeinfo_document(
        "2.1", software_version="0.1.0", open_registrations=False, usage=None
    )
    assert closed["usage"] == {"users": {}}
    usage = Usage(people=12, active_month=10, active_half_year=11, posts=345)
    opened = nodeinfo_document("2.1", software_version="1", open_registrations=True, usage=usage)
    assert opened["usage"] == {
        "users": {"total": 12, "activeMonth": 10, "activeHalfyear": 11},
        "localPosts": 345,
    }


def test_the_index_links_to_both_schemas_and_the_site() -> None:
    # AP-124, FEP-2677
    index = nodeinfo_links("https://good.example", "https://good.example/actor")
    assert {link["rel"]: link["href"] for link in index["links"]} == {
        SCHEMA + "2.0": "https://good.example/nodeinfo/2.0",
        SCHEMA + "2.1": "https://good.example/nodeinfo/2.1",
        APPLICATION_REL: "https://good.example/actor",
    }
    assert APPLICATION_REL == "https://www.w3.org/ns/activitystreams#Application"
    assert nodeinfo_type("2.1") == f'application/json; profile="{SCHEMA}2.1#"'


async def failure(asking: Awaitable[object]) -> NodeError:
    with pytest.raises(NodeError) as failed:
        await asking
    return failed.value


def publish(peer: Peer, href: str, document: object, kind: str | None = "application/json") -> None:
    links = [{"rel": SCHEMA + "2.0", "href": href}, {"rel": "x", "href": "http://10.0.0.1/"}, 7]
    peer.says("/.well-known/nodeinfo", {"links": links}, "application/json")
    peer.says("/ni", document, kind)


async def test_a_peer_says_its_software(start_peer: StartPeer, make_client: MakeClient) -> None:
    good = await start_peer()
    client = make_client("127.0.0.0/8")
    software = {"name": "GoToSocial", "version": "0.20.0+git"}
    publish(good, good.origin + "/ni", {"software": software}, nodeinfo_type("2.0"))
    found = await fetch_software(client, good.origin)
    assert (found.name, found.version) == ("gotosocial", "0.20.0+git")
    # The newest schema that is known is preferred.
    links = nodeinfo_links(good.origin, good.origin + "/actor")
    good.says("/.well-known/nodeinfo", links, "application/jrd+json")
    good.says("/nodeinfo/2.1", {"software": {"name": "maillage"}}, nodeinfo_type("2.1"))
    found = await fetch_software(client, good.origin)
    assert (found.name, found.version) == ("maillage", "")


async def test_links_of_nodeinfo_are_judged_like_any_other(
    start_peer: StartPeer, make_client: MakeClient
) -> None:
    # SEC-057
    public, canary = await start_peer("127.0.0.2"), await start_peer("127.0.0.3")
    canary.says("/ni", {"software": {"name": "x", "version": "1"}}, "application/json")
    client = make_client("127.0.0.2/32")
    for href in (canary.origin + "/ni", f"http://127.0.0.2:{canary.port}/ni"):
        publish(public, href, {})
        assert type(await failure(fetch_software(client, public.origin))) is Refused
    publish(public, public.origin + "/ni", {"software": {"name": "x", "version": "1"}})
    public.redirects("/ni", canary.origin + "/ni")
    assert type(await failure(fetch_software(client, public.origin))) is ClientError
    assert type(await failure(fetch_software(make_client(), canary.origin))) is ClientError
    assert canary.connections == 0
    publish(public, public.origin + "/ni", {"software": {"name": "x", "version": "1"}})
    assert (await fetch_software(client, public.origin)).name == "x"


@pytest.mark.parametrize(
    "document",
    [
        *({}, {"software": None}, {"software": []}, {"software": {"version": "1"}}),
        *({"software": {"name": 7}}, {"software": {"name": "<b>"}}, {"software": {"name": ""}}),
        {"software": {"name": "x" * 65}},
    ],
)
async def test_a_peer_without_a_usable_name_is_malformed(
    start_peer: StartPeer, make_client: MakeClient, document: object
) -> None:
    good = await start_peer()
    publish(good, good.origin + "/ni", document)
    error = await failure(fetch_software(make_client("127.0.0.0/8"), good.origin))
    assert (type(error), error.code) == (Malformed, "nodeinfo.no_software")


async def test_nodeinfo_is_json_with_a_link(start_peer: StartPeer, make_client: MakeClient) -> None:
    # SEC-042
    good = await start_peer()
    client = make_client("127.0.0.0/8")
    assert type(await failure(fetch_software(client, good.origin))) is NotFound
    for kind in (None, "text/html", "text/plain"):
        publish(good, good.origin + "/ni", {"software": {"name": "x"}}, kind)
        assert (await failure(fetch_software(client, good.origin))).code == "fetch.content_type"
    for links in ([], None, "x", [{"rel": SCHEMA + "1.0", "href": good.origin + "/ni"}]):
        good.says("/.well-known/nodeinfo", {"links": links}, "application/json")
        assert (await failure(fetch_software(client, good.origin))).code == "nodeinfo.no_link"
