"""Announcements on pages: written by whoever communicates for the site, read by everybody, once."""

import re
from datetime import datetime, timedelta

from inbox.announcements import DAY_MS
from inbox.audit import newest
from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.members import browser_of, press, token_of
from web.pages.staff.announcements import AT_ONCE

PATH = "/staff/announcements"


async def publish(browser: Client, **fields: str) -> Reply:
    page = await browser.get(PATH)
    return await browser.post(PATH, form={"form_token": token_of(page), **fields})


async def voice(site: Site) -> Client:
    """The browser of who communicates for the site."""
    await site.person("lea", role="communication")
    return await browser_of(site, "lea")


async def number_of(site: Site, text: str) -> int:
    return await site.node.db.value("SELECT id FROM announcement WHERE text = ?", text)


async def test_an_announcement_is_read_by_everybody_until_each_has_read_it(site: Site) -> None:
    lea = await voice(site)
    await site.person("ada")
    ada = await browser_of(site, "ada")
    done = await publish(lea, text="La cantine ferme à 13 h. <b>Merci</b>")
    assert done.headers["location"] == f"{PATH}?done=published"
    page = await lea.get(done.headers["location"])
    assert "L’annonce est publiée." in page.text
    assert "Affichée" in page.text
    for path in ("/", "/notifications"):
        shown = (await ada.get(path)).text
        assert "La cantine ferme à 13 h. &lt;b&gt;Merci&lt;/b&gt;" in shown, path
        assert "Annonce de" in shown
    assert "La cantine" not in (await ada.get("/?view=site")).text

    number = await site.node.db.value("SELECT id FROM announcement")
    assert (await press(ada, "/", f"read-announcement {number}")).headers["location"] == "/"
    for path in ("/", "/notifications"):
        assert "La cantine" not in (await ada.get(path)).text, path
        # Each person reads for herself.
        assert "La cantine" in (await lea.get(path)).text, path
    assert (await newest(site.node.db, 1))[0]["action"] == "announcement.add"

    form = {"form_token": token_of(await lea.get(PATH)), "id": str(number)}
    gone = await lea.post(f"{PATH}/withdraw", form=form)
    assert gone.headers["location"] == f"{PATH}?done=withdrawn"
    assert "La cantine" not in (await lea.get("/")).text
    again = {"form_token": token_of(await ada.get("/")), "do": f"read-announcement {number}"}
    assert (await ada.post("/act", form=again)).status == 404


async def test_who_does_not_communicate_for_the_site_publishes_and_withdraws_nothing(
    site: Site,
) -> None:
    lea = await voice(site)
    await publish(lea, text="Réunion jeudi")
    number = await number_of(site, "Réunion jeudi")
    for role in ("member", "moderator", "technical"):
        await site.person(f"le_{role}", role=role)
        browser = await browser_of(site, f"le_{role}")
        token = {"form_token": token_of(await browser.get("/"))}
        assert (await browser.get(PATH)).status == 403
        assert (await browser.post(PATH, form={**token, "text": "Non"})).status == 403
        refused = await browser.post(f"{PATH}/withdraw", form={**token, "id": str(number)})
        assert refused.status == 403
    assert await site.node.db.value("SELECT COUNT(*) FROM announcement") == 1


async def test_it_stays_up_to_its_last_day_or_for_a_month(site: Site, clock: FakeClock) -> None:
    lea = await voice(site)
    today = datetime.fromtimestamp(clock() / 1000).astimezone().date()
    for text, wrong in (("hier", str(today - timedelta(days=1))), ("mal", "2026-13-01")):
        refused = await publish(lea, text=text, until=wrong)
        assert refused.status == 422
        assert "Le dernier jour doit être une date" in refused.text
        assert f'value="{wrong}"' in refused.text
        assert await number_of(site, text) is None
    await publish(lea, text="Aujourd’hui seulement", until=str(today))
    await publish(lea, text="Sans date")
    assert "Aujourd’hui seulement" in (await lea.get("/")).text
    clock.advance(86_400)
    lea = await browser_of(site, "lea")
    shown = (await lea.get("/")).text
    assert "Aujourd’hui seulement" not in shown
    assert "Sans date" in shown
    assert "Terminée" in (await lea.get(PATH)).text
    clock.advance(30 * DAY_MS // 1000)
    lea = await browser_of(site, "lea")
    assert "Sans date" not in (await lea.get("/")).text


async def test_an_essential_one_says_why_and_how_many_are_left(site: Site) -> None:
    lea = await voice(site)
    refused = await publish(lea, text="Salle fraîche ouverte", is_essential="1")
    assert refused.status == 422
    assert "pourquoi tout le monde doit" in refused.text
    assert "Salle fraîche ouverte" in refused.text
    assert "Il vous en reste 2 sur 30 jours" in refused.text
    for reason in ("Canicule", "Orage"):
        done = await publish(
            lea, text="Salle fraîche ouverte", is_essential="1", essential_reason=reason
        )
        assert done.status == 303
    assert (await newest(site.node.db, 1))[0]["action"] == "announcement.essential"
    assert "Il vous en reste 0 sur 30 jours" in (await lea.get(PATH)).text
    page = (await lea.get("/")).text
    assert "Annonce essentielle" in page
    assert "Canicule" in page
    third = await publish(lea, text="Encore", is_essential="1", essential_reason="Neige")
    assert third.status == 429
    assert "Il peut y avoir 2 annonces essentielles en 30 jours" in third.text
    assert "Encore" in third.text
    field = re.search(r'<[^>]*name="essential_reason"[^>]*>', third.text)
    assert field is not None
    assert 'aria-invalid="true"' in field[0]
    # The reason alone does not make it essential.
    await publish(lea, text="Marché de Noël", essential_reason="Pas urgent")
    row = await site.node.db.row("SELECT * FROM announcement WHERE text = ?", "Marché de Noël")
    assert row is not None
    assert row["essential_reason"] is None


async def test_home_shows_two_and_says_where_the_others_are(site: Site) -> None:
    lea = await voice(site)
    for number in range(1, 5):
        await publish(lea, text=f"Annonce numéro {number}")
    home = (await lea.get("/")).text
    assert [f"Annonce numéro {n}" in home for n in range(1, 5)] == [False, False, True, True]
    assert "Les autres annonces (2)" in home
    everything = (await lea.get("/notifications")).text
    assert all(f"Annonce numéro {n}" in everything for n in range(1, 5))


async def test_they_are_read_twenty_at_a_time(site: Site) -> None:
    lea = await voice(site)
    for number in range(AT_ONCE + 1):
        await publish(lea, text=f"Annonce {number:02}")
    first = await lea.get(PATH)
    assert "Annonce 20" in first.text
    assert "Annonce 01" in first.text
    assert "Annonce 00" not in first.text
    older = f"{PATH}?before={await number_of(site, 'Annonce 01')}"
    assert f'class="btn soft small" href="{older}"' in first.text
    second = await lea.get(older)
    assert "Annonce 00" in second.text
    assert "Annonce 01" not in second.text
    assert f'href="{PATH}"' in second.text
    assert f'class="btn soft small" href="{PATH}?before=' not in second.text
