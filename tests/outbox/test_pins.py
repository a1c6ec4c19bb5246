"""Pins: five of one's own at most, told to followers elsewhere, and nothing of the site."""

import orjson
import pytest

from federation.errors import Invalid
from federation.node import Node
from federation.vocabulary import Document
from outbox import statuses
from outbox.interactions import reblog
from outbox.pins import PINS_MAX, pin, unpin
from outbox.statuses import Draft
from tests.outbox.conftest import ROSES, VALMONT, MakePerson, MakeRemote


async def told(node: Node) -> list[tuple[Document, str]]:
    rows = await node.db.rows(
        "SELECT a.body, d.inbox_url FROM activity a JOIN delivery d ON d.activity_id = a.id"
        " WHERE a.type IN ('Add', 'Remove') ORDER BY a.id"
    )
    return [(orjson.loads(bytes(row["body"])), row["inbox_url"]) for row in rows]


async def test_followers_elsewhere_hear_of_a_pin_once(
    node: Node, person: MakePerson, remote: MakeRemote
) -> None:
    claire, account = await person("claire")
    await remote("paul", follows_actor=claire)
    await remote("ines", VALMONT)
    status = await statuses.create(node, claire, account, Draft("à retenir", "private"))
    for deed in (pin, pin, unpin, unpin):
        await deed(node, claire, status)
    (add, first), (remove, second) = await told(node)
    assert first == second == f"{ROSES}/inbox"
    assert (add["type"], remove["type"]) == ("Add", "Remove")
    assert add["object"] == remove["object"] == status["uri"]
    assert add["target"] == claire["featured_url"]
    assert add["id"] != remove["id"]


async def test_what_is_for_the_site_is_pinned_here_and_told_to_nobody(
    node: Node, person: MakePerson, remote: MakeRemote
) -> None:
    claire, account = await person("claire")
    await remote("paul", follows_actor=claire)
    status = await statuses.create(node, claire, account, Draft("entre nous", "local"))
    await pin(node, claire, status)
    assert await node.db.value("SELECT status_id FROM pin") == status["id"]
    await unpin(node, claire, status)
    assert await told(node) == []


async def test_only_ones_own_no_boost_no_message_and_five_at_most(
    node: Node, person: MakePerson
) -> None:
    claire, account = await person("claire")
    luc, _ = await person("luc")
    mine = [await statuses.create(node, claire, account, Draft(str(n))) for n in range(6)]
    message = await statuses.create(node, claire, account, Draft("@luc", "direct"))
    boost = await reblog(node, claire, mine[0])
    for actor, status, code in (
        (luc, mine[0], "pin.not_own"),
        (claire, boost, "pin.not_own"),
        (claire, message, "pin.circle"),
    ):
        with pytest.raises(Invalid) as refused:
            await pin(node, actor, status)
        assert refused.value.code == code
    for status in mine[:PINS_MAX]:
        await pin(node, claire, status)
    with pytest.raises(Invalid) as refused:
        await pin(node, claire, mine[5])
    assert refused.value.code == "pin.too_many"
    await statuses.delete(node, claire, mine[0])
    await pin(node, claire, mine[5])
    assert await node.db.value("SELECT count(*) FROM pin") == PINS_MAX
