"""An organisation and the emergency stop in a browser, as whoever looks after partners sees them.

With MAILLAGE_TEST_PICTURES=FOLDER each page is also kept there as a picture.
"""

import pytest

from inbox import organisation
from inbox.key_changes import announce_once, rotate
from tests.browser.chromium import Page
from tests.browser.test_accessibility import Looking, axe
from tests.browser.test_authorize import sign_in
from tests.browser.test_partner_pages import administrator, tick_all
from tests.nodes.organisations import joined
from tests.nodes.partners import BY, becomes, paired
from tests.serving import Start, eventually

__all__ = ["axe"]

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_the_pages_of_an_organisation_and_of_stops(
    start_node: Start, page: Page, axe: str, language: str
) -> None:
    lead = await start_node(name="Résidence des Tilleuls")
    roses, port = await start_node(name="Les Roses"), await start_node(name="Le Port")
    await administrator(lead, "Maëlle Kerbrat")
    await administrator(port, "Nadège Pommier")
    look, path = Looking(page, axe, language), f"{lead.origin}/staff/organisation"
    await page.go(f"{path}?lang={language}")
    await sign_in(page)
    await look.at("organisation-none")
    await page.write("#name", "Les Deux Rives")
    await page.follow("form[action$=create] .btn")
    await page.go(f"{path}/invite")
    await page.write("#host", roses.origin)
    await page.follow("form[action$=invite] .btn")
    await look.at("organisation-code")
    await joined(lead, roses)
    await paired(lead, port)

    async def is_listed() -> bool:
        await page.go(path)
        return "Les Roses" in await page.text()

    await eventually(is_listed)
    await look.at("organisation")
    await page.follow("a[href$=remove]")
    await look.at("organisation-remove")
    # At the partner: the keys of the lead changed, and its other site is proposed.
    await rotate(lead.node, BY)
    await announce_once(lead.node)
    await page.go(f"{port.origin}/staff?lang={language}")
    await sign_in(page)
    await _at_the_partner(page, look, port.origin, lead.origin.partition("://")[2])
    await becomes(roses, port, "asked")
    # It is about to join.
    made = await lead.node.db.write(lambda tx: organisation.invite(lead.node, tx, port.origin, BY))
    await page.go(f"{port.origin}/staff/organisation/join")
    await page.write("#code", made.text())
    await page.follow("form .btn")
    await look.at("organisation-join")
    assert [one for one in page.troubles if "422" not in one] == []


async def _at_the_partner(page: Page, look: Looking, here: str, host: str) -> None:
    """What is told and proposed there, the emergency, and the site that is confirmed."""

    async def is_proposed() -> bool:
        await page.go(f"{here}/staff/organisation")
        return "Les Roses" in await page.text()

    await eventually(is_proposed)
    await look.at("organisation-others")
    await page.go(f"{here}/staff")
    await look.at("overview-partners")
    await page.go(f"{here}/staff/partners")
    await look.at("partners-notices")
    for name in ("", "/not_us", "/stop"):
        await page.go(f"{here}/staff/partners/{host}{name}")
        await look.at(f"partner-keys{name.replace('/', '-')}")
    await page.go(f"{here}/staff/partners/stop")
    await page.write("#typed", "autre")
    await page.follow("form .btn.danger")
    await page.focused("problem")
    await look.at("stop-all-wrong")
    await page.write("#typed", here.partition("://")[2])
    await page.follow("form .btn.danger")
    await look.at("partners-stopped")
    await page.follow("form[action$=resume] .btn")
    await page.go(f"{here}/staff/organisation")
    await page.follow("a[href*=proposed]")
    await look.at("organisation-proposed")
    await tick_all(page)
    await page.follow("[value=confirm]")
    await page.go(f"{here}/map")
    assert "Les Deux Rives" in await page.text()
    await look.at("map-organisation")
