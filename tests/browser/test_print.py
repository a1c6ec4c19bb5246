"""On paper: a thread, an invitation, the proof of an end and the open pages, black on white.

With MAILLAGE_TEST_PICTURES=FOLDER each sheet is also kept there as PDF.
"""

import asyncio
import base64
import os
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import Page
from tests.browser.lived_in import lived_in
from tests.browser.test_authorize import sign_in
from tests.nodes.partners import becomes, paired
from tests.serving import Running, Start
from tests.web.conftest import new_person

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

PICTURES = os.environ.get("MAILLAGE_TEST_PICTURES")
# What leads elsewhere or acts, as far as paper would show it, and what is not black on white.
ON_PAPER = r"""(() => {
  const seen = (one) => one.getClientRects().length > 0;
  const parts = (colour) => colour.match(/\d+/g).slice(0, 3).map(Number);
  const dark = (one) => parts(getComputedStyle(one).color).every((part) => part < 90);
  const light = (one) => /, 0\)$/.test(getComputedStyle(one).backgroundColor)
    || parts(getComputedStyle(one).backgroundColor).every((part) => part > 235);
  const says = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const told = (all) => all.map((one) => one.outerHTML.slice(0, 90));
  const find = (what) => [...document.querySelectorAll(what)].filter(seen);
  const main = find('main *:not(svg *):not(.av):not(.av *):not(option)');
  return {
    ways: told(find('nav, button, form, .foot, .skip, .top .ico')),
    pale: told(main.filter((one) => says(one) && !one.closest('.vh') && !dark(one))),
    grounds: told(main.filter((one) => !light(one))),
    ground: getComputedStyle(document.body).backgroundColor,
    text: document.querySelector('main').innerText,
  };
})()"""


async def _printed(page: Page, name: str, theme: str) -> dict[str, Any]:
    """What is to be seen of the open page on paper."""
    scheme = [{"name": "prefers-color-scheme", "value": theme}]
    await page.tell("Emulation.setEmulatedMedia", media="print", features=scheme)
    seen: dict[str, Any] = await page.run(ON_PAPER)
    if PICTURES:
        made = await page.tell("Page.printToPDF", printBackground=False)
        file = Path(PICTURES) / f"{name}-{theme}.pdf"
        await asyncio.to_thread(file.write_bytes, base64.b64decode(made["data"]))
    await page.tell("Emulation.setEmulatedMedia", media="", features=[])
    for part in ("ways", "pale", "grounds"):
        assert seen[part] == [], (name, theme, part, seen[part])
    assert seen["ground"] == "rgb(255, 255, 255)", name
    return seen


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_a_thread_an_invitation_and_the_open_pages_on_paper(
    named: Running, page: Page, theme: str
) -> None:
    world = await lived_in(named)
    link = "https://www.example.org/une-adresse-bien-trop-longue-pour-une-ligne/fiche.html"
    await world.write("driss", f"La fiche : {link}", in_reply_to_id=world.statuses["asked"]["id"])
    await page.go(f"{named.origin}/?lang=fr")
    await sign_in(page)
    await page.size(1280, 900)
    await page.go(f"{named.origin}/@ada/{world.statuses['asked']['id']}")
    thread = await _printed(page, "thread", theme)
    assert "Crème de semoule" in thread["text"]
    # The whole address, which the screen shortens.
    assert link in thread["text"].replace("\n", "")
    for path in ("about", "privacy", "accessibility", "employer"):
        await page.go(f"{named.origin}/{path}?theme={theme}")
        await _printed(page, path, theme)
    await page.go(f"{named.origin}/staff/invitations")
    await page.write("#names", "Maëlle Kerbrat")
    await page.follow("form.card .btn")
    sheet = await _printed(page, "sheet", theme)
    assert "Maëlle Kerbrat" in sheet["text"]
    assert await page.run("document.querySelector('.sheet textarea').value.length") > 40


async def test_the_proof_of_an_end_on_paper(start_node: Start, page: Page) -> None:
    home, town = await start_node(name="Les Glycines"), await start_node(name="Lorvigny")
    await new_person(home, "ada", display_name="Maëlle Kerbrat", role="administrator")
    await paired(home, town)
    host = town.origin.partition("://")[2]
    await page.go(f"{home.origin}/staff/partners/{host}/end?lang=fr")
    await sign_in(page)
    await page.write("#typed", host)
    await page.follow("form .btn.danger")
    await becomes(town, home, "ended")
    await page.go(f"{home.origin}/staff/partners/{host}/proof?theme=dark")
    seen = await _printed(page, "proof", "dark")
    assert "Attestation de fin d’accord avec Lorvigny" in seen["text"]
    assert host in seen["text"]
    assert "imprim" not in seen["text"].lower()
