"""Proves that an answer waits for a site that cannot say whether it is still for it, and no longer.

Roses begins a conversation with Tilleuls and Valmont; Valmont pauses Tilleuls, where it is
answered meanwhile.
"""

from dataclasses import replace

import pytest

from actors.queries import account_of_actor
from inbox.partnership_acts import narrow, pause, resume
from outbox.audience_members import learn_members
from outbox.drafts import Draft
from outbox.statuses import create
from tests.conftest import Start
from tests.nodes.partners import BY, both, paired
from tests.nodes.test_ended_meanwhile import at, publish
from tests.nodes.test_partners_in_force import has, person
from tests.serving import Running, eventually

Three = tuple[Running, Running, Running]


@pytest.fixture
async def three(start_node: Start, no_greetings: None) -> Three:
    roses = await start_node(name="Les Roses")
    tilleuls = await start_node(name="Les Tilleuls")
    valmont = await start_node(name="Mairie de Valmont")
    await paired(roses, tilleuls)
    await paired(roses, valmont)
    await paired(tilleuls, valmont)
    return roses, tilleuls, valmont


@pytest.mark.parametrize("still_belongs", [True, False])
@pytest.mark.parametrize("who_pauses", ["the member", "who answers"])
async def test_an_answer_waits_for_a_member_that_cannot_be_asked(
    three: Three, who_pauses: str, *, still_belongs: bool
) -> None:
    roses, tilleuls, valmont = three
    rosa, tilda = await person(roses, "rosa"), await person(tilleuls, "tilda")
    begun = await publish(roses, rosa, Draft("Qui a une fiche ?", "partners"))
    for site in (tilleuls, valmont):
        await eventually(lambda site=site: has(site, begun))
    parent = await at(tilleuls, begun)
    await learn_members(tilleuls.node, parent)
    one, other = (valmont, tilleuls) if who_pauses == "the member" else (tilleuls, valmont)
    await pause(one.node, other.origin, BY)
    # What is said now is for Roses at once; of Valmont nobody knows.
    await learn_members(tilleuls.node, parent)
    account = await account_of_actor(tilleuls.node.db, tilda["id"])
    assert account is not None
    draft = Draft("Nous en avons une.", "partners", in_reply_to_id=parent["id"])
    answer = await create(tilleuls.node, tilda, account["id"], draft)
    await eventually(lambda: has(roses, answer))
    if not still_belongs:
        known, _ = await both(roses, valmont)
        await narrow(roses.node, valmont.origin, replace(known.ours, audiences=False), BY)

        async def told() -> bool:
            return not (await both(valmont, roses))[0].theirs.audiences

        await eventually(told)
    assert not await has(valmont, answer)
    await resume(one.node, other.origin, BY)
    sql = "SELECT progress, last_error FROM delivery WHERE origin = ? AND object_uri = ?"

    async def over() -> bool:
        row = await tilleuls.node.db.row(sql, valmont.origin, answer["uri"])
        return row is not None and row["progress"] != "pending"

    await eventually(over, 30.0)
    row = await tilleuls.node.db.row(sql, valmont.origin, answer["uri"])
    assert row is not None
    if still_belongs:
        assert row["progress"] == "done"
        await eventually(lambda: has(valmont, answer))
    else:
        assert (row["progress"], row["last_error"]) == ("refused", "delivery.not_for_them")
        count = "SELECT COUNT(*) FROM activity WHERE object_uri = ?"
        assert await valmont.node.db.value(count, answer["uri"]) == 0, "not a byte of it came"
