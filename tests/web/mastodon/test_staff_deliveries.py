"""What passes between sites, as who keeps the machine running sees it: never what it is about."""

import re
from pathlib import Path

import pytest

from federation.database import Transaction
from federation.errors import SENTENCES
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.members import browser_of, token_of
from web.translations import PAGES

PATH = "/staff/deliveries"
HOUR_MS = 3_600_000
NORTH, SOUTH = "https://nord.example", "https://sud.example"
ROOT = Path(__file__).parents[3]
SECRET = "secret-object-4711"


async def tom(site: Site) -> Client:
    """The browser of who keeps the machine running."""
    await site.person("tom", role="technical")
    return await browser_of(site, "tom")


async def activity(site: Site, origin: str, progress: str, code: str, params: str = "{}") -> int:
    number = site.node.ids.next()

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO activity (id, uri, type, actor_uri, object_uri, origin, progress,"
            " outcome_code, outcome_params, created_at) VALUES (?, ?, 'Create', ?, ?, ?, ?, ?, ?,"
            " ?)",
            number,
            f"{origin}/{SECRET}/{number}",
            f"{origin}/people/marie-{SECRET}",
            f"{origin}/notes/{SECRET}",
            "local" if origin == site.node.origin else "remote",
            progress,
            code,
            params,
            site.node.clock(),
        )

    await site.node.db.write(work)
    return number


async def delivery(site: Site, origin: str, progress: str, error: str | None, age_h: int) -> None:
    about = await activity(site, site.node.origin, "done", "create.stored")
    at = site.node.clock() - age_h * HOUR_MS

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO delivery (id, activity_id, inbox_url, origin, sender_uri, object_uri,"
            " activity_type, audience_kind, progress, next_attempt_at, last_error, created_at,"
            " done_at) VALUES (?, ?, ?, ?, ?, ?, 'Create', 'site', ?, ?, ?, ?, ?)",
            site.node.ids.next(),
            about,
            f"{origin}/inbox",
            origin,
            f"{site.node.origin}/{SECRET}",
            f"{site.node.origin}/{SECRET}",
            progress,
            at,
            error,
            at,
            None if progress == "pending" else at,
        )
        await tx.execute(
            "INSERT INTO peer (origin, policy, failing_since, next_attempt_at, created_at)"
            " VALUES (?, 'allowed', ?, ?, ?) ON CONFLICT (origin) DO NOTHING",
            origin,
            at,
            site.node.clock() + HOUR_MS,
            at,
        )

    await site.node.db.write(work)


async def test_what_waits_is_said_by_site_with_its_reason(site: Site) -> None:
    browser = await tom(site)
    calm = await browser.get(PATH)
    assert "Rien n’attend." in calm.text
    assert "Rien n’est arrivé." in calm.text
    for age_h in (12, 3):
        await delivery(site, NORTH, "pending", "answer.503", age_h)
    await delivery(site, SOUTH, "refused", "answer.403", 2)
    await delivery(site, SOUTH, "refused", "delivery.not_for_them", 2)
    page = await browser.get(PATH)
    for words in (
        "nord.example",
        "2 en attente",
        "Le plus ancien attend depuis 12\u00a0heures.",
        "en panne ou en entretien (réponse 503)",
        "Prochain essai",
        "sud.example",
        "ne nous admet pas",
        "Retenu par nous",
        "plus personne là-bas ne peut le voir",
    ):
        assert words in page.text, words
    assert SECRET not in page.text
    assert "2 waiting" in (await browser.get(f"{PATH}?lang=en")).text
    overview = await browser.get("/staff?lang=fr")
    assert "Un partenaire ne répond pas" in overview.text


async def test_what_arrived_is_said_with_its_outcome(site: Site) -> None:
    browser = await tom(site)
    for _ in range(3):
        await activity(site, NORTH, "done", "create.stored")
    await activity(site, NORTH, "done", "ignored.not_for_us")
    params = f'{{"uri": "{NORTH}/{SECRET}", "limit_s": "20", "came": "{SECRET}"}}'
    await activity(site, NORTH, "refused", "actor.deleted", params)
    await activity(site, NORTH, "failed", "activity.slow", params)
    page = await browser.get(PATH)
    for words in (
        "3 reçus, avec effet",
        "Cela ne concernait personne ici.",
        "… a été supprimé.",
        "en 20 s",
    ):
        assert words in page.text, words
    assert SECRET not in page.text
    # Nothing can be looked for.
    assert 'type="search"' not in page.text
    assert (await browser.get(f"{PATH}?q={SECRET}&actor=marie")).text.count(
        "<li"
    ) == page.text.count("<li")


async def test_retry_wakes_what_waits(site: Site) -> None:
    browser = await tom(site)
    await delivery(site, NORTH, "pending", "client.timeout", 5)
    form = {"form_token": token_of(await browser.get(PATH)), "host": "nord.example"}
    foreign = await browser.post(PATH, form=form, headers={"origin": "https://evil.example"})
    assert foreign.status == 403
    assert await due_at(site) > site.node.clock()
    done = await browser.post(PATH, form=form)
    assert done.headers["location"] == f"{PATH}?done=retry"
    assert "Un nouvel essai est en cours." in (await browser.get(f"{PATH}?done=retry")).text
    assert await due_at(site) <= site.node.clock()
    assert await site.node.db.value("SELECT action FROM audit") == "partner.retry"
    nothing = await browser.post(PATH, form=form | {"host": "sud.example"})
    assert nothing.status == 403
    for wrong in ("", "x" * 400):
        assert (await browser.post(PATH, form=form | {"host": wrong})).status == 422, wrong
    assert (await browser.post(PATH, form=form | {"host": "ftp://"})).status == 404


async def due_at(site: Site) -> int:
    return await site.node.db.value("SELECT next_attempt_at FROM peer WHERE origin = ?", NORTH)


@pytest.mark.parametrize("role", ["moderator", "protection", "communication", "member"])
async def test_other_roles_see_no_deliveries(site: Site, role: str) -> None:
    await site.person("eve", role=role)
    browser = await browser_of(site, "eve")
    token = token_of(await browser.get("/"))
    assert (await browser.get(PATH)).status == 403
    form = {"form_token": token, "host": "nord.example"}
    assert (await browser.post(PATH, form=form)).status == 403


def test_each_outcome_has_its_words() -> None:
    texts = [path.read_text() for path in sorted((ROOT / "inbox").rglob("*.py"))]
    found = {
        code
        for text in texts
        for code in re.findall(r'Outcome\.(?:ignored|refused)\(\s*"([a-z_.]+)"', text)
    }
    assert len(found) > 30
    for language in ("fr", "en"):
        missing = {
            code
            for code in found
            if f"arrived.{code}" not in PAGES[language] and code not in SENTENCES
        }
        assert not missing, language
