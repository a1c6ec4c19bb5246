"""One's own data in a real browser: copy, moving, erasure, and who answers for personal data."""

from typing import Any

import pytest

from federation.database import Transaction
from inbox.erasures import ask, erase_now
from tests.browser.chromium import Page
from tests.browser.test_accessibility import Looking, axe
from tests.browser.test_authorize import PASSWORD, sign_in
from tests.serving import Running, eventually
from tests.web.conftest import new_person

__all__ = ["axe"]

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

SITES = (
    ("https://les-roses.example", True, 1_790_000_000_000, 1_790_086_400_000, 0),
    ("https://haut-arvon.example", True, 1_790_000_000_000, None, 3),
    ("https://mastodon.example", False, 1_790_000_000_000, None, None),
    ("https://les-lilas.example", True, None, None, None),
)


async def erased(named: Running) -> int:
    """Somebody who was erased, and what four sites say of it."""
    node = named.node
    gone = await new_person(named, "gone")

    async def work(tx: Transaction) -> int:
        number = await erase_now(node, tx, gone)
        for origin, is_partner, asked_at, confirmed_at, held in SITES:
            values: list[Any] = [number, origin, is_partner, asked_at, confirmed_at, held]
            await tx.execute(
                "INSERT INTO erasure_site (erasure_id, origin, is_partner, asked_at, confirmed_at,"
                " still_held, next_at) VALUES (?, ?, ?, CAST(? AS BIGINT), CAST(? AS BIGINT),"
                " CAST(? AS BIGINT), 9000000000000)",
                *values,
            )
        return number

    return await node.db.write(work)


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_pages_of_ones_own_data(named: Running, page: Page, axe: str, language: str) -> None:
    await new_person(named, "lea", role="administrator")
    ada = await new_person(named, "ada", role="protection", display_name="Ada Lovelace")
    number = await erased(named)
    waits = await new_person(named, "waits")
    await named.node.db.write(lambda tx: ask(named.node, tx, waits, is_own=True))
    look, query, here = Looking(page, axe, language), f"?lang={language}", named.origin
    await page.go(f"{here}/settings/export{query}")
    await sign_in(page)
    await look.at("export-none")
    await page.follow("form.card .btn")

    async def is_done() -> bool:
        return await named.node.db.value("SELECT progress FROM export") == "done"

    await eventually(is_done)
    await page.go(f"{here}/settings/export{query}")
    await look.at("export")
    await page.write("#current", "not the password")
    await page.follow("form:has(#current) .btn")
    await page.focused("problem")
    await look.at("export-wrong")
    await page.go(f"{here}/settings/move{query}")
    await page.write("#alias", "nobody")
    await page.follow("button[value=alias]")
    assert await page.run("document.querySelector('#alias').getAttribute('aria-invalid')")
    assert await page.run("document.querySelector('#alias').value") == "nobody"
    await look.at("move")
    for name, path in {
        "staff-erasures": "/staff/erasures",
        "staff-erasure": f"/staff/erasures/{number}",
    }.items():
        await page.go(here + path + query)
        await look.at(name)
    await page.go(f"{here}/settings/erasure{query}")
    await look.at("erasure")
    await page.write("#current", PASSWORD)
    await page.follow("form:has(#current) .btn")
    await page.focused("problem")
    await look.at("erasure-unsure")
    await page.reach("#sure")
    await page.press("Space")
    await page.write("#current", PASSWORD)
    await page.follow("form:has(#current) .btn")
    await look.at("erasure-asked")
    link = await page.run("document.querySelector('#link').value")
    await page.go(link)
    await look.at("erasure-link")
    await page.write("#current", PASSWORD)
    await page.follow("form:has(#current) .btn")
    await look.at("erasure-over")
    assert await named.node.db.value("SELECT suspended_at FROM actor WHERE id = ?", ada["id"]) is (
        None
    )
    allowed = ("422", "403", "404")
    assert [one for one in page.troubles if not any(code in one for code in allowed)] == []
