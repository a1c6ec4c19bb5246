"""The pages about signing in, as axe-core and vnu see them: by day and night, in two languages.

With MAILLAGE_TEST_PICTURES=FOLDER each page is also kept there as a picture.
"""

import base64
import os
from pathlib import Path
from typing import Any

import pytest

from actors import resets
from actors.second_factors import STEP_MS, code_at
from federation.node import Node
from tests.browser.chromium import Page
from tests.browser.test_authorize import PASSWORD, authorize_url, registered, sign_in
from tests.browser.validator import VALIDATOR
from tests.clients.npm_packages import FOLDER, fetch
from tests.left_out import is_installed
from tests.serving import Running
from tests.web.conftest import new_person

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

SIZES = {"phone": (360, 740, "light"), "desk": (1280, 900, "dark")}
PICTURES = os.environ.get("MAILLAGE_TEST_PICTURES")
AXE = "node_modules/axe-core/axe.min.js"
RULES = """axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations.map(
  (rule) => rule.id + ': ' + rule.nodes.map((node) => node.html).join(' | ')))"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, as its package brings it."""
    fetch()
    return (FOLDER / AXE).read_text("utf-8")


class Looking:
    """Looks at the page that is open, at both sizes."""

    def __init__(self, page: Page, axe: str, language: str) -> None:
        self.page = page
        self.axe = axe
        self.language = language

    async def at(self, name: str) -> None:
        # Where there is no Java, test_valid.py says so.
        if is_installed("java"):
            assert await VALIDATOR.page_faults(self.page) == [], name
        for size, (width, height, theme) in SIZES.items():
            await self.page.size(width, height)
            scheme = {"name": "prefers-color-scheme", "value": theme}
            await self.page.tell("Emulation.setEmulatedMedia", features=[scheme])
            await self.page.run(f"{self.axe};0")
            assert await self.page.run(RULES) == [], (name, size)
            wide = await self.page.run("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (name, size, wide)
            assert await self.page.run("document.documentElement.lang") == self.language
            if PICTURES:
                file = Path(PICTURES) / f"{name}-{size}-{self.language}.png"
                await self.page.picture(file)


async def reset_link(node: Node, actor: Any) -> str:
    account_id = await node.db.value("SELECT id FROM account WHERE actor_id = ?", actor["id"])
    return resets.link(node, await node.db.write(lambda tx: resets.issue(node, tx, account_id)))


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_pages_before_signing_in(named: Running, page: Page, axe: str, language: str) -> None:
    actor = await new_person(named, "ada")
    application, look = await registered(named), Looking(page, axe, language)
    asked, here = f"?lang={language}", named.origin
    await page.go(f"{here}/sign-in{asked}")
    await look.at("sign-in")
    await page.write("#login", "ada")
    await page.write("#password", "not the password")
    await page.follow("form:has(#password) .btn")
    await look.at("sign-in-wrong")
    await page.go(f"{here}/password/forgotten{asked}")
    await look.at("forgotten")
    await page.go(f"{await reset_link(named.node, actor)}&lang={language}")
    await look.at("new-password")
    await page.write("#password", "short")
    await page.follow(".btn")
    assert await page.run("document.querySelector('#password').getAttribute('aria-invalid')")
    await look.at("new-password-wrong")
    await page.write("#password", PASSWORD)
    await page.follow("form .btn")
    await look.at("new-password-done")
    await page.go(authorize_url(named, application, language))
    await sign_in(page)
    await look.at("consent")
    await page.follow("button[value=allow]")
    await look.at("code")


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_pages_of_ones_own(named: Running, page: Page, axe: str, language: str) -> None:
    await new_person(named, "ada")
    look, asked, here = Looking(page, axe, language), f"?lang={language}", named.origin
    await page.give_passkeys()
    await page.go(f"{here}/settings/apps{asked}")
    await sign_in(page)
    await look.at("devices")
    await page.go(f"{here}/settings/password{asked}")
    await look.at("password")
    await page.write("#current", "not the password")
    await page.write("#password", PASSWORD)
    await page.follow(".btn")
    await look.at("password-wrong")
    await page.go(f"{here}/settings/passkeys{asked}")
    await look.at("passkeys-none")
    await page.write("#current", PASSWORD)
    await page.follow("form[data-passkey] .btn")
    await look.at("passkeys")
    await page.go(f"{here}/settings/two-factor{asked}")
    await look.at("two-factor-off")
    await page.write("#current", PASSWORD)
    await page.follow("button[value=begin]")
    await look.at("two-factor-setup")
    key = base64.b32decode(await page.run("document.querySelector('#key').value"))
    await page.write("#code", code_at(key, named.node.clock() // STEP_MS))
    await page.follow("button[value=confirm]")
    await look.at("two-factor-codes")
    await page.go(f"{here}/settings/two-factor{asked}")
    await look.at("two-factor-on")
    await page.tell("Network.clearBrowserCookies")
    await page.go(f"{here}/settings/two-factor{asked}")
    await sign_in(page)
    await look.at("second-step")
    await page.write("#code", "000000")
    await page.follow("form .btn")
    await look.at("second-step-wrong")
