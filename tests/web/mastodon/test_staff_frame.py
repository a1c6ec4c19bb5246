"""The frame of staff's pages: each role finds what it may open, and nobody else finds any."""

import pytest

from tests.web.mastodon.conftest import Site
from tests.web.mastodon.members import browser_of

ALL = {
    "people",
    "announcements",
    "partners",
    "deliveries",
    "rhythm",
    "site",
    "official",
    "reports",
    "log",
}
OPENED = {
    "administrator": ALL,
    "communication": {"announcements"},
    "moderator": {"reports", "log"},
    "protection": {"official", "reports", "log"},
    "technical": {"deliveries", "rhythm", "site"},
}


@pytest.mark.parametrize("role", sorted(OPENED))
async def test_the_menu_names_what_the_role_opens(site: Site, role: str) -> None:
    await site.person("lea", role=role)
    browser = await browser_of(site, "lea")
    assert 'href="/staff"' in (await browser.get("/")).text
    page = await browser.get("/staff")
    assert page.status == 200
    main = page.text.partition("<main")[2]
    for name in ALL:
        assert (f'href="/staff/{name}"' in main) == (name in OPENED[role]), name
    for name in ALL - OPENED[role]:
        refused = await browser.get(f"/staff/{name}")
        assert refused.status in (403, 404), name


@pytest.mark.parametrize("role", ["member", "animator"])
async def test_others_find_no_page_of_staff(site: Site, role: str) -> None:
    await site.person("ada", role=role)
    browser = await browser_of(site, "ada")
    assert "/staff" not in (await browser.get("/")).text
    refused = await browser.get("/staff")
    assert refused.status == 403
    assert "Votre rôle n’ouvre pas cette page" in refused.text
    english = await browser.get("/staff?lang=en")
    assert "Your role does not open this page" in english.text


async def test_nobody_is_asked_to_sign_in(site: Site) -> None:
    reply = await site.client().get("/staff")
    assert (reply.status, reply.headers["location"]) == (303, "/sign-in?next=%2Fstaff")


async def test_what_waits_is_said_in_words(site: Site) -> None:
    await site.person("lea", role="administrator")
    ada, bob = await site.person("ada"), await site.person("bob")
    browser = await browser_of(site, "lea")
    assert "Rien n’attend." in (await browser.get("/staff")).text
    for reporter, about in ((ada, "bob"), (bob, "ada")):
        reply = await reporter.post("/api/v1/reports", {"account_id": site.id_of(about)})
        assert reply.status == 200
    page = await browser.get("/staff")
    assert "2 signalements attendent votre avis." in page.text
    assert "2 reports wait for you." in (await browser.get("/staff?lang=en")).text
    # Who keeps the machine running hears nothing of reports.
    await site.person("tom", role="technical")
    technical = await browser_of(site, "tom")
    assert "signalement" not in (await technical.get("/staff")).text
