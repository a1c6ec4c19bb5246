"""Proves that a person's site and organisation are said by agreements, never by her profile."""

from typing import Any

from federation.database import Transaction
from federation.organisation_lists import organisation_uri
from federation.organisations import begin
from tests.agreements import agree
from tests.conftest import FakeClock
from tests.web.mastodon.conftest import Site
from web.mastodon.affiliations import KEPT_MS

ROSES = "https://roses.example"


async def stranger(site: Site) -> int:
    """Somebody at Roses whose profile says that she is of this site."""
    actor_id = site.node.ids.next()

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO actor (id, uri, type, origin, is_local, username, handle_host,"
            " display_name, summary_html, inbox_url, fields, created_at, updated_at)"
            " VALUES (?, ?, 'Person', ?, ?, 'zoe', 'roses.example', 'Zoé, Les Tilleuls', ?, ?, ?,"
            " 0, 0)",
            actor_id,
            f"{ROSES}/users/zoe",
            ROSES,
            False,
            "<p>Organisation : Les Deux Rives</p>",
            f"{ROSES}/users/zoe/inbox",
            f'[{{"name": "site", "value": "{site.node.name}"}}]',
        )

    await site.node.db.write(work)
    return actor_id


async def test_a_site_is_what_its_agreement_says(site: Site, clock: FakeClock) -> None:
    node, ada = site.node, await site.person("ada")
    zoe = await stranger(site)

    async def said(who: int | str) -> dict[str, Any]:
        clock.advance(KEPT_MS / 1000)
        return (await ada.get(f"/api/v1/accounts/{who}")).json["maillage"]

    own = {"name": node.name, "origin": node.origin, "kind": "own"}
    assert await said(site.id_of("ada")) == {"site": own, "organisation": None}
    plain = {"name": "roses.example", "origin": ROSES, "kind": "plain"}
    assert await said(zoe) == {"site": plain, "organisation": None}
    uri = organisation_uri(node.origin)
    await node.db.write(lambda tx: begin(node, tx, uri, "Les Deux Rives", is_ours=True))
    assert await said(site.id_of("ada")) == {"site": own, "organisation": "Les Deux Rives"}
    assert (await said(zoe))["organisation"] is None
    for kind, words, organisation in (
        ("partner", "partner", None),
        ("site", "organisation", "Les Deux Rives"),
    ):
        await node.db.write(lambda tx, k=kind: agree(tx, ROSES, kind=k, name="Les Roses"))
        there = {"name": "Les Roses", "origin": ROSES, "kind": words}
        assert await said(zoe) == {"site": there, "organisation": organisation}
    # A partner's own organisation is named once its list came; its sites once they are related.
    theirs = organisation_uri(ROSES)

    async def known(tx: Transaction) -> None:
        await agree(tx, ROSES, name="Les Roses")
        await begin(node, tx, theirs, "La Vallée", is_ours=False)
        await tx.execute(
            "INSERT INTO organisation_site (organisation_uri, origin, fingerprint, state)"
            " VALUES (?, ?, '', 'listed')",
            theirs,
            ROSES,
        )

    await node.db.write(known)
    assert (await said(zoe))["organisation"] == "La Vallée"
    await node.db.write(lambda tx: agree(tx, ROSES, state="ended", name="Les Roses"))
    assert await said(zoe) == {"site": plain, "organisation": None}


async def test_a_page_of_people_asks_for_sites_once_in_five_seconds(
    site: Site, clock: FakeClock
) -> None:
    ada = await site.person("ada")
    zoe = await stranger(site)
    assert (await ada.get(f"/api/v1/accounts/{zoe}")).json["maillage"]["site"]["kind"] == "plain"
    await site.node.db.write(lambda tx: agree(tx, ROSES, name="Les Roses"))
    assert (await ada.get(f"/api/v1/accounts/{zoe}")).json["maillage"]["site"]["kind"] == "plain"
    clock.advance(KEPT_MS / 1000)
    assert (await ada.get(f"/api/v1/accounts/{zoe}")).json["maillage"]["site"]["kind"] == "partner"
