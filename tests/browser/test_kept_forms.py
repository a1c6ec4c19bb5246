"""A session that ends while somebody fills in a form, in a real browser: nothing of it is lost."""

import pytest

from tests.browser.chromium import Page
from tests.browser.small_world import small_world
from tests.browser.test_accessibility import Looking, axe
from tests.browser.test_authorize import sign_in
from tests.browser.test_settings_pages import sign_in_as
from tests.serving import Running

__all__ = ["axe"]

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

TEXT = 'Aide-soignante, "de nuit" <b>&amp; ravie'
NOTE = "document.querySelector('#note').value"
KEPT_NOTE = "SELECT summary_html FROM actor WHERE username = ?"
SAVE = "form[action='/settings/profile'] .wide .btn"


async def write_too_late(running: Running, page: Page) -> None:
    """Fill in the own profile; the session ends elsewhere before it is sent."""
    await page.go(f"{running.origin}/settings/profile")
    await page.run(f"{NOTE} = ''")
    await page.write("#note", TEXT)
    await running.node.db.write(lambda tx: tx.execute("DELETE FROM session"))
    await page.follow(SAVE)
    await page.focused("ended")


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_what_was_typed_is_in_the_form_again_after_signing_in(
    named: Running, page: Page, axe: str, language: str
) -> None:
    await small_world(named)
    look, here, db = Looking(page, axe, language), named.origin, named.node.db
    await page.go(f"{here}/sign-in?lang={language}")
    await sign_in(page)
    await write_too_late(named, page)
    await look.at("session-ended")
    assert "ravie" not in await page.source()
    # Somebody else who sits down there meets her own profile.
    await sign_in_as(page, "yannick")
    assert await page.path() == "/settings/profile"
    assert "ravie" not in await page.source()
    await named.node.db.write(lambda tx: tx.execute("DELETE FROM session"))
    await page.go(f"{here}/sign-in")
    await sign_in(page)
    await write_too_late(named, page)
    await sign_in(page)
    await page.focused("typed-before")
    await look.at("session-again")
    assert await page.run(NOTE) == TEXT
    assert "ravie" not in await db.value(KEPT_NOTE, "ada")
    # Nothing of it stands in an address, and she sends it herself.
    assert await page.run("location.href") == f"{here}/sign-in"
    await page.follow(SAVE)
    assert await page.path() == "/settings/profile"
    assert "ravie" in await db.value(KEPT_NOTE, "ada")
    assert "ravie" not in (await db.value(KEPT_NOTE, "yannick") or "")
    assert [one for one in page.troubles if "401" not in one] == []
