"""The site's own page and what is official, in a real browser: phone by day, desk by night.

With MAILLAGE_TEST_PICTURES=FOLDER each page is also kept there as a picture.
"""

import pytest

from federation.database import Transaction
from inbox.retention import give_visa
from outbox.classes import classify
from tests.browser.chromium import Page
from tests.browser.small_world import World, small_world
from tests.browser.test_accessibility import Looking, axe
from tests.browser.test_authorize import sign_in
from tests.serving import Running

__all__ = ["axe"]

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true })"
OPEN_MENU = "document.querySelector('.here .more').open = true"


async def world_with_official(running: Running) -> World:
    """The small world, in which Ada runs the site and two posts of Driss are official."""
    world = await small_world(running)
    node, people = running.node, world.people
    protected = await world.write("driss", "La salle rouge ferme en mai pour travaux.", "rooms")
    freed = await world.write("driss", "Menus de la semaine 12 validés.", "menus")
    await world.write("ada", "Décision du 3 mars : le jardin est ouvert à tous.", "own")

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE account SET role = 'administrator' WHERE actor_id = ?", people["ada"]["id"]
        )
        for status in (protected, freed):
            await classify(node, tx, people["driss"], "communication", status, "official")
        await give_visa(node, tx, people["ada"], freed, "Versé aux archives le 2 mars.")

    await node.db.write(work)
    return world


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_the_site_and_what_is_official(
    named: Running, page: Page, axe: str, language: str
) -> None:
    world = await world_with_official(named)
    look, here = Looking(page, axe, language), named.origin
    await page.go(f"{here}/staff/site?lang={language}")
    await sign_in(page)
    await look.at("site")
    # A goal without a measure: the error stands at its field, and what was typed stays.
    await page.write("#purpose", "Que chaque équipe sache à qui demander.")
    await page.write("#goal_1", "Répondre aux questions")
    await page.follow("button[value=purpose]")
    await page.focused("problem")
    assert await page.run("document.querySelector('#measure_1').getAttribute('aria-invalid')")
    assert await page.run("document.querySelector('#goal_1').value") == "Répondre aux questions"
    await look.at("site-wrong")
    await page.write("#measure_1", "la moitié dans la journée")
    await page.follow("button[value=purpose]")
    await page.write("#charter", "# Entre nous")
    await page.follow("button[value=charter]")
    await page.write("#hours", "Du lundi au vendredi, Léa ou Karim.")
    await page.write("#protection_name", "Nora Petit")
    await page.follow("button[value=contact]")
    await page.run("document.querySelector('#keep_conversation').value = '24'")
    await page.follow("#retention .btn")
    assert await page.path() == "/staff/site/retention"
    await look.at("site-retention")
    await page.follow("form .btn.danger")
    assert await page.run("document.querySelector('#keep_conversation').value") == "24"
    await page.go(f"{here}/about")
    await look.at("site-about")
    await page.go(f"{here}/staff/official")
    await page.run(OPEN_ALL)
    await look.at("official")
    await page.write("textarea[name=reason]", "Versé aux archives.")
    await page.follow("button[value=visa]")
    await look.at("official-visa")
    await page.go(f"{here}/@driss/{world.statuses['rooms']['id']}")
    await look.at("official-post")
    await page.go(f"{here}/@ada/{world.statuses['own']['id']}")
    await page.run(OPEN_MENU)
    await look.at("official-own")
    await page.act("button[value^=class-official]")
    await look.at("official-sure")
    await page.follow("button[value^=class-official]")
    await page.go(f"{here}/staff/log")
    await look.at("official-log")
    assert [one for one in page.troubles if "422" not in one] == []
