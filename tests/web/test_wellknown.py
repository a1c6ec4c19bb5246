"""How a node is found: WebFinger, NodeInfo, host-meta; and whether it is up."""

from functools import partial
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from federation.database import Transaction
from federation.nodeinfo import fetch_software
from tests.serving import Running, Start
from tests.web.conftest import Reply, ask, new_person, signed

Two = tuple[Running, Running]
FINGER = "/.well-known/webfinger?resource="


async def finger(running: Running, resource: str) -> Reply:
    return await ask(running, "GET", FINGER + quote(resource, safe=""))


async def test_the_node_itself_is_found_by_everybody(start_node: Start) -> None:
    """FEP-d556: by its handle, its actor and its root URL."""
    node = await start_node()
    host = node.node.host
    for resource in (f"acct:{host}@{host}", node.origin, f"{node.origin}/", f"{node.origin}/actor"):
        reply = await finger(node, resource)
        assert reply.status == 200, resource
        assert reply.headers["content-type"] == "application/jrd+json"
        assert reply.headers["access-control-allow-origin"] == "*"
        jrd = orjson.loads(reply.body)
        assert jrd["subject"] == f"acct:{host}@{host}"
        links = {link["rel"]: link for link in jrd["links"]}
        assert links["self"]["href"] == f"{node.origin}/actor"
        assert links["self"]["type"] == "application/activity+json"


async def test_people_of_a_closed_node_are_found_by_admitted_origins_only(
    two_nodes: Two, stranger: Running
) -> None:
    one, other = two_nodes
    alice = await new_person(one, "alice")
    known = f"{FINGER}acct:alice@{one.node.host}"
    unknown = f"{FINGER}acct:nobody@{one.node.host}"
    found = await signed(other, one, known)
    assert found.status == 200
    jrd = orjson.loads(found.body)
    assert jrd["subject"] == f"acct:alice@{one.node.host}"
    assert alice["uri"] in jrd["aliases"]
    for path in (f"{FINGER}acct:ALICE@{one.node.host}", FINGER + quote(alice["uri"], safe="")):
        assert (await signed(other, one, path)).status == 200
    missing = await signed(other, one, unknown)
    assert missing.status == 404
    for path in (known, unknown):
        for reply in (await ask(one, "GET", path), await signed(stranger, one, path)):
            assert (reply.status, reply.body) == (404, missing.body)
            assert reply.headers.keys() == missing.headers.keys()
    assert (await signed(other, one, f"{FINGER}acct:alice@elsewhere.example")).status == 404


async def test_an_open_node_shows_those_who_are_reachable(start_node: Start) -> None:
    node = await start_node(federation_mode="open")
    alice = await new_person(node, "alice")
    reply = await finger(node, f"acct:alice@{node.node.host}")
    assert reply.status == 200
    only = await ask(node, "GET", f"{FINGER}acct:alice@{node.node.host}&rel=self")
    assert [link["rel"] for link in orjson.loads(only.body)["links"]] == ["self"]
    nothing = await ask(node, "GET", f"{FINGER}acct:alice@{node.node.host}&rel=nothing")
    assert orjson.loads(nothing.body)["links"] == []
    first = await ask(
        node, "GET", f"/.well-known/webfinger?rel=self&resource=acct%3Aalice%40{node.node.host}"
    )
    assert first.status == 200
    await node.node.db.write(
        lambda tx: tx.execute("UPDATE actor SET reachable = ? WHERE id = ?", False, alice["id"])
    )
    assert (await finger(node, f"acct:alice@{node.node.host}")).status == 404


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?",
        "?resource=",
        "?resource",
        "?rel=self",
        "?resource=a&resource=b",
        "?resource=%ff",
        "?resource=alice",
        "?resource=acct:@",
        "?resource=ftp://x/",
        "?resource=" + "a" * 5000,
    ],
)
async def test_a_query_that_names_nothing_is_400(start_node: Start, query: str) -> None:
    node = await start_node()
    assert (await ask(node, "GET", f"/.well-known/webfinger{query}")).status == 400


async def test_nodeinfo_has_no_number_on_a_closed_node(start_node: Start) -> None:
    closed, opened = await start_node(), await start_node(federation_mode="open")
    await new_person(closed, "alice")
    await new_person(opened, "alice")
    people: dict[str, Any] = {}
    for name, node in (("closed", closed), ("open", opened)):
        index = orjson.loads((await ask(node, "GET", "/.well-known/nodeinfo")).body)
        assert len(index["links"]) == 3
        for version in ("2.0", "2.1"):
            reply = await ask(node, "GET", f"/nodeinfo/{version}")
            assert f"schema/{version}#" in reply.headers["content-type"]
            document = orjson.loads(reply.body)
            assert document["version"] == version
            assert document["software"]["name"] == "maillage"
            people[name] = document["usage"]["users"].get("total")
    assert people == {"closed": None, "open": 0}, "one person is not counted"
    assert (await ask(closed, "GET", "/nodeinfo/1.0")).status == 404
    software = await fetch_software(opened.node.client, closed.origin)
    assert software.name == "maillage"


async def test_an_open_node_counts_no_fewer_than_five(start_node: Start) -> None:
    for count, shown in ((4, 0), (5, 5)):
        node = await start_node(federation_mode="open")
        for number in range(count):
            await new_person(node, f"person{number}")

        async def wrote(tx: Transaction, now: int) -> int:
            return await tx.execute(
                "UPDATE actor SET last_status_at = ? WHERE username LIKE 'person%'", now
            )

        await node.node.db.write(partial(wrote, now=node.node.clock()))
        usage = orjson.loads((await ask(node, "GET", "/nodeinfo/2.1")).body)["usage"]
        assert usage["users"] == {"total": shown, "activeMonth": shown, "activeHalfyear": shown}
        assert usage["localPosts"] == 0, "a week that goes on is not counted"


async def test_host_meta_leads_to_webfinger(start_node: Start) -> None:
    node = await start_node()
    reply = await ask(node, "GET", "/.well-known/host-meta")
    assert reply.headers["content-type"].startswith("application/xrd+xml")
    assert f"{node.origin}/.well-known/webfinger?resource={{uri}}".encode() in reply.body


async def test_it_says_whether_it_is_up(start_node: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    node = await start_node()
    assert (await ask(node, "GET", "/healthz")).status == 200
    assert (await ask(node, "GET", "/readyz")).status == 200

    async def broken(*_: Any) -> Any:
        raise OSError("disk")

    monkeypatch.setattr(node.node.db.engine.reader, "value", broken, raising=False)  # type: ignore[attr-defined]
    reply = await ask(node, "GET", "/readyz")
    assert (reply.status, reply.headers["retry-after"]) == (503, "5")
    assert (await ask(node, "GET", "/healthz")).status == 200
