"""Two sites become partners as two people do it: in a browser, by the keyboard, without a script.

With MAILLAGE_TEST_PICTURES=FOLDER each page is also kept there as a picture.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from federation.partnerships import partner
from tests.browser.chromium import Page, tab
from tests.browser.test_accessibility import Looking, axe
from tests.browser.test_authorize import sign_in
from tests.nodes.partners import becomes
from tests.serving import Running, Start
from tests.web.conftest import new_person

__all__ = ["axe"]

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

TICKED = "document.querySelectorAll('[name=\"line[]\"]:checked').length"
NUMBER = "[...document.querySelectorAll('.safe b')].map((one) => one.innerText).join(' ')"


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Page]:
    """The browser of the other person."""
    async with tab(tmp_path / "chromium-there") as opened:
        yield opened


async def tick_all(page: Page) -> str:
    """Read the safety number line by line and tick each; return the number."""
    for place in range(1, 7):
        await page.reach(f".safe li:nth-child({place}) input")
        await page.press("Space")
    assert await page.run(TICKED) == 6
    return await page.run(NUMBER)


async def administrator(running: Running, name: str) -> None:
    await new_person(running, "ada", display_name=name, role="administrator")


@pytest.mark.parametrize(("language", "width"), [("fr", 360), ("en", 1280)])
async def test_two_people_pair_their_sites_without_a_script(
    start_node: Start, page: Page, there: Page, language: str, width: int
) -> None:
    named = await start_node(name="Les Glycines")
    other = await start_node(name="Mairie de Lorvigny")
    await administrator(named, "Maëlle Kerbrat")
    await administrator(other, "Nadège Pommier")
    for one in (page, there):
        await one.tell("Emulation.setScriptExecutionDisabled", value=True)
        await one.size(width, 800)
    host = other.origin.partition("://")[2]
    # One of the two invites, by the address of the other.
    await page.go(f"{named.origin}/staff/partners?lang={language}")
    await sign_in(page)
    await page.follow("a[href='/staff/partners/invite']")
    await page.write("#host", other.origin)
    await page.follow("form .btn")
    code = await page.run("document.querySelector('#code').value")
    assert await page.run("document.querySelector('svg.qr').getBoundingClientRect().width") >= 150
    # The other one types the code, and looks who stands behind it.
    await there.go(f"{other.origin}/staff/partners/accept?lang={language}")
    await sign_in(there)
    await there.write("#code", code.lower())
    await there.follow("form .btn")
    assert "Les Glycines" in await there.text()
    assert await partner(other.node.db, named.origin) is None
    number = await tick_all(there)
    await there.follow("[value=offer]")
    assert await there.path() == f"/staff/partners/{named.origin.partition('://')[2]}"
    # The first finds the offer, compares the same number, and confirms.
    await page.go(f"{named.origin}/staff/partners")
    await page.follow(f"a[href='/staff/partners/{host}']")
    assert await tick_all(page) == number
    await page.follow("form .btn:not(.danger)")
    await becomes(named, other, "active")
    await becomes(other, named, "active")
    # What is agreed stands on both sides; each light is green; a pause and its end.
    await page.follow(f"form[action='/staff/partners/{host}/probe'] .btn")
    assert await page.run("document.querySelectorAll('.lamps li .good').length") == 12
    await page.follow(f"form[action='/staff/partners/{host}/pause'] .btn")
    await becomes(named, other, "paused")
    await page.follow(f"form[action='/staff/partners/{host}/resume'] .btn")
    await becomes(named, other, "active")
    await page.follow(f"a[href='/staff/partners/{host}/end']")
    await page.write("#typed", host)
    await page.follow("form .btn.danger")
    await becomes(named, other, "ended")
    await becomes(other, named, "ended")
    assert page.troubles + there.troubles == []


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_the_pages_of_an_agreement(
    start_node: Start, page: Page, there: Page, axe: str, language: str
) -> None:
    named = await start_node(name="Les Glycines")
    other = await start_node(name="Mairie de Lorvigny")
    await administrator(named, "Maëlle Kerbrat")
    await administrator(other, "Nadège Pommier")
    look, beside = Looking(page, axe, language), Looking(there, axe, language)
    here, host = named.origin, other.origin.partition("://")[2]
    open_all = "document.querySelectorAll('details').forEach((one) => { one.open = true })"
    await page.go(f"{here}/staff/partners?lang={language}")
    await sign_in(page)
    await look.at("partners-none")
    await page.go(f"{here}/staff/partners/invite")
    await page.run(open_all)
    await look.at("partner-invite")
    await page.run("document.querySelector('#host').value = 'pas un site'")
    await page.run("document.querySelector('form[action$=invite]').submit()")
    await page.focused("problem")
    assert await page.run("document.title.startsWith('Err')")
    await look.at("partner-invite-wrong")
    await page.go(f"{here}/staff/partners/invite?host={other.origin}")
    await page.follow("form .btn")
    await look.at("partner-code")
    code = await page.run("document.querySelector('#code').value")
    await there.go(f"{other.origin}/staff/partners/accept?lang={language}")
    await sign_in(there)
    await beside.at("partner-accept")
    await there.write("#code", code)
    await there.follow("form .btn")
    await beside.at("partner-look")
    await tick_all(there)
    await there.follow("[value=offer]")
    await beside.at("partner-offered")
    await page.go(f"{here}/staff/partners")
    await look.at("partners-asked")
    await page.go(f"{here}/staff/partners/{host}")
    await look.at("partner-asked")
    await tick_all(page)
    await page.follow("form .btn:not(.danger)")
    await becomes(other, named, "active")
    await page.follow(f"form[action='/staff/partners/{host}/probe'] .btn")
    await look.at("partner-active")
    await _changing(page, look, f"{here}/staff/partners/{host}", host)
    assert [one for one in page.troubles if "422" not in one] == []


async def _changing(page: Page, look: Looking, path: str, host: str) -> None:
    """The pages that change an agreement, up to its end."""
    for name in ("narrow", "renew", "end"):
        await page.go(f"{path}/{name}")
        await look.at(f"partner-{name}")
    await page.write("#typed", "autre.example")
    await page.follow("form .btn.danger")
    await page.focused("problem")
    await look.at("partner-end-wrong")
    await page.go(f"{path}/end")
    await page.write("#typed", host)
    await page.follow("form .btn.danger")
    await look.at("partner-ended")
    await page.go(f"{path}/proof")
    await look.at("partner-proof")
