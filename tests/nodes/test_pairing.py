"""Proves pairing between real nodes: one text on both sides, after a person confirmed on each."""

import pytest

from federation.database import Transaction
from federation.errors import Invalid, Refused
from federation.pairing_codes import read_code
from federation.partnerships import partner
from federation.scopes import Scope
from inbox import pairing
from inbox.pairing import safety_number_with
from tests.conftest import Start
from tests.nodes.partners import BY, becomes, both, invited, paired, state_of
from tests.serving import Running, eventually

Sites = tuple[Running, Running]


@pytest.fixture
async def sites(start_node: Start) -> Sites:
    return await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")


async def test_two_sites_agree_by_a_code_and_a_confirmation(sites: Sites) -> None:
    one, other = sites
    code = await invited(one, other.origin)
    offered = await pairing.offer(other.node, code, Scope(), Scope(), BY)
    assert (offered.state, offered.name) == ("offered", "Les Tilleuls")
    asked = await partner(one.node.db, other.origin)
    assert asked is not None
    assert (asked.state, asked.name) == ("asked", "Les Roses")
    # Nothing is exchanged, and no key is believed, before somebody confirmed.
    for node in (one.node, other.node):
        assert await node.db.value("SELECT count(*) FROM peer WHERE policy = 'allowed'") == 0
        assert await node.db.value("SELECT count(*) FROM key WHERE pinned_at IS NOT NULL") == 0
    here = await safety_number_with(one.node, other.origin, asked.fingerprint)
    there = await safety_number_with(other.node, one.origin, offered.fingerprint)
    assert here == there
    assert len(here.replace(" ", "")) == 60
    await pairing.confirm(one.node, other.origin, BY)
    await becomes(other, one, "active")
    mine, yours = await both(one, other)
    assert mine.state == yours.state == "active"
    assert mine.agreement.to_bytes() == yours.agreement.to_bytes()
    assert (mine.our_proof, mine.their_proof) == (yours.their_proof, yours.our_proof)
    for node, origin in ((one.node, other.origin), (other.node, one.origin)):
        pinned = await node.db.rows(
            "SELECT algorithm FROM key WHERE origin = ? AND pinned_at IS NOT NULL"
            " ORDER BY algorithm",
            origin,
        )
        assert [row["algorithm"] for row in pinned] == ["ed25519", "rsa"]
        assert await node.db.value("SELECT policy FROM peer WHERE origin = ?", origin) == "allowed"


async def test_a_code_works_once_and_for_one_site(sites: Sites, start_node: Start) -> None:
    one, other = sites
    third = await start_node(name="Ailleurs")
    code = await invited(one, other.origin)
    with pytest.raises(Refused, match="no open invitation"):
        await pairing.offer(third.node, code, Scope(), Scope(), BY)
    assert await state_of(third, one) is None
    assert await state_of(one, third) is None
    await pairing.offer(other.node, code, Scope(), Scope(), BY)
    # Before anybody confirmed, the same site may say it again: its answer was lost.
    await pairing.offer(other.node, code, Scope(), Scope(), BY)
    await pairing.confirm(one.node, other.origin, BY)
    await becomes(other, one, "active")
    with pytest.raises(Refused, match="agreement with"):
        await pairing.offer(other.node, code, Scope(), Scope(), BY)
    used = await one.node.db.value("SELECT used_at FROM invitation_to_pair")
    assert used is not None
    with pytest.raises(Refused, match="No offer"):
        await pairing.confirm(one.node, other.origin, BY)


async def test_an_old_code_and_a_mistyped_one_are_refused(sites: Sites) -> None:
    one, other = sites
    code = await invited(one, other.origin)
    letter = "A" if code[10] != "A" else "B"
    with pytest.raises(Invalid) as raised:
        await pairing.offer(other.node, code[:10] + letter + code[11:], Scope(), Scope(), BY)
    assert raised.value.field == "code"

    async def age(tx: Transaction) -> None:
        await tx.execute("UPDATE invitation_to_pair SET expires_at = 1")

    await one.node.db.write(age)
    with pytest.raises(Refused, match="no open invitation"):
        await pairing.offer(other.node, code, Scope(), Scope(), BY)
    assert await state_of(other, one) is None


async def test_five_wrong_proofs_close_the_invitation(sites: Sites) -> None:
    one, other = sites
    code = read_code(await invited(one, other.origin))
    guessed = type(code)(code.origin, bytes(16), code.fingerprint_head).text()
    for _ in range(5):
        with pytest.raises(Refused, match="does not fit the invitation"):
            await pairing.offer(other.node, guessed, Scope(), Scope(), BY)
    row = await one.node.db.row("SELECT wrong_proofs, closed_at FROM invitation_to_pair")
    assert row is not None
    assert row["wrong_proofs"] == 5
    assert row["closed_at"] is not None
    told = await one.node.db.value(
        "SELECT count(*) FROM audit WHERE action = 'partner.invitation_closed'"
    )
    assert told == 1
    # Then the true code opens nothing either, and the sixth attempt of a minute waits.
    with pytest.raises(Refused, match=r"429|no open invitation"):
        await pairing.offer(other.node, code.text(), Scope(), Scope(), BY)
    assert await state_of(one, other) is None


async def test_what_the_inviting_site_grants_less_goes_back_as_a_counter_offer(
    sites: Sites,
) -> None:
    one, other = sites
    code = await invited(one, other.origin, Scope(audiences=False, backfill_days=10))
    await pairing.offer(other.node, code, Scope(), Scope(), BY)
    answered = await pairing.confirm(one.node, other.origin, BY)
    assert answered.state == "offered"
    await becomes(other, one, "asked")
    mine, yours = await both(one, other)
    assert yours.offer is not None
    granted = yours.offer.agreement.grant_of(one.origin)
    assert (granted.audiences, granted.backfill_days) == (False, 10)
    await pairing.confirm(other.node, one.origin, BY)
    await becomes(one, other, "active")
    mine, yours = await both(one, other)
    assert mine.agreement == yours.agreement
    assert mine.agreement.revision == 2
    row = await one.node.db.row("SELECT gives_audiences, takes_audiences FROM partnership")
    assert row is not None
    assert (bool(row["gives_audiences"]), bool(row["takes_audiences"])) == (False, True)


async def test_of_two_offers_that_cross_the_same_one_stands_on_both_sides(sites: Sites) -> None:
    low, high = sorted(sites, key=lambda site: site.origin)
    for_high, for_low = await invited(low, high.origin), await invited(high, low.origin)
    await pairing.offer(low.node, for_low, Scope(), Scope(), BY)
    assert await state_of(high, low) == "asked"
    # The other one had typed its code in the same moment.
    with pytest.raises(Refused, match="confirm it"):
        await pairing.offer(high.node, for_high, Scope(), Scope(), BY)
    await _forget(high)
    with pytest.raises(Refused, match="409"):
        await pairing.offer(high.node, for_high, Scope(), Scope(), BY)
    assert await state_of(low, high) == "offered"
    await pairing.offer(low.node, for_low, Scope(), Scope(), BY)
    await pairing.confirm(high.node, low.origin, BY)
    await becomes(low, high, "active")


async def _forget(at: Running) -> None:
    async def work(tx: Transaction) -> None:
        await tx.execute("DELETE FROM partnership")

    await at.node.db.write(work)


async def test_an_offer_can_be_refused_and_withdrawn(sites: Sites) -> None:
    one, other = sites
    code = await invited(one, other.origin)
    await pairing.offer(other.node, code, Scope(), Scope(), BY)
    await pairing.drop_offer(one.node, other.origin, BY)
    assert await state_of(one, other) is None
    await becomes(other, one, None)
    code = await invited(one, other.origin)
    await pairing.offer(other.node, code, Scope(), Scope(), BY)
    await pairing.drop_offer(other.node, one.origin, BY)
    assert await state_of(other, one) is None
    await becomes(one, other, None)


async def test_a_renewal_needs_both(sites: Sites) -> None:
    one, other = sites
    await paired(one, other)
    before, _ = await both(one, other)
    await pairing.renew(one.node, other.origin, BY, days=800, ours=Scope(directory="sync"))

    async def arrived() -> bool:
        _, there = await both(one, other)
        return there.awaits_us

    await eventually(arrived)
    here, there = await both(one, other)
    assert here.agreement == there.agreement == before.agreement, "not before it is confirmed"
    await pairing.confirm(other.node, one.origin, BY)

    async def renewed() -> bool:
        mine, yours = await both(one, other)
        return mine.agreement == yours.agreement and mine.agreement.revision == 2

    await eventually(renewed)
    mine, _ = await both(one, other)
    assert mine.ours.directory == "sync"
    assert mine.agreement.ends > before.agreement.ends
