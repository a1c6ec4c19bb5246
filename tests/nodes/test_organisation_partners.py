"""Proves that a partner meets the sites of an organisation by their lead's word, and a person's."""

import pytest

from federation.activity import iso
from federation.agreements import Party
from federation.errors import NotFound, Refused
from federation.fingerprints import PREFIX
from federation.organisation_lists import Introduction, introduction_update, organisation_uri
from federation.organisations import introduced, others, own_organisation, sites_of
from federation.partnerships import partner
from federation.scopes import Scope
from federation.site_documents import fetch_site
from federation.vocabulary import Document
from inbox import organisation, organisation_partners, pairing, partnership_acts
from inbox.offer_texts import make_offer, new_agreement
from inbox.partner_notices import notices
from tests.conftest import Start
from tests.nodes.organisations import NAME, joined
from tests.nodes.partners import BY, becomes, invited, paired, post_as, state_of
from tests.serving import Running, eventually

Three = tuple[Running, Running, Running]


@pytest.fixture
async def three(start_node: Start) -> Three:
    """A lead with one more site, and a partner of the lead."""
    lead, roses = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    port = await start_node(name="Le Port")
    await organisation.create(lead.node, NAME, BY)
    await joined(lead, roses)
    await paired(lead, port)
    return lead, roses, port


async def proposed(at: Running, of: Running) -> str | None:
    """How a partner sees a site of the other organisation; None when it is not listed."""
    for known in await others(at.node.db):
        for site in await sites_of(at.node, at.node.db, known):
            if site.origin == of.origin:
                return site.state
    return None


async def becomes_proposed(at: Running, of: Running, state: str | None) -> None:
    async def is_so() -> bool:
        return await proposed(at, of) == state

    await eventually(is_so)


async def becomes_named(at: Running, of: Running, *, named: bool = True) -> None:
    async def is_so() -> bool:
        return (await introduced(at.node, of.origin) is not None) == named

    await eventually(is_so)


async def test_a_site_stays_proposed_until_a_person_confirmed_on_both_sides(three: Three) -> None:
    lead, roses, port = three
    await becomes_proposed(port, roses, "proposed")
    await becomes_named(roses, port)
    assert await state_of(port, roses) is None
    assert await state_of(roses, port) is None
    offered = await organisation_partners.confirm(port.node, roses.origin, BY)
    assert (offered.state, offered.kind) == ("offered", "partner")
    asked = await partner(roses.node.db, port.origin)
    assert asked is not None
    assert (asked.state, asked.name) == ("asked", "Le Port")
    await pairing.confirm(roses.node, port.origin, BY)
    await becomes(port, roses, "active")
    assert await proposed(port, roses) == "active"
    with pytest.raises(Refused, match="already"):
        await organisation_partners.confirm(port.node, roses.origin, BY)
    # The lead takes the site out: what it vouched for ends on both sides.
    await organisation.remove(lead.node, roses.origin, BY)
    await becomes(port, roses, "ended")
    await becomes(roses, port, "ended")
    await becomes_proposed(port, roses, None)
    assert await state_of(port, lead) == "active"
    with pytest.raises(NotFound):
        await organisation_partners.confirm(port.node, roses.origin, BY)


async def test_a_site_that_joins_later_is_told_to_the_partner(
    three: Three, start_node: Start
) -> None:
    lead, roses, port = three
    valmont = await start_node(name="Valmont")
    await joined(lead, valmont)
    await becomes_proposed(port, valmont, "proposed")
    told = [(one.code, one.origin) for one in await notices(port.node.db)]
    assert told == [("partner.notice_site_added", valmont.origin)]
    await becomes_named(valmont, port)
    await organisation_partners.confirm(port.node, valmont.origin, BY)
    await pairing.confirm(valmont.node, port.origin, BY)
    await becomes(port, valmont, "active")
    assert await state_of(port, roses) is None
    # With the agreement of the lead everything ends that came by it.
    await partnership_acts.end(port.node, lead.origin, BY)
    await becomes(port, valmont, "ended")
    await becomes(valmont, port, "ended")
    await becomes_named(roses, port, named=False)
    assert await others(port.node.db) == []


async def test_where_new_sites_are_accepted_the_offer_goes_by_itself(start_node: Start) -> None:
    lead, port = await start_node(name="Les Tilleuls"), await start_node(name="Le Port")
    await organisation.create(lead.node, NAME, BY)
    code = await invited(lead, port.origin)
    await pairing.offer(port.node, code, Scope(), Scope(), BY, new_sites="accepted")
    await pairing.confirm(lead.node, port.origin, BY)
    await becomes(port, lead, "active")
    await becomes_proposed(port, lead, "active")
    valmont = await start_node(name="Valmont")
    await joined(lead, valmont)

    # Nobody does anything here, and still a person there has the last word.
    async def asked() -> bool:
        return await state_of(valmont, port) == "asked"

    await eventually(asked, 30.0)
    assert [one.origin for one in await notices(port.node.db)] == [valmont.origin]
    await pairing.confirm(valmont.node, port.origin, BY)
    await becomes(port, valmont, "active")


async def test_who_is_not_named_needs_an_invitation(three: Three, start_node: Start) -> None:
    _, roses, port = three
    await becomes_named(roses, port)
    stranger = await start_node(name="Ailleurs")
    with pytest.raises(Refused, match="no open invitation"):
        await offer_bare(stranger, roses)
    assert await state_of(roses, stranger) is None
    # Nor does a name without its keys open anything.
    await roses.node.db.write(
        lambda tx: tx.execute("UPDATE organisation_partner SET fingerprint = ?", PREFIX + "A" * 43)
    )
    with pytest.raises(Refused, match="no open invitation"):
        await offer_bare(port, roses)
    assert await state_of(roses, port) is None


async def offer_bare(by: Running, to: Running) -> None:
    """Offer without code, and without having been proposed."""
    site = await fetch_site(by.node.client, to.origin)
    text = await new_agreement(by.node, site, Scope(), Scope(), 30)
    await pairing.hand_over(by.node, *await make_offer(by.node, site, text), BY)


async def test_only_the_lead_names_partners(three: Three) -> None:
    lead, roses, port = three
    await becomes_named(roses, port)
    own = await own_organisation(roses.node.db)
    assert own is not None
    stranger = Party("https://ailleurs.example", PREFIX + "A" * 43)
    number = roses.node.ids.next() << 1

    def said(by: Running, uri: str, at: int = number) -> Document:
        now, name = iso(by.node.clock()), f"{by.origin}/partnerships/{by.node.ids.next()}/partners"
        words = Introduction(uri, at, (stranger,))
        return introduction_update(
            name, f"{by.origin}/actor", f"{roses.origin}/actor", now, NAME, words
        )

    for by, uri in (
        (port, own.uri),
        (port, organisation_uri(port.origin)),
        (lead, organisation_uri(port.origin)),
    ):
        assert (await post_as(by.node, roses, said(by, uri)))[0] in {401, 403}
    # An older word changes nothing, and what cannot be read is refused.
    assert (await post_as(lead.node, roses, said(lead, own.uri, 1)))[0] == 202
    for wrong in ({"number": "x", "items": []}, {"number": 9, "items": [{"origin": "x"}]}):
        whole = said(lead, own.uri)
        broken = whole | {"object": whole["object"] | {"partners": wrong}}
        assert (await post_as(lead.node, roses, broken))[0] == 400
    assert await introduced(roses.node, stranger.origin) is None
    assert await introduced(roses.node, port.origin) is not None
    assert (await post_as(lead.node, roses, said(lead, own.uri)))[0] == 202
    await becomes_named(roses, port, named=False)
