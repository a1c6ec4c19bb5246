"""The pages by the keyboard, in high contrast and in forced colours, in a real browser."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import SEEN, TABS_MAX, Page
from tests.browser.every_page import own
from tests.browser.lived_in import lived_in
from tests.browser.test_accessibility import axe
from tests.browser.test_authorize import sign_in
from tests.browser.test_member_pages import OPEN_ALL
from tests.serving import Running

__all__ = ["axe"]

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

STYLE = Path(__file__).parents[2] / "web" / "static" / "maillage.css"
MAIN = ("home", "write", "thread", "profile", "notices", "map", "staff", "staff-partner")
# Where the keyboard stands: which part of the page, which element, and where it is drawn.
HERE = """(() => { const one = document.activeElement, box = one.getBoundingClientRect();
  return { name: one.outerHTML.slice(0, 120), tag: one.tagName,
    part: one.closest('body > *')?.tagName ?? '',
    at: [...document.querySelectorAll('*')].indexOf(one),
    top: box.top + scrollY, left: box.left, tall: box.height,
    column: one.closest('aside, .letter > *') !== null }; })()"""
CONTRAST = """axe.run(document, {runOnly: ['color-contrast', 'link-in-text-block']})
  .then((found) => found.violations.map(
  (rule) => rule.id + ': ' + rule.nodes.map((node) => node.html).join(' | ')))"""
EDGES = """[...document.querySelectorAll('main .btn, main .card, main .in')]
  .filter((one) => one.offsetParent).map((one) => getComputedStyle(one))
  .filter((one) => parseFloat(one.borderTopWidth) < 1 || one.borderTopStyle === 'none').length"""


async def _signed_in(named: Running, page: Page) -> dict[str, str]:
    world = await lived_in(named)
    await page.go(f"{named.origin}/?lang=fr")
    await sign_in(page)
    return await own(world)


async def _stops(page: Page) -> list[dict[str, Any]]:
    """Where Tab leads, from the beginning to the end of the page."""
    found: list[dict[str, Any]] = []
    for _ in range(3 * TABS_MAX):
        await page.press("Tab")
        here: dict[str, Any] = await page.run(HERE)
        # At the end the keyboard leaves the page, or begins it again.
        if here["tag"] == "BODY" or (found and here["at"] == found[0]["at"]):
            return found
        assert await page.run(SEEN), here
        found.append(here)
    raise AssertionError("the keyboard does not come out of the page")


async def test_the_keyboard_goes_through_each_page_in_order(named: Running, page: Page) -> None:
    paths = await _signed_in(named, page)
    for name in MAIN:
        await page.go(named.origin + paths[name])
        if await page.run("document.activeElement.tagName") != "BODY":
            await page.run("document.activeElement.blur()")
        stops = await _stops(page)
        assert "#contenu" in stops[0]["name"], (name, stops[0])
        places = [stop["at"] for stop in stops]
        assert places == sorted(places), name
        assert len(set(places)) == len(places), name
        # In the main part the eye goes down with it, column by column.
        main = [one for one in stops if one["part"] == "MAIN" and not one["column"]]
        for before, after in pairwise(main):
            assert after["top"] >= before["top"] - before["tall"] - 48, (name, before, after)
    # The first link leads past the navigation.
    await page.go(named.origin + paths["home"])
    await page.press("Tab")
    await page.press("Enter")
    await page.press("Tab")
    assert (await page.run(HERE))["part"] == "MAIN"


async def test_a_table_that_folds_on_a_phone_is_a_table_for_who_listens(
    named: Running, page: Page
) -> None:
    paths = await _signed_in(named, page)
    await page.size(360, 740)
    for path in (paths["map"], "/employer"):
        await page.go(named.origin + path)
        assert await page.run("getComputedStyle(document.querySelector('td')).display") == "block"
        told = (await page.tell("Accessibility.getFullAXTree"))["nodes"]
        roles = [node["role"]["value"] for node in told if not node["ignored"]]
        for role in ("table", "row", "rowheader", "cell"):
            assert role in roles, (path, role)


async def test_every_page_has_contrast_when_it_is_asked_for(
    named: Running, page: Page, axe: str
) -> None:
    paths = await _signed_in(named, page)
    await page.go(f"{named.origin}/?theme=contrast")
    for name, path in paths.items():
        await page.go(named.origin + path)
        await page.run(OPEN_ALL)
        await page.run(f"{axe};0")
        assert await page.run(CONTRAST) == [], name
    forced = [{"name": "forced-colors", "value": "active"}]
    await page.tell("Emulation.setEmulatedMedia", features=forced)
    for name in MAIN:
        await page.go(f"{named.origin}{paths[name]}")
        assert await page.run(EDGES) == 0, name


def _light(colour: str) -> float:
    """The relative luminance of `#rrggbb` or `#rgb` (WCAG 2.1)."""
    text = colour.removeprefix("#")
    text = "".join(2 * one for one in text) if len(text) == 3 else text
    parts = [int(text[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _ratio(one: str, other: str) -> float:
    lights = sorted((_light(one), _light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def test_edges_and_rings_stand_out_in_each_theme() -> None:
    text = STYLE.read_text("utf-8")
    colour = "(#[0-9a-f]{3,6})"
    both = re.findall(rf"--([a-z0-9-]+):var\(--L,{colour}\) var\(--D,{colour}\)", text)
    light = {name: one for name, one, _ in both}
    dark = {name: other for name, _, other in both}
    block = text.partition("[data-theme=contrast]{")[2].partition("}")[0]
    contrast = light | dict(re.findall(r"--([a-z0-9-]+):(#[0-9a-f]{3,6})", block))
    for theme in (light, dark, contrast):
        for name, grounds in {
            "edge": ("bg", "card"), "focus": ("bg", "card"), "pri": ("bg", "card"),
            "sun-ink": ("sun-soft",), "red": ("red-soft",), "green": ("green-soft",),
        }.items():  # fmt: skip
            for ground in grounds:
                found = _ratio(theme[name], theme[ground])
                assert found >= 3, (name, ground, found, json.dumps(theme))


def test_nothing_moves() -> None:
    text = STYLE.read_text("utf-8")
    assert not re.search(r"animation|transition|@keyframes|scroll-behavior", text)
