"""What people come for, from beginning to end, on two real sites and in real browsers.

Two administrators pair their sites; an agent is invited and answers somebody of the other site;
a partner leaves; staff representatives look at what the employer can see. In French on a phone
by the keyboard alone, in English on a desk, and once without a script.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from federation.scopes import Scope
from outbox import statuses
from outbox.drafts import Draft
from tests.browser.chromium import Page, tab
from tests.browser.test_authorize import PASSWORD, sign_in
from tests.browser.test_partner_pages import tick_all
from tests.nodes.partners import becomes, paired
from tests.serving import Running, Start, eventually
from tests.web.conftest import new_person
from web.pages.invitation import WELCOME_PATH

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

Sites = tuple[Running, Running]
OPEN = Scope(directory="sync", follow="free", messages="anyone", resharing="site")
LINK = "document.querySelector('.sheet textarea').value"
PHONE, DESK = 360, 1280
# Without a script once; by the keyboard alone always.
WAYS = [("fr", PHONE, True), ("en", DESK, False)]


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Page]:
    """The browser of the other person."""
    async with tab(tmp_path / "chromium-there") as opened:
        yield opened


@pytest.fixture
async def sites(start_node: Start) -> Sites:
    """A home and a town hall, each with somebody who runs it: Ada."""
    home = await start_node(name="Les Glycines")
    town = await start_node(name="Mairie de Lorvigny")
    for site, name in ((home, "Maëlle Kerbrat"), (town, "Nadège Pommier")):
        await new_person(site, "ada", display_name=name, role="administrator")
    return home, town


def host_of(site: Running) -> str:
    """How the pages name a site."""
    return site.origin.partition("://")[2]


async def begin(page: Page, site: Running, path: str, language: str, width: int) -> None:
    """Open a page of a site as Ada, who signs in first."""
    await page.size(width, 800)
    await page.go(f"{site.origin}{path}?lang={language}")
    await sign_in(page)
    assert await page.path() == path
    assert await page.run("document.documentElement.lang") == language


@pytest.mark.parametrize(("language", "width", "scripted"), WAYS)
async def test_two_administrators_pair_their_sites_and_one_leaves(
    sites: Sites, page: Page, there: Page, language: str, width: int, *, scripted: bool
) -> None:
    home, town = sites
    for one in (page, there):
        await one.tell("Emulation.setScriptExecutionDisabled", value=not scripted)
    await begin(page, home, "/staff", language, width)
    # From what waits to the partners, and there the site is invited; each step by the keyboard.
    await page.follow("a[href='/staff/partners']")
    await page.follow("a[href='/staff/partners/invite']")
    await page.write("#host", host_of(town))
    await page.follow("form .btn")
    code = await page.run("document.querySelector('#code').value")
    # Before both have confirmed nothing is known of the other one.
    async with home.http.get(f"{home.origin}/privacy") as answer:
        assert "Lorvigny" not in await answer.text()
    await begin(there, town, "/staff/partners", language, width)
    await there.follow("a[href='/staff/partners/accept']")
    await there.write("#code", code)
    await there.follow("form .btn")
    number = await tick_all(there)
    await there.follow("[value=offer]")
    await page.go(f"{home.origin}/staff/partners/{host_of(town)}")
    assert await tick_all(page) == number
    await page.follow("form .btn:not(.danger)")
    await becomes(home, town, "active")
    await becomes(town, home, "active")
    # What both may read without an account says who receives what.
    for site, name in ((home, "Mairie de Lorvigny"), (town, "Les Glycines")):
        async with site.http.get(f"{site.origin}/privacy") as answer:
            assert name in await answer.text()
    await _parts(home, town, page)
    assert [one for one in page.troubles + there.troubles if "422" not in one] == []


async def _parts(home: Running, town: Running, page: Page) -> None:
    """The same site ends the agreement: what it means, the name typed, the proof."""
    samir = await new_person(town, "samir", display_name="Samir Haddad")
    await page.go(f"{home.origin}/staff/partners/{host_of(town)}")
    await page.follow(f"a[href='/staff/partners/{host_of(town)}/end']")
    # A wrong name changes nothing, and stays to be mended.
    await page.write("#typed", "autre.example")
    await page.follow("form .btn.danger")
    assert await page.run("document.querySelector('#typed').value") == "autre.example"
    await becomes(home, town, "active")
    await page.go(f"{home.origin}/staff/partners/{host_of(town)}/end")
    await page.write("#typed", host_of(town))
    await page.follow("form .btn.danger")
    await becomes(home, town, "ended")
    await becomes(town, home, "ended")
    # The proof can be read and printed; nobody there is found any more.
    await page.go(f"{home.origin}/staff/partners/{host_of(town)}/proof")
    assert "Mairie de Lorvigny" in await page.text()
    assert re.search(r"[0-9a-f]{64}", await page.text())
    await page.go(f"{home.origin}/search?resolve=1&q=%40{samir['username']}%40{host_of(town)}")
    assert await page.run("document.querySelector('main a[href^=\"/@samir\"]')") is None
    async with home.http.get(f"{home.origin}/privacy") as answer:
        assert "Lorvigny" not in await answer.text()


@pytest.mark.parametrize(("language", "width", "scripted"), WAYS)
async def test_an_agent_comes_and_answers_and_representatives_look(
    sites: Sites, page: Page, language: str, width: int, *, scripted: bool
) -> None:
    home, town = sites
    await paired(home, town, OPEN)
    samir = await new_person(town, "samir", display_name="Samir Haddad")
    await page.tell("Emulation.setScriptExecutionDisabled", value=not scripted)
    # A colleague invites her by name, and gives her the sheet.
    await begin(page, home, "/staff/people", language, width)
    await page.follow("a[href='/staff/invitations']")
    await page.write("#names", "Jeanne Morel")
    await page.follow("form.card .btn")
    link = await page.run(LINK)
    # She has no address for mail: a name and a password are enough, and no box is ticked for her.
    await page.tell("Network.clearBrowserCookies")
    await page.go(f"{link}?lang={language}")
    await page.write("#password", PASSWORD)
    await page.reach("#agreement")
    await page.press("Space")
    await page.follow("form .btn")
    assert await page.path() == WELCOME_PATH
    assert await page.run("document.querySelectorAll('main :checked').length") == 0
    await page.follow("main p a[href='/']")
    # Somebody of the other site is found by name, followed and read.
    await page.go(f"{home.origin}/search")
    await page.write("#q", f"@samir@{host_of(town)}")
    await page.follow("main form .btn")
    await page.follow("main a[href^='/@samir']")
    await page.act("[value^='follow ']")
    await _said(town, samir["id"], "Qui a une fiche « boire la nuit » ?")
    await eventually(lambda: _sees(page, home, "boire la nuit"), 20)
    await page.follow(".post a.at-time")
    await page.write("#status", "Nous en avons une, deux pages.")
    await page.follow("#answer .btn")
    await eventually(lambda: _has(town, "deux pages"), 20)
    await _looks(home, page, language, width)
    assert [one for one in page.troubles if "422" not in one and "403" not in one] == []


async def _said(site: Running, actor_id: int, text: str) -> None:
    """Let somebody publish once the follow has arrived."""

    async def followed() -> bool:
        return bool(
            await site.node.db.value("SELECT COUNT(*) FROM follow WHERE target_id = ?", actor_id)
        )

    await eventually(followed, 20)
    author = await site.node.db.row("SELECT * FROM actor WHERE id = ?", actor_id)
    account = await site.node.db.value("SELECT id FROM account WHERE actor_id = ?", actor_id)
    assert author is not None
    await statuses.create(site.node, author, account, Draft(text, visibility="private"))


async def _sees(page: Page, site: Running, text: str) -> bool:
    await page.go(f"{site.origin}/")
    return text in await page.text()


async def _has(site: Running, text: str) -> bool:
    sql = "SELECT COUNT(*) FROM status WHERE content_html LIKE ?"
    return bool(await site.node.db.value(sql, f"%{text}%"))


async def _looks(home: Running, page: Page, language: str, width: int) -> None:
    """Staff representatives look: without an account, then as who looks after data."""
    await page.tell("Network.clearBrowserCookies")
    await page.go(f"{home.origin}/employer?lang={language}")
    assert await page.run("document.querySelectorAll('table tbody tr').length") >= 7
    for path in ("/about", "/accessibility", "/privacy"):
        await page.follow(f".foot a[href='{path}']")
        assert await page.path() == path
    assert "Mairie de Lorvigny" in await page.text()
    await home.node.db.write(
        lambda tx: tx.execute("UPDATE account SET role = 'protection' WHERE role <> 'member'")
    )
    await begin(page, home, "/staff/log", language, width)
    # What was done stands there by name; no page says what a person does.
    assert "Maëlle Kerbrat" in await page.text()
    await page.go(f"{home.origin}/staff/people")
    assert await page.run("document.querySelector('main form[action=\"/staff/people\"]')") is None
