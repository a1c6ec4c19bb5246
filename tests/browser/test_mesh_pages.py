"""The map, the directory and the open pages, as axe-core sees them, with few sites and with many.

With MAILLAGE_TEST_PICTURES=FOLDER each page is also kept there as a picture.
"""

from typing import Any

import pytest

from federation.agreements import Agreement, Party
from federation.database import Transaction
from federation.scopes import Scope
from tests.agreements import agree
from tests.browser.chromium import Page
from tests.browser.test_accessibility import Looking, axe
from tests.browser.test_authorize import sign_in
from tests.serving import Running
from tests.web.conftest import new_person

__all__ = ["axe"]

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

DAY_MS = 86_400_000
PRINT = "SHA256:" + "x" * 43
FEW: tuple[tuple[str, str, str], ...] = (
    ("Les Aubépines", "site", "active"),
    ("Le Clos des Tilleuls", "site", "active"),
    ("IME La Passerelle", "site", "active"),
    ("CCAS de Lorvigny", "partner", "active"),
    ("Centre hospitalier du Haut-Arvon", "partner", "late"),
    ("Mairie de Lorvigny", "partner", "active"),
    ("Domicile et Cie", "partner", "paused"),
)
SPREAD = """[...document.querySelectorAll('.map .c')].map((one) => one.getBoundingClientRect())
  .map((box) => [box.left, box.top, box.right, box.bottom])"""


async def mesh(running: Running, sites: tuple[tuple[str, str, str], ...]) -> None:
    now = running.node.clock()

    async def work(tx: Transaction) -> None:
        for number, (name, kind, state) in enumerate(sites):
            origin = f"https://site-{number}.example"
            shown = "active" if state == "late" else state
            await agree(tx, origin, kind=kind, state=shown, name=name)
            await tx.execute(
                "UPDATE partnership SET agreement = ? WHERE origin = ?",
                _text(running.node.origin, origin).to_bytes(),
                origin,
            )
            await tx.execute(
                "INSERT INTO peer (origin, policy, last_heard_at, failing_since, created_at)"
                " VALUES (?, 'allowed', ?, CAST(? AS BIGINT), ?)",
                origin,
                now - number * DAY_MS,
                now - DAY_MS if state == "late" else None,
                now,
            )
            if state == "late":
                await _queue(running, tx, origin)

    await running.node.db.write(work)


def _text(ours: str, theirs: str) -> Agreement:
    first, second = sorted([Party(ours, PRINT), Party(theirs, PRINT)],
                           key=lambda party: party.origin)  # fmt: skip
    return Agreement(
        uri=f"{theirs}/agreements/1",
        revision=1,
        parties=(first, second),
        grants=((first.origin, Scope()), (second.origin, Scope())),
        starts="2026-01-01T00:00:00Z",
        ends="2096-01-01T00:00:00Z",
    )


async def _queue(running: Running, tx: Transaction, origin: str) -> None:
    node = running.node
    now, number = node.clock(), node.ids.next()
    await tx.execute(
        "INSERT INTO activity (id, uri, type, actor_uri, origin, progress, created_at)"
        " VALUES (?, ?, 'Create', ?, ?, 'done', ?)",
        number, f"{node.origin}/activities/{number}", node.uris.instance_actor, node.origin, now,
    )  # fmt: skip
    await tx.execute(
        "INSERT INTO delivery (id, activity_id, inbox_url, origin, sender_uri, activity_type,"
        " audience_kind, progress, next_attempt_at, created_at)"
        " VALUES (?, ?, ?, ?, ?, 'Create', 'public', 'pending', ?, ?)",
        node.ids.next(), number, f"{origin}/inbox", origin, node.uris.instance_actor,
        now + DAY_MS, now,
    )  # fmt: skip


async def apart(page: Page) -> bool:
    """Whether no name on the map lies over another one."""
    boxes: list[Any] = await page.run(SPREAD)
    return all(
        one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
        for at, one in enumerate(boxes)
        for two in boxes[:at]
    )


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_the_mesh_and_the_open_pages(
    named: Running, page: Page, axe: str, language: str
) -> None:
    look, here = Looking(page, axe, language), named.origin
    await new_person(named, "ada", display_name="Maëlle Kerbrat")
    await new_person(named, "driss", display_name="Driss Amrani")
    for path in ("about", "privacy", "accessibility", "employer"):
        await page.go(f"{here}/{path}?lang={language}")
        await look.at(f"open-{path}")
    await page.go(f"{here}/map")
    await sign_in(page)
    assert await page.path() == "/map"
    await look.at("map-alone")
    await mesh(named, FEW)
    await page.go(f"{here}/map")
    await look.at("map")
    assert await apart(page)
    await page.go(f"{here}/map?theme=contrast")
    await look.at("map-contrast")
    await page.go(f"{here}/privacy?theme=system")
    await look.at("privacy-partners")
    await page.go(f"{here}/directory")
    await look.at("directory")
    await page.go(f"{here}/directory?q=introuvable")
    await look.at("directory-nobody")
    assert page.troubles == []


async def test_two_hundred_sites_are_drawn_apart_and_light(
    named: Running, page: Page, axe: str
) -> None:
    await new_person(named, "ada")
    many = tuple(
        (f"Maison numéro {n} du Val", "site" if n % 3 else "partner", "active") for n in range(200)
    )
    await mesh(named, many)
    await page.go(f"{named.origin}/map?lang=fr")
    await sign_in(page)
    await Looking(page, axe, "fr").at("map-many")
    assert await apart(page)
    assert await page.run("document.querySelectorAll('.map .nd').length") == 201
    assert await page.run("document.querySelectorAll('table tbody tr').length") == 200
    assert page.troubles == []
