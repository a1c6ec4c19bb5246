"""Every page and state is valid HTML, by the checker that RGAA names, in both languages."""

import zipfile
from pathlib import Path

import pytest

from inbox.export_archive import write_archive
from tests.browser.chromium import Page
from tests.browser.every_page import OPEN, own
from tests.browser.lived_in import lived_in
from tests.browser.test_accessibility import RULES, axe
from tests.browser.test_authorize import sign_in
from tests.browser.validator import VALIDATOR
from tests.serving import Running

__all__ = ["axe"]

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_page_is_valid(named: Running, page: Page, language: str) -> None:
    found: dict[str, list[str]] = {}

    async def visit(name: str, path: str) -> None:
        await page.go(f"{named.origin}{path}")
        faults = await VALIDATOR.page_faults(page)
        if faults:
            found[name] = faults

    await page.go(f"{named.origin}/sign-in?lang={language}")
    for name, path in OPEN.items():
        await visit(name, path)
    world = await lived_in(named)
    await page.go(f"{named.origin}/?lang={language}")
    await sign_in(page)
    for name, path in (await own(world)).items():
        await visit(name, path)
    assert found == {}


async def test_the_page_of_a_copy_is_valid_and_is_read_from_the_disk(
    named: Running, page: Page, axe: str, tmp_path: Path
) -> None:
    world = await lived_in(named)

    async def beat() -> None:
        """Nobody waits."""

    for number, name in enumerate(("ada", "yannick")):
        path = tmp_path / f"{number}.zip"
        await write_archive(named.node, world.people[name]["id"], path, beat)
        with zipfile.ZipFile(path) as archive:
            archive.extractall(tmp_path / name)
            whole, names = archive.read("index.html").decode(), archive.namelist()
        assert await VALIDATOR.faults(whole) == [], name
        await page.go(f"file://{tmp_path}/{name}/index.html")
        await page.run(f"{axe};0")
        assert await page.run(RULES) == [], name
        links = await page.run("[...document.links].map((one) => one.getAttribute('href'))")
        files = {one for one in links if not one.startswith(("#", "http"))}
        assert bool(files) == (name == "yannick")
        assert files <= set(names)
    assert page.troubles == []


async def test_the_checker_finds_what_is_wrong() -> None:
    head = '<!doctype html><html lang="fr"><meta charset="utf-8"><title>x</title>'
    assert await VALIDATOR.faults(f"{head}<p>x") == []
    for wrong in ("<p><div></div></p>", '<p id="a"><b id="a">', "<ul><p>x</ul>", "<p lang=xx-x>"):
        assert await VALIDATOR.faults(head + wrong), wrong
