"""The stamp of a quote: served while the quote stands, to whoever takes part in it."""

import orjson

from federation.database import Row, Transaction
from outbox.quotes import revoke
from outbox.statuses import Draft, create
from tests.serving import Running, Start
from tests.web.conftest import ask, new_person, signed


async def quoted(site: Running, author: Row, visibility: str = "public") -> tuple[Row, Row]:
    """A status and one of the same author that quotes it."""
    account_id = await site.node.db.value("SELECT id FROM account WHERE actor_id = ?", author["id"])
    first = await create(site.node, author, account_id, Draft("Bonjour", visibility=visibility))
    draft = Draft("Voyez", visibility=visibility, quoted_status_id=first["id"])
    return first, await create(site.node, author, account_id, draft)


async def test_a_stamp_is_served_until_it_is_taken_back(
    two_nodes: tuple[Running, Running], stranger: Running
) -> None:
    one, other = two_nodes
    claire = await new_person(one, "claire")
    first, second = await quoted(one, claire)
    path = f"/notes/{first['id']}/quotes/{second['id']}"
    reply = await signed(other, one, path)
    assert reply.status == 200
    document = orjson.loads(reply.body)
    del document["@context"]
    assert document == {
        "id": one.origin + path,
        "type": "QuoteAuthorization",
        "attributedTo": claire["uri"],
        "interactingObject": second["uri"],
        "interactionTarget": first["uri"],
    }
    assert (
        await ask(one, "GET", path, headers={"Accept": "application/activity+json"})
    ).status == 401
    assert (await signed(stranger, one, path)).status == 403
    nothing = await signed(other, one, "/notes/5")
    for wrong in (
        f"/notes/{first['id']}/quotes/{first['id']}",
        f"/notes/{second['id']}/quotes/{second['id']}",
        f"/notes/{first['id']}/quotes/{second['id']}0000",
        f"/notes/{first['id']}/quotes/x",
    ):
        reply = await signed(other, one, wrong)
        assert (reply.status, reply.body) == (404, nothing.body)
    await revoke(one.node, claire, first, second["id"])
    gone = await signed(other, one, path)
    assert (gone.status, gone.body) == (404, nothing.body)


async def test_the_stamp_for_a_circle_is_for_the_circle(
    two_nodes: tuple[Running, Running],
) -> None:
    one, other = two_nodes
    first, second = await quoted(one, await new_person(one, "claire"), "private")
    path = f"/notes/{first['id']}/quotes/{second['id']}"
    assert (await signed(other, one, path)).status == 404


async def test_the_document_says_when_a_quote_or_a_policy_changed(start_node: Start) -> None:
    """What is kept of a document is not what it was before."""
    site = await start_node(federation_mode="open")
    claire = await new_person(site, "claire")
    first, second = await quoted(site, claire)
    headers = {"Accept": "application/activity+json"}

    async def read(status: Row) -> dict[str, object]:
        reply = await ask(site, "GET", f"/notes/{status['id']}", headers=headers)
        return orjson.loads(reply.body)

    assert (await read(second))["quoteAuthorization"] == site.node.uris.stamp(
        first["id"], second["id"]
    )
    policy = {"canQuote": {"automaticApproval": ["https://www.w3.org/ns/activitystreams#Public"]}}
    assert (await read(first))["interactionPolicy"] == policy
    await revoke(site.node, claire, first, second["id"])
    assert "quoteAuthorization" not in await read(second)

    async def close(tx: Transaction) -> None:
        await tx.execute("UPDATE status SET quote_automatic = '' WHERE id = ?", first["id"])

    await site.node.db.write(close)
    policy = {"canQuote": {"automaticApproval": [claire["uri"]]}}
    assert (await read(first))["interactionPolicy"] == policy
