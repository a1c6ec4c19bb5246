"""Those who run the site at their pages, in a real browser: phone by day, desk by night.

With MAILLAGE_TEST_PICTURES=FOLDER each page is also kept there as a picture.
"""

from typing import Any

import pytest

from federation.database import Row, Transaction
from inbox.moderation import Complaint, file_report
from tests.browser.chromium import Page
from tests.browser.small_world import World, small_world
from tests.browser.test_accessibility import Looking, axe
from tests.browser.test_authorize import PASSWORD, sign_in
from tests.serving import Running
from tests.web.conftest import new_person
from web.pages.invitation import WELCOME_PATH

__all__ = ["axe"]

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

HOUR_MS = 3_600_000
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true })"
LINK = "document.querySelector('.sheet textarea').value"
NORTH = "https://haut-arvon.example"


async def staffed_world(running: Running, role: str = "administrator") -> World:
    """The small world, in which Ada has a role, something was reported and something waits."""
    world = await small_world(running)
    node, people = running.node, world.people
    await new_person(running, "claire", display_name="Claire Vasseur")

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE account SET role = ? WHERE actor_id = ?", role, people["ada"]["id"]
        )
        await tx.execute(
            "UPDATE account SET role = 'moderator' WHERE actor_id IN"
            " (SELECT id FROM actor WHERE username = 'claire')"
        )
        await tx.execute(
            "UPDATE account SET is_approved = FALSE WHERE actor_id = ?", people["yannick"]["id"]
        )
        await file_report(
            node,
            tx,
            Complaint(
                reporter_id=people["driss"]["id"],
                target_id=people["elodie"]["id"],
                status_ids=[world.statuses["warning"]["id"]],
                comment="Le ton me blesse, et ce n’est pas la première fois.",
                category="violation",
                rule_ids=[1],
            ),
        )
        await _waits(running, tx, people["ada"])

    await node.db.write(work)
    return world


async def _waits(running: Running, tx: Transaction, sender: Row) -> None:
    node = running.node
    now, number = node.clock(), node.ids.next()
    at = now - 12 * HOUR_MS
    for origin, code in ((node.origin, "create.stored"), (NORTH, "ignored.not_for_us")):
        is_ours = origin == node.origin
        await tx.execute(
            "INSERT INTO activity (id, uri, type, actor_uri, origin, progress, outcome_code,"
            " created_at) VALUES (?, ?, 'Create', ?, ?, 'done', ?, ?)",
            number if is_ours else node.ids.next(),
            f"{origin}/a/{number}",
            sender["uri"] if is_ours else f"{NORTH}/people/1",
            "local" if is_ours else "remote",
            code,
            now,
        )
    for progress, error in (("pending", "answer.503"), ("refused", "delivery.not_for_them")):
        values: list[Any] = [node.ids.next(), number, f"{NORTH}/{progress}", NORTH, sender["uri"]]
        await tx.execute(
            "INSERT INTO delivery (id, activity_id, inbox_url, origin, sender_uri, activity_type,"
            " audience_kind, progress, next_attempt_at, last_error, created_at, done_at)"
            " VALUES (?, ?, ?, ?, ?, 'Create', 'site', ?, ?, ?, ?, CAST(? AS BIGINT))",
            *values,
            progress,
            now + HOUR_MS,
            error,
            at,
            None if progress == "pending" else at,
        )
    await tx.execute(
        "INSERT INTO peer (origin, policy, failing_since, next_attempt_at, note, created_at)"
        " VALUES (?, 'allowed', ?, ?, 'answer.503', ?)",
        NORTH,
        at,
        now + HOUR_MS,
        at,
    )


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_page_of_staff(named: Running, page: Page, axe: str, language: str) -> None:
    world = await staffed_world(named)
    look, here = Looking(page, axe, language), named.origin
    await page.go(f"{here}/staff?lang={language}")
    await sign_in(page)
    await look.at("staff")
    report = await named.node.db.value("SELECT id FROM report")
    for name, path in {
        "staff-people": "/staff/people",
        "staff-people-none": "/staff/people?q=introuvable",
        "staff-person": "/staff/people/driss",
        "staff-person-pending": "/staff/people/yannick",
        "staff-invite": "/staff/invitations",
        "staff-deliveries": "/staff/deliveries",
        "staff-reports": "/staff/reports",
        "staff-reports-none": "/staff/reports?state=resolved",
        "staff-report": f"/staff/reports/{report}",
        "staff-log": "/staff/log",
    }.items():
        await page.go(here + path)
        await page.run(OPEN_ALL)
        await look.at(name)
    await page.go(f"{here}/staff/reports/{report}")
    await page.follow("button[value=decide]")
    await page.focused("problem")
    await look.at("staff-report-wrong")
    await page.go(f"{here}/staff?theme=contrast")
    await look.at("staff-contrast")
    assert [one for one in page.troubles if "422" not in one] == []
    assert world.statuses


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("width", [360, 1280])
async def test_an_invited_agent_is_in_without_mail_or_script(
    named: Running, page: Page, axe: str, language: str, width: int
) -> None:
    await staffed_world(named)
    look, here = Looking(page, axe, language), named.origin
    await page.tell("Emulation.setScriptExecutionDisabled", value=width == 360)
    await page.size(width, 800)
    await page.go(f"{here}/?lang={language}")
    await sign_in(page)
    # By keyboard alone, from home to the sheet.
    await page.follow("a[href='/staff']")
    await page.follow("a[href='/staff/people']")
    await page.follow("a[href='/staff/invitations']")
    await page.write("#names", "Maëlle Kerbrat")
    await page.follow("form.card .btn")
    link = await page.run(LINK)
    assert link.startswith(f"{here}/invitation/")
    if width == 1280:
        await look.at("staff-sheets")
    await page.go(link)
    if width == 1280:
        await look.at("invitation")
    assert await page.run("document.querySelector('#username').value") == "maelle.kerbrat"
    await page.write("#password", PASSWORD)
    await page.follow("form .btn")
    # What was left out is said next to its field, and what was typed stays.
    assert await page.run("document.querySelector('#agreement').getAttribute('aria-invalid')")
    if width == 1280:
        await page.focused("problem")
        await look.at("invitation-wrong")
    await page.write("#password", PASSWORD)
    await page.reach("#agreement")
    await page.press("Space")
    await page.follow("form .btn")
    assert await page.path() == WELCOME_PATH
    await page.go(f"{here}/")
    assert "Maëlle Kerbrat" in await page.text()
    await page.go(link)
    if width == 1280:
        await look.at("invitation-over")
    assert await named.node.db.value("SELECT COUNT(*) FROM invitation WHERE uses_left > 0") == 0


async def test_two_persons_open_a_conversation(named: Running, page: Page, axe: str) -> None:
    await staffed_world(named)
    look, here = Looking(page, axe, "fr"), named.origin
    report = await named.node.db.value("SELECT id FROM report")
    path = f"{here}/staff/reports/{report}"
    await page.go(f"{path}?lang=fr")
    await sign_in(page)
    assert await page.path() == f"/staff/reports/{report}"
    await page.run(OPEN_ALL)
    await page.write("#reason", "Quelqu’un pourrait être en danger cette nuit.")
    await page.follow("button[value=ask]")
    assert "attend une seconde personne" in await page.text()
    assert "Confirmer" not in await page.text()
    await look.at("staff-report-asked")
    # The second person has another account, in a browser of her own.
    await page.tell("Network.clearBrowserCookies")
    await page.go(f"{path}?lang=fr")
    await page.write("#login", "claire")
    await page.write("#password", PASSWORD)
    await page.follow("form:has(#password) .btn")
    await page.follow("form:has(input[value=confirm]) .btn")
    await page.follow("a[href$='/conversation']")
    assert "La personne est partie dans la nuit." in await page.text()
    await page.run(OPEN_ALL)
    await look.at("staff-conversation")
    await page.go(f"{here}/staff/log")
    assert "a lu la conversation d’un signalement" in await page.text()
    await look.at("staff-log-lines")
    assert page.troubles == []
