"""Proves an organisation between real nodes: whoever is on the lead's list, and nobody else."""

import pytest

from actors.local import create_account
from actors.queries import account_of_actor
from federation.database import Row
from federation.errors import Invalid, NotFound, Refused
from federation.organisations import own_organisation, sites_of
from federation.partnerships import partner
from federation.scopes import Scope
from inbox import organisation, pairing, partnership_acts
from inbox.organisation_watch import settle_once
from outbox import statuses
from tests.conftest import Start
from tests.nodes.organisations import NAME, Sites, invited, joined, numbered, united
from tests.nodes.partners import BY, becomes, paired, state_of
from tests.nodes.partners import invited as invited_as_partner
from tests.serving import Running, eventually


@pytest.fixture
async def sites(start_node: Start) -> Sites:
    """Three sites of one organisation, the first leads it."""
    lead = await start_node(name="Les Tilleuls")
    return await united(lead, await start_node(name="Les Roses"), await start_node(name="Valmont"))


async def test_every_site_has_a_direct_relation_with_every_other(sites: Sites) -> None:
    lead, roses, valmont = sites
    listed = [await numbered(site, 3) for site in sites]
    assert listed[0] == listed[1] == listed[2]
    assert [site.name for site in listed[0].sites] == [
        site.node.name for site in sorted(sites, key=lambda site: site.origin)
    ]
    here = await partner(roses.node.db, valmont.origin)
    there = await partner(valmont.node.db, roses.origin)
    assert here is not None
    assert there is not None
    assert here.kind == there.kind == "site"
    assert here.agreement.to_bytes() == there.agreement.to_bytes()
    # Between two that were never paired by a code, both pinned all keys.
    for at, of in ((roses, valmont), (valmont, roses)):
        pinned = await at.node.db.value(
            "SELECT count(*) FROM key WHERE origin = ? AND pinned_at IS NOT NULL", of.origin
        )
        assert pinned == 2
    for at in sites:
        own = await own_organisation(at.node.db)
        assert own is not None
        states = {s.origin: s.state for s in await sites_of(at.node, at.node.db, own)}
        assert sorted(states.values()) == ["active", "active", "own"]
        async with at.http.get(at.origin + "/actor") as got:
            claim = (await got.json(content_type=None))["organization"]
        assert claim == {
            "type": "Organization",
            "id": f"{lead.origin}/actor/organisation",
            "name": NAME,
        }


# Audiences --------------------------------------------------------------------------------------


async def person(at: Running, name: str) -> Row:
    return await create_account(at.node, username=name, password="une phrase assez longue")


async def say(at: Running, who: Row, text: str) -> Row:
    """Post for the organisation."""
    account = await account_of_actor(at.node.db, who["id"])
    assert account is not None
    return await statuses.create(
        at.node, who, account["id"], statuses.Draft(text, visibility="organisation")
    )


async def has(at: Running, status: Row) -> bool:
    sql = "SELECT 1 FROM status WHERE uri = ?"
    return await at.node.db.row(sql, status["uri"]) is not None


async def arrives(at: Running, status: Row) -> None:
    async def is_there() -> bool:
        return await has(at, status)

    await eventually(is_there)


async def sent_to(at: Running, status: Row) -> set[str]:
    """Where a status was queued for."""
    rows = await at.node.db.rows(
        "SELECT d.origin FROM delivery d JOIN activity a ON a.id = d.activity_id"
        " WHERE a.object_uri = ?",
        status["uri"],
    )
    return {row["origin"] for row in rows}


async def test_a_post_for_the_organisation_reaches_exactly_its_sites(
    sites: Sites, start_node: Start
) -> None:
    lead, roses, valmont = sites
    alone = await start_node(name="Le Port")
    await paired(roses, alone)
    await paired(lead, alone)
    bob = await person(roses, "bob")
    written = await say(roses, bob, "Pour nos établissements")
    await arrives(lead, written)
    await arrives(valmont, written)
    assert await sent_to(roses, written) == {lead.origin, valmont.origin}
    assert not await has(alone, written)
    # Removed by the lead: the others hear of it, and nothing reaches it any more.
    await organisation.remove(lead.node, valmont.origin, BY)
    await becomes(roses, valmont, "ended")
    await becomes(valmont, roses, "ended")
    await becomes(valmont, lead, "ended")
    assert await own_organisation(valmont.node.db) is None
    later = await say(roses, bob, "Entre nous deux")
    await arrives(lead, later)
    assert await sent_to(roses, later) == {lead.origin}
    assert not await has(valmont, later)
    listed = await numbered(roses, 4)
    assert listed.site(valmont.origin) is None
    # It may come back, by a new code alone.
    await joined(lead, valmont)
    await becomes(roses, valmont, "active")
    await becomes(valmont, roses, "active")
    again = await say(roses, bob, "Tous les trois")
    await arrives(valmont, again)


async def test_a_site_that_leaves_ends_every_relation(sites: Sites) -> None:
    lead, roses, valmont = sites
    with pytest.raises(Refused, match="other sites"):
        await organisation.leave(lead.node, BY)
    await organisation.leave(roses.node, BY)
    await becomes(roses, valmont, "ended")
    await becomes(lead, roses, "ended")
    await becomes(valmont, roses, "ended")
    assert await own_organisation(roses.node.db) is None
    async with roses.http.get(roses.origin + "/actor") as got:
        assert "organization" not in await got.json(content_type=None)
    assert await state_of(valmont, lead) == "active"
    await organisation.leave(valmont.node, BY)
    await becomes(lead, valmont, "ended")
    await organisation.leave(lead.node, BY)
    assert await own_organisation(lead.node.db) is None


async def test_inside_an_organisation_nothing_is_narrowed_or_ended_site_by_site(
    sites: Sites,
) -> None:
    lead, roses, valmont = sites
    for at, of in ((roses, valmont), (roses, lead)):
        with pytest.raises(Refused, match="same organisation"):
            await partnership_acts.narrow(at.node, of.origin, Scope(audiences=False), BY)
    with pytest.raises(Refused, match="same organisation"):
        await partnership_acts.end(roses.node, valmont.origin, BY)
    # A pause is anybody's, and a new list does not lift it.
    await partnership_acts.pause(roses.node, valmont.origin, BY)
    await settle_once(roses.node)
    assert await state_of(roses, valmont) == "paused"
    await partnership_acts.resume(roses.node, valmont.origin, BY)
    assert await state_of(roses, valmont) == "active"


# Joining ----------------------------------------------------------------------------------------


async def test_joining_needs_the_right_code_and_a_person_on_both_sides(start_node: Start) -> None:
    lead, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    with pytest.raises(NotFound, match="no organisation"):
        await invited(lead, other)
    for wrong in ("", "  ", "x" * 201):
        with pytest.raises(Invalid) as raised:
            await organisation.create(lead.node, wrong, BY)
        assert raised.value.field == "name"
    await organisation.create(lead.node, NAME, BY)
    with pytest.raises(Refused, match="already"):
        await organisation.create(lead.node, "Une autre", BY)
    # A partner's code makes nobody a site, and a site's code no partner.
    code = await invited_as_partner(lead, other.origin)
    with pytest.raises(Refused, match="another relation"):
        await organisation.join(other.node, code, BY)
    code = await invited(lead, other)
    with pytest.raises(Refused, match="another relation"):
        await pairing.offer(other.node, code, Scope(), Scope(), BY)
    assert await state_of(lead, other) is None
    assert await state_of(other, lead) is None
    await organisation.join(other.node, code, BY)
    offered = await partner(lead.node.db, other.origin)
    assert offered is not None
    assert (offered.state, offered.kind) == ("asked", "site")
    # Nothing is anybody's before the person here has confirmed.
    await settle_once(lead.node)
    own = await own_organisation(lead.node.db)
    assert own is not None
    assert own.listed is not None
    assert [site.origin for site in own.listed.sites] == [lead.origin]
    assert await own_organisation(other.node.db) is None
    await pairing.confirm(lead.node, other.origin, BY)
    await numbered(other, 2)
    with pytest.raises(Refused, match="already"):
        await organisation.join(other.node, code, BY)
    with pytest.raises(Refused, match="led by"):
        await invited(other, lead)


async def test_a_code_of_a_site_that_leads_nothing_joins_nothing(start_node: Start) -> None:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    code = await invited_as_partner(one, other.origin)
    with pytest.raises(Refused, match="leads no organisation"):
        await organisation.join(other.node, code, BY)
    assert await state_of(one, other) is None


async def test_a_partner_becomes_a_site_by_a_code_of_its_own(start_node: Start) -> None:
    lead, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(lead, other)
    await organisation.create(lead.node, NAME, BY)
    await organisation.join(other.node, await invited(lead, other), BY)
    before = await partner(lead.node.db, other.origin)
    assert before is not None
    assert (before.state, before.kind) == ("active", "partner")
    await pairing.confirm(lead.node, other.origin, BY)
    await numbered(other, 2)
    after = await partner(other.node.db, lead.origin)
    assert after is not None
    assert (after.state, after.kind) == ("active", "site")
