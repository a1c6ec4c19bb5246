"""Proves that nobody but the pinned lead says who is of an organisation, and no site alone."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from federation.activity import iso
from federation.admission import admits
from federation.database import Transaction
from federation.errors import Unavailable
from federation.fingerprints import PREFIX
from federation.keys import PrivateKey, generate_ed25519
from federation.organisation_lists import Listed, SiteList, list_update, organisation_uri
from federation.organisations import Organisation, begin, own_organisation, sites_of
from federation.peers import block
from federation.proofs import make_proof
from federation.site_documents import own_fingerprint
from federation.vocabulary import Document
from inbox import organisation, pairing
from inbox.organisation_answers import fetch_list
from inbox.organisation_watch import refresh_once, settle_once
from tests.conftest import Start
from tests.nodes.organisations import Sites, invited, numbered, united
from tests.nodes.partners import BY, becomes, paired, post_as, state_of
from tests.serving import Running


@pytest.fixture
async def sites(start_node: Start) -> Sites:
    """Three sites of one organisation, the first leads it."""
    lead = await start_node(name="Les Tilleuls")
    return await united(lead, await start_node(name="Les Roses"), await start_node(name="Valmont"))


async def own_of(at: Running) -> Organisation:
    own = await own_organisation(at.node.db)
    assert own is not None
    return own


async def key_of(at: Running) -> PrivateKey:
    return await at.node.keyring.instance_ed25519()


async def said(
    by: Running, listed: SiteList, to: Running, key: PrivateKey | None = None
) -> Document:
    """The Update of a list, with a proof by `key`, else by who says it."""
    now = iso(by.node.clock())
    proof = make_proof(listed.document(), key or await key_of(by), now)
    uri = f"{by.origin}/partnerships/{by.node.ids.next()}/sites"
    return list_update(uri, f"{by.origin}/actor", f"{to.origin}/actor", now, listed, proof)


async def test_only_the_pinned_leads_own_proof_counts(sites: Sites) -> None:
    lead, roses, valmont = sites
    kept = await numbered(roses, 3)
    without = replace(kept, number=4, sites=tuple(
        site for site in kept.sites if site.origin != valmont.origin
    ))  # fmt: skip
    stranger = PrivateKey(f"{lead.origin}/actor#ed25519-key", generate_ed25519())
    # By the lead, with the proof of another key that calls itself the lead's, and of a site's.
    for key in (stranger, await key_of(valmont)):
        status, _ = await post_as(lead.node, roses, await said(lead, without, roses, key))
        assert status == 401
    # By another site of the organisation: the lead's list, and the lead's own true word.
    for key in (await key_of(valmont), await key_of(lead)):
        forged = await said(valmont, without, roses, key)
        assert (await post_as(valmont.node, roses, forged))[0] == 403
        claimed = forged | {"actor": f"{lead.origin}/actor"}
        assert (await post_as(valmont.node, roses, claimed))[0] == 403
    # Without any proof, and with one that is none.
    whole = await said(lead, without, roses)
    for proof in (None, "x", {"type": "DataIntegrityProof"}):
        bare = whole["object"]["sites"] | {"proof": proof}
        document = whole | {"object": whole["object"] | {"sites": bare}}
        assert (await post_as(lead.node, roses, document))[0] in {400, 401}
    changed = whole["object"]["sites"] | {"name": "Une autre"}
    document = whole | {"object": whole["object"] | {"sites": changed}}
    assert (await post_as(lead.node, roses, document))[0] == 401
    assert await own_of(roses) == await own_of(valmont)
    assert await state_of(roses, valmont) == "active"
    # The very same list with the lead's proof, by the lead.
    assert (await post_as(lead.node, roses, whole))[0] == 202
    await becomes(roses, valmont, "ended")


async def test_a_number_that_is_not_higher_changes_nothing(sites: Sites) -> None:
    lead, roses, valmont = sites
    kept = await numbered(roses, 3)
    fewer = tuple(site for site in kept.sites if site.origin != valmont.origin)
    for number in (1, 2, 3):
        older = replace(kept, number=number, sites=fewer)
        status, sentence = await post_as(lead.node, roses, await said(lead, older, roses))
        assert (status, "number 3" in sentence) == (409, True)
    # The same once more is nothing new, and nothing wrong.
    assert (await post_as(lead.node, roses, await said(lead, kept, roses)))[0] == 202
    await settle_once(roses.node)
    assert await state_of(roses, valmont) == "active"
    assert (await own_of(roses)).listed == kept


async def test_a_partner_and_a_stranger_say_nothing_of_our_organisation(
    sites: Sites, start_node: Start
) -> None:
    lead, roses, _ = sites
    other = await start_node(name="Le Port")
    kept = await numbered(roses, 3)
    theirs = replace(kept, number=9)
    assert (await post_as(other.node, roses, await said(other, theirs, roses)))[0] == 403
    await paired(roses, other)
    assert (await post_as(other.node, roses, await said(other, theirs, roses)))[0] == 403
    # Nor does a site of ours speak for an organisation of its own.
    uri, key = organisation_uri(roses.origin), await key_of(roses)
    own = await own_of(roses)
    assert own.listed is not None
    usurped = replace(own.listed, uri=uri, number=9)
    assert (await post_as(roses.node, lead, await said(roses, usurped, lead, key)))[0] == 403
    assert (await own_of(roses)).listed == kept


async def test_keys_that_are_not_the_leads_are_no_leads_keys(sites: Sites) -> None:
    lead, roses, _ = sites
    kept = await numbered(roses, 3)
    other = tuple(
        replace(site, fingerprint=PREFIX + "A" * 43) if site.origin == lead.origin else site
        for site in kept.sites
    )
    changed = replace(kept, number=4, sites=other)
    assert (await post_as(lead.node, roses, await said(lead, changed, roses)))[0] == 403
    assert (await own_of(roses)).listed == kept


async def test_listed_and_not_claiming_or_claiming_and_not_listed_is_not_of_it(
    sites: Sites, start_node: Start
) -> None:
    lead, roses, _ = sites
    other = await start_node(name="Le Port")
    async with other.http.get(other.origin + "/actor") as got:
        assert "organization" not in await got.json(content_type=None)
    kept = await numbered(roses, 3)
    fingerprint = await fingerprint_of(other)
    added = Listed(other.origin, fingerprint, "Le Port", iso(lead.node.clock()))
    listed = replace(kept, number=4, sites=ordered(*kept.sites, added))
    assert (await post_as(lead.node, roses, await said(lead, listed, roses)))[0] == 202
    await settle_once(roses.node)
    assert await state_of(roses, other) is None
    assert await reason(roses, other) == "organisation.unclaimed"
    # It claims what lists it not any more: nobody relates to it, whatever it says.
    uri = organisation_uri(lead.origin)
    await other.node.db.write(lambda tx: begin(other.node, tx, uri, "À nous", is_ours=True))
    back = replace(kept, number=5)
    assert (await post_as(lead.node, roses, await said(lead, back, roses)))[0] == 202
    await settle_once(roses.node)
    assert await state_of(roses, other) is None
    assert await admits(roses.node.db, node_closed=True, origin=other.origin) == "stranger"


async def test_a_listed_site_with_other_keys_is_not_related(
    sites: Sites, start_node: Start
) -> None:
    lead, roses, _ = sites
    other = await start_node(name="Le Port")
    # It has asked, and claims already what nobody has confirmed.
    await organisation.join(other.node, await invited(lead, other), BY)
    uri = organisation_uri(lead.origin)
    await other.node.db.write(lambda tx: begin(other.node, tx, uri, "À nous", is_ours=True))
    kept = await numbered(roses, 3)
    added = Listed(other.origin, PREFIX + "B" * 43, "Le Port", iso(lead.node.clock()))
    listed = replace(kept, number=4, sites=ordered(*kept.sites, added))
    assert (await post_as(lead.node, roses, await said(lead, listed, roses)))[0] == 202
    await settle_once(roses.node)
    assert await state_of(roses, other) is None
    assert await reason(roses, other) == "organisation.other_keys"
    # With its own keys it is, though it is not answered yet from there.
    right = replace(added, fingerprint=await fingerprint_of(other))
    listed = replace(kept, number=5, sites=ordered(*kept.sites, right))
    assert (await post_as(lead.node, roses, await said(lead, listed, roses)))[0] == 202
    await becomes(roses, other, "active")


async def test_a_list_lifts_no_block(sites: Sites, start_node: Start) -> None:
    lead, roses, valmont = sites
    other = await start_node(name="Le Port")
    await roses.node.db.write(lambda tx: block(tx, other.origin, roses.node.clock()))
    await organisation.join(other.node, await invited(lead, other), BY)
    await pairing.confirm(lead.node, other.origin, BY)
    await becomes(valmont, other, "active")
    await numbered(roses, 4)
    await settle_once(roses.node)
    assert await state_of(roses, other) is None
    assert await reason(roses, other) == "pairing.blocked"
    assert await admits(roses.node.db, node_closed=True, origin=other.origin) == "blocked"


async def test_the_list_is_for_sites_and_partners_alone(sites: Sites, start_node: Start) -> None:
    lead, roses, _ = sites
    paths = ("/actor/organisation", "/actor/organisation/sites")
    partner, stranger = await start_node(name="Le Port"), await start_node(name="Ailleurs")
    await paired(lead, partner)
    for path in paths:
        async with lead.http.get(lead.origin + path) as got:
            assert got.status == 401
        assert (await read(stranger, lead, path))[0] == 403
        for reader in (roses, partner):
            assert (await read(reader, lead, path))[0] == 200
        # Only the lead has one to show.
        assert (await read(lead, roses, path))[0] == 404
    _, actor = await read(roses, lead, paths[0])
    assert (actor["type"], actor["sites"]) == ("Organization", lead.origin + paths[1])
    # Found by its handle and its id, by whom it is shown to and nobody else.
    host = lead.node.host
    for named in (f"acct:organisation.{host}@{host}", lead.origin + paths[0]):
        finger = f"/.well-known/webfinger?resource={quote(named, safe='')}"
        for reader in (roses, partner):
            status, jrd = await read(reader, lead, finger)
            assert status == 200
            assert jrd["subject"] == f"acct:{actor['preferredUsername']}@{host}"
            links = {link["rel"]: link["href"] for link in jrd["links"]}
            assert links["self"] == actor["id"]
        unknown = await read(stranger, lead, f"/.well-known/webfinger?resource=acct:no@{host}")
        assert await read(stranger, lead, finger) == unknown
        assert unknown[0] == 404
        elsewhere = finger.replace(quote(host), quote(roses.node.host))
        assert (await read(lead, roses, elsewhere))[0] == 404
    # What was lost on its way is asked for.
    await roses.node.db.write(_forget_list)
    await refresh_once(roses.node)
    assert (await own_of(roses)).number == 3
    with pytest.raises(Unavailable):
        await fetch_list(stranger.node, lead.origin)


async def _forget_list(tx: Transaction) -> None:
    await tx.execute("UPDATE organisation SET number = 0, sites = ?, proof = ''", b"")


async def read(by: Running, at: Running, path: str) -> tuple[int, Any]:
    """A GET signed by a site."""
    answer = await by.node.client.get(
        at.origin + path,
        headers={"Accept": "application/activity+json"},
        sign=by.node.keyring.signer(by.node.uris.instance_actor),
        limit_bytes=100_000,
        deadline_s=5,
        redirects=0,
    )
    return answer.status, orjson.loads(answer.body) if answer.status == 200 else None


async def fingerprint_of(at: Running) -> str:
    return await own_fingerprint(at.node.db, at.node.uris)


async def reason(at: Running, of: Running) -> str | None:
    sites = await sites_of(at.node, at.node.db, await own_of(at))
    return next((site.reason for site in sites if site.origin == of.origin), None)


def ordered(*sites: Listed) -> tuple[Listed, ...]:
    return tuple(sorted(sites, key=lambda site: site.origin))
