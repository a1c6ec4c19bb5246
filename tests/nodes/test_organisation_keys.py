"""Proves that a lead, or a site, of an organisation changes its key and stays in all relations."""

from functools import partial

import pytest

from federation.organisations import own_organisation
from federation.partnerships import partner, standing
from federation.proofs import check_proof
from federation.site_documents import own_fingerprint
from inbox.key_changes import announce_once, rotate
from inbox.organisation_watch import refresh_once, settle_once
from inbox.partner_stops import go_on, stop
from inbox.partnership_acts import pause, resume
from tests.conftest import Start
from tests.nodes.organisations import Sites, joined, numbered, united
from tests.nodes.partners import BY, all_said, becomes, paired, state_of
from tests.nodes.test_organisation import arrives, has, person, say
from tests.serving import Running, eventually


@pytest.fixture
async def sites(start_node: Start, no_greetings: None) -> Sites:
    """Three sites of one organisation, the first leads it."""
    lead = await start_node(name="Les Tilleuls")
    made = await united(lead, await start_node(name="Les Roses"), await start_node(name="Valmont"))
    for site in made:
        await numbered(site, 3)
    for site in made:
        # What is still on its way, or was not yet said to have arrived, goes before a new key.
        await eventually(partial(all_said, site))
    return made


async def fingerprint_at(at: Running, of: Running) -> str | None:
    """The keys of a site as another one's list names them."""
    own = await own_organisation(at.node.db)
    listed = None if own is None or own.listed is None else own.listed.site(of.origin)
    return None if listed is None else listed.fingerprint


async def all_related(sites: Sites) -> None:
    for at in sites:
        for of in sites:
            if at is not of:
                await becomes(at, of, "active")


@pytest.mark.parametrize("which", ["lead", "site"])
async def test_a_key_changes_and_every_relation_stands(sites: Sites, which: str) -> None:
    lead, roses, valmont = sites
    changed = lead if which == "lead" else roses
    bob = await person(roses, "bob")
    before = await say(roses, bob, "Avant")
    for at in (lead, valmont):
        await arrives(at, before)
    fingerprint = await rotate(changed.node, BY)
    told = {site.origin for site in sites} - {changed.origin}
    assert await announce_once(changed.node) == dict.fromkeys(told, "")

    async def listed_anew() -> bool:
        await settle_once(lead.node)
        return all([await fingerprint_at(at, changed) == fingerprint for at in sites])

    await eventually(listed_anew)
    # The list is proved by the newest key of the lead, which each site has by both proofs.
    newest = await own_fingerprint(lead.node.db, lead.node.uris)
    for at in (roses, valmont):
        own, held = await own_organisation(at.node.db), await standing(at.node.db, lead.origin)
        assert own is not None
        assert own.listed is not None
        assert own.proof is not None
        assert held is not None
        check_proof(own.listed.document(), own.proof, held.keys[0])
        known = await partner(at.node.db, lead.origin)
        assert known is not None
        assert known.fingerprint == newest
    await all_related(sites)
    for at in (roses, valmont):
        await refresh_once(at.node)
        await settle_once(at.node)
    await all_related(sites)
    for at in sites:
        for of in sites:
            if at is not of:
                here, there = await partner(at.node.db, of.origin), await partner(
                    of.node.db, at.origin
                )  # fmt: skip
                assert here is not None
                assert there is not None
                assert here.agreement == there.agreement, (at.node.name, of.node.name)
    carla = await person(lead, "carla")
    after, theirs = await say(roses, bob, "Après"), await say(lead, carla, "Du site qui mène")
    for at in (lead, valmont):
        await arrives(at, after)
    for at in (roses, valmont):
        await arrives(at, theirs)


async def test_the_list_may_come_before_the_site_could_say_so(sites: Sites) -> None:
    lead, roses, valmont = sites
    bob, carla = await person(roses, "bob"), await person(valmont, "carla")
    # Valmont does not hear Roses, and hears the lead.
    await stop(valmont.node, roses.origin, BY)
    fingerprint = await rotate(roses.node, BY)
    heard = await announce_once(roses.node)
    assert heard == {lead.origin: "", valmont.origin: "answer.503"}

    async def listed_anew() -> bool:
        await settle_once(lead.node)
        return await fingerprint_at(valmont, roses) == fingerprint

    await eventually(listed_anew)
    await settle_once(valmont.node)
    await go_on(valmont.node, roses.origin, BY)
    await settle_once(valmont.node)
    await announce_once(roses.node)
    assert await announce_once(roses.node) == {}
    await all_related(sites)
    here, there = await partner(roses.node.db, valmont.origin), await partner(
        valmont.node.db, roses.origin
    )  # fmt: skip
    assert here is not None
    assert there is not None
    assert here.agreement == there.agreement
    assert there.fingerprint == fingerprint
    for at, who, of in ((roses, bob, valmont), (valmont, carla, roses)):
        await arrives(of, await say(at, who, "Après"))


async def test_who_was_away_when_the_lead_changed_its_key_hears_of_the_key_then_of_the_list(
    sites: Sites,
) -> None:
    lead, roses, valmont = sites
    await stop(roses.node, lead.origin, BY)
    fingerprint = await rotate(lead.node, BY)
    assert await announce_once(lead.node) == {roses.origin: "answer.503", valmont.origin: ""}
    await settle_once(lead.node)
    own = await own_organisation(lead.node.db)
    assert own is not None
    await numbered(valmont, own.number)
    await go_on(roses.node, lead.origin, BY)
    assert await announce_once(lead.node) == {roses.origin: ""}
    await numbered(roses, own.number)
    assert await fingerprint_at(roses, lead) == fingerprint
    await all_related(sites)
    await arrives(roses, await say(lead, await person(lead, "alice"), "Après"))


async def test_a_site_joins_after_the_lead_changed_its_key(sites: Sites, start_node: Start) -> None:
    lead, roses, valmont = sites
    await rotate(lead.node, BY)
    assert await announce_once(lead.node) == {roses.origin: "", valmont.origin: ""}
    port = await start_node(name="Le Port")
    await joined(lead, port)
    for at in (roses, valmont):
        await becomes(at, port, "active")
        await becomes(port, at, "active")


async def test_a_pause_of_the_lead_stops_the_list_and_no_other_link(
    sites: Sites, start_node: Start
) -> None:
    lead, roses, valmont = sites
    bob = await person(roses, "bob")
    await pause(roses.node, lead.origin, BY)
    said = await say(roses, bob, "Pendant la pause")
    await arrives(valmont, said)
    assert not await has(lead, said)
    assert (await state_of(roses, valmont), await state_of(roses, lead)) == ("active", "paused")
    # What the lead lists meanwhile is heard when the pause is over.
    port = await start_node(name="Le Port")
    await joined(lead, port)
    await becomes(valmont, port, "active")
    assert await state_of(roses, port) is None
    await resume(roses.node, lead.origin, BY)
    await becomes(roses, port, "active")
    await becomes(port, roses, "active")
    await paired(roses, await start_node(name="Ailleurs"))
