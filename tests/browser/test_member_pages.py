"""The pages of members, as axe-core sees them: phone by day, desk by night, two languages.

With MAILLAGE_TEST_PICTURES=FOLDER each page is also kept there as a picture.
"""

import pytest

from tests.browser.chromium import Page
from tests.browser.small_world import small_world
from tests.browser.test_accessibility import Looking, axe
from tests.browser.test_authorize import sign_in
from tests.serving import Running

__all__ = ["axe"]

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true })"
FIRST_BYTES_MAX, PAGE_BYTES_MAX = 150_000, 30_000
# Pictures further down are fetched when they are scrolled to; here all count.
ALL_PICTURES = """Promise.all([...document.images].map((one) => {
  one.loading = "eager"; return one.decode().catch(() => null); })).then(() => true)"""
SIZES = """performance.getEntries().filter((one) => one.encodedBodySize !== undefined)
  .map((one) => [one.name, one.encodedBodySize])"""


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_reading(named: Running, page: Page, axe: str, language: str) -> None:
    world = await small_world(named)
    look, here = Looking(page, axe, language), named.origin
    answer = world.statuses["answer"]["id"]
    await page.go(f"{here}/?lang={language}")
    await sign_in(page)
    await look.at("home")
    for name, path in {
        "home-site": "/?view=site",
        "home-partners": "/?view=partners",
        "thread": f"/@driss/{answer}",
        "profile": "/@yannick",
        "profile-own": "/@ada",
        "tag": "/tags/jardin",
        "notices": "/notifications",
        "kept-nothing": "/bookmarks",
        "search-empty": "/search",
        "search": "/search?q=jardin",
        "search-people": "/search?q=driss",
        "search-nothing": "/search?q=introuvable",
    }.items():
        await page.go(here + path)
        await page.run(OPEN_ALL)
        await look.at(name)
    await page.go(f"{here}/?theme=contrast")
    await look.at("home-contrast")
    await page.go(f"{here}/@driss/{answer}")
    assert await page.run("document.documentElement.dataset.theme") == "contrast"
    await look.at("thread-contrast")
    assert page.troubles == []


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_writing(named: Running, page: Page, axe: str, language: str) -> None:
    world = await small_world(named)
    look, here = Looking(page, axe, language), named.origin
    await page.go(f"{here}/write?lang={language}")
    await sign_in(page)
    await look.at("write")
    await page.run(OPEN_ALL)
    await look.at("write-open")
    await page.go(f"{here}/write")
    await page.follow(".send .btn:not(.soft):not(.small)")
    await page.focused("problem")
    assert await page.run("document.title.startsWith('Err')")
    await look.at("write-wrong")
    await page.go(f"{here}/write?reply={world.statuses['answer']['id']}")
    await look.at("write-reply")
    await page.go(f"{here}/write")
    await page.write("#status", "Un brouillon qui reste.")
    await named.node.db.write(lambda tx: tx.execute("DELETE FROM session"))
    await page.follow(".row > .btn[value=publish]")
    await page.focused("problem")
    assert await page.run("document.querySelector('#status').value") == "Un brouillon qui reste."
    await look.at("write-lost")
    assert [one for one in page.troubles if "422" not in one and "401" not in one] == []


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_outside(named: Running, page: Page, axe: str, language: str) -> None:
    await small_world(named)
    look = Looking(page, axe, language)
    await page.go(f"{named.origin}/@yannick?lang={language}")
    await look.at("members-only")


@pytest.mark.parametrize("named", [{"federation_mode": "open"}], indirect=True)
async def test_a_visitor_of_an_open_node(named: Running, page: Page, axe: str) -> None:
    world = await small_world(named)
    look, here = Looking(page, axe, "fr"), named.origin
    await page.go(f"{here}/@elodie?lang=fr")
    await look.at("visitor-profile")
    assert "Quel après-midi" in await page.text()
    assert "Un temps de parole" not in await page.text()
    await page.go(f"{here}/@elodie/{world.statuses['poll']['id']}")
    await look.at("visitor-thread")
    await page.go(f"{here}/@elodie/{world.statuses['warning']['id']}")
    await look.at("not-found")
    assert [one for one in page.troubles if "404" not in one] == []


async def test_a_page_is_light_and_asks_nobody_else(named: Running, page: Page) -> None:
    await small_world(named)
    await page.go(f"{named.origin}/")
    await sign_in(page)
    loaded = await page.run(SIZES)
    assert all(name.startswith(f"{named.origin}/") for name, _ in loaded), loaded
    assert max(size for name, size in loaded if name == f"{named.origin}/") <= PAGE_BYTES_MAX
    await page.tell("Network.enable")
    await page.tell("Network.clearBrowserCache")
    await page.go(f"{named.origin}/")
    assert await page.run(ALL_PICTURES)
    loaded = await page.run(SIZES)
    assert any("/media/" in name or "/pictures/" in name for name, _ in loaded), loaded
    assert any(name.endswith(".css") for name, _ in loaded), loaded
    assert sum(size for _, size in loaded) <= FIRST_BYTES_MAX, loaded
    assert page.troubles == []
