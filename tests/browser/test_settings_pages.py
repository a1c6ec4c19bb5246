"""Settings, the first ten minutes and pages without a network, in a real browser.

With MAILLAGE_TEST_PICTURES=FOLDER each page is also kept there as a picture.
"""

import asyncio
from typing import Any

import pytest

from actors import invitations, newcomers
from actors.hours import Hours, set_hours
from tests.browser.chromium import Page, network
from tests.browser.small_world import World, small_world
from tests.browser.test_accessibility import Looking, axe
from tests.browser.test_authorize import PASSWORD, sign_in
from tests.browser.test_member_pages import OPEN_ALL
from tests.serving import Running

__all__ = ["axe"]

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

NIGHTS = Hours("own", ((1230, 390), (1230, 390), None, None, (1230, 390), (540, 720), None))
WORKS = "navigator.serviceWorker.ready.then(() => true)"
CONTROLS = "navigator.serviceWorker.controller !== null"
KEPT = """caches.keys().then((names) => Promise.all(names.filter((one) => one.startsWith('pages-'))
  .map(async (name) => (await (await caches.open(name)).keys()).map((one) => one.url)))
  ).then((found) => found.flat())"""
STYLED = "getComputedStyle(document.querySelector('.card')).borderRadius"
WORKERS = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
LOCAL = "JSON.stringify(localStorage)"


async def cut(page: Page, *, off: bool) -> None:
    """Take the network away, or give it back."""
    for tell in (page.tell, page.tell_worker):
        await network(tell, off=off)


async def until(page: Page, script: str, wanted: Any = True) -> None:
    async with asyncio.timeout(20):
        while await page.run(script) != wanted:  # noqa: ASYNC110 - the browser does it by itself
            await asyncio.sleep(0.1)


async def sign_in_as(page: Page, name: str) -> None:
    await page.write("#login", name)
    await page.write("#password", PASSWORD)
    await page.follow("form:has(#password) .btn")


async def newcomer(world: World, language: str) -> None:
    """Inès, whom Yannick invited."""
    node, maker = world.running.node, world.people["yannick"]["id"]
    code = await node.db.write(
        lambda tx: invitations.invite(node, tx, role="member", uses=1, days=1, made_by_id=maker)
    )
    await newcomers.join(
        node, code, name="Inès Roux", username="ines", password=PASSWORD, locale=language,
        agrees=True,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_settings_and_first_minutes(
    named: Running, page: Page, axe: str, language: str
) -> None:
    world = await small_world(named)
    look, here, node = Looking(page, axe, language), named.origin, named.node
    account_id = await node.db.value(
        "SELECT id FROM account WHERE actor_id = ?", world.people["ada"]["id"]
    )
    await node.db.write(lambda tx: set_hours(tx, account_id, NIGHTS))
    await page.go(f"{here}/?lang={language}")
    await sign_in(page)
    for name in ("", "/profile", "/privacy", "/hours", "/display"):
        await page.go(f"{here}/settings{name}")
        await page.run(OPEN_ALL)
        await look.at(f"settings{name.replace('/', '-')}")
    await page.go(f"{here}/settings/hours")
    await page.run("document.querySelector('#start').value = ''")
    await page.run("document.querySelector('.wide .btn').click()")
    await page.focused("problem")
    assert await page.run("document.title.startsWith('Err')")
    await look.at("settings-hours-wrong")
    await page.go(f"{here}/settings/hours?theme=contrast")
    await look.at("settings-hours-contrast")
    await page.go(f"{here}/settings/display?theme=system")
    await page.go(f"{here}/offline")
    await look.at("offline")
    await newcomer(world, language)
    await node.db.write(lambda tx: tx.execute("DELETE FROM session"))
    await page.go(f"{here}/welcome")
    await sign_in_as(page, "ines")
    for step in (1, 2, 3):
        await page.go(f"{here}/welcome?step={step}")
        await look.at(f"welcome-{step}")
    await page.run("document.querySelector('.wide .btn').click()")
    await page.focused("status")
    await look.at("welcome-3-wrong")
    assert [one for one in page.troubles if "422" not in one] == []


async def test_a_newcomer_is_through_in_three_steps_by_keyboard(named: Running, page: Page) -> None:
    world = await small_world(named)
    await newcomer(world, "fr")
    await page.go(f"{named.origin}/sign-in?next=/welcome&lang=fr")
    await sign_in_as(page, "ines")
    assert "Étape 1 sur 3" in await page.text()
    await page.reach("[name='people[]']")
    await page.press("Space")
    await page.follow(".wide .btn:not(.line)")
    assert "Étape 2 sur 3" in await page.text()
    await page.reach("[value='tag jardin']")
    await page.press("Space")
    await page.follow(".wide .btn:not(.line)")
    await page.write("#status", "Bonjour, je suis Inès.")
    await page.follow(".wide .btn:not(.line)")
    assert await page.path() == "/"
    assert "Bonjour, je suis Inès." in await page.text()
    follows = await named.node.db.value(
        "SELECT COUNT(*) FROM follow f JOIN actor a ON a.id = f.follower_id"
        " WHERE a.username = 'ines'"
    )
    assert follows == 1
    assert page.troubles == []


async def test_the_last_pages_are_read_without_a_network(named: Running, page: Page) -> None:
    world = await small_world(named)
    here, answer = named.origin, world.statuses["answer"]["id"]
    await page.go(f"{here}/?lang=fr")
    await sign_in(page)
    assert await page.run(WORKS)
    await until(page, CONTROLS)
    thread = f"{here}/@driss/{answer}"
    await page.go(thread)
    await page.go(f"{here}/settings")
    await until(page, f"{KEPT}.then((all) => all.includes('{thread}'))")
    assert not any("/settings" in one for one in await page.run(KEPT))
    await cut(page, off=True)
    await page.go(thread)
    read = await page.text()
    assert "Crème de semoule" in read
    assert "Pas de réseau" in read
    assert await page.run(STYLED) == "18px"
    await page.go(f"{here}/notifications")
    assert "n’a pas été gardée" in await page.text()
    await until(page, "document.querySelectorAll('[data-kept-pages] a').length > 0")
    await cut(page, off=False)
    await page.go(f"{here}/@ada")
    assert "Pas de réseau" not in await page.text()
    await page.follow("form[action='/sign-out'] button")
    await until(page, f"{KEPT}.then((all) => all.length)", 0)
    await cut(page, off=True)
    # Whatever the browser shows now, it is not what she read.
    await page.tell("Page.navigate", url=thread)
    await asyncio.sleep(1)
    assert "Crème de semoule" not in await page.run("document.body.innerText")


async def test_nothing_stays_on_a_shared_device(named: Running, page: Page) -> None:
    await small_world(named)
    await page.go(f"{named.origin}/sign-in")
    await page.run("document.querySelector('[name=shared]').checked = true")
    await sign_in(page)
    await page.go(f"{named.origin}/write")
    await page.write("#status", "Un texte qui ne reste pas ici.")
    assert await page.run(WORKERS) == 0
    assert await page.run("localStorage.length") == 0
    assert await page.run(KEPT) == []


async def test_a_draft_survives_a_lost_network_and_an_ended_session(
    named: Running, page: Page
) -> None:
    await small_world(named)
    here, words = named.origin, "Écrit dans l’ascenseur, sans réseau."
    await page.go(f"{here}/write?lang=fr")
    await sign_in(page)
    assert await page.run(WORKS)
    await until(page, CONTROLS)
    await page.go(f"{here}/write")
    await cut(page, off=True)
    await page.write("#status", words)
    assert words in await page.run(LOCAL)
    await page.go(f"{here}/write")
    assert await page.run("document.querySelector('#status').value") == words
    assert "est de retour" in await page.text()
    await page.follow(".row > .btn[value=publish]")
    assert "votre texte revient" in await page.text()
    await page.go(f"{here}/write")
    assert await page.run("document.querySelector('#status').value") == words
    await named.node.db.write(lambda tx: tx.execute("DELETE FROM session"))
    await cut(page, off=False)
    await page.go(f"{here}/write")
    assert await page.path() == "/sign-in"
    assert words in await page.run(LOCAL)
    await sign_in(page)
    assert await page.run("document.querySelector('#status').value") == words
    await until(page, f"!{LOCAL}.includes('ascenseur')")
    assert await named.node.db.value("SELECT COUNT(*) FROM unfinished") == 1
    # On another page what was left is brought to the drafts.
    await cut(page, off=True)
    await page.run("document.querySelector('#status').value = ''")
    await page.write("#status", words + " Bis.")
    await cut(page, off=False)
    await page.run("window.onpagehide = null")
    await page.go(f"{here}/")
    await until(page, f"!{LOCAL}.includes('ascenseur')")
    letters = await named.node.db.rows("SELECT letter FROM unfinished")
    assert any("Bis." in row["letter"] for row in letters)
